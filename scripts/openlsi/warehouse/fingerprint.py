"""What a step's result depends on, as one hash: equal fingerprints mean there is nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "metricflow")


def _package_folder() -> Path:
    return Path(__file__).resolve().parents[1]


def code_hash(folders: Iterable[str]) -> str:
    """Return one SHA-256 over the Python and YAML files of the package's named folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((_package_folder() / folder).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".yml", ".csv"}:
                digest.update(str(path.relative_to(_package_folder())).encode() + b"\0")
                digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def package_versions() -> dict[str, str]:
    """Return the versions of the engines whose answers the build stores."""
    return {name: version(name) for name in _PACKAGES}


def fingerprint(**inputs: object) -> str:
    """Return a SHA-256 over the named inputs, whatever their order."""
    text = json.dumps(inputs, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
