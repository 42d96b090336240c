"""Rent accounts of council tenants: who has one, and what is charged, paid and done each month.

Made up throughout. Debits are raised once a month for as many weeks as it has Mondays, so that a
month's extract has a few rows an account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from openlsi.synthesis.accounts import DIRECT_DEBIT, LATE, NEVER_PAYS, PARTIAL
from openlsi.synthesis.circumstances import COUNCIL, rent_in_year
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.housing_benefit import HousingBenefit, work_out
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Bools, Ints, Month
from openlsi.synthesis.rent_recovery import (
    COURT,
    Agreements,
    Recovery,
    agreed_instalments,
    agreements_of_month,
    move_agreements,
    move_stages,
)

NO_CLAIM = -1
KINDS = [
    "rent_charge", "service_charge", "housing_benefit", "uc_managed_payment", "dwp_deduction",
    "direct_debit", "tenant_payment", "court_costs", "write_off", "refund", "adjustment",
]  # fmt: skip
SECURE, INTRODUCTORY, FLEXIBLE, TEMPORARY = range(4)
_COURT_COSTS = 35_500
_DEDUCTION = 2_100  # a month; about 5% of a standard allowance
_MONTHS_TO_WRITE_OFF = 12
_WEEKS_OWED_AT_FIRST = np.array([[-1.5, 0.2], [-1, 0], [0.5, 4], [2, 10], [5, 15]])


@dataclass(frozen=True)
class Tenancies:
    """Parallel arrays, one entry a rent account; money in pence, days as day numbers.

    `account` is the council tax account of the same home and people, `claim` the CTS claim of the
    household or NO_CLAIM. `weekly_rent` is that of the first extract month.
    """

    account: Ints
    claim: Ints
    start: Ints
    end: Ints
    weekly_rent: Ints
    service: Ints
    birth: Ints
    partner_birth: Ints
    payer: Ints
    pays_by_debit: Bools
    is_managed: Bools
    has_deduction: Bools
    kind: Ints

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True)
class Transactions:
    """The postings of one month; a charge is above nil, a payment below it."""

    tenancy: Ints
    kind: Ints
    day: Ints
    pence: Ints


@dataclass(frozen=True)
class RentMonth:
    """What one month's extract holds: accounts shown with their balance, postings, recovery."""

    shown: Ints
    balance: Ints
    weekly_rent: Ints
    is_managed: Bools
    transactions: Transactions
    recovery: Recovery
    agreements: Agreements


def draw_tenancies(made: MadeDistrict) -> Tenancies:
    """Return the rent accounts of a district: every council tenant open at some time."""
    a, c, o = made.accounts, made.circumstances, made.other_tenants
    first = made.cts_accounts
    claim = np.where(np.arange(len(a)) < first, a.household, NO_CLAIM)
    tenure = np.concatenate([c.tenure[a.household[:first]], o.tenure])
    account = np.flatnonzero((tenure == COUNCIL) & (a.end >= made.plan.as_at))
    claim = claim[account]
    has_claim = claim != NO_CLAIM
    other = np.maximum(account - first, 0)

    def of(mine: Ints, theirs: Ints) -> Ints:
        if len(theirs) == 0:
            return mine[np.maximum(claim, 0)]
        return np.where(has_claim, mine[np.maximum(claim, 0)], theirs[other])

    rng = made.plan.generator(made.district.code, "rent accounts")
    count = len(account)
    # Most pay their rent as they pay their council tax.
    payer = np.where(
        rng.random(count) < 0.7,
        a.payer[account],
        rng.choice(5, count, p=[0.7, 0.05, 0.14, 0.08, 0.03]),
    )
    return Tenancies(
        account=account,
        claim=claim,
        start=a.start[account],
        end=a.end[account],
        weekly_rent=of(c.weekly_rent, o.weekly_rent),
        service=of(c.service_charge, o.service_charge),
        birth=of(made.households.birth, o.birth),
        partner_birth=of(made.households.partner_birth, o.partner_birth),
        payer=payer,
        pays_by_debit=a.payment_method[account] == DIRECT_DEBIT,
        is_managed=rng.random(count) < 0.35,
        has_deduction=rng.random(count) < 0.4,
        kind=rng.choice([SECURE, FLEXIBLE, TEMPORARY], count, p=[0.9, 0.06, 0.04]),
    )


