"""Children and other adults of CTS households, one after the other, as claims list them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openlsi.synthesis.circumstances import MOST_CHILDREN
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.names import FEMALE, MALE
from openlsi.synthesis.plan import NEVER, Bools, Ints


@dataclass(frozen=True)
class Members:
    """Parallel arrays, one entry a child or other adult, ordered by claim.

    `forename` points into `people.FORENAMES`; `number` counts them within the claim from 1. Names
    follow from claim and birth day, so that every feed gives a child the same one.
    """

    claim: Ints
    number: Ints
    birth: Ints
    is_adult: Bools
    is_female: Bools
    forename: Ints

    def of(self, claim: Ints) -> tuple[Ints, Ints]:
        """Return for some claims the place of each in the question, and the member, in order."""
        first = np.searchsorted(self.claim, claim)
        counts = np.searchsorted(self.claim, claim, side="right") - first
        asked = np.repeat(np.arange(len(claim)), counts)
        within = np.arange(len(asked)) - np.repeat(np.cumsum(counts) - counts, counts)
        return asked, np.repeat(first, counts) + within


def list_members(made: MadeDistrict) -> Members:
    """List the children and other adults of every claim of a district."""
    circumstances = made.circumstances
    birth = np.concatenate([circumstances.child_birth, circumstances.adult_birth], axis=1)
    claim, slot = np.nonzero(birth < NEVER)
    born = birth[claim, slot]
    is_female = (born + claim) % 2 == 0
    drawn = (born * 7 + claim * 3) % 997
    names = np.where(is_female, drawn % len(FEMALE), len(FEMALE) + drawn % len(MALE))
    first = np.searchsorted(claim, claim)
    return Members(
        claim=claim.astype(np.int64),
        number=np.asarray(np.arange(len(claim)) - first + 1, dtype=np.int64),
        birth=born,
        is_adult=slot >= MOST_CHILDREN,
        is_female=is_female,
        forename=names.astype(np.int64),
    )
