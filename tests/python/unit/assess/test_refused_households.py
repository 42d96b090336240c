"""An impossible household is named with its reason; the others are assessed all the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_households import single

from openlsi.assess.assess import Assessment
from openlsi.assess.errors import AssessError

Assessed = Callable[[Path, str | None], Assessment]

CHILD = {"id": "a", "dob": "2015-01-01"}
OTHER = {"id": "b", "dob": "1980-01-01"}


def with_people(*people: dict[str, Any]) -> dict[str, Any]:
    return {**single(), "people": list(people)}


def without(part: str) -> dict[str, Any]:
    return {name: value for name, value in single().items() if name != part}


ADULT = single()["people"][0]


@pytest.mark.parametrize(
    ("household", "reason"),
    [
        (with_people(CHILD), "benefit unit b1 has no adult"),
        (single(person={"dob": "2027-01-01"}), "a: the birth date 2027-01-01 is in the future"),
        (single(person={"dob": "1899-01-01"}), "more than 120 years ago"),
        (single(person={"dob": "31/12/1980"}), "people[1].dob: "),
        (single(household={"rent_per_week": -1}), "household.rent_per_week: input should be gre"),
        (single(household={"brma": "KENT"}), "KENT is no broad rental market area"),
        (
            single(household={"brma": None, "tenure_type": "RENT_PRIVATELY"}),
            "household.brma: missing",
        ),
        (single(household={"local_authority": "KENTSHIRE"}), "KENTSHIRE is not known"),
        (single(household={"tenure_type": "SQUAT"}), "household.tenure_type: "),
        (single(benunits=[{"members": ["a", "a"]}]), "benefit unit member a is listed twice"),
        (single(benunits=[{"members": ["a"]}, {"members": ["a"]}]), "member a is listed twice"),
        (single(benunits=[{"members": ["a", "z"]}]), "member z is not among the people"),
        (single(benunits=[{"members": []}]), "benunits[1].members: "),
        (with_people(ADULT, OTHER), "b is in no benefit unit"),
        (with_people(ADULT, {**OTHER, "id": "a"}), "two people have the id a"),
        (single(person={"salary": 1}), "people[1].salary: no such field; `lsi assess --explain`"),
        (single(person={"employment_income": float("inf")}), "people[1].employment_income: "),
        (single(person={"is_disabled_for_benefits": "perhaps"}), "is_disabled_for_benefits: "),
        (without("household"), "household: missing"),
        ("text", "input should be a valid dictionary"),
        (single(person={"dob": 631152000}), "people[1].dob: "),
        (single(person={"employment_income": True}), "people[1].employment_income: "),
        (single(person={"childcare_expenses": 100}), "a: childcare_expenses in a benefit unit wi"),
        (single(id="a\x1b[31m"), "id: "),
        (single(id=""), "id: "),
        (
            {
                **with_people(ADULT, OTHER, {"id": "c", "dob": "1999-01-01"}),
                "benunits": [{"members": ["a", "b", "c"]}],
            },
            "benefit unit b1 has 3 members of 20 or over",
        ),
    ],
)  # fmt: skip
def test_an_impossible_household_is_named_and_the_others_are_assessed(
    assessed: Assessed, tmp_path: Path, household: Any, reason: str
) -> None:
    path = tmp_path / "households.json"
    good = {**single(), "id": "good"}
    path.write_text(json.dumps({"cases": [household, good]}), "utf-8")
    assessment = assessed(path, "2025-26")
    assert len(assessment.refused) == 1
    assert reason in next(iter(assessment.refused.values()))
    assert list(assessment.figures) == ["good"]
    assert assessment.figures["good"]["2025-26"]["universal_credit"]["b1"] > 0


def test_two_households_with_one_id_are_not_mixed(assessed: Assessed, tmp_path: Path) -> None:
    path = tmp_path / "households.json"
    path.write_text(json.dumps([single(), single(person={"dob": "2003-01-01"})]), "utf-8")
    assessment = assessed(path, "2025-26")
    assert list(assessment.refused.values()) == ["the id one was there before"]
    assert assessment.figures["one"]["2025-26"]["uc_standard_allowance"]["b1"] == 4801.68


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"cases": [', "line 1, column 12: not JSON"),
        (b'{"cases": []}', "no households found"),
        (b'{"households": [1]}', "no households found"),
        (b"3", "no households found"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b'{"cases": [], "cases": [1]}', "'cases' stands twice in one object"),
        (b"[" * 200_000, "not readable as JSON"),
        (b"[" + b"9" * 5001 + b"]", "not readable as JSON"),
    ],
)
def test_a_file_that_holds_no_households_is_refused(
    assessed: Assessed, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "households.json"
    path.write_bytes(content)
    with pytest.raises(AssessError, match=message) as refusal:
        assessed(path, "2025-26")
    assert str(path) in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(assessed: Assessed, tmp_path: Path) -> None:
    with pytest.raises(AssessError, match="cannot be read"):
        assessed(tmp_path / "none.json", None)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(part=st.sampled_from(["person", "household"]), field=st.data(), value=_JSON)
def test_whatever_stands_in_a_field_is_assessed_or_named(
    assessed: Assessed, tmp_path: Path, part: str, field: st.DataObject, value: Any
) -> None:
    fields = {
        "person": ["dob", "employment_income", "care_hours", "gender", "id", "aa_category"],
        "household": ["brma", "tenure_type", "rent_per_week", "savings", "local_authority"],
    }
    name = field.draw(st.sampled_from(fields[part]))
    path = tmp_path / "households.json"
    path.write_text(json.dumps([single(**{part: {name: value}})]), "utf-8")
    assessment = assessed(path, "2025-26")
    assert (len(assessment.refused), len(assessment.figures)) in {(1, 0), (0, 1)}
