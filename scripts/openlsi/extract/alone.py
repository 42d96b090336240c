"""One writer at a time: the lock, and a tidy warehouse where the disk refuses."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from openlsi.extract.chain import Ledger
from openlsi.extract.landing import WriteError, remove_strays, writing
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home

_WAIT_SECONDS = 3.0


@contextmanager
def tidied(home: Home) -> Iterator[None]:
    """Where the disk refuses, say so and leave no file but those that the ledger names.

    The ledger is read again: how much of the last append reached it is known to the file only.
    """
    try:
        with writing(home.root, "read or written"):
            yield
    except WriteError:
        # What cannot be removed now is removed by the next load.
        with suppress(OSError, ExtractError):
            ledger = Ledger.read(home, repair=True)
            remove_strays(home, ledger.accepted())
        raise


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold the load lock; a second writer waits a little, then says that one is running.

    Worker processes inherit the lock, so that it stays held until the last one of a killed load
    has gone.
    """
    path: Path = home.ledger.parent / "load.lock"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    with path.open("w") as file:
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ExtractError(
                        f"{home.root}: another `lsi load`, or another command that changes what is"
                        " landed, is running; wait until it has finished"
                    ) from None
                time.sleep(0.1)
        yield
