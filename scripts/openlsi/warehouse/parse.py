"""dbt's parse of the project, kept from one build to the next.

A parse is the same for every build of the same project, and over a small county a fifth of what a
build costs. dbt's own partial parsing is not used: it takes over what an earlier edit left behind,
and it is of no help where each build has a file of its own. What is kept here is named by all that
a parse rests on, and is taken whole or not at all. Unit tests rest on the same and on nothing that
was landed: once they have passed, it stands beside the parse.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_PARSE = "partial_parse.msgpack"
_WRITTEN_BY_DBT = (_PARSE, "manifest.json", "semantic_manifest.json")
_DIGEST = "sha256"
_UNIT_TESTS_PASSED = "unit_tests_passed"
# Whoever goes back and forth between two states of the project finds both.
_KEPT_PARSES = 3


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _WRITTEN_BY_DBT:
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def keep_parse(artifacts: Path, kept: Path) -> None:
    """Keep what dbt's parse wrote to `artifacts` as the folder `kept`, with the last few beside."""
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    for name in _WRITTEN_BY_DBT:
        shutil.copyfile(artifacts / name, unfinished / name)
    (unfinished / _DIGEST).write_text(_digest(unfinished), encoding="ascii")
    # One that is there and was not taken is damaged.
    shutil.rmtree(kept, ignore_errors=True)
    try:
        unfinished.replace(kept)
    except OSError:
        # Another build has just kept the same.
        shutil.rmtree(unfinished, ignore_errors=True)
    by_age = sorted(kept.parent.iterdir(), key=lambda folder: folder.lstat().st_mtime_ns)
    for outlived in by_age[:-_KEPT_PARSES]:
        shutil.rmtree(outlived, ignore_errors=True)


def keep_that_unit_tests_passed(kept: Path) -> None:
    """Note that the unit tests of the project whose parse is `kept` have all passed."""
    if kept.is_dir():
        (kept / _UNIT_TESTS_PASSED).touch()


def have_unit_tests_passed(kept: Path) -> bool:
    """Return whether they have, in a build before this."""
    return (kept / _UNIT_TESTS_PASSED).exists()


def take_parse(kept: Path, artifacts: Path) -> Manifest | None:
    """Return the parse kept as the folder `kept`, with its manifests laid into `artifacts`.

    Returns None where there is none, or not as it was kept.
    """
    try:
        for name in _WRITTEN_BY_DBT:
            shutil.copyfile(kept / name, artifacts / name)
        told = (kept / _DIGEST).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    if told != _digest(artifacts):
        return None
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    parsed = (artifacts / _PARSE).read_bytes()
    manifest: Manifest = Manifest.from_msgpack(parsed, decoder=extended_mashumuro_decoder)
    manifest.build_parent_and_child_maps()  # type: ignore[no-untyped-call]
    return manifest
