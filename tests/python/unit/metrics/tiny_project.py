"""A dbt project of the real metric files over stand-ins for the marts, parsed once a test run."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from openlsi.warehouse.metricflow import MetricEngine

ROOT = Path(__file__).resolve().parents[4]
METRICS = ROOT / "models" / "metrics"


def mart_names() -> list[str]:
    """Return every mart that a metric file, or a model beside it, reads."""
    texts = [path.read_text(encoding="utf-8") for path in METRICS.iterdir()]
    named = {name for text in texts for name in re.findall(r"ref\([\"']([a-z_]+)[\"']\)", text)}
    return sorted(named - {path.stem for path in METRICS.glob("*.sql")})


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
    for mart in mart_names():
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
