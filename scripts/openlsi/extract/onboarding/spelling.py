"""How a matched column writes its dates, pounds, yes and no, and codes, as a layout says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openlsi.extract.decisions import DECIDE
from openlsi.extract.onboarding.profile import ColumnProfile, Profile
from openlsi.extract.onboarding.vocabulary import Vocabulary
from openlsi.extract.records import Column, Identifier

_NO_READING = 0.05
_NOTHING = frozenset({"none", "nil", "no", "not exempt", "not applicable"})


@dataclass(frozen=True)
class Spelt:
    """What a mapping says besides its source; what was noticed, and what must be decided."""

    said: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)


def spelling(
    vocabulary: Vocabulary,
    profile: Profile,
    name: str,
    kind: Column | Identifier,
    column: str,
    money: str,
) -> Spelt:
    """Return how one column is written, for a field of this kind."""
    found = profile.columns[column]
    spelt = Spelt()
    if kind.type == "ref" and not name.endswith(("nino", "uprn")):
        spelt = _reference(found)
    elif kind.type == "date":
        spelt = _date(profile, kind, found)
    elif kind.type == "money":
        spelt = _money(found, money)
    elif kind.type == "financial_year":
        spelt = Spelt({"year_format": found.best("year")[0]})
    elif kind.type == "boolean":
        spelt = _boolean(vocabulary, name, found)
    elif kind.type == "code" and isinstance(kind, Column):
        spelt = _code(vocabulary, profile, name, kind, found)
    blank = found.rows - found.filled
    if kind.required and blank and "" not in spelt.said.get("codes", {}):
        default = {"money": ' `default: "0"`', "integer": ' `default: "0"`',
                   "boolean": f' `default: "{_no(spelt)}"`'}.get(kind.type)  # fmt: skip
        unless = f" unless you add{default}" if default else ""
        spelt.notes.append(f"{blank:,} empty: set aside{unless}")
    return spelt


def _reference(column: ColumnProfile) -> Spelt:
    """Return the width of references of one width, without which noughts in front are lost."""
    if not column.counts["leading_noughts"] or len(column.shapes) != 1:
        return Spelt()
    width = len(column.shapes[0][0])
    return Spelt(
        {"length": width},
        [f"all of {width} digits, some with noughts in front: set aside where it has lost them"],
    )


def _no(spelt: Spelt) -> str:
    return str((spelt.said.get("booleans", {}).get("is_false") or ["N"])[0])


def _date(profile: Profile, kind: Column | Identifier, column: ColumnProfile) -> Spelt:
    form, share = column.best("date")
    unreadable = {
        "month_first": "days after months (03/25/2026)",
        "short_years": "years of two digits (25/03/26)",
    }
    for count, words in unreadable.items():
        if column.share(count) > max(_NO_READING, share if count == "short_years" else 0):
            return Spelt(
                {"date_format": "%Y-%m-%d"}, [],
                [f"{words} are not read, for they can mean two days: ask the sender for 2026-03-25"
                 " or 25/03/2026"],
            )  # fmt: skip
    said: dict[str, Any] = {"date_format": form}
    notes = []
    # One day above 12 anywhere in the file tells how the whole of it writes dates.
    is_told = any(other.counts["day_first"] for other in profile.columns.values())
    if form == "%d/%m/%Y" and column.filled and not is_told:
        notes.append(
            "taken for day/month/year; every day is 12 or less, so month/day fits as well: ask"
        )
    if column.open_ends and not kind.required:
        said["nulls"] = [*profile.nulls, *column.open_ends]
        notes.append(f"no end is written {', '.join(column.open_ends)}")
    return Spelt(said, notes)


def _money(column: ColumnProfile, money: str) -> Spelt:
    is_whole = column.filled and column.share("money pence") == 1.0
    if money == "pence":
        if not is_whole and column.filled:
            return Spelt({"money": "plain"})
        return Spelt({}, ["whole numbers taken for pence"] if is_whole else [])
    if column.share("money currency") > column.share(f"money {money}"):
        return Spelt({"money": "currency"})
    return Spelt()


def _boolean(vocabulary: Vocabulary, name: str, column: ColumnProfile) -> Spelt:
    truths = {code: vocabulary.truth_of(name, code) for code in column.codes}
    said = {"is_true": [c for c, truth in truths.items() if truth is True],
            "is_false": [c for c, truth in truths.items() if truth is False]}  # fmt: skip
    unknown = [code for code, truth in truths.items() if truth is None]
    decisions = [
        f'"{code}" in {column.codes[code]:,} rows: put it under is_true or is_false'
        for code in unknown
    ]
    for side, one, other in (("is_true", "Y", "N"), ("is_false", "N", "Y")):
        if not said[side]:
            # Neither seen in this file; the next month's may have it.
            partner = said["is_false" if side == "is_true" else "is_true"]
            said[side] = [one if not partner or partner[0] == other else _opposite(partner[0], one)]
    if unknown:
        said = {"is_true": [*said["is_true"], DECIDE], "is_false": said["is_false"]}
    return Spelt({"booleans": said}, _rare(column), decisions)


def _opposite(seen: str, otherwise: str) -> str:
    pairs = [("Yes", "No"), ("YES", "NO"), ("yes", "no"), ("y", "n"), ("1", "0"), ("T", "F"),
             ("TRUE", "FALSE"), ("True", "False"), ("true", "false")]  # fmt: skip
    both = dict(pairs) | {no: yes for yes, no in pairs}
    return both.get(seen, otherwise)


def _code(
    vocabulary: Vocabulary, profile: Profile, name: str, kind: Column, column: ColumnProfile
) -> Spelt:
    is_told = bool(column.codes) and set(column.codes) <= set(kind.values)
    if is_told or (column.filled == 0 and not kind.required):
        return Spelt({}, _rare(column))
    said, listed = _nulls_and_prefix(profile, kind, column)
    if column.codes and not listed:
        return Spelt(said, _rare(column))
    codes: dict[str, str] = {}
    decisions = []
    if kind.required and column.filled < column.rows:
        meaning = vocabulary.code_of(name, "", kind.values)
        if meaning:
            codes[""] = meaning
    for code in listed:
        rows = column.codes[code]
        meaning = _answered(vocabulary, name, column, code) or vocabulary.code_of(
            name, code, kind.values
        )
        codes[code] = meaning or DECIDE
        if meaning is None:
            known = ", ".join(kind.values)
            decisions.append(f'"{code}" in {rows:,} rows: one of {known}')
    if not column.codes:
        codes[DECIDE] = DECIDE
        decisions.append(f"no codes could be listed ({column.distinct:,} values): write them")
    return Spelt({**said, "codes": codes}, _rare(column), decisions)


def _nulls_and_prefix(
    profile: Profile, kind: Column, column: ColumnProfile
) -> tuple[dict[str, Any], list[str]]:
    """Return what is said of words for none and of a word before each code, and the codes left."""
    said: dict[str, Any] = {}
    left = list(column.codes)
    if not kind.required and "none" not in kind.values:
        nothing = [code for code in left if code.casefold() in _NOTHING]
        if nothing:
            said["nulls"] = [*profile.nulls, *nothing]
            left = [code for code in left if code not in nothing]
    words = {code.partition(" ")[0] + " " for code in left}
    if len(words) == 1 and all(code.partition(" ")[2] in kind.values for code in left):
        return {**said, "prefix": words.pop()}, []
    return said, [] if set(left) <= set(kind.values) else left


def _answered(vocabulary: Vocabulary, name: str, column: ColumnProfile, code: str) -> str | None:
    """Return what a yes or a no means where the header asks: “Pension age?”."""
    question = vocabulary.yes_means.get(name)
    truth = vocabulary.truth_of(name, code)
    if question is None or truth is None:
        return None
    asked = vocabulary.words(" ".join(question.words)) & vocabulary.words(column.name)
    return (question.yes if truth else question.no) if asked else None


def _rare(column: ColumnProfile) -> list[str]:
    if not column.rare:
        return []
    return [f"{column.rare:,} rows with values too rare to list: look at the file, or leave them"]
