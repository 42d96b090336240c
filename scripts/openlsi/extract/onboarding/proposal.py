"""A layout proposed column by column, and what is left for a person to decide."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import Any

from openlsi.extract.decisions import DECIDE
from openlsi.extract.onboarding.blocks import PLACE, Blocks, find_blocks, gathered
from openlsi.extract.onboarding.marks import match_marks
from openlsi.extract.onboarding.matching import (
    Match,
    WholeName,
    address_columns,
    match_fields,
    match_whole_names,
)
from openlsi.extract.onboarding.profile import ColumnProfile, Profile
from openlsi.extract.onboarding.spelling import Spelt, spelling
from openlsi.extract.onboarding.vocabulary import Vocabulary
from openlsi.extract.records import Column, FeedDefinition, Record

_SURE_OF_ADDRESS, _SURE_OF_MARKS = 0.9, 0.8


@dataclass(frozen=True)
class Proposed:
    """One field: the columns it comes from, how they are read, and how sure that is."""

    record: str
    field: str
    columns: list[str]
    mapping: dict[str, Any]
    sure: float
    notes: list[str] = dataclasses.field(default_factory=list)


@dataclass(frozen=True)
class Decision:
    """Something that only a person can say; the layout is refused until it has been said."""

    record: str
    field: str
    text: str


@dataclass(frozen=True)
class Proposal:
    """All fields of a layout, in the order of the records."""

    proposed: list[Proposed]
    decisions: list[Decision]
    unused: list[str]
    left_out: list[str]
    money: str
    booleans: dict[str, list[str]] | None
    columns: dict[str, ColumnProfile]
    blocks: Blocks | None
    block_present: dict[str, str]

    def of_record(self, record: str) -> list[Proposed]:
        """Return the fields of one record."""
        return [one for one in self.proposed if one.record == record]


def propose(vocabulary: Vocabulary, profile: Profile, definition: FeedDefinition) -> Proposal:
    """Return the layout that a file seems to need, for the records that every sender must give."""
    blocks, present = _blocks(vocabulary, profile, definition)
    whole = profile
    if blocks is not None:
        whole = dataclasses.replace(profile, columns=gathered(profile.columns, blocks))
    money = _money_form(vocabulary, whole, definition)
    proposed: list[Proposed] = []
    decisions: list[Decision] = []
    for name, record in definition.records.items():
        if record.is_optional:
            continue
        own = whole if name in present else _without_blocks(whole)
        found, asked = _propose_record(vocabulary, own, definition.feed, name, record, money)
        proposed += found
        decisions += asked
    booleans = _common_booleans(proposed)
    used = {column for one in proposed for column in one.columns}
    return Proposal(
        [_without_common(one, booleans) for one in proposed], decisions,
        [name for name in whole.columns if name not in used],
        [name for name, record in definition.records.items() if record.is_optional],
        money, booleans, whole.columns, blocks, present,
    )  # fmt: skip


def _blocks(
    vocabulary: Vocabulary, profile: Profile, definition: FeedDefinition
) -> tuple[Blocks | None, dict[str, str]]:
    """Return the columns that repeat, and for each record made of them the one that is its year."""
    blocks = find_blocks(profile.dialect.columns)
    if blocks is None:
        return None, {}
    columns = gathered(profile.columns, blocks)
    present = {}
    for name, record in definition.records.items():
        matches = match_fields(vocabulary, definition.feed, columns, record, [])
        years = [
            match.column
            for match in matches.values()
            if PLACE in match.column and record.mapped[match.field].type == "financial_year"
        ]
        if years and not record.is_optional:
            present[name] = years[0]
    return (blocks, present) if present else (None, {})


def _without_blocks(profile: Profile) -> Profile:
    own = {name: column for name, column in profile.columns.items() if PLACE not in name}
    return dataclasses.replace(profile, columns=own)


def _money_form(vocabulary: Vocabulary, profile: Profile, definition: FeedDefinition) -> str:
    """Return the form of pounds that fits most columns of pounds."""
    forms: Counter[str] = Counter()
    for record in definition.records.values():
        for match in match_fields(
            vocabulary, definition.feed, profile.columns, record, []
        ).values():
            if record.mapped[match.field].type == "money":
                forms[money_form(profile.columns[match.column])] += 1
    return forms.most_common(1)[0][0] if forms else "plain"


def money_form(column: ColumnProfile) -> str:
    """Return how a column writes pounds; whole numbers too high to be pounds a week are pence."""
    is_whole = column.share("money pence") == 1.0 and not column.share("pennies")
    if is_whole and (column.median_gbp or 0) >= 500:
        return "pence"
    return "plain" if column.share("money plain") >= column.share("money currency") else "currency"


def _propose_record(
    vocabulary: Vocabulary, profile: Profile, feed: str, name: str, record: Record, money: str
) -> tuple[list[Proposed], list[Decision]]:
    names = match_whole_names(vocabulary, feed, profile.columns, record)
    matches = match_fields(vocabulary, feed, profile.columns, record, names)
    by_field = {one.field: one for one in _split_names(name, record, names)}
    by_field |= _address(vocabulary, profile, name, record, matches)
    for each, said in match_marks(vocabulary, profile.columns, record, matches).items():
        by_field[each] = Proposed(name, each, [said["source"]], said, _SURE_OF_MARKS)
    decisions = []
    for each, kind in record.mapped.items():
        if each in by_field:
            continue
        if each in matches:
            match = matches[each]
            spelt = spelling(vocabulary, profile, each, kind, match.column, money)
            by_field[each] = _proposed(name, match, spelt)
            decisions += [Decision(name, each, text) for text in spelt.decisions]
        elif isinstance(kind, Column) and len(kind.values) == 1 and kind.required:
            notes = ["the only kind there is; a file that has others needs a column for it"]
            by_field[each] = Proposed(name, each, [], {"constant": kind.values[0]}, 1.0, notes)
        elif kind.required:
            by_field[each] = Proposed(name, each, [], {"constant": DECIDE}, 0.0)
            decisions.append(Decision(name, each, _how_to_fill(kind.type)))
    return [by_field[each] for each in record.mapped if each in by_field], decisions


def _how_to_fill(kind: str) -> str:
    constants = {"money": '"0"', "integer": '"0"', "boolean": '"N"', "code": "one of its codes"}
    if kind in constants:
        return (
            "no column found: name one as {source: COLUMN}, or, if none of this file's rows has"
            f" any, say {{constant: {constants[kind]}}}"
        )
    return "no column found: name one as {source: COLUMN}, or ask the sender for it"


def _proposed(record: str, match: Match, spelt: Spelt) -> Proposed:
    mapping = {"source": match.column, **spelt.said}
    return Proposed(record, match.field, [match.column], mapping, match.sure, spelt.notes)


def _split_names(name: str, record: Record, names: list[WholeName]) -> list[Proposed]:
    """Return surname and forenames out of one column: “SMITH, JOHN”, or “John Smith”."""
    found = []
    for whole in names:
        person = record.people[whole.role]
        # Without a comma the words after the first are taken for the surname.
        at, surname, forenames = (
            (",", "before", "after") if whole.has_comma else (" ", "after", "before")
        )
        notes = (
            [] if whole.has_comma else ["names without a comma: titles and middle names go wrong"]
        )
        for each, take in ((person.surname, surname), (person.forenames, forenames)):
            if each is not None:
                mapping = {"source": whole.column, "split": {"at": at, "take": take}}
                found.append(Proposed(name, each, [whole.column], mapping, whole.sure, notes))
    return found


def _address(
    vocabulary: Vocabulary, profile: Profile, name: str, record: Record, matches: dict[str, Match]
) -> dict[str, Proposed]:
    if "address" not in record.identifiers:
        return {}
    taken = {match.column for each, match in matches.items() if each != "address"}
    columns = address_columns(vocabulary, profile.columns, taken)
    if len(columns) < 2:
        return {}
    mapping = {"sources": columns}
    return {"address": Proposed(name, "address", columns, mapping, _SURE_OF_ADDRESS)}


def _common_booleans(proposed: list[Proposed]) -> dict[str, list[str]] | None:
    spelt = Counter(repr(one.mapping["booleans"]) for one in proposed if "booleans" in one.mapping)
    if not spelt:
        return None
    common = spelt.most_common(1)[0][0]
    found = (one.mapping["booleans"] for one in proposed if "booleans" in one.mapping)
    return next(dict(said) for said in found if repr(said) == common)


def _without_common(one: Proposed, booleans: dict[str, list[str]] | None) -> Proposed:
    if booleans is None or one.mapping.get("booleans") != booleans:
        return one
    kept = {key: value for key, value in one.mapping.items() if key != "booleans"}
    return Proposed(one.record, one.field, one.columns, kept, one.sure, one.notes)
