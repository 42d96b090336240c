"""What an outsider knows to add up, from what each published table means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import attacker_councils
import attacker_months
from attacker_bounds import Attacker, Cell
from attacker_months import Key, Row


class Adds(NamedTuple):
    """Rows of one table come to a row of another that is alike in these columns.

    `only` chooses rows of the parts, `there` rows of the totals, by the value of a column;
    `columns` are those that add up, or part → total where they differ: all alike where None.
    """

    parts: str
    total: str
    alike: tuple[str, ...]
    only: Mapping[str, Any] = {}
    there: Mapping[str, Any] = {}
    columns: Mapping[str, str] | Sequence[str] | None = None
    comes_to: Any = "all"


# Of all districts there is a county's figure.
_DISTRICTS = {
    "cts_month": ("month",),
    "cts_age_month": ("month", "age_group"),
    "cts_bearer_month": ("month", "bearer"),
    "cts_forecast_month": ("month",),
    "ct_support": ("month", "age_group"),
    "council_tax_month": ("month",),
    "debt_overlap_month": ("month",),
    "discretionary_month": ("month",),
    "entitlement_month": ("month", "benefit_code"),
    "free_school_meals": ("month",),
    "household_debt_month": ("month", "debt_type"),
    "housing_benefit_month": ("month",),
    "living_standards_flag_month": ("month",),
    "living_standards_index_month": ("month", "scenario"),
    "living_standards_month": ("month",),
    "rent_month": ("month",),
    "scheme_caseload": ("scheme_key",),
    "uc_month": ("month",),
}
# Wards and other homes are all homes of the district.
_WARDS = {
    "council_tax_month": ("month",),
    "cts_month": ("month",),
    "cts_age_month": ("month", "age_group"),
    "entitlement_month": ("month", "benefit_code"),
    "living_standards_month": ("month",),
}
_CLASSES = ("in_crisis", "at_risk", "struggling", "coping")
_OF_OVERDUE = {
    "account_count": "account_count", "owing_account_count": "overdue_account_count",
    "owed_gbp": "overdue_gbp", "household_count": "overdue_household_count",
    "unlinked_account_count": "unlinked_overdue_account_count",
    "unlinked_gbp": "unlinked_overdue_gbp",
}  # fmt: skip
_OF_RENT = {
    "account_count": "account_count", "owing_account_count": "arrears_account_count",
    "owed_gbp": "arrears_gbp", "household_count": "arrears_household_count",
}  # fmt: skip


def _of_each_place(place: str, keys: tuple[str, ...]) -> Iterable[Adds]:
    """Return what is told twice or in parts of the county and of each district alike."""
    month = (*keys, "month")
    debts, standards = f"{place}_household_debt_month", f"{place}_living_standards_month"
    yield Adds(f"{place}_cts_age_month", f"{place}_cts_month", month)
    # What is owed is told by what it is, by who owes it, and by who owes both.
    yield Adds(debts, f"{place}_council_tax_month", month, {"debt_type": "council_tax"},
               columns=_OF_OVERDUE)  # fmt: skip
    yield Adds(debts, f"{place}_rent_month", month, {"debt_type": "rent"}, columns=_OF_RENT)
    for kind in ("council_tax", "rent"):
        yield Adds(debts, f"{place}_debt_overlap_month", month, {"debt_type": kind},
                   columns={"household_count": f"{kind}_household_count"})  # fmt: skip
    # Flags are of all households, and so is every scenario; what is not known stays so.
    flags, index = f"{place}_living_standards_flag_month", f"{place}_living_standards_index_month"
    yield Adds(flags, standards, month, columns=["household_count"])
    yield Adds(index, standards, month, {"scenario": "base"})
    for scenario in ("essentials_lower", "essentials_higher", "band_narrower", "band_wider"):
        same = ["household_count", "known_count"]
        # A band above nought moves nobody into shortfall or out of it.
        same += ["in_crisis_count", "at_risk_count"] if scenario.startswith("band") else []
        yield Adds(index, standards, month, {"scenario": scenario}, columns=same)
    # Dearer essentials put more into crisis, cheaper ones fewer.
    yield Adds(index, standards, month, {"scenario": "essentials_lower"},
               columns=["in_crisis_count"], comes_to="at most")  # fmt: skip
    yield Adds(index, standards, month, {"scenario": "essentials_higher"},
               columns=["in_crisis_count"], comes_to="at least")  # fmt: skip
    # Every scheme is put to the whole working-age caseload of the last month.
    yield Adds(f"{place}_scheme_caseload", f"{place}_cts_age_month", keys,
               there={"age_group": "working", "is_latest": True},
               columns={"household_count": "caseload_count"})  # fmt: skip
    yield Adds(f"{place}_cts_forecast_month", f"{place}_cts_month", month,
               columns={"household_count": "caseload_count"})  # fmt: skip


_OF_THE_COUNTY = (
    Adds("coverage_month", "coverage", ("district_code", "feed")),
    Adds("quarantine_reason", "coverage", ("district_code", "feed")),
    Adds("ward_cts_age_month", "ward_cts_month", ("district_code", "ward_key", "month")),
    Adds("county_debt_age_month", "county_household_debt_month", ("month", "debt_type")),
    Adds("county_debt_stage_month", "county_household_debt_month", ("month", "debt_type")),
    Adds("county_discretionary_fund_month", "county_discretionary_month", ("month",),
         columns=["award_count", "award_gbp"]),
    Adds("county_discretionary_reason_month", "county_discretionary_fund_month",
         ("month", "fund"), columns=["award_count", "award_gbp"]),
    # A quarter is its months together, by fund and by what the award was for.
    Adds("county_discretionary_fund_month", "county_fund_quarter", ("quarter_month", "fund"),
         columns=["award_count", "award_gbp"]),
    *(Adds(f"county_fund_{by}_quarter", "county_fund_quarter", ("quarter_month", "fund"),
           columns=["award_count", "award_gbp"]) for by in ("strand", "reason", "household")),
    Adds("county_fund_reason_quarter", "county_fund_strand_quarter",
         ("quarter_month", "fund", "strand"), columns=["award_count", "award_gbp"]),
    # Campaigns of all districts, and what all of them brought, by who tells it.
    Adds("district_campaign", "county_campaign", ("campaign_key",)),
    Adds("county_campaign", "county_campaign_income", (), there={"outcome_source": "reported"},
         columns=["annualised_gbp", "one_off_gbp", "back_dated_gbp", "lifetime_gbp"]),
    Adds("county_campaign", "county_campaign_income", (), there={"outcome_source": "recognised"},
         columns={"recognised_annualised_gbp": "annualised_gbp",
                  "recognised_one_off_gbp": "one_off_gbp"}),
    Adds("county_living_standards_rural_month", "county_living_standards_month", ("month",)),
    *(Adds("county_shortfall_move_month", "county_living_standards_month", ("month",),
           {"movement": way}, columns={"move_count": f"{way}_count"}) for way in ("entry", "exit")),
    # The return of a district: its bands make the ages, and its ages the year.
    Adds("district_ct_support", "district_ct_support_return",
         ("district_code", "month", "age_group")),
    Adds("district_ct_support_return", "district_cts_reconciliation",
         ("district_code", "financial_year")),
    Adds("district_cts_forecast_month", "county_cts_budget_month", ("month", "gave_budget")),
    Adds("county_cts_budget_month", "county_cts_forecast_month", ("month",)),
    # Whoever bears it, together they bear all of it.
    *(
        Adds(f"{place}_cts_bearer_month", f"{place}_cts_month", (*keys, "month"),
             columns={"notional_share_gbp": "recognised_gbp"})
        for place, keys in (("county", ()), ("district", ("district_code",)),
                            ("new_council", ("place_key",)))
    ),
    # Who is deducted from for two reasons stands in both; an award that was set aside in none.
    Adds("county_uc_deduction_month", "county_uc_month", ("month",),
         columns={"household_count": "deducted_household_count",
                  "deductions_gbp": "deductions_gbp"}, comes_to="at least"),
)  # fmt: skip

# Columns of one row that add up.
_ACROSS = (
    ("recognised_gbp", ("accrued_gbp", "retrospective_adjustment_gbp")),
    ("caseload_count", ("pension_caseload_count", "working_caseload_count")),
    ("known_count", tuple(f"{one}_count" for one in _CLASSES)),
    ("shortfall_count", ("in_crisis_count", "at_risk_count")),
    ("household_count", ("cannot_pay_count", "will_not_pay_count", "cannot_tell_count")),
    ("cannot_pay_count", ("in_crisis_count", "at_risk_count")),
    ("cannot_tell_count", ("margin_too_small_count", "margin_unknown_count",
                           "not_looked_at_count", "protected_count")),
    ("owed_gbp", ("household_owed_gbp", "unlinked_gbp")),
    ("household_owed_gbp", ("cannot_pay_gbp", "will_not_pay_gbp", "cannot_tell_gbp")),
    ("council_tax_household_count", ("council_tax_alone_count", "both_count")),
    ("rent_household_count", ("rent_alone_count", "both_count")),
    ("compared_count", ("claiming_count", "unclaimed_count")),
    ("entitled_count", ("registered_count", "entitled_not_registered_count")),
)  # fmt: skip
# Whole → columns of the row that are parts of it, and nobody is in two of them.
_SHARES = (
    ("caseload_count", ("on_uc_caseload_count",)),
    ("account_count", ("overdue_account_count",)),
    ("account_count", ("arrears_account_count",)),
    ("account_count", ("recovery_account_count",)),
    ("account_count", ("owing_account_count",)),
    ("overdue_account_count", ("unlinked_overdue_account_count",)),
    ("owing_account_count", ("unlinked_account_count",)),
    ("collection_account_count", ("in_year_receipts_account_count",)),
    ("household_count", ("known_count",)),
    # Whoever has left shortfall is not in it.
    ("known_count", ("shortfall_count", "exit_count")),
    ("shortfall_count", ("entry_count",)),
    ("shortfall_count", ("known_vulnerable_count", "newly_hit_count")),
    ("shortfall_count", ("new_to_hardship_count",)),
    ("newly_hit_count", ("new_to_hardship_count",)),
    *(("household_count", (f"{told}_told_count",))
      for told in ("income", "water", "lha", "cap", "deductions", "arrears")),
    ("income_told_count", ("fuel_stressed_count",)),
    ("income_told_count", ("short_of_food_count",)),
    ("water_told_count", ("water_over_lower_count",)),
    ("water_over_lower_count", ("water_over_higher_count",)),
    ("lha_told_count", ("rent_over_lha_count",)),
    ("cap_told_count", ("benefit_capped_count",)),
    ("deductions_told_count", ("over_deductions_cap_count",)),
    ("arrears_told_count", ("in_arrears_count",)),
    ("household_count", ("with_cts_count", "without_cts_count")),
    ("household_count", ("deducted_household_count",)),
    ("household_count", ("assessable_count",)),
    ("assessable_count", ("entitled_count",)),
    ("entitled_count", ("compared_count",)),
    ("claiming_count", ("short_count",)),
    ("household_count", ("compared_count",)),
    ("compared_count", ("awarded_count",)),
    ("compared_count", ("gainer_count", "loser_count")),
    ("uc_pupil_count", ("matched_pupil_count",)),
    ("record_count", ("matched_count",)),
    *(("household_count", (f"{of}_count",)) for of in ("contacted", "applied", "recognised")),
    ("contacted_count", ("reached_count",)),
    ("applied_count", ("awarded_count",)),
    ("awarded_count", ("awarded_soon_count",)),
    ("recognised_count", ("recognised_soon_count",)),
    ("holdout_count", ("holdout_recognised_count",)),
    ("comparison_count", ("comparison_recognised_count",)),
    *(("awarded_count", (f"{of}_count",))
      for of in ("annualised", "one_off", "back_dated", "lifetime")),
    ("household_count", ("disability_count",)),
)  # fmt: skip


def note(attacker: Attacker, councils: Sequence[tuple[str, str, str]]) -> None:
    """Note all that adds up; `councils` are new council, option and member district."""
    for name, alike in _DISTRICTS.items():
        _add_rows(attacker, Adds(f"district_{name}", f"county_{name}", alike))
    for name, alike in _WARDS.items():
        _add_rows(attacker, Adds(f"ward_{name}", f"district_{name}", ("district_code", *alike)))
    for place, keys in (("county", ()), ("district", ("district_code",))):
        for one in _of_each_place(place, keys):
            _add_rows(attacker, one)
    for one in _OF_THE_COUNTY:
        _add_rows(attacker, one)
    for table, rows in attacker.rows.items():
        _note_columns(attacker, table, rows)
    attacker_months.note(attacker)
    attacker_councils.note(attacker, councils)


def _add_rows(attacker: Attacker, one: Adds) -> None:
    groups: dict[Key, list[Key]] = defaultdict(list)
    for key, row in attacker.rows.get(one.parts, {}).items():
        if all(row.get(name) == value for name, value in one.only.items()):
            groups[tuple(row[name] for name in one.alike)].append(key)
    for key, row in attacker.rows.get(one.total, {}).items():
        if any(row.get(name) != value for name, value in one.there.items()):
            continue
        found = groups.get(tuple(row[name] for name in one.alike), [])
        # A scheme's or a scenario's figure that is told again is one part by itself.
        again = one.total.split("_")[0] == one.parts.split("_")[0] and "scheme" in one.parts
        for pieces in [[piece] for piece in found] if again else [found] if found else []:
            for part, total in _pairs(one, row):
                cells = [(one.parts, part, piece) for piece in pieces]
                if (one.total, total, key) in attacker.bounds and all(
                    cell in attacker.bounds for cell in cells
                ):
                    attacker.add_up((one.total, total, key), cells, one.comes_to)


def _pairs(one: Adds, row: Row) -> Iterable[tuple[str, str]]:
    columns = row if one.columns is None else one.columns
    if isinstance(columns, Mapping) and one.columns is not None:
        return columns.items()
    return [(name, name) for name in columns]


def _note_columns(attacker: Attacker, table: str, rows: dict[Key, Row]) -> None:
    for key, row in rows.items():
        for comes_to, sums in (("all", _ACROSS), ("at most", _SHARES)):
            for total, parts in sums:
                cells: list[Cell] = [(table, part, key) for part in parts]
                whole = (table, total, key)
                # What is not held of a row tells nothing of the rest.
                if all(
                    cell in attacker.bounds
                    and (row[cell[1]] is not None or cell in attacker.hidden)
                    for cell in (whole, *cells)
                ):
                    attacker.add_up(whole, cells, comes_to)  # type: ignore[arg-type]
