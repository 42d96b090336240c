"""Which packs there are, and those that go: past their day, or from before an erasure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openlsi.config import Configuration
from openlsi.extract.chain import Ledger
from openlsi.home import Home
from openlsi.packs.access_log import BUILT, OPENED, REFUSED, REMOVED, AccessLog, note
from openlsi.packs.building import SUFFIX
from openlsi.packs.opening import is_outdated
from openlsi.packs.words import printable


@dataclass(frozen=True)
class KeptPack:
    """One pack as the log tells of it, and whether its file is still in its place."""

    event: Mapping[str, Any]
    path: Path
    opened_count: int

    @property
    def is_there(self) -> bool:
        """Whether the sealed file lies where packs are kept."""
        return self.path.is_file()


def kept_packs(home: Home) -> list[KeptPack]:
    """Return every pack of the log, oldest first."""
    log = AccessLog.read(home).log
    opened = [event["pack"] for event in log.of(OPENED)]
    return [
        KeptPack(event, home.packs / event["district"] / event["file"], opened.count(event["pack"]))
        for event in log.of(BUILT)
    ]


def unlogged(home: Home) -> list[Path]:
    """Return the sealed files that no line of the log tells of: the log has lost its end."""
    known = {pack.path for pack in kept_packs(home)}
    return sorted(path for path in home.packs.glob(f"*/*{SUFFIX}") if path not in known)


def clear(home: Home, configuration: Configuration, today: date) -> Iterator[KeptPack]:
    """Remove the packs past their day, or from before an erasure in their district; yield each."""
    ledger = Ledger.read(home)
    codes = {district.slug: district.code for district in configuration.districts}
    for pack in kept_packs(home):
        event = pack.event
        is_past = today > date.fromisoformat(event["delete_by"])
        code = codes.get(event["district"], "")
        if pack.is_there and (is_past or is_outdated(ledger, code, event["at"])):
            pack.path.unlink()
            note(
                home, REMOVED, pack=event["pack"], district=event["district"],
                why="past its day" if is_past else "somebody was erased since",
            )  # fmt: skip
            yield pack


def event_words(event: Mapping[str, Any]) -> str:
    """Return one line of the log in words; what somebody typed reaches no terminal as it is."""
    return printable(_event_words(event))


def _event_words(event: Mapping[str, Any]) -> str:
    kind = event["event"]
    if kind == BUILT:
        return (
            f"built    {event['pack']}  {event['district']}, {event['household_count']:,}"
            f" households ({event['request']}), for {event['purpose']}, by {event['by']}, sealed to"
            f" {', '.join(event['readers'])}"
        )
    if kind == OPENED:
        return (
            f"opened   {event['pack']}  {event['district']}, for {event['purpose']}, by"
            f" {event['by']}, with the key of {event['reader']}"
        )
    if kind == REFUSED:
        return f"refused  {event['file']}, for {event['purpose']}, by {event['by']}"
    return f"removed  {event['pack']}  {event['district']}: {event['why']}"
