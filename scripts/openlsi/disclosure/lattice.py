"""What a reader can add up: places, months, breakdowns and columns, over all tables together.

Districts make the county and, under each option of reorganisation, the new councils; small areas
make districts; ages, bearers and reasons make their whole; months make the year to date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from openlsi.disclosure.adding import AddsTo
from openlsi.disclosure.figures import Figures, Table
from openlsi.disclosure.kinds import Count, Pounds, RunsUp

# Whose row of a bridge leads to which row of a whole: key of the whole → keys of its parts.
Bridges = Mapping[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Sum:
    """A total and its parts, as numbers of cells.

    Over rows, a lone hidden cell counts as told, however much rounding lies over it: the reader may
    know some of the others exactly. Within one row of pounds, rounding may protect it. A rough sum
    is out by some rows, so that only a lone cell follows from it.
    """

    total: int
    parts: tuple[int, ...]
    is_within_row: bool
    is_rough: bool = False


@dataclass
class Lattice:
    """Sums and their like. Each number is that of a cell of the figures.

    `wholes` are pairs of a count and the count that holds it; `follows` leads from a cell to those
    that are hidden wherever it is. Of the years to date under `running` those that hold are sums.
    """

    sums: list[Sum] = field(default_factory=list)
    wholes: list[tuple[int, int]] = field(default_factory=list)
    follows: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    running: list[Sum] = field(default_factory=list)
    levels: dict[tuple[str, str], int] = field(default_factory=dict)


def lattice(figures: Figures, bridges: Bridges) -> Lattice:
    """Return all that adds up in these figures.

    `bridges` are the tables that say which places make up a larger one, by name.
    """
    made = Lattice()
    over: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for table in figures.tables.values():
        spec = table.spec
        for addition in spec.adds_to:
            if addition.table in figures.tables:
                whole = figures.tables[addition.table]
                found = _down_the_table(table, whole, addition, bridges)
                if addition.within:
                    made.wholes += [(part, one.total) for one in found for part in one.parts]
                    continue
                made.sums += found
                for mine, theirs in addition.pairs.items():
                    over[spec.table, mine].add((addition.table, theirs))
        for row_sum in spec.row_sums:
            made.sums += _across_rows(figures, table, row_sum.total, row_sum.parts)
            for part in row_sum.parts:
                over[spec.table, part].add((spec.table, row_sum.total))
        _columns(figures, table, made)
        for column in spec.columns:
            if isinstance(column, Count) and column.subset_of:
                over[spec.table, column.name].add((spec.table, column.subset_of))
            if isinstance(column, Pounds) and column.runs_up:
                over[spec.table, column.runs_up.of].add((spec.table, column.name))
    made.sums += _unbroken(figures, made)
    made.levels = {name: _height(name, over) for name in _named(figures)}
    return made


def _named(figures: Figures) -> Iterator[tuple[str, str]]:
    for name, table in figures.tables.items():
        yield from ((name, column) for column in table.cells)


def _height(name: tuple[str, str], over: Mapping[tuple[str, str], set[tuple[str, str]]]) -> int:
    """Return how many sums lie below a column: a whole is above its parts.

    Where rows of a column make other rows of it, as places that stay together, they stand level.
    """
    below = [part for part, wholes in over.items() if name in wholes and part != name]
    return 1 + max(_height(part, over) for part in below) if below else 0


def _columns(figures: Figures, table: Table, made: Lattice) -> None:
    """Note what hangs together within and between rows, column by column."""
    for column in table.spec.columns:
        if isinstance(column, Count) and column.subset_of:
            for part, whole in _beside(table, column.name, column.subset_of):
                made.wholes.append((part, whole))
        if isinstance(column, Count) and column.repeats_over:
            made.sums += _told_again(table, column.name, column.repeats_over)
        if not isinstance(column, Pounds):
            continue
        if column.count:
            for pounds, count in _beside(table, column.name, column.count):
                made.follows[count].append(pounds)
        if column.shown_with and column.shown_with.table in figures.tables:
            other = column.shown_with
            theirs = _rows_by(figures.tables[other.table], list(other.match))
            of_theirs = figures.tables[other.table].cells[other.column]
            for row, key in enumerate(_keys(table, list(other.match.values()))):
                for found in theirs.get(key, []):
                    _follow(made, of_theirs[found], table.cells[column.name][row])
        if column.runs_up:
            _along_the_year(figures, table, column.name, column.runs_up, made)


def _told_again(table: Table, name: str, over: list[str]) -> Iterator[Sum]:
    """Return a figure of several rows as sums of one part: one hidden hides them all."""
    first: dict[tuple[str | None, ...], int] = {}
    keys = _keys(table, [key for key in table.spec.keys if key not in over])
    for key, cell in zip(keys, table.cells[name], strict=True):
        if cell is not None and first.setdefault(key, cell) != cell:
            yield Sum(first[key], (cell,), is_within_row=False)


def _follow(made: Lattice, first: int | None, then: int | None) -> None:
    if first is not None and then is not None:
        made.follows[first].append(then)


def _beside(table: Table, left: str, right: str) -> Iterator[tuple[int, int]]:
    for one, other in zip(table.cells[left], table.cells[right], strict=True):
        if one is not None and other is not None:
            yield one, other


def _keys(table: Table, names: list[str]) -> list[tuple[str | None, ...]]:
    if not names:
        return [()] * table.length
    return list(zip(*(table.words[name] for name in names), strict=True))


def _rows_by(table: Table, names: list[str]) -> dict[tuple[str | None, ...], list[int]]:
    found: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for row, key in enumerate(_keys(table, names)):
        found[key].append(row)
    return found


def _down_the_table(
    parts: Table, totals: Table, addition: AddsTo, bridges: Bridges
) -> Iterator[Sum]:
    """Return a sum for each row of the totals that rows of the parts lead to, column by column."""
    groups: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    theirs = _rows_by(totals, list(addition.keys_there))
    for row in range(parts.length):
        if all(parts.words[name][row] == value for name, value in addition.only.items()):
            for key in _leads_to(parts, row, addition, bridges):
                for total in theirs.get(key, []):
                    groups[total, row if addition.again else None].append(row)
    for mine, there in addition.pairs.items():
        figures, whole = parts.cells[mine], totals.cells[there]
        for (total, _), rows in groups.items():
            number = whole[total]
            told = tuple(cell for row in rows if (cell := figures[row]) is not None)
            if number is not None and told:
                yield Sum(number, told, is_within_row=False, is_rough=addition.roughly)


def _leads_to(
    parts: Table, row: int, addition: AddsTo, bridges: Bridges
) -> Iterator[tuple[str | None, ...]]:
    """Return the keys of the totals that a row is part of: one, or one an option by a bridge."""
    direct = {
        theirs: _moved(parts.words[mine][row], theirs, addition)
        for theirs, mine in addition.match.items()
    }
    direct |= addition.only_there
    if addition.through is None:
        yield tuple(direct[name] for name in addition.keys_there)
        return
    through = addition.through
    for link in bridges[through.table]:
        if all(link[name] == parts.words[mine][row] for name, mine in through.part.items()):
            reached = {theirs: link[name] for theirs, name in through.whole.items()}
            told = direct | reached
            yield tuple(told[name] for name in addition.keys_there)


def _moved(word: str | None, name: str, addition: AddsTo) -> str | None:
    if word is None or not addition.months_before or name != addition.over:
        return word
    return months_before(date.fromisoformat(word), addition.months_before).isoformat()


def months_before(month: date, months: int) -> date:
    """Return the first day of the month so many months before."""
    count = month.year * 12 + month.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _across_rows(figures: Figures, table: Table, total: str, parts: list[str]) -> Iterator[Sum]:
    """Return a sum a row of columns that add up; counts of a row are as those over rows."""
    for row, number in enumerate(table.cells[total]):
        told = tuple(cell for part in parts if (cell := table.cells[part][row]) is not None)
        if number is not None and told:
            yield Sum(number, told, is_within_row=not figures.cells[number].is_count)


def _along_the_year(
    figures: Figures, table: Table, name: str, runs_up: RunsUp, made: Lattice
) -> None:
    """Note the months whose running total is that of the last month before and their own figure.

    From its first hidden month on a year to date is hidden: two of them tell the month between.
    Where no figure shown says otherwise, a year to date begins with its first row.
    """
    first: list[tuple[int, int]] = []
    others = [key for key in table.spec.keys if key != runs_up.over]
    months = [date.fromisoformat(word or "") for word in table.words[runs_up.over]]
    rows = dict(zip(zip(_keys(table, others), months, strict=True), range(len(months)),
                    strict=True))  # fmt: skip
    for (key, month), row in rows.items():
        to_date, single = table.cells[name][row], table.cells[runs_up.of][row]
        year = _year(month, runs_up)
        for later in (month_after(month, ahead) for ahead in range(12)):
            if _year(later, runs_up) == year and (key, later) in rows:
                _follow(made, single, table.cells[name][rows[key, later]])
        if to_date is None or single is None:
            continue
        earlier = [then for then in _year_so_far(month, runs_up) if (key, then) in rows]
        before = table.cells[name][rows[key, earlier[-1]]] if earlier else None
        if earlier and before is not None:
            made.running.append(Sum(to_date, (single, before), is_within_row=True))
        elif month.month == runs_up.from_month:
            made.running.append(Sum(to_date, (single,), is_within_row=True))
        elif not earlier:
            first.append((to_date, single))
    shown = [tuple(figures.cells[cell] for cell in pair) for pair in first]
    if all(one.shown == other.shown for one, other in shown
           if one.shown is not None and other.shown is not None):  # fmt: skip
        made.running += [Sum(one, (other,), is_within_row=True) for one, other in first]


def _year_so_far(month: date, runs_up: RunsUp) -> list[date]:
    """Return the months of the year before this one, in order."""
    year = _year(month, runs_up)
    months = [months_before(month, back) for back in range(11, 0, -1)]
    return [then for then in months if _year(then, runs_up) == year]


def _year(month: date, runs_up: RunsUp) -> int:
    return months_before(month, runs_up.from_month - 1).year


def _unbroken(figures: Figures, made: Lattice) -> Iterator[Sum]:
    """Return the running totals that hold: of a whole with the same parts as the month before.

    Where a part has no row in a month, its year to date drops out of the whole, which then is not
    the month before's and its own figure.
    """
    parts: dict[int, set[int]] = defaultdict(set)
    for one in made.sums:
        if not one.is_within_row:
            parts[one.total].update(one.parts)
    before = {one.total: one.parts[1] for one in made.running if len(one.parts) > 1}
    broken: set[int] = set()
    size = -1
    while size != len(broken):
        size = len(broken)
        for one in made.running:
            now, then = one.total, before.get(one.total)
            carried = {before[part] for part in parts[now] if part in before}
            if carried != (parts[then] if then is not None else set()) or parts[now] & broken:
                broken.add(now)
    return (one for one in made.running if one.total not in broken)


def month_after(month: date, months: int) -> date:
    """Return the first day of the month so many months after."""
    return months_before(month, -months)
