"""Households of a pack, made up: what the build, the vault and the cohorts would tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openlsi.campaigns.definition import Campaign
from openlsi.packs.archive import pack
from openlsi.packs.contact import Address, Adult, Contact, Reference
from openlsi.packs.entry import Entry
from openlsi.packs.manifest import Manifest, Reader
from openlsi.packs.pages import pages
from openlsi.packs.selection import Chosen, Membership
from openlsi.packs.sheets import sheets
from openlsi.packs.standing import standing

MONTH = date(2026, 10, 1)
MARKERS = (
    "is_deceased", "is_in_breathing_space", "is_insolvent", "has_sensitive_address",
    "has_opted_out_of_contact", "is_anonymous_elector",
)  # fmt: skip
PARTS = (
    "gaps", "circumstances", "entitlements", "working", "in_payment", "uc_awards",
    "uc_deductions", "incomes", "living", "spells", "debts", "accounts", "discretionary", "pupils",
    "recognised",
)  # fmt: skip
MANIFEST = Manifest(
    pack="20261120T090000-0badcafe", district="ashford", district_code="E07000105",
    district_name="Ashford", county_name="Kent", is_demo=True, build_id="b1",
    month="October 2026", made_at="2026-11-20T09:00:00", delete_by="2027-01-19",
    purpose="take_up", purpose_title="Telling households", gateway="Made-up Act 2026 s1",
    by="B. Builder", request="cohort of Made up",
    readers=(Reader("A. Officer", "Team leader", "2027-03-31"),), household_count=1,
    contact_count=1, gone_count=0, log_hash="",
)  # fmt: skip


def campaign(name: str = "made_up", **more: Any) -> Campaign:
    """Return a campaign of this name."""
    told = {
        "campaign": name, "name": f"The {name} campaign", "purpose": "Try it", "gateway": "An Act",
        "owner": "A lead", "target": {"all": [{"field": "age_group", "is": "pension"}]},
        "channel": "letter", "starts": "2026-12-01", "ends": "2027-03-31", "cost_gbp": 1,
    } | more  # fmt: skip
    return Campaign.model_validate(told)


def member(of: Campaign, arm: str = "contact", **more: Any) -> Membership:
    """Return a household's place in a running campaign that is as it was frozen."""
    told = {"is_as_frozen": True, "is_running": True, "reported": None} | more
    return Membership(of, f"ref{of.campaign[:7]}", arm, **told)


def facts(*markers: str, **parts: Any) -> dict[str, Any]:
    """Return what the build tells of a household: its markers, and these parts."""
    carried = {name: name in markers for name in MARKERS}
    position = {
        "living_standards_class": "at_risk", "margin_gbp": Decimal("-12.34"),
        "months_in_shortfall_count": 3, "has_partner": False, "child_count": 2,
        "age_group": "pension", "has_disability": False, "has_carer": False,
        "council_tax_overdue_gbp": Decimal("120.50"), "rent_arrears_gbp": Decimal(0),
        "ability_to_pay": "cannot_pay", **carried,
    }  # fmt: skip
    told = {"month": MONTH, "position": position, "markers": carried}
    return told | dict.fromkeys(PARTS) | parts


def missing_pension_credit() -> dict[str, Any]:
    """Return the parts of a household that misses £32.55 a week of Pension Credit."""
    columns = ("pension_credit", "council_tax_support", "housing_benefit", "universal_credit",
               "council_tax_discount")  # fmt: skip
    gaps = {f"{name}_gap_weekly_gbp": Decimal(0) for name in columns}
    return {
        "gaps": gaps | {"pension_credit_gap_weekly_gbp": Decimal("32.55"),
                        "unregistered_pupil_count": 0},
        "entitlements": [
            {"benefit_code": "pc", "estimate_gbp": Decimal("141.07"), "gap_gbp": Decimal("141.07"),
             "in_payment_gbp": Decimal(0), "reason_code": "unclaimed", "confidence": "observed"},
            {"benefit_code": "whd", "estimate_gbp": None, "gap_gbp": None, "in_payment_gbp": None,
             "reason_code": "income_not_known", "confidence": "not_assessable"},
        ],
        "working": [
            {"benefit_code": "pc", "working": "pension_credit", "line_number": 1, "sign": "+",
             "label": "Standard minimum guarantee", "annual_gbp": Decimal("11343.80"),
             "legal_basis": "SI 2002/1792 reg 6(1)"},
        ],
    }  # fmt: skip


def contact(name: str, address: str = "1 High Street, Ashford", ref: str = "310000001") -> Contact:
    """Return who a household is by one name and one address."""
    return Contact(
        (Adult(name, 70, "lead", "council tax account"),),
        (Address(address, "XK10 1AA", "council tax account"),),
        (Reference("Council tax account", ref, "2026-10"),),
    )


def entry(
    number: int,
    who: Contact,
    told: dict[str, Any] | None = None,
    memberships: Sequence[Membership] = (),
    campaigns: tuple[str, ...] = (),
) -> Entry:
    """Return a household of a pack under the reference `household<number>`."""
    chosen = Chosen(f"h{number}", f"household{number}", campaigns, not campaigns)
    chosen.memberships = list(memberships)
    return Entry.of(chosen, told, who, standing(chosen, told))


def contents(entries: Sequence[Entry], manifest: Manifest = MANIFEST) -> dict[str, bytes]:
    """Return every file of a pack of these households, by name."""
    told = replace(manifest, household_count=len(entries))
    return dict([*pages(told, entries), *sheets(told, entries)])


def laid(folder: Path, entries: Sequence[Entry]) -> Path:
    """Write an opened pack of these households into a folder, and return it."""
    for name, content in contents(entries).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(entries: Sequence[Entry], manifest: Manifest = MANIFEST) -> tuple[Manifest, bytes]:
    """Return a pack of these households before it is sealed."""
    return pack(manifest, contents(entries, manifest).items())
