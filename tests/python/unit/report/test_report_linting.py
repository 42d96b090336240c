"""Planted faults: page SQL that computes is refused, page SQL that selects is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import make_project

from openlsi.report.errors import Place, ReportError
from openlsi.report.fences import Query
from openlsi.report.linting import lint_query
from openlsi.report.site import check_project

PLAIN = [
    "select * from published.a",
    "select a, b as c from published.a where d = 'x' and e > 3 order by f desc limit 10",
    "select a.x, b.y from published.a inner join published.b on a.k = b.k and a.m = b.m",
    "select a.x from published.a left join published.b using (k)",
    "select * from ${other} where slug = '${params.slug}'",
    "select '/districts/' || slug as link from published.a",
    "select case when is_own then name else 'Other' end as who from published.a",
    "select coalesce(a, 'none') as a, upper(b) as b from published.a",
    "with kept as (select * from published.a where x) select * from kept",
    "select * from published.a where k in ('a', 'b') and m between '2026-01-01' and '2026-02-01'",
    "select * from published.a where name like 'A%' and v is not null",
    "select * from published.a where k in (select k from published.b where is_peer)",
    "select strftime(month, '%b %Y') as label, cast(n as integer) as n from published.a",
    "select 1 as n, a from published.a union all select 2 as n, b from published.b order by n",
    "select weight * 100 as weight_pct100 from published.a",
]

COMPUTING = [
    ("select sum(x) as x from published.a", "an aggregate (sum)"),
    ("select count(*) as n from published.a", "an aggregate (count)"),
    ("select max(month) as m from published.a", "an aggregate (max)"),
    ("select median(x) as m from published.a", "an aggregate"),
    ("select quantile_cont(x, 0.5) as m from published.a", "an aggregate"),
    ("select arg_max(x, y) as m from published.a", "max"),
    ("select string_agg(x, ',') as m from published.a", "an aggregate"),
    ("select list(x) as m from published.a", "an aggregate"),
    ("select a, rank() over (order by b) as r from published.a", "a window function"),
    ("select lag(x) over (order by m) as p from published.a", "a window function"),
    ("select a from published.a group by a", "GROUP BY"),
    ("select a from published.a group by all", "GROUP BY"),
    ("select distinct a from published.a", "DISTINCT"),
    ("select a / b as r from published.a", "arithmetic between columns"),
    ("select a - b as d from published.a", "arithmetic between columns"),
    ("select round(100 * a / b, 1) as r from published.a", "arithmetic between columns"),
    ("select a from published.a where a + b > 3", "arithmetic between columns"),
    ("select a from published.a order by a * b", "arithmetic between columns"),
    ("select a - (select b from published.c) as d from published.a", "arithmetic between columns"),
    ("select a from published.a union select a from published.b", "a set operation"),
    ("select a from published.a except select a from published.b", "a set operation"),
    ("select a from published.a union all select sum(a) from published.b", "an aggregate"),
    ("select a from published.a except select a from published.b", "a set operation"),
    ("select a from published.a, published.b", "a join without keys"),
    ("select a from published.a cross join published.b", "a join without keys"),
    ("select a from published.a join published.b on a.x > b.x", "a join that is not on keys"),
    ("select a from published.a join published.b on a.k = b.k or a.m = b.m", "not on keys"),
    ("select a from published.a qualify row_number() over (order by a) = 1", "QUALIFY"),
    ("pivot published.a on b using sum(c)", "must be one SELECT"),
    ("select a from read_csv('x.csv')", "read_csv"),
    ("select a from published.a using sample 10", "a sample"),
    ("select unnest(a) as b from published.a", "not known to be plain"),
    ("select add(a, b) as c from published.a", "not known to be plain"),
    ("select greatest(a, b) as c from published.a", "not known to be plain"),
]


def query(sql: str) -> Query:
    return Query("q", sql, Place("pages/x.md", 10))


@pytest.mark.parametrize("sql", PLAIN)
def test_plain_sql_passes(sql: str) -> None:
    lint_query(query(sql))


@pytest.mark.parametrize(("sql", "problem"), COMPUTING, ids=[case[0] for case in COMPUTING])
def test_sql_that_computes_is_refused(sql: str, problem: str) -> None:
    with pytest.raises(ReportError) as caught:
        lint_query(query(sql))
    assert problem.lower() in str(caught.value).lower()


def test_the_message_names_the_line_of_the_fault() -> None:
    with pytest.raises(ReportError) as caught:
        lint_query(query("select\n  name,\n  cost / dwellings as r\nfrom published.a"))
    assert str(caught.value).startswith("pages/x.md:12: ")


@pytest.mark.parametrize("sql", ["drop table a", "select 1; select 2", "attach 'x'", "selec 1 fro"])
def test_anything_but_one_select_is_refused(sql: str) -> None:
    with pytest.raises(ReportError):
        lint_query(query(sql))


def test_a_project_is_linted_when_its_site_asks_for_plain_sql(tmp_path: Path) -> None:
    page = "```sql q\nselect sum(weight) as w from published.fruit\n```\n\n{q[0].w}\n"
    free = make_project(tmp_path / "free", {"pages/a.md": page})
    assert len(check_project(free).pages) == 2
    plain = make_project(tmp_path / "plain", {"pages/a.md": page, "site.yaml": "page_sql: plain\n"})
    with pytest.raises(ReportError, match=r"pages/a.md:2: query 'q' holds an aggregate"):
        check_project(plain)
