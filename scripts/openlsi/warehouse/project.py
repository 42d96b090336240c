"""Where the dbt project is, and what of it decides the result of a build."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from openlsi.warehouse.errors import WarehouseError

# Folders and files of the project whose content can change a number.
_DECIDING = ("models", "macros", "seeds", "tests", "dbt_project.yml", "profiles.yml")
_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md"}


def project_directory() -> Path:
    """Return the folder that holds `dbt_project.yml`.

    LSI_PROJECT names it; else it is the working folder, else the checkout the package runs from.
    """
    named = os.environ.get("LSI_PROJECT")
    candidates = [Path(named)] if named else [Path.cwd(), Path(__file__).resolve().parents[3]]
    for candidate in candidates:
        if (candidate / "dbt_project.yml").is_file():
            return candidate.resolve()
    raise WarehouseError(
        f"no dbt_project.yml in {' or '.join(str(path) for path in candidates)};"
        " run from the project's folder or set LSI_PROJECT to it"
    )


def _files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in _SUFFIXES and "python" not in path.parts:
            yield path


def project_hash(project: Path) -> str:
    """Return one SHA-256 over every project file that can change a number."""
    digest = hashlib.sha256()
    for name in _DECIDING:
        for path in _files(project / name):
            digest.update(str(path.relative_to(project)).encode())
            digest.update(b"\0")
            digest.update(path.read_bytes())
            digest.update(b"\0")
    return digest.hexdigest()
