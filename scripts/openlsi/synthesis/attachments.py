"""Which accounts are paid by deductions from earnings or from benefits, month by month.

A district says it on the account: whatever year of account the liability order was made for.
"""

from __future__ import annotations

import numpy as np

from openlsi.synthesis.accounts import ATTACHMENT
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.recovery import DEDUCTION

NO_ATTACHMENT, FROM_EARNINGS, FROM_BENEFITS = range(3)


def attachments(made: MadeDistrict, position: Position, unread: Ints | None = None) -> Ints:
    """Return for each account shown whether deductions are made, and from what.

    `unread` are balances, counted through the years of account, whose stage nobody can know.
    """
    a = made.accounts
    is_attached = a.payment_method == ATTACHMENT
    account = np.concatenate([rows.account for rows in position.balances])
    is_chased = np.concatenate([rows.stage == DEDUCTION for rows in position.balances])
    if unread is not None:
        is_chased[unread] = False
    is_attached[account[is_chased]] = True
    # Those who earn have their earnings attached; the benefits of the others are deducted from.
    household = np.maximum(a.household, 0)
    earns = (a.household < 0) | (made.circumstances.earnings_pct[household] > 0)
    kind = np.where(is_attached, np.where(earns, FROM_EARNINGS, FROM_BENEFITS), NO_ATTACHMENT)
    return np.asarray(kind[position.accounts], dtype=np.int64)
