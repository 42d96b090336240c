"""What must not be replaced unnoticed: the ledger's last lines, and the key of earlier extracts."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from made_extracts import a_month, wide

from openlsi.extract.chain import LedgerError
from openlsi.extract.loading import load
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    for number in (7, 8, 9, 10):
        made = a_month(date(2026, number, 1), rows=number)
        wide(home.inbox / "dartford", "Dartford", made)
    assert load(home).refused == []
    return home


def everything(home: Home) -> dict[str, bytes]:
    return {
        str(path.relative_to(home.root)): path.read_bytes()
        for folder in (home.landing, home.quarantine, home.vault)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("kept", [0, 1, -1], ids=["emptied", "one line left", "last line gone"])
def test_a_ledger_that_has_lost_lines_is_refused_and_nothing_is_removed(
    home: Home, kept: int
) -> None:
    before = everything(home)
    lines = home.ledger.read_bytes().splitlines(keepends=True)
    assert len(lines) > 2
    home.ledger.write_bytes(b"".join(lines[:kept]))
    with pytest.raises(LedgerError, match=r"at least \d+ were written; lines at its end are lost"):
        load(home)
    assert everything(home) == before


def test_a_ledger_that_was_removed_is_refused_and_nothing_else_is(home: Home) -> None:
    before = everything(home)
    home.ledger.unlink()
    with pytest.raises(LedgerError, match="0 lines found"):
        load(home)
    assert everything(home) == before


def test_another_master_key_is_refused_even_without_the_vault(home: Home) -> None:
    shutil.rmtree(home.root / "keys")
    shutil.rmtree(home.vault)
    wide(home.inbox / "dartford", "Dartford", a_month(date(2026, 11, 1), rows=11))
    before = everything(home)
    with pytest.raises(ExtractError, match=r"^Dartford: another master key found"):
        load(home)
    assert everything(home) == before


def test_the_check_of_the_key_tells_nothing_of_it(home: Home) -> None:
    secret = (home.root / "keys" / "master.key").read_text(encoding="ascii").rsplit(":", 1)[1]
    ledger = home.ledger.read_text(encoding="utf-8")
    assert secret.strip() not in ledger
    checks = {part[:16] for part in ledger.split('"key_check": "')[1:]}
    assert len(checks) == 1
