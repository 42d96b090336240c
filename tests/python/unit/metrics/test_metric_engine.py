"""What the metric engine compiles gives the same figures as SQL written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from tiny_project import Tiny

from openlsi.warehouse.metricflow import MetricEngine, MetricError

MONTH = "cast(metric_time__month as date)"


def rows(tiny: Tiny, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(tiny.warehouse), read_only=True) as con:
        return con.execute(f"select * from ({sql}) order by all").fetchall()


BY_HAND = {
    "a flow by month and district": (
        (["cts_recognised_gbp"], ["metric_time__month", "district"]),
        "select month, district_code, sum(recognised_gbp) from marts.fct_cts_month group by all",
    ),
    "a ratio of sums, not a mean of ratios": (
        (["cts_average_weekly_award_gbp"], ["metric_time__month"]),
        "select month, sum(weekly_award_gbp) / sum(household_count) from marts.fct_cts_month "
        "group by all",
    ),
    "a filtered count": (
        (["cts_pension_caseload_count"], ["metric_time__month"]),
        "select month, sum(household_count) from marts.fct_cts_month "
        "where cts_age_group = 'pension' group by all",
    ),
    "a rate of positions to date": (
        (["in_year_collection_ratio"], ["metric_time__month", "district"]),
        "select month, district_code, sum(in_year_receipts_to_date_gbp) / "
        "sum(net_collectable_debit_gbp) from marts.fct_collection where is_current_year "
        "group by all",
    ),
    "accounts with a discount for who lives there, not those of empty homes": (
        (["discounted_account_count"], ["metric_time__month", "district"]),
        "select month, district_code, 40 from marts.fct_overdue_month",
    ),
    "accounts that are exempt": (
        (["exempt_account_count"], ["metric_time__month", "district"]),
        "select month, district_code, 12 from marts.fct_overdue_month",
    ),
    "accounts paid by deductions, said from what or not": (
        (["attachment_account_count"], ["metric_time__month", "district"]),
        "select month, district_code, 15 + 11 from marts.fct_overdue_month",
    ),
    "pounds for each dwelling of the districts that sent": (
        (["cts_per_chargeable_dwelling_gbp"], ["metric_time__month"]),
        "select month, sum(recognised_gbp) / 45000 from marts.fct_cts_month group by all",
    ),
    "an official ratio by authority": (
        (["official_cts_forgone_per_dwelling_gbp"], ["metric_time__month", "district"]),
        "select date '2022-04-01', authority_code, sum(cts_forgone_gbp) / any_value("
        "chargeable_dwellings) from marts.fct_published_cts_forgone "
        "inner join marts.fct_published_dwellings using (authority_code) group by all",
    ),
    "Band D of England weighted by tax base": (
        (["official_band_d_gbp"], ["metric_time__month"]),
        "select make_date(cast(left(financial_year, 4) as integer), 4, 1), "
        "sum(cast(area_band_d_gbp as double) * tax_base) / sum(tax_base) "
        "from marts.fct_published_band_d group by all",
    ),
    "a tier of Band D of one authority as printed": (
        (["official_band_d_county_gbp"], ["metric_time__month", "district"]),
        "select make_date(cast(left(financial_year, 4) as integer), 4, 1), authority_code, "
        "county_band_d_gbp from marts.fct_published_band_d",
    ),
}


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case.replace(" ", "_"))
def test_compiled_sql_equals_hand_sql(tiny: Tiny, case: str) -> None:
    (metrics, group_by), by_hand = BY_HAND[case]
    compiled = tiny.engine.compile(metrics, group_by)
    got = rows(tiny, f"select {MONTH}, * exclude (metric_time__month) from ({compiled})")
    expected = rows(tiny, by_hand)
    assert len(got) == len(expected) > 0
    for mine, theirs in zip(got, expected, strict=True):
        assert mine[:-1] == theirs[:-1]
        assert float(mine[-1]) == pytest.approx(float(theirs[-1]), rel=1e-9)


def test_a_change_on_the_year_compares_with_twelve_months_before(tiny: Tiny) -> None:
    compiled = tiny.engine.compile(["cts_caseload_change_year_count"], ["metric_time__month"])
    got = rows(
        tiny,
        f"select {MONTH}, cts_caseload_change_year_count from ({compiled}) "
        "where cts_caseload_change_year_count is not null",
    )
    expected = rows(
        tiny,
        "with monthly as (select month, sum(household_count) as n from marts.fct_cts_month "
        "group by all) select now.month, now.n - before.n from monthly as now "
        "inner join monthly as before on now.month = before.month + interval 12 month",
    )
    assert got == expected
    assert len(got) == 3


def test_a_late_district_keeps_its_last_month_in_a_position(tiny: Tiny) -> None:
    """Without grouping by district, the one latest month of all would drop Dover's caseload."""
    compiled = tiny.engine.compile(["cts_caseload_count"])
    with duckdb.connect() as con:
        con.execute(f"attach '{tiny.warehouse}' as before (read_only)")
        con.execute("create schema marts")
        con.execute(
            "create table marts.fct_cts_month as select * from before.marts.fct_cts_month "
            "where not (district_code = 'E07000108' and month = date '2026-06-01')"
        )
        (caseload,) = con.execute(compiled).fetchone() or (None,)
    assert caseload == 60 + 40 + 25


