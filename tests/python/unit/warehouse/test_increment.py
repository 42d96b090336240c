"""Which slices have changed since a build, and the rows that take the place of theirs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from openlsi.home import Home
from openlsi.warehouse import increment
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.increment import begin_with, changed_slices, keep_state, replace_slices
from openlsi.warehouse.month_local import MonthLocalTable, divide

MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))
SCHEMA = pa.schema(
    [
        ("extract_id", pa.string()), ("revision", pa.int64()), ("district_code", pa.string()),
        ("month", pa.date32()), ("is_in_force", pa.bool_()),
    ]
)  # fmt: skip
ARREARS = MonthLocalTable("marts", "fct_arrears", "month")
AWARDS = MonthLocalTable("slices", "int_awards", "extract_month")


def extract(name: str, code: str | None, month: date, revision: int = 1, **told: Any) -> dict:  # type: ignore[type-arg]
    return {"extract_id": name, "district_code": code, "month": month, "revision": revision,
            "is_in_force": True, **told}  # fmt: skip


FIRST = [
    extract(f"x-{code}-{month.month}", code, month)
    for code in ("E1", "E2", "E3")
    for month in (MAY, JUNE)
]


@pytest.fixture
def landed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Say what is landed; afterwards the file of a build made of it lies there."""
    home = Home(tmp_path)

    def say(extracts: list[dict[str, Any]]) -> Home:
        table = pa.Table.from_pylist(extracts, SCHEMA)
        monkeypatch.setattr(increment, "accepted_extracts", lambda _home: table)
        return home

    with duckdb.connect(str(tmp_path / "before.duckdb")) as con:
        keep_state(con, say(FIRST), "b1")
    return say


def changes(home: Home) -> frozenset[tuple[str, date]] | None:
    return changed_slices(home, home.root / "before.duckdb")


def test_nothing_that_came_changes_nothing(landed: Any) -> None:
    assert changes(landed(FIRST)) == frozenset()


def test_a_month_that_came_and_one_that_was_sent_again_have_changed(landed: Any) -> None:
    replaced = [one | {"is_in_force": one["extract_id"] != "x-E2-5"} for one in FIRST]
    more = [extract("x-E1-7", "E1", JULY), extract("x-E2-5-again", "E2", MAY)]
    assert changes(landed(replaced + more)) == {("E1", JULY), ("E2", MAY)}


def test_a_month_that_is_held_has_changed(landed: Any) -> None:
    held = [one | {"is_in_force": one["extract_id"] != "x-E3-6"} for one in FIRST]
    assert changes(landed(held)) == {("E3", JUNE)}


def test_what_no_district_sent_is_a_slice_of_its_own(landed: Any) -> None:
    assert changes(landed([*FIRST, extract("w", None, JULY)])) == {("", JULY)}


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(FIRST[1:], id="a month let go"),
        pytest.param([FIRST[0] | {"revision": 2}, *FIRST[1:]], id="a file written again"),
        pytest.param(
            [*FIRST, *(extract(f"y{n}", f"E{n}", JULY) for n in range(7))], id="most is new"
        ),
    ],
)
def test_everything_is_made_anew_after(landed: Any, now: list[dict[str, Any]]) -> None:
    assert changes(landed(now)) is None


def test_everything_is_made_anew_where_no_state_or_no_file_is_left(landed: Any) -> None:
    home = landed(FIRST)
    assert changed_slices(home, home.root / "missing.duckdb") is None
    (home.root / "cut.duckdb").write_bytes(b"DUCK")
    assert changed_slices(home, home.root / "cut.duckdb") is None


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A build's file begun with that of an earlier build, and an increment of June of E1."""
    before, target, more = (tmp_path / f"{name}.duckdb" for name in ("before", "now", "more"))
    with duckdb.connect(str(before)) as con:
        con.execute("create schema marts; create schema slices; create schema metrics")
        con.execute(
            "create table marts.fct_arrears as select * from (values"
            " ('E1', date '2026-05-01', 1.00, 'old'), ('E1', date '2026-06-01', 2.00, 'old'),"
            " ('E2', date '2026-06-01', 3.00, 'old')) as rows(district_code, month, gbp, build_id)"
        )
        con.execute(
            "create table slices.int_awards as select 'E1' as district_code,"
            " date '2026-06-01' as extract_month, date '2026-05-01' as month, 7 as days,"
            " 'old' as build_id"
        )
        con.execute("create table marts.dim_month (month date); create table metrics.m (n int)")
    with duckdb.connect(str(more)) as con:
        con.execute("create schema marts; create schema slices")
        con.execute(
            "create table marts.fct_arrears as select 'E1' as district_code,"
            " date '2026-06-01' as month, 2.50 as gbp, 'new' as build_id"
        )
        con.execute(
            "create table slices.int_awards as select 'E1' as district_code,"
            " date '2026-06-01' as extract_month, date '2026-05-01' as month, 8 as days,"
            " 'new' as build_id"
        )
    begin_with(before, target, [ARREARS, AWARDS])
    return target, more


