"""A proposal on six households of working age and a pensioner, every figure worked by hand.

Today all have 90% of their council tax. The proposal: 100% below £100 of earnings a week, 50% below
£200, nothing above.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from made_caseload import household, lay_households
from made_proposals import EARNINGS, Model, home_of_dover, modelled_at, scheme

from openlsi.home import Home
from openlsi.proposals.model import Modelled
from openlsi.proposals.options import Terms
from openlsi.proposals.written import as_csv, as_text

HOUSEHOLDS = [
    household(),
    household(weekly_earnings_gbp=150.0, adults=2, has_disability=True, tenure="owner"),
    household(weekly_earnings_gbp=250.0, children=1, has_carer=True, claimant_age=30),
    household(annual_council_tax_gbp=200.0, tenure="private_tenant"),
    household(annual_council_tax_gbp=None),
    household(is_income_known=False, annual_council_tax_gbp=520.0, weekly_award_gbp=5.0),
    household(cts_age_group="pension", weekly_award_gbp=25.0),
]


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    return scheme(tmp_path, "steps", "earnings_bands", 100, EARNINGS)


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Modelled:
    folder = tmp_path_factory.mktemp("by_hand")
    home = home_of_dover(folder / "home")
    lay_households(home, HOUSEHOLDS)
    steps = scheme(folder, "steps", "earnings_bands", 100, EARNINGS)
    return modelled_at(home, steps, terms=Terms(5, 80))


def test_cost_gainers_and_losers(modelled: Modelled) -> None:
    """£1,040 a year at 90% is £936: two lose £416 and £936, one gains £104, one £20."""
    nothing, steps = modelled.options[:2]
    assert nothing["option_name"] == "Do nothing: Dover_now"
    assert (nothing["compared_count"], nothing["cost_gbp"]) == (4, Decimal("2988.00"))
    assert (steps["compared_count"], steps["cost_gbp"]) == (4, Decimal("1760.00"))
    assert steps["change_gbp"] == Decimal("-1228.00")
    assert (steps["gainer_count"], steps["gain_gbp"]) == (1, Decimal("104.00"))
    assert (steps["loser_count"], steps["loss_gbp"]) == (2, Decimal("1352.00"))
    # £20 a year is less than £1 a week.
    assert steps["unchanged_count"] == 1
    assert (steps["awarded_count"], steps["on_maximum_count"]) == (3, 2)


def test_protection_and_collection(modelled: Modelled) -> None:
    """£5 a week is £260: £156 and £676 are made up; a fifth of 2 x £260 is not collected."""
    steps = modelled.options[1]
    assert (steps["protected_count"], steps["protection_gbp"]) == (2, Decimal("832.00"))
    assert steps["uncollected_gbp"] == Decimal("104.00")
    assert steps["net_change_gbp"] == Decimal("-292.00")


def test_without_terms_nothing_is_protected_or_lost(
    home: Home, model: Model, proposal: Path
) -> None:
    lay_households(home, HOUSEHOLDS)
    steps = model(proposal).options[1]
    assert steps["protected_count"] is None
    assert steps["protection_gbp"] is None
    assert steps["uncollected_gbp"] is None
    assert steps["net_change_gbp"] == steps["change_gbp"]


def test_protection_of_nothing_a_week_leaves_no_loss(
    home: Home, model: Model, proposal: Path
) -> None:
    lay_households(home, HOUSEHOLDS)
    steps = model(proposal, terms=Terms(0, 50)).options[1]
    assert steps["protection_gbp"] == Decimal("1352.00")
    assert steps["uncollected_gbp"] == 0
    assert steps["net_change_gbp"] == Decimal("124.00")


def test_each_bearer_has_its_share_and_together_the_whole(modelled: Modelled) -> None:
    borne = {row["bearer"]: row["change_gbp"] for row in modelled.of(modelled.bearers, "steps")}
    assert borne == {
        "county": Decimal("-859.60"),
        "police": Decimal("-147.36"),
        "district": Decimal("-122.80"),
        "fire": Decimal("-49.12"),
        "parish": Decimal("-49.12"),
    }


def test_who_is_not_compared_and_within_which_bounds(modelled: Modelled) -> None:
    """The claim says £20 a week where no account is held: at most £1,040 and £520 more."""
    steps = modelled.options[1]
    assert steps["not_compared_count"] == 2
    assert steps["not_compared_in_payment_gbp"] == Decimal("1196.00")
    assert steps["not_compared_at_maximum_gbp"] == Decimal("1560.00")
    reasons = {
        row["not_compared_reason"]: (row["household_count"], row["in_payment_gbp"])
        for row in modelled.of(modelled.reasons, "steps")
    }
    assert reasons == {
        "council_tax_not_known": (1, Decimal("936.00")),
        "income_not_known": (1, Decimal("260.00")),
    }


def test_whom_it_meets(modelled: Modelled) -> None:
    parts = {
        (row["cut"], row["part"]): (row["gainer_count"], row["loser_count"], row["change_gbp"])
        for row in modelled.of(modelled.groups, "steps")
    }
    assert parts["household_type", "single"] == (1, 0, Decimal("124.00"))
    assert parts["household_type", "couple"] == (0, 1, Decimal("-416.00"))
    assert parts["household_type", "lone_parent"] == (0, 1, Decimal("-936.00"))
    assert parts["tenure", "owner"] == (0, 1, Decimal("-416.00"))
    assert parts["tenure", "private_tenant"] == (0, 0, Decimal("20.00"))
    assert parts["disability", "yes"] == (0, 1, Decimal("-416.00"))
    assert parts["carer", "yes"] == (0, 1, Decimal("-936.00"))
    assert parts["age_band", "25_to_34"] == (0, 1, Decimal("-936.00"))


def test_losses_go_up_by_tenths(modelled: Modelled) -> None:
    losses = [(row["decile"], row["loss_gbp"], row["largest_weekly_gbp"])
              for row in modelled.of(modelled.deciles, "steps")]  # fmt: skip
    assert losses == [
        ("01", Decimal("416.00"), Decimal("8.00")),
        ("02", Decimal("936.00"), Decimal("18.00")),
    ]


def test_pension_age_is_frozen(modelled: Modelled) -> None:
    groups = {row["cts_age_group"]: row for row in modelled.age_groups}
    assert groups["pension"]["in_payment_gbp"] == Decimal("1300.00")
    assert groups["working"]["household_count"] == 6
    assert "Pension age: 1 households with £1,300 a year" in as_text(modelled)


def test_every_option_compares_and_leaves_out_the_whole_caseload(modelled: Modelled) -> None:
    for row in modelled.options:
        assert row["compared_count"] + row["not_compared_count"] == 6
        parts = row["gainer_count"] + row["loser_count"] + row["unchanged_count"]
        assert parts == row["compared_count"]
        assert row["change_gbp"] == row["cost_gbp"] - row["base_cost_gbp"]


def test_what_is_in_payment_may_be_the_base(home: Home, model: Model, proposal: Path) -> None:
    """Four have £18 a week in payment: £936 each, against 1,040, 520, 0 and 200."""
    lay_households(home, HOUSEHOLDS)
    modelled = model(proposal, base="in-payment")
    steps = modelled.options[1]
    assert not modelled.is_estimated_base
    assert steps["base_cost_gbp"] == Decimal("3744.00")
    assert steps["change_gbp"] == Decimal("1760.00") - Decimal("3744.00")
    # The documented scheme still says how far rules are from payments: £936 each but for £180.
    check = modelled.check
    assert check is not None
    assert (check.household_count, check.alike_count) == (4, 3)
    assert (check.estimated_gbp, check.in_payment_gbp) == (2988, 3744)
    assert "as observed" in as_text(modelled)


def test_the_text_says_what_a_decision_paper_must(modelled: Modelled) -> None:
    text = as_text(modelled)
    for words in (
        "not to publish", "11 March 2027", "Second adult reduction", "Sex: no extract tells it",
        "assumed: 2023-24 shares", "no living standards in this generation",
        "nobody loses more than £5 a week", "80% of the council tax",
    ):  # fmt: skip
        assert words in " ".join(text.split())


def test_a_scheme_that_passports_compares_who_has_a_passport(
    home: Home, model: Model, tmp_path: Path
) -> None:
    """Without an income the first band is met; the fund for hardship is said and not counted."""
    lay_households(home, HOUSEHOLDS)
    more = EARNINGS + "passports: {legacy_benefits: true}\nhardship_fund_gbp: 75000\n"
    passporting = model(scheme(tmp_path, "open", "earnings_bands", 100, more))
    reasons = {row["not_compared_reason"] for row in passporting.of(passporting.reasons, "open")}
    assert "income_not_known" not in " ".join(reasons).split()
    said = " ".join(as_text(passporting).split())
    assert "Open: a hardship fund of £75,000 a year is wholly the billing authority's" in said


def test_the_csv_has_every_figure_of_every_option(modelled: Modelled) -> None:
    rows = list(csv.DictReader(StringIO(as_csv(modelled))))
    told = {(r["option"], r["section"], r["part"], r["measure"]): r["value"] for r in rows}
    assert told["steps", "option", "", "change_gbp"] == "-1228.00"
    assert told["steps", "bearer", "county", "change_gbp"] == "-859.60"
    assert told["dartford_2026_27", "group", "tenure / owner", "compared_count"] == "1"
    assert len(told) == len(rows)
    assert {row["note"] for row in rows} == {rows[0]["note"]}
    assert "not to publish" in rows[0]["note"]
