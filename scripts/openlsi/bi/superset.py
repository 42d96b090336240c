"""A bundle for Apache Superset: its database, a dataset a metric view, and a dashboard over them.

The format is what `superset import-dashboards` of version 6 reads: a ZIP of YAML files that name
each other by UUID. Names and words are those of the views, so that the list of fields explains
itself. No password is in it: Superset asks for one, or takes PGPASSWORD.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from openlsi.bi.errors import PublishError
from openlsi.bi.relations import COUNTY_METRICS, DISTRICT_METRICS, Column, Contents, Readers, View

_VERSION = "1.0.0"
_FOLDER = "open_lsi"
# Of the project, so that a bundle made anew replaces the one before and does not stand beside it.
_NAMESPACE = UUID("6a0f4c0e-6d5f-5a53-9f0e-0b5d5a3f6c11")
# Not the day that it was made: equal views give equal bundles.
_MADE = "2026-01-01T00:00:00+00:00"
_NUMBERS = ("BIGINT", "INTEGER", "DECIMAL", "DOUBLE")
_ROWS = 10_000


@dataclass(frozen=True)
class Line:
    """A chart of one or more figures of a view by month, which may be split by a column."""

    title: str
    view: str
    figures: tuple[str, ...]
    split: str = ""


# What the front of the dashboard shows; every view stands below as a table.
FRONT: dict[Readers, tuple[Line, ...]] = {
    "districts": (
        Line("Households with Council Tax Support", "district_cts_month", ("cts_caseload_count",)),
        Line("Council Tax Support recognised (£)", "district_cts_month", ("cts_recognised_gbp",)),
        Line("Council tax overdue (£)", "district_council_tax_month", ("overdue_gbp",)),
        Line(
            "Households by standing",
            "district_living_standards_month",
            ("in_crisis_household_count", "at_risk_household_count", "struggling_household_count"),
        ),
    ),
    "county": (
        Line("Households with Council Tax Support", "county_cts_month", ("caseload_count",)),
        Line("By district", "district_cts_month", ("caseload_count",), "district_name"),
        Line("Council tax overdue (£)", "county_council_tax_month", ("overdue_gbp",)),
        Line(
            "Households by standing",
            "county_living_standards_month",
            ("in_crisis_count", "at_risk_count", "struggling_count"),
        ),
    ),
}
_TITLES: dict[Readers, str] = {
    "districts": "Open LSI: a district's own figures",
    "county": "Open LSI: published figures of the county",
}
_SCHEMAS: dict[Readers, str] = {"districts": DISTRICT_METRICS, "county": COUNTY_METRICS}


def write_bundle(contents: Contents, address: str, readers: Readers, path: Path) -> int:
    """Write the bundle for the districts' or the county's views; return how many datasets it has.

    `address` is that of the database, without a password. Raises PublishError where the file cannot
    be written or a chart's column is not there any more.
    """
    files = bundle(contents, address, readers)
    beside = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)
                # With a fixed date for the same reason.
                archive.writestr(zipfile.ZipInfo(f"{_FOLDER}/{name}"), text)
        beside.replace(path)
    except OSError as error:
        raise PublishError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        beside.unlink(missing_ok=True)
    return sum(name.startswith("datasets/") for name in files)


def bundle(contents: Contents, address: str, readers: Readers) -> dict[str, dict[str, Any]]:
    """Return the files of the bundle by name, as YAML will have them."""
    views = {one.name: one for one in contents.views if one.schema == _SCHEMAS[readers]}
    database = _id(readers, "database")
    files: dict[str, dict[str, Any]] = {
        "metadata.yaml": {"version": _VERSION, "type": "Dashboard", "timestamp": _MADE},
        f"databases/{_FOLDER}.yaml": {
            "database_name": f"Open LSI ({readers})",
            # The driver that Superset's own documentation installs.
            "sqlalchemy_uri": address.replace("postgresql://", "postgresql+psycopg2://", 1),
            "expose_in_sqllab": True,
            "allow_run_async": False,
            "allow_ctas": False,
            "allow_cvas": False,
            "allow_dml": False,
            "extra": {"allows_virtual_table_explore": True},
            "uuid": database,
            "version": _VERSION,
        },
    }
    for name, view in views.items():
        files[f"datasets/{_FOLDER}/{name}.yaml"] = _dataset(view, readers, database)
    lines = [_line(line, views, readers) for line in FRONT[readers]]
    tables = [_table(view, readers) for view in views.values()]
    for number, chart in enumerate([*lines, *tables], 1):
        files[f"charts/{number:03}.yaml"] = chart
    files[f"dashboards/{readers}.yaml"] = _dashboard(readers, lines, tables)
    return files


def _id(*names: str) -> str:
    return str(uuid5(_NAMESPACE, "/".join(names)))


def _is_number(column: Column) -> bool:
    return column.kind.startswith(_NUMBERS)


def _dataset(view: View, readers: Readers, database: str) -> dict[str, Any]:
    return {
        "table_name": view.name,
        "schema": view.schema,
        "main_dttm_col": "month" if _has_month(view) else None,
        "description": view.comment,
        "uuid": _id(readers, "dataset", view.name),
        "database_uuid": database,
        "version": _VERSION,
        "columns": [
            {
                "column_name": one.name,
                "verbose_name": one.label or None,
                "description": one.comment,
                "type": one.kind,
                "is_dttm": one.kind == "DATE",
                "groupby": True,
                "filterable": True,
            }
            for one in view.columns
        ],
        "metrics": [
            {
                "metric_name": f"sum_of_{one.name}",
                "verbose_name": one.label,
                "expression": f'SUM("{one.name}")',
                "description": one.comment,
                "d3format": ",.2f" if one.kind.startswith("DECIMAL") else ",.0f",
            }
            for one in view.columns
            if one.label and _is_number(one)
        ],
    }


def _has_month(view: View) -> bool:
    return any(one.name == "month" for one in view.columns)


def _line(line: Line, views: dict[str, View], readers: Readers) -> dict[str, Any]:
    view = views.get(line.view)
    there = {one.name: one for one in view.columns} if view else {}
    missing = [one for one in (*line.figures, line.split) if one and one not in there]
    if view is None or missing:
        raise PublishError(
            f"chart '{line.title}': {_SCHEMAS[readers]}.{line.view} has no column"
            f" {', '.join(missing) or 'at all'}; its name has changed, so change the chart too"
        )
    metrics = [f"sum_of_{one}" for one in line.figures]
    split = [line.split] if line.split else []
    axis = {
        "timeGrain": "P1M",
        "columnType": "BASE_AXIS",
        "sqlExpression": "month",
        "label": "month",
        "expressionType": "SQL",
    }
    params = {
        "viz_type": "echarts_timeseries_line",
        "x_axis": "month",
        "time_grain_sqla": "P1M",
        "metrics": metrics,
        "groupby": split,
        "row_limit": _ROWS,
        "show_legend": len(metrics) > 1 or bool(split),
        "y_axis_format": ",.0f",
        "markerEnabled": True,
    }
    query = {"columns": [axis, *split], "metrics": metrics, "row_limit": _ROWS}
    return _chart(line.title, view, readers, params, query)


def _table(view: View, readers: Readers) -> dict[str, Any]:
    columns = [one.name for one in view.columns]
    newest_first = [["month", False]] if _has_month(view) else []
    params = {
        "viz_type": "table",
        "query_mode": "raw",
        "all_columns": columns,
        "order_by_cols": [json.dumps(one) for one in newest_first],
        "row_limit": _ROWS,
        "server_pagination": False,
    }
    query = {"columns": columns, "metrics": None, "orderby": newest_first, "row_limit": _ROWS}
    return _chart(f"Table: {' '.join(view.name.split('_'))}", view, readers, params, query)


def _chart(
    title: str, view: View, readers: Readers, params: dict[str, Any], query: dict[str, Any]
) -> dict[str, Any]:
    asked = {
        # Superset puts its own number of the dataset here as it imports the chart.
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "queries": [{"filters": [], "extras": {}, **query}],
        "form_data": params,
        "result_format": "json",
        "result_type": "full",
    }
    return {
        "slice_name": title,
        "description": view.comment,
        "viz_type": params["viz_type"],
        "params": params,
        "query_context": json.dumps(asked),
        "uuid": _id(readers, "chart", title),
        "version": _VERSION,
        "dataset_uuid": _id(readers, "dataset", view.name),
    }


def _dashboard(
    readers: Readers, lines: Sequence[dict[str, Any]], tables: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    rows = [[*lines[start : start + 2]] for start in range(0, len(lines), 2)]
    rows += [[table] for table in tables]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"], "children": []},
    }
    for number, row in enumerate(rows):
        row_id = f"ROW-{number}"
        position["GRID_ID"]["children"].append(row_id)
        position[row_id] = {
            "type": "ROW",
            "id": row_id,
            "parents": ["ROOT_ID", "GRID_ID"],
            "children": [],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart in row:
            chart_id = f"CHART-{chart['uuid']}"
            position[row_id]["children"].append(chart_id)
            position[chart_id] = {
                "type": "CHART",
                "id": chart_id,
                "parents": ["ROOT_ID", "GRID_ID", row_id],
                "children": [],
                "meta": {
                    # Superset puts its own number of the chart here, found by the UUID.
                    "chartId": 0,
                    "uuid": chart["uuid"],
                    "sliceName": chart["slice_name"],
                    "width": 12 // len(row),
                    "height": 50,
                },
            }
    return {
        "dashboard_title": _TITLES[readers],
        "slug": f"open-lsi-{readers}",
        "uuid": _id(readers, "dashboard"),
        "position": position,
        "metadata": {},
        "version": _VERSION,
        "published": True,
    }
