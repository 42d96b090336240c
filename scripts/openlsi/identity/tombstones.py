"""Marks of people who were erased, by which they are known again and nothing else is.

A mark is an HMAC under a key of its own, which outlives every key id: what it was made of is gone
from the vault, so it could not be made anew. Without that key it tells nothing of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from openlsi.identity.hashing import hmac_sql
from openlsi.identity.keys import DistrictKeys
from openlsi.identity.people import RecordPeople, Role

TABLE = "tombstone"
_SCHEMA = pa.schema([("mark", pa.string())])


def segment_name(number: int) -> str:
    """Return the name of the vault's segment with the marks of one erasure."""
    return f"tombstones-{number}"


def pads(keys: DistrictKeys) -> dict[str, Any]:
    """Return the parameters that every statement with a mark in it binds."""
    inner, outer = keys.tombstone_pads()
    return {"inner": inner, "outer": outer}


def mark_sql(message: str) -> str:
    """Return SQL for the mark of a message; NULL stays NULL."""
    return hmac_sql(f"encode({message})")


def nino_message(nino: str) -> str:
    """Return SQL for what a number's mark is made of."""
    return f"'nino|' || {nino}"


def name_dob_message(name_dob: str, has_nino: str) -> str:
    """Return SQL for what a name and birth date are marked by.

    Where the person's number is known (`has_nino`), a namesake born on the same day who has
    another number is somebody else.
    """
    return f"case when {has_nino} then 'name_dob|' else 'name_dob_alone|' end || {name_dob}"


def case_message(purpose: str, reference: str, name: str) -> str:
    """Return SQL for a name within one case, where a system knows neither number nor birth date."""
    return f"'case|' || {purpose} || '|' || {reference} || '|' || {name}"


def lay_tombstones(connection: duckdb.DuckDBPyConnection, marks: Iterable[pa.Table]) -> bool:
    """Make table `tombstone` of every mark; return whether there is any."""
    laid = pa.concat_tables([_SCHEMA.empty_table(), *marks])
    connection.register("marks", laid)
    connection.execute(
        f"create or replace temp table {TABLE} as select distinct mark from marks"
    )  # distinct: erased twice, somebody has the same mark
    connection.unregister("marks")
    return bool(laid.num_rows)


def is_erased_sql(people: RecordPeople, role: Role, text: Mapping[str, str]) -> str:
    """Return SQL for whether a role of a row is somebody who was erased.

    `text` is the SQL of each identifier's text. Binds the parameters of `pads`.
    """
    nino, name, name_dob = role.nino_sql(text), role.name_sql(text), role.name_dob_sql(text)
    messages = [
        nino_message(nino),
        f"case when {nino} is null then {name_dob_message(name_dob, 'true')} end",
        name_dob_message(name_dob, "false"),
    ]
    for reference, purpose in people.cases.items():
        case = case_message(f"'{purpose}'", f"nullif(trim({text[reference]}), '')", name)
        messages.append(f"case when {nino} is null and {name_dob} is null then {case} end")
    marked = [f"{mark_sql(message)} in (select mark from {TABLE})" for message in messages]
    return "coalesce(" + " or ".join(f"coalesce({one}, false)" for one in marked) + ", false)"
