"""A further vendor and a further workbook year: YAML in LSI_HOME/config, and no line of code."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from openlsi.config import ConfigurationError
from openlsi.config.county import default_file
from openlsi.extract.chain import Ledger
from openlsi.extract.ledger import landing_files
from openlsi.extract.loading import load
from openlsi.home import Home

sys.path.append(str(Path(__file__).parents[1] / "unit" / "workbooks"))
from made_up_workbooks import LevelsWorkbook

# A made-up vendor: semicolons, cp1252, two title lines, padded columns, remarks that run over a
# line end, pence, ISO dates, several columns joined to one, a code list of its own.
FURTHER_LAYOUT = """
layout: shire_cts
feed: cts
title: Council Tax Support, a further vendor's list
mode: snapshot
format: delimited
encoding: cp1252
delimiter: ";"
quote: '"'
has_line_breaks_in_values: true
trim: true
nulls: ["", "-"]
money: pence
booleans: {is_true: ["true"], is_false: ["false"]}
files:
  list:
    pattern: "SHIRE_{code}_{yyyy-mm}.lst"
    title_lines: 2
    columns: [CaseNo, CTaxRef, Family, Given, Born, NI, PFamily, PGiven, PBorn, PNI, Grp, UCFlag,
              Pass, Kids, Adults, LiabP, IncP, AwdP, Begin, Finish, St, PostP, AdjP, Remark]
records:
  award:
    from: list
    columns:
      claim_ref: {source: CaseNo}
      account_ref: {source: CTaxRef}
      claimant_surname: {source: Family}
      claimant_forenames: {source: Given}
      claimant_birth_date: {source: Born, date_format: "%Y-%m-%d"}
      claimant_nino: {source: NI}
      partner_surname: {source: PFamily}
      partner_forenames: {source: PGiven}
      partner_birth_date: {source: PBorn, date_format: "%Y-%m-%d"}
      partner_nino: {source: PNI}
      cts_age_group: {source: Grp, codes: {ELD: pension, WAG: working}}
      is_on_uc: {source: UCFlag}
      is_passported: {source: Pass}
      dependant_count: {source: Kids}
      non_dependant_count: {source: Adults}
      weekly_council_tax_gbp: {source: LiabP}
      weekly_income_gbp: {source: IncP}
      weekly_award_gbp: {source: AwdP}
      award_from: {source: Begin, date_format: "%Y-%m-%d"}
      award_to: {source: Finish, date_format: "%Y-%m-%d", nulls: ["", "-", "9999-12-31"]}
      award_status: {source: St, codes: {L: in_payment, H: suspended, X: ended}}
      posted_credit_gbp: {source: PostP}
      retrospective_adjustment_gbp: {source: AdjP}
