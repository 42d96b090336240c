"""Hold, don't publish: a month beyond its limits is landed and waits for a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from made_extracts import Award, Month, a_month, piped_cts, wide
from typer.testing import CliRunner, Result

from openlsi.cli import application
from openlsi.errors import LsiError
from openlsi.extract.chain import Ledger, LedgerError, entry_hash
from openlsi.extract.hold_limits import FeedLimits, load_hold_limits
from openlsi.extract.holding import fallen_match_rate
from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.loading import LoadReport, load
from openlsi.home import Home

DECIDED = ("--by", "A. Officer", "--why", "checked with the district")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that judges extracts of ten rows and more."""
    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    home = Home(tmp_path)
    set_holds(home, least_rows=10)
    return home


def set_holds(home: Home, **holds: Any) -> None:
    home.config.mkdir(parents=True, exist_ok=True)
    (home.config / "limits.yml").write_text(yaml.safe_dump({"holds": holds}))


def lsi(*words: str) -> Result:
    return CliRunner().invoke(application(), list(words))


def month(number: int, year: int = 2026) -> date:
    return date(year, number, 1)


def awards(
    home: Home, when: date, count: int, pounds: Decimal = Decimal(20), produced: int = 28
) -> None:
    """Send a month of Sevenoaks's support: so many awards of so many pounds a week."""
    made = [
        replace(Award(f"{1000000 + n}", f"{500000000 + n}"), weekly=pounds) for n in range(count)
    ]
    name = f"{when:%Y%m}{produced:02}T060000"
    piped_cts(home.inbox / "sevenoaks", "E07000111", Month(when, [], made), name)


def sent(home: Home, when: date, count: int, **other: Any) -> LoadReport:
    awards(home, when, count, **other)
    report = load(home)
    assert report.refused == []
    return report


def standing(home: Home) -> dict[str, tuple[bool, bool]]:
    """Return each month's extracts with their rows, whether in force and whether held."""
    return {
        f"{row['month']:%Y-%m}/{row['accepted_rows']}": (row["is_in_force"], row["is_held"])
        for row in accepted_extracts(home).to_pylist()
    }


def test_a_first_load_is_not_held_and_a_small_change_is_not(home: Home) -> None:
    assert sent(home, month(5), 100).held == []
    assert sent(home, month(6), 115).held == []
    assert sent(home, month(7), 98).held == []


@pytest.mark.parametrize(
    ("count", "pounds", "told"),
    [
        (84, "20", ["rows of award -16.0%", "pounds -16.0%"]),
        (116, "20", ["rows of award +16.0%", "pounds +16.0%"]),
        (100, "23.10", ["pounds +15.5%"]),
        (100, "29", ["pounds +45.0%"]),
        (116, "17.25", ["rows of award +16.0%"]),
    ],
)
def test_each_limit_is_told_with_what_moved(
    home: Home, count: int, pounds: str, told: list[str]
) -> None:
    sent(home, month(5), 100)
    (held,) = sent(home, month(6), count, pounds=Decimal(pounds)).held
    assert [f"{one['measure']} {one['moved']}" for one in held["breaches"]] == told
    assert {(one["limit"], one["against_month"]) for one in held["breaches"]} == {
        ("15%", "2026-05-01")
    }
    assert Ledger.read(home).entries[-1]["event"] == "extract_held"
    assert standing(home) == {"2026-05/100": (True, False), f"2026-06/{count}": (False, True)}


def test_a_held_month_is_landed_and_told_and_counts_only_after_its_release(home: Home) -> None:
    sent(home, month(5), 100)
    awards(home, month(6), 60)
    result = lsi("load")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "lsi: held: sevenoaks cts 2026-06: rows of award -40.0% against 2026-05, limit 15%;"
        " pounds -40.0% against 2026-05, limit 15%; it is in no figure until"
        " `lsi release sevenoaks cts 2026-06 --by NAME --why TEXT`"
    ]
    assert result.stdout.endswith("0 refused; 1 held\n")
    assert lsi("load").stderr == ""
    landed = Ledger.read(home).accepted()[-1]["records"][0]
    assert (home.landing / landed["path"]).exists()
    listed = lsi("holds", "--today", "2099-01-01").stdout
    assert "sevenoaks cts  2026-06" in listed
    assert "rows of award -40.0% against 2026-05, limit 15%" in " ".join(listed.split())

    assert lsi("release", "sevenoaks", "cts", "2026-06", *DECIDED).exit_code == 0
    assert standing(home)["2026-06/60"] == (True, False)
    assert lsi("holds").stdout == "Nothing is held.\n"
    event = Ledger.read(home).entries[-1]
    assert (event["event"], event["by"], event["why"]) == (
        "extract_released", "A. Officer", "checked with the district",
    )  # fmt: skip
    # Known from its release, never from when it was produced: no report before it had it.
    (row,) = [r for r in accepted_extracts(home).to_pylist() if r["accepted_rows"] == 60]
    assert row["known_from"].isoformat() == event["released_at"]
    assert row["arrived_at"] < row["known_from"]


