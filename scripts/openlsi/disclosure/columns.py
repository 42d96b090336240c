"""How each kind of published column is worked out, as SQL, from what is already disclosed."""

from __future__ import annotations

from typing import Any

from openlsi.disclosure.kinds import Official
from openlsi.disclosure.rules import Rules
from openlsi.disclosure.spec import Specs, TableSpec, is_marked
from openlsi.disclosure.told import told_column, told_from_column
from openlsi.disclosure.wording import APPLIES, hidden, literal, mark, matched, quoted

# An average that rounding may have moved by more than this share of itself is not shown.
COARSE = 0.05


def first_columns(spec: TableSpec, rules: Rules) -> list[str]:
    """Return the columns that the working table alone decides: hidden or rounded here."""
    chosen = [APPLIES] if spec.applies else []
    cannot = _cannot_apply(spec, "")
    for column in spec.columns:
        name = column.name
        if column.kind in ("key", "label"):
            chosen.append(quoted(name))
        elif column.kind == "official":
            chosen += [_unchanged(column), _unavailable(name, cannot)]
        elif column.kind == "count":
            value = _rounded(quoted(name), rules.count_base)
            chosen += _controlled(name, hidden(name), value, cannot)
        elif column.kind == "pounds":
            value = _rounded(quoted(name), rules.pounds_base)
            chosen += _controlled(name, hidden(name), value, cannot)
    return chosen


def _cannot_apply(spec: TableSpec, alias: str) -> str:
    """Return the branch of a mark for rows whose figures cannot apply; none for most tables."""
    return f"when not {alias}{APPLIES} then 'z' " if spec.applies else ""


def _rounded(value: str, base: int) -> str:
    return f"cast(round({value} / {base}) * {base} as bigint)"


def _unchanged(column: Official) -> str:
    name = quoted(column.name)
    if column.decimals is None:
        return name
    kind = "bigint" if column.decimals == 0 else f"decimal(18,{column.decimals})"
    return f"cast({name} as {kind}) as {name}"


def _unavailable(name: str, cannot: str) -> str:
    return f"case when {quoted(name)} is not null then null {cannot}else 'x' end as {mark(name)}"


def _controlled(name: str, is_hidden: str, value: str, cannot: str) -> list[str]:
    return [
        f"case when not {is_hidden} then {value} end as {quoted(name)}",
        f"case when {is_hidden} then 'c' when {quoted(name)} is not null then null {cannot}"
        f"else 'x' end as {mark(name)}",
    ]


def needs(column: Any) -> set[str]:
    """Return the columns of the same table that must be there before this one."""
    if column.kind == "rate":
        return {column.numerator, column.denominator}
    if column.kind == "score":
        return {*column.weights, column.total, *column.base.match.values()}
    if column.kind == "average":
        return {column.pounds, column.count}
    if column.kind == "change":
        return {column.of, column.over} | ({column.alike} if column.alike else set())
    if column.kind == "difference":
        return {column.of, column.less, *(column.where_same or ())}
    if column.kind == "lookup":
        return set(column.match.values())
    if column.kind == "told":
        return {column.table, column.column, column.where, column.month}
    if column.kind == "told_from":
        return {column.told}
    if column.kind == "latest":
        return {column.of}
    if column.kind == "text":
        return {part.split("}")[0] for part in column.template.split("{")[1:]}
    return set()


def later_column(
    column: Any, spec: TableSpec, specs: Specs, rules: Rules, alias: str
) -> tuple[list[str], list[str]]:
    """Return what a column adds to a select over `row`, and the joins that it needs."""
    if column.kind == "rate":
        return _rate(column, spec, specs, rules), []
    if column.kind == "average":
        return _average(column, spec, rules), []
    if column.kind == "score":
        return _score(column, spec, specs, alias)
    if column.kind == "change":
        return _change(column, spec, specs, alias)
    if column.kind == "difference":
        return _difference(column, spec, specs), []
    if column.kind == "lookup":
        return _lookup(column, specs, alias)
    if column.kind == "told":
        return told_column(column, alias)
    if column.kind == "told_from":
        return told_from_column(column, spec.column(column.told), alias)
    if column.kind == "latest":
        of = f"row.{quoted(column.of)}"
        return [f"{of} = max({of}) over () as {quoted(column.name)}"], []
    if column.kind == "text":
        return [f"{_text(column.template)} as {quoted(column.name)}"], []
    summary = f"{column.function}({quoted(column.column)})"
    return [
        f"(select {summary} from published.{quoted(column.table)}) as {quoted(column.name)}"
    ], []


