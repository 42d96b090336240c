"""Who is on Universal Credit, from when to when, and the assessment periods of each claim."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from openlsi.synthesis.circumstances import MOST_CHILDREN, MOST_OTHER_ADULTS
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import NEVER, Bools, Ints, Month

_LONG_AGO = -40_000
NO_CLAIM = -1


@dataclass(frozen=True)
class Claims:
    """Parallel arrays, one entry a Universal Credit claim: first those with CTS, then the others.

    `household` is the CTS claim, NO_CLAIM for those who asked for support and have none. `opens`
    is the first date of entitlement where it lies in the window, `shown_from` and `shown_to` the
    days between which the claim is shared with the district, `day` the day of the month on which
    its assessment periods begin. From `phase_day` on the later partner holds, from `move_day` on
    the second account; from `hours_day` on so many hundredths of the earnings are lost.
    """

    household: Ints
    account: Ints
    second_account: Ints
    move_day: Ints
    lead: Ints
    partner: Ints
    partner_later: Ints
    phase_day: Ints
    opens: Ints
    shown_from: Ints
    shown_to: Ints
    day: Ints
    birth: Ints
    partner_birth: Ints
    child_birth: Ints
    adult_birth: Ints
    tenure: Ints
    weekly_rent: Ints
    service_charge: Ints
    capital: Ints
    is_disabled: Bools
    is_carer: Bools
    hours_day: Ints
    hours_lost_pct: Ints

    def __len__(self) -> int:
        return len(self.day)

    def take(self, chosen: Ints | Bools) -> Claims:
        """Return the chosen claims."""
        return Claims(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def __add__(self, other: Claims) -> Claims:
        return Claims(
            *(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self))
        )


@dataclass(frozen=True)
class Periods:
    """The assessment periods that end in one month: claim by place in `Claims`, both days."""

    claim: Ints
    start: Ints
    end: Ints


def draw_claims(made: MadeDistrict) -> Claims:
    """Return every claim of a district that is shared in some month of the window."""
    rng = made.plan.generator(made.district.code, "universal credit claims")
    return _with_support(rng, made) + _without_support(rng, made)


def _with_support(rng: np.random.Generator, made: MadeDistrict) -> Claims:
    h, c, count = made.households, made.circumstances, len(made.households)
    known_day = h.uc_day.astype("datetime64[D]")
    day_of_month = (known_day - known_day.astype("datetime64[M]")).astype(np.int64) + 1
    claims = Claims(
        household=np.arange(count),
        account=np.arange(count),
        second_account=made.second_account,
        move_day=h.move_day,
        lead=np.arange(count),
        partner=np.where(h.has_partner, np.arange(count) + count, NO_ONE),
        partner_later=np.where(h.has_partner_later, np.arange(count) + count, NO_ONE),
        phase_day=h.household_day,
        opens=np.where(h.uc_day > 0, h.uc_day, _LONG_AGO),
        shown_from=np.maximum(h.uc_day, h.claim_start),
        shown_to=np.minimum(h.claim_end, h.pension_day - 1),
        day=np.where(h.uc_day > 0, day_of_month, rng.integers(1, 32, count)),
        birth=h.birth,
        partner_birth=h.partner_birth,
        child_birth=c.child_birth,
        adult_birth=c.adult_birth,
        tenure=c.tenure,
        weekly_rent=c.weekly_rent,
        service_charge=c.service_charge,
        capital=c.capital,
        is_disabled=c.is_disabled,
        is_carer=c.is_carer,
        hours_day=c.hours_day,
        hours_lost_pct=c.hours_lost_pct,
    )
    return claims.take(~h.is_pension & (h.uc_day < NEVER))


def _without_support(rng: np.random.Generator, made: MadeDistrict) -> Claims:
    """Return those who asked for support and have no award; their accounts say where they live."""
    a, t, plan = made.accounts, made.other_tenants, made.plan
    who = np.flatnonzero(t.wants_cts)
    account, count = who + made.cts_accounts, len(who)
    window = plan.last_day - plan.as_at
    joins = plan.as_at + np.where(rng.random(count) < 0.5, -60, rng.random(count) * window).astype(
        np.int64
    )
    leaves = joins + 120 + rng.exponential(700, count).astype(np.int64)
    return Claims(
        household=np.full(count, NO_CLAIM),
        account=account,
        second_account=np.full(count, NO_CLAIM),
        move_day=np.full(count, NEVER),
        lead=a.lead[account],
        partner=a.joint[account],
        partner_later=a.joint_later[account],
        phase_day=a.phase_day[account],
        opens=np.full(count, _LONG_AGO),
        shown_from=np.maximum(a.start[account], joins),
        shown_to=np.minimum(a.end[account] - 1, leaves),
        day=rng.integers(1, 32, count),
        birth=t.birth[who],
        partner_birth=t.partner_birth[who],
        child_birth=t.child_birth[who].reshape(count, MOST_CHILDREN),
        adult_birth=np.full((count, MOST_OTHER_ADULTS), NEVER),
        tenure=t.tenure[who],
        weekly_rent=t.weekly_rent[who],
        service_charge=t.service_charge[who],
        capital=np.zeros(count, np.int64),
        is_disabled=rng.random(count) < 0.25,
        is_carer=rng.random(count) < 0.06,
        hours_day=np.full(count, NEVER),
        hours_lost_pct=np.zeros(count, np.int64),
    )


def period_start(day: Ints, month: Month) -> Ints:
    """Return the day in a month on which assessment periods begin.

    The same day of each month, except that the 31st stands for the last day, and that the 29th and
    30th become the 27th of February, in a leap year the 28th (SI 2013/376 reg 21(2)).
    """
    length = month.end - month.start + 1
    start = np.where(day == 31, length, day)
    if month.first.month == 2:
        start = np.where((day == 29) | (day == 30), length - 1, start)
    return np.asarray(month.start + start - 1, dtype=np.int64)


def periods_ending_in(claims: Claims, month: Month) -> Periods:
    """Return the assessment periods that end in a month, of the claims then shared."""
    starts = period_start(claims.day, month)
    # A claim that begins on the first has no other day: its period is the month itself.
    is_whole_month = claims.day == 1
    start = np.where(is_whole_month, starts, period_start(claims.day, month.previous))
    end = np.where(is_whole_month, month.end, starts - 1)
    start = np.maximum(start, claims.opens)
    is_shown = (end >= claims.shown_from) & (end <= claims.shown_to) & (start <= end)
    chosen = np.flatnonzero(is_shown)
    return Periods(chosen, start[chosen], end[chosen])


def has_partner(claims: Claims, chosen: Ints, day: Ints) -> Bools:
    """Return whether each claim is a couple's on a day."""
    later = day >= claims.phase_day[chosen]
    partner = np.where(later, claims.partner_later[chosen], claims.partner[chosen])
    return np.asarray(partner != NO_ONE)
