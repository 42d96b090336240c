"""Rules that the worked households do not reach, each with hand-worked figures and its citation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_households import single

from openlsi.assess.assess import Assessment

Assessed = Callable[[Path, str | None], Assessment]
Figures = dict[str, dict[str, float]]


@pytest.fixture
def of(assessed: Assessed, tmp_path: Path) -> Callable[..., Figures]:
    """Return the figures of one household in one year."""

    def figures(household: dict[str, Any], year: str = "2025-26") -> Figures:
        path = tmp_path / "households.json"
        path.write_text(json.dumps({"cases": [household]}), "utf-8")
        assessment = assessed(path, year)
        assert not assessment.refused
        return assessment.figures[household["id"]][year]

    return figures


def with_others(household: dict[str, Any], *others: dict[str, Any]) -> dict[str, Any]:
    """Add adults, each a benefit unit of its own."""
    household["people"] += others
    household["benunits"] = household["benunits"] + [{"members": [o["id"]]} for o in others]
    return household


PENSIONER = {"dob": "1950-06-15", "state_pension_reported": 9000}


def test_the_health_element_is_split_in_april_2026(of: Callable[..., Figures]) -> None:
    """SI 2013/376 reg 36 as amended: 429.80 x 12 where protected, 217.26 x 12 for a new award."""
    person = {"uc_limited_capability_for_WRA": True}
    new = [{"members": ["a"], "uc_receives_new_claimant_health_element": True}]
    for units, year, pounds in (
        (None, "2026-27", 5157.60), (new, "2026-27", 2607.12), (new, "2025-26", 5079.24),
    ):  # fmt: skip
        changes = {"benunits": units} if units else {}
        figures = of(single(person=person, **changes), year)
        assert figures["uc_disability_elements"]["b1"] == pounds


def test_the_minimum_income_floor_and_the_start_up_period(of: Callable[..., Figures]) -> None:
    """SI 2013/376 reg 62: 35 x 12.21 x 52 = 22,222.20, less tax 1,930.44 and class 4 579.13."""
    floor = of(single(person={"self_employment_income": 5000}))
    assert floor["uc_earned_income"]["b1"] == pytest.approx(19712.63, abs=0.01)
    started = {"self_employment_income": 5000, "uc_is_in_startup_period": True}
    assert of(single(person=started))["uc_earned_income"]["b1"] == 5000


def test_a_couple_has_one_floor_together(of: Callable[..., Figures]) -> None:
    """Reg 62(3): what the partner earns above the own threshold comes off the other's floor.

    The partner earns 40,000, net 40,000 - 5,486 - 2,194.40 + 252 (Marriage Allowance) = 32,571.60
    and the thresholds are 2 x 19,712.63 = 39,425.26: the floor is 6,853.66, above 3,000.
    """
    household = single(person={"self_employment_income": 3000})
    household["people"].append({"id": "b", "dob": "1986-01-01", "employment_income": 40000})
    household["benunits"] = [{"members": ["a", "b"]}]
    assert of(household)["uc_earned_income"]["b1"] == pytest.approx(39425.26, abs=0.02)


def test_a_carer_who_earns_too_much_has_the_element_but_no_allowance(
    of: Callable[..., Figures],
) -> None:
    """SI 1976/409 reg 8: 196 a week in 2025-26 is 10,192 a year; the element has no such limit."""
    figures = of(single(person={"care_hours": 35, "employment_income": 10192}))
    assert figures["uc_unearned_income"]["b1"] == pytest.approx(83.30 * 52)
    figures = of(single(person={"care_hours": 35, "employment_income": 10193}))
    assert figures["uc_unearned_income"]["b1"] == 0
    assert figures["uc_carer_element"]["b1"] == pytest.approx(201.68 * 12)


def test_the_severe_disability_addition_ends_with_an_adult_in_the_home(
    of: Callable[..., Figures],
) -> None:
    """SI 2002/1792 Sch 1 para 1: 82.90 x 52 = 4,310.80 on 227.10 x 52 = 11,809.20, less 9,000."""
    person = {**PENSIONER, "aa_category": "LOWER"}
    assert of(single(person=person))["guarantee_credit"]["b1"] == pytest.approx(7120.00)
    grown = with_others(single(person=person), {"id": "n", "dob": "1990-01-01"})
    assert of(grown)["guarantee_credit"]["b1"] == pytest.approx(2809.20)


def test_a_couple_of_two_ages_has_universal_credit_not_pension_credit(
    of: Callable[..., Figures],
) -> None:
    """State Pension Credit Act 2002 s4(1A): the younger of 60 makes it Universal Credit."""
    household = single(person={"dob": "1957-06-15", "state_pension_reported": 9000})
    household["people"].append({"id": "b", "dob": "1965-06-15"})
    household["benunits"] = [{"members": ["a", "b"]}]
    figures = of(household)
    assert figures["pension_credit"]["b1"] == 0
    # 628.10 x 12 + 120 x 52 - 9,000
    assert figures["universal_credit"]["b1"] == pytest.approx(4777.20)
    # On Universal Credit neither is a pensioner of the prescribed scheme (SI 2012/2885 reg 3).
    assert figures["council_tax_reduction"]["h"] == 0


@pytest.mark.parametrize(
    ("gross", "hours", "weekly"),
    [(9000, 20, 5.00), (13831, 20, 5.00), (13832, 20, 10.20), (24076, 20, 12.80),
     (30004, 20, 15.35), (30004, 15, 5.00)],
)  # fmt: skip
def test_non_dependant_deductions_of_the_prescribed_scheme(
    of: Callable[..., Figures], gross: float, hours: float, weekly: float
) -> None:
    """SI 2012/2885 Sch 1 para 8 in 2025-26: steps at 266, 463 and 577 a week from 16 hours."""
    earner = {
        "id": "n", "dob": "1990-01-01", "employment_income": gross, "hours_worked": hours * 52,
    }  # fmt: skip
    figures = of(with_others(single(person=PENSIONER), earner))
    assert figures["council_tax_reduction"]["h"] == pytest.approx(1900 - weekly * 52)
    exempt = of(with_others(single(person={**PENSIONER, "aa_category": "LOWER"}), earner))
    assert exempt["council_tax_reduction"]["h"] == 1900


def test_the_child_benefit_charge_takes_whole_pounds(of: Callable[..., Figures]) -> None:
    """ITEPA 2003 s681C: 65,100 is 25 whole steps of 200 above 60,000; 25% of 1,354 is 338."""
    household = single(person={"employment_income": 65100})
    household["people"].append({"id": "c", "dob": "2015-01-01"})
    household["benunits"] = [{"members": ["a", "c"]}]
    figures = of(household)
    assert figures["child_benefit"]["b1"] == pytest.approx(1354.60)
    assert figures["child_benefit_less_tax_charge"]["b1"] == pytest.approx(1016.60)


def test_winter_fuel_is_repaid_above_35000(of: Callable[..., Figures]) -> None:
    """ITEPA 2003 s681I: income of 35,001 in 2025-26 pays the 200 back; in 2024-25 there is none."""
    person = {"dob": "1950-06-15", "state_pension_reported": 9000, "private_pension_income": 26001}
    taxed = (35001 - 12570) * 0.2
    figures = of(single(person=person))
    assert figures["winter_fuel_allowance"]["h"] == 200
    assert figures["income_tax"]["a"] == pytest.approx(taxed + 200)
    figures = of(single(person=person), "2024-25")
    assert figures["winter_fuel_allowance"]["h"] == 0
    assert figures["income_tax"]["a"] == pytest.approx(taxed)


@pytest.mark.parametrize(
    ("capital", "monthly"), [(6000, 0), (6001, 4.35), (6250, 4.35), (16000, 174.0)]
)
def test_capital_gives_income_up_to_its_limit(
    of: Callable[..., Figures], capital: float, monthly: float
) -> None:
    """SI 2013/376 reg 72: 4.35 for each 250 or part of it above 6,000."""
    figures = of(single(household={"savings": capital}))
    assert figures["uc_unearned_income"]["b1"] == pytest.approx(monthly * 12)
    assert of(single(household={"savings": 16000.01}))["universal_credit"]["b1"] == 0


def test_the_benefit_cap_ends_with_sixteen_hours_at_the_living_wage(
    of: Callable[..., Figures],
) -> None:
    """SI 2013/376 reg 82: 16 x 12.21 x 52 = 10,158.72 a year.

    Just below, 400.14 x 12 + 300 x 52 - 0.55 x 10,158 = 14,814.78 is 61.78 above 14,753.
    """
    rent = {"tenure_type": "RENT_FROM_HA", "rent_per_week": 300}
    below = of(single(person={"employment_income": 10158}, household=rent))
    assert below["uc_benefit_cap_reduction"]["b1"] == pytest.approx(61.78)
    above = of(single(person={"employment_income": 10159}, household=rent))
    assert above["uc_benefit_cap_reduction"]["b1"] == 0
    workless = of(single(household=rent))
    assert workless["universal_credit"]["b1"] == 14753
    disabled = of(single(person={"pip_m_category": "STANDARD"}, household=rent))
    assert disabled["uc_benefit_cap_reduction"]["b1"] == 0


def test_rooms_of_children(of: Callable[..., Figures]) -> None:
    """SI 2013/376 Sch 4 para 10: brother 12 and sister 11 need two rooms, so three bedrooms."""
    household = single(household={"tenure_type": "RENT_PRIVATELY", "rent_per_week": 400})
    household["people"] += [
        {"id": "c1", "dob": "2013-01-01"}, {"id": "c2", "dob": "2014-01-01", "gender": "FEMALE"},
    ]  # fmt: skip
    household["benunits"] = [{"members": ["a", "c1", "c2"]}]
    assert of(household)["uc_housing_costs_element"]["b1"] == 1200 * 12
    household["people"][2]["gender"] = "MALE"
    assert of(household)["uc_housing_costs_element"]["b1"] == 905 * 12


def test_healthy_start_is_for_children_under_four_on_low_earnings(
    of: Callable[..., Figures],
) -> None:
    """SI 2005/3262: 8.50 a week under one, 4.25 from one to three; 408 a month of earnings."""
    household = single()
    household["people"] += [
        {"id": "c1", "dob": "2025-03-01"}, {"id": "c2", "dob": "2022-03-01"},
        {"id": "c3", "dob": "2021-03-01"},
    ]  # fmt: skip
    household["benunits"] = [{"members": ["a", "c1", "c2", "c3"]}]
    assert of(household)["healthy_start"]["b1"] == pytest.approx((8.50 + 4.25) * 52)
    household["people"][0]["employment_income"] = 408 * 12 + 1
    assert of(household)["healthy_start"]["b1"] == 0


GROWN = {"dob": "1990-01-01", "hours_worked": 1560}


def test_a_non_dependant_couple_has_one_deduction_by_its_income_together(
    of: Callable[..., Figures],
) -> None:
    """SI 2006/214 reg 55(3) and (4): 15,000 and nothing are 288 a week: 62.00 is taken."""
    household = single(person={**PENSIONER, "private_pension_income": 9000})
    household["people"] += [
        {"id": "n", "employment_income": 15000, **GROWN}, {"id": "m", "dob": "1991-01-01"},
    ]  # fmt: skip
    household["benunits"].append({"members": ["n", "m"]})
    alone = of(single(person={**PENSIONER, "private_pension_income": 9000}))
    assert alone["housing_benefit"]["b1"] - of(household)["housing_benefit"]["b1"] == pytest.approx(
        62.00 * 52
    )


def test_no_deduction_is_made_for_a_non_dependant_on_pension_credit(
    of: Callable[..., Figures],
) -> None:
    """SI 2006/214 reg 55; SI 2012/2885 Sch 1 para 8(8)(a); SI 2013/376 Sch 4 para 16(2)."""
    parent = {"id": "n", "dob": "1955-01-01", "state_pension_reported": 9000}
    figures = of(with_others(single(person={**PENSIONER, "dob": "1940-01-01"}), parent))
    assert figures["pension_credit"]["b2"] > 0
    assert (figures["housing_benefit"]["b1"], figures["council_tax_reduction"]["h"]) == (6240, 1900)


def test_there_is_no_floor_for_somebody_of_pension_age(of: Callable[..., Figures]) -> None:
    """SI 2013/376 reg 62(1): it needs work-related requirements, which end at pension age."""
    person = {"dob": "1955-01-01", "self_employment_income": 5000, "state_pension_reported": 9000}
    household = single(person=person)
    household["people"].append({"id": "b", "dob": "1965-06-15"})
    household["benunits"] = [{"members": ["a", "b"]}]
    assert of(household)["uc_earned_income"]["b1"] == 5000


def test_which_of_two_carers_is_named_first_makes_no_difference(
    of: Callable[..., Figures],
) -> None:
    """SI 2013/376 reg 29(4): the element is of the partner who has none for health."""
    found = []
    for order in (["a", "b"], ["b", "a"]):
        household = single(person={"care_hours": 35, "uc_limited_capability_for_WRA": True})
        household["people"].append({"id": "b", "dob": "1986-01-01", "care_hours": 35})
        household["benunits"] = [{"members": order}]
        found.append(of(household))
    assert found[0]["universal_credit"] == found[1]["universal_credit"]
    assert found[0]["uc_carer_element"]["b1"] == pytest.approx(201.68 * 12)


def test_who_else_lives_there_for_the_severe_disability_addition(
    of: Callable[..., Figures],
) -> None:
    """SI 2002/1792 Sch 1 paras 1 and 2: 82.90 a week unless somebody of 18 or over lives there who
    has no such benefit themselves.
    """
    person = {**PENSIONER, "aa_category": "LOWER"}
    for other, added in (
        ({"id": "n", "dob": "1990-01-01"}, 0),
        ({"id": "n", "dob": "1990-01-01", "pip_dl_category": "STANDARD"}, 82.90 * 52),
        ({"id": "n", "dob": "2008-06-01"}, 82.90 * 52),
    ):
        figures = of(with_others(single(person=person), other))
        assert figures["guarantee_credit"]["b1"] == pytest.approx(2809.20 + added), other


def test_a_childs_own_award_gives_the_addition(of: Callable[..., Figures]) -> None:
    """SI 2013/376 reg 24(2): the highest rate of care gives 495.87, any other 158.76 a month."""
    for rate, monthly in (("HIGHER", 495.87), ("LOWER", 158.76), ("NONE", 0)):
        household = single()
        household["people"].append({"id": "c", "dob": "2015-01-01", "dla_sc_category": rate})
        household["benunits"] = [{"members": ["a", "c"]}]
        assert of(household)["uc_disability_elements"]["b1"] == pytest.approx(monthly * 12)


def test_a_child_of_a_grown_up_child_has_a_room(of: Callable[..., Figures]) -> None:
    """SI 2013/376 Sch 4 paras 9 and 10: with a daughter and her child of 5 three rooms, 1,200 a
    month, less her contribution of 93.02.
    """
    household = single(household={"tenure_type": "RENT_PRIVATELY", "rent_per_week": 400})
    household["people"] += [
        {"id": "n", **GROWN, "dob": "2001-01-01"},
        {"id": "c", "dob": "2020-01-01"},
    ]
    household["benunits"].append({"members": ["n", "c"]})
    assert of(household)["uc_housing_costs_element"]["b1"] == pytest.approx((1200 - 93.02) * 12)


def test_the_discount_is_for_who_pays_the_bill(of: Callable[..., Figures]) -> None:
    """SI 2022/772 reg 2(5): an owner who earns 90,000 has none for a grown-up child on benefits."""
    owner = single(person={"employment_income": 90000}, household={"tenure_type": "OWNED_OUTRIGHT"})
    assert of(with_others(owner, {"id": "n", "dob": "2000-01-01"}))["warm_home_discount"]["h"] == 0


def test_a_home_of_a_london_borough_is_under_its_cap(of: Callable[..., Figures]) -> None:
    home = {"local_authority": "CAMDEN", "rent_per_week": 400}
    assert of(single(household=home))["universal_credit"]["b1"] == 16967


def test_childcare_counts_whether_it_stands_with_the_parent_or_the_child(
    of: Callable[..., Figures],
) -> None:
    """SI 2013/376 reg 34: 85% of what the benefit unit pays, 2,400 a year; without work nothing."""
    child = {"id": "c", "dob": "2020-01-01"}
    for parent, other, pounds in (
        ({"employment_income": 9000, "childcare_expenses": 2400}, {}, 2040),
        ({"employment_income": 9000}, {"childcare_expenses": 2400}, 2040),
        ({"childcare_expenses": 2400}, {}, 0),
    ):
        household = single(person=parent)
        household["people"].append({**child, **other})
        household["benunits"] = [{"members": ["a", "c"]}]
        assert of(household)["uc_childcare_element"]["b1"] == pounds


def test_deductions_are_held_to_a_share_of_the_standard_allowance(
    of: Callable[..., Figures],
) -> None:
    """SI 2013/380 Sch 6: 25% of 393.45 x 12 in 2024-25, 15% of 400.14 x 12 in 2025-26."""
    for asked, year, pounds in (
        (200, "2024-25", 1180.35), (200, "2025-26", 720.25), (20, "2025-26", 240.00),
    ):  # fmt: skip
        units = [{"members": ["a"], "uc_deductions_per_month": asked}]
        assert of(single(benunits=units), year)["uc_deductions"]["b1"] == pounds


def test_service_charges_are_met_with_a_social_rent(of: Callable[..., Figures]) -> None:
    """SI 2013/376 Sch 1 para 7: (100 + 12) x 52."""
    home = {"tenure_type": "RENT_FROM_COUNCIL", "rent_per_week": 100, "service_charge_per_week": 12}
    figures = of(single(household=home))
    assert figures["uc_housing_costs_element"]["b1"] == 5824.00


def test_a_discount_follows_from_how_many_adults_count(of: Callable[..., Figures]) -> None:
    """LGFA 1992 s11: a quarter for one, half for none, nothing for two or of what is not told."""
    gross = {"gross_council_tax_per_year": 2000}
    student = {"is_disregarded_for_council_tax": True}
    other = {"id": "b", "dob": "1990-01-01"}
    for household, pounds in (
        (single(household=gross), 500),
        (single(person=student, household=gross), 1000),
        (with_others(single(household=gross), other), 0),
        (with_others(single(household=gross), {**other, **student}), 500),
        (single(), None),
    ):
        assert of(household)["council_tax_discount"]["h"] == pounds


def test_low_income_of_another_adult_gives_the_alternative_reduction(
    of: Callable[..., Figures],
) -> None:
    """SI 2012/2885 Sch 3: 15% below 276 a week in 2025-26, 7.5% below 358, 25% on PC."""
    pensioner = {"dob": "1950-06-15", "state_pension_reported": 30000}
    for other, year, pounds in (
        ({"dob": "1990-01-01", "employment_income": 200 * 52}, "2025-26", 285.00),
        ({"dob": "1990-01-01", "employment_income": 276 * 52}, "2025-26", 142.50),
        ({"dob": "1990-01-01", "employment_income": 276 * 52}, "2023-24", 142.50),
        ({"dob": "1990-01-01", "employment_income": 244 * 52 - 60}, "2023-24", 285.00),
        ({"dob": "1990-01-01", "employment_income": 358 * 52}, "2025-26", 0),
        ({"dob": "1948-01-01", "state_pension_reported": 5000}, "2025-26", 475.00),
    ):  # fmt: skip
        household = with_others(single(person=pensioner), {"id": "b", **other})
        # Who is liable is the eldest: here always the first.
        if other["dob"] < pensioner["dob"]:
            household["people"][0]["dob"] = "1947-01-01"
        assert of(household, year)["council_tax_second_adult_reduction"]["h"] == pounds
    alone = single(person=pensioner)
    assert of(alone)["council_tax_second_adult_reduction"]["h"] == 0
    young = with_others(single(), {"id": "b", "dob": "1990-01-01"})
    assert of(young)["council_tax_second_adult_reduction"]["h"] == 0
