"""Measure how long people of a made-up population take to link, in CPU seconds and memory.

`make bench-link` makes a million records and runs it. CPU seconds, because time on a clock also
measures what else the machine does.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import duckdb

from openlsi.identity.linkage_limits import LinkageLimits
from openlsi.identity.person_resolution import resolve

_MET = """
create table met as
select record_key, 'a:' || record_key as node, 'lead' as role, null::text as nino_key,
    null::text as name_dob_key, record_key as name_key, surname, forenames,
    nullif(birth_date, '') as birth_date, nullif(nino, '') as nino,
    nullif(address, '') as address, nullif(postcode, '') as postcode, nullif(uprn, '') as uprn,
    null::text as account_key, null::text as cts_claim_key, first_month
from '{records}'
"""


def main() -> None:
    """Link the records of one file as one district and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    records = parser.parse_args().records
    with duckdb.connect(config={"temp_directory": ""}) as con:
        con.execute(_MET.format(records=records))
        con.execute("create table decided (one_key text, other_key text, decision text)")
        (count,) = con.execute("select count(*) from met").fetchone() or (0,)
        began, cpu_before = time.monotonic(), time.process_time()
        resolve(con, LinkageLimits())
        cpu, wall = time.process_time() - cpu_before, time.monotonic() - began
        (people,) = con.execute("select count(distinct first_record) from people").fetchone() or (
            0,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} records, {people:,} people: {cpu:.1f} CPU s, {wall:.1f} s on the clock,"
        f" {count / cpu:,.0f} records a CPU second, peak {peak:,.0f} MB"
    )


if __name__ == "__main__":
    main()