def test_rows_of_a_changed_slice_are_replaced_and_all_name_the_new_build(
    files: tuple[Path, Path],
) -> None:
    target, more = files
    with duckdb.connect(str(target)) as con:
        tables = con.execute("select table_name from duckdb_tables() order by all").fetchall()
        assert tables == [("fct_arrears",), ("int_awards",)]
        replace_slices(con, more, [ARREARS, AWARDS], {("E1", JUNE)}, "new")
        assert con.execute(
            "select district_code, month, cast(gbp as varchar), build_id from marts.fct_arrears"
            " order by all"
        ).fetchall() == [
            ("E1", MAY, "1.00", "new"), ("E1", JUNE, "2.50", "new"), ("E2", JUNE, "3.00", "new"),
        ]  # fmt: skip
        assert con.execute("select days, build_id from slices.int_awards").fetchall() == [
            (8, "new")
        ]


def test_where_nothing_changed_but_the_day_the_rows_stay_and_name_the_new_build(
    files: tuple[Path, Path],
) -> None:
    target, more = files
    with duckdb.connect(str(more)) as con:
        con.execute("truncate marts.fct_arrears; truncate slices.int_awards")
    with duckdb.connect(str(target)) as con:
        replace_slices(con, more, [ARREARS, AWARDS], frozenset(), "new")
        assert con.execute(
            "select count(*), cast(sum(gbp) as varchar), min(build_id), max(build_id)"
            " from marts.fct_arrears"
        ).fetchone() == (3, "6.00", "new", "new")


def test_a_row_of_another_slice_is_refused(files: tuple[Path, Path]) -> None:
    target, more = files
    with (
        duckdb.connect(str(target)) as con,
        pytest.raises(WarehouseError, match="fct_arrears: has a row of"),
    ):
        replace_slices(con, more, [ARREARS, AWARDS], {("E2", JUNE)}, "new")


def node(kind: str, name: str, parents: list[str], **config: Any) -> SimpleNamespace:
    tags = config.pop("tags", [])
    config = {"materialized": "table", "meta": {}} | config
    return SimpleNamespace(
        resource_type=kind, name=name, schema="marts", tags=tags,
        depends_on=SimpleNamespace(nodes=parents), config=SimpleNamespace(**config),
    )  # fmt: skip


def test_a_project_is_divided_by_the_rows_that_its_nodes_need() -> None:
    landing = "source.openlsi.landing.rent__account"
    nodes = {
        "staged": node("model", "stg_rent__accounts", [landing], materialized="view"),
        "debts": node("model", "fct_arrears", ["staged", "stages"], tags=["month_local"]),
        "months": node("model", "fct_rent_month", ["debts"]),
        "stages": node("seed", "stages", []),
        "keyed": node("test", "a_debt_has_a_key", ["debts"]),
        "moved": node("test", "a_balance_moves", ["debts", "staged"], tags=["every_month"]),
        "added": node("test", "the_months_add", ["debts", "months"]),
        "shown": node("test", "shown", ["months", "source.openlsi.published.rent"]),
        "said": node("test", "a_county_is_named", ["source.openlsi.configuration.county"]),
        "sql": node("unit_test", "worked_by_hand", ["debts"]),
    }
    division = divide(SimpleNamespace(nodes=nodes))
    assert division.tables == [ARREARS]
    assert division.of_slices == ["fct_arrears", "a_debt_has_a_key", "stg_rent__accounts", "stages"]
    assert sorted(division.of_whole) == [
        "a_balance_moves", "a_county_is_named", "fct_rent_month", "stages", "stg_rent__accounts",
        "the_months_add",
    ]  # fmt: skip
