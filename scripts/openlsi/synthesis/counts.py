"""What each record of an extract comes to once its spoilt rows are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from openlsi.synthesis.attachments import NO_ATTACHMENT, attachments
from openlsi.synthesis.district import BalanceRows, MadeDistrict, Position
from openlsi.synthesis.faults import Planted, Table
from openlsi.synthesis.households import EMPTY, NO_DISCOUNT
from openlsi.synthesis.plan import Ints, Month
from openlsi.synthesis.posting import AwardRows
from openlsi.synthesis.truth import spoilt_rows


def account_count(
    made: MadeDistrict,
    position: Position,
    planted: Sequence[Planted],
    table: Table,
    says_attachment: bool = False,
) -> dict[str, Any]:
    """Return the count of accounts, which have no control column.

    `says_attachment`: the file itself tells which accounts are paid by deductions; otherwise only
    the recovery stage of their balances does.
    """
    spoilt = spoilt_rows(planted, "account")
    return {
        "record": "account",
        "file_name": table.file_name,
        "physical_rows": len(table.lines),
        "planted_rows": len([p for p in planted if p.kind.record == "account"]),
        "clean_rows": len(position.accounts) - len(spoilt),
        "measures": _reliefs(
            made, position, spoilt, None if says_attachment else spoilt_rows(planted, "balance")
        ),
    }


def _reliefs(
    made: MadeDistrict, position: Position, spoilt: Ints, unread: Ints | None
) -> dict[str, tuple[int, int]]:
    """Return how many open accounts there are: discounted, exempt, paid by deductions."""
    a, shown, end = made.accounts, position.accounts, position.month.end
    is_counted = a.end[shown] > end
    is_counted[spoilt] = False
    own = shown[is_counted]
    discount = np.where(a.phase_day[own] <= end, a.discount_later[own], a.discount[own])
    attached = attachments(made, position, unread)[is_counted]
    return {
        "open_accounts": (len(own), 0),
        "discounted_accounts": (int((~np.isin(discount, [NO_DISCOUNT, EMPTY])).sum()), 0),
        "exempt_accounts": (int((a.exemption[own] > 0).sum()), 0),
        "attached_accounts": (int((attached != NO_ATTACHMENT).sum()), 0),
    }


def balance_count(
    file_name: str, position: Position, spoilt: Ints, physical: int, planted: int
) -> dict[str, Any]:
    """Return the count of balances and the pounds of the clean ones."""
    pence = all_balances(position.balances)
    parts = [_parts(rows, position.month) for rows in position.balances]
    every = {
        f"clean_{name}_gbp": np.concatenate([part[name] for part in parts]) for name in parts[0]
    }
    every["clean_gbp"] = pence
    return {
        "record": "balance",
        "file_name": file_name,
        "physical_rows": physical,
        "planted_rows": planted,
        "clean_rows": len(pence) - len(spoilt),
        **{name: int(values.sum() - values[spoilt].sum()) for name, values in every.items()},
    }


def _parts(rows: BalanceRows, month: Month) -> dict[str, Ints]:
    """Return what each balance is made of, in pence: payments meet the charge, then the costs."""
    is_this_year = rows.year == month.year
    charge = rows.gross - rows.discount - rows.ctr
    settled = rows.paid + rows.write_off
    unpaid = np.maximum(charge - settled, 0)
    overdue = np.clip(rows.due - settled, 0, unpaid)
    beyond_charge = np.maximum(settled - charge, 0)
    costs = np.maximum(rows.costs - beyond_charge, 0)
    nothing = np.zeros_like(charge)
    return {
        "overdue": overdue,
        "not_yet_due": unpaid - overdue,
        "costs": costs,
        "credit": np.maximum(beyond_charge - rows.costs, 0),
        # QRC4 counts the year's own charge among the arrears on 31 March only.
        "qrc4_arrears": unpaid + costs if month.number == 12 or not is_this_year else nothing,
        "net_collectable_debit": charge if is_this_year else nothing,
        "receipts_to_date": rows.paid,
        "receipts_in_month": rows.paid_month,
        "write_off_to_date": rows.write_off,
        "write_off_in_month": rows.write_off_month,
    }


def award_count(
    file_name: str, awards: AwardRows, planted: Sequence[Planted], table: Table
) -> dict[str, Any]:
    """Return the count of awards and the pounds of the clean ones."""
    spoilt = spoilt_rows(planted, "award")

    def clean(values: Ints) -> int:
        return int(values.sum() - values[spoilt].sum())

    return {
        "record": "award",
        "file_name": file_name,
        "physical_rows": len(table.lines),
        "planted_rows": len(planted),
        "clean_rows": len(awards.claim) - len(spoilt),
        "clean_gbp": clean(awards.weekly_award),
        "clean_accrued_gbp": clean(awards.accrued),
        "clean_retrospective_gbp": clean(awards.adjustment),
        "clean_posted_gbp": clean(awards.posted),
    }


def all_balances(balances: Sequence[BalanceRows]) -> Ints:
    """Return the balances of every year, this year's first, in pence."""
    return np.concatenate([rows.balance for rows in balances])
