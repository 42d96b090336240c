"""The totals that two sides of a publish must agree on: rows, and sums of every exact decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openlsi.bi.relations import Table, quoted


@dataclass(frozen=True)
class Totals:
    """The rows of a table, and what each of its columns of decimals adds up to."""

    rows: int
    sums: dict[str, Decimal]

    @property
    def amounts(self) -> Decimal:
        """All sums together: of no meaning but to tell one publish's rows from another's."""
        return sum(self.sums.values(), Decimal(0))

    def difference(self, other: Totals) -> str:
        """Say where the other side differs from this one."""
        if self.rows != other.rows:
            return f"the warehouse has {self.rows} rows, the copy {other.rows}"
        name = next(name for name, value in self.sums.items() if other.sums[name] != value)
        here, there = self.sums[name], other.sums[name]
        return f"{name} adds up to {here} in the warehouse, to {there} in the copy"


def totals_query(table: Table, source: str, where: str) -> str:
    """Return a query for one row, the totals of a table, which both engines run."""
    sums = "".join(f", sum({quoted(name)})" for name in table.amounts)
    return f"select count(*){sums} from {source}{f' where {where}' if where else ''}"


def totals_of(table: Table, row: Sequence[Any]) -> Totals:
    """Return the totals in a row of `totals_query`; a sum of nothing is nought."""
    count, *sums = row
    return Totals(
        int(count),
        {
            name: Decimal(str(value)) if value is not None else Decimal(0)
            for name, value in zip(table.amounts, sums, strict=True)
        },
    )
