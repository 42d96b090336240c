"""Finished builds, and the pointer that decides which one readers open."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from openlsi.failpoints import reach
from openlsi.home import Home
from openlsi.warehouse.errors import WarehouseError

BUILD_FACTS = "build.json"
_BUILDING = ".building-"
_BEGUN = "%Y%m%dT%H%M%S"
_FOR_EVERY_READER = frozenset({"publication.duckdb", BUILD_FACTS})


@dataclass(frozen=True)
class Build:
    """The facts of one finished build, kept beside its files as `build.json`.

    `as_reported` is the month or instant, as the user named it, of a build that shows the figures
    as they were known then; empty for a build of what is known now. `base` is a hash of code and
    configuration; `changed_slices` how many districts' months were made anew where the rest was
    taken over from the build before, None where all were; `links` names the link set that says
    which claims are which household.
    """

    build_id: str
    fingerprint: str
    today: str
    known_at: str
    tests_passed: int
    step_seconds: dict[str, float]
    package_versions: dict[str, str]
    as_reported: str = ""
    base: str = ""
    changed_slices: int | None = None
    links: str = ""


def building_folder(home: Home, build_id: str) -> Path:
    """Make and return the folder in which one build is assembled, out of every reader's sight."""
    folder = home.generations / f"{_BUILDING}{build_id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def write_build(folder: Path, build: Build) -> None:
    """Write `build.json` into a folder that is about to become a generation."""
    path = folder / BUILD_FACTS
    path.write_text(json.dumps(asdict(build), indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_build(folder: Path) -> Build:
    """Return the facts of the build in this folder."""
    try:
        return Build(**json.loads((folder / BUILD_FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise WarehouseError(
            f"{folder}: not a finished build ({type(error).__name__}); run `lsi build`"
        ) from None


def current_build(home: Home) -> Build | None:
    """Return the build that readers open now, or None before the first."""
    return read_build(home.current) if home.current.exists() else None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point_at(home: Home, build_id: str) -> None:
    """Move the pointer to one generation: readers see the old or the new, never a mix."""
    if not (home.generations / build_id / BUILD_FACTS).is_file():
        raise WarehouseError(
            f"{build_id}: no such generation; `lsi generations` lists those that are kept"
        )
    beside = home.root / ".current-next"
    beside.unlink(missing_ok=True)
    beside.symlink_to(Path(home.generations.name) / build_id)
    reach("pointer.before_rename")
    beside.replace(home.current)
    reach("pointer.after_rename")
    _sync(home.root)


def finish(home: Home, building: Path, build_id: str) -> Path:
    """Turn a built folder into a generation: everything on disk first, then one rename.

    Whatever the umask, pages, the county and BI tools may read what is published and which build
    it is of; all other files hold single households or lead to them, and are their owner's alone.
    """
    for path in sorted(building.rglob("*")):
        if path.is_file():
            path.chmod(0o644 if path.name in _FOR_EVERY_READER else 0o600)
            reach("generation.before_flush")
            _sync(path)
    building.chmod(0o755)
    home.generations.chmod(0o755)
    _sync(building)
    generation = home.generations / build_id
    reach("generation.before_rename")
    building.rename(generation)
    reach("generation.after_rename")
    _sync(home.generations)
    return generation


def generations(home: Home) -> list[Build]:
    """Return every generation that is kept, oldest first."""
    if not home.generations.exists():
        return []
    folders = [path for path in home.generations.iterdir() if not path.name.startswith(".")]
    return sorted((read_build(path) for path in folders), key=lambda build: build.build_id)


def reported_build(home: Home, as_reported: str) -> Build | None:
    """Return the newest build of the figures as reported then, or None if none is kept."""
    found = [build for build in generations(home) if build.as_reported == as_reported]
    return found[-1] if found else None


def prune(home: Home, keep: int) -> None:
    """Remove what interrupted builds left, and all but the newest `keep` generations.

    A build as reported then is none of those: it stays until another of the same name is made.
    """
    for left in home.generations.glob(f"{_BUILDING}*"):
        shutil.rmtree(left)
    kept = current_build(home)
    found = generations(home)
    newest = {build.as_reported: build.build_id for build in found}
    old = [build for build in found if not build.as_reported][:-keep]
    old += [b for b in found if b.as_reported and newest[b.as_reported] != b.build_id]
    for build in old:
        if kept is None or build.build_id != kept.build_id:
            shutil.rmtree(home.generations / build.build_id)


def begun(build: Build) -> datetime:
    """Return when a build was begun (UTC), as its id says."""
    return datetime.strptime(build.build_id.partition("-")[0], _BEGUN)


def purge(home: Home, landed_anew: datetime | None) -> list[str]:
    """Remove the builds begun before what is landed was rewritten; return their ids.

    They hold people erased, months let go or keys done away with since. The one that readers open
    stays until another takes its place.
    """
    kept = current_build(home)
    removed = []
    for build in generations(home):
        is_before = landed_anew is not None and begun(build) <= landed_anew
        if is_before and (kept is None or build.build_id != kept.build_id):
            shutil.rmtree(home.generations / build.build_id)
            removed.append(build.build_id)
    return removed
