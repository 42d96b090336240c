"""A district keyed anew is what it would have been, had it been keyed so from the first file on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from load_homes import configure_districts
from made_extracts import a_month, academy, changed, piped, piped_cts

from openlsi.extract import rewriting
from openlsi.extract.chain import Ledger
from openlsi.extract.key_rotation import rotate_keys
from openlsi.extract.landing import stored_name
from openlsi.extract.loading import load
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, create_master_key, master_key
from openlsi.identity.rotation import RotationError
from openlsi.identity.vault import Vault, VaultError

MONTHS = (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
SLUG, CODE = "sevenoaks", "E07000111"


def send(home: Home, month: date) -> None:
    """Send a month in which somebody is new, one row is at fault, and a neighbour sends too."""
    made = a_month(month, rows=4)
    made.accounts[0] = changed(made.accounts[0], surname=f"New{month:%B}")
    made.accounts[1] = changed(made.accounts[1], band="Z")
    produced = f"{month:%Y%m}28T060000"
    piped(home.inbox / SLUG, CODE, made, produced)
    piped_cts(home.inbox / SLUG, CODE, made, produced)
    # Without a month inside, equal rows would be equal bytes: the sums tell months apart.
    made.accounts[2] = changed(made.accounts[2], paid=made.accounts[2].paid + month.month)
    made.awards[0] = replace(made.awards[0], weekly=Decimal(month.month))
    academy(home.inbox / "ashford", "ashford", made)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two months in its inbox and a master key."""
    home = Home(tmp_path_factory.mktemp("sent"))
    for month in MONTHS[:2]:
        send(home, month)
    create_master_key(home.root / "keys" / "master.key", is_demo=True)
    return home


