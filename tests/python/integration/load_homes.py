"""Homes to load in: their configuration, the command as a user runs it, and what it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from openlsi.config.county import default_file
from openlsi.extract.chain import Ledger
from openlsi.extract.landing import is_extract_id
from openlsi.home import Home

# What differs between two loads of the same bytes, and only that.
_TIMES_AND_CHAIN = ("loaded_at", "refused_at", "hash", "keyed_hash", "previous_hash", "sequence")


@dataclass(frozen=True)
class Ran:
    """What one run of the command said."""

    code: int
    lines: list[str]
    said: str


def lsi_load(home: Home, *arguments: str) -> Ran:
    """Run `lsi load` in a process of its own; return its exit code and lines on stderr."""
    ran = subprocess.run(
        [sys.executable, "-c", "from openlsi.cli import main; main()", "load", *arguments],
        env=os.environ | {"LSI_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(ran.returncode, ran.stderr.splitlines(), ran.stdout)


def set_limits(home: Home, **loading: object) -> None:
    """Write limits.yml of a home."""
    home.config.mkdir(parents=True, exist_ok=True)
    (home.config / "limits.yml").write_text(yaml.safe_dump({"loading": loading}))


def configure_districts(home: Home, **fields: Any) -> None:
    """Write districts.yml of a home: the shipped one, with fields added to each district."""
    content = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    for district in [*content["districts"], *content["services"]]:
        district |= {name: value for name, value in fields.items() if value is not None}
    home.config.mkdir(parents=True, exist_ok=True)
    (home.config / "districts.yml").write_text(yaml.safe_dump(content))


def ledger_content(home: Home) -> list[dict[str, Any]]:
    """Return the ledger's events without times and chain, in an order of their own."""
    entries = [
        {name: value for name, value in entry.items() if name not in _TIMES_AND_CHAIN}
        for entry in Ledger.read(home).entries
    ]
    return sorted(entries, key=repr)


def parquet_content(root: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every parquet file under a folder, by its path there."""
    return {
        str(path.relative_to(root)): duckdb.sql(
            f"select * from read_parquet('{path}', hive_partitioning = false) order by all"
        ).fetchall()
        for path in sorted(root.rglob("*.parquet"))
    }


def no_strays(home: Home) -> bool:
    """Say whether every file of landing, quarantine and vault belongs to an accepted extract."""
    committed = {entry["extract_id"] for entry in Ledger.read(home).accepted()}
    left = [
        path
        for folder in (home.landing, home.quarantine, home.vault)
        for path in folder.rglob("*")
        if path.is_file() and not (is_extract_id(path.stem) and path.stem in committed)
    ]
    return left == []


def rows_and_pounds_add_up(event: dict[str, Any]) -> bool:
    """Say whether a ledger event accounts for each physical row and for the pounds of its rows."""
    rows = event["accepted_rows"] + event["quarantined_rows"] + event["structural_rows"]
    reasons = sum((Decimal(one["gbp"]) for one in event["quarantine_reasons"]), Decimal(0))
    return bool(rows == event["physical_rows"] and reasons == Decimal(event["quarantined_gbp"]))
