"""Who the households of a pack are: names, address and references out of their district's vault.

What officers need to make contact and to find the case, and no more: no National Insurance number,
no birth date, no child and nobody who leads no claim. All of it lives in memory that has no disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.config import Configuration, District
from openlsi.extract.chain import Ledger
from openlsi.extract.district_keys import district_keys
from openlsi.extract.landing import stored_name
from openlsi.extract.ledger import in_force_entries
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.identity.keys import master_key
from openlsi.identity.linkage_sources import SOURCES, PersonKeys, Source
from openlsi.identity.vault import Vault
from openlsi.packs.errors import PackError
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
_UNITS = tuple(source for source in SOURCES if source.is_unit)
_TEXT = ("surname", "forenames", "birth_date")


@dataclass(frozen=True)
class Adult:
    """Somebody who leads a claim or account of a household, or is the partner in it."""

    name: str
    age: int | None
    role: str
    told_by: str


@dataclass(frozen=True)
class Address:
    """A home as one source tells it."""

    address: str
    postcode: str
    told_by: str


@dataclass(frozen=True)
class Reference:
    """A number by which a district's own system knows a household's claim or account."""

    kind: str
    reference: str
    last_month: str


@dataclass(frozen=True)
class Contact:
    """Who a household is, where it lives, and how systems call it."""

    adults: tuple[Adult, ...]
    addresses: tuple[Address, ...]
    references: tuple[Reference, ...]


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
    with _opened(home, configuration, district) as (con, landed):
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
        _lay_told(con, landed, home.vault / district.slug)
        return _gathered(con)


@contextmanager
def _opened(
    home: Home, configuration: Configuration, district: District
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Mapping[tuple[str, str], list[str]]]]:
    """Open memory with each record's identities of the vault; yield it with what is landed.

    A table is named `vault_<feed>__<record>`; `place` is the order in which identities were met.
    """
    ledger = Ledger.read(home)
    keys = district_keys(master_key(home, configuration.is_demo, may_make=False), district, ledger)
    accepted = [e for e in ledger.accepted() if e["district_code"] == district.code]
    if not accepted:
        raise PackError(f"{district.name}: nothing of it is loaded; run `lsi load` first")
    vault = Vault(home.vault / district.slug, keys)
    wanted = {f"identity_{source.feed}__{source.record}" for source in _UNITS}
    found: dict[str, list[pa.Table]] = {name: [] for name in wanted}
    for place, entry in enumerate(accepted):
        for name, table in vault.open(stored_name(entry)).items():
            if name in wanted:
                met = pa.array([place] * table.num_rows, pa.int64())
                found[name].append(table.append_column("place", met))
    # No temp directory: a spill file would hold names in the clear.
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        con.execute("set enable_progress_bar = false")
        _lay_vault(con, load_feed_definitions(home), found)
        yield con, _landed(home, ledger, district)


def _lay_vault(
    con: duckdb.DuckDBPyConnection, definitions: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    for source in _UNITS:
        name = f"{source.feed}__{source.record}"
        record = definitions[source.feed].records[source.record]
        columns = [*(f"i_{one}" for one in record.identifiers), *record.keys]
        types = [(one, pa.string()) for one in columns] + [("place", pa.int64())]
        tables = [pa.schema(types).empty_table(), *found[f"identity_{name}"]]
        whole = pa.concat_tables(tables, promote_options="default").select([n for n, _ in types])
        con.register("arriving", whole)
        con.execute(f"create temp table vault_{name} as from arriving")
        con.unregister("arriving")


def _landed(home: Home, ledger: Ledger, district: District) -> Mapping[tuple[str, str], list[str]]:
    """Return the landing files in force of a district by feed and record."""
    files: dict[tuple[str, str], list[str]] = {}
    for entry in in_force_entries(ledger):
        if entry["district_code"] == district.code:
            for record in entry["records"]:
                path = str(home.landing / record["path"])
                files.setdefault((entry["feed"], record["record"]), []).append(path)
    return files


def _lay_told(
    con: duckdb.DuckDBPyConnection, landed: Mapping[tuple[str, str], list[str]], vault: Path
) -> None:
    """Make `told`: a row a claim or account of the households, and role, as it stands now."""
    con.execute(
        "create temp table told (household_key varchar, source varchar, source_key varchar,"
        " last_month date, is_open boolean, role varchar, surname varchar, forenames varchar,"
        " birth_date varchar, address varchar, postcode varchar, reference varchar)"
    )
    for source in _UNITS:
        files = landed.get((source.feed, source.record))
        if not files:
            continue
        con.execute(_present_sql(con, source), {"files": files, "source": source.name})
        _check_vault(con, source, vault)
        for person in source.people:
            con.execute(_told_sql(con, source, person))


def _present_sql(con: duckdb.DuckDBPyConnection, source: Source) -> str:
    """Return SQL that makes `present`: each claim's last landed row and its identity of then."""
    name = f"vault_{source.feed}__{source.record}"
    keys = [key for key in _columns(con, name) if key.endswith("_key")]
    end = _ENDS.get(source.name)
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
            qualify row_number() over (partition by {source.key} order by month desc) = 1
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


def _check_vault(con: duckdb.DuckDBPyConnection, source: Source, vault: Path) -> None:
    (lost, count) = con.execute(
        "select count(*) filter (place is null), count(*) from present"
    ).fetchone() or (0, 0)
    if lost:
        raise PackError(
            f"{vault}: tells nothing of {lost:,} of {count:,} {_SOURCE_NAMES[source.name]}s that"
            " are landed; expected this district's own vault, whole: restore it from a safe copy"
        )


def _told_sql(con: duckdb.DuckDBPyConnection, source: Source, person: PersonKeys) -> str:
    columns = _columns(con, "present")
    # As `people:` of the record definitions names them.
    prefix = {"joint_tenant": "joint", "lead": "lead"}.get(person.person, person.person)

    def raw(name: str) -> str:
        return f"nullif(trim(i_{name}), '')" if f"i_{name}" in columns else "null"

    reference = _REFERENCES.get(source.name)
    return f"""
        insert into told
        select units.household_key, units.source, units.source_key, present.last_month,
            present.is_open, '{person.role}',
            {", ".join(raw(f"{prefix}_{name}") for name in _TEXT)},
            {", ".join(raw(name) for name in _HOME)},
            {raw(reference[1]) if reference else "null"}
        from units
        inner join present
            on units.source = '{source.name}' and units.source_key = present.source_key
    """


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    rows = con.execute(f"select * from {table} limit 0").description or []
    return [str(row[0]) for row in rows]


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
