"""What a decision comes to: tables of schema `metrics`, a row an option and part, exact figures.

Nothing is added up over households that are compared under one option and not under another: every
row says how many are compared, and what these have if nothing is done.
"""

from __future__ import annotations

import duckdb

from openlsi.proposals.estimates import WEEKS
from openlsi.proposals.options import Terms

# How households are told apart: columns of the caseload.
CUTS = ("household_type", "tenure", "age_band", "disability", "carer")
# Under which other part of a trait they are published of whom no extract tells it.
FOLDED = {"tenure": "owner", "disability": "no", "carer": "no"}


def make_figures(connection: duckdb.DuckDBPyConnection, terms: Terms) -> None:
    """Make the tables that a paper is written from, out of `compared`."""
    connection.execute("create schema if not exists metrics")
    _options(connection, terms)
    _bearers(connection)
    _groups(connection)
    _deciles(connection)
    _reasons(connection)
    _frozen(connection)


def _options(connection: duckdb.DuckDBPyConnection, terms: Terms) -> None:
    connection.execute(
        """
        create or replace table metrics.scheme_option as
        with sums as (
            select
                option_key,
                count(*) as household_count,
                count(*) filter (is_compared) as compared_count,
                count(*) filter (not is_compared) as not_compared_count,
                count(*) filter (is_compared and award_gbp > 0) as awarded_count,
                count(*) filter (is_compared and base_gbp > 0) as base_awarded_count,
                count(*) filter (is_compared and is_on_maximum) as on_maximum_count,
                count(*) filter (effect = 'gainer') as gainer_count,
                count(*) filter (effect = 'loser') as loser_count,
                count(*) filter (effect = 'unchanged') as unchanged_count,
                coalesce(sum(award_gbp), 0) as cost_gbp,
                coalesce(sum(base_gbp), 0) as base_cost_gbp,
                coalesce(sum(change_gbp), 0) as change_gbp,
                coalesce(sum(change_gbp) filter (effect = 'gainer'), 0) as gain_gbp,
                coalesce(max(change_gbp) filter (effect = 'gainer'), 0) as largest_gain_gbp,
                coalesce(-sum(change_gbp) filter (effect = 'loser'), 0) as loss_gbp,
                coalesce(max(-change_gbp) filter (effect = 'loser'), 0) as largest_loss_gbp,
                coalesce(max(award_gbp), 0) as largest_award_gbp,
                coalesce(max(base_gbp), 0) as largest_base_gbp,
                coalesce(max(abs(change_gbp)), 0) as largest_change_gbp,
                coalesce(sum(abs(change_gbp)), 0) as gross_change_gbp,
                coalesce(sum(in_payment_gbp) filter (not is_compared), 0)
                as not_compared_in_payment_gbp,
                coalesce(max(in_payment_gbp) filter (not is_compared), 0)
                as largest_not_compared_in_payment_gbp,
                -- A household whose council tax nobody tells keeps what it has in either bound.
                coalesce(
                    sum(coalesce(most_gbp, in_payment_gbp)) filter (not is_compared), 0
                ) as not_compared_at_maximum_gbp,
                coalesce(
                    max(coalesce(most_gbp, in_payment_gbp)) filter (not is_compared), 0
                ) as largest_not_compared_at_maximum_gbp,
                coalesce(sum(in_payment_gbp), 0) as in_payment_gbp,
                count(*) filter (first_year_gbp > award_gbp) as protected_count,
                coalesce(sum(first_year_gbp - award_gbp), 0) as protection_gbp,
                coalesce(max(first_year_gbp - award_gbp), 0) as largest_protection_gbp,
                coalesce(sum(greatest(base_gbp - first_year_gbp, 0)), 0) as charged_more_gbp,
                coalesce(max(greatest(base_gbp - first_year_gbp, 0)), 0)
                as largest_charged_more_gbp,
                count(*) filter (base_gbp > first_year_gbp) as charged_more_count
            from compared
            group by option_key
        )
        select
            options.*,
            -- Disclosure control passes words on, and takes a number for a figure.
            cast(options.option_number as varchar) as place,
            sums.* exclude (option_key, on_maximum_count, protected_count, protection_gbp),
            -- What is in payment does not tell who has the most that the scheme gives.
            case when options.scheme_key is not null then sums.on_maximum_count end
            as on_maximum_count,
            case when $protect is not null then sums.protected_count end as protected_count,
            case when $protect is not null then sums.protection_gbp end as protection_gbp,
            cast(
                sums.charged_more_gbp * (1 - cast($collection as double) / 100) as decimal(18, 2)
            ) as uncollected_gbp,
            cast(
                sums.largest_charged_more_gbp * (1 - cast($collection as double) / 100)
                as decimal(18, 2)
            ) as largest_uncollected_gbp,
            -- What the first year costs more than doing nothing, with whatever is asked for.
            cast(
                sums.change_gbp
                + sums.protection_gbp
                + coalesce(
                    sums.charged_more_gbp * (1 - cast($collection as double) / 100), 0
                ) as decimal(18, 2)
            ) as net_change_gbp
        from options
        inner join sums using (option_key)
        order by options.option_number
        """,
        {"protect": terms.protect_weekly_gbp, "collection": terms.collection_pct},
    )


