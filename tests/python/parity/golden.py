"""The real build's pages as they are committed, and what they were made of."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from parity.reading import READER, Part

ROOT = Path(__file__).resolve().parents[3]
REPORTS = ROOT / "reports"
NPM = ROOT / "scripts" / "evidence"
FIXTURE = ROOT / "tests" / "python" / "fixtures" / "evidence"
PUBLICATION = FIXTURE / "publication"
PAGES = FIXTURE / "pages"
MADE_OF = FIXTURE / "made_of.json"
# What of the project the real build reads; site.yaml has what only ours knows.
READ = ("pages", "partials", "queries", "sources", "static", "components")
READ_BESIDES = (".evidence/customization", "evidence.config.yaml")
VERSION = "40.1.8"


def sources(reports: Path = REPORTS) -> dict[str, str]:
    """Return a SHA-256 of every file that decides a page of the real build, by its name."""
    read = [reports / name for name in (*READ, *READ_BESIDES)]
    project = [
        (f"reports/{path.relative_to(reports).as_posix()}", path)
        for root in read
        for path in (root, *root.rglob("*"))
        if path.is_file()
    ]
    data = [(f"publication/{path.name}", path) for path in PUBLICATION.glob("*.parquet")]
    tools = [(path.name, path) for path in (NPM / "package-lock.json", READER)]
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted([*project, *data, *tools])
        if not name.endswith(".duckdb")
    }


def stale(made_of: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return the names of what was changed, added or removed since the real build was made."""
    return sorted(
        name for name in made_of.keys() | now.keys() if made_of.get(name) != now.get(name)
    )


def write(pages: dict[str, list[Part]], made_of: dict[str, str]) -> None:
    """Keep the parts of every page, a row or sentence a line, and what they were made of."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for old in PAGES.glob("*.json"):
        old.unlink()
    for address, parts in pages.items():
        text = json.dumps({"address": address, "parts": parts}, ensure_ascii=False)
        assert json.loads(laid_out(address, parts)) == json.loads(text)
        file_of(address).write_text(laid_out(address, parts), encoding="utf-8")
    told = {"evidence": VERSION, "sources": made_of}
    MADE_OF.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def read() -> dict[str, list[Part]]:
    """Return the parts of every page of the real build, by the page's address."""
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in PAGES.glob("*.json")]
    return {page["address"]: page["parts"] for page in pages}


def made_of() -> dict[str, str]:
    """Return the sources that the committed pages were made of."""
    told: dict[str, str] = json.loads(MADE_OF.read_text(encoding="utf-8"))["sources"]
    return told


def file_of(address: str) -> Path:
    """Return the file of a page: `districts__ashford.json`."""
    return PAGES / f"{address.replace('/', '__') or 'index'}.json"


def laid_out(address: str, parts: list[Part]) -> str:
    """Return a page as JSON in which a difference of one row is one changed line."""
    shown = ",\n".join(_part(part) for part in parts)
    return f'{{"address": {json.dumps(address)}, "parts": [\n{shown}\n]}}\n'


def _part(part: Part) -> str:
    fields = [f"{json.dumps(name)}: {_field(value)}" for name, value in part.items()]
    return f"{{{', '.join(fields)}}}"


def _field(value: Any) -> str:
    if isinstance(value, dict):
        entries = (
            f"{json.dumps(name, ensure_ascii=False)}: {_field(v)}" for name, v in value.items()
        )
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
        return f"[\n  {rows}]"
    return json.dumps(value, ensure_ascii=False)
