"""`lsi erase`: one person taken out of a district's landing and vault, and known again by marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from openlsi.extract.chain import now
from openlsi.extract.decided import drop_decisions
from openlsi.extract.erased_totals import gone_rows, physical_rows, without
from openlsi.extract.landing import unfinished, writing
from openlsi.extract.layouts import load_layouts
from openlsi.extract.originals import loaded_copies, sealed_path
from openlsi.extract.people import record_people
from openlsi.extract.rewriting import (
    Custody,
    custody,
    landed_records,
    lay_identities,
    record_of,
)
from openlsi.home import Home
from openlsi.identity.erased_rows import (
    LandedRecord,
    affected_extracts,
    drop_identities,
    find_rows,
    kept_identities,
    rows_not_theirs,
    write_without,
)
from openlsi.identity.erasure import Sought, find_person, tombstones
from openlsi.identity.tombstones import pads, segment_name


@dataclass(frozen=True)
class Erased:
    """What an erasure came to: counts, and nothing that tells the person."""

    district: str
    identities: int
    extracts: int
    rows: int
    rows_kept: int
    originals: int
    decisions: int
    is_done: bool
    cohort_rows: int = 0


# Takes the households of rows that go out of what is kept outside landing, or with True only counts
# them; returns how many. It raises before it has changed anything.
Forget = Callable[[Custody, Sequence[LandedRecord], bool], int]


def erase_person(
    home: Home,
    slug_or_code: str,
    sought: Sought,
    by: str,
    why: str,
    dry_run: bool = False,
    forget: Forget = lambda opened, records, dry_run: 0,
) -> Erased:
    """Erase one person from a district: files first, then one line of the ledger.

    Rows that the person leads go, with their case; where somebody else leads, the person's keys,
    ages and identifiers are emptied. Marks are kept under a key of their own, so that no later file
    brings the person back. `forget` is asked before the line, so that a killed run asks again.
    Raises ErasureError, with nothing changed, where nobody or more than one person answers to
    `sought`.
    """
    with custody(home, slug_or_code) as opened:
        segments = opened.segments()
        records = landed_records(opened, opened.entries)
        lay_identities(opened, records, segments)
        found = find_person(opened.connection, sought)
        find_rows(opened.connection, records)
        for landed in records:
            drop_identities(opened.connection, landed)
        kept = {
            e["extract_id"]: _kept(opened, e, segments[e["extract_id"]]) for e in opened.entries
        }
        changed = affected_extracts(opened.connection, records) | {
            extract for extract, tables in kept.items() if tables != segments[extract]
        }
        entries = [entry for entry in opened.entries if entry["extract_id"] in changed]
        work = _Work(entries, records, segments, kept, found)
        return _erase(opened, work, (by, why), dry_run, forget)


@dataclass(frozen=True)
class _Work:
    """What one erasure changes: the extracts, what they have landed, and the vault's tables."""

    entries: list[dict[str, Any]]
    records: list[LandedRecord]
    segments: dict[str, dict[str, pa.Table]]
    kept: dict[str, dict[str, pa.Table]]
    found: int


def _kept(
    opened: Custody, entry: dict[str, Any], tables: dict[str, pa.Table]
) -> dict[str, pa.Table]:
    """Return what is left of an extract's segment."""
    kept = {}
    for name, table in tables.items():
        found = record_of(name)
        if found is None:
            left = rows_not_theirs(opened.connection, table)
        else:
            people = record_people(opened.spec(*found), opened.record(*found))
            left = kept_identities(opened.connection, people, entry["extract_id"])
            left = left.select([c for c in table.column_names if c in left.column_names])
        if left.num_rows:
            kept[name] = left
    return kept


def _erase(
    opened: Custody, work: _Work, said: tuple[str, str], dry_run: bool, forget: Forget
) -> Erased:
    layouts = load_layouts(opened.home, opened.definitions)
    entries, name = work.entries, opened.district.name
    gone = {
        e["extract_id"]: gone_rows(opened.connection, work.records, layouts, e) for e in entries
    }
    rows = sum(physical_rows(one) for one in gone.values())
    emptied = _emptied(opened, work.records)
    if dry_run:
        cohort_rows = forget(opened, work.records, True)
        return Erased(name, work.found, len(entries), rows, emptied, 0, 0, False, cohort_rows)
    _write(opened, work)
    number = len(opened.ledger.events("person_erased")) + 1
    _seal_tombstones(opened, number)
    # Before the line: killed in between, the person is still found and erased by running again.
    cohort_rows = forget(opened, work.records, False)
    originals = _remove_originals(opened, entries)
    decisions = drop_decisions(opened, work.segments, work.kept)
    opened.commit(
        {
            "event": "person_erased",
            "district_code": opened.district.code,
            "by": said[0],
            "why": said[1],
            "recorded_at": now(),
            "tombstones": segment_name(number),
            "identities": work.found,
            "rows": rows,
            "rows_kept": emptied,
            "originals": originals,
            "decisions": decisions,
            "cohort_rows": cohort_rows,
            "revised": {e["extract_id"]: without(e, gone[e["extract_id"]]) for e in entries},
        }
    )
    return Erased(
        name, work.found, len(entries), rows, emptied, originals, decisions, True, cohort_rows
    )


def _write(opened: Custody, work: _Work) -> None:
    """Write landing and vault of the extracts without the person, under their next revision."""
    by_name = {landed.name: landed for landed in work.records}
    for entry in work.entries:
        for record in entry["records"]:
            source = opened.home.landing / record["path"]
            target = opened.next_revision(source, entry)
            landed = by_name[f"{entry['feed']}__{record['record']}"]
            write_without(opened.connection, landed, entry["extract_id"], source, target)
        opened.seal(opened.keys, entry, work.kept[entry["extract_id"]])


def _emptied(opened: Custody, records: list[LandedRecord]) -> int:
    counts = [
        opened.connection.execute(f"select count(*) from {r.affected} where not is_gone").fetchone()
        for r in records
    ]
    return sum(int(count[0]) for count in counts if count)


def _seal_tombstones(opened: Custody, number: int) -> None:
    marks = tombstones(opened.connection, pads(opened.keys))
    name = segment_name(number)
    path = opened.vault.segment_path(name)
    opened.written[path] = unfinished(path)
    with writing(path):
        opened.written[path].write_bytes(opened.vault.seal(name, {"tombstone": marks}))


def _remove_originals(opened: Custody, entries: list[dict[str, Any]]) -> int:
    """Remove the sealed originals of these extracts, and their files in the inbox."""
    hashes = {file["sha256"] for entry in entries for file in entry["files"]}
    removed = 0
    for entry in entries:
        path = sealed_path(opened.home, opened.district.slug, entry["extract_id"])
        if path.exists():
            path.unlink()
            removed += 1
    for path in loaded_copies(
        opened.home.inbox / opened.district.slug, hashes, opened.limits.files
    ):
        path.unlink()
        removed += 1
    return removed