def test_the_month_after_a_held_one_is_judged_against_the_last_in_force(home: Home) -> None:
    sent(home, month(5), 100)
    assert len(sent(home, month(6), 60).held) == 1
    (held,) = sent(home, month(7), 61).held
    assert held["breaches"][0]["against_month"] == "2026-05-01"
    lsi("release", "sevenoaks", "cts", "2026-06", *DECIDED)
    assert sent(home, month(8), 62).held == []
    assert standing(home)["2026-07/61"] == (False, True)


def test_months_loaded_at_once_are_judged_each_against_the_one_before(home: Home) -> None:
    for number, count in ((5, 100), (6, 110), (7, 121), (8, 60), (9, 120)):
        awards(home, month(number), count)
    assert [event["month"] for event in load(home).held] == ["2026-08-01"]


def test_months_loaded_backwards_are_judged_too(home: Home) -> None:
    sent(home, month(9), 100)
    assert sent(home, month(8), 101).held == []
    (held,) = sent(home, month(7), 50).held
    assert held["breaches"][0]["against_month"] == "2026-08-01"


def test_a_re_issue_is_held_against_what_it_replaces_and_its_neighbour(home: Home) -> None:
    sent(home, month(5), 100)
    sent(home, month(6), 114)
    # In line with May, but a fifth less than the June that everybody has seen.
    (held,) = sent(home, month(6), 92, produced=29).held
    assert [one["against_month"] for one in held["breaches"]] == ["2026-06-01"] * 2
    assert standing(home) == {
        "2026-05/100": (True, False), "2026-06/114": (True, False), "2026-06/92": (False, True),
    }  # fmt: skip
    # In line with the June that it replaces, but not with May.
    (held,) = sent(home, month(6), 116, produced=30).held
    assert [one["against_month"] for one in held["breaches"]] == ["2026-05-01"] * 2


def test_a_good_re_issue_of_a_held_month_takes_its_place(home: Home) -> None:
    sent(home, month(5), 100)
    sent(home, month(6), 60)
    assert sent(home, month(6), 101, produced=29).held == []
    assert standing(home)["2026-06/60"] == (False, False)
    refused = lsi("release", "sevenoaks", "cts", "2026-06", *DECIDED)
    assert str(refused.exception) == (
        "sevenoaks cts 2026-06: nothing is held; `lsi holds` lists what is"
    )


@pytest.mark.parametrize("how", ["command", "configuration"])
def test_an_announced_change_is_not_held(home: Home, how: str) -> None:
    sent(home, month(5), 100)
    if how == "command":
        told = lsi("announce", "sevenoaks", "cts", "2026-06", *DECIDED)
        assert told.exit_code == 0
    else:
        change = {
            "district": "sevenoaks", "feed": "cts", "month": "2026-06", "by": "A. Officer",
            "why": "new scheme",
        }  # fmt: skip
        set_holds(home, least_rows=10, announced=[change])
    assert sent(home, month(6), 60).held == []
    # For that month and no other.
    assert len(sent(home, month(7), 30).held) == 1


def test_what_is_held_already_is_released_and_not_announced(home: Home) -> None:
    sent(home, month(5), 100)
    sent(home, month(6), 60)
    refused = lsi("announce", "sevenoaks", "cts", "2026-06", *DECIDED)
    assert str(refused.exception) == (
        "sevenoaks cts 2026-06: it is held already; look at it, then `lsi release` it"
    )


def test_a_month_is_held_by_hand_and_released(home: Home) -> None:
    sent(home, month(5), 100)
    sent(home, month(6), 100)
    assert lsi("hold", "sevenoaks", "cts", "2026-06", *DECIDED).exit_code == 0
    assert standing(home)["2026-06/100"] == (False, True)
    assert "by A. Officer: checked with the district" in lsi("holds").stdout
    assert lsi("release", "sevenoaks", "cts", "2026-06", *DECIDED).exit_code == 0
    (row,) = [r for r in accepted_extracts(home).to_pylist() if r["month"] == month(6)]
    assert (row["is_in_force"], row["is_held"]) == (True, False)
    # It was in the figures until it was held: what was reported then stays as it was.
    assert len(row["periods"]) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ashfurd", "cts", "2026-06"), "ashfurd: no such district; there are ashford,"),
        (("ashford", "ctx", "2026-06"), "ctx: Ashford sends no such feed; it sends council_tax"),
        (("ashford", "cts", "June"), "June: not a month; write it as 2026-10"),
        (("ashford", "cts", "2026-06"), "ashford cts 2026-06: nothing is held;"),
    ],
)
def test_what_cannot_be_released_is_told_plainly(
    home: Home, words: tuple[str, ...], told: str
) -> None:
    result = lsi("release", *words, *DECIDED)
    assert isinstance(result.exception, LsiError)
    assert str(result.exception).startswith(told)
    assert not home.ledger.exists()


def test_somebody_has_to_say_who_and_why(home: Home) -> None:
    sent(home, month(5), 100)
    result = lsi("hold", "sevenoaks", "cts", "2026-05", "--by", " ", "--why", "x")
    assert str(result.exception) == "--by: found nothing; expected who decides, and why"
    assert lsi("hold", "sevenoaks", "cts", "2026-05", "--by", "A").exit_code == 2


