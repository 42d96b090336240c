"""The command `lsi load`: everything in the inbox that is new, committed line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openlsi.config import Configuration, District, load_configuration, seals
from openlsi.extract.alone import alone, tidied
from openlsi.extract.chain import Ledger, now
from openlsi.extract.decisions import undecided
from openlsi.extract.delivery import Inbox, refuse_unmatched, scan_inbox
from openlsi.extract.district_keys import check_key_id, district_keys
from openlsi.extract.hold_limits import load_hold_limits
from openlsi.extract.holding import Standing
from openlsi.extract.keyed_chain import ledger_key
from openlsi.extract.landing import remove_strays
from openlsi.extract.layouts import Layout, load_layouts
from openlsi.extract.limits import Limits, load_limits, originals_of
from openlsi.extract.official import load_official
from openlsi.extract.originals import (
    Original,
    check_recipients,
    sealed_path,
    take_out,
    take_out_archives,
)
from openlsi.extract.records import FeedDefinition, load_feed_definitions
from openlsi.extract.refusals import ExtractError, RefusedFileError
from openlsi.extract.session import Outcome, Task
from openlsi.extract.versions import Held
from openlsi.extract.workers import run_tasks
from openlsi.home import Home
from openlsi.identity.keys import master_key

Tick = Callable[[int], None]


@dataclass
class LoadReport:
    """What one run did."""

    accepted: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    refused: list[RefusedFileError] = field(default_factory=list)
    unchanged: int = 0
    sealed: int = 0
    bytes: int = 0

    @property
    def rows(self) -> int:
        """Physical rows accepted."""
        return sum(int(event["accepted_rows"]) for event in self.accepted)

    @property
    def quarantined(self) -> int:
        """Physical rows set aside."""
        return sum(int(event["quarantined_rows"]) for event in self.accepted)


def load(
    home: Home,
    district: str | None = None,
    why: str | None = None,
    begin: Callable[[int], Tick] | None = None,
) -> LoadReport:
    """Load what is new in the inbox and return what was done.

    `district` is a slug or code to keep to; `why` declares other content for a loaded month as a
    re-issue. `begin` gets the bytes to come and returns what is called with bytes done.
    Raises LsiError only where nothing can be loaded at all; refused files are in the report.
    """
    configuration = load_configuration(home)
    definitions = load_feed_definitions(home)
    layouts = load_layouts(home, definitions)
    _check_districts(configuration, layouts)
    only = _slug(configuration, district)
    limits = load_limits(home)
    sealing = [d for d in configuration.senders if seals(originals_of(d, limits))]
    check_recipients(d for d in sealing if only in (None, d.slug))
    with alone(home), tidied(home):
        ledger = _opened_ledger(home, configuration)
        remove_strays(home, ledger.accepted())
        inbox = scan_inbox(home, configuration, layouts, limits.files, only)
        tick = begin(_size(inbox)) if begin else _ignore
        standing = Standing.of(ledger, load_hold_limits(home), configuration)
        run = _Run(home, configuration, ledger, limits, standing, LoadReport(), tick)
        for refusal in inbox.refusals:
            run.refuse(refusal, "")
        if any(inbox.deliveries.values()):
            run_tasks(run.tasks(inbox, layouts, definitions, why), run.limits.processes, run.commit)
        run.settle_unmatched(inbox, layouts)
        for outcome in load_official(home, inbox.official, ledger, why, limits.files):
            run.commit([outcome])
        run.report.sealed += take_out_archives(run.sealed, limits.files)
    return run.report


def _opened_ledger(home: Home, configuration: Configuration) -> Ledger:
    """Return the ledger to write to; raises ExtractError for another master key than its own."""
    ledger = Ledger.read(home, repair=True)
    master = master_key(home, configuration.is_demo)
    for sender in configuration.senders:
        district_keys(master, sender, ledger)
    return ledger.keyed_with(ledger_key(home, configuration))


@dataclass
class _Run:
    home: Home
    configuration: Configuration
    ledger: Ledger
    limits: Limits
    standing: Standing
    report: LoadReport
    tick: Tick
    sealed: list[Path] = field(default_factory=list)

    def tasks(
        self, inbox: Inbox, layouts: dict[str, Layout], definitions: dict[str, FeedDefinition],
        why: str | None,
    ) -> list[Task]:  # fmt: skip
        """Return the work of each district that has deliveries."""
        master = master_key(self.home, self.configuration.is_demo)
        tasks = []
        for code, deliveries in inbox.deliveries.items():
            district = self.configuration.district(code)
            assert district is not None
            used = {name: layouts[name] for name in district.feeds.values()}
            check_key_id(district, self.ledger)
            keys = district_keys(master, district, self.ledger)
            tasks.append(
                Task(
                    self.home, district, keys, used,
                    {layout.feed: definitions[layout.feed] for layout in used.values()},
                    deliveries, self.accepted_of(code), self.limits.memory_limit,
                    self.configuration.links_of(district), why,
                    district.original_recipient if self._seals(district) else None,
                    *self._gone_from(code), self.limits.files,
                )
            )  # fmt: skip
        return tasks

    def _gone_from(self, code: str) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return the marks of people erased from a district, and the last month let go by feed."""
        erasures = [e["tombstones"] for e in self.ledger.events("person_erased")
                    if e["district_code"] == code]  # fmt: skip
        released = {
            feed: one["last_month"]
            for event in self.ledger.events("months_released")
            if event["district_code"] == code
            for feed, one in event["feeds"].items()
        }
        return tuple(erasures), released

    def accepted_of(self, code: str) -> list[dict[str, Any]]:
        """Return what the ledger holds of one district."""
        return [entry for entry in self.ledger.accepted() if entry["district_code"] == code]

    def commit(self, outcomes: list[Outcome]) -> None:
        """Write accepted extracts and new refusals to the ledger with one flush."""
        accepted = [outcome.accepted for outcome in outcomes if outcome.accepted]
        # A file of a history is known once its own month is written, so that comes last.
        arriving = [
            event
            for outcome in outcomes
            if outcome.accepted
            for event in [*outcome.restated, outcome.accepted]
        ]
        # One flush for both: no extract is ever accepted and not yet judged.
        held = self.standing.judge(arriving)
        self.ledger.append([*arriving, *held])
        self.report.accepted += accepted
        self.report.held += held
        sealed = [one for outcome in outcomes for one in outcome.sealed]
        self.report.sealed += take_out(sealed)
        self.sealed += [path for path, _ in sealed]
        for outcome in outcomes:
            self.report.bytes += outcome.bytes
            self.tick(outcome.bytes)
            if outcome.refused:
                self.refuse(outcome.refused, outcome.content_hash)
            elif outcome.accepted is None:
                self.report.unchanged += 1

    def refuse(self, refusal: RefusedFileError, content_hash: str) -> None:
        """Report a refusal; the ledger takes each once, so that a re-run does not grow it."""
        self.report.refused.append(refusal)
        text = f"{refusal}/{content_hash}"
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        if fingerprint not in self.ledger.refusals():
            self.ledger.append(
                [{"event": "extract_refused", "refused_at": now(), "reason": refusal.for_ledger,
                  "content_hash": content_hash, "fingerprint": fingerprint}]
            )  # fmt: skip

    def settle_unmatched(self, inbox: Inbox, layouts: dict[str, Layout]) -> None:
        """Refuse files whose names say nothing, unless their bytes are loaded already."""
        for code, paths in inbox.unmatched.items():
            district = self.configuration.district(code)
            assert district is not None
            held = Held.of(self.accepted_of(code))
            for path in paths:
                try:
                    original = Original.read(path, self.home.inbox, self.limits.files)
                except RefusedFileError as refusal:
                    self.refuse(refusal, "")
                    continue
                digest = hashlib.sha256(original.content).hexdigest()
                if events := held.holding(digest):
                    self.report.unchanged += 1
                    self._take_out_sealed(district, original, events)
                    continue
                own = [layouts[name] for name in district.feeds.values()]
                self.refuse(refuse_unmatched(path, self.home.inbox, own, district), digest)

    def _seals(self, district: District) -> bool:
        return seals(originals_of(district, self.limits))

    def _take_out_sealed(
        self, district: District, original: Original, events: list[dict[str, Any]]
    ) -> None:
        """Remove a file whose bytes lie sealed in the vault already."""
        sealed = (sealed_path(self.home, district.slug, event["extract_id"]) for event in events)
        if self._seals(district) and any(path.exists() for path in sealed):
            self.report.sealed += take_out([(original.path, original.mark)])
            self.sealed.append(original.path)