def _bearers(connection: duckdb.DuckDBPyConnection) -> None:
    """Split by precept, so that the last bearer carries the pennies and the parts are the whole."""
    connection.execute("""
        create or replace table metrics.scheme_option_bearer as
        with of_districts as (
            select option_key, district_code, sum(award_gbp) as cost_gbp,
                sum(change_gbp) as change_gbp
            from compared
            where is_compared
            group by option_key, district_code
        ),
        shares as (
            select
                *,
                sum(share_ratio) over (partition by district_code order by bearer) as so_far_ratio,
                lag(bearer) over (partition by district_code order by bearer desc) is null
                as is_last
            from bearer_shares
        ),
        bounds as (
            select
                *,
                case when is_last then 1 else so_far_ratio end as to_ratio,
                so_far_ratio - share_ratio as from_ratio
            from shares
        )
        select
            of_districts.option_key,
            bounds.bearer,
            max(bounds.shares_year) as shares_year,
            bool_or(bounds.is_assumed_shares) as is_assumed_shares,
            max(bounds.share_ratio) as share_ratio,
            cast(
                sum(
                    round(of_districts.cost_gbp * bounds.to_ratio, 2)
                    - round(of_districts.cost_gbp * bounds.from_ratio, 2)
                ) as decimal(18, 2)
            ) as cost_gbp,
            cast(
                sum(
                    round(of_districts.change_gbp * bounds.to_ratio, 2)
                    - round(of_districts.change_gbp * bounds.from_ratio, 2)
                ) as decimal(18, 2)
            ) as change_gbp
        from of_districts
        inner join bounds using (district_code)
        group by of_districts.option_key, bounds.bearer
    """)


def _groups(connection: duckdb.DuckDBPyConnection) -> None:
    _group_table(connection, "scheme_option_group", {cut: cut for cut in CUTS})
    # The few of whom no extract tells would hide the others of a trait: they are not published by
    # themselves.
    folded = {cut: f"case {cut} when 'not_told' then '{to}' else {cut} end"
              for cut, to in FOLDED.items()}  # fmt: skip
    _group_table(connection, "scheme_public_group", {cut: folded.get(cut, cut) for cut in CUTS})


def _group_table(connection: duckdb.DuckDBPyConnection, table: str, parts: dict[str, str]) -> None:
    """Make a table with a row an option, trait and part; `parts` says what a trait's part is."""
    each = " union all ".join(
        f"select '{cut}' as cut, {part} as part, * from compared" for cut, part in parts.items()
    )
    # One table a trait is published, since each adds up to the option by itself.
    marked = ", ".join(f"cut = '{cut}' as is_{cut}" for cut in parts)
    connection.execute(f"""
        create or replace table metrics.{table} as
        select
            option_key,
            cut,
            part,
            {marked},
            count(*) as household_count,
            count(*) filter (is_compared) as compared_count,
            count(*) filter (effect = 'gainer') as gainer_count,
            count(*) filter (effect = 'loser') as loser_count,
            count(*) filter (effect = 'unchanged') as unchanged_count,
            coalesce(sum(base_gbp), 0) as base_cost_gbp,
            coalesce(sum(change_gbp), 0) as change_gbp,
            coalesce(sum(abs(change_gbp)), 0) as gross_change_gbp,
            coalesce(max(abs(change_gbp)), 0) as largest_change_gbp,
            coalesce(-sum(change_gbp) filter (effect = 'loser'), 0) as loss_gbp
        from ({each})
        where option_key <> 'do_nothing'
        group by option_key, cut, part
    """)


def _deciles(connection: duckdb.DuckDBPyConnection) -> None:
    # Ties fall as their keys do, so that a paper printed twice is the same.
    connection.execute(f"""
        create or replace table metrics.scheme_option_decile as
        with ranked as (
            select
                option_key,
                -change_gbp as loss_gbp,
                ntile(10) over (
                    partition by option_key order by change_gbp desc, unit_number
                ) as tenth
            from compared
            where effect = 'loser'
        )
        select
            option_key,
            lpad(cast(tenth as varchar), 2, '0') as decile,
            count(*) as loser_count,
            sum(loss_gbp) as loss_gbp,
            max(loss_gbp) as largest_loss_gbp,
            cast(min(loss_gbp) / {WEEKS} as decimal(18, 2)) as smallest_weekly_gbp,
            cast(max(loss_gbp) / {WEEKS} as decimal(18, 2)) as largest_weekly_gbp
        from ranked
        group by option_key, tenth
    """)


def _reasons(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        create or replace table metrics.scheme_option_reason as
        select
            option_key,
            not_compared_reason,
            count(*) as household_count,
            sum(in_payment_gbp) as in_payment_gbp,
            max(in_payment_gbp) as largest_in_payment_gbp,
            sum(coalesce(most_gbp, in_payment_gbp)) as at_maximum_gbp
        from compared
        where not is_compared
        group by option_key, not_compared_reason
    """)


def _frozen(connection: duckdb.DuckDBPyConnection) -> None:
    """Pension age is under the scheme that the law prescribes, and no decision here moves it."""
    connection.execute("""
        create or replace table metrics.scheme_age_group as
        select
            cts_age_group,
            count(*) as household_count,
            sum(in_payment_gbp) as in_payment_gbp,
            max(in_payment_gbp) as largest_in_payment_gbp
        from caseload
        group by cts_age_group
    """)
