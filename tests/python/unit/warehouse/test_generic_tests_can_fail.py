"""Each generic dbt test of ours passes on one small table and fails on another, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt_common.clients.jinja import get_template

GENERIC = Path(__file__).parents[4] / "tests" / "generic"


@dataclass(frozen=True)
class Fixture:
    """A call of the test, rows that it lets pass, and rows that it must catch."""

    arguments: dict[str, Any]
    passes: str
    caught: dict[str, str] = field(default_factory=dict)


FIXTURES = {
    "primary_key": Fixture(
        {"columns": ["district_code", "month"]},
        "values ('A', 1), ('A', 2), ('B', 1)",
        {
            "a key that comes twice": "values ('A', 1), ('B', 1), ('A', 1)",
            "a key with a part missing": "values ('A', 1), ('B', null)",
            "a key that is missing whole": "values ('A', 1), (null, null)",
        },
    ),
    "holds_on_every_row": Fixture(
        {"expression": "month >= 1"},
        "values ('A', 1), ('B', 2)",
        {
            "a row on which it is false": "values ('A', 1), ('B', 0)",
            "a row on which it is unknown": "values ('A', 1), ('B', null)",
        },
    ),
}
CAUGHT = [(name, why) for name, fixture in FIXTURES.items() for why in fixture.caught]


def rows_at_fault(name: str, rows: str) -> list[tuple[Any, ...]]:
    """Render the test as dbt does, and run it on a table of these rows."""
    template = get_template((GENERIC / f"{name}.sql").read_text(encoding="utf-8"), {}, None)
    sql = getattr(template.module, f"dbt_macro__test_{name}")(
        model="sample", **FIXTURES[name].arguments
    )
    with duckdb.connect() as con:
        con.execute(f"create table sample as select * from ({rows}) as made(district_code, month)")
        return con.execute(str(sql)).fetchall()


def test_every_generic_test_has_its_fixtures() -> None:
    assert FIXTURES.keys() == {path.stem for path in GENERIC.glob("*.sql")}
    assert all(fixture.caught for fixture in FIXTURES.values())


@pytest.mark.parametrize("name", FIXTURES)
def test_it_passes_where_it_should(name: str) -> None:
    assert rows_at_fault(name, FIXTURES[name].passes) == []


@pytest.mark.parametrize(("name", "why"), CAUGHT)
def test_it_catches(name: str, why: str) -> None:
    assert len(rows_at_fault(name, FIXTURES[name].caught[why])) == 1
