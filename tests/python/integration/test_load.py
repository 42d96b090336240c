"""Extracts of every demo vendor through the whole of loading."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from made_extracts import Month, a_month, academy, piped, piped_cts, wide, workbook

from openlsi.extract.ledger import accepted_extracts, landing_files
from openlsi.extract.loading import load
from openlsi.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def send_everything(home: Home, made: Month) -> None:
    academy(home.inbox / "ashford", "ashford", made)
    piped(home.inbox / "sevenoaks", "E07000111", made)
    piped_cts(home.inbox / "sevenoaks", "E07000111", made)
    wide(home.inbox / "dartford", "Dartford", made)
    workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", made)


def landed(home: Home, feed: str, record: str) -> pa.Table:
    files = landing_files(home)[feed, record]
    return duckdb.sql(f"select * from read_parquet({files!r}) order by all").to_arrow_table()


def test_four_vendors_give_the_same_accounts_but_for_keys_and_places(home: Home) -> None:
    send_everything(home, a_month(rows=4))
    report = load(home)
    assert report.refused == []
    assert len(report.accepted) == 6
    accounts = duckdb.sql(
        "select district_code, count(*) as accounts, min(band) as band, min(discount_kind) as kind,"
        " min(payment_method) as payment, bool_and(is_anonymous_elector) as is_anonymous,"
        " min(liability_start_date) as started, max(liability_end_date) as ended"
        f" from read_parquet({landing_files(home)['council_tax', 'account']!r}) group by 1"
    ).fetchall()
    assert {row[0] for row in accounts} == {"E07000105", "E07000107", "E07000111"}
    assert len({row[1:] for row in accounts}) == 1
    balances = landed(home, "council_tax", "balance")
    assert set(balances["balance_gbp"].to_pylist()) == {Decimal("765.44")}
    assert set(balances["liability_year"].to_pylist()) == {"2026-27"}


def test_control_totals_are_in_the_ledger(home: Home) -> None:
    send_everything(home, a_month(rows=4))
    load(home)
    extracts = {(e["layout"]): e for e in accepted_extracts(home).to_pylist()}
    wide_extract = extracts["wide_council_tax"]
    assert wide_extract["physical_rows"] == 5
    assert wide_extract["structural_rows"] == 1
    assert wide_extract["accepted_rows"] == 4
    assert wide_extract["accepted_gbp"] == 4 * Decimal("765.44")
    piped_extract = extracts["piped_council_tax"]
    assert piped_extract["physical_rows"] == 10
    assert piped_extract["structural_rows"] == 2
    assert piped_extract["produced_at"] == datetime(2026, 11, 2, 6, 0)
    assert extracts["workbook_cts"]["structural_rows"] == 4
    assert extracts["academy_council_tax"]["accepted_rows"] == 32


def test_equal_people_have_equal_keys_in_a_district_and_other_keys_elsewhere(home: Home) -> None:
    send_everything(home, a_month(rows=4))
    load(home)
    accounts = landed(home, "council_tax", "account").to_pylist()
    awards = {row["district_code"]: row for row in landed(home, "cts", "award").to_pylist()}
    names = {row["district_code"]: row["lead_name_key"] for row in accounts}
    assert len(set(names.values())) == 3
    # Zoë O'Brien leads the account, ZOE O'BRIEN the claim.
    assert awards["E07000105"]["claimant_name_key"] == names["E07000105"]
    keys = {row["account_key"] for row in accounts if row["district_code"] == "E07000111"}
    assert awards["E07000111"]["account_key"] in keys
    assert all(len(key) == 32 for key in keys)


def test_loading_again_changes_nothing(home: Home) -> None:
    send_everything(home, a_month())
    load(home)
    before = home.ledger.read_bytes()
    report = load(home)
    assert (len(report.accepted), report.unchanged, report.refused) == (0, 6, [])
    assert home.ledger.read_bytes() == before
