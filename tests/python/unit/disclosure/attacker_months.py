"""What an outsider knows to add up over months: years to date, forecasts, and who moved."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from attacker_bounds import Attacker, Cell, Sum

Row = dict[str, Any]
Key = tuple[Any, ...]
KEYS = (
    "district_code", "ward_key", "place_key", "month", "age_group", "bearer", "feed", "debt_type",
    "debt_age", "recovery_stage", "scheme_key", "gave_budget", "scenario", "span", "class_before",
    "living_standards_class", "rural_urban_class", "movement", "driver", "reason", "benefit_code",
    "taxbase_band", "new_bearer", "fund", "record_kind",
    "quarter_month", "strand", "award_reason", "household_kind", "campaign_key", "outcome_source",
)  # fmt: skip
# Running totals with the column that they run up.
_RUNNING = (("recognised_fytd_gbp", "recognised_gbp"), ("accrued_fytd_gbp", "accrued_gbp"))


def note(attacker: Attacker) -> None:
    """Note all that adds up over months."""
    for table, rows in attacker.rows.items():
        _note_years(attacker, table, rows)
    for place in ("county", "district"):
        _note_forecasts(attacker, place)
    _note_flows(attacker)


def _note_years(attacker: Attacker, table: str, rows: dict[Key, Row]) -> None:
    for key, row in rows.items():
        for to_date, single in _RUNNING:
            if to_date not in row:
                continue
            before = of_month(key, row, earlier(row["month"], 1))
            cells: list[Cell] = [(table, single, key)]
            if row["month"].month != 4:
                if before not in rows:
                    continue
                cells.append((table, to_date, before))
            attacker.add_up((table, to_date, key), cells)


def _note_forecasts(attacker: Attacker, place: str) -> None:
    """A forecast is what the year came to so far and the days left, each as a day of the month.

    What the same method said a year before is that year's forecast; its outturn is March's.
    """
    table, cts = f"{place}_cts_forecast_month", f"{place}_cts_month"
    for key, row in attacker.rows.get(table, {}).items():
        month = row["month"]
        following = earlier(month, -1)
        year_end = date(month.year + (month.month >= 4), 4, 1)
        left = (year_end - following).days / (following - month).days
        to_date = [((cts, "recognised_fytd_gbp", key), 1.0)]
        if left:
            to_date.append(((cts, "accrued_gbp", key), left))
        attacker.sums.append(Sum((table, "forecast_gbp", key), tuple(to_date)))
        before = of_month(key, row, earlier(month, 12))
        if before in attacker.rows[table]:
            attacker.add_up((table, "year_before_forecast_gbp", key),
                            [(table, "forecast_gbp", before)])  # fmt: skip
        last = of_month(key, row, date(month.year - (month.month < 4), 3, 1))
        if before in attacker.rows[table] and last in attacker.rows[cts]:
            attacker.add_up((table, "year_before_outturn_gbp", key),
                            [(cts, "recognised_fytd_gbp", last)])  # fmt: skip


def _note_flows(attacker: Attacker) -> None:
    """Everybody of a month came from somewhere; not all who were there a month before stayed."""
    flow, table = "county_living_standards_flow_month", "county_living_standards_month"
    into: dict[Key, list[Cell]] = defaultdict(list)
    out_of: dict[Key, list[Cell]] = defaultdict(list)
    for key, row in attacker.rows.get(flow, {}).items():
        cell = (flow, "household_count", key)
        into[row["month"], row["span"], row["living_standards_class"]].append(cell)
        out_of[row["month"], row["span"], row["class_before"]].append(cell)
    months = {month for (month,) in attacker.rows.get(table, {})}
    for groups, back, comes_to in ((into, False, "all"), (out_of, True, "at most")):
        for (month, span, one), cells in groups.items():
            of = earlier(month, (1 if span == "month" else 12) if back else 0)
            if of not in months or one == "not_there":
                continue
            if one == "unknown":
                total, known = (table, "household_count", (of,)), (table, "known_count", (of,))
                attacker.add_up(total, [known, *cells], comes_to)  # type: ignore[arg-type]
            else:
                attacker.add_up((table, f"{one}_count", (of,)), cells, comes_to)  # type: ignore[arg-type]


def of_month(key: Key, row: Row, month: date) -> Key:
    """Return the key of the same row in another month."""
    place = [name for name in KEYS if name in row].index("month")
    return (*key[:place], month, *key[place + 1 :])


def earlier(month: date, months: int) -> date:
    """Return the month so many months before."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