def test_council_tax_pounds_are_held_against_the_year_before(home: Home) -> None:
    def balances(when: date, paid: int) -> LoadReport:
        made = a_month(when, rows=40)
        accounts = [replace(account, paid=Decimal(paid)) for account in made.accounts]
        wide(home.inbox / "dartford", "Dartford", Month(when, accounts, []))
        return load(home)

    assert balances(month(3, 2025), 1800).held == []
    # April asks for the whole year again.
    assert balances(month(4, 2025), 100).held == []
    assert balances(month(3), 1790).held == []
    (held,) = balances(month(4), 1000).held
    assert [(one["measure"], one["against_month"]) for one in held["breaches"]] == [
        ("pounds", "2025-04-01")
    ]


def test_few_rows_and_limits_of_none_hold_nothing(home: Home) -> None:
    set_holds(home, least_rows=200)
    sent(home, month(5), 150)
    assert sent(home, month(6), 60).held == []
    set_holds(home, least_rows=10, feeds={"cts": {"rows_pct": None, "gbp_pct": 50}})
    assert sent(home, month(7), 40).held == []
    (held,) = sent(home, month(8), 10).held
    assert [one["measure"] for one in held["breaches"]] == ["pounds"]


@pytest.mark.parametrize(
    ("holds", "where"),
    [({"rows_pct": -1}, "holds.rows_pct"), ({"rows": 1}, "holds.rows"),
     ({"feeds": {"cts": {"gbp_pct": 0}}}, "holds.feeds")],
)  # fmt: skip
def test_a_limit_that_cannot_be_is_told_with_its_place(
    home: Home, holds: dict[str, Any], where: str
) -> None:
    set_holds(home, **holds)
    with pytest.raises(LsiError, match=rf"limits\.yml: {where}"):
        load_hold_limits(home)


def test_the_countys_own_limits_leave_the_shipped_ones_of_feeds(home: Home) -> None:
    limits = load_hold_limits(home)
    assert (limits.of("cts").least_rows, limits.of("cts").gbp_against) == (10, "month_before")
    assert limits.of("council_tax").gbp_against == "year_before"


def test_a_match_rate_that_fell_is_a_breach() -> None:
    limits = FeedLimits(least_rows=10)
    entry = {"records": [{"rows": 100}], "extract_id": "x2", "month": "2026-06-01"}
    before = {"extract_id": "x1", "month": "2026-05-01"}

    def judged(rate: str, was: str, of: FeedLimits = limits) -> list[str]:
        found = fallen_match_rate(entry, Decimal(rate), before, Decimal(was), of)
        return [f"{one['measure']} {one['moved']}, limit {one['limit']}" for one in found]

    assert judged("0.89", "0.95") == ["match rate -6.0 points, limit 5 points"]
    assert judged("0.90", "0.95") == ["match rate -5.0 points, limit 5 points"]
    assert judged("0.901", "0.95") == judged("0.99", "0.50") == []
    assert judged("0.5", "0.9", FeedLimits(match_rate_points=None)) == []
    assert judged("0.5", "0.9", FeedLimits(least_rows=101)) == []


def forged(entry: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """Return a release that nobody gave, as like a true one as a file's editor can make it."""
    return {
        "event": "extract_released", "released_at": "2026-11-01T00:00:00", "by": "A. Officer",
        "why": "looks right", "sequence": entry["sequence"] + 1,
        "previous_hash": entry["hash"],
        **{name: held[name] for name in ("extract_id", "feed", "district_code", "month")},
    }  # fmt: skip


def written(entries: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(entry, sort_keys=True).encode() + b"\n" for entry in entries)


def without_the_hold(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["event"] != "extract_held"]


def with_its_limits_edited(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*entries[:-2], entries[-2] | {"event": "change_announced"}, entries[-1]]


def with_a_release_in_the_middle(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    false = forged(entries[-2], entries[-2])
    return [*entries[:-1], false | {"hash": entry_hash(false)}, entries[-1]]


def with_an_unchained_release(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*entries, forged(entries[-1], entries[-2]) | {"hash": entries[-1]["hash"]}]


@pytest.mark.parametrize(
    "change",
    [
        without_the_hold, with_its_limits_edited, with_a_release_in_the_middle,
        with_an_unchained_release,
    ],
)  # fmt: skip
def test_a_release_that_nobody_gave_is_found(
    home: Home, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    sent(home, month(5), 100)
    sent(home, month(6), 60)
    sent(home, month(5), 101, produced=29)
    entries = Ledger.read(home).entries
    assert [entry["event"] for entry in entries[-2:]] == ["extract_held", "extract_accepted"]
    home.ledger.write_bytes(written(change(entries)))
    assert lsi("ledger", "verify").exit_code == 1
    with pytest.raises(LedgerError):
        accepted_extracts(home)
    for command in (("load",), ("holds",), ("status",)):
        assert isinstance(lsi(*command).exception, LedgerError)
