"""Landing: typed parquet, written whole or not at all; the ledger says which files count."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from openlsi.home import Home

_UNFINISHED = ".unfinished-"


def landing_path(feed: str, record: str, district_code: str, month: date, extract_id: str) -> str:
    """Return the path of one record of one extract, relative to landing."""
    return (
        f"feed={feed}/record={record}/district={district_code}/month={month.isoformat()}"
        f"/{extract_id}.parquet"
    )


def quarantine_path(feed: str, district_code: str, month: date, extract_id: str) -> str:
    """Return the path of the quarantined rows of one extract, relative to quarantine."""
    return f"feed={feed}/district={district_code}/month={month.isoformat()}/{extract_id}.parquet"


def unfinished(path: Path) -> Path:
    """Return a name beside `path` to write to before the rename; nobody reads such a name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path.with_name(f"{path.name}{_UNFINISHED}{os.getpid()}-{uuid.uuid4().hex[:8]}")


def finish(written: dict[Path, Path]) -> None:
    """Put finished files in place: each flushed to disk, renamed, and its folder flushed."""
    for source in written.values():
        _flush(source)
        source.chmod(0o600)
    for target, source in written.items():
        source.replace(target)
    for folder in {target.parent for target in written}:
        _flush(folder)


def write_whole(path: Path, content: bytes) -> None:
    """Write one file so that it is there whole or not at all."""
    source = unfinished(path)
    source.write_bytes(content)
    finish({path: source})


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_strays(home: Home, committed: Iterable[str]) -> list[Path]:
    """Remove what a killed load left: unfinished files, and files of extracts never committed.

    A file somebody else put there is left alone: nothing reads it, for the ledger does not name
    it. Returns what was removed.
    """
    known = set(committed)
    removed = []
    for folder, suffix in (
        (home.landing, ".parquet"),
        (home.quarantine, ".parquet"),
        (home.vault, ".seg"),
        (home.vault, ".age"),
    ):
        for path in folder.rglob("*"):
            name = path.name.removesuffix(suffix)
            is_ours = path.name.endswith(suffix) and is_extract_id(name)
            if _UNFINISHED in path.name or (is_ours and name not in known):
                path.unlink()
                removed.append(path)
    return removed


def is_extract_id(name: str) -> bool:
    """Return whether a name has the form of an extract id."""
    return len(name) == 25 and name[0] == "x" and all(c in "0123456789abcdef" for c in name[1:])
