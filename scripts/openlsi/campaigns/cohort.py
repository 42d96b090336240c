"""Whom a campaign is for today, and the cohort with its holdout, fixed once and for all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openlsi.campaigns.definition import Campaign, target_sql
from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.fields import MART, Field
from openlsi.campaigns.holdings import check, cohort_path, write_table
from openlsi.campaigns.register import COHORT, FROZEN, Register
from openlsi.config.county import Configuration
from openlsi.home import Home

# Letters and digits that are not taken for each other on paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_REF_LENGTH = 10
_CONTACTED = ("campaign_key", "household_key")


@contextmanager
def choosing(
    home: Home,
    secure: Path,
    campaign: Campaign,
    fields: Mapping[str, Field],
    configuration: Configuration,
    today: date,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the current build with a table `chosen` of everybody that the filter holds for.

    Its `left_out` says why somebody is not in the cohort: marked, contacted, or null; `is_here`
    that the household lives in a district of the campaign: the others are only compared with.
    Raises CampaignError where there is no build with the positions of households.
    """
    if not secure.is_file():
        raise CampaignError("no build yet, so there is nobody to look for; run `lsi run`")
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        file = str(secure).replace("'", "''")
        con.execute(f"attach '{file}' as warehouse (read_only)")
        there = con.execute(
            "select 1 from duckdb_tables() where database_name = 'warehouse'"
            " and schema_name = 'marts' and table_name = $mart",
            {"mart": MART},
        ).fetchone()
        if not there:
            raise CampaignError(
                "the current build holds no positions of households; run `lsi build`"
            )
        con.register("contacted_then", _contacted(home, campaign, today))
        con.execute(_contacted_by_now(con))
        con.execute(_choice(campaign, fields, configuration))
        yield con


def _choice(campaign: Campaign, fields: Mapping[str, Field], configuration: Configuration) -> str:
    slugs = set(campaign.districts)
    codes = [one.code for one in configuration.districts if not slugs or one.slug in slugs]
    listed = ", ".join(f"'{code}'" for code in codes)
    marked = " or ".join(campaign.markers) or "false"
    expected = f"{campaign.expected} * 52" if campaign.expected else "0"
    return f"""
        create table chosen as
        select
            position.*,
            cast({expected} as decimal(18, 2)) as expected_gbp,
            position.district_code in ({listed}) as is_here,
            case
                when {marked} then 'marked'
                when contacted.household_key is not null then 'contacted'
            end as left_out
        from warehouse.marts.{MART} as position
        left join contacted using (household_key)
        where {target_sql(campaign, fields)}
    """


def _contacted(home: Home, campaign: Campaign, today: date) -> pa.Table:
    """Return households in the contact arm of another campaign within the days before today.

    With the campaign, each under the key that it had when its cohort was written.
    """
    none = pa.table({name: pa.array([], pa.string()) for name in _CONTACTED})
    cohorts = [none]
    for event in Register.read(home).log.of(FROZEN):
        days = (today - date.fromisoformat(event["today"])).days
        if event["campaign"] != campaign.campaign and days < campaign.exclude.contacted_within_days:
            for path in cohort_files(home, event):
                table = pq.read_table(path, columns=["household_key", "arm"])
                table = table.filter(pc.equal(table["arm"], "contact")).drop_columns("arm")
                of = pa.array([event["campaign"]] * table.num_rows, pa.string())
                cohorts.append(table.append_column("campaign_key", of).select(_CONTACTED))
    return pa.concat_tables(cohorts)


def _contacted_by_now(con: duckdb.DuckDBPyConnection) -> str:
    """Return SQL for `contacted`: their keys then, and those that the build knows them by."""
    followed = con.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse'"
        " and schema_name = 'marts' and table_name = 'fct_campaign_contacts'"
    ).fetchone()
    now = (
        " union select contacts.household_key"
        " from warehouse.marts.fct_campaign_contacts as contacts"
        " where contacts.arm = 'contact'"
        " and contacts.campaign_key in (select campaign_key from contacted_then)"
        if followed
        else ""
    )
    return f"create table contacted as select household_key from contacted_then{now}"


