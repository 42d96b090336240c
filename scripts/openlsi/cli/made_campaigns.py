"""The demo's campaigns of a year ago: made-up cohorts, frozen and reported as real ones are.

A cohort is chosen from a build and judged by a later one. The demo has one build, so what its
campaigns chose is told by the generator, by claim, and laid down here by household before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.campaigns.cohort import cohort_files, fix
from openlsi.campaigns.definition import Campaign, load_campaigns
from openlsi.campaigns.fields import campaign_fields
from openlsi.campaigns.outcomes import COLUMNS, record_outcomes
from openlsi.campaigns.register import APPROVED, COMPLETED, Register
from openlsi.config import Configuration, District, load_configuration
from openlsi.home import Home
from openlsi.identity.hashing import KEY_CHARACTERS, hmac_sql
from openlsi.identity.keys import DistrictKeys, master_key
from openlsi.identity.normalisation import normalised
from openlsi.synthesis.campaigns import CAMPAIGNS, SOURCE
from openlsi.warehouse.project import project_directory

_BY = "Made up"
# Days from the month that a cohort is chosen from to the day on which it is fixed.
_UNTIL_FIXED = 44


def lay_made_campaigns(home: Home, links: Path) -> None:
    """Freeze the cohorts that the generator chose and record what it says of them, once."""
    truth = home.truth / "cohorts.parquet"
    configuration = load_configuration(home)
    campaigns = load_campaigns(home, campaign_fields(project_directory()), configuration)
    for made in CAMPAIGNS:
        register = Register.read(home)
        if made.key not in campaigns or register.frozen(made.key):
            continue
        campaign = campaigns[made.key]
        chosen = pq.read_table(truth, filters=[("campaign", "=", made.key)])
        rows = _with_households(home, links, chosen, configuration)
        today = rows["month"][0].as_py() + timedelta(days=_UNTIL_FIXED)
        register.append(
            APPROVED, made.key, by=_BY, why=SOURCE, definition=campaign.fingerprint,
            on=today.isoformat(),
        )  # fmt: skip
        _report(home, campaign, _frozen(home, campaign, rows, configuration, today), rows)
        if made.is_over:
            Register.read(home).append(COMPLETED, made.key, by=_BY, on=campaign.ends.isoformat())


def _with_households(
    home: Home, links: Path, chosen: pa.Table, configuration: Configuration
) -> pa.Table:
    """Return the rows whose claim linkage laid on one household, with its key."""
    parts = []
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        con.register("chosen", chosen)
        for district in configuration.districts:
            parts.append(_of_district(con, home, links, district, configuration))
    return pa.concat_tables(parts)


def _of_district(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    links: Path,
    district: District,
    configuration: Configuration,
) -> pa.Table:
    keys = DistrictKeys(master_key(home, configuration.is_demo), district.code, district.key_id)
    inner, outer = keys.pads("claim")
    hashed = hmac_sql(f"encode({normalised('claim', 'claim_ref')})")
    return con.execute(
        f"""
        with keyed as (
            select *, left({hashed}, {KEY_CHARACTERS}) as source_key
            from chosen where district_code = $code
        ),
        units as (
            select source_key, any_value(household_key) as household_key
            from read_parquet($units)
            where district_code = $code and source = 'cts_claim'
            group by source_key
            having count(distinct household_key) = 1
        )
        select keyed.* exclude (source_key), units.household_key
        from keyed inner join units using (source_key)
        qualify row_number() over (partition by household_key order by claim_ref) = 1
        order by household_key
        """,
        {
            "inner": inner, "outer": outer, "code": district.code,
            "units": str(links / "benefit_unit.parquet"),
        },
    ).to_arrow_table()  # fmt: skip


def _frozen(
    home: Home, campaign: Campaign, rows: pa.Table, configuration: Configuration, today: date
) -> dict[str, Any]:
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        con.register("chosen", rows)
        cohort = con.execute(
            """
            select
                district_code, household_key, month, arm, age_group,
                'in_crisis' as living_standards_class, has_partner, has_children,
                cast(0 as decimal(18, 2)) as expected_gbp
            from chosen order by district_code, household_key
            """
        ).to_arrow_table()
    return fix(home, campaign, cohort, configuration, today, "made_up", "made up")


def _report(home: Home, campaign: Campaign, event: dict[str, Any], rows: pa.Table) -> None:
    """Record what officers are made to have reported, as a file of theirs."""
    told = {row["household_key"]: row for row in rows.to_pylist()}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{campaign.campaign}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(_lines(home, event, told))
        record_outcomes(home, campaign, path)


def _lines(home: Home, event: dict[str, Any], told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for file in cohort_files(home, event):
        for row in pq.read_table(file, columns=["case_ref", "household_key"]).to_pylist():
            one = told[row["household_key"]]
            if one["contacted_on"] is None:
                continue
            days = ("contacted_on", "reached_on", "applied_on", "awarded_on")
            line = {name: one[name].isoformat() for name in days if one[name]}
            if one["pence"]:
                line["one_off_gbp"] = f"{one['pence'] / 100:.2f}"
            yield {"case_ref": row["case_ref"], **line}