def _ignore(done: int) -> None:
    """Show no progress."""


def _size(inbox: Inbox) -> int:
    """Return the bytes that outcomes will report as done: of deliveries and of workbooks."""
    sent = sum(d.bytes for deliveries in inbox.deliveries.values() for d in deliveries)
    return sent + sum(path.stat().st_size for path in inbox.official)


def _slug(configuration: Configuration, district: str | None) -> str | None:
    if district is None or district == "official":
        return district
    found = configuration.district(district)
    if found is None:
        slugs = ", ".join(each.slug for each in configuration.senders)
        raise ExtractError(f"--district {district}: no such district; there are {slugs}")
    return found.slug


def _check_districts(configuration: Configuration, layouts: dict[str, Layout]) -> None:
    for district in configuration.senders:
        for feed, name in district.feeds.items():
            _check_layout(district, feed, name, layouts)


def _check_layout(district: District, feed: str, name: str, layouts: dict[str, Layout]) -> None:
    if name not in layouts or layouts[name].feed != feed:
        fitting = ", ".join(n for n, layout in layouts.items() if layout.feed == feed)
        raise ExtractError(
            f"districts.yml: {district.name} sends {feed} in layout {name}, which is not a layout"
            f" of that feed; there are {fitting}"
        )
    left = undecided(layouts[name])
    if left:
        raise ExtractError(
            f"layout {name}: {district.name} sends {feed} in it, and {len(left)} points are still"
            f" to be decided, {left[0]} first; decide them where it says `decide`"
        )
