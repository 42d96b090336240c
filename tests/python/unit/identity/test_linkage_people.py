"""People out of records with the faults of real ones: how many links are right, who stays apart.

The population is made up and labelled, of another seed than the one the model was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from labelled import decided_by_truth, measured, pairs_in_review, resolved
from made_people import made_people

from openlsi.identity.person_clusters import Clusters, connected, join

TRAINED_ON = 1
SEED = 3


@pytest.fixture(scope="module")
def records() -> pa.Table:
    return made_people(4_000, SEED)


@pytest.fixture(scope="module")
def linked(records: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    with resolved(records) as con:
        yield con


def test_the_population_is_as_hard_as_the_real_ones(linked: duckdb.DuckDBPyConnection) -> None:
    assert SEED != TRAINED_ON
    missing = dict(
        linked.execute(
            "select source, avg(if(birth_date = '', 1, 0)) from records group by source"
        ).fetchall()
    )
    assert missing["council_tax_account"] == pytest.approx(0.55, abs=0.03)
    assert missing["cts_claim"] == pytest.approx(0.25, abs=0.03)
    (by_number, within) = linked.execute(
        """
        with told as (select *, left(replace(nino, ' ', ''), 8) as number from records)
        select avg(if(one.number <> '' and one.number = other.number, 1, 0)),
            avg(if(one.source = other.source, 1, 0))
        from told as one
        join told as other on one.person = other.person and one.record_key < other.record_key
        """
    ).fetchone() or (1, 0)
    assert by_number <= 0.25
    assert within > 0.05, "people stand in one source twice"


def test_links_by_themselves_are_right_and_many(linked: duckdb.DuckDBPyConnection) -> None:
    found = measured(linked)
    assert found.precision >= 0.99
    assert found.recall >= 0.90


def test_a_reviewer_finds_most_of_the_rest(
    records: pa.Table, linked: duckdb.DuckDBPyConnection
) -> None:
    decisions = decided_by_truth(linked)
    assert {decision for _, _, decision in decisions} == {"same", "different"}
    with resolved(records, decisions) as reviewed:
        found = measured(reviewed)
        asked_again = {frozenset(pair[:2]) for pair in pairs_in_review(reviewed)}
    assert found.precision >= 0.99
    assert found.recall >= 0.95
    assert not asked_again & {frozenset(pair[:2]) for pair in decisions}, "asked again"


def test_nobody_has_two_numbers(linked: duckdb.DuckDBPyConnection) -> None:
    most = linked.execute(
        """
        select max(numbers) from (
            select people.first_record, count(distinct traits.nino) as numbers
            from people
            join trait_of using (record_key)
            join traits using (id)
            group by people.first_record
        ) as counted
        """
    ).fetchone()
    assert most == (1,)


def people_of(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("select record_key, first_record from people").fetchall())


def test_equal_records_give_equal_people(
    records: pa.Table, linked: duckdb.DuckDBPyConnection
) -> None:
    order = np.random.default_rng(1).permutation(records.num_rows)
    with resolved(records.take(pa.array(order))) as again:
        assert people_of(again) == people_of(linked)


def test_a_new_month_renames_hardly_anybody(
    records: pa.Table, linked: duckdb.DuckDBPyConnection
) -> None:
    newest = pc.max(records["first_month"])
    with resolved(records.filter(pc.less(records["first_month"], newest))) as before:
        former = people_of(before)
    now = people_of(linked)
    assert len(former) < len(now)
    unchanged = sum(now[record] == person for record, person in former.items())
    assert unchanged / len(former) >= 0.999


def record(key: str, forenames: str, **told: Any) -> dict[str, Any]:
    """A record at one home; what a case says beside it stands in its place."""
    return {
        "record_key": key, "person": 0, "source": "cts_claim", "surname": "Hogben",
        "forenames": forenames, "birth_date": "", "nino": "", "address": "12 Mill Lane",
        "postcode": "TN20 1AA", "uprn": "100000012",
        "first_month": told.pop("first_month", np.datetime64("2026-01-01").item()),
    } | told  # fmt: skip


def joined(*records: dict[str, Any]) -> set[frozenset[str]]:
    """Return the records of each person found."""
    with resolved(pa.Table.from_pylist(list(records))) as con:
        found: dict[str, set[str]] = {}
        for key, person in people_of(con).items():
            found.setdefault(person, set()).add(key)
    return {frozenset(keys) for keys in found.values()}


def apart(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in groups}


def test_twins_stay_apart() -> None:
    born = {"birth_date": "1990-05-04"}
    assert joined(
        record("anna1", "Anna", **born), record("anna2", "Anna Mary", **born),
        record("emma1", "Emma", **born), record("emma2", "E", **born, nino="AB123456C"),
    ) == apart("anna1 anna2", "emma1 emma2")  # fmt: skip


def test_a_father_and_son_of_one_name_stay_apart() -> None:
    father, son = {"birth_date": "1951-02-03"}, {"birth_date": "1979-11-20"}
    assert joined(
        record("father1", "Alan", **father), record("father2", "Alan", **father),
        record("son1", "Alan", **son), record("son2", "Alan", **son, nino="AB123456C"),
        record("either", "Alan"),
    ) == apart("father1 father2", "son1 son2", "either")  # fmt: skip


def test_flats_in_one_building_stay_apart() -> None:
    assert joined(
        record("one", "Piotr", address="Flat 1, 9 High Street", uprn="100000021"),
        record("two", "Piotr", address="Flat 2, 9 High Street", uprn="100000022"),
        record("three", "Piotr", address="Flat 3, 9 High Street", uprn=""),
    ) == apart("one", "two", "three")


def test_spouses_stay_apart() -> None:
    assert joined(
        record("joan", "Joan"), record("john", "John"),
        record("joan_again", "Joan", birth_date="1960-01-09"),
        record("initial", "J"),
    ) == apart("joan joan_again", "john", "initial")  # fmt: skip


def test_one_number_is_one_person_and_two_are_two() -> None:
    born = {"birth_date": "1960-01-09"}
    assert joined(
        record("was", "Joan", nino="AB123456C", **born),
        record("is", "Joan", surname="Waghorn", nino="AB 12 34 56", uprn="", postcode="", **born),
        record("other", "Joan", nino="AB123457C", **born),
        record("neither", "Joan", **born),
    ) == apart("was is", "other", "neither")  # fmt: skip


def test_a_short_form_a_slip_and_a_swapped_date_are_the_same_person() -> None:
    assert joined(
        record("full", "Margaret", birth_date="1948-03-07"),
        record("short", "Maggie", birth_date="1948-07-03"),
        record("slip", "Margaret", surname="Hogbem", birth_date="1948-03-07"),
    ) == apart("full short slip")


def test_a_reviewer_who_says_no_is_heeded_and_two_numbers_are_never_joined() -> None:
    rows = [
        record("one", "Joan", nino="AB123456C"),
        record("two", "Joan"),
        record("three", "Joan", nino="AB123457C", uprn="100000099", postcode="TN20 9ZZ"),
    ]
    said = [("one", "two", "different"), ("one", "three", "same")]
    with resolved(pa.Table.from_pylist(rows), said) as con:
        assert len(set(people_of(con).values())) == 3


def test_a_filler_number_joins_nobody() -> None:
    rows = [
        record(
            f"r{n}", "Joan", surname=f"Smith{chr(65 + n % 26)}{chr(65 + n // 26)}",
            nino="AB123456C", uprn=str(100000100 + n), postcode="",
        )
        for n in range(60)
    ]  # fmt: skip
    assert len(joined(*rows)) == 60


def codes(*values: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def test_connected_nodes_take_the_smallest_label() -> None:
    assert connected(6, codes(4, 3, 5), codes(3, 1, 5)).tolist() == [0, 1, 2, 1, 1, 5]


def test_a_group_that_would_hold_two_birth_dates_is_left_alone() -> None:
    clusters = Clusters(
        nino=codes(-1, -1, -1), birth=codes(1, -1, 2), record_count=codes(1, 1, 1),
        apart=(codes(), codes()),
    )  # fmt: skip
    join(clusters, codes(0, 1), codes(1, 2), rule=0)
    assert clusters.label.tolist() == [0, 1, 2]
    join(clusters, codes(0), codes(1), rule=3)
    assert clusters.label.tolist() == [0, 0, 2]
    assert clusters.rule.tolist() == [3, 3, -1]