def test_filter_order_and_limit_are_kept(tiny: Tiny) -> None:
    compiled = tiny.engine.compile(
        ["cts_caseload_count"],
        ["district__district_name"],
        ["{{ Dimension('district__district_name') }} != 'Ashford'"],
        ["-cts_caseload_count"],
        1,
    )
    with duckdb.connect(str(tiny.warehouse), read_only=True) as con:
        assert con.execute(compiled).fetchall() == [("Canterbury", 40)]


def test_the_sql_names_no_database_so_it_runs_in_any_file(tiny: Tiny) -> None:
    compiled = tiny.engine.compile(["cts_recognised_gbp"], ["district__district_name"])
    assert '"marts"."fct_cts_month"' in compiled
    assert '"memory"' not in compiled


def test_what_is_not_known_is_named(tiny: Tiny) -> None:
    with pytest.raises(MetricError, match="no metric called cts_nonsense"):
        tiny.engine.compile(["cts_nonsense"])
    with pytest.raises(MetricError, match="bearer"):
        tiny.engine.compile(["cts_caseload_count"], ["cts_bearer_month_row__bearer"])


def test_a_missing_or_broken_manifest_is_one_plain_line(tmp_path: Any) -> None:
    with pytest.raises(MetricError, match="no such file"):
        MetricEngine(tmp_path)
    (tmp_path / "semantic_manifest.json").write_text("{")
    with pytest.raises(MetricError, match="not readable as JSON"):
        MetricEngine(tmp_path)


def test_every_metric_and_saved_query_compiles_and_runs(tiny: Tiny) -> None:
    with duckdb.connect(str(tiny.warehouse), read_only=True) as con:
        for metric in tiny.engine.metrics():
            sql = tiny.engine.compile([metric.name], ["metric_time__month"])
            assert con.execute(sql).fetchall(), metric.name
            assert "approx" not in sql.lower()
        for query in tiny.engine.saved_queries():
            assert con.execute(tiny.engine.compile_saved(query)).fetchall(), query.name


def test_each_year_of_an_official_return_keeps_its_own_dwellings(tiny: Tiny) -> None:
    """At the newest year only, every earlier return would be left without its denominator."""
    metric, year = "official_chargeable_dwelling_count", "calendar_month__financial_year"
    compiled = tiny.engine.compile([metric], [year])
    with duckdb.connect() as con:
        con.execute(f"attach '{tiny.warehouse}' as before (read_only)")
        con.execute("create schema marts")
        con.execute("create table marts.dim_month as select * from before.marts.dim_month")
        con.execute(
            "create table marts.fct_published_dwellings as "
            "select * from before.marts.fct_published_dwellings union all by name "
            "select authority_code, '2023-24' as financial_year, chargeable_dwellings + 10 as "
            "chargeable_dwellings from before.marts.fct_published_dwellings"
        )
        got = con.execute(f"select {year}, {metric} from ({compiled}) order by all").fetchall()
    assert got == [("2022-23", 130000), ("2023-24", 130050)]


def test_positions_are_told_from_what_months_add_up_to(tiny: Tiny) -> None:
    positions = ("cts_caseload_count", "cts_average_weekly_award_gbp", "overdue_change_year_gbp")
    assert all(tiny.engine.is_position(name) for name in positions)
    assert not any(tiny.engine.is_position(name) for name in ("cts_accrued_gbp", "write_off_gbp"))


def test_years_changes_and_what_is_of_one_month_are_told_apart(tiny: Tiny) -> None:
    def told(says: Callable[[str], bool]) -> set[str]:
        return {metric.name for metric in tiny.engine.metrics() if says(metric.name)}

    names = {metric.name for metric in tiny.engine.metrics()}
    assert told(tiny.engine.is_yearly) == {name for name in names if name.startswith("official_")}
    assert told(tiny.engine.is_change) == {name for name in names if "_change_" in name}
    assert told(tiny.engine.is_of_one_month) == {"cts_per_chargeable_dwelling_gbp"}


def test_every_metric_can_be_cut_by_district_so_that_a_late_one_is_named(tiny: Tiny) -> None:
    for metric in tiny.engine.metrics():
        assert "district__district_name" in tiny.engine.cuts([metric.name]), metric.name
