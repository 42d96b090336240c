"""The rules that say two records are one person, surest first, each a query for pairs of traits."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from openlsi.identity.person_clusters import Clusters, Ints, join

REVIEWED = 0


@dataclass(frozen=True)
class Rule:
    """A rule's name and the pairs it joins. Only a number may join two birth dates."""

    name: str
    pairs: str
    births_agree: bool = True


_ALIKE = "forenames_alike(one, other) and births_alike(one.birth_date, other.birth_date)"
# A UPRN decides where both records have one; postcode and door decide where one has none.
_AT_HOME = """
    select one.id as one_id, other.id as other_id
    from traits as one
    join traits as other on {home} and one.surname = other.surname and one.id < other.id {on}
    where {condition}
"""


def _at_home(condition: str, on: str = "") -> str:
    by_uprn = _AT_HOME.format(home="one.uprn = other.uprn", condition=condition, on=on)
    by_door = _AT_HOME.format(
        home="one.home = other.home",
        condition=f"(one.uprn is null or other.uprn is null) and ({condition})",
        on=on,
    )
    return f"{by_uprn} union all {by_door}"


RULES = (
    Rule(
        "reviewed",
        """
        select one.id as one_id, other.id as other_id
        from decided
        join trait_of as one on decided.one_key = one.record_key
        join trait_of as other on decided.other_key = other.record_key
        where decided.decision = 'same'
        """,
        births_agree=False,
    ),
    # One claim, one role, in another month: the same person if nothing speaks against it.
    Rule(
        "same_record",
        f"""
        with told as (
            -- distinct: a record may be told of twice in the same words
            select distinct met.node, met.role, trait_of.id
            from met
            join trait_of using (record_key)
        )
        select one.id as one_id, other.id as other_id
        from told as first
        join told as second
            on first.node = second.node and first.role = second.role and first.id < second.id
        join traits as one on first.id = one.id
        join traits as other on second.id = other.id
        where {_ALIKE}
            and (one.surname = other.surname or one.birth_date = other.birth_date
                or one.nino = other.nino)
        """,
        births_agree=False,
    ),
    Rule(
        "nino",
        f"""
        select one.id as one_id, other.id as other_id
        from traits as one
        join traits as other on one.nino = other.nino and one.id < other.id
        where one.birth_date = other.birth_date or one.surname = other.surname
            or one.forename is not null and other.forename is not null and {_ALIKE}
        """,
        births_agree=False,
    ),
    # The claim or council tax account that one record names is the other's own.
    Rule(
        "bridge",
        f"""
        with named as (
            -- distinct: a claim and an account are named in many records of one person
            select distinct 'a' || account_key as bridge, id
            from met join trait_of using (record_key)
            where account_key is not null
            union
            select distinct 'c' || cts_claim_key, id
            from met join trait_of using (record_key)
            where cts_claim_key is not null
        ),
        pairs as (
            -- distinct: two records may meet over their claim and over their account
            select distinct first.id as one_id, second.id as other_id
            from named as first
            join named as second on first.bridge = second.bridge and first.id < second.id
        )
        select one.id as one_id, other.id as other_id
        from pairs
        join traits as one on pairs.one_id = one.id
        join traits as other on pairs.other_id = other.id
        where {_ALIKE}
            and (one.birth_date = other.birth_date
                or one.surname = other.surname and length(one.forename) > 1
                    and list_has_any(one.formals, other.formals))
        """,
    ),
    Rule(
        "home_surname_and_birth",
        _at_home(_ALIKE, "and one.birth_date = other.birth_date"),
    ),
    Rule(
        "name_and_birth",
        """
        select id as one_id,
            min(id) over (partition by surname, forename, birth_date) as other_id
        from traits
        where length(forename) > 1 and surname is not null and birth_date is not null
        """,
    ),
    Rule(
        "home_and_name",
        _at_home(
            "length(one.forename) > 1 and length(other.forename) > 1"
            " and list_has_any(one.formals, other.formals)"
        ),
    ),
)
PROBABLE = len(RULES)
ALONE = "alone"
NAMES = (*(rule.name for rule in RULES), "probable")


def begin(con: duckdb.DuckDBPyConnection) -> Clusters:
    """Return every trait by itself, and the pairs that reviewers told apart."""
    rows = con.execute(
        """
        select record_count,
            coalesce(dense_rank() over (order by nino nulls last) - 1, 0) as nino, nino is null,
            coalesce(dense_rank() over (order by birth_date nulls last) - 1, 0), birth_date is null
        from traits order by id
        """
    ).fetchnumpy()
    count, nino, no_nino, birth, no_birth = (np.asarray(column) for column in rows.values())
    return Clusters(
        nino=np.where(no_nino, -1, nino).astype(np.int64),
        birth=np.where(no_birth, -1, birth).astype(np.int64),
        record_count=count.astype(np.int64),
        apart=_pairs(con, RULES[REVIEWED].pairs.replace("'same'", "'different'")),
    )


def apply_rules(con: duckdb.DuckDBPyConnection, clusters: Clusters) -> None:
    """Join what the rules join, in their order."""
    for number, rule in enumerate(RULES):
        one, other = _pairs(con, rule.pairs)
        join(clusters, one, other, number, births_agree=rule.births_agree)


def _pairs(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Ints, Ints]:
    # Laid down before it is fetched: read as it came, the result of a long union stopped for ever
    # in DuckDB 1.5.5, its workers waiting for one another.
    con.execute(f"create or replace temp table paired as {query}")
    rows = con.execute("select one_id, other_id from paired").fetchnumpy()
    return rows["one_id"].astype(np.int64), rows["other_id"].astype(np.int64)
