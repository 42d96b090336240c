"""Landing: typed parquet, written whole or not at all; the ledger says which files count."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from openlsi.extract.refusals import ExtractError, plain
from openlsi.failpoints import reach
from openlsi.home import Home, private_folder

_UNFINISHED = ".unfinished-"

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class WriteError(ExtractError):
    """A file or folder of the warehouse cannot be written; the load ends."""


@contextmanager
def writing(place: Path, verb: str = "written") -> Iterator[None]:
    """Turn what the disk refuses inside into a WriteError that names the place and the remedy."""
    try:
        yield
    except ConnectionError:
        raise  # a pipe between processes, not a disk
    except (OSError, duckdb.IOException) as error:
        number, reason = _cause(error)
        if verb != "written" and isinstance(error, OSError) and error.filename:
            place = Path(os.fsdecode(error.filename))
        advice = "put that right"
        if number in _FULL:
            advice = "make room there"
        elif number in _FORBIDDEN:
            advice = "let this user write there"
        raise WriteError(
            plain(
                f"{place}: cannot be {verb} ({reason}); what was loaded before stays, nothing of"
                f" this extract counts: {advice}, then run `lsi load` again"
            )
        ) from None


def _cause(error: OSError | duckdb.IOException) -> tuple[int | None, str]:
    """Return the number and words of what the system said; DuckDB hands on the words alone."""
    if isinstance(error, OSError):
        return error.errno, error.strerror or type(error).__name__
    text = str(error)
    for number in (*_FULL, *_FORBIDDEN):
        if os.strerror(number) in text:
            return number, os.strerror(number)
    if "wanted=" in text:  # fewer bytes were taken than were given: the disk is full
        return errno.ENOSPC, os.strerror(errno.ENOSPC)
    return None, "input/output error"


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
    with writing(path.parent):
        private_folder(path.parent)
    return path.with_name(f"{path.name}{_UNFINISHED}{os.getpid()}-{uuid.uuid4().hex[:8]}")


def finish(written: dict[Path, Path]) -> dict[Path, str]:
    """Put finished files in place: each flushed to disk, renamed, and its folder flushed.

    Returns the SHA-256 of each file by its place, for the ledger to hold.
    """
    hashes = {}
    for target, source in written.items():
        with writing(target):
            reach("landing.before_flush")
            _flush(source)
            hashes[target] = file_hash(source)
            source.chmod(0o600)
    for target, source in written.items():
        with writing(target):
            reach("landing.before_rename")
            source.replace(target)
    for folder in {target.parent for target in written}:
        with writing(folder):
            reach("landing.before_folder_flush")
            _flush(folder)
    reach("landing.after_folder_flush")
    return hashes


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashed(
    records: Iterable[Mapping[str, Any]], landing: Path, hashes: Mapping[Path, str]
) -> list[dict[str, Any]]:
    """Return the records of an extract, each with the hash of its landing file."""
    return [{**record, "sha256": hashes[landing / record["path"]]} for record in records]


def write_whole(path: Path, content: bytes) -> None:
    """Write one file so that it is there whole or not at all."""
    source = unfinished(path)
    with writing(path):
        source.write_bytes(content)
    finish({path: source})


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def revision_name(extract: str, revision: int) -> str:
    """Return what the files of one revision of an extract are called, without their suffix."""
    return f"{extract}.r{revision}" if revision else extract


def stored_name(entry: dict[str, Any]) -> str:
    """Return what the files of an accepted extract are called by now, without their suffix."""
    return revision_name(entry["extract_id"], entry["revision"])


def remove_strays(home: Home, accepted: Iterable[dict[str, Any]]) -> list[Path]:
    """Remove what the ledger does not name: what a killed run left, and what it did away with.

    `accepted` are the extracts as they stand; files of an earlier revision go, too. A file
    somebody else put there is left alone: nothing reads it. Returns what was removed.
    """
    entries = list(accepted)
    rewritten = {stored_name(entry) for entry in entries}
    written_once = {entry["extract_id"] for entry in entries}
    removed = []
    for folder, suffix, known in (
        (home.landing, ".parquet", rewritten),
        (home.vault, ".seg", rewritten),
        (home.quarantine, ".parquet", written_once),
        (home.vault, ".age", written_once),
    ):
        for path in folder.rglob("*"):
            name = path.name.removesuffix(suffix)
            is_ours = path.name.endswith(suffix) and is_extract_id(name.partition(".r")[0])
            if _UNFINISHED in path.name or (is_ours and name not in known):
                path.unlink()
                removed.append(path)
    return removed


def is_extract_id(name: str) -> bool:
    """Return whether a name has the form of an extract id."""
    return len(name) == 25 and name[0] == "x" and all(c in "0123456789abcdef" for c in name[1:])
