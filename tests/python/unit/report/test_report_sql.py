"""Chaining, and parameters that cannot end their quotes."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import content_of, make_project, refusal, render, render_page

from openlsi.report.errors import Place, ReportError
from openlsi.report.fences import Query
from openlsi.report.sql import chain, fill, holes

HERE = Place("pages/index.md", 3)


def query(name: str, sql: str) -> Query:
    return Query(name, sql, HERE)


def test_chaining_puts_the_other_query_in_brackets() -> None:
    queries = {
        "a": query("a", "select 1 as n;"),
        "b": query("b", "select * from ${a}"),
        "c": query("c", "select * from ${b} as b"),
    }
    assert chain(queries["c"], queries) == "select * from (select * from (select 1 as n)) as b"


def test_a_circle_is_refused() -> None:
    queries = {"a": query("a", "select * from ${b}"), "b": query("b", "select * from ${a}")}
    with pytest.raises(ReportError, match="circle"):
        chain(queries["a"], queries)


def test_an_unknown_query_is_refused_with_its_line_and_the_nearest_name() -> None:
    queries = {"first": query("first", "select 1"), "b": query("b", "select *\nfrom ${frist}")}
    with pytest.raises(ReportError, match=r"pages/index.md:4: .*nearest name is 'first'"):
        chain(queries["b"], queries)


@pytest.mark.parametrize("value", ["o'clock", "' or 1=1 --", "''", "\\'", "'; drop table x; --"])
def test_a_value_in_quotes_stays_a_value(value: str) -> None:
    import duckdb

    sql = fill("select '${params.p}' as v", query("q", ""), lambda code: value)
    assert duckdb.sql(sql).fetchall() == [(value,)]


def test_text_outside_quotes_is_refused_and_a_number_is_not() -> None:
    assert fill("select ${n}", query("q", ""), lambda code: "-3.5") == "select -3.5"
    with pytest.raises(ReportError, match="put it in single quotes"):
        fill("select ${n}", query("q", ""), lambda code: "1 or 1=1")


def test_quotes_are_told_apart_even_after_an_escaped_one_and_in_comments() -> None:
    found = holes("select 'it''s ${a}' -- don't ${no}\n, ${b}", query("q", ""))
    assert [(hole.code, hole.in_quotes) for hole in found] == [("a", True), ("b", False)]


def test_a_query_file_is_known_by_its_path_in_lower_case(tmp_path: Path) -> None:
    page = "---\nqueries:\n  - sub/All.sql\n---\n\n{sub_all.length} and {sub_all[0].name}\n"
    html = render_page(
        tmp_path,
        page,
        **{
            "queries/sub/All.sql": "select * from ${base} order by name",
            "queries/base.sql": "select * from published.fruit",
        },
    )
    assert "<p>3 and Apple</p>" in content_of(html)


def test_a_query_cannot_reach_files(tmp_path: Path) -> None:
    page = "```sql q\nselect * from read_csv('/etc/passwd')\n```\n\n{q.length}\n"
    assert "query 'q' failed" in refusal(tmp_path, page)


def test_two_statements_are_no_query(tmp_path: Path) -> None:
    page = "```sql q\nselect 1 as a; select 2 as a\n```\n\n{q.length}\n"
    assert "pages/index.md:2: query 'q' failed" in refusal(tmp_path, page)


def test_equal_queries_on_two_pages_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openlsi.report.database import Database

    ran: list[str] = []
    original = Database._run
    monkeypatch.setattr(
        Database, "_run", lambda self, sql, *rest: ran.append(sql) or original(self, sql, *rest)
    )
    fence = "```sql q\nselect name from published.fruit\n```\n\n{q.length}\n"
    project = make_project(tmp_path / "p", {"pages/index.md": fence, "pages/b.md": fence})
    render(project, tmp_path / "out")
    assert len(ran) == 1
