"""The files of a campaign that count by now: read by their hash, written whole beside the old ones.

A file is written anew under a further revision; the register's line makes it count, and what does
not count any more is removed after it. Killed in between, the next to change anything removes it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.register import Register
from openlsi.failpoints import reach
from openlsi.home import Home, private_folder

OUTCOMES_FOLDER = "outcomes"
_OURS = re.compile(r"(cohort|\d{4})(\.r\d+)?\.(parquet|partial)")


def cohort_path(home: Home, campaign: str, slug: str, file: str) -> Path:
    """Return where a file of one district's cohort lies."""
    return home.campaigns / campaign / slug / file


def outcome_path(home: Home, campaign: str, file: str) -> Path:
    """Return where a file of recorded outcomes lies."""
    return home.campaigns / campaign / OUTCOMES_FOLDER / file


def read_checked(path: Path, sha256: str, expected: str) -> pa.Table:
    """Read a file that the register names; raises CampaignError where it is not `expected`."""
    check(path, sha256, expected)
    return pq.read_table(path)


def check(path: Path, sha256: str, expected: str) -> None:
    """Refuse a file that is lost or was changed, with CampaignError."""
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise CampaignError(f"{path}: is not {expected}; restore it from a safe copy")


def write_table(table: pa.Table, path: Path) -> str:
    """Write a file whole or not at all, its owner's alone; return its hash."""
    private_folder(path.parent)
    beside = path.with_suffix(".partial")
    pq.write_table(table, beside)
    beside.chmod(0o600)
    _flush(beside)
    reach("campaigns.before_rename")
    beside.replace(path)
    _flush(path.parent)
    reach("campaigns.after_rename")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def next_revision(file: str) -> str:
    """Return the name of a file's next revision: cohort.parquet, cohort.r1.parquet, …"""
    stem, _, number = file.removesuffix(".parquet").partition(".r")
    return f"{stem}.r{int(number or 0) + 1}.parquet"


def remove_strays(home: Home, register: Register) -> None:
    """Remove cohorts and outcomes that the register does not name: revised, let go, unfinished.

    What somebody else put beside them is left alone; nothing reads it.
    """
    known = set(_named(home, register))
    for path in sorted(home.campaigns.glob("*/*/*")):
        if _OURS.fullmatch(path.name) and path not in known:
            path.unlink()
            reach("campaigns.removed")


def _named(home: Home, register: Register) -> Iterator[Path]:
    for campaign in register.campaigns():
        for slug, told in register.cohorts(campaign).items():
            yield cohort_path(home, campaign, slug, told["file"])
        for told in register.outcome_files(campaign).values():
            yield outcome_path(home, campaign, told["file"])


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
