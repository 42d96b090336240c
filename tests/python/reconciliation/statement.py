"""A sentence about truth and warehouse, and the query that would contradict it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """A sentence and the query that returns the rows which contradict it."""

    sentence: str
    query: str


def equal(
    sentence: str, said: str, found: str, keys: Sequence[str], values: Sequence[str]
) -> Statement:
    """Return the statement that two queries give the same values for the same keys.

    A key on one side only is a contradiction, and so is a null on one side only.
    """
    joined = " and ".join(f"said.{key} is not distinct from found.{key}" for key in keys)
    differs = " or ".join(f"said.{value} is distinct from found.{value}" for value in values)
    told = ", ".join(
        [f"coalesce(said.{key}, found.{key}) as {key}" for key in keys]
        + [f"said.{value} as said_{value}, found.{value} as found_{value}" for value in values]
    )
    missing = f"said.{keys[0]} is null or found.{keys[0]} is null"
    return Statement(
        sentence,
        f"with said as ({said}), found as ({found})"
        f" select {told} from said full outer join found on {joined} where {missing} or {differs}",
    )
