"""Who is the same person in one district: rules first, then the model, then keys for landing.

What leaves this module are keys, rules and scores.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from openlsi.identity.linkage_limits import LinkageLimits
from openlsi.identity.linkage_people import RECORDS
from openlsi.identity.person_links import join_probable
from openlsi.identity.person_rules import ALONE, NAMES, apply_rules, begin
from openlsi.identity.person_traits import make_traits

REVIEW = pa.schema(
    [
        ("district_code", pa.string()), ("one_key", pa.string()), ("other_key", pa.string()),
        ("score", pa.float64()),
    ]
)  # fmt: skip

# One row a record of `met`. A record that says the same as another was joined by what they share.
_PEOPLE = """
create or replace temp table people as
with labelled as (
    select trait_of.record_key, min(resolved.label) as label,
        arg_min(resolved.rule, (resolved.rule = '', resolved.id)) as rule,
        arg_min(resolved.score, (resolved.rule = '', resolved.id)) as score,
        arg_min(traits.nino, resolved.id) as nino,
        arg_min(traits.birth_date, resolved.id) as birth_date
    from trait_of
    join resolved using (id)
    join traits using (id)
    group by trait_of.record_key
),
records as (
    select record_key, min(first_month) as first_month from met group by record_key
),
named as (
    -- A person is named after the first that was known of them, so later months change no name.
    select label, arg_min(record_key, (first_month, record_key)) as first_record,
        count(*) as record_count
    from labelled join records using (record_key)
    group by label
)
select
    labelled.record_key,
    named.first_record,
    case
        when named.record_count = 1 then '{alone}'
        when labelled.rule <> '' then labelled.rule
        when labelled.nino is not null then 'nino'
        when labelled.birth_date is not null then 'name_and_birth'
        else 'home_and_name'
    end as rule,
    labelled.score
from labelled join named using (label)
"""

_KEYED = """
-- distinct: a record is told of by several identities, an address each
select distinct $district_code as district_code, met.node, met.role,
    met.nino_key, met.name_dob_key, met.name_key,
    md5(concat_ws('|', 'person', $district_code, people.first_record)) as person_key,
    people.rule, people.score
from met
join people using (record_key)
"""

# A pair of people that somebody has decided about is not asked about again by other records.
_REVIEW = """
with settled as (
    -- distinct: many records say the same
    select distinct least(one_person.label, other_person.label) as one,
        greatest(one_person.label, other_person.label) as other
    from decided
    join trait_of as one_trait on decided.one_key = one_trait.record_key
    join resolved as one_person on one_trait.id = one_person.id
    join trait_of as other_trait on decided.other_key = other_trait.record_key
    join resolved as other_person on other_trait.id = other_person.id
)
select $district_code as district_code,
    least(one.record_key, other.record_key) as one_key,
    greatest(one.record_key, other.record_key) as other_key,
    best.score
from best
join (select id, min(record_key) as record_key from trait_of group by id) as one
    on best.one_id = one.id
join (select id, min(record_key) as record_key from trait_of group by id) as other
    on best.other_id = other.id
anti join settled on best.one = settled.one and best.other = settled.other
"""


def resolve(
    con: duckdb.DuckDBPyConnection, limits: LinkageLimits, settings: dict[str, Any] | None = None
) -> None:
    """Find the people of `met`, honouring `decided`; makes `resolved`, `people` and `best`.

    `decided` is (one_key, other_key, decision): record keys, `same` or `different`. `settings` is
    a model to try in the place of the committed one.
    """
    make_traits(con)
    clusters = begin(con)
    apply_rules(con, clusters)
    join_probable(con, clusters, limits.automatic, limits.clerical, settings)
    names = np.array([*NAMES, ""])  # -1, no rule, takes the last
    resolved = pa.table(
        {
            "id": np.arange(len(clusters.label)),
            "label": clusters.label,
            "rule": pa.array(names[clusters.rule]),
            "score": clusters.score,
        }
    )
    con.register("arriving", resolved)
    con.execute("create or replace temp table resolved as select * from arriving")
    con.unregister("arriving")
    con.execute(_PEOPLE.format(alone=ALONE))
    _check_numbers(con)


def _check_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """Two numbers are two people, whatever rule said otherwise: a defect here, not in the data."""
    (two,) = con.execute(
        """
        select count(*)
        from (select label from resolved join traits using (id) group by label
            having count(distinct nino) > 1) as doubled
        """
    ).fetchone() or (0,)
    if two:
        raise AssertionError(f"{two} people have two National Insurance numbers")


def keyed_people(con: duckdb.DuckDBPyConnection, district_code: str) -> pa.Table:
    """Return each record of a person by its keys, with the person's key, rule and score."""
    return con.execute(_KEYED, {"district_code": district_code}).to_arrow_table().cast(RECORDS)


def pairs_to_review(con: duckdb.DuckDBPyConnection, district_code: str) -> pa.Table:
    """Return the pairs of records that are likely, but not surely, one person, by their keys."""
    return con.execute(_REVIEW, {"district_code": district_code}).to_arrow_table().cast(REVIEW)
