"""What is charged, paid, chased and written off, account by account, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from openlsi.synthesis.accounts import IN_FULL, LATE, NEVER_PAYS, ON_TIME, PARTIAL, Accounts
from openlsi.synthesis.awards import CHARGED_RATIOS
from openlsi.synthesis.plan import OPEN, Bools, Floats, Ints, Month, Plan, year_days, year_start
from openlsi.synthesis.targets import Targets

NONE, REMINDER, FINAL, SUMMONS, ORDER, AGENT, DEDUCTION, ARRANGEMENT, CHARGING = range(9)
STAGES = [
    "none",
    "reminder",
    "final_notice",
    "summons",
    "liability_order",
    "enforcement_agent",
    "attachment",
    "arrangement",
    "charging_order",
]
SMALL_PENCE = 100
CHASED_PENCE = 1000
# Chance each month of moving on from the stages before enforcement.
MOVES_ON = np.array([0.75, 0.55, 0.5, 0.75, 0.35, 0, 0, 0, 0])


@dataclass
class Year:
    """One council tax year of all accounts, cumulative, in pence."""

    gross: Ints
    discount: Ints
    ctr: Ints
    costs: Ints
    paid: Ints
    paid_month: Ints
    write_off: Ints
    write_off_month: Ints
    due: Ints
    stage: Ints

    @classmethod
    def empty(cls, count: int) -> Year:
        """Return a year in which nothing has happened."""
        return cls(*(np.zeros(count, np.int64) for _ in range(10)))

    @property
    def net(self) -> Ints:
        """Return the charge after discount and CTR."""
        return self.gross - self.discount - self.ctr

    @property
    def balance(self) -> Ints:
        """Return what is left to pay of the whole year, costs included; negative is a credit."""
        return self.net + self.costs - self.paid - self.write_off


class Draws:
    """Uniform random numbers for all accounts, from one generator a cohort.

    A smaller sample of other dwellings then leaves the CTS households as they are.
    """

    def __init__(self, generators: list[np.random.Generator], counts: list[int]) -> None:
        self._cohorts = list(zip(generators, counts, strict=True))

    def uniform(self) -> Floats:
        """Return one number for each account."""
        return np.concatenate([rng.random(count, dtype=np.float32) for rng, count in self._cohorts])


@dataclass
class Books:
    """The state of every account as the months pass."""

    plan: Plan
    targets: Targets
    accounts: Accounts
    draws: Draws
    costs_pence: int
    oldest_kept: int
    years: dict[int, Year] = field(default_factory=dict)


def run_books(books: Books, posted: Iterator[Ints]) -> Iterator[tuple[Month, dict[int, Year]]]:
    """Yield each month of the run with the years of account as they stand at its end.

    `posted` gives, month by month, the CTS credited to each account in the council tax year so
    far, in pence. The arrays are updated in place: use them before the next step.
    """
    open_prior_years(books)
    for month, credits in zip(books.plan.run_months, posted, strict=True):
        current = books.years.setdefault(month.year, Year.empty(len(books.accounts)))
        charge(books, month, current, credits)
        for number, year in books.years.items():
            _collect(books, month, number, year)
        yield month, books.years


def charge(books: Books, month: Month, year: Year, credits: Ints) -> None:
    """Set this year's charge, discount, CTR and instalments due, as known at month end."""
    a = books.accounts
    opens, closes = year_start(month.year), year_start(month.year + 1) - 1
    is_liable = (a.start <= month.end) & (a.end >= opens) & (a.exemption == 0)
    last = np.minimum(np.where(a.end <= month.end, a.end, closes), closes)
    days = np.where(is_liable, last - np.maximum(a.start, opens) + 1, 0)
    later = last - np.maximum(np.maximum(a.phase_day, a.start), opens) + 1
    later = np.where(is_liable & (a.phase_day <= month.end), np.clip(later, 0, days), 0)
    yearly = np.round(books.targets.annual_charge(a.charge_band, month.year) * 100)
    length = year_days(month.year)
    off_before, off_later = 1 - CHARGED_RATIOS[a.discount], 1 - CHARGED_RATIOS[a.discount_later]
    year.gross = np.round(yearly * days / length).astype(np.int64)
    off = yearly * (off_before * (days - later) + off_later * later) / length
    year.discount = np.floor(off + 1e-6).astype(np.int64)
    year.ctr = credits
    net = np.maximum(year.net, 0)
    year.due = np.round(net * _share_due(a, month, opens)).astype(np.int64)


def _share_due(a: Accounts, month: Month, opens: int) -> Floats:
    """Return the share of instalments due by month end: 10 or 12 from April, fewer if begun late.

    A closed account's final bill is due at once.
    """
    start = a.start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = np.where(a.start < opens, 1, np.minimum((start - 3) % 12 + 2, 12))
    last = np.maximum(a.instalments, first)
    share = np.clip((month.number - first + 1) / (last - first + 1), 0, 1)
    return np.where(a.end <= month.end, 1.0, share)


def _collect(books: Books, month: Month, number: int, year: Year) -> None:
    """Move one year of account through one month: payments, recovery, write-offs."""
    is_prior = number < month.year
    if is_prior:
        year.due = np.maximum(year.net, 0)
    year.paid_month[:] = 0
    year.write_off_month[:] = 0
    draws = [books.draws.uniform() for _ in range(4)]
    live = np.flatnonzero((year.balance != 0) | (year.stage != NONE))
    own = [draw[live] for draw in draws]
    owed = (year.due + year.costs - year.paid - year.write_off)[live]
    balance = year.balance[live]
    paying = _payments(books.accounts, live, owed, balance, year.stage[live], own, is_prior)
    year.paid_month[live] = paying
    year.paid[live] += paying
    _chase(books, year, live, owed - paying, own[3])
    _write_off(books, month, number, year, live, own[2])


