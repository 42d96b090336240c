"""Columns that every vendor writes in its own words: references, names, addresses, faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.accounts import DECEASED, MARKERS
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.names import STREETS, SURNAMES, TOWNS
from openlsi.synthesis.people import (
    FORENAMES,
    NINO_DEFAULT,
    NINO_NONE,
    NINO_PREFIXES,
    NINO_TEMPORARY,
    NO_ONE,
    own_number,
)
from openlsi.synthesis.places import UNKNOWN_POSTCODE, postcode_pool
from openlsi.synthesis.plan import OPEN, Bools, Ints, Month
from openlsi.synthesis.text import Column

# First reference and digits, for accounts of CTS households and for others, by council tax system.
_REFERENCES = {
    "academy": (310_000_000, 620_000_000, 9),
    "wide": (1_000_000, 6_000_000, 8),
    "piped": (500_000_000, 700_000_000, 10),
    "civica": (20_000_000, 60_000_000, 8),
    "nec": (801_000_000, 850_000_000, 9),
}


_BORN = text.Dates("%d%m%y")


@dataclass(frozen=True)
class Faces:
    """Every account in each of its four faces: open or closed, before or after its change.

    Text of an account is rendered once a face, and each month only picks.
    """

    account: Ints
    is_closed: Bools
    is_later: Bools

    @classmethod
    def of(cls, made: MadeDistrict) -> Faces:
        """Return the faces of a district's accounts."""
        count = len(made.accounts)
        return cls(
            account=np.tile(np.arange(count), 4),
            is_closed=np.repeat([False, False, True, True], count),
            is_later=np.repeat([False, True, False, True], count),
        )

    def joint(self, made: MadeDistrict) -> Ints:
        """Return the person jointly liable, −1 for none."""
        a = made.accounts
        return np.where(self.is_later, a.joint_later[self.account], a.joint[self.account])

    def discount(self, made: MadeDistrict) -> Ints:
        """Return the kind of discount."""
        a = made.accounts
        return np.where(self.is_later, a.discount_later[self.account], a.discount[self.account])

    def end(self, made: MadeDistrict) -> Ints:
        """Return the day of vacation, OPEN while it is not known."""
        return np.where(self.is_closed, made.accounts.end[self.account], OPEN)

    def markers(self, made: MadeDistrict) -> Ints:
        """Return the six markers as 0 and 1; death is marked when the account closes."""
        marks = made.accounts.markers[self.account].copy()
        marks[:, DECEASED] |= self.is_closed & made.accounts.ends_deceased[self.account]
        return marks


def face_rows(made: MadeDistrict, position: Position) -> Ints:
    """Return for each account shown the place of its face of that month in `Faces`."""
    a, shown, month = made.accounts, position.accounts, position.month
    is_closed = (a.end[shown] <= month.end).astype(np.int64)
    is_later = (a.phase_day[shown] <= month.end).astype(np.int64)
    return shown + len(a) * (2 * is_closed + is_later)


def account_refs(made: MadeDistrict, account: Ints) -> Column:
    """Return account references, with the leading zeros of their system."""
    system = made.district.feeds["council_tax"].split("_")[0]
    first, first_other, width = _REFERENCES[system]
    other = account - made.cts_accounts
    return text.numbers(np.where(other < 0, first + account * 7, first_other + other * 7), width)


def property_refs(made: MadeDistrict, account: Ints) -> Column:
    """Return property references of eight digits."""
    dwelling = made.accounts.dwelling[account]
    other = dwelling - made.cts_accounts
    return text.numbers(np.where(other < 0, 20_000_000 + dwelling * 3, 50_000_000 + other * 3))


def numbered_dwellings(made: MadeDistrict, account: Ints) -> Column:
    """Return the landlord's own number of each home, of eight digits."""
    return text.numbers(88_000_000 + made.accounts.dwelling[account] * 7)


def address_parts(made: MadeDistrict, account: Ints) -> tuple[Column, Column, Column]:
    """Return flat (empty for a house), house number and street, each by itself."""
    d, rows = made.dwellings, made.accounts.dwelling[account]
    street = text.pick(text.pool(STREETS), d.street[rows])
    flat = text.where(d.flat[rows] > 0, text.join([b"Flat ", text.numbers(d.flat[rows])], b""), b"")
    return flat, text.numbers(d.house[rows]), street


def uprns(made: MadeDistrict, account: Ints, width: int = 0) -> Column:
    """Return UPRNs, empty where the source has none."""
    uprn = made.dwellings.uprn[made.accounts.dwelling[account]]
    return text.where(uprn == 0, b"", text.numbers(uprn, width))


def surnames(
    made: MadeDistrict, person: Ints, is_upper: bool = False, encoding: str = "utf-8"
) -> Column:
    """Return surnames, empty for no one."""
    return _named(made.people.surname, SURNAMES, person, is_upper, encoding)


def forenames(
    made: MadeDistrict,
    person: Ints,
    is_upper: bool = False,
    encoding: str = "utf-8",
    has_initials: bool = False,
) -> Column:
    """Return forenames, empty for no one; on the council tax side one in 25 has an initial."""
    names = _named(made.people.forename, FORENAMES, person, is_upper, encoding)
    if not has_initials:
        return names
    letters = text.pool([f" {letter}" for letter in "ABCDEFGHJKLMPRST"])
    initials = text.pick(letters, person % 16)
    return text.where(
        (person % 25 == 7) & (person != NO_ONE), text.join([names, initials], b""), names
    )


