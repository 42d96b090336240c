"""How each district's feeds stand: what is held, how much was set aside, how old it is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rich.table import Table

from openlsi.config import Configuration, load_configuration
from openlsi.extract.ledger import accepted_extracts
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home


def status_rows(home: Home, today: date) -> list[dict[str, Any]]:
    """Return one row a district and feed, also for feeds that nothing was loaded of.

    Rows, pounds and rows set aside are of the last month in force; age is in days from the end of
    that month to `today`.
    """
    configuration = load_configuration(home)
    in_force = [row for row in accepted_extracts(home).to_pylist() if row["is_in_force"]]
    return [
        _feed_row(district.name, feed, today, [
            row for row in in_force
            if row["district_code"] == district.code and row["feed"] == feed
        ])
        for district in configuration.senders
        for feed in district.feeds
    ] + _official_rows(configuration, in_force, today)  # fmt: skip


def _feed_row(name: str, feed: str, today: date, held: list[dict[str, Any]]) -> dict[str, Any]:
    last = max(held, key=lambda row: row["month"], default=None)
    row: dict[str, Any] = {"district": name, "feed": feed, "months": len(held)}
    if last is None:
        return row | dict.fromkeys(("last_month", "rows", "gbp", "quarantined_rows", "age_days"))
    month: date = last["month"]
    month_end = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return row | {
        "last_month": month,
        "rows": last["accepted_rows"],
        "gbp": last["accepted_gbp"],
        "quarantined_rows": last["quarantined_rows"],
        "age_days": (today - month_end).days,
    }


def _official_rows(
    configuration: Configuration, in_force: list[dict[str, Any]], today: date
) -> list[dict[str, Any]]:
    own = {district.code for district in configuration.senders}
    official: dict[str, list[dict[str, Any]]] = {}
    for row in in_force:
        if row["district_code"] not in own:
            official.setdefault(row["feed"], []).append(row)
    # A yearly workbook is never late, and its figures add to nothing that stands above.
    return [
        _feed_row("England", feed, today, rows) | {"gbp": None, "age_days": None}
        for feed, rows in sorted(official.items())
    ]


def _control_totals(home: Home, shown: set[str]) -> str:
    """Return what the pounds of each feed shown are: the column that its control total adds."""
    totals = [
        f"{feed} {definition.control.column}"
        for feed, definition in sorted(load_feed_definitions(home).items())
        if definition.control.column and feed in shown
    ]
    return "£k is each feed's control total in thousands: " + ", ".join(totals)


def status_table(home: Home, today: date) -> Table:
    """Return the status as a table of at most 80 columns, a district named once."""
    rows = status_rows(home, today)
    held = {row["feed"] for row in rows if row["last_month"]}
    table = Table(
        title=f"Last month held of each feed; age in days to {today.isoformat()}",
        box=None, pad_edge=False, padding=(0, 1, 0, 0), title_justify="left",
        caption_justify="left",
        # Whoever has just begun is told what to do; an empty table alone looks like a fault.
        caption=_control_totals(home, held) if held
        else f"Nothing is loaded yet: put files in {home.inbox}/<district> and run `lsi load`.",
    )  # fmt: skip
    for heading in ("district", "feed", "month"):
        table.add_column(heading, no_wrap=True)
    for heading in ("rows", "£k", "aside", "age"):
        table.add_column(heading, justify="right", no_wrap=True)
    shown = None
    for row in rows:
        month, gbp = row["last_month"], row["gbp"]
        table.add_row(
            "" if row["district"] == shown else row["district"],
            row["feed"],
            f"{month:%Y-%m}" if month else "none",
            _number(row["rows"]),
            _number(None if gbp is None else round(gbp / 1000)),
            _number(row["quarantined_rows"]),
            _number(row["age_days"]),
        )
        shown = row["district"]
    return table


def _number(value: int | Decimal | None) -> str:
    return "" if value is None else f"{value:,}"
