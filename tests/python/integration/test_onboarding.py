"""From a file of a vendor that nobody has met to landing: `lsi onboard`, then `lsi load`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner
from unseen_extracts import (
    Expected,
    accounts_council_tax,
    accounts_rent,
    awards_discretionary,
    awards_universal_credit,
    claims_housing_benefit,
    northmere_cts,
    tabular_cts,
    workbook_cts,
    years_council_tax,
)

from openlsi.cli import load as load_command
from openlsi.cli import onboard as onboard_command
from openlsi.config import load_configuration
from openlsi.config.county import default_file
from openlsi.extract.chain import Ledger
from openlsi.home import Home


@dataclass(frozen=True)
class Case:
    """One unseen file: whose, what a person has to decide, and which column is which."""

    make: Callable[[Path], tuple[Path, Expected]]
    district: str
    feed: str
    sent_as: str
    sources: dict[str, str]
    decided: list[tuple[str, str]] = field(default_factory=list)


CASES = {
    "support, semicolons and whole names": Case(
        northmere_cts, "swale", "cts", "Northmere CTS Swale 202610.csv",
        {"claim_ref": "Case No", "account_ref": "CTax Account No", "weekly_award_gbp": "Weekly CTR",
         "weekly_council_tax_gbp": "Weekly Liability", "award_to": "End Date"},
    ),
    "support, tabs in UTF-16 and codes of its own": Case(
        tabular_cts, "swale", "cts", "CTR_2026-10_swale.txt",
        {"claim_ref": "ClaimRef", "weekly_award_gbp": "WeeklyAward", "partner_nino": "PartnerNINO",
         "weekly_income_gbp": "WeeklyIncome", "posted_credit_gbp": "CreditPosted"},
        [('"Q": decide', '"Q": suspended'), ("{constant: decide}", '{constant: "0"}')],
    ),
    "support, a workbook in pence": Case(
        workbook_cts, "swale", "cts", "swale_cts_202610.xlsx",
        {"claim_ref": "Benefit Reference", "account_ref": "Council Tax Reference",
         "cts_age_group": "Pension age?", "weekly_award_gbp": "Weekly reduction (pence)"},
    ),
    "council tax, an account a row": Case(
        accounts_council_tax, "swale", "council_tax", "swale-ctax-2026-10.csv",
        {"account_ref": "Account Number", "property_ref": "Property Reference",
         "discount_kind": "Discount Type", "lead_surname": "Liable Party"},
    ),
    "council tax, two years side by side": Case(
        years_council_tax, "swale", "council_tax", "ctax_years_E07000113_202610.csv",
        {"account_ref": "Account Ref", "exemption_class": "Exempt Class",
         "discount_kind": "Discount"},
        [('          "Z": decide\n', "")],
    ),
    "housing benefit, pipes": Case(
        claims_housing_benefit, "swale", "housing_benefit", "HBCLAIMS_E07000113_202610.txt",
        {"claim_ref": "HB Claim No", "cts_claim_ref": "CTR Claim No", "tenancy": "Tenure",
         "weekly_hb_gbp": "Weekly HB", "weekly_eligible_rent_gbp": "Weekly Eligible Rent"},
        [('"ZZ": decide', '"ZZ": private_other')],
    ),
    "rent, padded and with remarks over several lines": Case(
        accounts_rent, "dover", "rent", "rents_dover_202610.csv",
        {"rent_account_ref": "Rent Account No", "balance_gbp": "Current Balance",
         "weekly_rent_gbp": "Weekly Rent", "tenant_nino": "Tenant NI No"},
    ),
    "universal credit, elements in columns": Case(
        awards_universal_credit, "swale", "universal_credit", "uc_share_swale_202610.csv",
        {"uc_ref": "UC Claim ID", "net_award_gbp": "Net Payment", "award_gbp": "Award Amount",
         "health_element_gbp": "LCWRA Element", "earnings_gbp": "Take Home Pay"},
    ),
    "discretionary awards, a workbook of one sheet": Case(
        awards_discretionary, "swale", "discretionary_awards",
        "Discretionary awards swale 202610.xlsx",
        {"award_ref": "Application Ref", "claim_ref": "HB/CTR Claim Ref",
         "applicant_surname": "Applicant Name", "award_reason": "Reason for Award"},
    ),
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LSI_HOME", str(home.root))
    return home


def run(*arguments: str) -> tuple[int, str]:
    """Run `lsi onboard` or `lsi load`; return its exit code and all that it printed."""
    app = typer.Typer()
    for area in (onboard_command, load_command):
        area.register(app)
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def onboard(case: Case, file: Path, *more: str) -> str:
    code, said = run(
        "onboard", str(file), "--district", case.district, "--feed", case.feed,
        "--month", "2026-10", *more,
    )  # fmt: skip
    assert code == 0
    return said


@pytest.mark.parametrize("name", CASES)
def test_an_unseen_file_is_loaded_to_the_row_and_the_penny(
    home: Home, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    file, expected = case.make(tmp_path)
    said = onboard(case, file)
    assert not home.root.exists(), "a dry run leaves nothing behind"
    said += onboard(case, file, "--write")
    layout = home.config / "layouts" / f"{case.district}_{case.feed}.yml"
    proposed = text = layout.read_text(encoding="utf-8")
    for old, new in case.decided:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    layout.write_text(text, encoding="utf-8")
    if case.decided:
        assert not (home.config / "districts.yml").exists()
        said += onboard(case, file, "--write")
    gbp, aside = (
        f"£{Decimal(pence) / 100:,.2f}"
        for pence in (expected.accepted_pence, expected.set_aside_pence)
    )
    rows = expected.accepted_rows + sum(expected.set_aside.values())
    last = said[said.rindex("dry run") :]
    assert last.startswith(f"dry run: {expected.accepted_rows} of {rows} rows accepted, {gbp} of")
    assert f"set aside: {rows - expected.accepted_rows} rows, {aside}" in last
    place = f"inbox/{case.district}/{case.sent_as}"
    assert f"next: put the file there as {place} and run lsi load" in last

    for what in (said, proposed):
        assert not [one for one in expected.identifiers if one in what]
    record = next(iter(yaml.safe_load(text)["records"].values()))["columns"]
    assert {field: record[field]["source"] for field in case.sources} == case.sources

    (home.root / place).parent.mkdir(parents=True)
    shutil.copy(file, home.root / place)
    assert run("load")[0] == 0
    (event,) = Ledger.read(home).accepted()
    assert (event["accepted_rows"], event["quarantined_rows"]) == (
        expected.accepted_rows, sum(expected.set_aside.values()),
    )  # fmt: skip
    assert Decimal(event["accepted_gbp"]) * 100 == expected.accepted_pence
    assert Decimal(event["quarantined_gbp"]) * 100 == expected.set_aside_pence
    assert expected.set_aside == {
        (one["reason"], one["column_name"]): one["rows"] for one in event["quarantine_reasons"]
    }


def test_a_layout_with_something_left_to_decide_loads_nothing(home: Home, tmp_path: Path) -> None:
    case = CASES["support, tabs in UTF-16 and codes of its own"]
    file, _ = case.make(tmp_path)
    said = onboard(case, file, "--write", "--layout", "swale_tabs")
    assert 'award.award_status: "Q" in 48 rows: one of in_payment, suspended, ended' in said
    assert "next: decide 2 points there, then run the same command again" in said
    shipped = default_file("districts.yml").read_text(encoding="utf-8")
    named = shipped.replace("cts: academy_cts", "cts: swale_tabs", 1)
    (home.config / "districts.yml").write_text(named, encoding="utf-8")
    home.inbox.mkdir()
    with pytest.raises(Exception, match="still to be decided") as refused:
        run("load")
    assert str(refused.value) == (
        "layout swale_tabs: Ashford sends cts in it, and 2 points are still to be decided,"
        ' award.award_status: "Q" first; decide them where it says `decide`'
    )
    assert not home.ledger.exists()


def test_naming_a_layout_keeps_the_rest_of_districts_as_it_was(home: Home, tmp_path: Path) -> None:
    case = CASES["discretionary awards, a workbook of one sheet"]
    file, _ = case.make(tmp_path)
    before = default_file("districts.yml").read_text(encoding="utf-8").splitlines()
    onboard(case, file, "--write")
    after = (home.config / "districts.yml").read_text(encoding="utf-8").splitlines()
    changed = [line for line in after if line not in before]
    assert changed == ["      discretionary_awards: swale_discretionary_awards"]
    assert len(after) - len(before) in (0, 1)
    swale = load_configuration(home).district("swale")
    assert swale is not None
    assert swale.feeds[case.feed] == "swale_discretionary_awards"


def test_a_layout_that_is_there_is_checked_and_never_overwritten(
    home: Home, tmp_path: Path
) -> None:
    case = CASES["support, a workbook in pence"]
    file, _ = case.make(tmp_path)
    onboard(case, file, "--write")
    layout = home.config / "layouts" / "swale_cts.yml"
    text = layout.read_text(encoding="utf-8").replace("money: pence", "money: plain")
    layout.write_text(text, encoding="utf-8")
    said = onboard(case, file, "--write")
    assert "layout: swale_cts is there already, so it is checked and not proposed" in said
    # Pence read as pounds are more than any council tax comes to.
    assert "dry run: the file would be refused: Council Tax Support October.xlsx: found " in said
    assert "rows at fault for weekly_council_tax_gbp (bad number, shaped as 9999)" in said
    assert f"next: mend {layout} or the file, then run the same command again" in said
    assert layout.read_text(encoding="utf-8") == text


def test_two_columns_taken_for_each_other_are_suspected(home: Home, tmp_path: Path) -> None:
    case = CASES["support, a workbook in pence"]
    file, _ = case.make(tmp_path)
    onboard(case, file, "--write")
    layout = home.config / "layouts" / "swale_cts.yml"
    text = layout.read_text(encoding="utf-8")
    for old, new in (
        ("{source: Weekly reduction (pence)}", "{source: other}"),
        ("{source: Weekly council tax (pence)}", "{source: Weekly reduction (pence)}"),
        ("{source: other}", "{source: Weekly council tax (pence)}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    layout.write_text(text, encoding="utf-8")
    assert "found 196 of 200 award rows at fault for weekly_award_gbp (above limit" in onboard(
        case, file
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--district", "medway", "--feed", "cts"], "--district medway: no such district;"),
        (["--district", "swale", "--feed", "ctr"], "--feed ctr: no such feed; there are"),
        (["--district", "swale", "--feed", "cts", "--month", "Oct"], "--month Oct: not a month;"),
        (["--district", "swale", "--feed", "cts", "--layout", "../x"], "--layout: expected"),
        (["--district", "swale", "--feed", "cts", "--layout", "academy_council_tax"],
         "--layout academy_council_tax: a layout of council_tax; give another name"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_command_is_one_line(
    home: Home, tmp_path: Path, arguments: list[str], told: str
) -> None:
    file, _ = northmere_cts(tmp_path)
    with pytest.raises(Exception, match=re.escape(told)) as refused:
        run("onboard", str(file), *arguments)
    assert str(refused.value).startswith(told)
    assert not home.root.exists()
