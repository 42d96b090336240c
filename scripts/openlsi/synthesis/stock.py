"""What the clean rows of a district amount to at each month's end: households and dwellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Planted
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.posting import IN_PAYMENT
from openlsi.synthesis.truth import spoilt_rows

STOCK = pa.schema(
    [
        ("district_code", pa.string()),
        ("month", pa.date32()),
        ("household_count", pa.int64()),
        ("cts_household_count", pa.int64()),
        ("account_count", pa.int64()),
        ("dwelling_count", pa.int64()),
    ]
)
DWELLINGS = pa.schema(
    [
        ("district_code", pa.string()),
        ("first_month", pa.date32()),
        ("last_month", pa.date32()),
        ("dwelling_count", pa.int64()),
    ]
)


class Stock:
    """Counts households and dwellings month by month, without the rows that were spoilt.

    A household is a claim with its accounts, or the people of an account without a claim. It is
    there at a month's end with an account that is open or an award in payment.
    """

    def __init__(self, made: MadeDistrict) -> None:
        self._made = made
        self._rows: list[dict[str, Any]] = []
        self._first = np.full(len(made.dwellings.uprn), -1)
        self._last = np.full(len(made.dwellings.uprn), -1)

    def note(self, position: Position, planted: Mapping[str, Sequence[Planted]]) -> None:
        """Count one month; `planted` are the faults, by feed, of its extracts in force."""
        made, a, month = self._made, self._made.accounts, position.month
        accounts = np.delete(position.accounts, spoilt_rows(planted["council_tax"], "account"))
        is_good = np.ones(len(position.awards.claim), dtype=np.bool_)
        is_good[spoilt_rows(planted["cts"], "award")] = False
        awards = position.awards
        in_payment = is_good & (awards.status == IN_PAYMENT) & (awards.end >= month.end)
        claims = np.unique(awards.claim[in_payment])
        is_open = a.end[accounts] > month.end
        dwellings = np.unique(a.dwelling[accounts])
        self._seen(dwellings, len(self._rows))
        self._rows.append(
            {
                "district_code": made.district.code,
                "month": month.first,
                "household_count": len(np.union1d(self._owners(accounts[is_open]), claims)),
                "cts_household_count": len(claims),
                "account_count": len(accounts),
                "dwelling_count": len(dwellings),
            }
        )

    def _owners(self, accounts: Ints) -> Ints:
        """Return each account's claim; those without one are numbered on from the claims."""
        claim = self._made.accounts.household[accounts]
        return np.where(claim >= 0, claim, len(self._made.households) + accounts)

    def _seen(self, dwellings: Ints, place: int) -> None:
        is_new = self._first[dwellings] < 0
        self._first[dwellings[is_new]] = place
        self._last[dwellings] = place

    def rows(self) -> list[dict[str, Any]]:
        """Return the counts of each month."""
        return self._rows

    def dwellings(self) -> list[dict[str, Any]]:
        """Return how many dwellings were seen from which month to which."""
        seen = self._first >= 0
        spans = Counter(zip(self._first[seen].tolist(), self._last[seen].tolist(), strict=True))
        months = [row["month"] for row in self._rows]
        return [
            {
                "district_code": self._made.district.code,
                "first_month": months[first],
                "last_month": months[last],
                "dwelling_count": count,
            }
            for (first, last), count in sorted(spans.items())
        ]