"""

FURTHER_FILE = (
    "Shire Revenues\n"
    "List of awards; not for onward sending\n"
    "Remark;CaseNo;CTaxRef;Family;Given;Born;NI;PFamily;PGiven;PBorn;PNI;Grp;UCFlag;Pass;Kids;"
    "Adults;LiabP;IncP;AwdP;Begin;Finish;St;PostP;AdjP\n"
    '"two lines\nin one; remark";C1 ;500000001;Brontë;Anne;1960-04-20;AB 12 34 56 C;-;-;-;-;ELD;'
    "false;true;0;1;3000;-;2345;2025-04-01;9999-12-31;L;0;-150\n"
    ";C2;500000002;Smith;Sam;1995-01-31;;Brontë;Jo;1996-02-29;;WAG;true;false;2;0;2800;15050;"
    "1900;2026-10-05;2026-10-25;X;5429;0\n"
    ";C3;500000003;Void;Vi;1990-13-01;;-;-;-;-;WAG;true;false;0;0;2800;0;1000;2026-10-05;-;L;0;0\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    (home.config / "layouts").mkdir(parents=True)
    (home.config / "workbooks").mkdir()
    home.inbox.mkdir()
    return home


def test_a_further_vendor_is_a_layout_and_a_line_in_districts(home: Home) -> None:
    (home.config / "layouts" / "shire_cts.yml").write_text(FURTHER_LAYOUT, encoding="utf-8")
    districts = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    districts["districts"] = [
        district | {"feeds": district["feeds"] | {"cts": "shire_cts"}}
        if district["slug"] == "swale" else district
        for district in districts["districts"]
    ]  # fmt: skip
    (home.config / "districts.yml").write_text(yaml.safe_dump(districts))
    (home.inbox / "swale").mkdir()
    path = home.inbox / "swale" / "SHIRE_E07000113_2026-10.lst"
    path.write_bytes(FURTHER_FILE.encode("cp1252"))

    report = load(home)
    assert report.refused == []
    (event,) = report.accepted
    counts = [event[f"{n}_rows"] for n in ("physical", "structural", "accepted", "quarantined")]
    assert counts == [6, 3, 2, 1]
    assert (event["accepted_gbp"], event["quarantined_gbp"]) == ("42.45", "10.00")
    assert [(one["reason"], one["column_name"]) for one in event["quarantine_reasons"]] == [
        ("bad_date", "claimant_age_at_month_end")
    ]
    awards = duckdb.sql(
        f"select * from read_parquet({landing_files(home)['cts', 'award']!r}) order by source_row"
    ).to_arrow_table()
    anne, sam = awards.to_pylist()
    # The third physical line is the header; the first award runs over lines 4 and 5.
    assert (anne["source_row"], sam["source_row"]) == (4, 6)
    assert anne["weekly_award_gbp"] == Decimal("23.45")
    assert anne["retrospective_adjustment_gbp"] == Decimal("-1.50")
    assert anne["weekly_income_gbp"] is None
    assert (anne["award_from"], anne["award_to"]) == (date(2025, 4, 1), None)
    assert (anne["cts_age_group"], anne["is_on_uc"], anne["is_passported"]) == (
        "pension", False, True,
    )  # fmt: skip
    assert anne["claimant_age_at_month_end"] == 66
    assert anne["claimant_pension_age_month"] == date(2026, 5, 1)
    assert anne["partner_name_key"] is None
    assert sam["award_to"] == date(2026, 10, 25)
    assert (sam["award_status"], sam["dependant_count"]) == ("ended", 2)
    assert sam["posted_credit_gbp"] == Decimal("54.29")
    assert (sam["claimant_nino_key"], sam["partner_age_at_month_end"]) == (None, 30)


def test_a_history_that_does_not_say_between_which_dates_a_row_holds_is_refused(
    home: Home,
) -> None:
    layout = home.config / "layouts" / "shire_cts.yml"
    layout.write_text(FURTHER_LAYOUT.replace("snapshot", "history"), encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load(home)
    assert str(refused.value) == (
        f"{layout}: the file: award: `history` goes with mode: history, in every record"
    )
    assert not home.landing.exists() and not home.ledger.exists()


def test_a_further_workbook_year_is_one_line(home: Home) -> None:
    (home.inbox / "official").mkdir()
    LevelsWorkbook(rows_above=6, extra_column=True).write(home.inbox / "official" / "levels.xlsx")
    refused = load(home).refused
    assert len(refused) == 1
    assert "add its edition to council_tax_levels.yml" in str(refused[0])

    shipped = default_file("workbooks", "council_tax_levels.yml").read_text(encoding="utf-8")
    line = '  - {financial_year: "2024-25", form: one_data_sheet, authorities: 2}\n'
    own = home.config / "workbooks" / "council_tax_levels.yml"
    own.write_text(shipped.replace("forms:\n", line + "forms:\n", 1), encoding="utf-8")
    report = load(home)
    assert report.refused == []
    (event,) = Ledger.read(home).accepted()
    assert (event["feed"], event["month"]) == ("council_tax_levels", "2024-04-01")
    assert event["accepted_rows"] + event["structural_rows"] == event["physical_rows"]
    rows = duckdb.sql(
        "select mhclg_code, financial_year, area_band_d_gbp, own_band_d_gbp, month"
        f" from read_parquet({landing_files(home)['council_tax_levels', 'band_d']!r})"
        " order by mhclg_code"
    ).fetchall()
    assert rows == [
        ("E2231", "2024-25", Decimal("2200"), Decimal("190.25"), date(2024, 4, 1)),
        ("E2232", "2024-25", Decimal("2200"), Decimal("190.25"), date(2024, 4, 1)),
        ("Eng", "2024-25", None, Decimal("190.25"), date(2024, 4, 1)),
    ]
    assert load(home).unchanged == 1
