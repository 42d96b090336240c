"""The three editions and how strictly each hides and rounds (definition 25)."""

from __future__ import annotations

from dataclasses import dataclass

from openlsi.disclosure.spec import DisclosureError, Edition

# A hidden count must stay open to at least this many values.
OPEN_VALUES = 3


@dataclass(frozen=True)
class Rules:
    """Counts over 0 and under `threshold` are hidden; the rest are rounded to the bases."""

    edition: Edition
    threshold: int
    count_base: int
    pounds_base: int
    average_base: int
    one_owner_only: bool = False

    @property
    def small_base(self) -> int:
        """A share of nobody or of all is hidden where the whole is shown as less than this."""
        return 2 * self.threshold

    @property
    def hides(self) -> bool:
        """A district's own edition hides nothing: its officers hold the households themselves."""
        return self.threshold > 1


_EDITIONS = {
    "public": Rules("public", threshold=10, count_base=5, pounds_base=1000, average_base=1),
    "county": Rules("county", threshold=10, count_base=5, pounds_base=1000, average_base=1),
    "district": Rules(
        "district", threshold=1, count_base=1, pounds_base=1, average_base=1, one_owner_only=True
    ),
}


def rules_for(edition: str, owner: str | None = None) -> Rules:
    """Return the rules of an edition; the district edition needs the district it is for."""
    if edition not in _EDITIONS:
        raise DisclosureError(
            f"no edition called {edition!r}; there are {', '.join(sorted(_EDITIONS))}"
        )
    rules = _EDITIONS[edition]
    if rules.one_owner_only != bool(owner):
        wanted = "needs a" if rules.one_owner_only else "takes no"
        raise DisclosureError(f"the {edition} edition {wanted} district code")
    return rules
