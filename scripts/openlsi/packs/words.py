"""Codes of the marts in the words that officers read, and texts made safe to show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# Control characters, and those that turn the direction of what stands beside them: a name must not
# read as something that it is not.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
_LONGEST = 300

BENEFITS = {
    "pc": "Pension Credit",
    "cts": "Council Tax Support",
    "hb": "Housing Benefit",
    "uc": "Universal Credit",
    "ctd": "Council tax discount",
    "cb": "Child Benefit",
    "fsm": "Free school meals",
    "hs": "Healthy Start",
    "whd": "Warm Home Discount",
    "wfp": "Winter Fuel Payment",
}
# The column of `fct_household_gaps` that has the pounds a week of each benefit.
GAPS = {
    "pc": "pension_credit_gap_weekly_gbp",
    "cts": "council_tax_support_gap_weekly_gbp",
    "hb": "housing_benefit_gap_weekly_gbp",
    "uc": "universal_credit_gap_weekly_gbp",
    "ctd": "council_tax_discount_gap_weekly_gbp",
}
MISSING = {
    "unclaimed": "The rules come to an award and nothing is in payment",
    "less_in_payment": "Over a pound a week less is in payment than the rules come to",
}
SETTLED = {
    "as_estimated": "In payment as the rules come to",
    "more_in_payment": "More is in payment than the rules come to",
    "not_entitled": "The rules come to nothing",
}
NOT_TOLD = {
    "payment_not_held": "No extract tells whether it is paid",
    "amount_not_held": "It is in payment; no extract tells how much",
    "people_not_known": "Who lives in the household is not told",
    "rent_not_known": "The rent is not told",
    "income_not_known": "The income is not told",
    "capital_not_known": "Savings are not told",
    "council_tax_not_known": "The council tax of the home is not told",
    "scheme_not_documented": "The district's scheme for working age is not documented here",
    "interest_not_told": "Whether support was refused is not told",
    "suspended": "The claim is suspended",
    "taken_as_paid": "Taken to be right as it is paid, since what it rests on is not told",
    "other_award_in_payment": "An award that it would replace is in payment",
    "paid_at_earlier_rates": "The last award was worked out at the rates before these",
}
SIGNS = {"+": "added", "-": "taken off", "=": "comes to", "i": "for information"}
SURE = {
    "observed": "Every input is told",
    "some_assumed": "Some inputs are assumed",
    "not_assessable": "An input is not told",
}
ABILITY = {
    "cannot_pay": "Cannot pay",
    "will_not_pay": "Could pay",
    "cannot_tell": "Cannot be told",
}
ABILITY_WHY = {
    "protected": "a marker of death, breathing space or insolvency comes first",
    "not_looked_at": "no means-tested benefit, so income is not told",
    "margin_unknown": "income or housing cost is not told",
    "in_crisis": "in crisis",
    "at_risk": "at risk",
    "margin_covers": "what is left would clear all that is owed within the set months",
    "margin_too_small": "what is left would not clear all that is owed within the set months",
}
CLASSES = {
    "in_crisis": "In crisis",
    "at_risk": "At risk",
    "struggling": "Struggling",
    "coping": "Coping",
    "unknown": "Unknown",
}
ROLES = {"lead": "Claims or is liable", "partner": "Partner"}
REPORTED = {
    "contacted_on": "contacted",
    "reached_on": "reached",
    "applied_on": "applied",
    "awarded_on": "awarded",
    "one_off_gbp": "paid once",
    "annualised_gbp": "a year",
    "lifetime_gbp": "over a lifetime",
    "back_dated_gbp": "back-dated",
}


def printable(text: str) -> str:
    """Return a text without control characters and without what turns its direction."""
    return _UNPRINTABLE.sub("\ufffd", text)


def clean(value: Any) -> str:
    """Return a text without what could hide or turn it round, and not without end."""
    text = printable(str(value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def pounds(value: Decimal | float | None) -> str:
    """Return pounds and pence, or a dash where nothing is told."""
    if value is None:
        return "–"
    return f"−£{-value:,.2f}" if value < 0 else f"£{value:,.2f}"


def month(value: date | None) -> str:
    """Return a month such as `May 2024`."""
    return f"{value:%B %Y}" if value else "–"


def day(value: date | datetime | str | None) -> str:
    """Return a day such as `5 May 2024`."""
    if value is None:
        return "–"
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{when.day} {when:%B %Y}"


def said(code: str | None, words: Mapping[str, str] | None = None) -> str:
    """Return a code in words: those given, else its own with spaces."""
    if code is None:
        return "–"
    if words and code in words:
        return words[code]
    return code.replace("_", " ").capitalize()
