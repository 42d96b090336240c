"""Who stands in a record: the people that its definition names, and whose row it is.

A row belongs to its lead: the first person that the record names, be it claimant, tenant or lead of
an account. The others stand in somebody else's row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openlsi.identity.identities import IdentitySpec
from openlsi.identity.normalisation import normalised

# What a name alone may be tied to: a reference that a system gives to one case of one person.
CASE_PURPOSES = frozenset(
    {"account", "claim", "hb_claim", "uc_claim", "rent_account", "discretionary_award", "pupil"}
)


@dataclass(frozen=True)
class Role:
    """One person of a record: the identifiers that tell who it is, None where there is none."""

    name: str
    is_lead: bool
    surname: str | None = None
    forenames: str | None = None
    birth_date: str | None = None
    nino: str | None = None

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The identifiers that are this person's own."""
        own = (self.surname, self.forenames, self.birth_date, self.nino)
        return tuple(name for name in own if name is not None)

    def nino_sql(self, text: Mapping[str, str]) -> str:
        """Return SQL for the number that tells the person, NULL where there is none."""
        return normalised("nino", text[self.nino]) if self.nino else "cast(null as varchar)"

    def name_sql(self, text: Mapping[str, str]) -> str:
        """Return SQL for the name as it is compared, NULL where there is none."""
        return normalised("name", self._joined(text, self.surname, self.forenames))

    def name_dob_sql(self, text: Mapping[str, str]) -> str:
        """Return SQL for the name with the birth date, NULL where either is missing."""
        return normalised(
            "name_dob", self._joined(text, self.surname, self.forenames, self.birth_date)
        )

    @staticmethod
    def _joined(text: Mapping[str, str], *names: str | None) -> str:
        parts = ", ".join(f"coalesce({text[name]}, '')" if name else "''" for name in names)
        return f"concat_ws(chr(31), {parts})"


@dataclass(frozen=True)
class RecordPeople:
    """One record's people, and the references that name its case.

    `own` is the reference by which its rows are told apart; `is_head` says that a row is the case
    itself, so that what other records hold of the case goes with it.
    """

    spec: IdentitySpec
    roles: tuple[Role, ...]
    own: str
    is_head: bool

    @property
    def cases(self) -> dict[str, str]:
        """The identifiers that are a case's reference, with the purpose of their key."""
        return {
            of[0]: purpose
            for purpose, of in self.spec.keys.values()
            if len(of) == 1 and purpose in CASE_PURPOSES
        }

    @property
    def own_key(self) -> str | None:
        """The key column of the reference by which rows of this record are told apart."""
        return next((n for n, (_, of) in self.spec.keys.items() if of == (self.own,)), None)

    @property
    def own_purpose(self) -> str | None:
        """The purpose of that key."""
        return self.spec.keys[self.own_key][0] if self.own_key else None

    def keys_of(self, role: Role) -> list[str]:
        """Return the key columns that are made from what is this person's own."""
        own = set(role.identifiers)
        return [name for name, (_, of) in self.spec.keys.items() if own & set(of)]
