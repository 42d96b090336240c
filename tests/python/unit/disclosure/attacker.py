"""Somebody who means harm, with nothing but the published tables and the rules in print.

Shares no code with what it attacks: its own reading of the tables, its own idea of what adds up,
its own arithmetic of intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, isclose
from typing import Any

import duckdb

Cell = tuple[str, str, tuple[Any, ...]]
Bounds = tuple[float, float]

# Which rows of the first table add up to a row of the second, alike in these keys.
ADDS_UP = [
    ("district_cts_month", "county_cts_month", ("month",)),
    ("district_cts_age_month", "county_cts_age_month", ("month", "age_group")),
    ("district_cts_age_month", "district_cts_month", ("district_code", "month")),
    ("county_cts_age_month", "county_cts_month", ("month",)),
    ("district_council_tax_month", "county_council_tax_month", ("month",)),
    ("district_cts_bearer_month", "county_cts_bearer_month", ("month", "bearer")),
    ("coverage_month", "coverage", ("district_code", "feed")),
]
# Columns of one row that add up, and running totals with the column that they run up.
ACROSS = [("recognised_gbp", ("accrued_gbp", "retrospective_adjustment_gbp"))]
RUNNING = [("recognised_fytd_gbp", "recognised_gbp"), ("accrued_fytd_gbp", "accrued_gbp")]
# Derived column → what a reader would divide, or take from its earlier self.
QUOTIENTS = {
    "average_weekly_award_gbp": ("weekly_award_gbp", "caseload_count", 1.0),
    "overdue_per_account_gbp": ("overdue_gbp", "overdue_account_count", 1.0),
    "overdue_account_ratio": ("overdue_account_count", "account_count", 1e-4),
    "in_year_collection_ratio": ("in_year_receipts_gbp", "net_collectable_debit_gbp", 1e-4),
    "caseload_per_dwelling_ratio": ("caseload_count", "chargeable_dwelling_count", 1e-4),
    "recognised_per_dwelling_gbp": ("recognised_gbp", "chargeable_dwelling_count", 1e-2),
    "pension_share_ratio": ("pension_caseload_count", "caseload_count", 1e-4),
    "on_uc_share_ratio": ("on_uc_caseload_count", "caseload_count", 1e-4),
    "share_ratio": ("notional_share_gbp", "recognised_gbp", 1e-3),
}
KEYS = ("district_code", "month", "age_group", "bearer", "feed")
# Column → the column that it is part of, in the same row.
WHOLES = {
    "on_uc_caseload_count": "caseload_count",
    "overdue_account_count": "account_count",
    "unlinked_overdue_account_count": "overdue_account_count",
    "in_year_receipts_account_count": "collection_account_count",
}
NOT_OURS = ("chargeable_dwelling_count", "districts_included_count", "districts_expected_count")


@dataclass(frozen=True)
class Found:
    """A figure that the attacker claims to know, and between what."""

    cell: Cell
    low: float
    high: float
    how: str


@dataclass
class Attacker:
    """What is known of each cell. `least` is what a hidden count is taken to be at least."""

    least: int = 1
    bounds: dict[Cell, Bounds] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    sums: list[tuple[Cell, list[Cell]]] = field(default_factory=list)
    rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = field(default_factory=dict)

    def see(self, cell: Cell, value: float | None, mark: str | None) -> None:
        """Take in one published cell."""
        is_count = cell[1].endswith("_count")
        if mark == "c":
            self.hidden.add(cell)
            self.bounds[cell] = (self.least, inf) if is_count else (-inf, inf)
        elif value is None:
            self.bounds[cell] = (0, 0)
        elif is_count:
            low, high = float(value) - 2, float(value) + 2
            self.bounds[cell] = (max(low, 10), high) if value else (0, 0)
        else:
            self.bounds[cell] = (float(value) - 500, float(value) + 500)

    def add_up(self, total: Cell, parts: list[Cell]) -> None:
        """Note that parts make a total."""
        self.sums.append((total, parts))

    def think(self) -> None:
        """Narrow every cell to what the sums leave open, until nothing moves."""
        self._allow_for_hidden_noughts()
        of_cell: dict[Cell, list[int]] = {}
        for number, (total, parts) in enumerate(self.sums):
            for cell in (total, *parts):
                of_cell.setdefault(cell, []).append(number)
        waiting = set(range(len(self.sums)))
        for _ in range(200 * len(self.sums)):
            if not waiting:
                return
            for cell in self._narrow_one(*self.sums[waiting.pop()]):
                waiting.update(of_cell[cell])

    def _allow_for_hidden_noughts(self) -> None:
        """Where a total is hidden, noughts of it are hidden too: no part is surely at least 1."""
        for total, parts in self.sums:
            for part in parts if total in self.hidden else []:
                if part in self.hidden and part[1].endswith("_count"):
                    self.bounds[part] = (0, inf)
        for table, name, key in [cell for cell in self.hidden if cell[1] in WHOLES]:
            if (table, WHOLES[name], key) in self.hidden:
                self.bounds[table, name, key] = (0, inf)

    def _narrow_one(self, total: Cell, parts: list[Cell]) -> list[Cell]:
        """Narrow a total and its parts by one another; return the cells that moved."""
        moved = [total] if self._narrow(total, *self._sum(parts)) else []
        low, high = self.bounds[total]
        for part in parts if any(cell in self.hidden for cell in (total, *parts)) else []:
            others_low, others_high = self._sum([other for other in parts if other != part])
            if self._narrow(part, low - others_high, high - others_low):
                moved.append(part)
        return moved

    def _sum(self, cells: Sequence[Cell]) -> Bounds:
        return (
            sum(self.bounds[cell][0] for cell in cells),
            sum(self.bounds[cell][1] for cell in cells),
        )

    def _narrow(self, cell: Cell, low: float, high: float) -> bool:
        now = self.bounds[cell]
        new = (max(now[0], low), min(now[1], high))
        # A contradiction shows that a hidden count was nought after all: nothing follows from it.
        # Pounds creep towards a limit for ever; a pound more is nothing learned.
        if new[0] > new[1] or not any(
            a != b and abs(a - b) >= 1 for a, b in zip(now, new, strict=True)
        ):
            return False
        self.bounds[cell] = new
        return True

    def claims(self) -> Iterator[Found]:
        """Tell hidden counts open to fewer than three values, and pounds known to a tenth.

        Pounds of less than a rounding step are never known: their rounding alone hides them.
        """
        for cell in sorted(self.hidden, key=str):
            low, high = self.bounds[cell]
            if cell[1].endswith("_count"):
                if high - low < 2:
                    yield Found(cell, low, high, "sums of counts")
            elif high - low < 0.2 * max(abs(low), abs(high)) and max(abs(low), abs(high)) > 1000:
                yield Found(cell, low, high, "sums of pounds")


def look_at(con: duckdb.DuckDBPyConnection, least: int = 1) -> Attacker:
    """Read every published table and note all that adds up in it."""
    attacker = Attacker(least)
    tables = con.execute(
        "select table_name from information_schema.tables where table_schema = 'published' "
        "and (table_name like 'county_%' or table_name like 'district_%' "
        "or table_name like 'coverage%')"
    ).fetchall()
    for (name,) in tables:
        attacker.rows[name] = _read(con, name, attacker)
    for parts, totals, alike in ADDS_UP:
        _note_sums(attacker, parts, totals, alike)
    for table, rows in attacker.rows.items():
        _note_rows(attacker, table, rows)
    return attacker


def _read(
    con: duckdb.DuckDBPyConnection, table: str, attacker: Attacker
) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = con.execute(f"select * from published.{table}")
    names = [column[0] for column in found.description or []]
    keys = [name for name in KEYS if name in names]
    rows = {}
    for told in found.fetchall():
        row = dict(zip(names, told, strict=True))
        key = tuple(row[name] for name in keys)
        rows[key] = row
        for name in _figures(row):
            attacker.see((table, name, key), row[name], row[f"{name}_mark"])
    return rows


def _figures(row: dict[str, Any]) -> list[str]:
    return [
        name
        for name in row
        if name.endswith(("_count", "_gbp"))
        and f"{name}_mark" in row
        and name not in NOT_OURS
        and name not in QUOTIENTS
        and "_change_" not in name
    ]


def _note_sums(attacker: Attacker, parts: str, totals: str, alike: Sequence[str]) -> None:
    groups: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key, row in attacker.rows.get(parts, {}).items():
        groups.setdefault(tuple(row[name] for name in alike), []).append(key)
    for key, row in attacker.rows.get(totals, {}).items():
        pieces = groups.get(tuple(row[name] for name in alike), [])
        for name in _figures(row) if pieces else []:
            cells: list[Cell] = [(parts, name, piece) for piece in pieces]
            if all(cell in attacker.bounds for cell in cells):
                attacker.add_up((totals, name, key), cells)


def _note_rows(attacker: Attacker, table: str, rows: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    for key, row in rows.items():
        for total, parts in ACROSS:
            if total in row and all(part in row for part in parts):
                attacker.add_up((table, total, key), [(table, part, key) for part in parts])
        for to_date, single in RUNNING:
            if to_date not in row:
                continue
            place = [name for name in KEYS if name in row].index("month")
            month = key[place]
            before = (*key[:place], _month_before(month), *key[place + 1 :])
            parts_to_date: list[Cell] = [(table, single, key)]
            if month.month != 4:
                if before not in rows:
                    continue
                parts_to_date.append((table, to_date, before))
            attacker.add_up((table, to_date, key), parts_to_date)


def _month_before(month: Any) -> Any:
    if month.month == 1:
        return month.replace(year=month.year - 1, month=12)
    return month.replace(month=month.month - 1)


def beyond_what_is_shown(attacker: Attacker) -> Iterator[Found]:
    """Tell derived figures that are not those of the figures beside them.

    Such a one was worked out from exact figures. Each whole number that the count could be is held
    against it; what is left are the candidates.
    """
    for table, rows in attacker.rows.items():
        for key, row in rows.items():
            for name, (above, below, step) in QUOTIENTS.items():
                if name in row and row[name] is not None:
                    yield from _behind(table, key, row, name, above, below, step)
            yield from _odd_changes(table, key, row, rows)


def _behind(
    table: str,
    key: tuple[Any, ...],
    row: dict[str, Any],
    name: str,
    above: str,
    below: str,
    step: float,
) -> Iterator[Found]:
    told = float(row[name])
    if row[above] is None or row[below] is None:
        yield Found((table, name, key), told, told, f"shown without {above} or {below}")
        return
    if abs(told - float(row[above]) / float(row[below])) <= step * 0.500001:
        return
    half = 500 if above.endswith("_gbp") else 2
    fitting = [
        count
        for count in range(int(row[below]) - 2, int(row[below]) + 3)
        if (told - step / 2) * count <= float(row[above]) + half
        and (told + step / 2) * count >= float(row[above]) - half
    ]
    low, high = (min(fitting), max(fitting)) if fitting else (inf, -inf)
    yield Found((table, below, key), low, high, f"{name} is not of what is shown")


def _odd_changes(
    table: str,
    key: tuple[Any, ...],
    row: dict[str, Any],
    rows: dict[tuple[Any, ...], dict[str, Any]],
) -> Iterator[Found]:
    place = [name for name in KEYS if name in row].index("month") if "month" in row else 0
    for name, value in row.items():
        if value is None or "_change_" not in name or name.endswith("_mark"):
            continue
        of, _, rest = name.partition("_change_")
        period, _, unit = rest.partition("_")
        if of + "_" + unit not in row or period not in ("month", "year"):
            continue
        months = 1 if period == "month" else 12
        earlier = key[place]
        for _ in range(months):
            earlier = _month_before(earlier)
        then = rows.get((*key[:place], earlier, *key[place + 1 :]), {}).get(f"{of}_{unit}")
        now = row[f"{of}_{unit}"]
        if now is None or then is None or not isclose(now - then, value, abs_tol=1e-6):
            yield Found((table, name, key), float(value), float(value), "not of what is shown")
