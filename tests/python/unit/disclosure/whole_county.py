"""A made-up county of six districts: places, ages, classes, months and new councils, all linked.

Small enough that most breakdowns must be hidden, and full of ways to come by what is hidden: two
options of new councils, age groups, classes with the flow between them, a year to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from hand_made import MONTH, PLACE, table, write_files

from openlsi.disclosure.publishing import publish_tables

# Households of each district: most of it small, one district small, two ones beside a ten that
# leave no room in the total, or one district at the threshold.
SIZES = {
    "small": {"A": 70, "B": 41, "C": 27, "D": 19, "E": 14, "F": 9},
    "one small": {"A": 180, "B": 110, "C": 90, "D": 80, "E": 70, "F": 25},
    "two ones": {"A": 11, "B": 1, "C": 1},
    "at the threshold": {"A": 90, "B": 80, "C": 70, "D": 60, "E": 50, "F": 11},
}
OPTIONS = {
    "two": {"North": "ABC", "South": "DEF"},
    "three": {"West": "AD", "Mid": "BE", "East": "CF"},
}
FIRST, MONTHS = date(2026, 3, 1), 4

PEOPLE = {"name": "people_count", "kind": "count", "source": "people"}
ON_UC = {"name": "on_uc_count", "kind": "count", "source": "on_uc", "subset_of": "people_count"}
SPENT = {
    "name": "spent_gbp", "kind": "pounds", "source": "spent", "count": "people_count",
    "largest": "largest",
}  # fmt: skip
TO_DATE = {
    "name": "to_date_gbp", "kind": "pounds", "source": "to_date", "count": "people_count",
    "runs_up": {"of": "spent_gbp"},
}  # fmt: skip
FIGURES = [PEOPLE, ON_UC, SPENT]
NAMES = ["people_count", "on_uc_count", "spent_gbp"]


def key(name: str) -> dict[str, str]:
    return {"name": name, "kind": "key", "source": name}


def adds_to(name: str, *alike: str, **more: Any) -> dict[str, Any]:
    return {"table": name, "match": {one: one for one in alike}, "columns": NAMES, **more}


THROUGH = {
    "table": "new_councils",
    "part": {"place": "place"},
    "whole": {"option_code": "option_code", "council": "council"},
}
OF_CLASS = {"table": "county_class", "columns": ["people_count"]}
TABLES: dict[str, dict[str, Any]] = {
    "county": table("county", MONTH, *FIGURES, TO_DATE),
    "district": table(
        "district", PLACE, MONTH, *FIGURES, TO_DATE,
        adds_to=[
            {**adds_to("county", "month"), "columns": [*NAMES, "to_date_gbp"]},
            adds_to("council", "month", through=THROUGH),
        ],
    ),
    "council": table(
        "council", key("option_code"), key("council"), MONTH, *FIGURES,
        adds_to=[adds_to("county", "month", only={"option_code": one}) for one in OPTIONS],
    ),
    "county_age": table("county_age", MONTH, key("age"), *FIGURES,
                        adds_to=[adds_to("county", "month")]),
    "district_age": table(
        "district_age", PLACE, MONTH, key("age"), *FIGURES,
        adds_to=[adds_to("district", "place", "month"), adds_to("county_age", "month", "age")],
    ),
    "county_class": table("county_class", MONTH, key("class"), PEOPLE,
                          adds_to=[{**adds_to("county", "month"), "columns": ["people_count"]}]),
    "flow": table(
        "flow", MONTH, key("class_before"), key("class"), PEOPLE,
        adds_to=[
            {**OF_CLASS, "match": {"month": "month", "class": "class"}},
            {**OF_CLASS, "match": {"month": "month", "class": "class_before"}, "months_before": 1},
        ],
    ),
}  # fmt: skip

_HOUSEHOLDS = """
create table metrics.households as
select
    place, month, place || i as household,
    case when who % 4 = 0 then 'pension' else 'working' end as age,
    who % 3 = 0 as on_uc,
    ['crisis', 'risk', 'coping'][1 + (who + cast(luck < 250 as integer)) % 3] as class,
    20 + who % 380 as spent
from (
    select
        place, i, cast(month as date) as month,
        cast(hash($seed || place || i) % 1000 as integer) as who,
        cast(hash($seed || place || i || cast(month as date)) % 1000 as integer) as luck
    from places cross join unnest(range(1, size + 1)) as household(i)
    cross join generate_series(date '2026-03-01', date '2026-06-01', interval 1 month)
        as months(month)
)
where luck >= 60
union all select * from planted
"""
_SUMS = (
    "cast(count(*) as bigint) as people, cast(count(*) filter (where on_uc) as bigint) as on_uc, "
    "cast(sum(spent) as bigint) as spent, max(spent) as largest"
)


def make(con: duckdb.DuckDBPyConnection, name: str, planted: str = "") -> None:
    """Make the households and all that is counted of them; `planted` is a query of more."""
    con.execute("create schema metrics; create schema seeds")
    con.execute("create temp table places (place varchar, size integer)")
    con.executemany("insert into places values (?, ?)", list(SIZES[name].items()))
    con.execute("create table seeds.new_councils (option_code varchar, council varchar, "
                "place varchar)")  # fmt: skip
    con.executemany(
        "insert into seeds.new_councils values (?, ?, ?)",
        [(o, c, place) for o, councils in OPTIONS.items() for c, ps in councils.items()
         for place in ps],
    )  # fmt: skip
    con.execute(f"create temp table planted as {planted or _NOBODY}")
    con.execute(_HOUSEHOLDS, {"seed": name})
    for counted, keys, of in _COUNTED:
        con.execute(
            f"create table metrics.{counted} as select {keys}, {_SUMS} from {of} group by {keys}"
        )
    for place, within in (("county", ""), ("district", "place")):
        over = f"partition by {within + ',' if within else ''} month < date '2026-04-01'"
        con.execute(
            f"create or replace table metrics.{place} as select *, "
            f"cast(sum(spent) over ({over} order by month) as bigint) as to_date "
            f"from metrics.{place}"
        )
    con.execute(f"create table metrics.flow as {_FLOW}")


_NOBODY = (
    "select '' as place, date '2026-03-01' as month, '' as household, '' as age, false as on_uc, "
    "'' as class, 0 as spent where false"
)
_COUNTED = [
    ("county", "month", "metrics.households"),
    ("district", "place, month", "metrics.households"),
    ("council", "option_code, council, month",
     "metrics.households join seeds.new_councils using (place)"),
    ("county_age", "month, age", "metrics.households"),
    ("district_age", "place, month, age", "metrics.households"),
    ("county_class", "month, class", "metrics.households"),
]  # fmt: skip
_FLOW = """
select
    cast(coalesce(now.month, before.month + interval 1 month) as date) as month,
    coalesce(before.class, 'new') as class_before,
    coalesce(now.class, 'gone') as class,
    cast(count(*) as bigint) as people
from metrics.households as now
full join metrics.households as before
    on now.household = before.household and now.month = before.month + interval 1 month
where coalesce(now.month, before.month + interval 1 month)
    between date '2026-04-01' and date '2026-06-01'
group by all
"""


@contextmanager
def released(
    folder: Path, name: str, planted: str = "", tables: dict[str, dict[str, Any]] = TABLES
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Publish the county in memory; yield the connection."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = write_files(folder, *tables.values())
    with duckdb.connect() as con:
        make(con, name, planted)
        publish_tables(con, paths, "county", {"build_id": "b1", "today": date(2026, 7, 1)})
        yield con
