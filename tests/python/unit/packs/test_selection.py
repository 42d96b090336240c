"""What a pack may be asked for, and how a household of it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_packs import campaign, contact, entry, facts, member

from openlsi.campaigns.fields import campaign_fields
from openlsi.packs.errors import PackError
from openlsi.packs.selection import asked

FIELDS = campaign_fields(Path(__file__).resolve().parents[4])
WHO = contact("Ann Brook")


def test_a_filter_is_words_of_a_campaigns_filter() -> None:
    request = asked(
        ["made_up", "made_up"],
        ["council_tax_overdue_gbp over 500", "living_standards_class in in_crisis, at_risk"],
        FIELDS,
    )
    assert request.campaigns == ("made_up",)
    assert request.text == (
        "cohort of made_up; households whose council_tax_overdue_gbp is over 500, and"
        " living_standards_class is one of in_crisis, at_risk"
    )
    told = request.words({"made_up": campaign()})
    assert told.startswith("cohort of The made_up campaign; households whose council tax overdue")


NO_FILTERS = {
    "": "not a filter",
    "council_tax_overdue_gbp": "not a filter",
    "council_tax_overdue_gbp > 500": "not a filter",
    "council_tax_overdue_gbp over lots": "lots is no number",
    "council_tax_overdue_gbp over nan": "nan is no number",
    "council_tax_overdue_gbp is 500": "is a number; compare it by over",
    "council_tax_overdu_gbp over 5": "is unknown; did you mean council_tax_overdue_gbp",
    "age_group over 5": "is no number; compare it by is or in",
    "has_carer is yes": "is true or false",
    # What leads to a household, and markers, which exclude and never target.
    "household_key is h1": "is unknown",
    "is_deceased is true": "is unknown",
}


@pytest.mark.parametrize("text", NO_FILTERS, ids=lambda text: text or "nothing")
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(PackError) as told:
        asked([], [text], FIELDS)
    assert str(told.value).startswith(f"--where {text!r}: ")
    assert NO_FILTERS[text] in str(told.value)


def test_a_pack_of_everybody_is_refused() -> None:
    with pytest.raises(PackError, match="found neither --campaign nor --where"):
        asked([], [], FIELDS)


MARKED = {
    "is_deceased": "Somebody has died",
    "is_in_breathing_space": "Breathing space",
    "is_insolvent": "Insolvency",
    "has_sensitive_address": "Sensitive address",
    "has_opted_out_of_contact": "Asked not to be contacted",
    "is_anonymous_elector": "Anonymous elector",
}


@pytest.mark.parametrize("marker", MARKED)
@pytest.mark.parametrize("by_campaign", [True, False])
def test_whoever_carries_a_marker_is_not_contacted(marker: str, by_campaign: bool) -> None:
    of = [member(campaign())] if by_campaign else []
    one = entry(1, WHO, facts(marker), of, ("made_up",) if by_campaign else ())
    assert (one.standing.may_contact, one.standing.reasons) == (False, (MARKED[marker],))
    assert one.standing.campaigns == ()


def test_who_carries_none_may_be_contacted() -> None:
    assert entry(1, WHO, facts()).standing.may_contact
    one = entry(1, WHO, facts(), [member(campaign())], ("made_up",))
    assert one.standing.may_contact and one.standing.campaigns == ("made_up",)


def test_a_marker_counts_where_only_an_account_tells_it() -> None:
    told = facts("is_deceased")
    told["position"] = None
    assert not entry(1, WHO, told).standing.may_contact


def test_who_is_told_of_no_more_is_not_contacted() -> None:
    for told in (None, facts() | {"position": None, "markers": None}):
        one = entry(1, WHO, told, [member(campaign())], ("made_up",))
        assert one.standing.reasons == (
            "No extract tells of it any more: check first whether it still lives there",
        )


def test_a_campaign_contacts_in_spite_of_a_marker_only_as_it_was_frozen_and_only_for_itself() -> (
    None
):
    brave = campaign("estates", exclude={"but_not": {"deceased": "The estate is owed it"}})
    other = campaign("letters")
    both = ("estates", "letters")
    one = entry(1, WHO, facts("is_deceased"), [member(brave), member(other)], both)
    assert one.standing.may_contact and one.standing.campaigns == ("estates",)
    (carried,) = one.standing.markers
    assert carried.contacted_all_the_same == "The estates campaign: The estate is owed it"
    changed = member(brave, is_as_frozen=False)
    assert not entry(1, WHO, facts("is_deceased"), [changed], ("estates",)).standing.may_contact
    more = facts("is_deceased", "has_opted_out_of_contact")
    assert not entry(1, WHO, more, [member(brave)], ("estates",)).standing.may_contact


def test_who_is_held_out_is_found_by_a_filter_and_not_contacted_while_the_campaign_runs() -> None:
    held = member(campaign(), "holdout")
    one = entry(1, WHO, facts(), [held])
    assert one.standing.reasons == (
        "Held out of The made_up campaign: it is compared, not contacted",
    )
    assert entry(
        1, WHO, facts(), [member(campaign(), "holdout", is_running=False)]
    ).standing.may_contact
    assert entry(1, WHO, facts(), [member(campaign(), "comparison")]).standing.may_contact
