"""A disk that takes no more, a folder that may not be written: one line, nothing half-written."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from load_homes import ledger_content, lsi_load, no_strays, parquet_content
from made_extracts import a_month, academy, piped, piped_cts, wide
from test_load_refuses import OFFICIAL, run_load

from openlsi.extract import landing, workers
from openlsi.extract.chain import Ledger
from openlsi.extract.landing import WriteError
from openlsi.home import Home

FULL, FORBIDDEN = "No space left on device", "Permission denied"
STAYS = "what was loaded before stays, nothing of this extract counts"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LSI_HOME", str(home.root))
    made = a_month()
    academy(home.inbox / "ashford", "ashford", made)
    piped(home.inbox / "sevenoaks", "E07000111", made)
    piped_cts(home.inbox / "sevenoaks", "E07000111", made)
    wide(home.inbox / "dartford", "Dartford", made)
    return home


@pytest.fixture
def undisturbed(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with the same inbox, loaded without a fault."""
    other = Home(tmp_path / "undisturbed")
    other.root.mkdir()
    (other.root / "inbox").symlink_to(home.inbox)
    (home.root / "keys").mkdir()
    (other.root / "keys").symlink_to(home.root / "keys")
    with monkeypatch.context() as patch:
        patch.setenv("LSI_HOME", str(other.root))
        assert run_load()[0] == 0
    return other


def is_one_plain_line(lines: list[str], reason: str, advice: str) -> bool:
    (line,) = lines
    return (
        line.startswith("lsi: ")
        and f"cannot be written ({reason}); {STAYS}: {advice}, then run `lsi load` again" in line
        and "unfinished" not in line
    )


def goes_on_as_if_nothing_had_been(home: Home, undisturbed: Home) -> None:
    assert run_load() == (0, [])
    assert ledger_content(home) == ledger_content(undisturbed)
    assert parquet_content(home.landing) == parquet_content(undisturbed.landing)
    assert parquet_content(home.quarantine) == parquet_content(undisturbed.quarantine)
    assert no_strays(home)


# --- a disk that is full


@pytest.fixture
def small_disk(home: Home) -> Iterator[Path]:
    """A landing of its own of one megabyte, filled but for three pages."""
    home.landing.mkdir(mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", home.landing],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("needs a user who may mount a small disk")
    filler = home.landing / "filler"
    try:
        # Three pages of 4 KiB stay free: the first extract finds room, a later one does not.
        filler.write_bytes(bytes((1 << 20) - 3 * 4096))
        yield filler
    finally:
        subprocess.run(["umount", home.landing], check=True)


def test_a_full_disk_is_one_line_and_the_next_load_goes_on(
    home: Home, undisturbed: Home, small_disk: Path
) -> None:
    ran = lsi_load(home)
    assert ran.code == 1
    assert is_one_plain_line(ran.lines, FULL, "make room there"), ran.lines
    left = [path for path in home.landing.rglob("*") if path.is_file() and path != small_disk]
    committed = {entry["extract_id"] for entry in Ledger.read(home).accepted()}
    assert {path.stem for path in left} <= committed
    small_disk.unlink()
    goes_on_as_if_nothing_had_been(home, undisturbed)


@pytest.mark.parametrize("largest", [0, 400, 1200, 3000])
def test_a_file_that_may_not_grow_is_one_line_wherever_it_is(
    home: Home, undisturbed: Home, largest: int
) -> None:
    """The system's limit for one file, so that landing, vault or ledger is cut off."""
    ran = subprocess.run(
        [sys.executable, "-B", "-c", "from openlsi.cli import main; main()", "load"],
        env=os.environ | {"LSI_HOME": str(home.root)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert is_one_plain_line(ran.stderr.splitlines(), "File too large", "make room there")
    assert no_strays(home)
    goes_on_as_if_nothing_had_been(home, undisturbed)


# --- folders that may not be written, and each of the writers


def refused(number: int) -> Any:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize(
    ("owner", "name"),
    [(pq, "write_table"), (landing, "_flush"), (Path, "write_bytes"), (Ledger, "_write")],
    ids=["workbook", "on to the disk", "vault", "ledger"],
)
@pytest.mark.parametrize(
    ("number", "reason", "advice"),
    [
        (errno.ENOSPC, FULL, "make room there"),
        (errno.EACCES, FORBIDDEN, "let this user write there"),
        (errno.EIO, "Input/output error", "put that right"),
    ],
)
def test_what_any_writer_is_refused_is_one_line(
    home: Home,
    undisturbed: Home,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    number: int,
    reason: str,
    advice: str,
) -> None:
    (home.inbox / "official").mkdir()
    workbook = sorted(OFFICIAL.glob("*.xlsx"))[0]
    (home.inbox / "official" / workbook.name).write_bytes(workbook.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, refused(number))
        with pytest.raises(WriteError) as told:
            load_here(home)
    assert is_one_plain_line([f"lsi: {told.value}"], reason, advice)
    assert no_strays(home)
    (home.inbox / "official" / workbook.name).unlink()


def load_here(home: Home) -> None:
    from openlsi.extract.loading import load

    load(home)


def test_a_landing_that_is_no_folder_is_one_line_from_workers_too(
    home: Home, undisturbed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.landing.write_bytes(b"")
    # However small, so that the load takes worker processes.
    with monkeypatch.context() as patch:
        patch.setattr(workers, "_SMALL", 0)
        with pytest.raises(WriteError) as told:
            load_here(home)
    assert is_one_plain_line([f"lsi: {told.value}"], "Not a directory", "put that right")
    assert Ledger.read(home).accepted() == []
    home.landing.unlink()
    goes_on_as_if_nothing_had_been(home, undisturbed)
