"""File-name patterns: `{slug}_cts_{yyyymm}_hbclaim.csv` says whose file it is, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from openlsi.config import District

_PLACES = {
    "slug": r"(?P<slug>[A-Za-z][A-Za-z0-9-]*?)",
    "code": r"(?P<code>[A-Z]\d{8})",
    "name": r"(?P<name>.+?)",
    "yyyymm": r"(?P<month>\d{6})",
    "yyyy-mm": r"(?P<month>\d{4}-\d{2})",
    "produced": r"(?P<produced>\d{8}T\d{6})",
    # A re-issue is numbered in the name; which one counts is for the time of production to say.
    "issue": r"(?:\.R(?P<issue>\d{1,3}))?",
}
_PLACE = re.compile(r"\{([^}]*)\}")
# What file managers and office programs leave beside the files of whoever looks at them.
_JUNK = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx"})
_LOCKS = ("~$", ".")
_EXAMPLE_MONTH, _EXAMPLE_PRODUCED = date(2026, 4, 1), "20260502T060000"


@dataclass(frozen=True)
class NameFacts:
    """What a file name says: who sent it, for which month, when it was produced."""

    districts: tuple[str, ...]
    month: date | None
    produced_at: datetime | None
    issue: int = 1


def is_junk(name: str) -> bool:
    """Return whether a file or folder of this name is no part of what anybody sent."""
    return name.casefold() in _JUNK or name.startswith(_LOCKS)


def check_pattern(pattern: str) -> None:
    """Raise ValueError if a pattern holds an unknown place or the same place twice."""
    places = _PLACE.findall(pattern)
    unknown = sorted(set(places) - set(_PLACES))
    if unknown:
        raise ValueError(f"pattern {pattern!r}: unknown {unknown}; known: {sorted(_PLACES)}")
    _compiled(pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = _PLACE.split(pattern)
    text = "".join(_PLACES[p] if i % 2 else re.escape(p) for i, p in enumerate(parts))
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"pattern {pattern!r}: {error}") from None


def match_name(pattern: str, file_name: str) -> NameFacts | None:
    """Return what a file name says if it has this pattern, else None."""
    match = _compiled(pattern).fullmatch(file_name)
    if match is None:
        return None
    found = match.groupdict()
    month = parse_month(found["month"]) if found.get("month") else None
    if found.get("month") and month is None:
        return None
    districts = tuple(found[place] for place in ("slug", "code", "name") if found.get(place))
    produced_at = parse_produced(found.get("produced") or "")
    return NameFacts(districts, month, produced_at, int(found.get("issue") or 1))


def written_name(pattern: str, district: District, month: date | None) -> str:
    """Return the name that a district's file of a month would have, as far as that is known."""
    known = {"slug": district.slug, "code": district.code, "name": district.name, "issue": ""}
    if month:
        known |= {"yyyymm": f"{month:%Y%m}", "yyyy-mm": f"{month:%Y-%m}"}
    return _PLACE.sub(lambda place: known.get(place[1], place[0]), pattern)


def example_name(pattern: str, district: District) -> str:
    """Return a name that a district's file could have, for whoever has to name one."""
    return written_name(pattern, district, _EXAMPLE_MONTH).replace("{produced}", _EXAMPLE_PRODUCED)


def parse_month(text: str) -> date | None:
    """Return the first day of the month written as 202610 or 2026-10, or None."""
    digits = text.replace("-", "")
    if not re.fullmatch(r"[0-9]{6}", digits) or not 1 <= int(digits[4:]) <= 12:
        return None
    year = int(digits[:4])
    return date(year, int(digits[4:]), 1) if 1990 <= year <= 2100 else None


def parse_produced(text: str) -> datetime | None:
    """Return the time written as 20261101T093000, or None."""
    if not re.fullmatch(r"[0-9]{8}T[0-9]{6}", text):
        return None
    try:
        # Senders give no zone; their word is kept as it is.
        return datetime.strptime(text, "%Y%m%dT%H%M%S")
    except ValueError:
        return None
