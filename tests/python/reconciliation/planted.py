"""What was planted in single households, and what the warehouse makes of them.

The truth knows a household by the reference of its claim, the warehouse by a key: the session gets
the table `planted`, in which both stand. A household that no extract of the month tells of is in
it without being in a fact, so that most statements ask of the facts' rows what the truth says.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from openlsi.home import Home
from reconciliation.landing_keys import keyed
from reconciliation.statement import Statement, equal

# By feed: the source of its records in the links, and the purpose that keys their references.
_SOURCES = {"cts": ("cts_claim", "claim"), "universal_credit": ("uc_claim", "uc_claim")}
_PLANTED = """
create table planted as
select truth_planted.district_code, truth_planted.month, truth_planted.truth,
    record_key.record_key, units.household_key, truth_planted.gbp, truth_planted.gbp_before
from truth_planted
join record_key using (feed, district_code, source_ref)
join read_parquet($units) as units
    on units.district_code = record_key.district_code
    and units.source = record_key.source and units.source_key = record_key.record_key
"""
_RECORD_KEYS = ["feed", "district_code", "source_ref", "source", "record_key"]


def lay_planted(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make the table `planted` in a session over a home's truth and current generation."""
    told = con.execute(
        "select feed, district_code, list(distinct source_ref) from truth_planted group by all"
    ).fetchall()
    rows = [row for one in told for row in _keys(home, *one)]
    columns = zip(*rows, strict=True) if rows else [[] for _ in _RECORD_KEYS]
    con.register(
        "record_key",
        pa.table([pa.array(column, pa.string()) for column in columns], names=_RECORD_KEYS),
    )
    links = max(home.links.iterdir(), key=lambda folder: folder.stat().st_mtime)
    con.execute("drop table if exists planted")
    con.execute(_PLANTED, {"units": str(links / "benefit_unit.parquet")})


def _keys(home: Home, feed: str, code: str, refs: list[str]) -> Iterator[tuple[str, ...]]:
    source, purpose = _SOURCES[feed]
    for ref, key in keyed(home, code, purpose, refs).items():
        yield feed, code, ref, source, key


# Past every pension age, and with Housing Benefit in payment: what the means test asks is told of
# them, and nothing is suspended.
_ASSESSED = """
with tenants as (
    select distinct district_code, household_key, month
    from secure.marts.fct_household_circumstances
    where source_feed = 'housing_benefit' and is_in_payment and claimant_age >= 67
        and (not has_partner or partner_age >= 67)
),
assessed as (
    select district_code, household_key, month, benefit_code, estimate_gbp, in_payment_gbp,
        reason_code
    from secure.marts.fct_entitlements
    join tenants using (district_code, household_key, month)
    where confidence <> 'not_assessable'
)
"""


def _holds(*truths: str) -> str:
    """Return the condition that something of this is planted in an assessed household's month."""
    words = ", ".join(f"'{truth}'" for truth in truths)
    return (
        "(assessed.district_code, assessed.household_key, assessed.month) in"
        f" (select (district_code, household_key, month) from planted where truth in ({words}))"
    )


# What no rule of the warehouse is given, so that an estimate may differ with nothing wrong.
_UNTOLD = (
    "worker_in_the_home",
    "young_adult_in_the_home",
    "war_pension",
    "carer",
    "row_set_aside",
    "told_as_of_later",
)
_CREDIT = "unclaimed_pension_credit"
# Of those with nothing planted in them; a hundredth is left to households that move or change.
_MOSTLY = """
select benefit_code, count(*) as rows, count(*) filter (not is_right) as wrong
from (
    select benefit_code, reason_code in ('as_estimated', 'not_entitled') as is_right
    from assessed where benefit_code = '{benefit}' and {chosen}
)
group by benefit_code
having wrong > 0.01 * rows
"""


def _mostly(benefit: str, chosen: str) -> str:
    return _ASSESSED + _MOSTLY.format(benefit=benefit, chosen=chosen)


PLANTED = [
    Statement(
        "each planted Pension Credit that nobody claims is found, to a pound a week",
        f"""{_ASSESSED}
        select assessed.*, planted.gbp from assessed
        join planted using (district_code, household_key, month)
        where truth = '{_CREDIT}' and benefit_code = 'pc' and not {_holds(*_UNTOLD)}
            and not (reason_code = 'unclaimed'
                and abs(estimate_gbp - planted.gbp * 52 / 12) <= 52 / 12)
        """,
    ),
    Statement(
        "nobody else has Pension Credit to claim",
        f"""{_ASSESSED}
        select * from assessed
        where benefit_code = 'pc' and reason_code in ('unclaimed', 'less_in_payment')
            and not {_holds(_CREDIT, *_UNTOLD)}
        """,
    ),
    Statement(
        "Housing Benefit of pension age is as estimated in 99 of 100 months of households",
        _mostly("hb", f"not {_holds(*_UNTOLD)}"),
    ),
    # A row of support that was set aside shows none in payment.
    Statement(
        "support of pension age is as estimated in 99 of 100 months of whole years and bills",
        _mostly("cts", f"in_payment_gbp > 0 and not {_holds('part_year', *_UNTOLD)}"),
    ),
    equal(
        "the awards that the benefit cap reduces are the truth's, and so is what it takes",
        "select district_code, month, record_key, gbp from planted where truth = 'benefit_cap'",
        "select district_code, month, uc_key as record_key, benefit_cap_reduction_gbp as gbp"
        " from secure.marts.fct_uc_awards where benefit_cap_reduction_gbp > 0",
        ("district_code", "month", "record_key"),
        ("gbp",),
    ),
    Statement(
        "each award of a family that lost hours has the earnings of the truth",
        """
        select planted.*, awards.earnings_gbp from planted
        left join secure.marts.fct_uc_awards as awards
            on planted.district_code = awards.district_code and planted.month = awards.month
            and planted.record_key = awards.uc_key
        where truth = 'lost_hours' and awards.earnings_gbp is distinct from planted.gbp
        """,
    ),
    Statement(
        "where hours were lost the award before had the earnings of all hours, and was less",
        """
        with first_months as (
            select district_code, record_key, min(month) as month
            from planted where truth = 'lost_hours' group by all
        )
        select planted.*, before.earnings_gbp, before.award_gbp, awards.award_gbp
        from planted
        join first_months using (district_code, record_key, month)
        join secure.marts.fct_uc_awards as awards
            on planted.district_code = awards.district_code and planted.month = awards.month
            and planted.record_key = awards.uc_key
        join secure.marts.fct_uc_awards as before
            on planted.district_code = before.district_code and planted.record_key = before.uc_key
            and before.month + interval 1 month = planted.month
            and before.has_partner = awards.has_partner
            and before.child_count = awards.child_count
            and before.childcare_element_gbp = awards.childcare_element_gbp
        -- earnings rise with each April
        where truth = 'lost_hours' and (
            (before.earnings_gbp <> planted.gbp_before and month(planted.month) <> 4)
            or before.award_gbp > awards.award_gbp + awards.benefit_cap_reduction_gbp)
        """,
    ),
    Statement(
        "whoever is planted without support has asked for it and has none",
        """
        select planted.*, awards.has_cts_interest, awards.has_cts_award from planted
        left join secure.marts.fct_uc_awards as awards
            on planted.district_code = awards.district_code and planted.month = awards.month
            and planted.record_key = awards.uc_key
        where truth = 'uc_without_cts' and not coalesce(
            awards.has_cts_interest and not awards.has_cts_award
            and awards.award_gbp = planted.gbp, false)
        """,
    ),
]