def tenancy_kinds(t: Tenancies, month: Month) -> Ints:
    """Return the kind of each tenancy; a secure one is introductory in its first year."""
    is_new = (t.start > month.end - 365) & (t.kind == SECURE)
    return np.where(is_new, INTRODUCTORY, t.kind)


def joint_tenants(made: MadeDistrict, t: Tenancies, month: Month) -> Ints:
    """Return the joint tenant of each account in a month, NO_ONE where there is none."""
    a, account = made.accounts, t.account
    is_later = a.phase_day[account] <= month.end
    return np.where(is_later, a.joint_later[account], a.joint[account])


def ever_joint(made: MadeDistrict, t: Tenancies) -> Ints:
    """Return the person who is joint tenant at some time, NO_ONE for none."""
    before, later = made.accounts.joint[t.account], made.accounts.joint_later[t.account]
    return np.where(before == NO_ONE, later, before)


def rent_months(made: MadeDistrict, t: Tenancies) -> Iterator[RentMonth]:
    """Yield the position at the end of each extract month."""
    rng = made.plan.generator(made.district.code, "rent months")
    weekly = t.weekly_rent + t.service
    owed = _WEEKS_OWED_AT_FIRST[t.payer]
    weeks = owed[:, 0] + rng.random(len(t)) * (owed[:, 1] - owed[:, 0])
    balance = np.where(t.start < made.plan.as_at, np.round(weeks * weekly), 0).astype(np.int64)
    recovery = Recovery.at_first(rng, balance, weekly, made.plan.as_at)
    agreements = Agreements.at_first(rng, recovery, made.plan.as_at)
    unpaid, managed = np.zeros(len(t), np.int64), t.is_managed
    housing_benefit = work_out(made)
    for month in made.plan.extract_months:
        rent = rent_in_year(t.weekly_rent, made.plan, month.year)
        before = balance
        benefit, on_uc = _helped(made, housing_benefit, t, month)
        managed = managed | (on_uc & (before > 8 * (rent + t.service)))
        charges = _charges(t, month, rent, benefit, on_uc & managed)
        new_stages = move_stages(rng, recovery, before, rent + t.service, t, month)
        payments, unpaid = _payments(
            rng, t, month, before, charges, unpaid, agreed_instalments(agreements), new_stages
        )
        deduction = t.has_deduction & on_uc & (before > 20_000) & (t.end > month.end)
        postings = {
            **charges,
            "dwp_deduction": np.where(deduction, -_DEDUCTION, 0),
            **payments,
            "court_costs": np.where(_reached_court(recovery, new_stages), _COURT_COSTS, 0),
            **_closing(t, month, before),
            "adjustment": np.where(
                rng.random(len(t)) < 0.004, rng.integers(-4_000, 4_000, len(t)), 0
            ),
        }
        is_held = (t.start <= month.end) & ((t.end >= month.start) | (before != 0))
        postings = {kind: np.where(is_held, pence, 0) for kind, pence in postings.items()}
        balance = before + np.sum(list(postings.values()), axis=0)
        recovery = new_stages
        agreements = move_agreements(rng, agreements, balance, recovery, t.payer >= PARTIAL, month)
        yield RentMonth(
            shown=np.flatnonzero(is_held),
            balance=balance,
            weekly_rent=rent,
            is_managed=managed & on_uc,
            transactions=_transactions(postings, month),
            recovery=recovery,
            agreements=agreements_of_month(agreements, is_held),
        )


def _adjustments(rng: np.random.Generator, count: int) -> Ints:
    return np.where(rng.random(count) < 0.004, rng.integers(-4_000, 4_000, count), 0)


def _reached_court(before: Recovery, after: Recovery) -> Bools:
    return (after.stage >= COURT) & (before.stage < COURT)


