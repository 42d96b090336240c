"""What was set aside and why: rows and pounds by district, feed, column and reason."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from rich.table import Table

from openlsi.config import load_configuration
from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home


def reason_rows(home: Home, district: str) -> list[dict[str, Any]]:
    """Return rows and pounds set aside of one district, over all months in force.

    One row a feed, column and reason, the most rows first. `district` is a slug or an ONS code;
    raises ExtractError for one that `districts.yml` does not hold.
    """
    configuration = load_configuration(home)
    found = configuration.district(district)
    if found is None:
        slugs = ", ".join(each.slug for each in configuration.senders)
        raise ExtractError(f"--why {district}: no such district; there are {slugs}")
    sums: dict[tuple[str, str, str], list[Any]] = defaultdict(lambda: [0, Decimal(0), set()])
    for extract in accepted_extracts(home).to_pylist():
        if extract["district_code"] != found.code or not extract["is_in_force"]:
            continue
        for reason in extract["quarantine_reasons"]:
            one = sums[extract["feed"], reason["column_name"] or "", reason["reason"]]
            one[0] += reason["rows"]
            one[1] += reason["gbp"] or Decimal(0)
            one[2].add(extract["month"])
    rows = [
        {"feed": feed, "column": column, "reason": why, "rows": rows, "gbp": gbp,
         "months": len(months)}
        for (feed, column, why), (rows, gbp, months) in sums.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["feed"], -row["rows"], row["column"], row["reason"]))


def reasons_table(home: Home, district: str) -> Table:
    """Return the reasons as a table of at most 80 columns."""
    rows = reason_rows(home, district)
    table = Table(
        title=f"Set aside from {district}, over all months in force",
        box=None, pad_edge=False, padding=(0, 1, 0, 0), title_justify="left",
        caption_justify="left",
        caption=None if rows else "Nothing was set aside.",
    )  # fmt: skip
    for heading in ("feed", "column", "reason"):
        table.add_column(heading, no_wrap=True)
    for heading in ("rows", "£", "months"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row["feed"], row["column"], row["reason"].replace("_", " "),
            f"{row['rows']:,}", f"{row['gbp']:,.2f}", str(row["months"]),
        )  # fmt: skip
    return table
