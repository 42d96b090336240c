"""Small Evidence projects for the renderer's tests, made in a temporary folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from openlsi.report.errors import ReportError
from openlsi.report.site import Outcome, Request, render_site

FIXTURES = Path(__file__).parents[2] / "fixtures" / "report"
SAMPLE = FIXTURES / "sample"

FEW_ROWS = """
create schema published;
create table published.fruit as
select * from (values
    ('Apple', 'apple', 10.0, null, date '2026-01-01'),
    ('Pear', 'pear', null, 'c', date '2026-02-01'),
    ('Quince', 'quince', 3.5, null, date '2026-03-01')
) as fruit (name, slug, weight, weight_mark, picked_date);
create table published.nothing as select * from published.fruit where false;
"""


def make_database(path: Path, sql: str = FEW_ROWS) -> Path:
    """Write a DuckDB file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'published'"
        ).fetchall()
    for (name,) in names:
        (path.parent / f"{name}.sql").write_text(f"select * from published.{name}\n")
    return path


def make_project(root: Path, files: dict[str, str], sql: str = FEW_ROWS) -> Path:
    """Write a project: its pages by path, with a front page unless one is given."""
    pages = {"pages/index.md": "---\ntitle: Home\n---\n\nHello.\n", **files}
    for name, text in pages.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    source = root / "sources" / "published"
    make_database(source / "data.duckdb", sql)
    (source / "connection.yaml").write_text(
        "name: published\ntype: duckdb\noptions:\n  filename: data.duckdb\n"
    )
    return root


def render(project: Path, out: Path) -> Outcome:
    """Render a project with its own database."""
    return render_site(Request(project, out))


def render_page(tmp_path: Path, page: str, sql: str = FEW_ROWS, **more: str) -> str:
    """Render one page as the front page and return its HTML."""
    project = make_project(tmp_path / "project", {"pages/index.md": page, **more}, sql)
    render(project, tmp_path / "site")
    return (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def refusal(tmp_path: Path, page: str, sql: str = FEW_ROWS, **more: str) -> str:
    """Return the message with which a page is refused."""
    try:
        render_page(tmp_path, page, sql, **more)
    except ReportError as error:
        assert not (tmp_path / "site").exists()
        return str(error)
    raise AssertionError("the page was not refused")


def content_of(html: str) -> str:
    """Return what stands between the frame's parts, with white space evened out."""
    inner = html.split('<div class="content">', 1)[1].split("</main>", 1)[0]
    return " ".join(inner.split())
