"""The pattern behind a file's name: what in it is the district, and what the month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from openlsi.config import District
from openlsi.extract.patterns import match_name, parse_month, written_name

# Digits that are neither month nor time differ from file to file.
_OTHER_DIGITS = re.compile(r"[0-9]{3,}")


@dataclass(frozen=True)
class NamePattern:
    """A pattern, the name that the file must have to fit it, and the month that it is of."""

    pattern: str
    name: str
    month: date | None


def infer_pattern(file_name: str, district: District, feed: str, month: date | None) -> NamePattern:
    """Return the pattern of a file's name; where it says no month, a pattern to rename it by."""
    pattern = re.sub(r"[{}]", "", file_name)
    places = {"code": district.code, "slug": district.slug, "name": district.name}
    for place, text in places.items():
        pattern, count = re.subn(re.escape(text), f"{{{place}}}", pattern, count=1, flags=re.I)
        if count:
            break
    pattern = re.sub(r"(?<![0-9])[0-9]{8}T[0-9]{6}(?![0-9])", "{produced}", pattern, count=1)
    found = None
    for place, form in (("yyyymm", r"[0-9]{6}"), ("yyyy-mm", r"[0-9]{4}-[0-9]{2}")):
        for match in re.finditer(rf"(?<![0-9]){form}(?![0-9-])", pattern):
            if found is None and parse_month(match[0]):
                found = parse_month(match[0])
                pattern = pattern[: match.start()] + f"{{{place}}}" + pattern[match.end() :]
                break
    facts = match_name(pattern, file_name) if found else None
    if facts is None or _OTHER_DIGITS.search(pattern) or (month and month != found):
        suffix = file_name.rpartition(".")[2].casefold()
        pattern = f"{{slug}}_{feed}_{{yyyymm}}.{suffix}"
        return NamePattern(pattern, written_name(pattern, district, month), month)
    return NamePattern(pattern, file_name, found)
