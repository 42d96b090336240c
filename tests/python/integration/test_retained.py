"""What is past its retention goes everywhere, and what is left is as if it had never been there."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyrage
import pytest
import yaml
from load_homes import configure_districts, set_limits
from made_extracts import Award, a_month, academy, changed, piped, piped_cts
from typer.testing import CliRunner

from openlsi.cli import application
from openlsi.config.retention import first_kept
from openlsi.extract.chain import Ledger
from openlsi.extract.key_rotation import rotate_keys
from openlsi.extract.landing import stored_name
from openlsi.extract.loading import load
from openlsi.extract.retaining import retain
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, create_master_key, master_key
from openlsi.identity.vault import Vault

MONTHS = [date(2026, month, 1) for month in (7, 8, 9, 10)]
TODAY = date(2026, 11, 15)
SLUG, CODE = "sevenoaks", "E07000111"
KEPT = {"council_tax": 3, "cts": 2}


def send(home: Home, month: date) -> None:
    """Send a month: one account is of this month only, and whoever left is gone from the next."""
    made, produced = a_month(month, rows=4), f"{month:%Y%m}28T060000"
    made.accounts[0] = changed(made.accounts[0], ref=f"9{month:%Y%m}", surname=f"New{month:%B}")
    made.accounts[1] = changed(made.accounts[1], band="Z")
    leaver = Award(
        f"77{month:%m}", made.accounts[0].ref, "Gone", f"In {month:%B}", nino="ZR333444D"
    )
    made.awards.append(leaver)
    piped(home.inbox / SLUG, CODE, made, produced)
    piped_cts(home.inbox / SLUG, CODE, made, produced)


def shorten_retention(home: Home, months: dict[str, int]) -> None:
    configure_districts(home)
    path = home.config / "districts.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for feed, kept in months.items():
        content["feeds"][feed]["retention_months"] = kept
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "master.key"
    create_master_key(path, is_demo=True)
    return path


def a_home(root: Path, key_file: Path, sent: dict[str, list[date]]) -> Home:
    """Return a loaded home that was sent these months of each feed."""
    home = Home(root)
    (root / "keys").mkdir(parents=True)
    shutil.copyfile(key_file, root / "keys" / "master.key")
    shorten_retention(home, KEPT)
    for month in MONTHS:
        send(home, month)
    for path in (home.inbox / SLUG).iterdir():
        feed = "council_tax" if ".CTAX." in path.name else "cts"
        if all(f"{month:%Y%m}" not in path.name for month in sent[feed]):
            path.unlink()
    assert load(home).refused == []
    return home


@pytest.fixture
def home(tmp_path: Path, key_file: Path) -> Home:
    return a_home(tmp_path / "home", key_file, {"council_tax": MONTHS, "cts": MONTHS})


def held(home: Home) -> dict[str, Any]:
    """Return landing by extract, what the vault holds altogether, and which files there are."""
    vault = Vault(home.vault / SLUG, DistrictKeys(master_key(home, is_demo=True), CODE, "k1"))
    landing, identities = {}, []
    for entry in Ledger.read(home).accepted():
        for record in entry["records"]:
            landing[entry["extract_id"], record["record"]] = duckdb.sql(
                f"select * from read_parquet('{home.landing / record['path']}',"
                " hive_partitioning = false) order by all"
            ).fetchall()
        for name, table in vault.open(stored_name(entry)).items():
            identities += [(name, *row.items()) for row in table.to_pylist()]
    quarantined = sorted(path.name for path in home.quarantine.rglob("*.parquet"))
    return {"landing": landing, "vault": sorted(identities, key=repr), "quarantine": quarantined}


def test_what_is_left_is_as_if_the_months_had_never_been_sent(
    home: Home, tmp_path: Path, key_file: Path
) -> None:
    before = held(home)
    retained = retain(home, TODAY)
    assert [(one.feed, one.first, one.last, one.extracts) for one in retained.months] == [
        ("council_tax", MONTHS[0], MONTHS[0], 1),
        ("cts", MONTHS[0], MONTHS[1], 2),
    ]
    never = a_home(tmp_path / "never", key_file, {"council_tax": MONTHS[1:], "cts": MONTHS[2:]})
    assert held(home) == held(never) != before
    files = {
        path.stem for folder in (home.landing, home.vault) for path in folder.rglob("*.*")
        if path.is_file()
    }  # fmt: skip
    assert files == {stored_name(entry) for entry in Ledger.read(home).accepted()}
    assert sorted(path.name for path in (home.inbox / SLUG).iterdir()) == sorted(
        path.name for path in (never.inbox / SLUG).iterdir()
    )


def test_the_ledger_keeps_totals_and_says_what_was_let_go(home: Home) -> None:
    pounds = sum(
        Decimal(entry["accepted_gbp"])
        for entry in Ledger.read(home).accepted()
        if entry["feed"] == "cts" and entry["month"] in ("2026-07-01", "2026-08-01")
    )
    retain(home, TODAY)
    (event,) = Ledger.read(home).events("months_released")
    assert event["feeds"]["cts"] == {
        "first_month": "2026-07-01", "last_month": "2026-08-01", "retention_months": 2,
        "extracts": 2, "accepted_rows": 4, "accepted_gbp": str(pounds),
    }  # fmt: skip
    assert len(Ledger.read(home).events("extract_accepted")) == 8
    assert len(Ledger.read(home).accepted()) == 5


def test_a_second_run_and_a_dry_run_change_nothing(home: Home) -> None:
    files = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    told = retain(home, TODAY, dry_run=True)
    assert {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()} == files
    assert retain(home, TODAY).months == told.months != []
    files = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    assert retain(home, TODAY).months == []
    assert {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()} == files


def test_keys_can_still_be_made_anew_from_what_the_vault_kept(home: Home) -> None:
    retain(home, TODAY)
    assert rotate_keys(home, SLUG, "k2", by="A. Keeper", why="yearly").is_new


def test_a_month_that_was_let_go_is_refused_when_it_is_sent_again(home: Home) -> None:
    retain(home, TODAY)
    before = held(home)
    send(home, MONTHS[0])
    report = load(home)
    assert sorted(str(refusal).partition(": ")[2] for refusal in report.refused) == [
        "found 2026-07, which is past its retention; expected a month after 2026-07;"
        " take the file out",
        "found 2026-07, which is past its retention; expected a month after 2026-08;"
        " take the file out",
    ]
    assert held(home) == before


class KilledError(BaseException):
    """The process is gone."""


def test_killed_before_its_line_it_is_finished_by_running_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KilledError

    before = held(home)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", die)
        with pytest.raises(KilledError):
            retain(home, TODAY)
    assert held(home) == before
    assert len(retain(home, TODAY).months) == 2
    assert len(held(home)["landing"]) == 3 * 2 + 2


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 15), 36, date(2023, 11, 1)),
        (date(2026, 11, 1), 1, date(2026, 10, 1)),
        (date(2026, 1, 31), 2, date(2025, 11, 1)),
        (date(2026, 12, 31), 12, date(2025, 12, 1)),
    ],
)
def test_so_many_whole_months_are_kept(today: date, months: int, first: date) -> None:
    assert first_kept(today, months) == first


@pytest.mark.parametrize("seal", [False, True])
def test_originals_go_after_their_days_by_the_districts_choice(
    tmp_path: Path, key_file: Path, seal: bool
) -> None:
    home = Home(tmp_path / "home")
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    set_limits(home, originals={"delete_after_days": 30, "seal": seal})
    configure_districts(home, original_recipient=recipient)
    path = home.config / "districts.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for district in content["districts"]:
        if district["slug"] == "ashford":
            district["originals"] = "keep"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    send(home, MONTHS[3])
    academy(home.inbox / "ashford", "ashford", a_month(MONTHS[3]))
    kept = sorted(path.name for path in (home.inbox / "ashford").iterdir())
    (home.inbox / SLUG / "not-loaded.txt").write_text("a letter")
    load(home)
    assert len(list(home.vault.rglob("*.age"))) == (2 if seal else 0)
    loaded = datetime.fromisoformat(Ledger.read(home).accepted()[0]["loaded_at"]).date()
    assert retain(home, loaded + timedelta(days=30)).originals == {}
    assert retain(home, loaded + timedelta(days=31)).originals == {"Sevenoaks": 2}
    assert list(home.vault.rglob("*.age")) == []
    assert [path.name for path in (home.inbox / SLUG).iterdir()] == ["not-loaded.txt"]
    assert sorted(path.name for path in (home.inbox / "ashford").iterdir()) == kept


def test_the_command_lists_by_district_and_feed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSI_HOME", str(home.root))
    today = ["--today", TODAY.isoformat()]
    ran = CliRunner().invoke(application(), ["retain", "--dry-run", *today])
    assert ran.stdout.splitlines() == [
        "Sevenoaks, council_tax: 2026-07 to 2026-07 would go, 1 extracts, 7 rows",
        "Sevenoaks, cts: 2026-07 to 2026-08 would go, 2 extracts, 4 rows",
        "Sevenoaks: 3 originals would go",
    ]
    ran = CliRunner().invoke(application(), ["retain", *today])
    assert "cts: 2026-07 to 2026-08 let go" in ran.stdout
    ran = CliRunner().invoke(application(), ["retain", *today])
    assert ran.stdout == "no month is past its retention\n"
