"""What landing tells of each source, in one shape for all of them: keys and months, no names.

Tables made here, all by district and node (a source's mark and its key, as `c:4f…`):
`members` (source, key, first and last month), `seen` (role, keys of a person, first and last
month), `bridges` (the support claim and council tax account a row names), `homes` (dwelling).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class PersonKeys:
    """The columns of landing that tell one person of a record: each may be missing.

    `person` is the role's name under `people:` in the record definition.
    """

    role: str
    person: str
    nino: str | None = None
    name_dob: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Source:
    """One kind of claim or account, and which of its landed columns linkage reads.

    `mark` begins the names of its nodes; the order of SOURCES decides which of two things known
    from the same month names a benefit unit. People who are only looked for in others, and lead
    no unit by it, have `is_unit` false.
    """

    name: str
    mark: str
    feed: str
    record: str
    key: str
    people: tuple[PersonKeys, ...]
    cts_claim: str | None = None
    account: str | None = None
    dwelling: str | None = None
    is_unit: bool = True


def _claimed(*, named: bool) -> tuple[PersonKeys, PersonKeys]:
    return (
        PersonKeys(
            "lead", "claimant", "claimant_nino_key", "claimant_name_dob_key",
            "claimant_name_key" if named else None,
        ),
        PersonKeys(
            "partner", "partner", "partner_nino_key", "partner_name_dob_key",
            "partner_name_key" if named else None,
        ),
    )  # fmt: skip


SOURCES = (
    Source(
        "cts_claim", "c", "cts", "award", "claim_key", _claimed(named=True), account="account_key"
    ),
    Source(
        "hb_claim", "h", "housing_benefit", "claim", "claim_key", _claimed(named=False),
        cts_claim="cts_claim_key", account="account_key", dwelling="dwelling_key",
    ),
    Source(
        "uc_claim", "u", "universal_credit", "award", "uc_key", _claimed(named=False),
        cts_claim="cts_claim_key",
    ),
    Source(
        "rent_account", "r", "rent", "account", "rent_account_key",
        (
            PersonKeys(
                "lead", "tenant", "tenant_nino_key", "tenant_name_dob_key", "tenant_name_key"
            ),
            PersonKeys("partner", "joint_tenant", "joint_nino_key", "joint_name_dob_key"),
        ),
        dwelling="dwelling_key",
    ),
    Source(
        "discretionary_award", "d", "discretionary_awards", "award", "award_key",
        (
            PersonKeys(
                "lead", "applicant", "applicant_nino_key", "applicant_name_dob_key",
                "applicant_name_key",
            ),
        ),
        cts_claim="cts_claim_key", account="account_key",
    ),
    Source(
        "council_tax_account", "a", "council_tax", "account", "account_key",
        (
            PersonKeys("lead", "lead", name="lead_name_key"),
            PersonKeys("partner", "joint", name="joint_name_key"),
        ),
        dwelling="dwelling_key",
    ),
    Source(
        "hb_member", "m", "housing_benefit", "member", "member_key",
        (PersonKeys("member", "member", "nino_key", "name_dob_key"),), is_unit=False,
    ),
)  # fmt: skip
ACCOUNT = "council_tax_account"

_EMPTY = """
create temp table members (
    district_code varchar, source varchar, source_key varchar, node varchar, place integer,
    first_month date, last_month date
);
create temp table seen (
    district_code varchar, node varchar, mark varchar, role varchar, nino_key varchar,
    name_dob_key varchar, name_key varchar, first_month date, last_month date
);
create temp table bridges (
    district_code varchar, node varchar, cts_node varchar, account_node varchar
);
create temp table homes (district_code varchar, node varchar, dwelling_key varchar);
"""


def read_sources(
    con: duckdb.DuckDBPyConnection, landed: Mapping[tuple[str, str], Sequence[Path]]
) -> None:
    """Fill the tables from the parquet in force; a feed that nobody sends leaves them as they are.

    `landed` is (feed, record) → files.
    """
    con.execute(_EMPTY)
    for place, source in enumerate(SOURCES):
        files = [str(path) for path in landed.get((source.feed, source.record), ())]
        if files:
            con.execute(_rows_sql(source), {"files": files})
            for statement in _tables_sql(source, place):
                con.execute(statement)
    con.execute("drop table if exists source_rows")


def _rows_sql(source: Source) -> str:
    """Return SQL for what linkage reads of a source: one row a change, not one a month."""
    told = [source.cts_claim, source.account, source.dwelling]
    told += [column for person in source.people for column in _columns(person)]
    columns = list(dict.fromkeys(column for column in told if column))
    return f"""
    create or replace temp table source_rows as
    select
        district_code, '{source.mark}:' || {source.key} as node, {source.key} as source_key,
        {", ".join(columns)}, min(month) as first_month, max(month) as last_month
    from read_parquet($files, hive_partitioning = false)
    where {source.key} is not null
    group by all
    """


def _tables_sql(source: Source, place: int) -> list[str]:
    statements = []
    if source.is_unit:
        statements.append(
            f"""
            insert into members
            select district_code, '{source.name}', source_key, node, {place},
                min(first_month), max(last_month)
            from source_rows group by all
            """
        )
    for person in source.people:
        nino, name_dob, name = (column or "null" for column in _columns(person))
        statements.append(
            f"""
            insert into seen
            select district_code, node, '{source.mark}', '{person.role}', {nino}, {name_dob},
                {name}, min(first_month), max(last_month)
            from source_rows
            where coalesce({nino}, {name_dob}, {name}) is not null
            group by all
            """
        )
    if source.cts_claim or source.account:
        cts = f"'c:' || {source.cts_claim}" if source.cts_claim else "cast(null as varchar)"
        account = f"'a:' || {source.account}" if source.account else "cast(null as varchar)"
        statements.append(
            # distinct: a claim names the same account in every month
            f"insert into bridges select distinct district_code, node, {cts}, {account}"
            " from source_rows"
        )
    if source.dwelling:
        statements.append(
            # distinct: a tenancy stands in the same dwelling in every month
            f"insert into homes select distinct district_code, node, {source.dwelling}"
            f" from source_rows where {source.dwelling} is not null"
        )
    return statements


def _columns(person: PersonKeys) -> tuple[str | None, str | None, str | None]:
    return person.nino, person.name_dob, person.name
