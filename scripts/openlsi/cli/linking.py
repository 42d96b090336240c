"""Which files and vaults a link set is made from, and whether it has to be made again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openlsi.config import Configuration, District, load_configuration
from openlsi.extract.chain import Ledger
from openlsi.extract.district_keys import district_keys
from openlsi.extract.landing import stored_name
from openlsi.extract.ledger import accepted_extracts, in_force_at
from openlsi.extract.match_rate_holds import hold_fallen_match_rates
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.identity import sharing
from openlsi.identity.keys import MasterKey, master_key
from openlsi.identity.linkage import RULES_VERSION, LinkedSet, Zone, link, read_linked
from openlsi.identity.linkage_limits import load_linkage_limits
from openlsi.identity.linkage_rates import extract_match_rates
from openlsi.identity.linkage_review import read_decisions
from openlsi.identity.person_model import model
from openlsi.identity.person_records import Decision, DistrictVault, People
from openlsi.identity.vault import Vault
from openlsi.warehouse.fingerprint import fingerprint

# Which extracts a link set was made from, so that the next one knows what has come since.
_EXTRACTS = "extracts.json"


@dataclass(frozen=True)
class LinkOutcome:
    """The link set of the landing in force, whether it was made just now, and what it held."""

    folder: Path
    person_count: int
    benefit_unit_count: int
    review_count: int
    is_new: bool
    held: tuple[dict[str, Any], ...] = ()


def link_landing(home: Home, known_at: datetime | None = None) -> LinkOutcome:
    """Link the extracts in force, unless the set for exactly these is there already.

    `known_at` asks for those that were in force at an instant: figures as they were reported then
    need the households of then, under the rules of today. A change of `sharings` in districts.yml
    makes another set: what may meet is decided here.
    """
    in_force = [
        row
        for row in accepted_extracts(home).to_pylist()
        if (row["is_in_force"] if known_at is None else in_force_at(row, known_at))
    ]
    landed: dict[tuple[str, str], list[Path]] = {}
    for extract in in_force:
        for record in extract["records"]:
            path = home.landing / record["path"]
            landed.setdefault((extract["feed"], record["record"]), []).append(path)
    limits = load_linkage_limits(home)
    configuration = load_configuration(home)
    decided = {
        district.code: [asdict(told) for told in district_decisions(home, district)]
        for district in configuration.districts
    }
    sharings = sharings_of_pupils(configuration)
    name = fingerprint(
        rules=(RULES_VERSION, sharing.RULES_VERSION, *sharings),
        limits=limits.model_dump(),
        model=model() if limits.names else None,
        decided=decided,
        files=sorted(str(path.relative_to(home.landing)) for of in landed.values() for path in of),
    )[:16]
    folder = home.links / name
    # The pupils are written last, so that a set without them is one that was not finished.
    if (folder / sharing.FILE).exists():
        return _outcome(read_linked(folder), is_new=False)
    vaults = district_vaults(home, configuration) if limits.names and in_force else ()
    zone = Zone(vaults, people_of(home), limits)
    previous = _latest(home) if known_at is None else None
    linked = link(home, name, landed, zone, previous)
    if known_at is None:
        held = _hold_fallen(home, configuration, folder, previous)
        if held:
            # They are out of force now: the set made with them is not the one to build from.
            shutil.rmtree(folder)
            again = link_landing(home)
            return replace(again, held=(*held, *again.held))
        ids = sorted(extract["extract_id"] for extract in in_force)
        (folder / _EXTRACTS).write_text(json.dumps(ids), encoding="ascii")
        (folder / _EXTRACTS).chmod(0o600)
    sharing.link_pupils(folder, landed, is_shared=bool(sharings))
    return _outcome(linked, is_new=True)


def _hold_fallen(
    home: Home, configuration: Configuration, folder: Path, previous: Path | None
) -> list[dict[str, Any]]:
    """Hold what came since the link set before and meets its households less; return the events.

    A first link set has nothing to be less than.
    """
    if previous is None:
        return []

    def rates(entries: list[dict[str, Any]]) -> dict[str, Decimal]:
        files: dict[tuple[str, str], list[Path]] = {}
        for entry in entries:
            for record in entry["records"]:
                path = home.landing / record["path"]
                files.setdefault((entry["feed"], record["record"]), []).append(path)
        return extract_match_rates(folder, files)

    linked_before = frozenset(json.loads((previous / _EXTRACTS).read_text(encoding="ascii")))
    return hold_fallen_match_rates(home, configuration, linked_before, rates)


def sharings_of_pupils(configuration: Configuration) -> list[str]:
    """Return the sharings by which pupils may meet households: none, or the one named for it."""
    named = configuration.sharings.get(sharing.FREE_SCHOOL_MEALS)
    return [sharing.FREE_SCHOOL_MEALS] if named and set(named.feeds) >= sharing.FEEDS else []


def _outcome(linked: LinkedSet, *, is_new: bool) -> LinkOutcome:
    return LinkOutcome(
        linked.folder, linked.person_count, linked.benefit_unit_count, linked.review_count, is_new
    )


def _latest(home: Home) -> Path | None:
    """Return the link set made last of what is in force, not of what was reported once."""
    made = [path.parent for path in home.links.glob(f"[!.]*/{_EXTRACTS}")]
    return max(made, key=lambda path: path.stat().st_mtime, default=None)


def people_of(home: Home) -> People:
    """Return which identifiers of each record describe whom."""
    return {
        (feed, record): {role: person.model_dump() for role, person in told.people.items()}
        for feed, definition in load_feed_definitions(home).items()
        for record, told in definition.records.items()
    }


def district_vaults(home: Home, configuration: Configuration) -> Iterator[DistrictVault]:
    """Open the vault of each district that has sent anything, one at a time."""
    master = master_key(home, configuration.is_demo)
    ledger = Ledger.read(home)
    for district in configuration.districts:
        accepted = [e for e in ledger.accepted() if e["district_code"] == district.code]
        if accepted:
            yield open_vault(home, master, ledger, district, accepted)


def open_vault(
    home: Home,
    master: MasterKey,
    ledger: Ledger,
    district: District,
    accepted: list[dict[str, Any]],
) -> DistrictVault:
    """Return what linkage reads of one district's vault."""
    keys = district_keys(master, district, ledger)
    vault = Vault(home.vault / district.slug, keys)
    sealed = vault.open_all(stored_name(entry) for entry in accepted)
    identities = {
        (feed, record): tables
        for name, tables in sealed.items()
        if name.startswith("identity_")
        for feed, record in [name.removeprefix("identity_").split("__", 1)]
    }
    return DistrictVault(district.code, identities, keys, district_decisions(home, district))


def district_decisions(home: Home, district: District) -> list[Decision]:
    """Return what reviewers decided of a district's people."""
    return read_decisions(home.vault / district.slug)
