"""The households of a file: what may be said of them, and which of them are impossible."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from openlsi.assess.errors import AssessError

# Strict: true is no number, and a number is no date.
Pounds = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False, strict=True)]
Hours = Annotated[float, Field(ge=0, le=168, allow_inf_nan=False, strict=True)]
# No control character reaches a terminal.
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Rate = Literal["NONE", "LOWER", "MIDDLE", "HIGHER"]
Part = Literal["NONE", "STANDARD", "ENHANCED"]


def _written_day(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("write a date as 1990-01-31")
    return value


Day = Annotated[date, BeforeValidator(_written_day)]


class _Said(BaseModel):
    # A misspelt field would take its default in silence.
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Said):
    """Somebody of the household; a field that is absent means none of it (DEFINITIONS 21)."""

    id: Name
    dob: Day
    gender: Literal["FEMALE", "MALE"] = "MALE"
    employment_income: Pounds = 0
    self_employment_income: Pounds = 0
    hours_worked: Annotated[float, Field(ge=0, le=8784, allow_inf_nan=False, strict=True)] = 0
    state_pension_reported: Pounds = 0
    private_pension_income: Pounds = 0
    childcare_expenses: Pounds = 0
    is_disabled_for_benefits: bool = False
    is_severely_disabled_for_benefits: bool = False
    uc_limited_capability_for_WRA: bool = False  # noqa: N815
    pip_dl_category: Part = "NONE"
    pip_m_category: Part = "NONE"
    dla_sc_category: Rate = "NONE"
    aa_category: Literal["NONE", "LOWER", "HIGHER"] = "NONE"
    care_hours: Hours = 0
    uc_is_in_startup_period: bool = False
    housing_benefit_reported: Pounds = 0
    # Students, severely mentally impaired people, carers who are no relatives (LGFA 1992 Sch 1).
    is_disregarded_for_council_tax: bool = False


class BenefitUnit(_Said):
    """An adult or a couple with their children."""

    id: Name | None = None
    members: Annotated[list[Name], Field(min_length=1)]
    uc_receives_new_claimant_health_element: bool = False
    would_claim_uc: bool = True
    # On Income Support, income-based Jobseeker's Allowance or income-related ESA.
    is_passported: bool = False
    # What is owed to the department and to others, and asked for out of the award.
    uc_deductions_per_month: Pounds = 0


class Dwelling(_Said):
    """The home, its rent and its council tax."""

    id: str | None = None
    region: Literal["SOUTH_EAST", "LONDON"] = "SOUTH_EAST"
    brma: str | None = None
    local_authority: str
    tenure_type: Literal[
        "OWNED_OUTRIGHT",
        "OWNED_WITH_MORTGAGE",
        "RENT_PRIVATELY",
        "RENT_FROM_COUNCIL",
        "RENT_FROM_HA",
    ]
    rent_per_week: Pounds = 0
    service_charge_per_week: Pounds = 0
    council_tax_per_year: Pounds = 0
    # Before discounts; council_tax_per_year is what is due after them.
    gross_council_tax_per_year: Pounds | None = None
    council_tax_band: Literal["A", "B", "C", "D", "E", "F", "G", "H"] | None = None
    savings: Pounds = 0


class Household(_Said):
    """One case of the file."""

    id: Name
    note: str = ""
    people: Annotated[list[Person], Field(min_length=1)]
    benunits: Annotated[list[BenefitUnit], Field(min_length=1)]
    household: Dwelling
    # What an oracle gave for the case, in the files of worked examples; never read.
    expected: Any = None

    def unit_ids(self) -> list[str]:
        """Return each unit's name: its own, or b1, b2 … in order."""
        return [unit.id or f"b{place}" for place, unit in enumerate(self.benunits, start=1)]


@dataclass(frozen=True)
class Known:
    """The places that rates and schemes are held for."""

    brmas: frozenset[str]
    # Each billing authority's name, as SOUTH_HOLLAND, and its ONS code.
    districts: dict[str, str]


@dataclass(frozen=True)
class Read:
    """What a file holds: households to assess, and what is wrong with each other one."""

    households: list[Household]
    refused: dict[str, str]


