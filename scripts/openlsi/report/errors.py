"""The one error of this area, which always knows where in the project it arose."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from openlsi.errors import LsiError


@dataclass(frozen=True)
class Place:
    """A line of a project file, as a reader would look it up."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class ReportError(LsiError):
    """A page, query or setting that cannot be rendered as written."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.message = message
        self.place = place


class NoSuchPageError(ReportError):
    """An address of a templated page for which none of the page's queries has a row."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a clause naming the known name most like `name`, for the end of a message."""
    candidates = sorted(set(known))
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.0)
    if not found:
        return "; there is none to choose from"
    return f"; the nearest name is {by_lower[found[0]]!r}"
