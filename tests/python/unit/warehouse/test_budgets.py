"""A budget is taken as given or refused with its file, row and column; nothing is filled in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from openlsi.config import load_configuration
from openlsi.config.budgets import COLUMNS, FILE, Budget, budget_table, load_budgets
from openlsi.config.county import ConfigurationError
from openlsi.home import Home
from openlsi.synthesis.budgets import SOURCE, write_budgets
from openlsi.synthesis.plan import Plan

HEADER = ",".join(COLUMNS)
GOOD = "dover,2026-27,2500000,4100000.50,97.5,Budget report of February 2026"
PLAN = Plan(months=14, until="2025-05", sample=0.1, seed=1, scale=0.5)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def given(home: Home, *rows: str, header: str = HEADER) -> list[Budget]:
    home.config.mkdir(parents=True)
    text = "\n".join([header, *rows])
    (home.config / FILE).write_text(text, encoding="utf-8")
    return load_budgets(home, load_configuration(home))


def test_without_a_file_no_budget_is_known(home: Home) -> None:
    budgets = load_budgets(home, load_configuration(home))
    assert budgets == []
    assert budget_table(budgets).num_rows == 0


def test_a_budget_is_taken_to_the_penny(home: Home) -> None:
    rows = [GOOD, 'E07000109,2026-27,0,3900000,,"Cabinet, item 7"', "", "dover,2025-26,1,2,0,x"]
    dover, gravesham, before = given(home, *rows)
    assert dover == Budget(
        "E07000108",
        "2026-27",
        Decimal("2500000.00"),
        Decimal("4100000.50"),
        Decimal("97.50"),
        "Budget report of February 2026",
    )
    assert (gravesham.district_code, gravesham.collection_rate_pct) == ("E07000109", None)
    assert gravesham.source == "Cabinet, item 7"
    assert before.financial_year == "2025-26"
    table = budget_table([dover, gravesham, before])
    assert table.column("working_age_gbp").to_pylist()[0] == Decimal("4100000.50")


def test_a_spreadsheets_byte_order_mark_is_no_part_of_the_first_heading(home: Home) -> None:
    assert len(given(home, GOOD, header="\ufeff" + HEADER)) == 1


REFUSED = {
    "dovver,2026-27,1,2,97,x": ("row 3, column district", "'dovver'", "dover"),
    "E07000999,2026-27,1,2,97,x": ("row 3, column district", "'E07000999'", "ONS code"),
    "education,2026-27,1,2,97,x": ("row 3, column district", "'education'", "district"),
    "ashford,2026/27,1,2,97,x": ("row 3, column financial_year", "'2026/27'", "2026-27"),
    "ashford,2026-28,1,2,97,x": ("row 3, column financial_year", "'2026-28'", "April to March"),
    "dover,2026-27,1,2,97,x": ("row 3, column financial_year", "'2026-27'", "row 2"),
    "E07000108,2026-27,1,2,97,x": ("row 3, column financial_year", "'2026-27'", "row 2"),
    "ashford,2026-27,2.5m,2,97,x": ("row 3, column pension_age_gbp", "'2.5m'", "digits"),
    "ashford,2026-27,,2,97,x": ("row 3, column pension_age_gbp", "''", "digits"),
    "ashford,2026-27,1,-2,97,x": ("row 3, column working_age_gbp", "'-2'", "pounds"),
    "ashford,2026-27,1,2.005,97,x": ("row 3, column working_age_gbp", "'2.005'", "pounds"),
    "ashford,2026-27,1,NaN,97,x": ("row 3, column working_age_gbp", "'NaN'", "pounds"),
    "ashford,2026-27,1,99999999999,97,x": ("row 3, column working_age_gbp", "999'", "pounds"),
    "ashford,2026-27,1,2,975,x": ("row 3, column collection_rate_pct", "'975'", "0 to 100"),
    "ashford,2026-27,1,2,97%,x": ("row 3, column collection_rate_pct", "'97%'", "97.5"),
    "ashford,2026-27,1,2,97, ": ("row 3, column source", "''", "report"),
    "ashford,2026-27,1,200,000,97,x": ("row 3", "7 cells", "without commas"),
    "ashford,2026-27,1": ("row 3", "3 cells", "source"),
}


@pytest.mark.parametrize("row", REFUSED)
def test_what_cannot_be_a_budget_is_refused_by_its_place(home: Home, row: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        given(home, GOOD, row)
    told = str(refusal.value)
    assert str(home.config / FILE) in told
    assert [words for words in REFUSED[row] if words not in told] == []
    assert "correct the cell" in told or "put a cell" in told


@pytest.mark.parametrize("header", ["", "district,year", HEADER.replace("source", "notes")])
def test_other_headings_are_refused_with_those_expected(home: Home, header: str) -> None:
    with pytest.raises(ConfigurationError, match=f"row 1.*{HEADER}"):
        given(home, GOOD, header=header)


def test_a_file_that_is_no_utf_8_says_how_to_save_it(home: Home) -> None:
    home.config.mkdir()
    (home.config / FILE).write_bytes(HEADER.encode() + b"\ndover,2026-27,1,2,97,\xa3 report\n")
    with pytest.raises(ConfigurationError, match="CSV UTF-8"):
        load_budgets(home, load_configuration(home))


def test_made_up_budgets_are_of_most_districts_and_labelled(home: Home) -> None:
    configuration = load_configuration(home)
    write_budgets(home, PLAN, configuration.districts)
    budgets = load_budgets(home, configuration)
    assert {budget.source for budget in budgets} == {SOURCE}
    assert "Made up" in SOURCE
    assert {budget.financial_year for budget in budgets} == {"2024-25", "2025-26"}
    districts = {budget.district_code for budget in budgets}
    assert len(configuration.districts) - len(districts) == 2
    # Published: £106.09m in 2022-23 over twelve districts; here ten, at half the size, later years.
    pounds = sum(one.pension_age_gbp + one.working_age_gbp for one in budgets) / 2
    assert 40_000_000 < pounds < 65_000_000


def test_a_countys_own_budgets_are_not_overwritten(home: Home) -> None:
    given(home, GOOD)
    write_budgets(home, PLAN, load_configuration(home).districts)
    assert GOOD in (home.config / FILE).read_text(encoding="utf-8")
