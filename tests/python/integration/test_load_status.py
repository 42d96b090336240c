"""`lsi status`: what is held of each feed, in eighty columns."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import typer
from made_extracts import a_month, piped, piped_cts, wide
from typer.testing import CliRunner

from openlsi.cli.load import register
from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.loading import load
from openlsi.extract.status import status_rows
from openlsi.home import Home

OFFICIAL = Path(str(files("openlsi.synthesis"))) / "official"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return Home(tmp_path)


def said(*arguments: str) -> list[str]:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["status", *arguments])
    assert result.exit_code == 0, result.output
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert max(len(line) for line in lines) <= 80
    return lines


def test_each_feed_of_each_district_with_its_last_month(home: Home) -> None:
    for month in (date(2026, 9, 1), date(2026, 10, 1)):
        made = a_month(month, rows=40)
        produced = f"{month:%Y%m}28T060000"
        path = piped(home.inbox / "sevenoaks", "E07000111", made, produced)
        path.write_bytes(path.read_bytes().replace(b"|76544|1", b"|76545|1", 1).replace(
            b"|3061760", b"|3061761"))  # fmt: skip
        piped_cts(home.inbox / "sevenoaks", "E07000111", made, produced)
    wide(home.inbox / "dartford", "Dartford", a_month(date(2026, 8, 1), rows=40))
    assert load(home).refused == []
    lines = said("--today", "2026-11-22")
    assert lines[0] == "Last month held of each feed; age in days to 2026-11-22"
    assert lines[1].split() == ["district", "feed", "month", "rows", "£k", "aside", "age"]
    cells = [line.split() for line in lines]
    assert ["Dartford", "council_tax", "2026-08", "40", "31", "0", "83"] in cells
    assert ["Sevenoaks", "council_tax", "2026-10", "79", "30", "1", "22"] in cells
    assert ["cts", "2026-10", "1", "0", "0", "22"] in cells
    assert ["Ashford", "council_tax", "none"] in cells
    below = lines.index(next(line for line in lines if line.startswith("£k is")))
    text = " ".join(" ".join(lines[below:]).split())
    assert text.startswith(
        "£k is each feed's control total in thousands: council_tax balance_gbp, cts"
        " weekly_award_gbp"
    )
    # Sevenoaks's November is not due before December.
    assert [line for line in lines if line.startswith(("late:", "missing:", "held:"))] == [
        "late: dartford council_tax 2026-09, due by 2026-10-10, 43 days ago"
    ]


def test_months_that_are_late_missing_or_held_stand_below(home: Home) -> None:
    limits = home.config / "limits.yml"
    limits.parent.mkdir(parents=True)
    limits.write_text("holds: {least_rows: 10}\n")
    for month, rows in ((date(2026, 5, 1), 40), (date(2026, 8, 1), 41), (date(2026, 9, 1), 20)):
        wide(home.inbox / "dartford", "Dartford", a_month(month, rows=rows))
    piped_cts(home.inbox / "sevenoaks", "E07000111", a_month(date(2025, 12, 1)), "20260102T060000")
    assert load(home).refused == []

    def below(today: str) -> list[str]:
        lines = said("--today", today)
        return [line for line in lines if line.startswith(("late:", "missing:", "held:"))]

    lacking = [
        "missing: dartford council_tax 2026-06, 2026-07",
        "held: dartford council_tax 2026-09",
    ]
    assert below("2026-02-10") == lacking
    # Over the turn of the year: January is due on the tenth of February.
    assert below("2026-02-11") == [
        *lacking,
        "late: sevenoaks cts 2026-01, due by 2026-02-10, 1 day ago",
    ]
    assert below("2026-11-11")[0] == (
        "late: dartford council_tax 2026-10, due by 2026-11-10, 1 day ago"
    )


def test_the_widest_names_and_figures_are_not_cut(home: Home) -> None:
    (home.inbox / "official").mkdir(parents=True)
    for name in ("council_taxbase_2022.ods", "council_tax_requirement_2022-23.xlsx"):
        shutil.copy(OFFICIAL / name, home.inbox / "official")
    assert load(home).refused == []
    lines = said("--today", "2026-11-22")
    for name in ("Tonbridge and Malling", "Folkestone and Hythe", "England"):
        assert sum(line.startswith(name) for line in lines) == 1
    assert not [line for line in lines if "…" in line]
    # A yearly workbook has neither a sum that means something here nor an age.
    england = next(at for at, line in enumerate(lines) if line.startswith("England"))
    assert [line.split() for line in lines[england : england + 2]] == [
        ["England", "council_tax_levels", "2022-04", "310", "0"],
        ["council_taxbase", "2022-04", "620", "0"],
    ]


def test_nothing_loaded_says_what_to_do(home: Home) -> None:
    lines = said()
    text = " ".join(" ".join(lines).split())
    assert "Nothing is loaded yet: put files in" in text
    # A path longer than a line is broken inside.
    assert "".join(text.split()).endswith("/inbox/<district>andrun`lsiload`.")
    assert all(row["last_month"] is None for row in status_rows(home, date(2026, 11, 22)))


def test_a_day_that_is_none_is_refused(home: Home) -> None:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["status", "--today", "22/11/2026"])
    assert str(result.exception) == "--today 22/11/2026: not a date; write it as 2026-11-22"


def test_why_rows_were_set_aside(home: Home) -> None:
    made = a_month(date(2026, 10, 1), rows=40)
    path = piped(home.inbox / "sevenoaks", "E07000111", made)
    path.write_bytes(path.read_bytes().replace(b"|76544|1", b"|7654x|1", 1))
    assert load(home).refused == []
    quarantined = {
        (reason["column_name"], reason["reason"]): (reason["rows"], reason["gbp"])
        for extract in accepted_extracts(home).to_pylist()
        for reason in extract["quarantine_reasons"]
    }
    assert len(quarantined) == 1
    ((column, reason), (rows, gbp)) = next(iter(quarantined.items()))
    lines = said("--why", "sevenoaks")
    assert lines[0] == "Set aside from sevenoaks, over all months in force"
    assert lines[2].split() == [
        "council_tax", column, *reason.split("_"), str(rows), f"{gbp or 0:,.2f}", "1",
    ]  # fmt: skip
    assert said("--why", "dartford")[-1] == "Nothing was set aside."


def test_why_asks_for_a_district_that_there_is(home: Home) -> None:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["status", "--why", "dover-castle"])
    assert str(result.exception).startswith("--why dover-castle: no such district; there are ")
