"""Killed at any point and run again, a load comes to what it would have come to."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyrage
import pytest
from load_homes import (
    configure_districts,
    ledger_content,
    no_strays,
    parquet_content,
    set_limits,
)
from made_extracts import Month, a_month, academy, changed, piped, piped_cts, wide, workbook

from openlsi.config import load_configuration
from openlsi.extract import workers
from openlsi.extract.chain import Ledger
from openlsi.extract.keyed_chain import head_hash, ledger_key
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, create_master_key, master_key
from openlsi.identity.vault import Vault

MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
KEY = pyrage.x25519.Identity.generate()
DISTRICTS = {
    "ashford": "E07000105",
    "dartford": "E07000107",
    "sevenoaks": "E07000111",
    "tunbridge-wells": "E07000116",
}


def month_with_faults(month: date) -> Month:
    """Return a month in which somebody is new, an award is other, one balance does not add up."""
    made = a_month(month, rows=5)
    made.accounts[0] = changed(made.accounts[0], surname=f"New{month:%B}")
    made.awards[0] = replace(made.awards[0], weekly=made.awards[0].weekly + month.month)
    return made


def send(home: Home, months: tuple[date, ...]) -> None:
    for month in months:
        made = month_with_faults(month)
        notices = academy(home.inbox / "ashford", "ashford", made)["ctnotice"]
        notices.write_text(notices.read_text().replace("865.44", "865.45", 1))
        produced = f"{month:%Y%m}28T060000"
        piped(home.inbox / "sevenoaks", "E07000111", made, produced)
        piped_cts(home.inbox / "sevenoaks", "E07000111", made, produced)
        # Without a month inside, equal rows would be equal bytes: the paid sum tells months apart.
        for at, account in enumerate(made.accounts):
            made.accounts[at] = changed(account, paid=account.paid + month.month)
        wide(home.inbox / "dartford", "Dartford", made)
    workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", month_with_faults(months[0]))


@dataclass(frozen=True)
class Sent:
    """An inbox and a key, to begin the same load from again and again."""

    root: Path

    def home(self, name: str) -> Home:
        """Return a new home of that name with the same bytes in its inbox, and the same key."""
        shutil.copytree(self.root, self.root.parent / name)
        return Home(self.root.parent / name)


@pytest.fixture
def two_months(tmp_path: Path) -> Sent:
    return sent(tmp_path, MONTHS[:2])


@pytest.fixture
def three_months(tmp_path: Path) -> Sent:
    return sent(tmp_path, MONTHS)


def sent(folder: Path, months: tuple[date, ...]) -> Sent:
    home = Home(folder / "sent")
    send(home, months)
    create_master_key(home.root / "keys" / "master.key", is_demo=True)
    return Sent(home.root)


def result_of(home: Home) -> dict[str, Any]:
    """Return all that a load leaves behind, in a form that two loads can be compared by."""
    vaults = {}
    for slug, code in DISTRICTS.items():
        vault = Vault(home.vault / slug, DistrictKeys(master_key(home, is_demo=True), code, "k1"))
        for path in sorted(vault.segments.glob("*")):
            tables = vault.open(path.stem)
            vaults[f"{slug}/{path.name}"] = {
                name: sorted(table.to_pylist(), key=repr) for name, table in tables.items()
            }
    return {
        "ledger": ledger_content(home),
        "landing": parquet_content(home.landing),
        "quarantine": parquet_content(home.quarantine),
        "vault": vaults,
        "originals": sorted(path.name for path in home.vault.rglob("*.age")),
        "inbox": sorted(
            str(p.relative_to(home.inbox)) for p in home.inbox.rglob("*") if p.is_file()
        ),
    }


# Not forked from this process: it has opened databases and read parquet, whose libraries keep
# threads, and a child of it can crash before it comes to the step.
CLEAN = multiprocessing.get_context("forkserver")
CLEAN.set_forkserver_preload(["openlsi.extract.loading"])


def in_child(work: Callable[..., object], *arguments: object) -> int:
    """Run a function of this module in a fresh process; return its exit code, or minus a signal."""
    process = CLEAN.Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


@contextmanager
def killed_at(step: int) -> Iterator[Iterator[int]]:
    """Make this process kill itself before its nth step that reaches the disk."""
    steps = count(1)

    def killing(function: Callable[..., Any]) -> Callable[..., Any]:
        def killed_or_done(*arguments: Any, **named: Any) -> Any:
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return killed_or_done

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", killing(os.fsync))
        for name in ("replace", "write_bytes", "unlink", "chmod"):
            patched.setattr(Path, name, killing(getattr(Path, name)))
        yield steps


def load_until_killed(home: Home, step: int) -> None:
    with killed_at(step):
        load(home)


def load_in_parallel(home: Home) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("openlsi.extract.workers._SMALL", 0)
        os.setsid()
        load(home)


def parent_of_an_idle_worker(lock: Path) -> None:
    fork = multiprocessing.get_context("fork")
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _, theirs = fork.Pipe()
        fork.Process(target=workers._work, args=(theirs, os.getpid())).start()
        os.kill(os.getpid(), signal.SIGKILL)


def sealing(home: Home) -> Home:
    set_limits(home, processes=1, originals="seal")
    configure_districts(home, original_recipient=str(KEY.to_public()))
    return home


def test_killed_before_any_step_that_reaches_the_disk(two_months: Sent) -> None:
    uncrashed = sealing(two_months.home("uncrashed"))
    with killed_at(0) as steps:
        load(uncrashed)
    expected, last = result_of(uncrashed), next(steps) - 1
    assert expected["inbox"] == []
    # Some 200 steps, in a pattern that repeats with each delivery. Every ninth of them, since nine
    # shares no factor with the length of the pattern, so that another part of it is met each time.
    for step in range(1, last + 1, 9):
        home = sealing(two_months.home(f"killed-{step}"))
        assert in_child(load_until_killed, home, step) == -signal.SIGKILL
        report = load(home)
        assert report.refused == []
        assert no_strays(home)
        assert result_of(home) == expected, f"killed before step {step} of {last}"
        shutil.rmtree(home.root)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_command_killed_again_and_again(three_months: Sent, processes: int) -> None:
    uncrashed = three_months.home("uncrashed")
    assert load(uncrashed).refused == []
    home = three_months.home("killed")
    set_limits(home, processes=processes)
    draw = random.Random(20261031 + processes)
    kills = 0
    while kills < 12:
        process = CLEAN.Process(target=load_in_parallel, args=(home,))
        process.start()
        time.sleep(draw.uniform(0.02, 0.5))
        if process.exitcode is not None:
            break
        assert process.pid is not None
        # The parent alone: its workers must notice for themselves.
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        kills += 1
    assert load(home).refused == []
    assert no_strays(home)
    assert result_of(home) == result_of(uncrashed)
    assert kills >= 2


def test_the_real_command_killed_once(three_months: Sent) -> None:
    uncrashed = three_months.home("uncrashed")
    load(uncrashed)
    home = three_months.home("killed")
    command = [sys.executable, "-c", "from openlsi.cli import main; main()", "load", "--quiet"]
    environment = os.environ | {"LSI_HOME": str(home.root)}
    process = subprocess.Popen(command, env=environment)
    while not Ledger.read(home).entries and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.wait()
    done = len(Ledger.read(home, repair=True).accepted())
    assert 0 < done < 10
    assert subprocess.run(command, env=environment, check=False).returncode == 0
    assert no_strays(home)
    assert result_of(home) == result_of(uncrashed)


@pytest.mark.parametrize("cut", [1, 100, 900])
def test_a_ledger_line_torn_by_the_crash_is_cut_and_its_extract_loaded_again(
    two_months: Sent, cut: int
) -> None:
    home = two_months.home("home")
    load(home)
    expected = result_of(home)
    content = home.ledger.read_bytes()
    home.ledger.write_bytes(content[:-cut])
    # The count beside the ledger follows a line once it is safe: a torn one is not counted yet.
    lines = content.splitlines()
    count, last = len(lines) - 1, json.loads(lines[-2])["hash"]
    key = ledger_key(home, load_configuration(home))
    head = f"{count} {last} {head_hash(key, count, last)}\n"
    home.ledger.with_name("ledger.head").write_text(head, encoding="ascii")
    report = load(home)
    assert len(report.accepted) == 1
    assert result_of(home) == expected


def test_a_worker_that_waits_for_work_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    lock = tmp_path / "load.lock"
    assert in_child(parent_of_an_idle_worker, lock) == -signal.SIGKILL
    # The worker inherits the lock of the load: were it to stay, no load could ever run again.
    deadline = time.monotonic() + 10
    with lock.open("w") as again:
        while True:
            try:
                fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