def _marks(spec: TableSpec, specs: Specs, name: str, alias: str = "row") -> str:
    column = spec.column(name)
    return f"{alias}.{mark(name)}" if is_marked(column, specs) else "null"


def is_count(column: Any, specs: Specs) -> bool:
    """Say whether a column counts people, here or in the table that it is looked up in."""
    if column.kind == "lookup":
        return is_count(specs[column.table].column(column.column), specs)
    return bool(column.kind == "count")


def _rate(column: Any, spec: TableSpec, specs: Specs, rules: Rules) -> list[str]:
    above, below = (f"row.{quoted(name)}" for name in (column.numerator, column.denominator))
    marks = [_marks(spec, specs, name) for name in (column.numerator, column.denominator)]
    either = " or ".join(f"{one} = 'c'" for one in marks)
    if rules.hides and is_count(spec.column(column.denominator), specs):
        either += (
            f" or ({below} > 0 and {below} < {rules.small_base} "
            f"and ({above} = 0 or {above} = {below}))"
        )
    value = f"round(cast({above} as double) / nullif({below}, 0), {column.decimals})"
    return [
        f"case when not coalesce({either}, false) then {value} end as {quoted(column.name)}",
        f"case when {either} then 'c' {_cannot_apply(spec, 'row.')}"
        f"when {above} is null or {below} is null then 'x' "
        f"when {below} = 0 then 'z' end as {mark(column.name)}",
    ]


def _score(column: Any, spec: TableSpec, specs: Specs, alias: str) -> tuple[list[str], list[str]]:
    base = column.base
    if base.table not in specs:  # a district's own edition holds nothing of the county
        return [f"cast(null as double) as {quoted(column.name)}", f"'x' as {mark(column.name)}"], []

    def mean(where: str) -> str:
        scores = " + ".join(
            f"{weight} * {where}.{quoted(name)}" for name, weight in column.weights.items()
        )
        return f"cast({scores} as double) / nullif({where}.{quoted(column.total)}, 0)"

    of_this = base.table == spec.table
    relation = "stage" if of_this else f"published.{quoted(base.table)}"
    join = f"left join {relation} as {alias} on {matched(alias, 'row', base.match)}"
    names = [*column.weights, column.total]
    either = " or ".join(
        f"{where}.{mark(name)} = 'c'" for where in ("row", alias) for name in names
    )
    value = f"round(100 * ({mean('row')}) / nullif({mean(alias)}, 0), 1)"
    return [
        f"{value} as {quoted(column.name)}",
        f"case when {either} then 'c' {_cannot_apply(spec, 'row.')}"
        f"when row.{quoted(column.total)} = 0 then 'z' "
        f"when {value} is null then 'x' end as {mark(column.name)}",
    ], [join]


def _average(column: Any, spec: TableSpec, rules: Rules) -> list[str]:
    pounds, count = f"row.{quoted(column.pounds)}", f"row.{quoted(column.count)}"
    marks = [f"row.{mark(name)}" for name in (column.pounds, column.count)]
    # How far rounding may have moved it, as a share of it; a base of 1 moves nothing.
    moved = (
        f"({(rules.pounds_base - 1) / 2} / nullif(abs({pounds}), 0) "
        f"+ {(rules.count_base - 1) / 2} / nullif({count}, 0))"
    )
    is_coarse = f"coalesce({moved} > {COARSE}, {rules.pounds_base} > 1)"
    value = _rounded(f"({pounds} / nullif({count}, 0))", rules.average_base)
    return [
        f"case when not {is_coarse} then {value} end as {quoted(column.name)}",
        f"case when {marks[0]} = 'c' or {marks[1]} = 'c' then 'c' {_cannot_apply(spec, 'row.')}"
        f"when {pounds} is null or {count} is null then 'x' "
        f"when {count} = 0 then 'z' when {is_coarse} then 'c' end as {mark(column.name)}",
    ]


