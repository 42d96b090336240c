"""One household of a pack, put together: its facts, who it is, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openlsi.packs.contact import Contact
from openlsi.packs.facts import Facts
from openlsi.packs.selection import Chosen
from openlsi.packs.standing import Standing
from openlsi.packs.words import BENEFITS, GAPS, MISSING, NOT_TOLD

_NO_PARTS = dict.fromkeys(
    (
        "position", "gaps", "markers", "circumstances", "entitlements", "working",
        "in_payment", "uc_awards", "uc_deductions", "incomes", "living", "spells", "debts",
        "accounts", "discretionary", "pupils", "recognised", "month",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """One benefit that a household may be missing, with its working."""

    benefit: str
    name: str
    entitlement: Mapping[str, Any]
    weekly_gbp: Decimal
    working: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Entry:
    """One household of a pack."""

    chosen: Chosen
    facts: Mapping[str, Any]
    contact: Contact
    standing: Standing

    @classmethod
    def of(cls, chosen: Chosen, facts: Facts | None, contact: Contact, how: Standing) -> Entry:
        """Return an entry; of a household that the build tells nothing of every part is empty."""
        return cls(chosen, facts or _NO_PARTS, contact, how)

    @property
    def ref(self) -> str:
        """The household's reference in the pack, which its page is named by."""
        return self.chosen.ref

    @property
    def file(self) -> str:
        """Where its page lies: never by anything that a name or a file could say."""
        return f"households/{self.ref}.html"

    @property
    def name(self) -> str:
        """Who leads the household."""
        return self.contact.adults[0].name if self.contact.adults else "Name not told"

    @property
    def names(self) -> str:
        """Every adult of the household that leads or is a partner."""
        return "; ".join(adult.name for adult in self.contact.adults) or "Name not told"

    @property
    def address(self) -> str:
        """Where the household lives, in one line; empty where no source tells."""
        first = next(iter(self.contact.addresses), None)
        if first is None:
            return ""
        # A postcode is not parted at the end of a line.
        parts = (first.address, first.postcode.replace(" ", "\u00a0"))
        return ", ".join(part for part in parts if part)

    def several(self, part: str) -> list[Mapping[str, Any]]:
        """Return the rows of a part; none where nothing is known."""
        return list(self.facts[part] or [])

    @property
    def missing(self) -> list[Missing]:
        """Return what the household may be missing, the largest first."""
        gaps = self.facts["gaps"] or {}
        found = [
            Missing(
                row["benefit_code"],
                BENEFITS[row["benefit_code"]],
                row,
                gaps[GAPS[row["benefit_code"]]],
                tuple(self._working(row["benefit_code"])),
            )
            for row in self.several("entitlements")
            if row["reason_code"] in MISSING and row["benefit_code"] in GAPS
        ]
        return sorted(found, key=lambda one: -one.weekly_gbp)

    @property
    def no_gap(self) -> str:
        """Return what stands where nothing is missing: nobody may have looked."""
        return "Nothing found" if self.facts["entitlements"] else "Not looked at"

    @property
    def not_told(self) -> list[Mapping[str, Any]]:
        """Return the benefits of which it cannot be said whether the household misses them."""
        return [row for row in self.several("entitlements") if row["reason_code"] in NOT_TOLD]

    def owed(self, debt_type: str) -> Decimal:
        """Return what is overdue of a debt type in the district's last month of debts."""
        position = self.facts["position"]
        column = {"council_tax": "council_tax_overdue_gbp", "rent": "rent_arrears_gbp"}[debt_type]
        if position:
            return Decimal(position[column])
        now = [row for row in self.debts_now if row["debt_type"] == debt_type]
        return now[0]["owed_gbp"] if now else Decimal(0)

    @property
    def debts_now(self) -> list[Mapping[str, Any]]:
        """Return what is overdue in the district's last month."""
        rows = self.several("debts")
        return [row for row in rows if row["month"] == self.facts["month"]]

    def _working(self, benefit: str) -> Iterator[Mapping[str, Any]]:
        return (row for row in self.several("working") if row["benefit_code"] == benefit)
