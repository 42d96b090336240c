"""A person who was erased is nowhere, and does not come back; every row and pound still adds."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from load_homes import rows_and_pounds_add_up
from made_extracts import Account, Award, Month, piped, piped_cts
from typer.testing import CliRunner

from openlsi.cli import application, warehouse
from openlsi.cli.renewal import RenewalError, stale
from openlsi.extract import rewriting
from openlsi.extract.chain import Ledger
from openlsi.extract.erasing import Erased, erase_person
from openlsi.extract.key_rotation import rotate_keys
from openlsi.extract.landing import stored_name
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.identity.erasure import ErasureError, Sought
from openlsi.identity.keys import DistrictKeys, master_key
from openlsi.identity.vault import Vault, VaultError
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.generations import Build, point_at, write_build

MONTHS = (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
SLUG, CODE = "sevenoaks", "E07000111"

# Four people: the one to be erased leads an account and a claim, and is the partner in another's.
GONE = {"surname": "Tessaly", "forenames": "Orla May", "birth_date": date(1961, 5, 9)}
GONE_NINO, GONE_ACCOUNT, GONE_CLAIM = "JG121316B", "0500000001", "01000001"
OTHER_NINO = "AB123456C"


def a_month(month: date) -> Month:
    accounts = [
        Account(GONE_ACCOUNT, "TESSALY", "ORLA MAY", "00000001", "100060000001"),
        Account("500000002", "Brook", "Ann", "00000002", "100060000002"),
        Account("500000003", "Field", "Bea", "00000003", "100060000003", paid=Decimal("1.00")),
    ]
    awards = [
        Award(GONE_CLAIM, GONE_ACCOUNT, nino=GONE_NINO, **GONE),  # type: ignore[arg-type]
        Award("1000002", "500000002", "Brook", "Ann", date(1959, 1, 2), OTHER_NINO),
        Award("1000003", "500000003", "Field", "Bea", date(1970, 3, 4), "ZR333444D"),
    ]
    return Month(month, accounts, awards)


def send(home: Home, month: date, partner_nino: str = GONE_NINO) -> None:
    """Send both feeds: the person is partner in claim 1000002, too, and in a row at fault."""
    made, produced = a_month(month), f"{month:%Y%m}28T060000"
    piped(home.inbox / SLUG, CODE, made, produced)
    path = piped_cts(home.inbox / SLUG, CODE, made, produced)
    lines = path.read_bytes().decode().split("\r\n")
    partner = f"Tessaly|Orla May|19610509|{partner_nino}"
    lines = [
        line.replace("|||||P|", f"|{partner}|P|") if line.startswith("C|01000002") else line
        for line in lines
    ]
    bad = lines[1].replace(f"|{GONE_CLAIM}|", "|01000009|")
    lines.insert(4, bad.replace("|20250401|", "|20259999|"))
    total = 4 * 2345
    lines[-2] = f"T|4|{total}"
    path.write_bytes("\r\n".join(lines).encode())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("loaded") / "home")
    for month in MONTHS[:2]:
        send(home, month)
    report = load(home)
    assert report.refused == []
    assert [event["quarantined_rows"] for event in report.accepted] == [0, 0, 1, 1]
    return home


@pytest.fixture
def home(loaded: Home, tmp_path: Path) -> Home:
    shutil.copytree(loaded.root, tmp_path / "home")
    return Home(tmp_path / "home")


def erase(home: Home, dry_run: bool = False, **known: Any) -> Erased:
    sought = Sought(**known) if known else Sought(nino="jg 12 13 16 b")
    return erase_person(home, SLUG, sought, "A. Keeper", "asked for", dry_run)


def landed(home: Home, record: str) -> list[dict[str, Any]]:
    paths = [
        str(home.landing / one["path"])
        for entry in Ledger.read(home).accepted()
        for one in entry["records"]
        if one["record"] == record
    ]
    rows: list[dict[str, Any]] = (
        duckdb.sql(f"select * from read_parquet({paths!r}, hive_partitioning = false) order by all")
        .to_arrow_table()
        .to_pylist()
    )
    return rows


def vault_text(home: Home) -> str:
    """Return every value of the opened vault, in capitals without blanks."""
    key_ids = {entry["key_id"] for entry in Ledger.read(home).accepted()}
    vault = Vault(
        home.vault / SLUG, DistrictKeys(master_key(home, is_demo=True), CODE, max(key_ids))
    )
    said = [
        str(value)
        for entry in Ledger.read(home).accepted()
        for table in vault.open(stored_name(entry)).values()
        for row in table.to_pylist()
        for value in row.values()
    ]
    return "\n".join(said).upper().replace(" ", "")


def all_keys(home: Home) -> set[str]:
    return {
        value
        for record in ("account", "balance", "award")
        for row in landed(home, record)
        for name, value in row.items()
        if name.endswith("_key") and value
    }


# --- gone


def test_rows_that_they_lead_go_and_in_others_rows_they_are_emptied(home: Home) -> None:
    before = {r["claim_key"]: r for r in landed(home, "award") if r["partner_nino_key"]}
    report = erase(home)
    assert (report.rows, report.rows_kept) == (2 * (1 + 1 + 1), 2)
    assert [len(landed(home, record)) for record in ("account", "balance", "award")] == [4, 4, 4]
    awards = [row for row in landed(home, "award") if row["claim_key"] in before]
    assert len(awards) == 2
    for row in awards:
        emptied = {
            n for n, v in before[row["claim_key"]].items() if v is not None and row[n] is None
        }
        assert emptied == {
            "partner_nino_key", "partner_name_dob_key", "partner_name_key",
            "partner_age_at_month_end", "partner_pension_age_month",
        }  # fmt: skip


def test_no_key_and_no_identifier_of_theirs_is_left(home: Home) -> None:
    own = {
        value
        for record in ("account", "award")
        for row in landed(home, record)
        if row["source_row"] == 2  # under the header line
        for name, value in row.items()
        if name.endswith("_key") and value
    }
    assert vault_text(home).count(GONE_NINO) == 4
    erase(home)
    text = vault_text(home)
    for gone in (GONE_NINO, "TESSALY", "ORLA", GONE_ACCOUNT, GONE_CLAIM, "1961-05-09", "19610509"):
        assert gone not in text
    assert OTHER_NINO in text
    assert "BROOK" in text
    assert len(own) == 7
    assert not own & all_keys(home)


def test_every_row_and_pound_is_still_accounted_for(home: Home) -> None:
    before = {entry["extract_id"]: entry for entry in Ledger.read(home).accepted()}
    erase(home)
    for entry in Ledger.read(home).accepted():
        was = before[entry["extract_id"]]
        assert rows_and_pounds_add_up(entry)
        for name in ("gbp", "rows"):
            sums = [
                Decimal(one[f"accepted_{name}"]) + Decimal(one[f"quarantined_{name}"])
                for one in (was, entry)
            ]
            assert sums[0] == sums[1]
        gone = [one["rows"] for one in entry["quarantine_reasons"] if one["reason"] == "erased"]
        assert sum(gone) == was["accepted_rows"] - entry["accepted_rows"] > 0
    for record in ("account", "balance", "award"):
        told = sum(
            one["rows"]
            for entry in Ledger.read(home).accepted()
            for one in entry["records"]
            if one["record"] == record
        )
        assert told == len(landed(home, record))


def test_the_ledger_keeps_totals_only(home: Home) -> None:
    erase(home)
    text = home.ledger.read_text(encoding="utf-8").upper()
    for gone in (GONE_NINO, "TESSALY", GONE_ACCOUNT, GONE_CLAIM):
        assert gone not in text
    (event,) = Ledger.read(home).events("person_erased")
    assert (event["by"], event["why"], event["rows"], event["rows_kept"]) == (
        "A. Keeper", "asked for", 6, 2,
    )  # fmt: skip


def test_the_originals_go_and_the_neighbours_stay(home: Home) -> None:
    assert len(list((home.inbox / SLUG).iterdir())) == 4
    other = home.inbox / "ashford" / "note.txt"
    other.parent.mkdir()
    other.write_text("not this district's")
    assert erase(home).originals == 4
    assert list((home.inbox / SLUG).iterdir()) == []
    assert other.exists()


def test_a_dry_run_tells_the_same_and_changes_nothing(home: Home) -> None:
    files = {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()}
    told = erase(home, dry_run=True)
    assert (told.rows, told.rows_kept, told.extracts, told.is_done) == (6, 2, 4, False)
    assert {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()} == files


@pytest.mark.parametrize(
    "known",
    [
        {"name_and_birth": ("TESSALY", "orla-may", "1961-05-09")},
        {"cases": (("claim", GONE_CLAIM),)},
        {"cases": (("account", f" {GONE_ACCOUNT} "),)},
    ],
    ids=["name and birth date", "claim", "account"],
)
def test_any_one_thing_known_finds_all_of_them(home: Home, known: dict[str, Any]) -> None:
    assert erase(home, **known).rows == 6
    assert GONE_NINO not in vault_text(home)


def test_nobody_found_changes_nothing(home: Home) -> None:
    lines = len(Ledger.read(home).entries)
    with pytest.raises(ErasureError, match="nobody in this district's vault answers") as caught:
        erase(home, nino="ZZ999999Z")
    assert "ZZ999999" not in str(caught.value)
    assert len(Ledger.read(home).entries) == lines


def test_two_people_of_one_name_and_birth_date_are_told_apart_or_refused(home: Home) -> None:
    send(home, MONTHS[2], partner_nino="MW434445A")
    load(home)
    with pytest.raises(ErasureError, match="2 National Insurance numbers"):
        erase(home, name_and_birth=("Tessaly", "Orla May", "1961-05-09"))
    erase(home)
    assert "MW434445A" in vault_text(home)
    assert GONE_NINO not in vault_text(home)


# --- killed


class KilledError(BaseException):
    """The process is gone."""


def before_the_line(patch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KilledError

    patch.setattr(Ledger, "append", die)


def after_the_line(patch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> list[Path]:
        raise KilledError

    patch.setattr(rewriting, "remove_strays", die)


@pytest.mark.parametrize("step", [before_the_line, after_the_line], ids=lambda step: step.__name__)
def test_killed_it_is_finished_by_running_again(
    home: Home, step: Callable[[pytest.MonkeyPatch], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if step is before_the_line:
            step(patch)
            with pytest.raises(KilledError):
                erase(home)
        else:
            remove = rewriting.remove_strays
            calls: list[int] = []

            def second_dies(*arguments: Any) -> list[Path]:
                calls.append(1)
                if len(calls) > 1:
                    raise KilledError
                return remove(*arguments)

            patch.setattr(rewriting, "remove_strays", second_dies)
            with pytest.raises(KilledError):
                erase(home)
    if step is before_the_line:
        assert erase(home).rows == 6
    else:
        with pytest.raises(ErasureError, match="nobody"):
            erase(home)
    names = {stored_name(entry) for entry in Ledger.read(home).accepted()} | {"tombstones-1"}
    assert {path.stem for path in home.vault.rglob("*.seg")} <= names
    assert {path.stem for path in home.landing.rglob("*.parquet")} <= names
    assert GONE_NINO not in vault_text(home)


def test_cohorts_are_asked_before_the_line_and_again_after_a_killed_run(home: Home) -> None:
    asked: list[int] = []

    def forget(opened: rewriting.Custody, records: object, dry_run: bool) -> int:
        asked.append(len(opened.ledger.events("person_erased")))
        assert not dry_run
        return 3

    def erased() -> Erased:
        return erase_person(
            home, SLUG, Sought(nino=GONE_NINO), "A. Keeper", "asked for", forget=forget
        )

    with pytest.MonkeyPatch.context() as patch:
        before_the_line(patch)
        with pytest.raises(KilledError):
            erased()
    assert erased().cohort_rows == 3
    assert asked == [0, 0]
    (event,) = Ledger.read(home).events("person_erased")
    assert event["cohort_rows"] == 3


def test_cohorts_that_refuse_leave_everything_as_it_was(home: Home) -> None:
    def refuse(*_: object) -> int:
        raise ErasureError("a cohort was changed")

    files = {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()}
    for dry_run in (True, False):
        with pytest.raises(ErasureError, match="a cohort was changed"):
            erase_person(
                home, SLUG, Sought(nino=GONE_NINO), "A. Keeper", "asked for", dry_run, refuse
            )
        assert {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()} == files


# --- not back


def test_neither_the_same_files_nor_the_next_month_bring_them_back(home: Home) -> None:
    erase(home)
    gone = vault_text(home)
    for month in MONTHS:
        send(home, month)
    report = load(home)
    assert report.refused == []
    assert report.unchanged == 4
    (account_event, award_event) = sorted(report.accepted, key=lambda e: str(e["feed"]))
    assert [account_event["quarantined_rows"], award_event["quarantined_rows"]] == [2, 2]
    assert account_event["accepted_rows"] == 4
    reasons = {one["reason"]: one for one in award_event["quarantine_reasons"]}
    assert set(reasons) == {"erased"}  # their row at fault is theirs first of all
    for event in report.accepted:
        assert rows_and_pounds_add_up(event)
    assert vault_text(home) == gone
    (row,) = [r for r in landed(home, "award") if str(r["month"]) == "2026-11-01"
              and r["source_row"] == 3]  # fmt: skip
    assert [name for name in row if name.startswith("partner_") and row[name] is not None] == []
    files = [path for path in home.quarantine.rglob("*.parquet") if "2026-11" in str(path)]
    assert files == []


def test_what_is_landed_after_is_what_is_left_of_what_was_landed_before(
    home: Home, tmp_path: Path
) -> None:
    """Erased and then sent, or sent and then erased: landing and vault come to the same."""
    shutil.copytree(home.root, tmp_path / "other")
    other = Home(tmp_path / "other")
    erase(home)
    send(home, MONTHS[2])
    load(home)
    send(other, MONTHS[2])
    load(other)
    erase(other)
    for record in ("account", "balance", "award"):
        assert landed(home, record) == landed(other, record)
    assert sorted(vault_text(home).split()) == sorted(vault_text(other).split())
    told = [
        [(e["accepted_rows"], e["quarantined_rows"], e["accepted_gbp"], e["quarantined_gbp"])
         for e in Ledger.read(one).accepted()]
        for one in (home, other)
    ]  # fmt: skip
    assert told[0] == told[1]


def test_they_are_known_again_after_keys_were_made_anew(home: Home) -> None:
    erase(home)
    rotate_keys(home, SLUG, "k2", by="A. Keeper", why="yearly")
    send(home, MONTHS[2])
    report = load(home)
    assert sorted(event["quarantined_rows"] for event in report.accepted) == [2, 2]
    assert GONE_NINO not in vault_text(home)


def test_without_its_marks_nothing_is_loaded(home: Home) -> None:
    erase(home)
    (home.vault / SLUG / "segments" / "tombstones-1.seg").unlink()
    send(home, MONTHS[2])
    with pytest.raises(VaultError, match=r"tombstones-1\.seg: lost; restore it"):
        load(home)


def test_a_mark_tells_nothing_without_its_key(home: Home) -> None:
    erase(home)
    vault = Vault(home.vault / SLUG, DistrictKeys(master_key(home, is_demo=True), CODE, "k1"))
    marks = set(vault.open("tombstones-1")["tombstone"]["mark"].to_pylist())
    assert len(marks) == 6  # number, name with birth date, and the name in each of four cases
    assert all(re.fullmatch("[0-9a-f]{64}", mark) for mark in marks)
    plain = {hashlib.sha256(f"nino|{GONE_NINO[:8]}".encode()).hexdigest()}
    other = replace(vault.keys, district_code="E07000105").tombstone_pads()
    assert vault.keys.tombstone_pads() != other
    assert not marks & plain


# --- the command


def test_what_they_are_known_by_is_read_and_never_an_argument(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSI_HOME", str(home.root))
    runner, said = CliRunner(), ["--by", "A. Keeper", "--why", "asked for"]
    ran = runner.invoke(application(), ["erase", SLUG, *said, "--nino", GONE_NINO])
    assert ran.exit_code == 2
    assert GONE_NINO in vault_text(home)
    ran = runner.invoke(application(), ["erase", SLUG, *said, "--nino"], input=f"{GONE_NINO}\n")
    assert ran.exit_code == 0
    assert "6 rows go and 2 rows of others are emptied of them, in 4 extracts" in ran.stdout
    assert GONE_NINO not in vault_text(home)
    again = runner.invoke(
        application(), ["erase", SLUG, *said, "--name"], input="Tessaly\nOrla May\n1961-05-09\n"
    )
    assert isinstance(again.exception, ErasureError)
    nothing = runner.invoke(application(), ["erase", SLUG, *said])
    assert "expected --nino, --name or --ref KIND" in str(nothing.exception)


def test_a_build_that_fails_after_it_is_said_with_what_still_holds_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise WarehouseError("test failed: “pounds add up”")

    before = Build("20240601T000000-00000001", "", "2026-11-15", "", 0, {}, {})
    folder = home.generations / before.build_id
    folder.mkdir(parents=True)
    write_build(folder, before)
    point_at(home, before.build_id)
    monkeypatch.setenv("LSI_HOME", str(home.root))
    monkeypatch.setattr(warehouse, "link_and_build", fail)
    said = ["erase", SLUG, "--by", "A. Keeper", "--why", "asked for", "--nino"]
    ran = CliRunner().invoke(application(), said, input=f"{GONE_NINO}\n")
    assert isinstance(ran.exception, RenewalError)
    assert "erased; 6 rows go" in ran.stdout
    assert re.search(
        "the build that readers open could not be made again: test failed: .*run `lsi run`",
        str(ran.exception),
    )
    assert GONE_NINO not in vault_text(home)
    assert list(stale(home)) == ["the build that readers open"]