def _change(column: Any, spec: TableSpec, specs: Specs, alias: str) -> tuple[list[str], list[str]]:
    now, then = f"row.{quoted(column.of)}", f"{alias}.{quoted(column.of)}"
    marks = [_marks(spec, specs, column.of, where) for where in ("row", alias)]
    alike = "true"
    if column.alike:
        name = quoted(column.alike)
        alike = f"row.{name} is not distinct from {alias}.{name}"
    value = f"round({now} - {then}, 6)"
    if column.relative:
        value = f"round(cast({now} - {then} as double) / nullif({then}, 0), 4)"
    elif spec.column(column.of).kind in ("count", "pounds", "average"):
        value = f"{now} - {then}"
    same = {key: key for key in spec.keys if key != column.over}
    month = f"cast(row.{quoted(column.over)} - interval {column.months} month as date)"
    join = (
        f"left join stage as {alias} on {matched(alias, 'row', same)} "
        f"and {alias}.{quoted(column.over)} = {month}"
    )
    no_base = f"when {then} = 0 then 'z'" if column.relative else ""
    return [
        f"case when {alike} then {value} end as {quoted(column.name)}",
        f"case when {marks[0]} = 'c' or {marks[1]} = 'c' then 'c' {_cannot_apply(spec, 'row.')}"
        f"when {now} is null or {then} is null or not ({alike}) then 'x' {no_base} end "
        f"as {mark(column.name)}",
    ], [join]


def _difference(column: Any, spec: TableSpec, specs: Specs) -> list[str]:
    of, less = (f"row.{quoted(name)}" for name in (column.of, column.less))
    either = " or ".join(f"{_marks(spec, specs, name)} = 'c'" for name in (column.of, column.less))
    value, no_base = f"{of} - {less}", ""
    if column.relative:
        value = f"round(cast({of} - {less} as double) / nullif({less}, 0), 4)"
        no_base = f"when {less} = 0 then 'z' "
    same = "true"
    if column.where_same:
        one, other = (f"row.{quoted(name)}" for name in column.where_same)
        same = f"({one} is not distinct from {other})"
    return [
        f"case when {same} then {value} end as {quoted(column.name)}",
        f"case when {either} then 'c' {_cannot_apply(spec, 'row.')}"
        f"when {of} is null or {less} is null or not {same} then 'x' {no_base}end"
        f" as {mark(column.name)}",
    ]


def _lookup(column: Any, specs: Specs, alias: str) -> tuple[list[str], list[str]]:
    fixed = "".join(
        f" and {alias}.{quoted(theirs)} = {literal(value)}" for theirs, value in column.only.items()
    )
    join = (
        f"left join published.{quoted(column.table)} as {alias} "
        f"on {matched(alias, 'row', column.match)}{fixed}"
    )
    found = f"{alias}.{quoted(column.column)}"
    chosen = [f"{found} as {quoted(column.name)}"]
    if is_marked(specs[column.table].column(column.column), specs):
        # No such row there means that nobody sent it, which is not the same as nought.
        their_mark = f"{alias}.{mark(column.column)}"
        chosen.append(
            f"case when {found} is null then coalesce({their_mark}, 'x') end as {mark(column.name)}"
        )
    return chosen, [join]


def _text(template: str) -> str:
    pieces = []
    for part in template.split("{"):
        name, _, rest = part.partition("}")
        if "}" in part:
            pieces.append(f"coalesce(cast(row.{quoted(name)} as varchar), '')")
        else:
            rest = part
        if rest:
            pieces.append(literal(rest))
    return " || ".join(pieces)
