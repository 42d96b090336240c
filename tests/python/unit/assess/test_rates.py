"""The rates: every year whole, every row sourced, and a year that is not held stops everything."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from made_households import FIXTURES, ROOT

from openlsi.assess.assess import Assessment
from openlsi.assess.errors import AssessError
from openlsi.assess.rules import SEEDS, Rules
from openlsi.assess.years import asked_years, held_years

Assessed = Callable[[Path, str | None], Assessment]
RATES = ROOT / SEEDS / "benefit_rates.csv"


def rows() -> list[dict[str, str]]:
    with RATES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_rate_holds_on_every_day_of_the_four_years() -> None:
    spans: dict[str, list[tuple[date, date]]] = {}
    for row in rows():
        first, last = date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"])
        spans.setdefault(row["rate_code"], []).append((first, last))
    for code, of_code in spans.items():
        assert of_code == sorted(of_code), code
        for (_, last), (first, _) in pairwise(of_code):
            assert first == last + timedelta(days=1), code
        assert of_code[0][0] <= date(2023, 4, 10), code
        assert of_code[-1][1] >= date(2027, 3, 31), code


def test_each_rate_names_its_law_and_its_page() -> None:
    for row in rows():
        assert row["legal_basis"], row
        assert row["source"].startswith("https://") or row["source"].startswith("unconfirmed: "), (
            row
        )
        assert row["unit"], row
        assert float(row["value"]) >= 0


def test_each_rate_is_read_by_a_model_or_a_line_of_the_working() -> None:
    text = "".join(Rules(ROOT).sources.values())
    unread = {row["rate_code"] for row in rows()} - set(re.findall(r'rate\("(\w+)"\)', text))
    assert unread == set()


def test_each_rate_that_a_model_reads_is_there() -> None:
    text = "".join(Rules(ROOT).sources.values())
    assert set(re.findall(r'rate\("(\w+)"\)', text)) <= {row["rate_code"] for row in rows()}


def test_a_line_of_the_working_names_rates_that_are_there() -> None:
    with (ROOT / SEEDS / "entitlement_lines.csv").open(encoding="utf-8", newline="") as file:
        named = {code for row in csv.DictReader(file) for code in row["rate_codes"].split()}
    assert named <= {row["rate_code"] for row in rows()}


def test_years_are_those_in_which_every_rate_is_held(tmp_path: Path) -> None:
    assert [year.name for year in held_years(RATES)] == ["2023-24", "2024-25", "2025-26", "2026-27"]
    less = [line for line in RATES.read_text("utf-8").splitlines() if "uc_carer,2025" not in line]
    path = tmp_path / "rates.csv"
    path.write_text("\n".join(less), "utf-8")
    assert [year.name for year in held_years(path)] == ["2023-24", "2024-25", "2026-27"]


@pytest.mark.parametrize("years", ["2027-28", "2022-23", "2025", "", "2025-26,2031-32"])
def test_a_year_that_is_not_held_fails_loudly(assessed: Assessed, years: str) -> None:
    with pytest.raises(AssessError, match="rates are held for 2023-24, 2024-25, 2025-26, 2026-27"):
        assessed(FIXTURES / "worked_households.json", years)


def test_without_a_word_it_is_the_last_year() -> None:
    held = held_years(RATES)
    assert [year.name for year in asked_years(None, held)] == ["2026-27"]
    assert [year.name for year in asked_years("2024-25, 2023-24,2024-25", held)] == [
        "2024-25", "2023-24",
    ]  # fmt: skip


def test_each_kind_of_income_that_a_feed_tells_has_its_treatment() -> None:
    record = ROOT / "scripts/openlsi/config/defaults/records/housing_benefit.yml"
    told = yaml.safe_load(record.read_text("utf-8"))["records"]["income"]["columns"]
    with (ROOT / SEEDS / "entitlement_incomes.csv").open(encoding="utf-8", newline="") as file:
        treated = {row["income_kind"] for row in csv.DictReader(file)}
    assert set(told["income_kind"]["values"]) <= treated
