"""Made-up objectives of the demo county, so that their page has something to show."""

from __future__ import annotations

from typing import Any

import yaml

from openlsi.home import Home
from openlsi.synthesis.plan import Plan

SOURCE = "Made up for the demonstration; no committee agreed to them"
_MARK = f"# {SOURCE}.\n"


def write_objectives(home: Home, plan: Plan) -> None:
    """Write `config/objectives.yml`, unless the county has one of its own there."""
    path = home.config / "objectives.yml"
    if path.exists() and not path.read_text("utf-8").startswith(_MARK):
        return
    last = max(month.first for month in plan.extract_months)
    year = last.year + 1 if last.month > 3 else last.year
    told = {"source": SOURCE, "objectives": [one | {"due": f"{year}-03"} for one in _OBJECTIVES]}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _MARK + yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _entitlement(benefit: str, column: str) -> dict[str, Any]:
    return {
        "table": "county_entitlement_month",
        "column": column,
        "where": {"benefit_code": benefit},
    }


_OBJECTIVES: list[dict[str, Any]] = [
    {
        "objective": "pension_credit_take_up",
        "name": "Pensioners who are due Pension Credit claim it",
        "owner": "Welfare and debt advice lead",
        "figure": _entitlement("pc", "take_up_ratio"),
        "aim": "at_least",
        "target": 0.7,
    },
    {
        "objective": "support_on_universal_credit",
        "name": "Households on Universal Credit that asked about support have it",
        "owner": "Revenues and benefits lead",
        "figure": {"table": "county_uc_month", "column": "without_cts_count"},
        "aim": "at_most",
        "target": 500,
    },
    {
        "objective": "households_in_crisis",
        "name": "Fewer households in crisis",
        "owner": "Director of public health",
        "figure": {"table": "county_living_standards_month", "column": "in_crisis_count"},
        "aim": "at_most",
        "target": 2500,
    },
    {
        "objective": "meals_registered",
        "name": "Entitled pupils are registered for free school meals",
        "owner": "Education entitlements lead",
        "figure": {"table": "county_free_school_meals", "column": "entitled_not_registered_ratio"},
        "aim": "at_most",
        "target": 0.05,
    },
    {
        "objective": "council_tax_collected",
        "name": "Council tax is collected in its year",
        "owner": "Revenues and benefits lead",
        "figure": {"table": "county_council_tax_month", "column": "in_year_collection_ratio"},
        "aim": "at_least",
        "target": 0.65,
    },
    {
        "objective": "campaigns_evaluated",
        "name": "Campaigns are evaluated",
        "owner": "Strategic board",
        "figure": {
            "table": "campaign_stage",
            "column": "reached_count",
            "where": {"stage": "evaluated"},
        },
        "aim": "at_least",
        "target": 3,
    },
    {
        "objective": "pounds_brought",
        "name": "Pounds paid once that campaigns bring residents",
        "owner": "Strategic board",
        "figure": {
            "table": "county_campaign_income",
            "column": "one_off_gbp",
            "where": {"outcome_source": "reported"},
        },
        "aim": "at_least",
        "target": 250000,
    },
]
