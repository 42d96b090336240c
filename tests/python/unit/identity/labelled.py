"""Resolving made-up people and holding the result against who they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from openlsi.identity.linkage_limits import LinkageLimits
from openlsi.identity.person_resolution import pairs_to_review, resolve

LIMITS = LinkageLimits()

_MET = """
create table met as
select record_key, 'a:' || record_key as node, 'lead' as role, surname, forenames,
    nullif(birth_date, '') as birth_date, nullif(nino, '') as nino,
    nullif(address, '') as address, nullif(postcode, '') as postcode, nullif(uprn, '') as uprn,
    null::text as account_key, null::text as cts_claim_key, first_month
from records
"""

# Pairs of records that are one person in truth, that were joined, and both.
_PAIRS = """
with counted as (
    select records.person, people.first_record as joined, count(*) as n
    from records
    join people using (record_key)
    group by all
)
select
    (select sum(n * (n - 1) // 2) from counted),
    (select sum(m * (m - 1) // 2) from (select sum(n) as m from counted group by joined)),
    (select sum(m * (m - 1) // 2) from (select sum(n) as m from counted group by person))
"""


@dataclass(frozen=True)
class Measured:
    """How many of the pairs joined are right, and how many of the true pairs are joined."""

    precision: float
    recall: float


def resolved(
    records: pa.Table,
    decisions: Sequence[tuple[str, str, str]] = (),
    limits: LinkageLimits = LIMITS,
) -> duckdb.DuckDBPyConnection:
    """Return the memory in which the records were resolved, with table `records` beside."""
    con = duckdb.connect(config={"temp_directory": ""})
    con.register("arriving", records)
    con.execute("create table records as select * from arriving")
    con.execute(_MET)
    con.execute("create table decided (one_key varchar, other_key varchar, decision varchar)")
    if decisions:
        con.executemany("insert into decided values (?, ?, ?)", decisions)
    resolve(con, limits)
    return con


def measured(con: duckdb.DuckDBPyConnection) -> Measured:
    """Return precision and recall over all pairs of records, those within one source too."""
    both, found, true = con.execute(_PAIRS).fetchone() or ()
    return Measured(float(both / found), float(both / true))


def pairs_in_review(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, bool]]:
    """Return the pairs that a reviewer would see, and whether they are one person."""
    con.register("queued", pairs_to_review(con, "E1"))
    return con.execute(
        """
        select queued.one_key, queued.other_key, one.person = other.person
        from queued
        join records as one on queued.one_key = one.record_key
        join records as other on queued.other_key = other.record_key
        """
    ).fetchall()


def decided_by_truth(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return what a reviewer who knows everybody would decide."""
    return [
        (one, other, "same" if is_same else "different")
        for one, other, is_same in pairs_in_review(con)
    ]
