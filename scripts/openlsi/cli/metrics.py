"""`lsi metrics list` and `lsi metrics query`: what the figures mean, and what they are."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from openlsi.cli.answers import print_answer, print_list, print_told
from openlsi.cli.filters import HOW_TO_FILTER, MONTH, is_of_time, of_month, read_filter
from openlsi.cli.periods import (
    DISTRICT,
    Held,
    asked,
    held,
    newest,
    refuse_losing_the_earlier_month,
    refuse_many_together,
    refuse_without_a_month,
    told,
)
from openlsi.cli.reported import folder_of, label, read_reported
from openlsi.home import Home
from openlsi.warehouse.metricflow import SEMANTIC_MANIFEST, Metric, MetricEngine, MetricError

_SECURE, _PUBLISHED = "secure.duckdb", "publication.duckdb"
_BY = {
    "district": DISTRICT,
    "month": MONTH,
    "financial_year": "calendar_month__financial_year",
}
_UNITS = ("_gbp", "_count", "_ratio")
# Each fact's own date: the same month as `month`, under a name that only one fact has.
_STARTS = ("month_start", "year_start")
_NOT_FOR_PUBLICATION = (
    "Exact figures, before disclosure control: for analysts inside the secure zone, not to publish."
)

metrics_app = typer.Typer(help="What is measured, and the answers.", no_args_is_help=True)


@metrics_app.command("list")
def list_metrics(
    name: Annotated[str | None, typer.Argument(help="One metric, told in full.")] = None,
    controls: Annotated[
        bool, typer.Option("--controls", help="Also the figures that only disclosure reads.")
    ] = False,
) -> None:
    """List every metric with its unit, good direction and owner; or tell one in full."""
    engine = _engine(folder_of(Home.from_environment()))
    if name is not None:
        print_told(_metric(engine.metrics(), name))
        return
    print_list([metric for metric in engine.metrics() if controls or not metric.is_control])


@metrics_app.command("query")
def query_metrics(
    names: Annotated[list[str], typer.Argument(help="Metrics, such as cts_caseload_count.")],
    by: Annotated[
        list[str] | None,
        typer.Option(help="district, month, financial_year or any cut that the metrics have."),
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help='Such as "district = Dover" or "month >= 2026-04".')
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many rows.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, for a file.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL instead of running it.")] = False,
    as_reported: Annotated[
        str | None,
        typer.Option(help="Figures as they were known then, such as 2026-08; build it first."),
    ] = None,
) -> None:
    """Answer a question about metrics: of the newest month or year held, where none is named."""
    home = Home.from_environment()
    reported = read_reported(as_reported) if as_reported else None
    folder = folder_of(home, reported)
    engine = _engine(folder)
    known = engine.metrics()
    metrics = [_metric(known, name) for name in names]
    secure = _secure_file(folder)
    question = _question(engine, secure, metrics, by or [], where or [])
    if sql:
        print(_limited(question.sql, limit))
        return
    columns, rows = _answer(secure, _limited(question.sql, limit))
    if not rows:
        raise MetricError(_nothing_held(metrics, where or []))
    if as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([columns, *rows])
    else:
        print_answer(columns, rows, {metric.name: metric for metric in metrics})
    if reported:
        print(label(home, reported), file=sys.stderr)
    print(f"Period: {question.period}.", file=sys.stderr)
    print(_NOT_FOR_PUBLICATION, file=sys.stderr)


@dataclass(frozen=True)
class _Question:
    """The SQL of a question, and the period that its answer is of, in words."""

    sql: str
    period: str


def _question(
    engine: MetricEngine,
    secure: Path,
    metrics: Sequence[Metric],
    by: Sequence[str],
    where: Sequence[str],
) -> _Question:
    """Return what is asked, of the newest month or year held where no time is named."""
    names = [metric.name for metric in metrics]
    cuts = [cut for cut in engine.cuts(names) if not cut.endswith(_STARTS)]
    group_by = [_cut(name, cuts) for name in by]
    _refuse_twice([*names, *group_by])
    declared = [asked(engine, metric) for metric in metrics]
    refuse_without_a_month(declared, group_by)
    filters = [
        read_filter(text, lambda name: _cut(name, cuts), lambda cut: _values(engine, secure, cut))
        for text in where
    ]
    templates = [given.template for given in filters]
    refuse_losing_the_earlier_month(declared, templates)
    everywhere = _held(engine, secure, names, templates)
    names_time = any(given.is_of_time for given in filters) or any(map(is_of_time, group_by))
    month = None if names_time else newest(declared, everywhere)
    answered = everywhere.within(month)
    refuse_many_together(declared, answered, group_by)
    if month:
        templates.append(of_month(month))
    sql = _in_order(
        engine.compile(names, group_by, templates), dict(zip(by, group_by, strict=True)), names
    )
    return _Question(sql, told(declared, answered, everywhere, group_by))


def _engine(folder: Path) -> MetricEngine:
    if not (folder / SEMANTIC_MANIFEST).exists():
        raise MetricError(f"{folder} has no {SEMANTIC_MANIFEST}; run `lsi build` again")
    return MetricEngine(folder)


def _secure_file(folder: Path) -> Path:
    secure, published = folder / _SECURE, folder / _PUBLISHED
    if secure.exists():
        return secure
    if published.exists():
        raise MetricError(
            f"only {published} is here: metrics are answered from {_SECURE}, which districts and "
            "analysts hold; the tables of schema `published` hold the released figures"
        )
    raise MetricError(f"{folder} holds neither {_SECURE} nor {_PUBLISHED}; run `lsi build`")


def _metric(known: Sequence[Metric], name: str) -> Metric:
    """Return the metric called so, or whose name is so but for its unit, and for `cts_`."""
    exact = [metric for metric in known if metric.name == name]
    alike = [
        metric for metric in known if not metric.is_control and name in _short_names(metric.name)
    ]
    found = exact or alike
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(metric.name for metric in found)
        raise MetricError(f"{name} could be {names}; name one of them")
    figures = {_bare(metric.name): metric.name for metric in known if not metric.is_control}
    near = [full for full in figures.values() if name in full]
    near = near or [figures[bare] for bare in get_close_matches(name, figures)]
    hint = f"; did you mean {', '.join(near[:4])}?" if near else "; see `lsi metrics list`"
    raise MetricError(f"no metric called {name}{hint}")


def _bare(name: str) -> str:
    return _unitless(name).removeprefix("cts_")


def _unitless(name: str) -> str:
    for unit in _UNITS:
        name = name.removesuffix(unit)
    return name


def _short_names(name: str) -> set[str]:
    return {_bare(name), _unitless(name), name.removeprefix("cts_")}


def _refuse_twice(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise MetricError(f"{name.split('__')[-1]} is asked for twice")


def _cut(name: str, cuts: Sequence[str]) -> str:
    """Return the engine's name of what the user calls `month`, `age_group` and such."""
    wanted = _BY.get(name, name)
    if wanted in cuts:
        return wanted
    endings = (f"__{name}", f"_{name}")
    found = next(
        (alike for end in endings if (alike := [cut for cut in cuts if cut.endswith(end)])), []
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise MetricError(f"{name} could be {', '.join(sorted(found))}; name one of them")
    offered = sorted({*_BY, *(cut.split("__")[-1] for cut in cuts)})
    raise MetricError(f"cannot be cut by {name}; these metrics have {', '.join(offered)}")


def _values(engine: MetricEngine, secure: Path, cut: str) -> list[str]:
    """Return what a cut can be equal to, in the warehouse's spelling."""
    _, rows = _answer(secure, f"select * from ({engine.compile([], [cut])}) order by all")
    # Booleans and numbers as they are written in a question.
    return [str(value).lower() if isinstance(value, bool) else str(value) for (value,) in rows]


def _held(
    engine: MetricEngine, secure: Path, metrics: Sequence[str], filters: Sequence[str]
) -> Held:
    compiled = engine.compile(metrics, [MONTH, DISTRICT], filters)
    has_figure = ", ".join(f'"{metric}" is not null' for metric in metrics)
    chosen = f'cast("{MONTH}" as date), "{DISTRICT}", {has_figure}'
    _, rows = _answer(secure, f"select {chosen}\nfrom (\n{compiled}\n)")
    return held(metrics, rows)


def _nothing_held(metrics: Sequence[Metric], where: Sequence[str]) -> str:
    names = ", ".join(metric.name for metric in metrics)
    there = f" where {' and '.join(where)}" if where else ""
    return f"no figure of {names} is held{there}; `lsi status` tells what is held"


def _in_order(compiled: str, named: dict[str, str], metrics: Sequence[str]) -> str:
    """Return the question with its columns as asked for, by name, since the engine sorts them.

    A change against an earlier month has a row for every month of the calendar; those that hold
    no figure are left out.
    """
    cuts = [
        f'cast("{cut}" as date) as "{name}"' if cut == _BY["month"] else f'"{cut}" as "{name}"'
        for name, cut in named.items()
    ]
    chosen = ", ".join([*cuts, *(f'"{metric}"' for metric in metrics)])
    some = " or ".join(f'"{metric}" is not null' for metric in metrics)
    order = f" order by {', '.join(str(place + 1) for place in range(len(cuts)))}" if cuts else ""
    return f"select {chosen}\nfrom (\n{compiled}\n)\nwhere {some}{order}"


def _limited(sql: str, limit: int | None) -> str:
    return f"{sql} limit {limit}" if limit else sql


def _answer(path: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        with duckdb.connect(str(path), read_only=True, config={"memory_limit": "2GB"}) as con:
            con.execute(sql)
            columns = [column[0] for column in con.description or []]
            return columns, con.fetchall()
    except duckdb.Error as error:
        raise MetricError(_plainly(path, error)) from None


def _plainly(path: Path, error: duckdb.Error) -> str:
    """Return a fault of the database in the user's words, without its own or the file's place."""
    if isinstance(error, duckdb.ConversionException | duckdb.BinderException):
        return f"a --where compares what cannot be compared; {HOW_TO_FILTER}"
    if isinstance(error, duckdb.ParserException):
        return f"a --where cannot be read; {HOW_TO_FILTER}"
    if isinstance(error, duckdb.CatalogException):
        return f"{path.name} lacks what these metrics need; run `lsi build` again"
    if isinstance(error, duckdb.OutOfMemoryException):
        return "the question needs more than 2 GB of memory; ask for fewer metrics or cuts"
    return f"{path.name} of the current build cannot be read; run `lsi build` again"


def register(app: typer.Typer) -> None:
    """Add `lsi metrics` to the command line."""
    app.add_typer(metrics_app, name="metrics")
