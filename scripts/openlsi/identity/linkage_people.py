"""Who is the same person: by the district's vault where there is one, else on keys alone.

On keys, the same National Insurance number is the same person. A name with a date of birth stands
for the number it always appears with; one that appears with two numbers is ambiguous and joins
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from openlsi.identity.linkage_sources import SOURCES
from openlsi.identity.person_rules import ALONE

# Surest first: of two ways to one household the surer names the link.
_RULES = (
    "nino", "reviewed", "bridge", "same_record", "home_surname_and_birth",
    "name_and_birth", "home_and_name", "probable", ALONE,
)  # fmt: skip

RECORDS = pa.schema(
    [
        ("district_code", pa.string()), ("node", pa.string()), ("role", pa.string()),
        ("nino_key", pa.string()), ("name_dob_key", pa.string()), ("name_key", pa.string()),
        ("person_key", pa.string()), ("rule", pa.string()), ("score", pa.float64()),
    ]
)  # fmt: skip

_BY_KEYS = """
insert into person_records
with numbers_of_a_name as (
    select district_code, name_dob_key,
           count(distinct nino_key) as nino_count, min(nino_key) as nino_key
    from seen
    where name_dob_key is not null and nino_key is not null
    group by all
),
told as (
    select seen.*,
        coalesce(
            seen.nino_key,
            case when numbers_of_a_name.nino_count = 1 then numbers_of_a_name.nino_key end,
            seen.name_dob_key
        ) as person,
        case when seen.nino_key is not null then 'nino' else 'name_and_birth' end as rule
    from seen
    left join numbers_of_a_name using (district_code, name_dob_key)
    where coalesce(seen.nino_key, seen.name_dob_key) is not null
        and seen.district_code not in (select district_code from person_records)
)
select district_code, node, role, nino_key, name_dob_key, name_key,
    md5(concat_ws('|', 'person', district_code, person)),
    if(count(*) over (partition by district_code, person) = 1, $alone, rule), 1
from told
"""

# Who led or partnered each claim, and in which months, by the surest rule of the records.
_ROLES = """
create temp table roles as
select
    seen.district_code, seen.node, seen.mark, seen.role, person_records.person_key,
    min(rule_ranks.rank) as rank,
    min(seen.first_month) as first_month, max(seen.last_month) as last_month
from seen
join person_records
    on seen.district_code = person_records.district_code
    and seen.node = person_records.node and seen.role = person_records.role
    and seen.nino_key is not distinct from person_records.nino_key
    and seen.name_dob_key is not distinct from person_records.name_dob_key
    and seen.name_key is not distinct from person_records.name_key
join rule_ranks using (rule)
where seen.mark <> 'm'
group by all
"""

_PERSON = """
create temp table person as
-- distinct: a record may have been told of by more than one set of keys
select distinct district_code, told.feed, told.source, substr(node, 3) as source_key, role,
    person_key, rule, score
from person_records
join sources_told as told on left(node, 1) = told.mark
"""


def find_people(con: duckdb.DuckDBPyConnection, from_vaults: Sequence[pa.Table]) -> None:
    """Make `person` (record → person, rule, score) and `roles` (claim, role → person, months).

    `from_vaults` are the people of districts whose vault was read, in the form of RECORDS.
    """
    lists = {
        "rule_ranks": pa.table({"rank": range(len(_RULES)), "rule": _RULES}),
        "person_records": pa.concat_tables([RECORDS.empty_table(), *from_vaults]),
        "sources_told": pa.table(
            {
                "mark": [source.mark for source in SOURCES],
                "source": [source.name for source in SOURCES],
                "feed": [source.feed for source in SOURCES],
            }
        ),
    }
    for name, table in lists.items():
        con.register("arriving", table)
        con.execute(f"create temp table {name} as select * from arriving")
        con.unregister("arriving")
    con.execute(_BY_KEYS, {"alone": ALONE})
    con.execute(_ROLES)
    con.execute(_PERSON)