def _named(index: Ints, words: list[str], person: Ints, is_upper: bool, encoding: str) -> Column:
    pool = text.pool([word.upper() if is_upper else word for word in words] + [""], encoding)
    return text.pick(pool, np.where(person == NO_ONE, len(words), index[person]))


def address_lines(made: MadeDistrict, account: Ints) -> tuple[Column, Column]:
    """Return house and street (with a comma where there is a flat), and town."""
    d, rows = made.dwellings, made.accounts.dwelling[account]
    street = text.pick(text.pool(STREETS), d.street[rows])
    house = text.join([text.numbers(d.house[rows]), street], b" ")
    flat = text.join([b"Flat ", text.numbers(d.flat[rows]), b", ", house], b"")
    towns = text.pool(TOWNS[made.district.code])
    return text.where(d.flat[rows] > 0, flat, house), text.pick(towns, d.town[rows])


def postcodes(made: MadeDistrict, account: Ints) -> Column:
    """Return postcodes; a few are empty, in no look-up."""
    known = postcode_pool(made.targets)
    index = made.dwellings.postcode[made.accounts.dwelling[account]]
    return text.pick(
        text.pool([*known, ""]), np.where(index == UNKNOWN_POSTCODE, len(known), index)
    )


def claim_numbers(claim: Ints) -> Ints:
    """Return claim numbers of seven digits."""
    return 1_000_003 + claim * 11


def ninos(made: MadeDistrict, person: Ints, is_spaced: bool = False) -> Column:
    """Return National Insurance numbers as the vendor writes them, dirt included."""
    code = np.where(person == NO_ONE, NINO_NONE, made.people.nino[person])
    number = np.maximum(code, 0)
    digits = number // 4 % 1_000_000
    if is_spaced:
        letters = text.pick(text.pool(NINO_PREFIXES), number // 4_000_000)
        pairs = [text.numbers(digits // step % 100, 2) for step in (10_000, 100, 1)]
        suffix = text.pick(text.pool(list("ABCD")), number % 4)
        written = text.join([letters, *pairs, suffix], b" ")
    else:
        lower = text.join(
            [
                text.pick(text.pool([p.lower() for p in NINO_PREFIXES]), number // 4_000_000),
                text.numbers(digits, 6),
                text.pick(text.pool(list("abcd")), number % 4),
            ],
            b"",
        )
        written = text.where(digits % 40 == 3, lower, _compact(number))
    born = _BORN(made.people.birth[person])
    sex = text.where(made.people.is_female[person], b"F", b"M")
    temporary = text.join([b"TN", born, sex], b"")
    written = text.where(code == NINO_TEMPORARY, temporary, written)
    written = text.where(code == NINO_DEFAULT, b"XX999999X", written)
    return text.where(code == NINO_NONE, b"", written)


def true_ninos(made: MadeDistrict, person: Ints) -> Column:
    """Return the number that everybody has, also where a council's system does not hold it."""
    number = own_number(made.district.code, np.maximum(person, 0))
    return text.where(person == NO_ONE, b"", _compact(number))


def _compact(number: Ints) -> Column:
    return text.join(
        [
            text.pick(text.pool(NINO_PREFIXES), number // 4_000_000),
            text.numbers(number // 4 % 1_000_000, 6),
            text.pick(text.pool(list("ABCD")), number % 4),
        ],
        b"",
    )


@dataclass(frozen=True)
class ClaimFaces:
    """Every claim in each of its four faces: with or without a partner, in order or swapped."""

    claimant: Ints
    partner: Ints
    claim: Ints

    @classmethod
    def of(cls, made: MadeDistrict) -> ClaimFaces:
        """Return the faces of a district's claims."""
        count = len(made.households)
        first, second = np.arange(count), np.arange(count) + count
        return cls(
            claimant=np.concatenate([first, first, second, second]),
            partner=np.concatenate([np.full(count, NO_ONE), second, np.full(count, NO_ONE), first]),
            claim=np.tile(first, 4),
        )


def claim_face_rows(made: MadeDistrict, claim: Ints, month: Month) -> Ints:
    """Return for each claim the place of its face of that month in `ClaimFaces`."""
    h = made.households
    is_later = month.end >= h.household_day[claim]
    has_partner = np.where(is_later, h.has_partner_later[claim], h.has_partner[claim])
    is_swapped = has_partner & (month.end >= h.swap_day[claim])
    return claim + len(h) * (2 * is_swapped.astype(np.int64) + has_partner.astype(np.int64))


def marker_words(made: MadeDistrict, faces: Faces, words: list[str], separator: str) -> Column:
    """Return the words of an account's markers, joined, empty for none."""
    marks = faces.markers(made) @ (1 << np.arange(len(MARKERS)))
    every = [
        separator.join(word for place, word in enumerate(words) if code >> place & 1)
        for code in range(1 << len(MARKERS))
    ]
    return text.pick(text.pool(every), marks)
