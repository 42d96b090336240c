"""A county of twelve districts so small that most cells must be hidden, through the real files."""

from __future__ import annotations

from pathlib import Path

import attacked_debts
import attacked_help
import attacked_marts
import attacked_people
import attacked_places
import duckdb
import tiny_marts
from tiny_project import parse

from openlsi.disclosure import publish
from openlsi.home import Home
from openlsi.warehouse.saved_queries import materialise_saved_queries

_SIZES = {
    "E07000105": 60, "E07000106": 44, "E07000107": 31, "E07000108": 25, "E07000109": 22,
    "E07000110": 18, "E07000111": 14, "E07000112": 13, "E07000113": 12, "E07000114": 11,
    "E07000115": 8, "E07000116": 3,
}  # fmt: skip
_TINY = {"E07000105", "E07000106", "E07000108"}

# Chance comes from a hash of seed, household and month, so each seed is one county for ever.
_SPEND = """
create table marts.fct_benefit_spend as
with
chance as (
    select
        d.district_code, i, m.month, m.days_in_month, m.financial_month_number,
        cast(hash($seed || d.district_code || i) % 1000 as integer) as who,
        cast(hash($seed || d.district_code || i || m.month) % 1000 as integer) as luck
    from marts.dim_month as m
    cross join (values $sizes) as d(district_code, n)
    cross join lateral (select unnest(range(1, d.n + 1)) as i) as household
    where m.month between date '2025-04-01' and date '2026-06-01'
),
awarded as (
    select
        *,
        cast(10 + who % 30 as decimal(18, 2)) as weekly_award_gbp,
        cast(round((10 + who % 30) * days_in_month / 7.0, 2) as decimal(18, 2)) as accrued_gbp,
        cast(case when luck % 23 = 0 then luck * 3 - 900 else 0 end as decimal(18, 2)) as late
    from chance
    where luck >= 80
)
select
    district_code,
    district_code || '-' || i as household_key,
    'cts' as benefit_code,
    month,
    district_code || '-' || i || '-1' as household_version_key,
    case when who % 5 < 2 then 'pension' else 'working' end as cts_age_group,
    who % 5 >= 2 and who % 2 = 0 as is_on_uc,
    true as is_in_payment,
    weekly_award_gbp,
    days_in_month as days_awarded_count,
    accrued_gbp,
    late as retrospective_adjustment_gbp,
    accrued_gbp + late as recognised_gbp,
    cast(case when financial_month_number = 1 then 500 when luck % 9 = 0 then -3 else 0 end
        as decimal(18, 2)) as posted_credit_gbp
from awarded
"""


def manifests(folder: Path) -> Path:
    """Parse the metric files once for all counties."""
    return parse(folder / "project")


def county(folder: Path, manifest_folder: Path, seed: str) -> Path:
    """Make one county's warehouse with marts and metrics, not yet published; return its file."""
    path = folder / f"county_{seed}.duckdb"
    sizes = ", ".join(f"('{code}', {size})" for code, size in _SIZES.items())
    spend = _SPEND.replace("$sizes", sizes).replace("$seed", f"'{seed}'")
    stand_ins = tiny_marts.build(path, spend=spend, districts=sorted(set(_SIZES) - _TINY))
    with duckdb.connect(str(path)) as con:
        # What only stands in adds up to nothing in the tables that are made by hand.
        for name in stand_ins:
            con.execute(f"delete from marts.{name}")
        attacked_people.make(con, seed, _SIZES)
        attacked_debts.fill(con)
        attacked_marts.fill(con)
        attacked_places.fill(con)
        attacked_help.fill(con, seed)
        # The counties' metrics are the same, and to compile them is most of making one.
        compiled = manifest_folder / "compiled_metrics.json"
        materialise_saved_queries(con, manifest_folder, "b1", compiled)
    return path


def release(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Publish the county's edition; raise if the pipeline's own audit refuses it."""
    publish(con, home=Home(folder / "home"), edition="county", build_id="b1", today="2026-07-01")