def freeze(
    home: Home,
    secure: Path,
    campaign: Campaign,
    fields: Mapping[str, Field],
    configuration: Configuration,
    today: date,
    build_id: str,
) -> dict[str, Any]:
    """Fix the cohort and its holdout, each district in a file of its own, and return the event.

    Who is held out follows from a seed that the register keeps; a household's reference is made by
    chance and means nothing outside. Raises CampaignError unless this wording is approved, where
    the cohort is fixed already, and where it would be empty.
    """
    register = Register.read(home)
    frozen = register.frozen(campaign.campaign)
    if frozen:
        raise CampaignError(
            f"{campaign.campaign}: its cohort is frozen since {frozen['at'][:10]}, with build"
            f" {frozen['build_id']}; a further round is a campaign of its own"
        )
    register.check_approved(campaign)
    seed = secrets.token_hex(16)
    with choosing(home, secure, campaign, fields, configuration, today) as con:
        cohort = con.execute(
            _COHORT, {"seed": seed, "pct": float(campaign.holdout_pct)}
        ).to_arrow_table()
    if "contact" not in pc.unique(cohort["arm"]).to_pylist():
        raise CampaignError(
            f"{campaign.campaign}: nobody is in it today; `lsi campaign preview"
            f" {campaign.campaign}` says how many the filter holds for and who is left out"
        )
    return fix(home, campaign, cohort, configuration, today, build_id, seed)


def fix(
    home: Home,
    campaign: Campaign,
    cohort: pa.Table,
    configuration: Configuration,
    today: date,
    build_id: str,
    seed: str,
) -> dict[str, Any]:
    """Write a cohort, a row a household as `freeze` chooses them, and return the event."""
    slugs = {one.code: one.slug for one in configuration.districts}
    written = {}
    for code, part in _by_district(cohort):
        path = cohort_path(home, campaign.campaign, slugs[code], COHORT)
        written[slugs[code]] = _write(path, part)
    register = Register.read(home)
    register.append(
        FROZEN, campaign.campaign, build_id=build_id, today=today.isoformat(), seed=seed,
        definition=campaign.fingerprint, cohorts=written,
    )  # fmt: skip
    return register.log.events[-1]


# Held out by district, so that each has its own share; ties cannot fall by how the rows lie. Who
# lives in another district and would be in it is never contacted by this campaign: a comparison.
_COHORT = """
    with ordered as (
        select
            *,
            row_number() over (
                partition by district_code order by sha256($seed || household_key)
            ) as place,
            count(*) over (partition by district_code) as district_count
        from chosen
        where left_out is null
    )
    select
        district_code,
        household_key,
        month,
        case
            when not is_here then 'comparison'
            when place <= round(district_count * $pct / 100) then 'holdout'
            else 'contact'
        end as arm,
        age_group,
        living_standards_class,
        has_partner,
        coalesce(child_count, 0) > 0 as has_children,
        expected_gbp
    from ordered
    order by district_code, household_key
"""


def _by_district(cohort: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    codes = cohort["district_code"]
    for code in sorted(pc.unique(codes).to_pylist()):
        yield code, cohort.filter(pc.equal(codes, code))


def _write(path: Path, part: pa.Table) -> dict[str, Any]:
    """Write one district's cohort whole or not at all; return its counts and hash."""
    taken: set[str] = set()
    while len(taken) < part.num_rows:
        taken.add("".join(secrets.choice(_ALPHABET) for _ in range(_REF_LENGTH)))
    refs = list(taken)
    secrets.SystemRandom().shuffle(refs)
    sha256 = write_table(part.add_column(0, "case_ref", pa.array(refs, pa.string())), path)
    return {**arm_counts(part), "sha256": sha256}


def arm_counts(cohort: pa.Table) -> dict[str, int]:
    """Return the households of each arm of a cohort, or of a district's part of it."""
    arms = cohort["arm"].to_pylist()
    return {arm: arms.count(arm) for arm in ("contact", "holdout", "comparison")}


def cohort_files(home: Home, frozen: Mapping[str, Any]) -> list[Path]:
    """Return the files of a frozen cohort as they count by now, none once it was let go.

    Raises CampaignError for one that was changed.
    """
    campaign, expected = frozen["campaign"], f"the cohort that was frozen on {frozen['at'][:10]}"
    paths = []
    for slug, told in Register.read(home).cohorts(campaign).items():
        path = cohort_path(home, campaign, slug, told["file"])
        check(path, told["sha256"], expected)
        paths.append(path)
    return paths
