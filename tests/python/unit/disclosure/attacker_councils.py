"""What new councils add up from: districts, under each option, and what the options share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from attacker_bounds import Attacker, Cell

Key = tuple[Any, ...]
# A new council bears what its districts and the county bear today.
_BEARERS = {"council": ("district", "county"), "police": ("police",), "fire": ("fire",)}
_TABLES = {
    "council_tax_month": ("month",),
    "cts_month": ("month",),
    "cts_age_month": ("month", "age_group"),
    "living_standards_month": ("month",),
    "uc_month": ("month",),
}


def note(attacker: Attacker, councils: Sequence[tuple[str, str, str]]) -> None:
    """Note what adds up to each council: its members, and to the county: an option's councils."""
    members: dict[str, set[str]] = defaultdict(set)
    options: dict[str, set[str]] = defaultdict(set)
    for place, option, district in councils:
        members[place].add(district)
        options[option].add(place)
    everybody = set().union(*members.values())
    whole = [places for places in options.values()
             if set().union(*(members[place] for place in places)) == everybody]  # fmt: skip
    for name, alike in _TABLES.items():
        together = _shared(attacker, f"new_council_{name}", members)
        for places in [*whole, set(together)]:
            _note_county(attacker, name, alike, places)
        _note_members(attacker, name, alike, {**members, **together})
    together = _shared(attacker, "new_council_cts_bearer_month", members)
    _note_bearers(attacker, {**members, **together})


def _shared(attacker: Attacker, table: str, members: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the districts that stay together: they are in every council that the row names."""
    found = {}
    for row in attacker.rows.get(table, {}).values():
        named = [row[name] for name in ("first_council_key", "second_council_key",
                                        "third_council_key") if row[name]]  # fmt: skip
        if named:
            found[row["place_key"]] = set.intersection(*(members[one] for one in named))
    return found


def _note_members(
    attacker: Attacker, name: str, alike: tuple[str, ...], members: dict[str, set[str]]
) -> None:
    districts: dict[Key, list[tuple[str, Key]]] = defaultdict(list)
    for key, row in attacker.rows.get(f"district_{name}", {}).items():
        districts[tuple(row[one] for one in alike)].append((row["district_code"], key))
    for key, row in attacker.rows.get(f"new_council_{name}", {}).items():
        pieces = [piece for code, piece in districts[tuple(row[one] for one in alike)]
                  if code in members[row["place_key"]]]  # fmt: skip
        _note(attacker, (f"new_council_{name}", key), f"district_{name}", pieces)


def _note_county(attacker: Attacker, name: str, alike: tuple[str, ...], places: set[str]) -> None:
    parts: dict[Key, list[Key]] = defaultdict(list)
    for key, row in attacker.rows.get(f"new_council_{name}", {}).items():
        if row["place_key"] in places:
            parts[tuple(row[one] for one in alike)].append(key)
    for key, row in attacker.rows.get(f"county_{name}", {}).items():
        pieces = parts[tuple(row[one] for one in alike)]
        _note(attacker, (f"county_{name}", key), f"new_council_{name}", pieces)


def _note_bearers(attacker: Attacker, members: dict[str, set[str]]) -> None:
    table, column = "district_cts_bearer_month", "notional_share_gbp"
    for key, row in attacker.rows.get("new_council_cts_bearer_month", {}).items():
        pieces: list[Cell] = [
            (table, column, piece)
            for piece, part in attacker.rows[table].items()
            if part["month"] == row["month"] and part["district_code"] in members[row["place_key"]]
            and part["bearer"] in _BEARERS[row["new_bearer"]]
        ]  # fmt: skip
        attacker.add_up(("new_council_cts_bearer_month", column, key), pieces)


def _note(attacker: Attacker, total: tuple[str, Key], parts: str, pieces: list[Key]) -> None:
    table, key = total
    for name in attacker.rows[table][key] if pieces else []:
        cells: list[Cell] = [(parts, name, piece) for piece in pieces]
        if (table, name, key) in attacker.bounds and all(cell in attacker.bounds for cell in cells):
            attacker.add_up((table, name, key), cells)
