"""Where a row stands among its peers, from values that are already disclosed or official."""

from __future__ import annotations

from collections.abc import Sequence

from openlsi.disclosure.spec import Position
from openlsi.disclosure.wording import quoted

SUFFIXES = ("rank", "of", "quartile", "q1", "median", "q3")


def position_names(position: Position) -> list[str]:
    """Return the columns that a position adds, in order."""
    return [f"{position.prefix}_{suffix}" for suffix in SUFFIXES]


def position_columns(positions: Sequence[Position], *, one_owner_only: bool = False) -> list[str]:
    """Return the select expressions of all positions over the rows of one table.

    Rank 1 is the highest value, or the lowest where `descending` is false; equal values share a
    rank. Quartile 1 is always the lowest quarter. Quartile lines are exact (interpolated). A row
    without a shown value, or outside `only`, has no rank, but sees the lines of its group.
    """
    chosen: list[str] = []
    for position in positions:
        if one_owner_only:
            # A place among one is no place.
            chosen += [f"null as {quoted(name)}" for name in position_names(position)]
        else:
            chosen += _one_position(position)
    return chosen


def _one_position(position: Position) -> list[str]:
    value = quoted(position.value)
    ranked = f"{value} is not null" + (f" and {quoted(position.only)}" if position.only else "")
    group = ", ".join(quoted(name) for name in position.within) or "true"
    over_group = f"filter (where {ranked}) over (partition by {group})"
    # The lines are kept to six places so that a build on another machine gives the same bytes.
    lines = {
        name: f"round(quantile_cont(cast({value} as double), {share}) {over_group}, 6)"
        for name, share in (("q1", 0.25), ("median", 0.5), ("q3", 0.75))
    }
    direction = "desc" if position.descending else "asc"
    rank = f"rank() over (partition by {group}, {ranked} order by {value} {direction})"
    quarter = " + ".join(
        f"cast({value} > {expression} as integer)" for expression in lines.values()
    )
    expressions = [
        f"case when {ranked} then {rank} end",
        f"count(*) {over_group}",
        f"case when {ranked} then 1 + {quarter} end",
        *lines.values(),
    ]
    return [
        f"{expression} as {quoted(name)}"
        for expression, name in zip(expressions, position_names(position), strict=True)
    ]
