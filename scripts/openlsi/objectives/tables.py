"""Objectives and the strategic pack as relations that the warehouse reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from openlsi.home import Home
from openlsi.objectives.figures import Figure
from openlsi.objectives.reading import load_objectives, load_pack

_FIGURE = [
    ("figure_table", pa.string()),
    ("figure_column", pa.string()),
    ("figure_filter", pa.string()),
    ("figure_format", pa.string()),
]
_OBJECTIVES = pa.schema(
    [
        ("objective_key", pa.string()),
        ("objective_number", pa.int32()),
        ("objective_name", pa.string()),
        ("owner", pa.string()),
        ("aim", pa.string()),
        ("target", pa.decimal128(18, 4)),
        ("due_month", pa.date32()),
        ("target_source", pa.string()),
        *_FIGURE,
    ]
)
_PACK = pa.schema(
    [
        ("figure_key", pa.string()),
        ("figure_number", pa.int32()),
        ("section", pa.string()),
        ("figure_name", pa.string()),
        ("better", pa.string()),
        *_FIGURE,
    ]
)


def objective_tables(home: Home) -> dict[tuple[str, str], pa.Table]:
    """Return the source tables of what a county steers by."""
    objectives, source = load_objectives(home)
    return {
        ("configuration", "objective"): pa.Table.from_pylist(
            [
                {
                    "objective_key": one.objective,
                    "objective_number": number,
                    "objective_name": one.name,
                    "owner": one.owner,
                    "aim": one.aim,
                    "target": one.target,
                    "due_month": date.fromisoformat(f"{one.due}-01"),
                    "target_source": source,
                    **_figure(one.figure),
                }
                for number, one in enumerate(objectives, 1)
            ],
            schema=_OBJECTIVES,
        ),
        ("configuration", "strategic_figure"): pa.Table.from_pylist(
            [
                {
                    "figure_key": one.key,
                    "figure_number": number,
                    "section": one.section,
                    "figure_name": one.name,
                    "better": one.better,
                    **_figure(one.figure),
                }
                for number, one in enumerate(load_pack(home), 1)
            ],
            schema=_PACK,
        ),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "figure_table": figure.table,
        "figure_column": figure.column,
        "figure_filter": figure.filter_text,
        "figure_format": figure.format,
    }
