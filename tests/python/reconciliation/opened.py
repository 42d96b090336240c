"""One DuckDB session in which truth, ledger, landing, quarantine and warehouse stand side by side.

The truth is read from LSI_HOME/truth, which no code of the pipeline opens. The session is in
memory and attaches the current generation read-only.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.synthesis.targets import FOLDER as CALIBRATION
from openlsi.warehouse.building import PUBLISHED, SECURE

_LEDGER = """
create table ledger_extract as
select * exclude (records, quarantine_reasons), not is_in_force as is_superseded
from arrived where feed in (select unnest($feeds));

create table ledger_record as
select extract_id, feed as of_feed, unnest(records, recursive := true)
from arrived where feed in (select unnest($feeds));

create table ledger_reason as
select extract_id, unnest(quarantine_reasons, recursive := true)
from arrived where feed in (select unnest($feeds));
"""

# What each feed lands, and the column whose pounds are followed all the way.
LANDED = (
    ("council_tax", "account", None),
    ("council_tax", "balance", "balance_gbp"),
    ("cts", "award", "weekly_award_gbp"),
    ("discretionary_awards", "award", "award_gbp"),
    ("rent", "account", "balance_gbp"),
    ("rent", "transaction", None),
    ("rent", "action", None),
    ("rent", "agreement", None),
    ("housing_benefit", "claim", "weekly_hb_gbp"),
    ("housing_benefit", "member", None),
    ("housing_benefit", "income", None),
    ("universal_credit", "award", "net_award_gbp"),
    ("universal_credit", "deduction", None),
    ("free_school_meals", "pupil", None),
)

Alteration = Callable[[duckdb.DuckDBPyConnection, str], str]


def as_it_is(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the query of the truth itself."""
    return f"select * from {relation}"


def without_a_district(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the query of the truth less two districts and every service of the county.

    The first and the last: the last of a feed that few send may be none of this county's. What was
    landed of them is then too many.
    """
    of_districts = f"select * from {relation} where district_code not like 'E10%'"
    return (
        f"{of_districts} and district_code not in (select unnest(["
        f"min(district_code), max(district_code)]) from ({of_districts}))"
    )


def with_a_thousand_more(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the query of the truth with every count and amount too high."""
    columns = con.execute(f"describe select * from {relation}").fetchall()
    numbers = [name for name, kind, *_ in columns if kind.startswith(("BIGINT", "DEC", "DOUBLE"))]
    raised = ", ".join(f"{name} + 1000 as {name}" for name in numbers)
    return f"select *{f' replace ({raised})' if raised else ''} from {relation}"


def open_beside(home: Home, alteration: Alteration = as_it_is) -> duckdb.DuckDBPyConnection:
    """Return the session over a home's current generation.

    An `alteration` falsifies the truth, so that a test can see each statement fail.
    """
    con = open_landed(home, alteration)
    con.execute(f"attach '{home.current / SECURE}' as secure (read_only)")
    con.execute(f"attach '{home.current / PUBLISHED}' as published_file (read_only)")
    return con


def open_landed(home: Home, alteration: Alteration = as_it_is) -> duckdb.DuckDBPyConnection:
    """Return the session over what a home has loaded, without a warehouse beside it."""
    con = duckdb.connect()
    con.execute("set memory_limit = '3GB'")
    con.execute("set TimeZone = 'UTC'")
    truth = {f"truth_{path.stem}": f"'{path}'" for path in sorted(home.truth.glob("*.parquet"))}
    truth["calibration_cts_forgone"] = f"'{CALIBRATION / 'cts_forgone.csv'}'"
    for name, file in truth.items():
        con.execute(f"create view {name} as {alteration(con, file)}")
    con.register("arrived", accepted_extracts(home))
    # Official workbooks are landed too, but nobody has made them up: they have no truth here.
    for statement in _LEDGER.strip().split(";\n\n"):
        con.execute(statement, {"feeds": sorted(load_feed_definitions(home))})
    for feed, record, _ in LANDED:
        paths = con.execute(
            "select path from ledger_record where of_feed = $feed and record = $record",
            {"feed": feed, "record": record},
        ).fetchall()
        # Asked of the landing too: where the truth is falsified it may know no delivery any more.
        if not paths and not _is_sent(con, feed):
            continue
        assert paths, f"no {feed} {record} is landed in {home.landing}"
        files = [str(home.landing / path) for (path,) in paths]
        con.execute(
            f"create view landed_{feed}__{record} as"
            f" select * from read_parquet({files!r}, hive_partitioning = false)"
        )
    con.execute(
        "create view quarantined_row as select * from"
        f" read_parquet('{home.quarantine}/**/*.parquet', hive_partitioning = false)"
        " where extract_id in (select extract_id from ledger_extract)"
    )
    return con


def _is_sent(con: duckdb.DuckDBPyConnection, feed: str) -> bool:
    """Return whether anybody has sent a feed: a county of few districts need not have them all."""
    query = "select count(*) from truth_deliveries where feed = $feed"
    (deliveries,) = con.execute(query, {"feed": feed}).fetchone() or (0,)
    return bool(deliveries)
