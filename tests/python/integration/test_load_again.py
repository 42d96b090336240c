"""Loading again, in another order, under another name or beside stray files changes nothing."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from load_homes import parquet_content
from made_extracts import Account, Month, a_month, academy, changed, piped, wide, workbook

from openlsi.cli.linking import link_landing
from openlsi.config import load_configuration
from openlsi.extract.chain import Ledger
from openlsi.extract.landing import landing_path
from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.warehouse.landed import landed_sources

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def loaded(home: Home) -> tuple[bytes, dict[str, list[tuple[object, ...]]]]:
    """Return the ledger's bytes and every row of landing and quarantine."""
    rows = parquet_content(home.landing) | parquet_content(home.quarantine)
    return home.ledger.read_bytes(), rows


def test_the_same_bytes_under_other_names_change_nothing(home: Home) -> None:
    table_set = academy(home.inbox / "ashford", "ashford", a_month())
    one_file = piped(home.inbox / "sevenoaks", "E07000111", a_month())
    xlsx = workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", a_month())
    load(home)
    before = loaded(home)
    for path in table_set.values():
        sub_folder = path.parent / "sent again" / path.name
        sub_folder.parent.mkdir(exist_ok=True)
        sub_folder.write_bytes(path.read_bytes())
    one_file.rename(one_file.with_name("council tax october.txt"))
    xlsx.rename(xlsx.with_name("tunbridge-wells-cts-202610.XLSX"))
    report = load(home)
    assert (report.accepted, report.refused) == ([], [])
    assert loaded(home) == before


def test_the_bytes_of_one_month_under_the_name_of_another_are_refused(home: Home) -> None:
    table_set = academy(home.inbox / "ashford", "ashford", a_month())
    xlsx = workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", a_month())
    load(home)
    rows = parquet_content(home.landing)
    for path in table_set.values():
        path.with_name(path.name.replace("202610", "202611")).write_bytes(path.read_bytes())
    xlsx.rename(xlsx.with_name("tunbridge-wells-CTS-202701.xlsx"))
    report = load(home)
    assert report.accepted == []
    assert sorted(map(str, report.refused)) == [
        f"inbox/{name}: found the very content that is loaded as 2026-10; expected that of {month},"
        " as its name says; ask the sender for the month's own file, and take this one out"
        for name, month in (
            ("ashford/ashford_ctax_202611_ctaccount.csv", "2026-11"),
            ("ashford/ashford_cts_202611_hbclaim.csv", "2026-11"),
            ("tunbridge-wells/tunbridge-wells-CTS-202701.xlsx", "2027-01"),
        )
    ]
    assert parquet_content(home.landing) == rows


def test_a_part_left_behind_of_a_loaded_set_changes_nothing(home: Home) -> None:
    tables = academy(home.inbox / "ashford", "ashford", a_month())
    load(home)
    before = loaded(home)
    tables["ctnotice"].unlink()
    tables["ctaccount"].unlink()
    report = load(home)
    assert (report.accepted, report.refused) == ([], [])
    assert loaded(home) == before


def test_a_stray_file_in_landing_changes_nothing(home: Home) -> None:
    academy(home.inbox / "ashford", "ashford", a_month())
    load(home)
    before = loaded(home)
    links = link_landing(home).folder
    configuration = load_configuration(home)
    listed = landed_sources(home, configuration, links).landing
    real = next(home.landing.rglob("*.parquet"))
    strays = [
        real.with_name("extra.parquet"),
        home.landing / "feed=council_tax" / "stray.parquet",
        # As a load that was killed leaves them: with the name of an extract, but never committed.
        home.landing / landing_path("cts", "award", "E07000105", OCTOBER, "x" + "0" * 24),
        real.with_name(f"{real.name}.unfinished-1-00000000"),
    ]
    for stray in strays:
        stray.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"account_key": ["stray"]}), stray)
    assert landed_sources(home, configuration, links).landing == listed
    load(home)
    assert landed_sources(home, configuration, links).landing == listed
    # What is ours and was never committed is cleared away; what somebody else put there is not.
    assert [path.exists() for path in strays] == [True, True, False, False]
    for stray in strays[:2]:
        stray.unlink()
    assert loaded(home) == before


def test_the_order_of_months_does_not_matter(tmp_path: Path) -> None:
    months = [date(2026, month, 1) for month in range(5, 11)]
    homes = []
    for name, order in (
        ("in order", months),
        ("backwards", months[::-1]),
        ("shuffled", random.Random(7).sample(months, len(months))),
    ):
        home = Home(tmp_path / name)
        if homes:
            (home.root / "keys").mkdir(parents=True)
            key = (homes[0].root / "keys" / "master.key").read_bytes()
            (home.root / "keys" / "master.key").write_bytes(key)
        for month in order:
            send_month(home, month)
            assert load(home).refused == []
        homes.append(home)
    first, *others = homes
    for other in others:
        assert parquet_content(other.landing) == parquet_content(first.landing)
        assert parquet_content(other.quarantine) == parquet_content(first.quarantine)
        assert totals(other) == totals(first)


def send_month(home: Home, month: date) -> None:
    """Send a month in which somebody moves in, and everybody has paid more than before."""
    accounts = [
        changed(account, paid=account.paid + month.month) for account in a_month(rows=3).accounts
    ]
    new = Account(f"{600000000 + month.month}", uprn=f"{200000000000 + month.month}")
    made = Month(month, [*accounts, new], a_month(month).awards)
    piped(home.inbox / "sevenoaks", "E07000111", made, f"{month:%Y%m}28T060000")
    wide(home.inbox / "dartford", "Dartford", made)


def totals(home: Home) -> list[tuple[object, ...]]:
    """Return each extract's totals and whether it is in force, in an order of their own."""
    names = ("extract_id", "month", "accepted_rows", "accepted_gbp", "is_in_force")
    return sorted(tuple(row[name] for name in names) for row in accepted_extracts(home).to_pylist())


def test_a_re_issue_and_its_original_stand_in_the_senders_order_however_they_come(
    tmp_path: Path,
) -> None:
    in_force = []
    for name, order in (("original first", (0, 1)), ("re-issue first", (1, 0))):
        home = Home(tmp_path / name)
        for at in order:
            made = a_month(rows=3 + at)
            piped(home.inbox / "sevenoaks", "E07000111", made, f"2026110{2 + at}T060000")
            assert load(home).refused == []
        rows = accepted_extracts(home).to_pylist()
        assert len(rows) == 2
        in_force.append([(row["accepted_rows"], row["is_in_force"]) for row in rows])
    assert in_force == [[(6, False), (8, True)]] * 2


def test_the_ledger_is_chained_so_that_an_edited_line_is_found(home: Home) -> None:
    piped(home.inbox / "sevenoaks", "E07000111", a_month())
    load(home)
    content = home.ledger.read_bytes()
    home.ledger.write_bytes(content.replace(b'"accepted_rows": 6', b'"accepted_rows": 7'))
    with pytest.raises(Exception, match="line 1: the chain of hashes breaks here"):
        Ledger.read(home)
