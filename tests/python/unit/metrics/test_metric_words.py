"""No figure without its words: unit, numerator, denominator, why, direction, owner, definition."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from tiny_project import Tiny

from openlsi.warehouse.metricflow import Metric

WORDS = ("unit", "numerator", "denominator", "why_it_matters", "owner", "definition")


def what_is_missing(metric: Metric) -> Iterable[str]:
    """Tell what a metric must say and does not."""
    if not metric.description.strip() or metric.label == metric.name:
        yield "label and description"
    yield from (word for word in WORDS if not str(metric.meta.get(word, "")).strip())
    if metric.meta.get("good_direction") not in ("up", "down", "neither"):
        yield "good_direction (up, down or neither)"
    if metric.kind == "ratio" and metric.meta.get("denominator") == "none":
        yield "the denominator of a ratio"
    if "Definitions" not in str(metric.meta.get("definition", "")):
        yield "which definition it rests on"


def test_every_metric_says_what_it_is(tiny: Tiny) -> None:
    missing = {metric.name: list(what_is_missing(metric)) for metric in tiny.engine.metrics()}
    assert {name: words for name, words in missing.items() if words} == {}


@pytest.mark.parametrize("word", [*WORDS, "good_direction"])
def test_a_metric_without_a_word_is_refused(tiny: Tiny, word: str) -> None:
    whole = tiny.engine.metrics()[0]
    assert not list(what_is_missing(whole))
    meta = {key: value for key, value in whole.meta.items() if key != word}
    assert list(what_is_missing(Metric("m", "A label", "Told.", "simple", meta)))


def test_labels_are_unique(tiny: Tiny) -> None:
    labels = [metric.label for metric in tiny.engine.metrics()]
    assert len(labels) == len(set(labels))


# One sender tells of all districts at once, so that no district can be later than another.
SENT_AT_ONCE = {"free_school_meals"}


def test_positions_keep_each_districts_own_last_month(tiny: Tiny) -> None:
    manifest = json.loads((tiny.manifests / "semantic_manifest.json").read_text())
    semi_additive = [
        measure
        for model in manifest["semantic_models"]
        if model["name"] not in SENT_AT_ONCE
        for measure in model["measures"]
        if measure.get("non_additive_dimension")
    ]
    assert semi_additive
    for measure in semi_additive:
        assert measure["non_additive_dimension"]["window_groupings"] == ["district"]


def test_no_percentile_is_approximate_and_no_metric_cumulative(tiny: Tiny) -> None:
    """Cumulative SQL is a range join; the year to date is read from a mart instead."""
    manifest = json.loads((tiny.manifests / "semantic_manifest.json").read_text())
    for model in manifest["semantic_models"]:
        for measure in model["measures"]:
            assert not (measure.get("agg_params") or {}).get("use_approximate_percentile")
    assert {metric.kind for metric in tiny.engine.metrics()} <= {"simple", "ratio", "derived"}


DEMANDED = {
    "CTS accrued, of the month and of the year to date": (
        "cts_accrued_gbp", "cts_accrued_fytd_gbp", "cts_recognised_gbp", "cts_recognised_fytd_gbp"),
    "new activity apart from retrospective adjustment": (
        "cts_accrued_change_month_gbp", "cts_retrospective_adjustment_gbp",
        "cts_retrospective_adjustment_change_month_gbp"),
    "caseload, of pension age, of working age, on Universal Credit": (
        "cts_caseload_count", "cts_pension_caseload_count", "cts_working_caseload_count",
        "cts_uc_caseload_count"),
    "average weekly award": ("cts_average_weekly_award_gbp",),
    "CTS per chargeable dwelling": ("cts_per_chargeable_dwelling_gbp",),
    "notional share by who bears it": ("cts_notional_share_gbp", "cts_in_year_share_gbp"),
    "overdue council tax in pounds, accounts and households": (
        "overdue_gbp", "overdue_account_count", "overdue_household_count"),
    "in-year collection rate and what it is made of": (
        "in_year_collection_ratio", "in_year_receipts_gbp", "net_collectable_debit_gbp"),
    "prior-year receipts": ("prior_year_receipts_gbp",),
    "write-offs": ("write_off_gbp",),
    "change on the month": (
        "cts_recognised_change_month_gbp", "cts_caseload_change_month_count",
        "overdue_change_month_gbp"),
    "change on the year": (
        "cts_recognised_change_year_gbp", "cts_recognised_change_year_ratio",
        "cts_caseload_change_year_count", "overdue_change_year_gbp",
        "overdue_household_change_year_count"),
    "official CTS forgone per chargeable dwelling, and Band D": (
        "official_cts_forgone_per_dwelling_gbp", "official_band_d_gbp"),
}  # fmt: skip


@pytest.mark.parametrize("demand", DEMANDED, ids=lambda demand: demand.replace(" ", "_"))
def test_every_figure_that_was_asked_for_is_a_metric(tiny: Tiny, demand: str) -> None:
    figures = {metric.name for metric in tiny.engine.metrics() if not metric.is_control}
    assert set(DEMANDED[demand]) <= figures


def test_every_figure_that_was_asked_for_reaches_disclosure(tiny: Tiny) -> None:
    """Itself, or what it rests on: ratios and changes are worked out from published figures."""
    saved = {name for query in tiny.engine.saved_queries() for name in query.metrics}
    # These are the caseload cut by age group.
    saved |= {"cts_pension_caseload_count", "cts_working_caseload_count"}
    for names in DEMANDED.values():
        for name in names:
            rests_on = tiny.engine.inputs(name)
            assert name in saved or rests_on <= saved, (name, rests_on - saved)
