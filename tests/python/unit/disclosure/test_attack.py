"""An independent attacker reads all published tables of counties where most cells are small.

What is published may leave a hidden count no fewer than three values, must not tell hidden pounds
to a tenth, and no average, rate or change may tell more than the figures beside it.
"""

from __future__ import annotations

from pathlib import Path

import attacked_county
import attacker
import duckdb
import exact_figures
import pytest

from openlsi.disclosure import protect, publishing
from openlsi.disclosure.spec import DisclosureError

# Bands of schemes are no figures of people; proposals, objectives and headlines stand only in a
# county's configuration, and the last two repeat what other tables show.
WITHOUT_ROWS = {
    "scheme_band", "living_standards_yardstick", "objective_month", "strategic_figure",
    "scheme_proposal_bearer", "scheme_proposal_option", "scheme_proposal_part",
}  # fmt: skip


@pytest.mark.parametrize("released", ["a", "b"], indirect=True)
@pytest.mark.parametrize("least", [0, 1])
def test_the_published_tables_of_a_small_county_withstand_the_attack(
    released: duckdb.DuckDBPyConnection, least: int
) -> None:
    reader = attacker.attack(released, least)
    assert list(reader.claims()) == []
    assert list(attacker.beyond_what_is_shown(reader)) == []
    # Nor is that because there was nothing to find, or nothing left to see.
    assert len(reader.hidden) > 8000
    assert len(reader.bounds) - len(reader.hidden) > 7000
    assert len(reader.sums) > 8000
    tables = {table for table, rows in reader.rows.items() if rows}
    assert set(reader.rows) - tables <= WITHOUT_ROWS
    assert len({cell[0] for cell in reader.hidden}) > len(tables) * 0.6
    assert len({cell[0] for cell in set(reader.bounds) - reader.hidden}) > len(tables) * 0.9


@pytest.mark.parametrize("released", ["a", "b"], indirect=True)
def test_the_attacker_s_bounds_hold_the_truth(
    released: duckdb.DuckDBPyConnection,
) -> None:
    """An attacker who is wrong about what is not hidden proves nothing by finding nothing."""
    reader = attacker.attack(released, least=0)
    seen = 0
    for cell, figure in exact_figures.exact(released):
        if cell in reader.bounds and cell[2] in reader.rows[cell[0]]:
            low, high = reader.bounds[cell]
            # Shares and forecasts are rounded to the penny before they are added up.
            far = 0 if cell[1].endswith("_count") else 1
            assert low - far <= figure <= high + far, (cell, figure, low, high)
            seen += cell in reader.hidden
    assert seen > 8000


# Each by itself shown as if nobody had thought of hiding more of it than what is small.
OVERLOOKED = (
    "county_cts_budget_month", "district_cts_forecast_month", "district_entitlement_month",
    "district_household_debt_month", "district_living_standards_index_month",
    "district_living_standards_month", "new_council_cts_age_month", "new_council_cts_bearer_month",
    "new_council_cts_month", "ward_council_tax_month", "ward_entitlement_month",
    "ward_living_standards_month",
)  # fmt: skip


@pytest.mark.parametrize("table", OVERLOOKED)
def test_a_table_in_which_nothing_more_is_hidden_is_found(
    released: duckdb.DuckDBPyConnection, table: str
) -> None:
    assert exact_figures.show(released, table) > 5
    assert list(attacker.attack(released).claims())


def hiding_nothing_more(*_: object) -> int:
    return 0


def test_turning_off_secondary_suppression_is_found_and_refused(
    released: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protect, "hide_more", hiding_nothing_more)
    with pytest.raises(DisclosureError, match="published cells would give a hidden one away"):
        attacked_county.release(released, tmp_path)
    schemas = released.execute("select schema_name from duckdb_schemas()").fetchall()
    assert ("published",) not in schemas
    monkeypatch.setattr(publishing, "_refuse_leaks", lambda *_: None)
    attacked_county.release(released, tmp_path)
    assert {found.how for found in attacker.finds(released)} >= {"sums of pounds"}


PLANTED = {
    "an average of exact figures": (
        "update published.county_cts_month as shown set average_weekly_award_gbp = "
        "cast(round(cts_weekly_award_gbp / cts_caseload_count) as bigint) "
        "from metrics.county_cts_month as exact where exact.metric_time__month = shown.month",
        "average_weekly_award_gbp is not of what is shown",
    ),
    "a rate of exact counts": (
        "update published.county_cts_month as shown set on_uc_share_ratio = "
        "round(cts_uc_caseload_count / cts_caseload_count, 4) "
        "from metrics.county_cts_month as exact where exact.metric_time__month = shown.month",
        "on_uc_share_ratio is not of what is shown",
    ),
    "a change of exact counts": (
        "update published.county_cts_month as shown set caseload_change_month_count = "
        "now.cts_caseload_count - before.cts_caseload_count from metrics.county_cts_month as now, "
        "metrics.county_cts_month as before where now.metric_time__month = shown.month "
        "and before.metric_time__month = shown.month - interval 1 month",
        "not of what is shown",
    ),
    "a rate shown though its count is hidden": (
        "update published.district_cts_month set caseload_per_dwelling_ratio = 0.02, "
        "caseload_per_dwelling_ratio_mark = null where caseload_count_mark = 'c'",
        "shown without caseload_count or chargeable_dwelling_count",
    ),
}


@pytest.mark.parametrize("leak", PLANTED, ids=lambda leak: leak.replace(" ", "_"))
def test_a_planted_leak_is_found(released: duckdb.DuckDBPyConnection, leak: str) -> None:
    statement, how = PLANTED[leak]
    released.execute(statement)
    assert how in {found.how for found in attacker.finds(released)}


def test_an_exact_average_would_have_told_an_exact_count(
    released: duckdb.DuckDBPyConnection,
) -> None:
    """Why averages are of published figures: £150 each of £9,000 is sixty and no other number."""
    released.execute(
        "update published.county_council_tax_month as shown set overdue_per_account_gbp = "
        "cast(round(exact.overdue_gbp / exact.overdue_account_count) as bigint) "
        "from metrics.county_council_tax_month as exact "
        "where exact.metric_time__month = shown.month"
    )
    truth = dict(
        released.execute(
            "select metric_time__month, overdue_account_count from metrics.county_council_tax_month"
        ).fetchall()
    )
    told = [
        found
        for found in attacker.finds(released)
        if found.cell[1] == "overdue_account_count" and found.high - found.low < 3
    ]
    assert told
    for found in told:
        assert found.low <= truth[found.cell[2][0]] <= found.high
