"""Who is in a campaign, who is left out, and a cohort that nobody can change afterwards."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from made_positions import ASHFORD, DOVER, TODAY, Made, made

from openlsi.campaigns.cohort import choosing, cohort_files, freeze
from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.preview import preview
from openlsi.campaigns.register import Register
from openlsi.campaigns.words import preview_words

GAP = "pension_credit_gap_weekly_gbp"


def chosen(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int, int, float]]:
    """Return of each district who is marked, contacted and left to contact, and a year's pounds."""
    told = con.execute("""
        select district_code, count(*) filter (left_out = 'marked'),
            count(*) filter (left_out = 'contacted'), count(*) filter (left_out is null),
            coalesce(sum(expected_gbp) filter (left_out is null), 0)::double
        from chosen where is_here group by district_code
    """).fetchall()
    return {
        code: (marked, contacted, left, pounds) for code, marked, contacted, left, pounds in told
    }


def fixed(here: Made, campaign: Campaign, today: Any = TODAY) -> dict[str, Any]:
    Register.read(here.home).approve(campaign, "Jo Lead", "agreed")
    return freeze(
        here.home, here.secure, campaign, here.fields, here.configuration, today, "b1"
    )  # fmt: skip


def rows(here: Made, event: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        row for path in cohort_files(here.home, event) for row in pq.read_table(path).to_pylist()
    ]


def test_who_is_marked_or_was_contacted_is_left_out_and_counted(tmp_path: Path) -> None:
    here = made(
        tmp_path,
        {GAP: 10}, {GAP: 20}, {GAP: 5}, {GAP: 30, "is_deceased": True},
        {GAP: 30, "has_opted_out_of_contact": True}, {GAP: 40, "district_code": DOVER},
    )  # fmt: skip
    campaign = here.campaign()
    told = (here.home, here.secure, campaign, here.fields, here.configuration, TODAY)
    with choosing(*told) as con:
        assert chosen(con) == {ASHFORD: (2, 0, 2, 1560), DOVER: (0, 0, 1, 2080)}
    marked = here.campaign(
        campaign="all_of_them",
        holdout_pct=0,
        exclude={"but_not": {"deceased": "The estate is owed it"}},
    )
    assert fixed(here, marked)["cohorts"]["ashford"]["contact"] == 3
    with choosing(*told) as con:
        assert chosen(con) == {ASHFORD: (2, 2, 0, 0), DOVER: (0, 1, 0, 0)}
    later = (*told[:-1], TODAY + timedelta(days=180))
    with choosing(*later) as con:
        assert chosen(con) == {ASHFORD: (2, 0, 2, 1560), DOVER: (0, 0, 1, 2080)}


def test_a_cohort_is_frozen_once_and_only_as_it_was_approved(tmp_path: Path) -> None:
    here = made(tmp_path, *({GAP: 10} for _ in range(50)))
    campaign = here.campaign()
    told = (here.home, here.secure, campaign, here.fields, here.configuration, TODAY, "b1")
    with pytest.raises(CampaignError, match="nobody has approved it; `lsi campaign approve"):
        freeze(*told)
    Register.read(here.home).approve(campaign, "Jo Lead", "agreed")
    changed = here.campaign(cost_gbp=101)
    with pytest.raises(CampaignError, match="changed after Jo Lead approved it"):
        freeze(*told[:2], changed, *told[3:])
    event = freeze(*told)
    with pytest.raises(CampaignError, match=r"frozen since .* with build b1"):
        freeze(*told)
    with pytest.raises(CampaignError, match="nothing left to approve"):
        Register.read(here.home).approve(campaign, "Jo Lead", "again")
    cohort = rows(here, event)
    assert [row["arm"] for row in cohort].count("holdout") == 10
    assert len({row["case_ref"] for row in cohort}) == 50
    assert all(row["expected_gbp"] == 520 for row in cohort)
    assert Register.read(here.home).stage("made_up") == "running"


def test_who_is_held_out_follows_from_the_seed_and_not_from_the_order_of_rows(
    tmp_path: Path,
) -> None:
    import hashlib

    here = made(tmp_path, *({GAP: 10} for _ in range(20)), {GAP: 9, "district_code": DOVER})
    event = fixed(here, here.campaign())
    cohort = rows(here, event)
    keys = sorted(
        (row["household_key"] for row in cohort if row["district_code"] == ASHFORD),
        key=lambda key: hashlib.sha256((event["seed"] + key).encode()).hexdigest(),
    )
    held = {row["household_key"] for row in cohort if row["arm"] == "holdout"}
    assert held == set(keys[:4])


def test_a_cohort_that_was_changed_is_refused(tmp_path: Path) -> None:
    here = made(tmp_path, *({GAP: 10} for _ in range(20)))
    event = fixed(here, here.campaign())
    (path,) = cohort_files(here.home, event)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CampaignError, match="is not the cohort that was frozen"):
        cohort_files(here.home, event)


def test_an_empty_cohort_is_not_frozen_and_a_register_that_was_edited_is_refused(
    tmp_path: Path,
) -> None:
    here = made(tmp_path, {GAP: 1})
    with pytest.raises(CampaignError, match="nobody is in it today"):
        fixed(here, here.campaign())
    assert not (here.home.campaigns / "made_up").exists()
    path = here.home.campaigns / "register.jsonl"
    path.write_text(path.read_text("utf-8").replace("Jo Lead", "Al Lead"), "utf-8")
    with pytest.raises(CampaignError, match="line 1: the chain of hashes breaks"):
        Register.read(here.home)


@pytest.mark.parametrize(("count", "shown"), [(9, False), (20, True)])
def test_a_preview_hides_a_small_cohort_in_one_plain_line(
    tmp_path: Path, count: int, shown: bool
) -> None:
    here = made(tmp_path, *({GAP: 10} for _ in range(count)))
    campaign = here.campaign()
    found = preview(here.home, here.secure, campaign, here.fields, here.configuration, TODAY)
    assert (found.county["target_count"] == count) is shown
    lines = list(preview_words(campaign, found))
    assert lines[0].startswith("made_up: fewer than ten households") is not shown
    assert any(str(count) in line.split() for line in lines) is shown


def test_a_preview_gives_no_small_district_away(tmp_path: Path) -> None:
    here = made(
        tmp_path, *({GAP: 10} for _ in range(40)), *({GAP: 10, "district_code": DOVER},) * 3
    )
    campaign = here.campaign()
    found = preview(here.home, here.secure, campaign, here.fields, here.configuration, TODAY)
    assert found.districts["Dover"]["target_count"] == "[c]"
    assert found.districts["Ashford"]["target_count"] == "[c]"
    assert found.county["target_count"] == 45


def test_without_a_build_nobody_is_looked_for(tmp_path: Path) -> None:
    here = made(tmp_path)
    here.secure.unlink()
    with pytest.raises(CampaignError, match="no build yet"):
        preview(here.home, here.secure, here.campaign(), here.fields, here.configuration, TODAY)
