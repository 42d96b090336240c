"""What a person says of a month: hold it, release it, or that a change is to be expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openlsi.config import District, load_configuration
from openlsi.extract.alone import alone
from openlsi.extract.chain import Ledger, now
from openlsi.extract.holding import ANNOUNCED, RELEASED, held_event
from openlsi.extract.keyed_chain import ledger_key
from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.patterns import parse_month
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home


@dataclass(frozen=True)
class Asked:
    """A month of a feed of a district, as the user named it."""

    district: District
    feed: str
    month: date

    def __str__(self) -> str:
        return f"{self.district.slug} {self.feed} {self.month:%Y-%m}"


def read_asked(home: Home, district: str, feed: str, month: str) -> Asked:
    """Return what was named; raise ExtractError where there is no such district, feed or month."""
    configuration = load_configuration(home)
    found = configuration.district(district)
    if found is None:
        slugs = ", ".join(each.slug for each in configuration.senders)
        raise ExtractError(f"{district}: no such district; there are {slugs}")
    if feed not in found.feeds:
        raise ExtractError(
            f"{feed}: {found.name} sends no such feed; it sends {', '.join(found.feeds)}"
        )
    parsed = parse_month(month)
    if parsed is None:
        raise ExtractError(f"{month}: not a month; write it as 2026-10")
    return Asked(found, feed, parsed)


def release(home: Home, asked: Asked, by: str, why: str) -> dict[str, Any]:
    """Let a held extract count from now on; return the event."""
    with _deciding(home, by, why) as ledger:
        entry = _only(
            home, asked, lambda row: row["is_held"], "nothing is held; `lsi holds` lists what is"
        )
        event = _event(RELEASED, "released_at", asked, by, why) | {"extract_id": entry}
        ledger.append([event])
        return event


def hold(home: Home, asked: Asked, by: str, why: str) -> dict[str, Any]:
    """Take the extract in force out of every later build, until it is released."""
    with _deciding(home, by, why) as ledger:
        entry = _only(
            home, asked, lambda row: row["is_in_force"],
            "no extract is in force; `lsi status` tells what is",
        )  # fmt: skip
        event = held_event({"extract_id": entry, **_slot(asked)}, [], by.strip(), why.strip())
        ledger.append([event])
        return event


def announce(home: Home, asked: Asked, by: str, why: str) -> dict[str, Any]:
    """Say beforehand that a month will move beyond its limits, so that it is not held."""
    with _deciding(home, by, why) as ledger:
        if any(row["is_held"] for row in _rows(home, asked)):
            raise ExtractError(f"{asked}: it is held already; look at it, then `lsi release` it")
        event = _event(ANNOUNCED, "announced_at", asked, by, why)
        ledger.append([event])
        return event


def held_months(home: Home) -> list[dict[str, Any]]:
    """Return the extracts that wait for a person: whose, which month, since when and why."""
    return [
        {
            **{name: row[name] for name in ("district_code", "feed", "month", "extract_id")},
            "held_at": row["holds"][-1]["held_from"] or row["loaded_at"],
            "why": row["holds"][-1]["why"],
        }
        for row in accepted_extracts(home).to_pylist()
        if row["is_held"]
    ]


@contextmanager
def _deciding(home: Home, by: str, why: str) -> Iterator[Ledger]:
    for option, text in (("--by", by), ("--why", why)):
        if not text.strip():
            raise ExtractError(f"{option}: found nothing; expected who decides, and why")
    with alone(home):
        key = ledger_key(home, load_configuration(home))
        yield Ledger.read(home, repair=True).keyed_with(key)


def _rows(home: Home, asked: Asked) -> list[dict[str, Any]]:
    slot = (asked.district.code, asked.feed, asked.month)
    return [
        row
        for row in accepted_extracts(home).to_pylist()
        if (row["district_code"], row["feed"], row["month"]) == slot
    ]


def _only(
    home: Home, asked: Asked, wanted: Callable[[dict[str, Any]], bool], otherwise: str
) -> str:
    """Return the id of the last extract of the month that is wanted."""
    found = [str(row["extract_id"]) for row in _rows(home, asked) if wanted(row)]
    if not found:
        raise ExtractError(f"{asked}: {otherwise}")
    return found[-1]


def _event(name: str, at: str, asked: Asked, by: str, why: str) -> dict[str, Any]:
    return {
        "event": name,
        **_slot(asked),
        at: now(),
        "by": by.strip(),
        "why": why.strip(),
    }


def _slot(asked: Asked) -> dict[str, str]:
    return {
        "feed": asked.feed,
        "district_code": asked.district.code,
        "month": asked.month.isoformat(),
    }


def age_in_days(held_at: datetime, today: date) -> int:
    """Return how long a month has waited."""
    return (today - held_at.date()).days
