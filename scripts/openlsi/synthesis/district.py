"""One made-up district: its people, dwellings, claims and accounts, and its months in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from openlsi.config import District
from openlsi.synthesis.accounts import Accounts, accounts_with_cts, accounts_without_cts
from openlsi.synthesis.awards import Segments, award_segments
from openlsi.synthesis.circumstances import (
    Circumstances,
    OtherTenants,
    draw_circumstances,
    draw_other_tenants,
)
from openlsi.synthesis.households import Households, draw_households
from openlsi.synthesis.pension_means import PensionMeans, work_out_means
from openlsi.synthesis.people import People, draw_people
from openlsi.synthesis.places import Dwellings, district_index, draw_dwellings
from openlsi.synthesis.plan import Ints, Month, Plan, year_start
from openlsi.synthesis.posting import AwardRows, account_of_segment, award_rows, posted_to_date
from openlsi.synthesis.recovery import Books, Draws, Year, run_books
from openlsi.synthesis.targets import Targets, read_targets

# The vendor with one row an account has columns for three earlier years only.
OLDEST_IN_WIDE_ROWS, OLDEST_ELSEWHERE = 3, 6


@dataclass(frozen=True)
class MadeDistrict:
    """Everything about a district that does not change from month to month."""

    district: District
    plan: Plan
    targets: Targets
    people: People
    dwellings: Dwellings
    households: Households
    accounts: Accounts
    cts_accounts: int
    second_account: Ints
    segments: Segments
    segment_account: Ints
    circumstances: Circumstances
    other_tenants: OtherTenants
    pension_means: PensionMeans


@dataclass(frozen=True)
class BalanceRows:
    """The balances of one liability year in one month's extract; money in pence."""

    year: int
    account: Ints
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
    balance: Ints


@dataclass(frozen=True)
class Position:
    """What the extracts of one month hold: accounts, balances (this year first) and awards."""

    index: int
    month: Month
    accounts: Ints
    balances: list[BalanceRows]
    awards: AwardRows


def make_district(plan: Plan, district: District) -> MadeDistrict:
    """Draw everything about a district; CTS households do not depend on the sample."""
    code, targets = district.code, read_targets(district.code)
    rng = plan.generator(code, "with CTS")
    households = draw_households(rng, plan, targets)
    segments = award_segments(rng, plan, targets, households)
    circumstances = draw_circumstances(plan, code, households)
    means = work_out_means(households, circumstances, segments)
    is_told = segments.is_pension & (segments.weekly_income >= 0)
    segments = replace(
        segments, weekly_income=np.where(is_told, means.counted, segments.weekly_income)
    )
    mine, second = accounts_with_cts(rng, households)
    people = draw_people(rng, code, households.birth, 0)
    people += draw_people(rng, code, households.partner_birth, len(people), people.surname)
    dwellings = draw_dwellings(rng, targets, len(mine), 0, has_cts=True)
    rng = plan.generator(code, "without CTS")
    listed = mine.band[: len(households)]
    others, count, persons = accounts_without_cts(
        rng, plan, targets, listed, len(mine), len(people)
    )
    unknown = np.zeros(persons // 2, np.int64)
    leads = draw_people(rng, code, unknown, len(people))
    people += leads + draw_people(rng, code, unknown, len(people) + len(leads), leads.surname)
    dwellings += draw_dwellings(rng, targets, count, len(mine), has_cts=False)
    accounts = mine + others
    return MadeDistrict(
        district=district,
        plan=plan,
        targets=targets,
        people=people,
        dwellings=dwellings,
        households=households,
        accounts=accounts,
        cts_accounts=len(mine),
        second_account=second,
        segments=segments,
        segment_account=account_of_segment(segments, second),
        circumstances=circumstances,
        other_tenants=draw_other_tenants(plan, code, accounts, len(mine)),
        pension_means=means,
    )


def positions(made: MadeDistrict) -> Iterator[Position]:
    """Yield the position at the end of each extract month."""
    plan, accounts, code = made.plan, made.accounts, made.district.code
    generators = [plan.generator(code, f"paying {which} CTS") for which in ("with", "without")]
    is_wide = made.district.feeds.get("council_tax", "").startswith("wide")
    books = Books(
        plan=plan,
        targets=made.targets,
        accounts=accounts,
        draws=Draws(generators, [made.cts_accounts, len(accounts) - made.cts_accounts]),
        costs_pence=6000 + 500 * (district_index(code) % 5),
        oldest_kept=OLDEST_IN_WIDE_ROWS if is_wide else OLDEST_ELSEWHERE,
    )
    posted = posted_to_date(plan, made.segments, made.segment_account, len(accounts))
    before, first_extract = np.zeros(len(accounts), np.int64), plan.extract_months[0]
    for index, (month, years) in enumerate(run_books(books, posted)):
        if month.number == 1:
            before = np.zeros(len(accounts), np.int64)
        change = years[month.year].ctr - before
        before = years[month.year].ctr
        if month.start >= first_extract.start:
            yield _position(made, index, month, years, change)


def _position(
    made: MadeDistrict, index: int, month: Month, years: dict[int, Year], change: Ints
) -> Position:
    accounts = made.accounts
    opens = year_start(month.year)
    is_held = np.zeros(len(accounts), dtype=np.bool_)
    balances = []
    for number in sorted(years, reverse=True):
        year = years[number]
        if number == month.year:
            shown = (accounts.start <= month.end) & (accounts.end >= opens)
        else:
            shown = (year.balance != 0) | (year.paid_month != 0) | (year.write_off_month != 0)
        is_held |= shown
        balances.append(_balance_rows(number, year, np.flatnonzero(shown)))
    claims = np.arange(len(made.households))
    second = made.second_account
    by_claim = change[claims] + np.where(second >= 0, change[second], 0)
    return Position(
        index=index,
        month=month,
        accounts=np.flatnonzero(is_held),
        balances=balances,
        awards=award_rows(
            index, month, made.households, made.segments, made.segment_account, by_claim
        ),
    )


def _balance_rows(number: int, year: Year, shown: Ints) -> BalanceRows:
    values = {field.name: getattr(year, field.name)[shown] for field in fields(Year)}
    return BalanceRows(year=number, account=shown, balance=year.balance[shown], **values)
