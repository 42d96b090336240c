"""Who is the same person, on keys alone.

The same National Insurance number is the same person. A name with a date of birth stands for the
number it always appears with; one that appears with two numbers is ambiguous and joins nothing.
"""

from __future__ import annotations

import duckdb

_PERSONS = """
create temp table persons as
with numbers_of_a_name as (
    select district_code, name_dob_key,
           count(distinct nino_key) as nino_count, min(nino_key) as nino_key
    from seen
    where name_dob_key is not null and nino_key is not null
    group by all
),
keys_of_people as (
    -- distinct: one person stands in many claims
    select distinct district_code, nino_key, name_dob_key
    from seen
    where nino_key is not null or name_dob_key is not null
)
select
    keys_of_people.district_code,
    keys_of_people.nino_key,
    keys_of_people.name_dob_key,
    md5(concat_ws('|', 'person', keys_of_people.district_code, coalesce(
        keys_of_people.nino_key,
        case when numbers_of_a_name.nino_count = 1 then numbers_of_a_name.nino_key end,
        keys_of_people.name_dob_key
    ))) as person_key,
    case
        when keys_of_people.nino_key is not null then 'nino'
        when numbers_of_a_name.nino_count = 1 then 'name_and_birth_of_nino'
        else 'name_and_birth'
    end as rule
from keys_of_people
left join numbers_of_a_name using (district_code, name_dob_key)
"""

# Who led or partnered each claim, and in which months. A claim whose lead person has neither
# number nor date of birth stands alone.
_ROLES = """
create temp table roles as
select
    seen.district_code, seen.node, seen.mark, seen.role, persons.person_key,
    bool_or(persons.rule = 'nino') as is_by_nino,
    min(seen.first_month) as first_month, max(seen.last_month) as last_month
from seen
join persons
    on seen.district_code = persons.district_code
    and seen.nino_key is not distinct from persons.nino_key
    and seen.name_dob_key is not distinct from persons.name_dob_key
group by all
"""


def find_people(con: duckdb.DuckDBPyConnection) -> None:
    """Make `persons` (pair of keys → person) and `roles` (claim, role → person, months)."""
    con.execute(_PERSONS)
    con.execute(_ROLES)
