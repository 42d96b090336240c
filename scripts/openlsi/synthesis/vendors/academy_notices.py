"""Years of account as Academy holds them: several notices each, which add up to the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from openlsi.synthesis.district import BalanceRows
from openlsi.synthesis.faults import Planted, Table
from openlsi.synthesis.plan import Ints, year_start

BILL, ADJUSTMENT, COSTS = 1, 2, 3


@dataclass(frozen=True)
class Notices:
    """Parallel arrays, one entry a notice, those of a year of account one after the other.

    `owner` is the place of the year among the month's balances; money in pence.
    """

    owner: Ints
    account: Ints
    kind: Ints
    notice_from: Ints
    debit: Ints
    benefit: Ints
    costs: Ints
    write_off: Ints
    balance: Ints


def notices_of(balances: Sequence[BalanceRows], account_start: Ints) -> Notices:
    """Return the notices: a bill, for some an adjustment of it, and the costs of a summons.

    A third of accounts were billed a tenth too much before, and had it taken back.
    """

    def every(name: str) -> Ints:
        return np.concatenate([getattr(rows, name) for rows in balances])

    account, gross, costs = every("account"), every("gross"), every("costs")
    years = np.concatenate([np.full(len(rows.account), rows.year) for rows in balances])
    opens = np.array([year_start(year) for year in range(years.min(), years.max() + 1)])
    first = np.maximum(opens[years - years.min()], account_start[account])
    back = np.where(account % 3 == 0, -(gross // 10), 0)
    rows = np.arange(len(account))
    adjusted, charged = np.flatnonzero(back), np.flatnonzero(costs)
    owner = np.concatenate([rows, adjusted, charged])
    kind = np.repeat([BILL, ADJUSTMENT, COSTS], [len(rows), len(adjusted), len(charged)])
    order = np.argsort(owner, kind="stable")
    owner, kind = owner[order], kind[order]

    def by_kind(of_bill: Ints, of_adjustment: Ints, of_costs: Ints) -> Ints:
        return np.choose(kind - BILL, [of_bill[owner], of_adjustment[owner], of_costs[owner]])

    nothing = np.zeros_like(gross)
    return Notices(
        owner=owner,
        account=account[owner],
        kind=kind,
        notice_from=first[owner],
        debit=by_kind(gross - back, back, nothing),
        benefit=by_kind(every("ctr"), nothing, nothing),
        costs=by_kind(nothing, nothing, costs),
        write_off=by_kind(every("write_off"), nothing, nothing),
        balance=by_kind(every("balance") - back - costs, back, costs),
    )


def whole_years(
    planted: Sequence[Planted], notices: Notices, pence: Ints, table: Table
) -> list[Planted]:
    """Return the faults notice by notice: a bad one sets its whole year of account aside.

    The pounds of the year stand with its first notice; `pence` are those of each year.
    """
    found: list[Planted] = []
    for one in planted:
        if one.kind.record != "balance":
            found.append(one)
            continue
        lines = np.flatnonzero(notices.owner == one.row).tolist()
        total = one.pence
        if one.kind.how == "repeat":
            total = int(pence[one.row] + notices.balance[lines[-1]])
            lines.append(one.line)
        is_elsewhere = one.table is not table
        found += [
            replace(
                one,
                table=one.table if is_elsewhere else table,
                line=one.line if is_elsewhere else line,
                own_table=table,
                own_line=line,
                pence=total if place == 0 else 0,
            )
            for place, line in enumerate(lines)
        ]
    return found
