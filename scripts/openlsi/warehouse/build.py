"""`lsi build`: whether there is anything to do, the child that does it, and the pointer's move."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from openlsi.campaigns.register import Register
from openlsi.config.county import configuration_file
from openlsi.config.pack_recipients import FILE as RECIPIENTS
from openlsi.disclosure.releasing import record_release
from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED, Order
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.fingerprint import code_hash, fingerprint, package_versions
from openlsi.warehouse.generations import (
    Build,
    begun,
    building_folder,
    current_build,
    finish,
    point_at,
    prune,
    read_build,
    reported_build,
)
from openlsi.warehouse.landed import landing_state
from openlsi.warehouse.metricflow import MANIFEST
from openlsi.warehouse.project import project_directory, project_hash
from openlsi.warehouse.rewritten import rewritten_at

FAR_FUTURE = "2999-12-31 00:00:00"
_KEPT_GENERATIONS = 3
_CODE = ("warehouse", "disclosure", "config", "campaigns", "objectives")


@dataclass(frozen=True)
class BuildOutcome:
    """What `lsi build` did: the build that readers now open, and whether it was made just now."""

    build: Build
    is_new: bool


def base_fingerprint(home: Home) -> str:
    """Return the hash of what decides how rows are made: code, SQL, seeds, configuration."""
    return fingerprint(
        project=project_hash(project_directory()),
        code=code_hash(_CODE),
        districts=configuration_file(home, "districts.yml").read_text(encoding="utf-8"),
        own_configuration={
            str(path.relative_to(home.config)): path.read_text(encoding="utf-8")
            for path in sorted(home.config.rglob("*"))
            # Who may be sent a pack decides no row.
            if path.suffix in (".yml", ".csv") and path.name != RECIPIENTS
        },
        versions=package_versions(),
    )


def build_fingerprint(home: Home, links: Path, today: date, known_at: str, edition: str) -> str:
    """Return the hash of everything that decides what a build holds."""
    return fingerprint(
        landing=landing_state(home, datetime.fromisoformat(known_at)),
        links=links.name,
        base=base_fingerprint(home),
        campaigns=Register.read(home).state,
        today=today,
        known_at=known_at,
        edition=edition,
    )


def _previous(home: Home, before: Build | None, base: str, known_at: str) -> str:
    """Return the folder of a generation whose rows may be taken over, or nothing.

    Only figures as they are known now are built on figures as they were known when last built.
    """
    is_alike = before and before.base == base and before.known_at == known_at == FAR_FUTURE
    return str(home.current.resolve()) if is_alike else ""


def _run_child(order: Order, on_step: Callable[[str, float | None], None]) -> None:
    """Carry out the order in a child process; its last words decide whether it is a success."""
    command = [sys.executable, "-m", "openlsi.warehouse.building"]
    log = Path(order.folder) / "build.log"
    failed, done = None, False
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as child,
    ):
        assert child.stdin and child.stdout
        # A child that dies before it has read its order is told of by its exit code below.
        with suppress(BrokenPipeError):
            child.stdin.write(json.dumps(asdict(order)))
            child.stdin.close()
        for line in child.stdout:
            message = json.loads(line) if line.startswith("{") else {}
            failed = message.get("failed", failed)
            done = message.get("done", done)
            if "started" in message:
                on_step(message["started"], None)
            if "finished" in message:
                on_step(message["finished"], message["seconds"])
    if failed:
        raise WarehouseError(f"{failed}; the earlier generation stays in place")
    if child.returncode != 0 or not done:
        last = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
        raise WarehouseError(
            f"the build process ended with code {child.returncode}"
            f" ({last[-1] if last else 'no message'}); the earlier generation stays in place"
        )
    log.unlink()


def build(
    home: Home,
    *,
    links: Path,
    today: date,
    known_at: str = FAR_FUTURE,
    edition: str = "county",
    as_reported: str = "",
    force: bool = False,
    on_step: Callable[[str, float | None], None] = lambda _name, _seconds: None,
) -> BuildOutcome:
    """Build a generation from what is landed and point readers at it.

    Does nothing when the current generation has the same fingerprint. Where code and configuration
    are those of the current generation, its rows of unchanged months are taken over; with `force`
    everything is made anew. On any failure the pointer stays where it was and WarehouseError says
    why. A build with a name under `as_reported` is kept beside the others, and readers are not
    pointed at it.
    """
    if not as_reported:
        # Also where the process ended after the pointer had moved and before it was recorded.
        _record(home, edition)
    wanted = build_fingerprint(home, links, today, known_at, edition)
    before = reported_build(home, as_reported) if as_reported else current_build(home)
    if before and before.fingerprint == wanted and not force:
        return BuildOutcome(before, is_new=False)
    # The one use of the clock: it names the build and decides no figure.
    build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{wanted[:8]}"
    home.generations.mkdir(parents=True, exist_ok=True, mode=0o700)
    prune(home, _KEPT_GENERATIONS)
    folder = building_folder(home, build_id)
    base = base_fingerprint(home)
    is_on_top = not (force or as_reported)
    order = Order(
        home=str(home.root),
        project=str(project_directory()),
        folder=str(folder),
        build_id=build_id,
        fingerprint=wanted,
        links=str(links),
        today=today.isoformat(),
        known_at=known_at,
        edition=edition,
        base=base,
        previous=_previous(home, before, base, known_at) if is_on_top else "",
        as_reported=as_reported,
        must_go_out=_is_rewritten(home, before),
    )
    _run_child(order, on_step)
    generation = finish(home, folder, build_id)
    if not as_reported:
        point_at(home, build_id)
        _record(home, edition)
    prune(home, _KEPT_GENERATIONS)
    return BuildOutcome(read_build(generation), is_new=True)


def _is_rewritten(home: Home, before: Build | None) -> bool:
    """Say whether what was landed was rewritten since: readers open rows that must be gone."""
    rewritten = rewritten_at(home)
    return bool(before and rewritten and begun(before) <= rewritten)


def _record(home: Home, edition: str) -> None:
    """Record the figures that readers open now in the ledger of releases."""
    current = current_build(home)
    if current:
        publication = home.current.resolve() / PUBLISHED
        record_release(home, publication, current.build_id, edition)


def published_database(home: Home) -> Path:
    """Return the file that pages, the county and BI tools open, of the current generation.

    The path is the generation's own, not the pointer's: a reader that opens it twice while the
    pointer moves must not mix two builds.
    """
    if current_build(home) is None:
        raise WarehouseError("nothing is built yet; run `lsi build` first")
    return (home.current / PUBLISHED).resolve()


def dbt_manifest(database: Path) -> Path | None:
    """Return dbt's manifest of the generation that a published database is of.

    None where it may not be read: it is its owner's alone, as all of a generation but the
    publication, and whoever renders pages need not be the owner.
    """
    manifest = database.with_name(MANIFEST)
    return manifest if os.access(manifest, os.R_OK) else None
