"""What each month's extract says of the awards: rows, credits posted, corrections, accrual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from openlsi.synthesis.awards import Segments
from openlsi.synthesis.households import Households
from openlsi.synthesis.plan import OPEN, Bools, Ints, Month, Plan, year_start

IN_PAYMENT, SUSPENDED, ENDED = 1, 2, 9


@dataclass(frozen=True)
class AwardRows:
    """The award rows of one month's extract; money in pence. `end` is OPEN until known."""

    segment: Ints
    claim: Ints
    account: Ints
    end: Ints
    is_only_row: Bools
    is_last_row: Bools
    status: Ints
    posted: Ints
    adjustment: Ints
    accrued: Ints
    weekly_award: Ints


def account_of_segment(segments: Segments, second_account: Ints) -> Ints:
    """Return the account that each award period is credited to."""
    claim = segments.claim
    return np.where(segments.account_number > 0, second_account[claim], claim)


def posted_to_date(
    plan: Plan, segments: Segments, account: Ints, account_count: int
) -> Iterator[Ints]:
    """Yield, month by month, each account's CTS credited in the council tax year so far.

    Credits are posted to 31 March at the start of an award and at annual billing, and the
    unexpired part is taken back when an award ends or changes.
    """
    for index, month in enumerate(plan.run_months):
        own = np.flatnonzero((segments.year == month.year) & (segments.known <= index))
        closes = year_start(month.year + 1) - 1
        end = np.where(segments.to_known[own] <= index, segments.end[own], closes)
        days = np.minimum(end, closes) - segments.start[own] + 1
        pence = segments.weekly_award[own] * days / 7
        sums = np.bincount(account[own], weights=pence, minlength=account_count)
        yield np.round(sums).astype(np.int64)


def award_rows(
    index: int,
    month: Month,
    h: Households,
    segments: Segments,
    account: Ints,
    posted_by_claim: Ints,
) -> AwardRows:
    """Return the rows of one month: every award period with a day in it, as known at its end."""
    s = segments
    is_shown = (s.known <= index) & (
        (s.to_known > index) | ((s.to_known == index) & (s.end >= month.start))
    )
    shown = np.flatnonzero(is_shown)
    claim = s.claim[shown]
    end = np.where(s.to_known[shown] <= index, s.end[shown], OPEN)
    is_last = np.concatenate([claim[1:] != claim[:-1], [True]]) if len(claim) else claim == 0
    is_first = np.concatenate([[True], claim[1:] != claim[:-1]]) if len(claim) else claim == 0
    days = np.minimum(end, month.end) - np.maximum(s.start[shown], month.start) + 1
    suspended = h.suspended_from[claim]
    is_suspended = (suspended <= month.end) & (suspended > month.start - 60)
    status = np.where(h.claim_end[claim] <= month.end, ENDED, IN_PAYMENT)
    return AwardRows(
        segment=shown,
        claim=claim,
        account=account[shown],
        end=end,
        is_only_row=is_last & is_first,
        is_last_row=is_last,
        status=np.where((status == IN_PAYMENT) & is_suspended, SUSPENDED, status),
        posted=np.where(is_last, posted_by_claim[claim], 0),
        adjustment=np.where(is_last, _adjustments(index, month, s)[shown], 0),
        accrued=rounded_sevenths(s.weekly_award[shown] * days),
        weekly_award=s.weekly_award[shown],
    )


def rounded_sevenths(pence_days: Ints) -> Ints:
    """Return pence-a-week × days ÷ 7, rounded half away from zero as a decimal type would."""
    sign = np.sign(pence_days)
    return np.asarray(sign * ((2 * np.abs(pence_days) + 7) // 14), dtype=np.int64)


def _adjustments(index: int, month: Month, s: Segments) -> Ints:
    """Return entitlement recognised now for days before the month, by award period."""
    is_late = (s.known == index) & (s.start < month.start)
    before = np.concatenate([[0], s.weekly_award[:-1]])
    difference = s.weekly_award - np.where(s.is_first, 0, before)
    return np.where(is_late, rounded_sevenths(difference * (month.start - s.start)), 0)
