"""Outcome files: taken whole or refused whole, each fault by its row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from made_positions import TODAY, Made, made, made_links

from openlsi.campaigns.cohort import cohort_files, freeze
from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.outcomes import COLUMNS, record_outcomes, reported
from openlsi.campaigns.register import OUTCOMES, Register
from openlsi.campaigns.tables import campaign_tables

HEAD = ",".join(COLUMNS)


@pytest.fixture
def running(tmp_path: Path) -> tuple[Made, list[str], str]:
    """Return a home with a frozen cohort, the references to contact, and one that is held out."""
    gaps = ({"pension_credit_gap_weekly_gbp": 10} for _ in range(20))
    here = made(tmp_path, *gaps)
    campaign = here.campaign()
    Register.read(here.home).approve(campaign, "Jo Lead", "agreed")
    event = freeze(here.home, here.secure, campaign, here.fields, here.configuration, TODAY, "b1")
    (path,) = cohort_files(here.home, event)
    cohort = pq.read_table(path).to_pylist()
    refs = [row["case_ref"] for row in cohort if row["arm"] == "contact"]
    held = next(row["case_ref"] for row in cohort if row["arm"] == "holdout")
    return here, refs, held


def written(here: Made, *lines: str) -> Path:
    path = here.home.root / "outcomes.csv"
    path.write_text("\n".join((HEAD, *lines)) + "\n", "utf-8")
    return path


def test_the_last_word_on_a_household_counts(running: tuple[Made, list[str], str]) -> None:
    here, (one, other, *_), _ = running
    campaign = here.campaign()
    first = written(here, f"{one},2026-12-02,,,,,,,", f"{other},2026-12-02,,,,,,,")
    record_outcomes(here.home, campaign, first)
    second = written(here, f"{one},2026-12-02,2026-12-09,2026-12-10,2027-01-05,,520.50,,")
    event = record_outcomes(here.home, campaign, second)
    assert (event["rows"], event["stored"]) == (1, "0002.parquet")
    told = {
        row["case_ref"]: row
        for row in reported(here.home, "made_up", Register.read(here.home)).to_pylist()
    }
    assert set(told) == {one, other}
    assert told[one]["annualised_gbp"] == Decimal("520.50")
    assert told[one]["awarded_on"] == date(2027, 1, 5)
    assert told[other]["awarded_on"] is None
    links = made_links(here.home.root / "links", {f"c{n}": f"h{n}" for n in range(20)})
    tables = campaign_tables(here.home, {"made_up": campaign}, links)
    assert tables["campaigns", "cohort"].num_rows == 20
    assert tables["campaigns", "reported_outcome"].num_rows == 2
    (row,) = tables["campaigns", "campaign"].to_pylist()
    assert (row["stage"], row["frozen_build_id"]) == ("running", "b1")


Line = Callable[[str, str], str]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (lambda ref, held: "nobody,2026-12-02,,,,,,,", "row 3, column case_ref: found 'nobody'"),
        (lambda ref, held: f"{held},2026-12-02,,,,,,,", "row 3, column case_ref: .* is held out"),
        (lambda ref, held: f"{ref},,,,,,,,", "row 3, column contacted_on: found ''"),
        (lambda ref, held: f"{ref},2.12.2026,,,,,,,", "row 3, column contacted_on: .* a day such"),
        (lambda ref, held: f"{ref},2026-12-02,2026-12-01,,,,,,", "reached_on: .* before the cont"),
        (
            lambda ref, held: f"{ref},2026-12-02,,,2027-01-01,10,,,",
            "column one_off_gbp: found '10', expected nothing: pounds of made_up are annualised",
        ),
        (lambda ref, held: f"{ref},2026-12-02,,,2027-01-01,,-5,,", "annualised_gbp: found '-5'"),
        (lambda ref, held: f"{ref},2026-12-02,,,2027-01-01,,1.005,,", "annualised_gbp: found '1.0"),
        (lambda ref, held: f"{ref},2026-12-02,,,2027-01-01,,NaN,,", "annualised_gbp: found 'NaN'"),
        (lambda ref, held: f"{ref},2026-12-02,,,,,5,,", "column awarded_on: .* since pounds are"),
        (lambda ref, held: f"{ref},2026-12-02", "row 3: found 2 cells, expected 9"),
        (lambda ref, held: f"{ref},2026-12-02,,,,,,,\n{ref},2026-12-02,,,,,,,", "row 3 has it alr"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(
    running: tuple[Made, list[str], str], line: Line, message: str
) -> None:
    here, (one, other, *_), held = running
    path = written(here, f"{one},2026-12-02,,,,,,,", line(other, held))
    with pytest.raises(CampaignError, match=message):
        record_outcomes(here.home, here.campaign(), path)
    assert Register.read(here.home).of("made_up", OUTCOMES) == []
    assert not (here.home.campaigns / "made_up" / "outcomes").exists()


def test_a_file_that_is_no_table_and_a_campaign_without_a_cohort_are_refused(
    running: tuple[Made, list[str], str], tmp_path: Path
) -> None:
    here, _, _ = running
    path = here.home.root / "outcomes.csv"
    for content, message in (
        (b"case,when\n", "row 1: found case, when, expected case_ref, contacted_on"),
        (b"", "row 1: found nothing"),
        (HEAD.encode(), "holds no row below its head"),
        (b"\xff\xfe", "is not UTF-8 text at byte 0"),
        (HEAD.encode() + b'\n"abc', "no CSV"),
    ):
        path.write_bytes(content)
        with pytest.raises(CampaignError, match=message):
            record_outcomes(here.home, here.campaign(), path)
    with pytest.raises(CampaignError, match="cannot be read"):
        record_outcomes(here.home, here.campaign(), tmp_path / "none.csv")
    other = here.campaign(campaign="not_begun")
    with pytest.raises(CampaignError, match="no cohort is frozen"):
        record_outcomes(here.home, other, path)


def test_recorded_outcomes_that_were_changed_are_refused(
    running: tuple[Made, list[str], str],
) -> None:
    here, (one, *_), _ = running
    record_outcomes(here.home, here.campaign(), written(here, f"{one},2026-12-02,,,,,,,"))
    stored: Any = here.home.campaigns / "made_up" / "outcomes" / "0001.parquet"
    stored.write_bytes(stored.read_bytes() + b" ")
    with pytest.raises(CampaignError, match="is not what was recorded"):
        reported(here.home, "made_up", Register.read(here.home))
