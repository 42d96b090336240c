"""One scheme for a new council, and a caseload under every scheme, worked by hand."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO

import pytest
from made_caseload import DARTFORD, ROOT, household, lay_households
from made_proposals import scheme

from openlsi.home import Home
from openlsi.proposals.errors import ProposalError
from openlsi.proposals.every_scheme import under_every_scheme
from openlsi.proposals.harmonised_written import (
    every_scheme_csv,
    every_scheme_text,
    reorganised_csv,
    reorganised_text,
)
from openlsi.proposals.reorganisation import harmonise

CANTERBURY = "E07000106"


@pytest.fixture
def county(home: Home) -> Home:
    """Return a county of Dover (£936 by its scheme) and Canterbury (£936 in payment of £2,080)."""
    lay_households(
        home,
        [
            household(weekly_award_gbp=10.0),
            household(district_code=CANTERBURY, annual_council_tax_gbp=2080.0),
            household(district_code=CANTERBURY, is_income_known=False),
            household(district_code=CANTERBURY, cts_age_group="pension"),
        ],
    )
    return home


def test_what_is_estimated_and_what_is_in_payment_are_two_rows(county: Home) -> None:
    found = harmonise(ROOT, county, county.current / "secure.duckdb", "4b")
    rows = {(row["council"], row["scheme_name"], row["basis"]): row for row in found.rows}
    assert set(rows) == {
        ("East Kent", "Dover_now", "estimated"),
        ("East Kent", "Dover_now", "in_payment"),
    }
    own = rows["East Kent", "Dover_now", "estimated"]
    assert (own["base_cost_gbp"], own["change_gbp"]) == (Decimal("936.00"), 0)
    # 90% of £2,080 is £1,872.
    other = rows["East Kent", "Dover_now", "in_payment"]
    assert (other["base_cost_gbp"], other["change_gbp"]) == (Decimal("936.00"), Decimal("936.00"))
    assert (other["household_count"], other["compared_count"], other["gainer_count"]) == (2, 1, 1)
    assert other["not_compared_in_payment_gbp"] == Decimal("936.00")


def test_a_new_council_carries_the_countys_share_too(county: Home) -> None:
    found = harmonise(ROOT, county, county.current / "secure.duckdb", "4b")
    borne = {row["new_bearer"]: row["change_gbp"] for row in found.bearers
             if row["basis"] == "in_payment"}  # fmt: skip
    assert borne == {
        "new_council": Decimal("748.80"),
        "police": Decimal("112.32"),
        "fire": Decimal("37.44"),
        "parish": Decimal("37.44"),
    }


def test_who_is_left_out_is_said(county: Home) -> None:
    found = harmonise(ROOT, county, county.current / "secure.duckdb", "4b")
    text = reorganised_text(found)
    assert "North Kent (excluding Medway, which sends no extracts): Dartford, Gravesham" in text
    assert "0 of 2 districts: no caseload of Dartford, Gravesham in this build" in text
    assert "2 of 3 districts: no caseload of Thanet" in text
    assert "assumed: 2023-24 shares" in text
    rows = list(csv.DictReader(StringIO(reorganised_csv(found))))
    told = {(r["new_council"], r["basis"], r["measure"]): r["value"] for r in rows}
    assert told["East Kent", "in_payment", "change_gbp_new_council"] == "748.80"


def test_every_option_of_whole_districts_is_shown(county: Home) -> None:
    for option, councils in (("1a", 1), ("3a", 3), ("4b", 4)):
        found = harmonise(ROOT, county, county.current / "secure.duckdb", option)
        assert len(found.councils) == councils
        assert sum(len(one.members) for one in found.councils) == 12
        assert [name for one in found.councils for name in one.without_extracts] == ["Medway"]


@pytest.mark.parametrize(
    ("option", "why"), [("4d", "no boundary data is held"), ("9z", "no such option")]
)
def test_an_option_without_membership_is_refused(county: Home, option: str, why: str) -> None:
    with pytest.raises(ProposalError, match=why):
        harmonise(ROOT, county, county.current / "secure.duckdb", option)


def test_a_member_scheme_is_its_last_documented_one(county: Home) -> None:
    """Dover's 2025-26 is shipped as well; what is offered is this year's."""
    scheme(county.config / "schemes", "dartford_next", district=DARTFORD, year="2027-28",
           standing="documented")  # fmt: skip
    lay_households(county, [household(district_code=DARTFORD)])
    found = harmonise(ROOT, county, county.current / "secure.duckdb", "4b")
    assert {row["scheme_name"] for row in found.rows} == {"Dartford_next"}
    # Today is the documented scheme of the year that the caseload stands in: 80% against 90%.
    (row,) = found.rows
    assert (row["basis"], row["change_gbp"]) == ("estimated", Decimal("104.00"))


def test_a_caseload_under_every_documented_scheme(county: Home) -> None:
    found = under_every_scheme(ROOT, county, county.current / "secure.duckdb", "Dover")
    rows = {row["scheme_key"]: row for row in found.rows}
    assert (found.comparable_districts, found.districts) == (6, 12)
    own = rows["dover_now"]
    assert (own["is_own"], own["cost_gbp"], own["in_payment_gbp"]) == (
        True, Decimal("936.00"), Decimal("520.00"),
    )  # fmt: skip
    # 80% of £1,040; the last scheme of Tunbridge Wells is for who earns nothing.
    assert rows["tunbridge_wells_2021_22"]["cost_gbp"] == Decimal("832.00")
    assert "6 of 12 comparable; no grid is documented for Canterbury" in every_scheme_text(found)
    assert "dover_now,True,1,1,1,1,936.00,520.00" in every_scheme_csv(found)


def test_a_scheme_without_bands_for_a_household_is_not_comparable(home: Home) -> None:
    lay_households(home, [household(children=2)])
    found = under_every_scheme(ROOT, home, home.current / "secure.duckdb", "dover")
    rows = {row["scheme_key"]: row["compared_count"] for row in found.rows}
    assert rows["ashford_2026_27"] == 0
    assert rows["dartford_2026_27"] == 1
    assert found.comparable_districts == 4


def test_a_place_that_is_no_district_is_refused(county: Home) -> None:
    with pytest.raises(ProposalError, match="no district of this county"):
        under_every_scheme(ROOT, county, county.current / "secure.duckdb", "Atlantis")
