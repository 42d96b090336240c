"""When each version of a month counts: from when it was known, while no later one is, unless held.

Pure functions over times. An instant is in a span from its start up to, not including, its end; an
end of None is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

Span = tuple[datetime, datetime | None]
Hold = tuple[datetime | None, datetime | None]


def known_spans(arrived: datetime, holds: Sequence[Hold]) -> list[Span]:
    """Return when an extract that arrived at an instant could count, its holds left out.

    Holds come in order. One that begins with None was made when the extract was accepted: it is
    unknown until its release, whatever the sender's clock says.
    """
    spans: list[Span] = []
    start = arrived
    for held_from, held_to in holds:
        if held_from is not None and held_from > start:
            spans.append((start, held_from))
        if held_to is None:
            return spans
        start = max(start, held_to)
    return [*spans, (start, None)]


def periods(versions: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return when each version of one month is in force; no two ever are at one instant.

    `versions` are the spans in which each could count, the sender's order first to last: of
    several that could, the last one does.
    """
    edges = sorted({edge for spans in versions for span in spans for edge in span if edge})
    found: list[list[Span]] = [[] for _ in versions]
    for start, end in pairwise([*edges, None]):
        assert start is not None
        counting = [at for at, spans in enumerate(versions) if _covers(spans, start)]
        if not counting:
            continue
        own = found[counting[-1]]
        if own and own[-1][1] == start:
            own[-1] = (own[-1][0], end)
        else:
            own.append((start, end))
    return found


def _covers(spans: Sequence[Span], instant: datetime) -> bool:
    return any(start <= instant and (end is None or instant < end) for start, end in spans)