def _payments(
    a: Accounts,
    live: Ints,
    owed: Ints,
    balance: Ints,
    stage: Ints,
    draws: list[Floats],
    is_prior: bool,
) -> Ints:
    """Return what each live account pays this month; negative is a refund of a credit."""
    payer, share = a.payer[live], a.share_paid[live]
    due = np.maximum(owed, 0)
    pays_due = (payer == ON_TIME) & (draws[0] < 0.985) | (payer == LATE) & (draws[0] < 0.6)
    # Reminders and summonses bring many in; enforcement some of the rest.
    pays_due |= (stage >= REMINDER) & (stage <= SUMMONS) & (draws[1] < 0.14)
    pays_due |= is_prior & (payer <= IN_FULL)
    paying = np.where(pays_due, due, 0)
    paying = np.where((payer == IN_FULL) & (balance > 0), balance, paying)
    partly = (payer == PARTIAL) & (draws[0] < 0.65) & (paying == 0)
    paying = np.where(partly, due * share // 100, paying)
    regular = np.minimum(due, 1500 + share * 60)
    keeps = (stage == DEDUCTION) | (stage == ARRANGEMENT) & (draws[1] < 0.85)
    paying = np.where(keeps, np.maximum(paying, regular), paying)
    seized = (stage == AGENT) & (draws[1] < 0.08)
    taken = (due * (0.3 + 0.7 * draws[2])).astype(np.int64)
    paying = np.where(seized, np.maximum(paying, taken), paying)
    is_small = (np.abs(balance) < SMALL_PENCE) & (payer != NEVER_PAYS)
    is_refunded = (balance < -SMALL_PENCE) & (draws[2] < 0.25)
    return np.asarray(np.where(is_small | is_refunded, balance, paying), dtype=np.int64)


def _chase(books: Books, year: Year, live: Ints, owed: Ints, draw: Floats) -> None:
    """Move the recovery stage on, add costs at the summons, and stop when nothing is owed."""
    stage = year.stage[live]
    is_chased = owed > CHASED_PENCE
    moves = is_chased & (draw < MOVES_ON[stage])
    after = np.where(moves & (stage < ORDER), stage + 1, stage)
    # The draw is below 0.35 where an order moves on: its size chooses the way of enforcement.
    way = np.searchsorted([0.16, 0.25, 0.335], draw) + AGENT
    after = np.where(moves & (stage == ORDER), np.minimum(way, CHARGING), after)
    is_broken = (stage == ARRANGEMENT) & (draw > 0.96) | (stage == AGENT) & (draw > 0.97)
    after = np.where(is_broken & is_chased, ORDER, after)
    year.stage[live] = np.where(owed <= 0, NONE, after)
    year.costs[live] += np.where((after == SUMMONS) & (stage == FINAL), books.costs_pence, 0)


def _write_off(
    books: Books, month: Month, number: int, year: Year, live: Ints, draw: Floats
) -> None:
    """Write off old debts, those of the dead, and those too old for the vendor to hold."""
    age = month.year - number
    balance = year.balance[live]
    is_gone = books.accounts.end[live] <= month.end
    chance = np.where(year.stage[live] >= ORDER, 0.004 * age, 0.0)
    chance += np.where(is_gone & books.accounts.ends_deceased[live], 0.05, 0.0)
    is_too_old = month.number == 12 and age >= books.oldest_kept
    is_off: Bools = (balance > 0) & ((draw < chance) | is_too_old)
    year.write_off_month[live] = np.where(is_off, balance, 0)
    year.write_off[live] += year.write_off_month[live]
    year.stage[live] = np.where(is_off, NONE, year.stage[live])


def open_prior_years(books: Books) -> None:
    """Give some accounts debts of up to three years before the run."""
    a, first = books.accounts, books.plan.years[0]
    chance = np.array([0.0, 0.0, 0.06, 0.45, 0.6])[a.payer]
    carried = np.ones(len(a), dtype=np.bool_)
    for number in range(first - 1, first - 4, -1):
        opens, closes = year_start(number), year_start(number + 1) - 1
        year = Year.empty(len(a))
        draws = [books.draws.uniform() for _ in range(4)]
        carried &= (draws[0] < chance) & (a.start < closes - 60) & (a.exemption == 0)
        is_owing = carried & (a.end >= opens)
        days = np.minimum(a.end, closes) - np.maximum(a.start, opens) + 1
        yearly = np.round(books.targets.annual_charge(a.charge_band, number) * 100)
        gross = np.where(is_owing, np.round(yearly * days / year_days(number)), 0)
        year.gross = gross.astype(np.int64)
        year.discount = np.floor(gross * (1 - CHARGED_RATIOS[a.discount])).astype(np.int64)
        on_cts = (a.household >= 0) & (a.end == OPEN) & (draws[1] < 0.7)
        charged = year.gross - year.discount
        year.ctr = np.where(on_cts, (charged * 0.65).astype(np.int64), 0)
        year.paid = (year.net * draws[2] * 0.9).astype(np.int64)
        stages = np.array([ORDER, AGENT, DEDUCTION, ARRANGEMENT, CHARGING])
        stage = stages[np.searchsorted([0.3, 0.65, 0.8, 0.95], draws[3])]
        year.stage = np.where(is_owing, stage, NONE)
        year.costs = np.where(is_owing, books.costs_pence, 0)
        books.years[number] = year
    books.years = dict(sorted(books.years.items()))
