"""Every household of the caseload under every scheme, then held against doing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.assess.inputs import lay_schemes
from openlsi.assess.rules import Rules
from openlsi.config.schemes import Scheme
from openlsi.proposals.options import Option, Terms

# Less than this a week either way is rounding between systems, as in `fct_entitlements`.
UNCHANGED_WEEKLY_GBP = 1
WEEKS = 52


def estimate(
    connection: duckdb.DuckDBPyConnection, project: Path, schemes: Sequence[Scheme]
) -> None:
    """Run the rules once with every scheme, and make `scheme_awards`.

    A row a working-age household and scheme: pounds a year, or why there are none. What a claim
    tells of is never filled in: what is not known makes a household not assessable (definition 21).
    """
    lay_schemes(connection, list(schemes), is_for_everybody=True)
    Rules(project).build(connection)
    connection.execute("""
        create or replace table scheme_awards as
        with reasons as (
            select
                caseload.unit_number,
                schemes.scheme_key,
                schemes.maximum_pct,
                support.award_gbp,
                support.reduction_pct,
                support.taper_gbp,
                support.non_dependant_deduction_gbp,
                caseload.weekly_council_tax_gbp,
                support.council_tax_gbp,
                case
                    when not caseload.are_people_known then 'people_not_known'
                    when not caseload.is_council_tax_known then 'council_tax_not_known'
                    when
                        not caseload.is_income_known
                        and not coalesce(support.is_passported, false)
                    then 'income_not_known'
                    when not caseload.is_capital_known then 'capital_not_known'
                    when support.unit_number is null then 'of_pension_age_by_rule'
                    when support.award_gbp is null then 'no_bands_for_household'
                end as not_assessable_reason
            from caseload
            cross join int_entitlement_schemes as schemes
            left join int_entitlement__local_support as support
                on caseload.unit_number = support.unit_number
                and schemes.scheme_key = support.scheme_key
            where caseload.cts_age_group = 'working'
        )
        select
            unit_number,
            scheme_key,
            not_assessable_reason,
            case
                when not_assessable_reason is null
                then cast(round(award_gbp, 2) as decimal(18, 2))
            end as award_gbp,
            not_assessable_reason is null
            and award_gbp > 0
            and reduction_pct = maximum_pct
            and taper_gbp = 0
            and non_dependant_deduction_gbp = 0 as is_on_maximum,
            -- What the scheme could give at most, whatever is not known; a claim tells its own tax.
            cast(
                round(
                    coalesce(council_tax_gbp, weekly_council_tax_gbp * 52) * maximum_pct / 100, 2
                ) as decimal(18, 2)
            ) as most_gbp
        from reasons
    """)


def comparable_counts(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], int]:
    """Return for how many households each scheme has bands, and how many are assessable."""
    rows = connection.execute("""
        select
            scheme_key,
            count(award_gbp),
            count(*) filter (
                not_assessable_reason is null
                or not_assessable_reason = 'no_bands_for_household'
            )
        from scheme_awards
        group by scheme_key
    """).fetchall()
    return {key: found for key, found, _ in rows}, max((all_ for _, _, all_ in rows), default=0)


def hold_against(
    connection: duckdb.DuckDBPyConnection, options: Sequence[Option], terms: Terms
) -> None:
    """Make `options`, and `compared`: a household and option with what it has if nothing is done.

    `first_year_gbp` is what transitional protection leaves of a loss; equal to the award without.
    """
    _lay_options(connection, options)
    connection.execute(
        """
        create or replace table option_awards as
        select
            options.option_key,
            caseload.unit_number,
            scheme_awards.not_assessable_reason,
            case
                when options.scheme_key is null then caseload.in_payment_gbp
                else scheme_awards.award_gbp
            end as award_gbp,
            scheme_awards.is_on_maximum,
            scheme_awards.most_gbp
        from options
        cross join caseload
        left join scheme_awards
            on options.scheme_key = scheme_awards.scheme_key
            and caseload.unit_number = scheme_awards.unit_number
        where caseload.cts_age_group = 'working'
        """
    )
    connection.execute(
        f"""
        create or replace table compared as
        with pairs as (
            select
                option_awards.option_key,
                option_awards.unit_number,
                coalesce(
                    option_awards.not_assessable_reason,
                    case when nothing.not_assessable_reason is not null
                    then 'do_nothing_' || nothing.not_assessable_reason end
                ) as not_compared_reason,
                nothing.award_gbp as base_gbp,
                option_awards.award_gbp,
                option_awards.is_on_maximum,
                option_awards.most_gbp
            from option_awards
            inner join option_awards as nothing
                on option_awards.unit_number = nothing.unit_number
                and nothing.option_key = 'do_nothing'
        ),
        changes as (
            select
                *,
                not_compared_reason is null as is_compared,
                case when not_compared_reason is null then award_gbp - base_gbp end as change_gbp
            from pairs
        )
        select
            changes.* exclude (base_gbp, award_gbp),
            case when is_compared then base_gbp end as base_gbp,
            case when is_compared then award_gbp end as award_gbp,
            case
                when not is_compared then null
                when change_gbp >= {UNCHANGED_WEEKLY_GBP * WEEKS} then 'gainer'
                when change_gbp <= -{UNCHANGED_WEEKLY_GBP * WEEKS} then 'loser'
                else 'unchanged'
            end as effect,
            case
                when not is_compared then null
                when $protect is null then award_gbp
                else greatest(
                    award_gbp,
                    base_gbp - cast(cast($protect as decimal(18, 2)) * {WEEKS} as decimal(18, 2))
                )
            end as first_year_gbp,
            caseload.* exclude (unit_number)
        from changes
        inner join caseload using (unit_number)
        """,
        {"protect": terms.protect_weekly_gbp},
    )


def _lay_options(connection: duckdb.DuckDBPyConnection, options: Sequence[Option]) -> None:
    rows = [
        {
            "option_number": number,
            "option_key": option.key,
            "option_name": option.name,
            "role": option.role,
            "scheme_key": option.scheme.scheme if option.scheme else None,
            "financial_year": option.scheme.financial_year if option.scheme else None,
            "maximum_pct": float(option.scheme.maximum_pct) if option.scheme else None,
            "assumed": " ".join(option.scheme.assumed) if option.scheme else "",
            "hardship_fund_gbp": option.scheme.hardship_fund_gbp if option.scheme else None,
        }
        for number, option in enumerate(options)
    ]
    schema = pa.schema(
        [
            ("option_number", pa.int32()), ("option_key", pa.string()),
            ("option_name", pa.string()), ("role", pa.string()), ("scheme_key", pa.string()),
            ("financial_year", pa.string()), ("maximum_pct", pa.float64()),
            ("assumed", pa.string()),
            ("hardship_fund_gbp", pa.decimal128(18, 2)),
        ]
    )  # fmt: skip
    connection.register("told_options", pa.Table.from_pylist(rows, schema=schema))
    connection.execute("create or replace table options as from told_options")
    connection.unregister("told_options")
