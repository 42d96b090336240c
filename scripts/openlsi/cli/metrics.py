"""`lsi metrics list` and `lsi metrics query`: what the figures mean, and what they are."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from openlsi.cli.answers import print_answer, print_list, print_told
from openlsi.home import Home
from openlsi.warehouse.metricflow import SEMANTIC_MANIFEST, Metric, MetricEngine, MetricError

_SECURE, _PUBLISHED = "secure.duckdb", "publication.duckdb"
_BY = {
    "district": "district__district_name",
    "month": "metric_time__month",
    "financial_year": "calendar_month__financial_year",
}
_UNITS = ("_gbp", "_count", "_ratio")
_COMPARISON = re.compile(r"\s*(\w+)\s*(=|!=|<>|<=|>=|<|>)\s*'?([^']*?)'?\s*")
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
    engine = _engine(Home.from_environment())
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
) -> None:
    """Answer a question about metrics from the current build."""
    home = Home.from_environment()
    engine = _engine(home)
    known = engine.metrics()
    asked = [_metric(known, name) for name in names]
    metrics = [metric.name for metric in asked]
    cuts = engine.cuts(metrics)
    group_by = [_cut(name, cuts) for name in by or []]
    _refuse_twice([*metrics, *group_by])
    _refuse_positions_of_a_year(engine, metrics, group_by)
    filters = [_filter(text, cuts) for text in where or []]
    named = dict(zip(by or [], group_by, strict=True))
    answer = _in_order(engine.compile(metrics, group_by, filters), named, metrics, limit)
    if sql:
        print(answer)
        return
    columns, rows = _answer(_secure_file(home), answer)
    if as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([columns, *rows])
    else:
        print_answer(columns, rows, {metric.name: metric for metric in asked})
    print(_NOT_FOR_PUBLICATION, file=sys.stderr)


def _engine(home: Home) -> MetricEngine:
    if not home.current.exists():
        raise MetricError(f"{home.root} holds no build yet; run `lsi build`")
    if not (home.current / SEMANTIC_MANIFEST).exists():
        raise MetricError(f"{home.current} has no {SEMANTIC_MANIFEST}; run `lsi build` again")
    return MetricEngine(home.current)


def _secure_file(home: Home) -> Path:
    # The pointer may move while we read: resolve it once, and stay in that generation.
    secure = (home.current / _SECURE).resolve()
    if secure.exists():
        return secure
    published = (home.current / _PUBLISHED).resolve()
    if published.exists():
        raise MetricError(
            f"only {published} is here: metrics are answered from {_SECURE}, which districts and "
            "analysts hold; the tables of schema `published` hold the released figures"
        )
    raise MetricError(f"{secure.parent} holds neither {_SECURE} nor {_PUBLISHED}; run `lsi build`")


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


def _refuse_positions_of_a_year(
    engine: MetricEngine, metrics: Sequence[str], group_by: Sequence[str]
) -> None:
    """Refuse what the engine would answer with the newest month alone, as if it were every year."""
    of_a_year = [cut for cut in group_by if cut.startswith("calendar_month__")]
    positions = [name for name in metrics if engine.is_position(name)]
    if of_a_year and positions and _BY["month"] not in group_by:
        raise MetricError(
            f"{positions[0]} is a position at a month's end, which no "
            f"{of_a_year[0].split('__')[-1]} has; cut it by month"
        )


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
    offered = sorted(
        {*_BY, *(cut.split("__")[-1] for cut in cuts)} - {"metric_time", "month_start"}
    )
    raise MetricError(f"cannot be cut by {name}; these metrics have {', '.join(offered)}")


def _filter(text: str, cuts: Sequence[str]) -> str:
    """Return the engine's form of `name = value`; a template of the engine's own passes."""
    if "{{" in text:
        return text
    told = _COMPARISON.fullmatch(text)
    if not told:
        raise MetricError(f'cannot read the filter {text!r}; write it like "district = Dover"')
    name, comparison, value = told.groups()
    cut = _cut(name, cuts)
    if cut == _BY["month"]:
        day = value if value.count("-") == 2 else f"{value}-01"
        return f"{{{{ TimeDimension('metric_time', 'month') }}}} {comparison} '{day}'"
    return f"{{{{ Dimension('{cut}') }}}} {comparison} '{value}'"


def _in_order(
    compiled: str, named: dict[str, str], metrics: Sequence[str], limit: int | None
) -> str:
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
    most = f" limit {limit}" if limit else ""
    return f"select {chosen}\nfrom (\n{compiled}\n)\nwhere {some}{order}{most}"


def _answer(path: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        with duckdb.connect(str(path), read_only=True, config={"memory_limit": "2GB"}) as con:
            con.execute(sql)
            columns = [column[0] for column in con.description or []]
            return columns, con.fetchall()
    except duckdb.Error as error:
        raise MetricError(f"{path}: {str(error).splitlines()[0]}") from None


def register(app: typer.Typer) -> None:
    """Add `lsi metrics` to the command line."""
    app.add_typer(metrics_app, name="metrics")
