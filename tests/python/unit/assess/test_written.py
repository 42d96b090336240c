"""How an assessment is written: the object, the rows, the page, and what the command says."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from made_households import FIXTURES, ROOT, single
from typer.testing import CliRunner

from openlsi.assess.assess import Assessment
from openlsi.assess.written import as_csv, as_json, as_text
from openlsi.cli import application

Assessed = Callable[[Path, str | None], Assessment]
EXAMPLES = FIXTURES / "worked_households.json"


@pytest.fixture(scope="module")
def examples(assessed: Assessed) -> Assessment:
    return assessed(EXAMPLES, "2025-26,2026-27")


def test_the_object_has_every_name_that_the_examples_have(examples: Assessment) -> None:
    written = json.loads(as_json(examples))
    for case in json.loads(EXAMPLES.read_text("utf-8"))["cases"]:
        assert list(written[case["id"]]) == ["2025-26", "2026-27"]
        for year in ("2025-26", "2026-27"):
            for output, owners in case["expected"][year].items():
                assert set(owners) <= set(written[case["id"]][year][output])


def test_components_add_up_to_their_results(examples: Assessment) -> None:
    """What is added and taken off in the working is the result that follows it."""
    by_benefit: dict[tuple[str, str, str, str], float] = {}
    for line in examples.working:
        key = (line.case, line.year, line.owner, line.benefit)
        by_benefit[key] = (
            by_benefit.get(key, 0) + {"+": 1, "-": -1}.get(line.sign, 0) * line.annual_gbp
        )
    checked = 0
    for (case, year, owner, benefit), total in by_benefit.items():
        if benefit in {"income_tax", "national_insurance", "universal_credit"}:
            result = examples.figures[case][year][benefit][owner]
            if benefit != "universal_credit" or result:
                assert total == pytest.approx(result, abs=0.02), (case, year, owner, benefit)
                checked += 1
    assert checked > 40


def test_rows_have_a_month_and_a_year(examples: Assessment) -> None:
    rows = list(csv.DictReader(StringIO(as_csv(examples))))
    award = next(
        row for row in rows
        if row["case"] == "s01_single_no_income" and row["year"] == "2025-26"
        and row["benefit"] == "universal_credit" and not row["component"]
    )  # fmt: skip
    assert (award["annual_gbp"], award["monthly_gbp"]) == ("4801.68", "400.14")
    assert {"standard_allowance", "work_allowance"} <= {row["component"] for row in rows}


def test_a_name_that_a_spreadsheet_would_run_is_made_inert(
    assessed: Assessed, tmp_path: Path
) -> None:
    path = tmp_path / "households.json"
    path.write_text(json.dumps([single(id="=cmd|'/c calc'!A0")]), "utf-8")
    rows = list(csv.reader(StringIO(as_csv(assessed(path, None)))))
    assert {row[0] for row in rows[1:]} == {"'=cmd|'/c calc'!A0"}


def test_the_page_shows_rule_rate_and_source(examples: Assessment) -> None:
    page = as_text(examples)
    assert "s01_single_no_income, 2025-26" in page
    assert "SI 2013/376 reg 36; uc standard allowance single 25 or over 400.14 GBP a month" in page
    assert "benefit-and-pension-rates-2025-to-2026" in page
    assert "Comes to nothing:" in page
    assert "Savings credit" not in page.split("o01_pensioner")[0]
    assert max(len(line) for line in page.splitlines() if "http" not in line) <= 100
    assert "Most that may be taken" in as_text(examples, every=True).split("o01_pensioner")[0]
    assert "Most that may be taken" not in page.split("o01_pensioner")[0]


def run(*arguments: str, home: Path) -> tuple[int, str, str]:
    ended = CliRunner().invoke(
        application("assess"), ["assess", *arguments],
        env={"LSI_HOME": str(home), "LSI_PROJECT": str(ROOT)},
    )  # fmt: skip
    return ended.exit_code, ended.stdout, ended.stderr


def test_the_command_gives_the_figures_and_names_what_it_left_out(tmp_path: Path) -> None:
    path = tmp_path / "households.json"
    path.write_text(
        json.dumps([single(), single(id="two", household={"rent_per_week": -1})]), "utf-8"
    )
    code, out, err = run(str(path), "--years", "2025-26", "--format", "json", home=tmp_path)
    assert code == 1
    assert list(json.loads(out)) == ["one"]
    assert "household two: not assessed: household.rent_per_week:" in err


def test_the_command_explains_itself(tmp_path: Path) -> None:
    code, out, _ = run("--explain", home=tmp_path)
    assert code == 0
    assert "uc_limited_capability_for_WRA: default False" in out
    assert "Not modelled" in out
    assert "Transitional protection" in out