def _helped(
    made: MadeDistrict, benefit: HousingBenefit, t: Tenancies, month: Month
) -> tuple[Ints, Bools]:
    """Return the weekly Housing Benefit at the month's end, and who is on Universal Credit."""
    s, count = made.segments, len(made.households)
    now = np.flatnonzero((s.start <= month.end) & (s.end >= month.end))
    weekly, is_on_uc = np.zeros(count, np.int64), np.zeros(count, np.bool_)
    weekly[s.claim[now]] = np.where(benefit.is_awarded[now], benefit.weekly[now], 0)
    is_on_uc[s.claim[now]] = s.is_on_uc[now]
    claim, has_claim = np.maximum(t.claim, 0), t.claim != NO_CLAIM
    return np.where(has_claim, weekly[claim], 0), has_claim & is_on_uc[claim]


def _mondays(first: Ints, last: Ints) -> Ints:
    """Return how many Mondays lie between two days, both included; day 4 was a Monday."""
    return np.asarray(np.maximum((last - 4) // 7 - (first - 1 - 4) // 7, 0), dtype=np.int64)


def _charges(
    t: Tenancies, month: Month, rent: Ints, benefit: Ints, is_managed: Bools
) -> dict[str, Ints]:
    """Return rent and service charge of the month, and what benefits pay of them."""
    weeks = _mondays(np.maximum(t.start, month.start), np.minimum(t.end, month.end))
    monthly = (rent + t.service) * 52 // 12
    return {
        "rent_charge": rent * weeks,
        "service_charge": t.service * weeks,
        "housing_benefit": -np.minimum(benefit, rent + t.service) * weeks,
        "uc_managed_payment": np.where(is_managed & (t.end > month.end), -monthly, 0),
    }


def _payments(
    rng: np.random.Generator,
    t: Tenancies,
    month: Month,
    before: Ints,
    charges: dict[str, Ints],
    unpaid: Ints,
    instalment: Ints,
    recovery: Recovery,
) -> tuple[dict[str, Ints], Ints]:
    """Return what tenants pay themselves, and what is left of the month for late payers."""
    due = np.maximum(np.sum(list(charges.values()), axis=0), 0)
    misses = rng.random(len(t)) < 0.03
    share = rng.integers(40, 90, len(t))
    paid = np.where(misses, 0, due + np.clip(before, 0, 4_000))
    paid = np.where(t.payer == LATE, unpaid, paid)
    paid = np.where(t.payer == PARTIAL, due * share // 100, paid)
    paid = np.where(t.payer == NEVER_PAYS, 0, paid)
    # An order suspended on terms is kept: the rent and something of the debt.
    paid = np.where(recovery.stage > COURT, due + 2_500, paid)
    paid = np.where((t.end < month.start) & (t.payer >= PARTIAL), 0, paid + instalment)
    room = np.maximum(before + np.sum(list(charges.values()), axis=0) + 5_000, 0)
    paid = np.minimum(paid, room)
    return {
        "direct_debit": np.where(t.pays_by_debit, -paid, 0),
        "tenant_payment": np.where(t.pays_by_debit, 0, -paid),
    }, due


def _closing(t: Tenancies, month: Month, before: Ints) -> dict[str, Ints]:
    """Return what is refunded to leavers, and what of their debt is given up after a year."""
    has_left = t.end < month.start
    is_lost = has_left & (t.end < month.start - 30 * _MONTHS_TO_WRITE_OFF) & (before > 0)
    return {
        "write_off": np.where(is_lost, -before, 0),
        "refund": np.where(has_left & (before < 0), -before, 0),
    }


def _transactions(postings: dict[str, Ints], month: Month) -> Transactions:
    """Return the postings other than nil, by account and kind; each kind has its day."""
    pence = np.stack([postings[kind] for kind in KINDS], axis=1)
    tenancy, kind = np.nonzero(pence)
    day = np.minimum(month.start + 1 + (kind * 3 + tenancy % 3), month.end)
    return Transactions(tenancy, kind, day, pence[tenancy, kind])


def known_end(t: Tenancies, month: Month) -> Ints:
    """Return the day each tenancy ends, OPEN while that lies ahead."""
    return np.where(t.end <= month.end, t.end, OPEN)
