"""Who the households of a pack are: names, address and references out of their district's vault.

What officers need to make contact and to find the case, and no more: no National Insurance number,
no birth date, no child and nobody who leads no claim. All of it lives in memory that has no disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.config import Configuration, District
from openlsi.home import Home
from openlsi.identity.linkage_sources import PersonKeys, Source
from openlsi.packs.contact import Address, Adult, Contact, Reference
from openlsi.packs.errors import PackError
from openlsi.packs.opened_vault import UNITS, OpenedVault, columns_of, opened_vault
from openlsi.packs.words import clean

# By source: what its reference is called, and the column of landing that says when it ended. Those
# without a reference belong to another body, which officers of a district cannot look up by it.
_REFERENCES = {
    "council_tax_account": ("Council tax account", "account_ref"),
    "cts_claim": ("Council Tax Support claim", "claim_ref"),
    "hb_claim": ("Housing Benefit claim", "claim_ref"),
    "rent_account": ("Rent account", "rent_account_ref"),
    "discretionary_award": ("Discretionary award", "award_ref"),
}
_ENDS = {"council_tax_account": "liability_end_date", "rent_account": "tenancy_end_date"}
# Of several rows of one month the one that began last.
_BEGINS = {"cts_claim": "award_from", "hb_claim": "valid_from", "uc_claim": "period_start"}
# Whose word on where a household lives goes before the others'.
_ADDRESS_FROM = (
    "council_tax_account", "rent_account", "hb_claim", "uc_claim", "discretionary_award",
)  # fmt: skip
_SOURCE_NAMES = {
    "council_tax_account": "council tax account",
    "cts_claim": "Council Tax Support claim",
    "hb_claim": "Housing Benefit claim",
    "uc_claim": "Universal Credit award",
    "rent_account": "rent account",
    "discretionary_award": "discretionary award",
}
_HOME = ("address", "postcode")


def contacts(
    home: Home,
    configuration: Configuration,
    district: District,
    links: Path,
    households: Sequence[str],
) -> dict[str, Contact]:
    """Return who these households are, by key; one that is nowhere landed any more is left out.

    Raises PackError where landing tells of a claim that the vault does not: its segments are lost,
    or it is another district's vault. Raises VaultError for a segment that does not open.
    """
    with opened_vault(home, configuration, district) as vault:
        con = vault.connection
        con.register("asked", pa.table({"household_key": pa.array(list(households), pa.string())}))
        con.execute(
            "create temp table units as select source, source_key, household_key"
            " from read_parquet($units) where district_code = $code"
            " and household_key in (select household_key from asked)",
            {"units": str(links / "benefit_unit.parquet"), "code": district.code},
        )
        con.execute(
            "create temp table linked as select source, source_key, role,"
            # Two people may have had a role one after the other; then the role tells neither.
            " case when count(distinct person_key) = 1 then min(person_key) end as person_key"
            " from read_parquet($people) where district_code = $code group by all",
            {"people": str(links / "person.parquet"), "code": district.code},
        )
        _lay_told(vault)
        return _gathered(con)


def _lay_told(vault: OpenedVault) -> None:
    """Make `told`: a row a claim or account of the households, and role, as it stands now."""
    con = vault.connection
    con.execute(
        "create temp table told (household_key varchar, source varchar, source_key varchar,"
        " last_month date, is_open boolean, role varchar, surname varchar, forenames varchar,"
        " birth_date varchar, address varchar, postcode varchar, reference varchar)"
    )
    for source in UNITS:
        files = vault.landed.get((source.feed, source.record))
        if not files:
            continue
        con.execute(_present_sql(vault, source, files), {"files": files, "source": source.name})
        _check_vault(vault, source)
        for person in source.people:
            con.execute(_told_sql(vault, source, person))


def _present_sql(vault: OpenedVault, source: Source, files: Sequence[str]) -> str:
    """Return SQL that makes `present`: each claim's last landed row and its identity of then."""
    name = vault.table(source)
    landed = columns_of(vault.connection, "read_parquet($files, union_by_name = true)", files)
    keys = [one for one in columns_of(vault.connection, name) if one in landed]
    end, begin = _ENDS.get(source.name), _BEGINS.get(source.name)
    alike = " + ".join(
        f"cast(landed.{key} is not distinct from known.{key} as integer)" for key in keys
    )
    return f"""
        create or replace temp table present as
        with landed as (
            select {", ".join(keys)}, month, {f"{end} is null" if end else "true"} as is_open
            from read_parquet($files, hive_partitioning = false, union_by_name = true)
            where {source.key} in (select source_key from units where source = $source)
            -- row_number: a month may hold several changes of one award
            qualify row_number() over (
                partition by {source.key}
                order by month desc{f", {begin} desc nulls last" if begin else ""}
            ) = 1
        )
        select landed.{source.key} as source_key, landed.month as last_month, landed.is_open,
            known.* exclude ({source.key})
        from landed
        left join {name} as known on landed.{source.key} = known.{source.key}
        -- row_number: of the identities that a claim ever had, the one that landing's keys are of;
        -- of those that differ in nothing keyed, such as the spelling of a street, the last
        qualify row_number() over (
            partition by landed.{source.key} order by {alike} desc, known.place desc nulls last
        ) = 1
    """