@pytest.fixture
def home(sent: Home, tmp_path: Path) -> Home:
    """The same, loaded under k1."""
    shutil.copytree(sent.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    assert load(home).refused == []
    return home


@pytest.fixture(scope="module")
def never_otherwise(sent: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is held where the district was keyed with k2 from the first file on."""
    root = tmp_path_factory.mktemp("k2") / "home"
    shutil.copytree(sent.root, root)
    configure_districts(Home(root), key_id="k2")
    assert load(Home(root)).refused == []
    return held(Home(root))


def held(home: Home, key_id: str = "k2") -> dict[str, Any]:
    """Return landing, quarantine and opened vault of the district, by extract."""
    vault = Vault(home.vault / SLUG, DistrictKeys(master_key(home, is_demo=True), CODE, key_id))
    found: dict[str, Any] = {}
    for entry in Ledger.read(home).accepted():
        if entry["district_code"] != CODE:
            continue
        path = vault.segment_path(stored_name(entry))
        found[entry["extract_id"]] = {
            "landing": {
                record["record"]: duckdb.sql(
                    f"select * from read_parquet('{home.landing / record['path']}',"
                    " hive_partitioning = false) order by all"
                ).fetchall()
                for record in entry["records"]
            },
            "vault": {
                name: sorted(table.to_pylist(), key=repr)
                for name, table in vault.open(path.stem).items()
            },
            "totals": [entry[name] for name in ("accepted_rows", "quarantined_rows", "key_id")],
        }
    assert found
    return found


def tidy(home: Home) -> bool:
    """Say whether nothing lies about but what the ledger names."""
    names = {stored_name(e) for e in Ledger.read(home).accepted()}
    names |= {e["extract_id"] for e in Ledger.read(home).accepted() if e["quarantined_rows"]}
    files = {
        path.stem
        for folder in (home.landing, home.vault, home.quarantine)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return files == names


def rotate(home: Home, to: str = "k2") -> None:
    rotate_keys(home, SLUG, to, by="A. Keeper", why="yearly")


def test_a_rotated_district_is_what_it_would_have_been(
    home: Home, never_otherwise: dict[str, Any]
) -> None:
    others = {p: p.read_bytes() for p in home.root.rglob("*ashford*/**/*") if p.is_file()}
    rotate(home)
    assert held(home) == never_otherwise
    assert tidy(home)
    assert others
    assert all(path.read_bytes() == content for path, content in others.items())
    (event,) = Ledger.read(home).events("keys_rotated")
    told = {name: event[name] for name in ("former_key_id", "key_id", "extracts", "by", "why")}
    assert told == {
        "former_key_id": "k1", "key_id": "k2", "extracts": 4, "by": "A. Keeper", "why": "yearly",
    }  # fmt: skip
    assert event["rows"] == sum(
        record["rows"]
        for entry in Ledger.read(home).accepted()
        if entry["district_code"] == CODE
        for record in entry["records"]
    )


def test_no_former_key_is_left(home: Home) -> None:
    def keys_in(where: dict[str, Any]) -> set[str]:
        return {
            cell
            for one in where.values()
            for rows in one["landing"].values()
            for row in rows
            for cell in row
            if isinstance(cell, str) and len(cell) == 32
        }

    before = keys_in(held(home, "k1"))
    rotate(home)
    after = keys_in(held(home))
    assert len(before) == len(after) > 10
    assert not before & after


def test_the_next_month_meets_the_same_people(home: Home) -> None:
    rotate(home)
    send(home, MONTHS[2])
    assert load(home).refused == []
    accounts = {
        entry["month"]: {row[4] for row in held(home)[entry["extract_id"]]["landing"]["account"]}
        for entry in Ledger.read(home).accepted()
        if entry["district_code"] == CODE and entry["feed"] == "council_tax"
    }
    assert len(accounts) == 3
    assert len(set.union(*accounts.values())) == len(accounts["2026-11-01"]) == 3


def test_a_second_rotation_and_none_back(home: Home) -> None:
    rotate(home)
    rotate(home, "k3")
    assert {one["totals"][-1] for one in held(home).values()} == {"k3"}
    assert tidy(home)
    with pytest.raises(ExtractError, match=r"keyed with it before; expected another than k1, k2"):
        rotate(home, "k1")
    again = rotate_keys(home, SLUG, "k3", by="A. Keeper", why="again")
    assert not again.is_new
    assert len(Ledger.read(home).events("keys_rotated")) == 2


class KilledError(BaseException):
    """The process is gone."""


def at_the_first_file(patch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> int:
        raise KilledError

    patch.setattr(rewriting.Custody, "seal", die)


def between_two_renames(patch: pytest.MonkeyPatch) -> None:
    replace, done = Path.replace, []

    def after_three(path: Path, target: Path) -> Path:
        done.append(path)
        if len(done) > 3:
            raise KilledError
        return replace(path, target)

    patch.setattr(Path, "replace", after_three)


def before_the_line(patch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KilledError

    patch.setattr(Ledger, "append", die)


def after_the_line(patch: pytest.MonkeyPatch) -> None:
    append = Ledger.append

    def append_and_die(ledger: Ledger, events: Any) -> None:
        append(ledger, events)
        raise KilledError

    patch.setattr(Ledger, "append", append_and_die)


def between_two_removals(patch: pytest.MonkeyPatch) -> None:
    unlink, done = Path.unlink, []

    def after_three(path: Path, missing_ok: bool = False) -> None:
        if ".seg" in path.name or ".parquet" in path.name:
            done.append(path)
        if len(done) > 3:
            raise KilledError
        unlink(path, missing_ok)

    patch.setattr(Path, "unlink", after_three)


STEPS = [
    at_the_first_file, between_two_renames, before_the_line, after_the_line, between_two_removals,
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("then", ["rotate", "load"])
def test_killed_at_any_step_it_is_finished_by_running_again(
    home: Home,
    never_otherwise: dict[str, Any],
    step: Callable[[pytest.MonkeyPatch], None],
    then: str,
) -> None:
    before = held(home, "k1")
    with pytest.MonkeyPatch.context() as patch:
        step(patch)
        with pytest.raises(KilledError):
            rotate(home)
    # A reader in between sees all of the one or all of the other.
    is_done = bool(Ledger.read(home).events("keys_rotated"))
    assert is_done == (step in (after_the_line, between_two_removals))
    assert (held(home) == never_otherwise) if is_done else (held(home, "k1") == before)
    if then == "load":
        assert load(home).refused == []
        assert tidy(home)
    rotate(home)
    assert held(home) == never_otherwise
    assert tidy(home)


def test_with_another_master_key_nothing_is_touched(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(home, "k1")
    create_master_key(tmp_path / "other.key", is_demo=True)
    monkeypatch.setenv("LSI_MASTER_KEY_FILE", str(tmp_path / "other.key"))
    with pytest.raises(ExtractError, match=r"^Sevenoaks: another master key found"):
        rotate(home)
    monkeypatch.delenv("LSI_MASTER_KEY_FILE")
    assert held(home, "k1") == before


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_with_a_damaged_vault_nothing_is_touched(home: Home, damage: str) -> None:
    (segment, *_) = sorted((home.vault / SLUG / "segments").iterdir(), key=os.path.getsize)[::-1]
    if damage == "lost":
        segment.unlink()
    else:
        segment.write_bytes(segment.read_bytes()[:-1])
    files = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    with pytest.raises((RotationError, VaultError)):
        rotate(home)
    assert {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()} == files


def test_a_key_id_is_not_changed_by_editing_alone(home: Home) -> None:
    configure_districts(home, key_id="k2")
    with pytest.raises(
        ExtractError, match=r"has key_id k2, but its extracts are keyed with k1; .* --to k2`$"
    ):
        load(home)
    rotate(home)
    rotate_keys(home, "ashford", "k2", by="A. Keeper", why="yearly")
    assert load(home).refused == []
    # Left as it was, the ledger decides.
    configure_districts(home, key_id="k1")
    send(home, MONTHS[2])
    assert load(home).refused == []
    assert {e["key_id"] for e in Ledger.read(home).accepted()} == {"k2"}
