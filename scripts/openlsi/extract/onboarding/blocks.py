"""Columns that a wide file repeats, once a year: `CY Balance`, `PY1 Balance`, …."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from dataclasses import dataclass

from openlsi.extract.onboarding.profile import ColumnProfile

PLACE = "{block}"
# Fewer columns that repeat together are chance: “Claimant DOB”, “Partner DOB”.
_FEWEST_COLUMNS = 5


@dataclass(frozen=True)
class Blocks:
    """The blocks in the order of the header, and what each of them has, as `{block} Balance`."""

    blocks: list[str]
    columns: list[str]

    def names(self) -> set[str]:
        """Return the names of the file's columns that stand in blocks."""
        return {c.replace(PLACE, block) for block in self.blocks for c in self.columns}


def find_blocks(header: list[str]) -> Blocks | None:
    """Return the columns that repeat under a first or a last word of their own, if any do."""
    candidates = [found for at in (0, -1) if (found := _repeated(header, at)) is not None]
    return max(candidates, key=lambda found: len(found.columns), default=None)


def _repeated(header: list[str], at: int) -> Blocks | None:
    words: dict[str, list[str]] = defaultdict(list)
    for name in header:
        parts = name.split(" ")
        if len(parts) > 1:
            word = parts.pop(at)
            rest = [PLACE, *parts] if at == 0 else [*parts, PLACE]
            words[" ".join(rest)].append(word)
    sets = Counter(tuple(found) for found in words.values() if len(found) > 1)
    if not sets:
        return None
    blocks, count = sets.most_common(1)[0]
    if count < _FEWEST_COLUMNS:
        return None
    return Blocks(list(blocks), [rest for rest, found in words.items() if tuple(found) == blocks])


def gathered(columns: dict[str, ColumnProfile], blocks: Blocks) -> dict[str, ColumnProfile]:
    """Return the columns of a file with those of all blocks taken together as one each."""
    own = blocks.names()
    found = {name: column for name, column in columns.items() if name not in own}
    for name in blocks.columns:
        parts = [columns[name.replace(PLACE, block)] for block in blocks.blocks]
        found[name] = _together(name, parts)
    return found


def _together(name: str, parts: list[ColumnProfile]) -> ColumnProfile:
    """Return several columns as one, its rows the filled ones: a block may be missing."""
    counts: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for part in parts:
        counts.update(part.counts)
        codes.update(part.codes)
    filled = sum(part.filled for part in parts)
    return dataclasses.replace(
        parts[0], name=name, rows=filled, filled=filled, padded=sum(part.padded for part in parts),
        distinct=max(part.distinct for part in parts), counts=dict(counts),
        codes=dict(codes.most_common()), rare=sum(part.rare for part in parts),
        open_ends=sorted({end for part in parts for end in part.open_ends}),
    )  # fmt: skip
