"""What the vault holds of a district is known again when its database is opened."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from openlsi.identity.identities import (
    IdentitySpec,
    create_identity_tables,
    learn_identities,
    recall_identities,
)
from openlsi.identity.keys import DistrictKeys, MasterKey

KEYS = DistrictKeys(MasterKey(bytes(range(32)), is_demo=True), "E07000105", "k1")
ACCOUNT = IdentitySpec(
    "account",
    ("account_ref", "surname", "forenames"),
    {"account_key": ("account", ("account_ref",)), "name_key": ("name", ("surname", "forenames"))},
    {},
    {},
)
BALANCE = IdentitySpec(
    "balance", ("account_ref",), {"account_key": ("account", ("account_ref",))}, {}, {}
)


def segment(*rows: tuple[str, str, str, str, str]) -> pa.Table:
    names = ["i_account_ref", "i_surname", "i_forenames", "account_key", "name_key"]
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


HELD = segment(("1", "Brontë", "Ann", "key of 1", "key of Ann"))


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_identity_tables(con, [ACCOUNT, BALANCE])
        yield con


def learn(
    con: duckdb.DuckDBPyConnection, spec: IdentitySpec, *identities: tuple[str, ...]
) -> list[dict[str, str]]:
    """Return what is sealed when a delivery brings these identities."""
    con.execute("create or replace temp table typed (delivery int, identity varchar, fault int)")
    for identity in identities:
        con.execute("insert into typed values (0, ?, 0)", ["\x1f".join(identity)])
    sealed = learn_identities(con, KEYS, spec, "typed")
    return [] if sealed is None else sealed.to_pylist()


def known(con: duckdb.DuckDBPyConnection, spec: IdentitySpec) -> list[tuple[str, ...]]:
    rows = con.execute(f"select * from {spec.known} order by all").fetchall()
    return [(row[0].replace("\x1f", "/"), *row[1:]) for row in rows]


def test_an_identity_is_known_again_by_the_keys_it_was_sealed_with(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    recall_identities(connection, [(ACCOUNT, [HELD]), (BALANCE, [])])
    assert known(connection, ACCOUNT) == [("1/Brontë/Ann", "key of 1", "key of Ann")]
    assert known(connection, BALANCE) == [("1", "key of 1")]
    assert learn(connection, ACCOUNT, ("1", "Brontë", "Ann")) == []
    assert learn(connection, BALANCE, ("1",)) == []


def test_a_person_met_in_another_account_keeps_the_key_of_an_earlier_day(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    recall_identities(connection, [(ACCOUNT, [HELD]), (BALANCE, [])])
    (sealed,) = learn(connection, ACCOUNT, ("2", "Brontë", "Ann"))
    assert sealed["name_key"] == "key of Ann"
    assert sealed["account_key"] not in ("key of 1", None)
    # The account was sealed with its holder a moment ago, and is not sealed twice.
    assert learn(connection, BALANCE, ("2",)) == []
    assert ("2", sealed["account_key"]) in known(connection, BALANCE)
    assert [one["i_account_ref"] for one in learn(connection, BALANCE, ("3",))] == ["3"]


def test_an_identity_that_stands_in_two_segments_is_one(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    other = segment(("1", "Brontë", "Emily", "key of 1", "key of Emily"))
    recall_identities(connection, [(ACCOUNT, [HELD, HELD, other]), (BALANCE, [])])
    assert [row[0] for row in known(connection, ACCOUNT)] == ["1/Brontë/Ann", "1/Brontë/Emily"]
    assert known(connection, BALANCE) == [("1", "key of 1")]


def test_a_key_that_came_to_be_asked_for_later_is_made_when_its_people_are_met_again(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    before = HELD.drop_columns("name_key")
    since = segment(("2", "Brontë", "Emily", "key of 2", "key of Emily"))
    recall_identities(connection, [(ACCOUNT, [before, since]), (BALANCE, [])])
    (sealed,) = learn(connection, ACCOUNT, ("1", "Brontë", "Ann"), ("2", "Brontë", "Emily"))
    assert sealed["i_account_ref"] == "1"
    assert sealed["name_key"]


def test_a_key_that_is_asked_for_no_longer_is_left_out(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    more = HELD.append_column("link_key", pa.array(["key of a sharing"]))
    recall_identities(connection, [(ACCOUNT, [HELD, more]), (BALANCE, [])])
    assert known(connection, ACCOUNT) == [("1/Brontë/Ann", "key of 1", "key of Ann")]