def read_households(path: Path, known: Known, today: date) -> Read:
    """Read a file of households: an object with `cases`, or a list of them.

    Raises AssessError when the file as a whole cannot be read; a household that is impossible is
    in `refused` with its reason, and the others are there to be assessed.
    """
    households: list[Household] = []
    refused: dict[str, str] = {}
    for place, raw in enumerate(_cases(path), start=1):
        said = raw.get("id") if isinstance(raw, dict) else None
        name = said if isinstance(said, str) and said.isprintable() and said else f"case {place}"
        taken = name in refused or any(household.id == name for household in households)
        named = f"{name} (case {place})" if taken else name
        try:
            household = Household.model_validate(raw)
        except ValidationError as error:
            refused[named] = _first_fault(error)
            continue
        reason = f"the id {name} was there before" if taken else None
        reason = reason or impossible(household, known, today)
        if reason:
            refused[named] = reason
        else:
            households.append(household)
    return Read(households, refused)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; of two words that are the same the last would win in silence."""
    words = Counter(word for word, _ in pairs)
    twice = [word for word, count in words.items() if count > 1]
    if twice:
        raise ValueError(f"{twice[0]!r} stands twice in one object")
    return dict(pairs)


def _cases(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text("utf-8"), object_pairs_hook=_once)
    except OSError as error:
        raise AssessError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise AssessError(f"{path}: not UTF-8 text; save it as UTF-8 JSON") from error
    except json.JSONDecodeError as error:
        raise AssessError(
            f"{path}: line {error.lineno}, column {error.colno}: not JSON ({error.msg})"
        ) from error
    except (RecursionError, ValueError) as error:
        raise AssessError(f"{path}: not readable as JSON: {error}") from error
    cases = content.get("cases") if isinstance(content, dict) else content
    if not isinstance(cases, list) or not cases:
        raise AssessError(
            f'{path}: no households found; write {{"cases": [{{"id": …, "people": …}}]}}'
        )
    return cases


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    place = "".join(
        f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]
    ).lstrip(".")
    found = fault.get("input")
    shown = f", found {found!r}" if isinstance(found, (str, int, float, bool)) else ""
    if fault["type"] == "extra_forbidden":
        return f"{place}: no such field; `lsi assess --explain` lists them"
    if fault["type"] == "missing":
        return f"{place}: missing"
    return f"{place}: {fault['msg'].lower()}{shown}"


def impossible(household: Household, known: Known, today: date) -> str | None:
    """Return why a household cannot be assessed, or None."""
    names = Counter(person.id for person in household.people)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        return f"two people have the id {twice[0]}"
    members = Counter(name for unit in household.benunits for name in unit.members)
    for name, count in members.items():
        if name not in names:
            return f"benefit unit member {name} is not among the people"
        if count > 1:
            return f"benefit unit member {name} is listed twice"
    outside = [name for name in names if name not in members]
    if outside:
        return f"{outside[0]} is in no benefit unit"
    unit_names = Counter(household.unit_ids())
    if max(unit_names.values()) > 1:
        return f"two benefit units have the id {unit_names.most_common(1)[0][0]}"
    return _impossible_people(household, today) or _unknown_place(household.household, known)


def _impossible_people(household: Household, today: date) -> str | None:
    births = {person.id: person.dob for person in household.people}
    childcare = {person.id: person.childcare_expenses for person in household.people}
    for name, born in births.items():
        if born > today:
            return f"{name}: the birth date {born} is in the future"
        if born.year < today.year - 120:
            return f"{name}: the birth date {born} is more than 120 years ago"
    for unit, name in zip(household.benunits, household.unit_ids(), strict=True):
        ages = {member: _age(births[member], today) for member in unit.members}
        if all(age < 16 for age in ages.values()):
            return f"benefit unit {name} has no adult"
        grown = [member for member, age in ages.items() if age >= 20]
        if len(grown) > 2:
            return (
                f"benefit unit {name} has {len(grown)} members of 20 or over; grown-up children are"
                " benefit units of their own"
            )
        spent = [member for member in unit.members if childcare[member]]
        if spent and len(grown) == len(ages):
            return f"{spent[0]}: childcare_expenses in a benefit unit without a child"
    return None


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _unknown_place(dwelling: Dwelling, known: Known) -> str | None:
    is_private = dwelling.tenure_type == "RENT_PRIVATELY"
    if dwelling.brma is None and is_private:
        return "household.brma: missing; a private rent is bounded by the area's allowance"
    if dwelling.brma is not None and dwelling.brma not in known.brmas:
        return f"household.brma: {dwelling.brma} is no broad rental market area with rates"
    if dwelling.local_authority not in known.districts:
        return (
            f"household.local_authority: {dwelling.local_authority} is not known; one of"
            f" {', '.join(sorted(known.districts))}"
        )
    return None
