"""A month whose rows meet their households less than before is held when it is linked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from made_extracts import Account, Award, Month, piped, piped_cts
from typer.testing import CliRunner, Result

from openlsi.cli import application
from openlsi.cli.linking import link_landing
from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.loading import load
from openlsi.home import Home

PEOPLE = 20
SURNAMES = [f"MADE{chr(65 + n)}" for n in range(2 * PEOPLE)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    home = Home(tmp_path)
    limits: dict[str, Any] = {"holds": {"least_rows": 10}, "linkage": {"names": False}}
    home.config.mkdir()
    (home.config / "limits.yml").write_text(yaml.safe_dump(limits))
    return home


def send(home: Home, number: int, strangers: int = 0) -> None:
    """Send a month of twenty accounts and awards; so many awards are of people nobody knows."""
    when = date(2026, number, 1)
    accounts = [
        Account(
            f"{500000000 + n}", surname=SURNAMES[n], property_ref=f"{n:08}",
            uprn=f"{100060000000 + n}",
        )
        for n in range(PEOPLE)
    ]  # fmt: skip
    who = [n + PEOPLE if n < strangers else n for n in range(PEOPLE)]
    awards = [
        Award(f"{1000000 + n}", f"{500000000 + n}", surname=SURNAMES[n], nino=f"AB{100000 + n}C")
        for n in who
    ]
    folder, produced = home.inbox / "sevenoaks", f"{when:%Y%m}28T060000"
    piped(folder, "E07000111", Month(when, accounts, []), produced)
    piped_cts(folder, "E07000111", Month(when, [], awards), produced)
    report = load(home)
    assert (report.refused, report.held) == ([], [])


def lsi(*words: str) -> Result:
    return CliRunner().invoke(application(), list(words))


def held(home: Home) -> list[str]:
    return [
        f"{row['feed']} {row['month']:%Y-%m}"
        for row in accepted_extracts(home).to_pylist()
        if row["is_held"]
    ]


def test_a_month_that_meets_fewer_households_is_held_until_it_is_released(home: Home) -> None:
    send(home, 8)
    link_landing(home)
    send(home, 9, strangers=1)  # five points of a hundred are the limit itself
    (told,) = link_landing(home).held
    assert [one["measure"] for one in told["breaches"]] == ["match rate"]
    assert told["breaches"][0]["moved"] == "-5.0 points"
    assert held(home) == ["cts 2026-09"]
    assert link_landing(home).held == ()  # told once
    released = lsi(
        "release", "sevenoaks", "cts", "2026-09", "--by", "A. Officer", "--why", "new claims"
    )
    assert released.exit_code == 0
    assert (link_landing(home).held, held(home)) == ((), [])


def test_the_command_says_which_month_and_what_to_do(home: Home) -> None:
    send(home, 8)
    assert lsi("link").exit_code == 0
    send(home, 9, strangers=10)
    ran = lsi("link")
    assert ran.exit_code == 0
    assert ran.stderr.splitlines()[0] == (
        "lsi: held: sevenoaks cts 2026-09: match rate -50.0 points against 2026-08, limit 5"
        " points; it is in no figure until `lsi release sevenoaks cts 2026-09 --by NAME --why TEXT`"
    )


def test_a_first_link_and_an_announced_month_hold_nothing(home: Home) -> None:
    send(home, 7)
    send(home, 8, strangers=10)
    assert link_landing(home).held == ()  # a first link set has nothing to be less than
    announced = lsi(
        "announce", "sevenoaks", "cts", "2026-09", "--by", "A. Officer", "--why", "new system"
    )
    assert announced.exit_code == 0
    send(home, 9, strangers=20)
    assert (link_landing(home).held, held(home)) == ((), [])


def test_a_small_fall_is_not_held(home: Home) -> None:
    send(home, 8, strangers=2)
    link_landing(home)
    send(home, 9, strangers=2)
    assert link_landing(home).held == ()
