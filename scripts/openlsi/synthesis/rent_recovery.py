"""What a landlord does about rent arrears: stages, one step a month, and agreements to repay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from openlsi.synthesis.plan import OPEN, Bools, Ints, Month

if TYPE_CHECKING:
    from openlsi.synthesis.rent_books import Tenancies

# Stages in order, each with the weeks of rent that must be owed for it; eviction ends a tenancy.
STAGES = [
    "none", "reminder", "contact", "pre_action_letter", "notice_seeking_possession",
    "court_application", "suspended_order", "warrant", "eviction",
]  # fmt: skip
REFERRAL = len(STAGES)
_WEEKS_OWED = np.array([2, 3, 4, 6, 10, 13, 17])
NOTICE, COURT, WARRANT, EVICTION = 4, 5, 7, 8
_NOTICE_LASTS = 365
NO_AGREEMENT, KEPT, BROKEN, ENDED = range(4)
PERIODS = ["weekly", "fortnightly", "four_weekly", "monthly"]
_WEEKS_IN_PERIOD = np.array([1.0, 2.0, 4.0, 52 / 12])


@dataclass(frozen=True)
class Recovery:
    """How far recovery has gone with each account, since when, and whether advice was offered."""

    stage: Ints
    day: Ints
    is_referred: Bools

    @classmethod
    def at_first(cls, rng: np.random.Generator, balance: Ints, weekly: Ints, day: int) -> Recovery:
        """Return what has been done by a day about what is owed then."""
        owed = balance / np.maximum(weekly, 1)
        stage = np.minimum(np.searchsorted(_WEEKS_OWED, owed, side="right"), COURT + 1)
        count = len(balance)
        return cls(
            stage, day - rng.integers(1, 150, count), (stage > 1) & (rng.random(count) < 0.2)
        )

    @property
    def expiry(self) -> Ints:
        """Return when a notice lapses, OPEN for other stages."""
        return np.where(self.stage == NOTICE, self.day + _NOTICE_LASTS, OPEN)


@dataclass(frozen=True)
class Agreements:
    """The agreement of each account, if any; `end` is OPEN while it runs; instalments in pence."""

    status: Ints
    start: Ints
    end: Ints
    instalment: Ints
    period: Ints

    @classmethod
    def at_first(cls, rng: np.random.Generator, recovery: Recovery, day: int) -> Agreements:
        """Return the agreements that run on a day: half of those in recovery have one."""
        count = len(recovery.stage)
        is_made = (recovery.stage > 1) & (rng.random(count) < 0.5)
        return cls(
            status=np.where(is_made, KEPT, NO_AGREEMENT),
            start=day - rng.integers(1, 100, count),
            end=np.full(count, OPEN),
            instalment=rng.integers(4, 20, count) * 100,
            period=np.zeros(count, np.int64),
        )


def move_stages(
    rng: np.random.Generator,
    was: Recovery,
    balance: Ints,
    weekly: Ints,
    t: Tenancies,
    month: Month,
) -> Recovery:
    """Return recovery a month on: one step further where enough is owed, none where all is paid."""
    owed = balance / np.maximum(weekly, 1)
    reached = np.searchsorted(_WEEKS_OWED, owed, side="right")
    stage = np.where(reached > was.stage, was.stage + 1, was.stage)
    stage = np.where((was.stage == WARRANT) & (t.end <= month.end), EVICTION, stage)
    stage = np.where((owed < 1) | (t.start > month.end), 0, stage)
    is_new = stage > was.stage
    drawn = rng.integers(month.start, month.end + 1, len(t))
    is_open = is_new & (rng.random(len(t)) < 0.2)
    return Recovery(
        stage=stage,
        day=np.where(is_new, drawn, was.day),
        is_referred=(was.is_referred | is_open) & (stage > 0),
    )


def agreed_instalments(agreements: Agreements) -> Ints:
    """Return what kept agreements bring in a month, in pence."""
    a = agreements
    monthly = a.instalment * (52 / 12) / _WEEKS_IN_PERIOD[a.period]
    return np.where(a.status == KEPT, np.round(monthly), 0).astype(np.int64)


def move_agreements(
    rng: np.random.Generator,
    was: Agreements,
    balance: Ints,
    recovery: Recovery,
    is_poor_payer: Bools,
    month: Month,
) -> Agreements:
    """Return agreements a month on: some made, some broken, those of paid debts ended."""
    count = len(balance)
    draw, weekly = rng.random(count), rng.integers(4, 20, count) * 100
    period = rng.choice(len(PERIODS), count, p=[0.5, 0.15, 0.1, 0.25])
    is_running = was.status == KEPT
    is_paid = is_running & (balance <= 0)
    is_broken = is_running & ~is_paid & (draw < np.where(is_poor_payer, 0.15, 0.02))
    is_made = ~is_running & (recovery.stage >= 3) & (recovery.stage < EVICTION) & (draw > 0.8)
    status = np.where(is_running, KEPT, NO_AGREEMENT)
    status = np.where(is_made, KEPT, status)
    status = np.where(is_paid, ENDED, np.where(is_broken, BROKEN, status))
    made = replace(was, status=status)
    return replace(
        made,
        start=np.where(is_made, month.start + (draw * 1000).astype(np.int64) % 28, was.start),
        end=np.where(is_paid | is_broken, month.end, OPEN),
        instalment=np.where(
            is_made, np.round(weekly * _WEEKS_IN_PERIOD[period]), was.instalment
        ).astype(np.int64),
        period=np.where(is_made, period, was.period),
    )


def agreements_of_month(agreements: Agreements, is_held: Bools) -> Agreements:
    """Return agreements with those of accounts that are not in the extract taken out."""
    return replace(agreements, status=np.where(is_held, agreements.status, NO_AGREEMENT))
