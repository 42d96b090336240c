"""Which line of a made extract is whose: claims, and below each its members."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openlsi.synthesis.faults import Planted, Record
from openlsi.synthesis.housing_benefit import Rows
from openlsi.synthesis.plan import Bools, Ints
from openlsi.synthesis.truth import spoilt_rows


@dataclass(frozen=True)
class Laid:
    """For each line the claim's row (−1 for a member) and the line of the claim it belongs to."""

    row: Ints
    parent: Ints
    member_count: Ints

    @classmethod
    def of(cls, rows: Rows, asked: Ints, order: Ints) -> Laid:
        """Lay claims and members out: `order` takes claims first, then members `asked` of them."""
        claims = len(rows.claim)
        owner = np.concatenate([np.arange(claims), asked])[order]
        is_claim = order < claims
        line_of_claim = np.flatnonzero(is_claim)
        return cls(
            row=np.where(is_claim, owner, -1),
            parent=line_of_claim[owner],
            member_count=np.bincount(asked, minlength=claims)[owner],
        )

    @property
    def is_member(self) -> Bools:
        """Whether each line is a member's."""
        return self.row < 0

    def records(self, pence: Ints) -> dict[str, Record]:
        """Return the records as faults see them.

        Only claims without members are spoilt, and members alone in their claim: what is set aside
        then takes no other line with it.
        """
        claims = np.flatnonzero(~self.is_member & (self.member_count == 0))
        members = np.flatnonzero(self.is_member & (self.member_count == 1))
        return {
            "claim": Record("shbe", claims, pence, {"43": pence}),
            "member": Record("shbe", members, lines={"shbe": self.parent}),
        }

    def good_claims(self, planted: list[Planted]) -> Bools:
        """Return which rows of the claims are neither spoilt nor left out."""
        left_out = [self.parent[p.row] for p in planted if p.kind.how == "drop"]
        bad = np.concatenate([spoilt_rows(planted, "claim"), np.array(left_out, np.int64)])
        is_good = np.ones(int(np.sum(~self.is_member)), dtype=np.bool_)
        is_good[self.row[bad]] = False
        return is_good

    def good_members(self, planted: list[Planted]) -> int:
        """Return how many members' lines are good."""
        return int(self.is_member.sum()) - len(spoilt_rows(planted, "member"))
