"""Frozen cohorts of a county that has no build yet: households as its links know them.

A cohort is chosen from a build, and what came of it is told by a later one. The small county has
one build, so its cohorts are laid down before it, of its first month.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openlsi.campaigns.cohort import cohort_files, fix
from openlsi.campaigns.definition import load_campaigns
from openlsi.campaigns.fields import campaign_fields
from openlsi.campaigns.outcomes import COLUMNS, record_outcomes
from openlsi.campaigns.register import EVALUATED, Register
from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.warehouse.project import project_directory

# What an officer is made to have found of each; the one without is still running.
CAMPAIGNS = {
    "council_tax_support": "no_effect_shown",
    "free_school_meals": None,
    "housing_payments": "effect_shown",
    "pension_credit": None,
}
# Its households are only compared with those of the others, in one campaign.
_ELSEWHERE = "E07000116"


def lay_cohorts(home: Home, links: Path, month: date) -> None:
    """Freeze four campaigns on every household of the links, one in five held out, in a month.

    Officers report of a few of those to contact, and two campaigns are over and evaluated.
    """
    configuration = load_configuration(home)
    campaigns = load_campaigns(home, campaign_fields(project_directory()), configuration)
    with duckdb.connect() as con:
        cohort = con.execute(
            """
            with households as (
                select distinct district_code, household_key from read_parquet($units)
                where household_key is not null
            ),
            numbered as (
                select *, row_number() over (order by household_key) as number from households
            )
            select
                district_code, household_key, $month::date as month,
                case when number % 5 = 0 then 'holdout' else 'contact' end as arm,
                'working' as age_group, 'struggling' as living_standards_class,
                number % 2 = 0 as has_partner, number % 3 = 0 as has_children,
                cast(number % 50 as decimal(18, 2)) as expected_gbp
            from numbered order by district_code, household_key
            """,
            {"units": str(links / "benefit_unit.parquet"), "month": month},
        ).to_arrow_table()
    for name, verdict in CAMPAIGNS.items():
        campaign = campaigns[name]
        Register.read(home).approve(campaign, "Made up", "To have a cohort")
        chosen = _with_comparison(cohort) if verdict == "effect_shown" else cohort
        event = fix(home, campaign, chosen, configuration, month, "made_up", "made up")
        record_outcomes(home, campaign, _outcomes(home, event, campaign.pounds))
        if verdict:
            Register.read(home).complete(name, "Made up")
            Register.read(home).append(
                EVALUATED, name, build_id="made_up", result="made up", verdict=verdict,
                against="holdout", brought_gbp=None,
            )  # fmt: skip


def _with_comparison(cohort: pa.Table) -> pa.Table:
    is_elsewhere = pc.equal(cohort["district_code"], _ELSEWHERE)
    arm = pc.if_else(is_elsewhere, "comparison", cohort["arm"])
    return cohort.set_column(cohort.column_names.index("arm"), "arm", arm)


def _outcomes(home: Home, event: dict[str, object], kinds: Sequence[str]) -> Path:
    """Write what officers report: some contacted, some of them awarded pounds of these kinds."""
    lines = [",".join(COLUMNS)]
    for file in cohort_files(home, event):
        rows = pq.read_table(file, columns=["case_ref", "arm"]).to_pylist()
        refs = [row["case_ref"] for row in rows if row["arm"] == "contact"]
        for number, ref in enumerate(refs[:12]):
            cells = dict.fromkeys(COLUMNS, "") | {"case_ref": ref, "contacted_on": "2024-02-25"}
            if number % 2:
                cells |= {"reached_on": "2024-03-01", "applied_on": "2024-03-04"}
            if number % 3 == 0:
                cells |= {"awarded_on": "2024-04-02"}
                cells |= {f"{kind}_gbp": f"{100 + number}.50" for kind in kinds}
            lines.append(",".join(cells[name] for name in COLUMNS))
    path = home.root / f"{event['campaign']}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
