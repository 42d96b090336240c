"""Which column of a file is which field of a record: by what it is called and by what is in it."""

from __future__ import annotations

from dataclasses import dataclass

from openlsi.extract.onboarding.profile import ColumnProfile
from openlsi.extract.onboarding.vocabulary import Vocabulary
from openlsi.extract.records import Column, Identifier, Record

# Below this a likeness is chance: two words of four.
_LEAST = 0.45
# How sure a match is that rests on what is in a column alone.
_BY_CONTENT = 0.5
_MOST, _HALF, _FEW = 0.8, 0.5, 0.3
_DOUBTFUL, _WRONG = 0.6, 0.15
_MOST_CODES = 40


@dataclass(frozen=True)
class Match:
    """One field and its column, and how sure that is, from 0 to 1."""

    field: str
    column: str
    sure: float


@dataclass(frozen=True)
class WholeName:
    """A column that holds a whole name, for the surname and the forenames of one person."""

    role: str
    column: str
    sure: float
    has_comma: bool


def match_fields(
    vocabulary: Vocabulary,
    feed: str,
    columns: dict[str, ColumnProfile],
    record: Record,
    whole_names: list[WholeName],
) -> dict[str, Match]:
    """Return the best column of each field of a record; no column is two fields of one record."""
    candidates = []
    split = {whole.column for whole in whole_names}
    for order, (field, kind) in enumerate(record.mapped.items()):
        for name, column in columns.items():
            if name in split:
                continue
            likeness = vocabulary.field_likeness(name, feed, field)
            sure = likeness * _fit(vocabulary, field, kind, column)
            if sure >= _LEAST:
                candidates.append((-sure, order, field, name))
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for sure, _, field, name in sorted(candidates):
        if field not in found and name not in taken:
            found[field] = Match(field, name, -sure)
            taken.add(name)
    return found | _by_content(columns, record, found, taken)


def _by_content(
    columns: dict[str, ColumnProfile], record: Record, found: dict[str, Match], taken: set[str]
) -> dict[str, Match]:
    """Match what only one free column can be: the one with postcodes, or with NINOs."""
    more = {}
    for ending, count in (("nino", "ninos"), ("postcode", "postcodes")):
        fields = [f for f in record.identifiers if f.endswith(ending) and f not in found]
        free = [c for n, c in columns.items() if n not in taken and c.share(count) >= _MOST]
        if len(free) == 1 and fields and not any(f.endswith(ending) for f in found):
            more[fields[0]] = Match(fields[0], free[0].name, _BY_CONTENT)
    return more


def _fit(
    vocabulary: Vocabulary, field: str, kind: Column | Identifier, column: ColumnProfile
) -> float:
    """Return how well what is in a column agrees with a field: 1 for well, 0.15 for not at all."""
    if column.filled == 0:
        return 0.9
    if isinstance(kind, Identifier) and kind.type != "date":
        return _fit_of_identifier(field, kind, column)
    if kind.type in ("date", "money", "financial_year"):
        return _graded(_share_read(kind.type, column))
    if kind.type == "integer":
        return _graded(column.share("integer"))
    if kind.type == "boolean":
        told = [vocabulary.truth_of(field, code) is not None for code in column.codes]
        return 1.0 if told and all(told) and column.rare == 0 else _DOUBTFUL * _few(column, 4)
    if kind.type == "code" and isinstance(kind, Column):
        return _fit_of_code(vocabulary, field, kind, column)
    return 1.0


def _share_read(kind: str, column: ColumnProfile) -> float:
    if kind == "date":
        unreadable = column.share("short_years") + column.share("month_first")
        return max(column.best("date")[1], unreadable)
    return column.best("money" if kind == "money" else "year")[1]


def _graded(share: float) -> float:
    return 1.0 if share >= _MOST else _DOUBTFUL if share >= _FEW else _WRONG


def _few(column: ColumnProfile, most: int) -> float:
    return 1.0 if column.distinct <= most else 0.2


def _fit_of_code(vocabulary: Vocabulary, field: str, kind: Column, column: ColumnProfile) -> float:
    if column.distinct > _MOST_CODES or column.share("pennies") > _HALF:
        return _WRONG
    known = [code for code in column.codes if vocabulary.code_of(field, code, kind.values)]
    answers = field in vocabulary.yes_means and all(
        vocabulary.truth_of(field, code) is not None for code in column.codes
    )
    return 1.0 if known or answers else 0.8


def _fit_of_identifier(field: str, kind: Identifier, column: ColumnProfile) -> float:
    for ending, count in (("nino", "ninos"), ("postcode", "postcodes"), ("uprn", "numbers")):
        if field.endswith(ending):
            return 1.0 if column.share(count) >= _HALF else _WRONG
    is_other = max(column.share("ninos"), column.share("postcodes")) > _HALF
    is_date = column.best("date")[1] > _MOST and column.share("numbers") < _HALF
    if is_other or is_date or column.share("pennies") > _HALF:
        return _WRONG
    if kind.type == "ref":
        return 1.0 if column.distinct > _FEW * column.filled else _DOUBTFUL
    # Names and addresses: an address has digits, a name has none.
    return _WRONG if field != "address" and column.share("digits") > _HALF else 1.0


def match_whole_names(
    vocabulary: Vocabulary, feed: str, columns: dict[str, ColumnProfile], record: Record
) -> list[WholeName]:
    """Return the columns that hold people's whole names, where nothing else names a surname."""
    names: list[WholeName] = []
    for role, person in record.people.items():
        surname = person.surname
        if surname is None:
            continue
        plain = max((vocabulary.field_likeness(name, feed, surname), name) for name in columns)
        likely = [
            (vocabulary.name_likeness(name, role), name)
            for name, column in columns.items()
            if _is_whole_name(column) and name not in {one.column for one in names}
        ]
        sure, name = max(likely, default=(0.0, ""))
        if sure >= _LEAST and plain[0] < sure:
            # An empty column is written as the other names of its file are.
            is_empty = columns[name].filled == 0
            has_comma = columns[name].share("commas") >= _MOST or (
                is_empty and any(one.has_comma for one in names)
            )
            names.append(WholeName(role, name, sure * (1.0 if has_comma else _HALF), has_comma))
    return names


def _is_whole_name(column: ColumnProfile) -> bool:
    has_parts = column.share("commas") + column.share("words") >= _MOST
    return column.filled == 0 or (has_parts and column.share("digits") < _FEW)


def address_columns(
    vocabulary: Vocabulary, columns: dict[str, ColumnProfile], taken: set[str]
) -> list[str]:
    """Return the columns that together are the address of the home, in the order of the file."""
    others = vocabulary.words("correspondence forwarding email landlord agent postcode web")
    marked = {name: vocabulary.words(name) for name in columns if name not in taken}
    address = vocabulary.words("address")
    return [name for name, words in marked.items() if address <= words and not words & others]
