"""Made-up dwellings and postcodes in real LSOAs."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from openlsi.synthesis.names import STREETS, TOWNS
from openlsi.synthesis.plan import Bools, Floats, Ints
from openlsi.synthesis.targets import Targets

# No United Kingdom postcode area begins with X, so none of these can be a real address.
AREA = "XK"
POSTCODES_PER_LSOA = 12
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
PER_OUTWARD = 10 * len(INWARD_LETTERS) ** 2
# Ordnance Survey has issued no UPRN in this range; eleven digits, so that padding matters.
FIRST_UPRN = 99_000_000_000
UNKNOWN_POSTCODE = -1
LOOKUP_HEADER = "pcd7,pcds,dointr,doterm,lad25cd,lsoa21cd\n"


@dataclass(frozen=True)
class Dwellings:
    """Dwellings as parallel arrays; `uprn` is 0 where the source has none."""

    number: Ints
    lsoa: Ints
    postcode: Ints
    street: Ints
    town: Ints
    house: Ints
    flat: Ints
    uprn: Ints

    def __len__(self) -> int:
        return len(self.number)

    def __add__(self, other: Dwellings) -> Dwellings:
        return Dwellings(
            *(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self))
        )


def district_index(code: str) -> int:
    """Return the place of a Kent district among the twelve, by its code."""
    return int(code[-3:]) - 105


def draw_dwellings(
    rng: np.random.Generator, targets: Targets, count: int, first: int, has_cts: bool
) -> Dwellings:
    """Draw dwellings over the district's LSOAs; those on CTS lie mostly in deprived ones."""
    weights = targets.lsoa_households * _lsoa_lean(targets.lsoa_income_score, has_cts)
    lsoa = rng.choice(len(weights), size=count, p=weights / weights.sum())
    postcode = lsoa * POSTCODES_PER_LSOA + rng.integers(0, POSTCODES_PER_LSOA, count)
    number = np.arange(first, first + count)
    uprn = FIRST_UPRN + district_index(targets.code) * 10_000_000 + number * 7
    is_lacking: Bools = rng.random(count) < 0.004
    return Dwellings(
        number=number,
        lsoa=lsoa.astype(np.int64),
        postcode=np.where(rng.random(count) < 0.003, UNKNOWN_POSTCODE, postcode),
        street=(postcode * 5 + 11) % len(STREETS),
        town=lsoa % len(TOWNS[targets.code]),
        house=rng.integers(1, 180, count),
        flat=np.where(
            rng.random(count) < (0.3 if has_cts else 0.15), rng.integers(1, 40, count), 0
        ),
        uprn=np.where(is_lacking, 0, uprn),
    )


def _lsoa_lean(income_score: Floats, has_cts: bool) -> Floats:
    """Return how much likelier than average a household of an LSOA is to be drawn."""
    relative = income_score / income_score.mean()
    return np.asarray(relative**1.3 if has_cts else 1 / (0.6 + 0.4 * relative))


def postcode_pool(targets: Targets) -> list[str]:
    """Return every made-up postcode of a district, in the order of `Dwellings.postcode`."""
    letters = INWARD_LETTERS
    first_outward = 10 + 3 * district_index(targets.code)
    return [
        f"{AREA}{first_outward + n // PER_OUTWARD} {n % PER_OUTWARD // 400}"
        f"{letters[n % 400 // 20]}{letters[n % 20]}"
        for n in range(len(targets.lsoa_codes) * POSTCODES_PER_LSOA)
    ]


def lookup_lines(targets: Targets) -> str:
    """Return a district's made-up postcodes and LSOAs, in columns of the ONSPD."""
    lsoas = np.repeat(targets.lsoa_codes, POSTCODES_PER_LSOA)
    return "".join(
        f"{_seven(postcode)},{postcode},198001,,{targets.code},{lsoa}\n"
        for postcode, lsoa in zip(postcode_pool(targets), lsoas.tolist(), strict=True)
    )


def _seven(postcode: str) -> str:
    outward, inward = postcode.split(" ")
    return f"{outward:<4}{inward}"