def _check_vault(vault: OpenedVault, source: Source) -> None:
    (lost, count) = vault.connection.execute(
        "select count(*) filter (place is null), count(*) from present"
    ).fetchone() or (0, 0)
    if lost:
        raise PackError(
            f"{vault.folder}: tells nothing of {lost:,} of {count:,} {_SOURCE_NAMES[source.name]}s"
            " that are landed; expected this district's own vault, whole: restore it from a safe"
            " copy"
        )


def _told_sql(vault: OpenedVault, source: Source, person: PersonKeys) -> str:
    columns = columns_of(vault.connection, "present")

    def raw(name: str | None) -> str:
        return f"nullif(trim(i_{name}), '')" if f"i_{name}" in columns else "null"

    reference = _REFERENCES.get(source.name)
    who = vault.people(source)[person.person]
    text = (who.surname, who.forenames, who.birth_date, *_HOME, reference[1] if reference else None)
    return f"""
        insert into told
        select units.household_key, units.source, units.source_key, present.last_month,
            present.is_open, '{person.role}', {", ".join(raw(name) for name in text)}
        from units
        inner join present
            on units.source = '{source.name}' and units.source_key = present.source_key
    """


def _gathered(con: duckdb.DuckDBPyConnection) -> dict[str, Contact]:
    priority = pa.table(
        {"source": list(_ADDRESS_FROM), "priority": list(range(len(_ADDRESS_FROM)))}
    )
    con.register("priorities", priority)
    # Only what is told of the household's latest month says who and where it is now.
    con.execute(
        """
        create temp table told_now as
        select told.*, coalesce(priorities.priority, 9) as priority
        from told left join priorities using (source)
        -- A claim that ended stays in later files of some systems.
        qualify told.is_open >= max(told.is_open) over (partition by household_key)
            and told.last_month = max(told.last_month) over (
                partition by household_key, told.is_open
            )
        """
    )
    adults = _by_household(con, _ADULTS)
    addresses = _by_household(con, _ADDRESSES)
    references = _by_household(con, _REFERENCES_SQL)
    told = con.execute("select distinct household_key from told").fetchall()
    return {
        key: Contact(
            tuple(_adult(row) for row in adults.get(key, ())),
            tuple(
                Address(
                    clean(row["address"] or ""),
                    clean(row["postcode"] or ""),
                    _SOURCE_NAMES[row["source"]],
                )
                for row in addresses.get(key, ())
            ),
            tuple(
                Reference(_REFERENCES[row["source"]][0], clean(row["reference"]), row["last_month"])
                for row in references.get(key, ())
            ),
        )
        for (key,) in told
    }


def _by_household(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, list[dict[str, Any]]]:
    return dict(con.execute(sql).fetchall())


def _adult(row: Mapping[str, Any]) -> Adult:
    name = " ".join(part for part in (row["forenames"], row["surname"]) if part)
    return Adult(clean(name), row["age"], row["role"], _SOURCE_NAMES[row["source"]])


# A person as the surest of their sources spells the name; one who is linked nowhere is told apart
# by name and birth.
_ADULTS = """
with named as (
    select told_now.*, coalesce(
        linked.person_key, lower(concat_ws('|', forenames, surname, birth_date))
    ) as person
    from told_now left join linked using (source, source_key, role)
    where surname is not null or forenames is not null
),
people as (
    select household_key, person,
        arg_min(
            {'surname': surname, 'forenames': forenames, 'source': source},
            (priority, source, source_key)
        ) as told,
        max(try_cast(birth_date as date)) as born,
        max(last_month) as month,
        -- Who leads one claim and is the partner in another leads.
        min(role) as role
    from named group by household_key, person
),
-- One name in one home is one person, unless two birth dates say otherwise.
spelt as (
    select *, lower(concat_ws(' ', told.forenames, told.surname)) as name,
        coalesce(born, max(born) over (
            partition by household_key, lower(concat_ws(' ', told.forenames, told.surname))
        )) as birth
    from people
),
adults as (
    select household_key, name, birth, any_value(told order by person) as told,
        max(month) as month, min(role) as role
    from spelt group by household_key, name, birth
)
select household_key, list(
    {
        'surname': told.surname, 'forenames': told.forenames, 'source': told.source, 'role': role,
        'age': date_part('year', age(last_day(month), birth))::integer
    } order by role, told.surname, told.forenames, birth
)
from adults group by household_key
"""
# The same postcode told twice is one home; others are told too, since a letter may go astray.
_ADDRESSES = """
with homes as (
    select household_key, upper(replace(coalesce(postcode, address), ' ', '')) as home,
        arg_min(
            {'address': address, 'postcode': postcode, 'source': source}, (priority, source_key)
        ) as told,
        min(priority) as priority
    from told_now where address is not null or postcode is not null
    group by all
)
select household_key, list(told order by priority, home) from homes group by household_key
"""
_REFERENCES_SQL = """
with known as (
    -- distinct: a claim has a row for each of its people
    select distinct household_key, source, reference, strftime(last_month, '%Y-%m') as last_month
    from told_now where reference is not null
)
select household_key, list(
    {'source': source, 'reference': reference, 'last_month': last_month} order by source, reference
)
from known group by household_key
"""
