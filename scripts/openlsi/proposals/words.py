"""What a paper says in words, for the terminal and the consultation annex alike."""

from __future__ import annotations

from openlsi.config.schemes import adoption_deadline
from openlsi.proposals.model import Check, Modelled

BEARERS = {
    "county": "County council",
    "police": "Police",
    "fire": "Fire and rescue",
    "district": "District council",
    "parish": "Parishes",
    "other": "Mayor or combined authority",
}
CUTS = {
    "household_type": "Household type",
    "tenure": "Tenure",
    "age_band": "Age of the claimant",
    "disability": "Disability in the household",
    "carer": "Carer in the household",
}
PARTS = {
    "single": "Single", "couple": "Couple", "lone_parent": "Lone parent",
    "couple_with_children": "Couple with children",
    "owner": "Owner, or no rent", "private_tenant": "Private tenant",
    "social_tenant": "Council or housing association", "not_told": "Not told by any extract",
    "under_25": "Under 25", "25_to_34": "25 to 34", "35_to_49": "35 to 49",
    "50_and_over": "50 and over", "yes": "Yes", "no": "No",
}  # fmt: skip
# Papers list parts as people expect them, not as letters fall.
PART_ORDER = {part: number for number, part in enumerate(PARTS)} | {"not_told": len(PARTS)}
REASONS = {
    "people_not_known": "An age that decides is not told",
    "council_tax_not_known": "Neither the claim nor an account tells the council tax",
    "income_not_known": "Passported, though not by this scheme: no extract tells the income",
    "capital_not_known": "Savings are not told",
    "of_pension_age_by_rule": "Of pension age by the rules, of working age by the claim",
    "no_bands_for_household": "The scheme has no bands for the household's type",
}
_NOTHING = "do_nothing_"
CLASSES = {
    "in_crisis": "In crisis",
    "at_risk": "At risk",
    "struggling": "Struggling",
    "coping": "Coping",
    "unknown": "Unknown",
}
SEX = (
    "Sex: no extract tells it, so its part of the equality impact (Equality Act 2010 s149) has to"
    " come from elsewhere."
)
SECOND_ADULT = (
    "Second adult reduction (alternative maximum): the prescribed scheme has it for pension age,"
    " which is frozen here; `lsi assess` estimates it for households of a file. Few extracts tell"
    " what a second adult has, and no scheme documented here keeps it for working age, so it is in"
    " no estimate; where a district gives it, it is among what is in payment and counted there."
)


def reason_words(reason: str) -> str:
    """Return why a household is not compared."""
    if reason.startswith(_NOTHING):
        inner = REASONS[reason.removeprefix(_NOTHING)]
        return f"Today's scheme: {inner[0].lower()}{inner[1:]}"
    return REASONS[reason]


def deadline_words(modelled: Modelled) -> str:
    """Return by when the proposal has to be adopted."""
    year = modelled.proposal.financial_year
    day = adoption_deadline(year)
    return (
        f"For {year} the full council adopts a scheme by {day.day} {day:%B %Y} (LGFA 1992 Sch 1A"
        " para 5), after publishing a draft and consulting (para 3)."
    )


def base_words(modelled: Modelled, apart: str | None = None) -> str:
    """Return what doing nothing is here, and how sure a comparison with it is.

    `apart` says how far the rules are from payments in published figures; else exactly.
    """
    if modelled.is_estimated_base:
        text = (
            f"Doing nothing is {modelled.options[0]['option_name'].removeprefix('Do nothing: ')},"
            " the documented scheme of the year, estimated by the same rules as every option."
        )
    else:
        text = (
            "Doing nothing is what is in payment, as observed; the options are estimated by rules,"
            " so each change holds the distance between rules and payments as well."
        )
    check = modelled.check
    if check is None:
        return (
            f"{text} No scheme of {modelled.district} is documented, so how far the rules are from"
            " what is in payment cannot be told."
        )
    of_another_year = "" if check.is_of_the_year else " (another year's, so some of it is uprating)"
    return (
        f"{text} How far rules are from payments: {check.scheme_name}{of_another_year}"
        f" {apart or _exactly(check)}."
    )


def _exactly(check: Check) -> str:
    more = (check.estimated_gbp / check.in_payment_gbp - 1) * 100 if check.in_payment_gbp else 0
    return (
        f"gives {more:+.1f}% against what is in payment; {check.alike_count:,} of"
        f" {check.household_count:,} households are within £1 a week"
    )


def notes(modelled: Modelled, apart: str | None = None) -> list[str]:
    """Return what is assumed, frozen or left out, a sentence or two each."""
    options = {row["option_name"]: row["assumed"] for row in modelled.options if row["assumed"]}
    years = {row["shares_year"] for row in modelled.bearers}
    assumed = any(row["is_assumed_shares"] for row in modelled.bearers)
    shares = f"{'assumed: ' if assumed else ''}{', '.join(sorted(years))} shares" if years else (
        "no published Band D is loaded, so who bears it cannot be told"
    )  # fmt: skip
    listed = [
        deadline_words(modelled),
        base_words(modelled, apart),
        "A year is 52 weeks of the award; benefits and taxes are of "
        f"{modelled.financial_year}. A change of less than £1 a week counts as unchanged.",
        "Pension age is under the scheme that the law prescribes (SI 2012/2885), unchanged by all.",
        "Only households with support in payment are counted: who would claim under a more generous"
        " scheme, or stop claiming, is not.",
        f"Who bears it: notional shares by precept ({shares}), parishes included; nobody pays these"
        " pounds over.",
        SECOND_ADULT,
        SEX,
    ]
    for row in modelled.options:
        if row["hardship_fund_gbp"]:
            pounds = f"£{row['hardship_fund_gbp']:,.0f}"
            listed.append(
                f"{row['option_name']}: a hardship fund of {pounds} a year is wholly the billing"
                " authority's (LGFA 1992 s13A(1)(c)) and in no figure here."
            )
    for name, parts in options.items():
        listed.append(
            f"{name.removeprefix('Do nothing: ')}: not stated by its source and assumed:"
            f" {', '.join(parts.replace('_', '-').split())}."
        )
    return listed + _terms(modelled)


def _terms(modelled: Modelled) -> list[str]:
    protect, collection = modelled.terms.protect_weekly_gbp, modelled.terms.collection_pct
    listed = []
    if protect is not None:
        listed.append(
            f"Transitional protection: in the first year nobody loses more than £{protect:g} a week"
            " (where a reduction falls, the scheme includes such transitional provision as the"
            " authority thinks fit: LGFA 1992 Sch 1A para 5(4))."
        )
    if collection is not None:
        listed.append(
            f"Collection: {collection:g}% of the council tax that losers are charged more is"
            " expected to be collected; the rest is a cost. What gainers no longer owe counts in"
            " full."
        )
    return listed
