"""What the content hash of a table looks at, and what it does not."""

from __future__ import annotations

import duckdb
import pytest

from openlsi.warehouse.content import content_hashes

MART = """
select * from (values
    ('E07000105', date '2026-04-01', 12.50::decimal(18, 2), 'ab', 'c', 'first'),
    ('E07000105', date '2026-05-01', null, 'a', 'bc', 'first'),
    ('E07000111', date '2026-04-01', 0.00, '', null, 'first')
) as mart(district_code, month, accrued_gbp, stage, band, build_id)
"""


def content_hash(query: str) -> str:
    with duckdb.connect() as con:
        con.execute("create schema marts")
        con.execute(f"create table marts.fct_made as {query}")
        return content_hashes(con, "marts")["fct_made"]


@pytest.mark.parametrize(
    "same",
    [
        f"from ({MART}) order by month desc, district_code desc",
        f"select * replace ('second' as build_id) from ({MART})",
        f"select * exclude (build_id) from ({MART})",
    ],
    ids=["rows in another order", "another build", "no build named"],
)
def test_what_makes_no_difference(same: str) -> None:
    assert content_hash(same) == content_hash(MART)


@pytest.mark.parametrize(
    "other",
    [
        f"select * replace (accrued_gbp + 0.01::decimal(18, 2) as accrued_gbp) from ({MART})",
        f"from ({MART}) union all (from ({MART}) limit 1)",
        f"from ({MART}) where month = date '2026-04-01'",
        f"select * replace (coalesce(band, '') as band) from ({MART})",
        f"select * replace (substr(stage, 1, 1) as stage,"
        f" case when stage = 'ab' then 'bc' else band end as band) from ({MART})",
        f"select * replace (accrued_gbp::double as accrued_gbp) from ({MART})",
        f"select month, * exclude (month) from ({MART})",
        f"select * rename (stage as recovery_stage) from ({MART})",
        f"from ({MART}) limit 0",
    ],
    ids=[
        "a penny", "a row twice", "a row gone", "empty for missing", "a letter in the next column",
        "another type", "another order of columns", "another name", "no rows",
    ],
)  # fmt: skip
def test_what_makes_a_difference(other: str) -> None:
    assert content_hash(other) != content_hash(MART)


def test_a_view_has_the_hash_of_the_table_it_shows() -> None:
    with duckdb.connect() as con:
        con.execute("create schema marts")
        con.execute(f"create table marts.kept as {MART}")
        con.execute("create view marts.shown as from marts.kept")
        hashes = content_hashes(con, "marts")
    assert hashes["kept"] == hashes["shown"]


def test_rows_of_many_batches_hash_as_their_order_says() -> None:
    forth, back = (
        content_hash(f"select range % 7 as part, range as number from range(300000) order by {by}")
        for by in ("number", "hash(number)")
    )
    assert forth == back
