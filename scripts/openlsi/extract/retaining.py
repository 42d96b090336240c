"""`lsi retain`: months past their feed's retention let go, and originals past their days.

Landing, quarantine, vault and originals of those months are removed; the ledger keeps its totals
and says what was let go. What later months still need of the vault is carried over to them. Linking
keys go from months that are past their sharing's retention, be it shorter than the feed's.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from openlsi.config import DeleteAfter, load_configuration
from openlsi.config.retention import first_kept
from openlsi.extract.chain import Ledger, now
from openlsi.extract.decided import drop_decisions
from openlsi.extract.limits import originals_of
from openlsi.extract.originals import loaded_copies, sealed_path
from openlsi.extract.rewriting import (
    Custody,
    custody,
    identity_table,
    landed_records,
    lay_identities,
)
from openlsi.extract.sharing_retention import PastLinks, past_links, told, write_without_links
from openlsi.home import Home
from openlsi.identity.retention import carried, find_needed


@dataclass(frozen=True)
class Released:
    """What goes of one feed of one district, and the months that it is of."""

    district: str
    feed: str
    first: date
    last: date
    extracts: int
    rows: int


@dataclass(frozen=True)
class EmptiedLinks:
    """Linking keys that go of one district by one sharing, and the months that they are of."""

    district: str
    sharing: str
    first: date
    last: date
    keys: int


@dataclass
class Retained:
    """What one run let go, or would: months by feed, linking keys by sharing, originals."""

    months: list[Released] = field(default_factory=list)
    links: list[EmptiedLinks] = field(default_factory=list)
    originals: dict[str, int] = field(default_factory=dict)

    @property
    def is_rewritten(self) -> bool:
        """Whether anything landed goes, so that what was built of it is out of date."""
        return bool(self.months or self.links)


def retain(home: Home, today: date, dry_run: bool = False) -> Retained:
    """Apply each feed's and each sharing's retention, and each district's choice for originals.

    A district at a time: its files first, then one line of the ledger; killed in between, run it
    again. Raises LsiError, with nothing changed of that district, for a wrong master key.
    """
    retained = Retained()
    ledger = Ledger.read(home)
    senders = {entry["district_code"] for entry in ledger.accepted()}
    for district in load_configuration(home).senders:
        if district.code not in senders:
            continue
        with custody(home, district.code) as opened:
            expired = _expired(opened, today)
            past = _past_links(opened, expired, today)
            retained.months += _told(opened, expired)
            retained.links += _emptied(opened, past)
            originals = _old_originals(opened, today, expired)
            if originals:
                retained.originals[district.name] = len(originals)
            if dry_run:
                continue
            # Before the line: killed in between, the months are still found by running again.
            for path in originals:
                path.unlink()
            if expired or past:
                _release(opened, expired, past, today)
    return retained


def _past_links(opened: Custody, expired: list[dict[str, Any]], today: date) -> list[PastLinks]:
    kept = [entry for entry in opened.entries if entry not in expired]
    return past_links(opened, kept, lambda month, kept_for: month < first_kept(today, kept_for))


def _emptied(opened: Custody, past: list[PastLinks]) -> list[EmptiedLinks]:
    return [
        EmptiedLinks(
            opened.district.name, name, date.fromisoformat(one["first_month"]),
            date.fromisoformat(one["last_month"]), one["keys"],
        )
        for name, one in told(past, opened.configuration).items()
    ]  # fmt: skip


def _expired(opened: Custody, today: date) -> list[dict[str, Any]]:
    feeds = opened.configuration.feeds
    return [
        entry
        for entry in opened.entries
        if entry["feed"] in feeds
        and date.fromisoformat(entry["month"])
        < first_kept(today, feeds[entry["feed"]].retention_months)
    ]


def _told(opened: Custody, expired: list[dict[str, Any]]) -> list[Released]:
    by_feed: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in expired:
        by_feed[entry["feed"]].append(entry)
    return [
        Released(
            opened.district.name, feed,
            date.fromisoformat(min(one["month"] for one in entries)),
            date.fromisoformat(max(one["month"] for one in entries)),
            len(entries), sum(one["accepted_rows"] for one in entries),
        )
        for feed, entries in sorted(by_feed.items())
    ]  # fmt: skip


def _old_originals(opened: Custody, today: date, expired: list[dict[str, Any]]) -> list[Path]:
    """Return the originals that go: of months let go, and those older than the district keeps."""
    old = {entry["extract_id"] for entry in expired}
    choice = originals_of(opened.district, opened.limits)
    if isinstance(choice, DeleteAfter):
        last = today - timedelta(days=choice.delete_after_days)
        old |= {
            entry["extract_id"]
            for entry in opened.entries
            if datetime.fromisoformat(entry["loaded_at"]).date() < last
        }
    # One file may restate several months: it stays for as long as one of them does.
    kept = {
        file["sha256"]
        for entry in opened.entries
        if entry["extract_id"] not in old
        for file in entry["files"]
    }
    hashes = {
        file["sha256"]
        for entry in opened.entries
        if entry["extract_id"] in old
        for file in entry["files"]
    }
    slug = opened.district.slug
    sealed = [sealed_path(opened.home, slug, extract) for extract in sorted(old)]
    copies = loaded_copies(opened.home.inbox / slug, hashes - kept, opened.limits.files)
    return [*(path for path in sealed if path.exists()), *copies]


def _release(
    opened: Custody, expired: list[dict[str, Any]], past: list[PastLinks], today: date
) -> None:
    released = {entry["extract_id"] for entry in expired}
    kept = [entry for entry in opened.entries if entry["extract_id"] not in released]
    segments = opened.segments()
    takers = _takers(opened, kept, segments, released)
    emptied = {(one.entry["extract_id"], one.record): one.columns for one in past}
    rewritten = {extract for extract, _ in emptied} | set(takers)
    for entry in kept:
        extract = entry["extract_id"]
        if extract not in rewritten:
            continue
        for record in entry["records"]:
            source = opened.home.landing / record["path"]
            target = opened.next_revision(source, entry)
            if columns := emptied.get((extract, record["record"])):
                write_without_links(opened.connection, columns, source, target)
            else:
                shutil.copyfile(source, target)
        opened.seal(opened.keys, entry, takers.get(extract, segments[extract]))
    left = {e["extract_id"]: takers.get(e["extract_id"], segments[e["extract_id"]]) for e in kept}
    # Before the line, as originals are: nobody would look for them after it.
    drop_decisions(opened, segments, left)
    event = _event(opened, expired, kept, rewritten, today)
    opened.commit(event | {"sharings": told(past, opened.configuration)})


def _takers(
    opened: Custody,
    kept: list[dict[str, Any]],
    segments: dict[str, dict[str, pa.Table]],
    released: set[str],
) -> dict[str, dict[str, pa.Table]]:
    """Return the segments of the extracts that take over what is needed of those released."""
    takers: dict[str, dict[str, pa.Table]] = {}
    if not released:
        return takers
    every = landed_records(opened, opened.entries)
    lay_identities(opened, every, segments)
    staying = {landed.name: landed for landed in landed_records(opened, kept)}
    records = [staying.get(landed.name, landed.without_files()) for landed in every]
    find_needed(opened.connection, records, released)
    for landed in records:
        table = carried(opened.connection, landed)
        if table.num_rows:
            taker = _taker(kept, landed.name.partition("__")[0])
            tables = takers.setdefault(taker["extract_id"], dict(segments[taker["extract_id"]]))
            name = identity_table(*landed.name.split("__"))
            own = [tables[name]] if name in tables else []
            tables[name] = pa.concat_tables([*own, table], promote_options="default")
    return takers


def _taker(kept: list[dict[str, Any]], feed: str) -> dict[str, Any]:
    """Return the extract that takes over what is needed: the earliest of the feed, or of any."""
    own = [entry for entry in kept if entry["feed"] == feed] or kept
    return min(own, key=lambda entry: (entry["month"], entry["sequence"]))


def _event(
    opened: Custody,
    expired: list[dict[str, Any]],
    kept: list[dict[str, Any]],
    rewritten: set[str],
    today: date,
) -> dict[str, Any]:
    feeds = {
        one.feed: {
            "first_month": one.first.isoformat(),
            "last_month": one.last.isoformat(),
            "retention_months": opened.configuration.feeds[one.feed].retention_months,
            "extracts": one.extracts,
            "accepted_rows": one.rows,
            "accepted_gbp": f"{_pounds(expired, one.feed):.2f}",
        }
        for one in _told(opened, expired)
    }
    return {
        "event": "months_released",
        "district_code": opened.district.code,
        "recorded_at": now(),
        "today": today.isoformat(),
        "feeds": feeds,
        "released": sorted(entry["extract_id"] for entry in expired),
        "revised": {
            entry["extract_id"]: {"revision": entry["revision"] + 1}
            for entry in kept
            if entry["extract_id"] in rewritten
        },
    }


def _pounds(entries: list[dict[str, Any]], feed: str) -> Decimal:
    return sum((Decimal(e["accepted_gbp"]) for e in entries if e["feed"] == feed), Decimal(0))
