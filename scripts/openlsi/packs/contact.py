"""What a pack tells of who a household is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Adult:
    """Somebody who leads a claim or account of a household, or is the partner in it."""

    name: str
    age: int | None
    role: str
    told_by: str


@dataclass(frozen=True)
class Address:
    """A home as one source tells it."""

    address: str
    postcode: str
    told_by: str


@dataclass(frozen=True)
class Reference:
    """A number by which a district's own system knows a household's claim or account."""

    kind: str
    reference: str
    last_month: str


@dataclass(frozen=True)
class Contact:
    """Who a household is, where it lives, and how systems call it."""

    adults: tuple[Adult, ...]
    addresses: tuple[Address, ...]
    references: tuple[Reference, ...]
