"""A dbt project of the real metric files over stand-ins for the marts, parsed once a test run."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from openlsi.warehouse.metricflow import MetricEngine

ROOT = Path(__file__).resolve().parents[4]
METRICS = ROOT / "models" / "metrics"

_MARTS = (
    "dim_district",
    "dim_month",
    "fct_benefit_spend",
    "fct_collection",
    "fct_cts_bearer_month",
    "fct_cts_month",
    "fct_extracts",
    "fct_housing_benefit_month",
    "fct_overdue_month",
    "fct_published_band_d",
    "fct_published_cts_forgone",
    "fct_published_dwellings",
)


@dataclass(frozen=True)
class Tiny:
    """Where the tiny warehouse is; tests that write to it copy it first."""

    warehouse: Path
    manifests: Path
    engine: MetricEngine


def parse(folder: Path) -> Path:
    """Parse the metric files with dbt in `folder`; return the folder of the two manifests."""
    from dbt.cli.main import dbtRunner

    marts = folder / "models" / "marts"
    marts.mkdir(parents=True, exist_ok=True)
    shutil.copytree(METRICS, folder / "models" / "metrics", dirs_exist_ok=True)
    for mart in _MARTS:
        (marts / f"{mart}.sql").write_text("{{ config(schema='marts') }} select 1 as nothing\n")
    macros = folder / "macros"
    shutil.copytree(ROOT / "macros", macros, dirs_exist_ok=True)
    (folder / "dbt_project.yml").write_text(
        yaml.safe_dump(
            {
                "name": "openlsi",
                "version": "0.1.0",
                "profile": "tiny",
                "flags": {"partial_parse": False, "send_anonymous_usage_stats": False},
                "vars": {"build_id": "tiny"},
            }
        )
    )
    (folder / "profiles.yml").write_text(
        yaml.safe_dump(
            {
                "tiny": {
                    "target": "tiny",
                    "outputs": {"tiny": {"type": "duckdb", "path": ":memory:"}},
                }
            }
        )
    )
    arguments = ["--quiet", "parse", "--project-dir", str(folder), "--profiles-dir", str(folder)]
    outcome = dbtRunner().invoke(arguments)
    if not outcome.success:
        raise AssertionError(f"dbt cannot parse the metric files: {outcome.exception}")
    return folder / "target"
