"""Which files a link set is made from, and whether it has to be made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from openlsi.extract.ledger import accepted_extracts
from openlsi.home import Home
from openlsi.identity.linkage import RULES_VERSION, link
from openlsi.warehouse.fingerprint import fingerprint


@dataclass(frozen=True)
class LinkOutcome:
    """The link set of the landing in force, and whether it was made just now."""

    folder: Path
    person_count: int
    benefit_unit_count: int
    is_new: bool


def link_landing(home: Home) -> LinkOutcome:
    """Link the extracts in force, unless the set for exactly these is there already."""
    in_force = [row for row in accepted_extracts(home).to_pylist() if row["is_in_force"]]
    # By path, which tells one revision of an extract from another: keys may be made anew.
    paths = sorted(record["path"] for row in in_force for record in row["records"])
    name = fingerprint(rules=RULES_VERSION, files=paths)[:16]
    folder = home.links / name
    if folder.exists():
        counts = [
            pq.read_metadata(folder / f"{file}.parquet").num_rows
            for file in ("person", "benefit_unit")
        ]
        return LinkOutcome(folder, counts[0], counts[1], is_new=False)
    landed: dict[tuple[str, str], list[Path]] = {}
    for extract in in_force:
        for record in extract["records"]:
            path = home.landing / record["path"]
            landed.setdefault((extract["feed"], record["record"]), []).append(path)
    linked = link(home, name, landed)
    return LinkOutcome(linked.folder, linked.person_count, linked.benefit_unit_count, is_new=True)
