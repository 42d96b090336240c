"""Made-up people: names, birth dates and National Insurance numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from openlsi.synthesis.names import FEMALE, MALE, SURNAMES
from openlsi.synthesis.places import district_index
from openlsi.synthesis.plan import Bools, Ints, day_number

FORENAMES = [*FEMALE, *MALE]
# Valid in form (HMRC NIM39110: no D F I Q U V first or second, no O second, and not BG GB KN NK
# NT TN ZZ). To our knowledge no number beginning with X has been issued; that is unconfirmed.
NINO_PREFIXES = ["X" + second for second in "ABCEGHJKLMNPRSTWYZ"]
NINO_NONE, NINO_TEMPORARY, NINO_DEFAULT = -1, -2, -3
NINOS_PER_DISTRICT = 6_000_000
NO_ONE = -1


@dataclass(frozen=True)
class People:
    """People as parallel arrays; `birth` is a day number, `nino` a code (see `NINO_*`)."""

    is_female: Bools
    forename: Ints
    surname: Ints
    birth: Ints
    nino: Ints

    def __len__(self) -> int:
        return len(self.forename)

    def __add__(self, other: People) -> People:
        return People(
            *(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self))
        )


def draw_people(
    rng: np.random.Generator, code: str, birth: Ints, first: int, surname: Ints | None = None
) -> People:
    """Draw people with these birth days; `first` numbers them within the district for NINOs."""
    count = len(birth)
    is_female = rng.random(count) < 0.56
    # Squaring the draw makes the front of each list common, as names are.
    drawn = rng.random(count) ** 1.6
    forename = np.where(is_female, drawn * len(FEMALE), len(FEMALE) + drawn * len(MALE))
    own = (rng.random(count) ** 1.4 * len(SURNAMES)).astype(np.int64)
    nino = own_number(code, np.arange(first, first + count))
    dirt = rng.random(count)
    for share, kind in ((0.02, NINO_NONE), (0.006, NINO_TEMPORARY), (0.003, NINO_DEFAULT)):
        nino = np.where(dirt < share, kind, nino)
        dirt = np.where(dirt < share, 1.0, dirt)
    return People(
        is_female=is_female,
        forename=forename.astype(np.int64),
        surname=own if surname is None else np.where(rng.random(count) < 0.75, surname, own),
        birth=birth.astype(np.int64),
        nino=nino,
    )


def own_number(code: str, person: Ints) -> Ints:
    """Return the number of each person of a district, by place among its people; no two alike."""
    return district_index(code) * NINOS_PER_DISTRICT + person * 1_000_003 % NINOS_PER_DISTRICT


def pension_age_day(birth: Ints) -> Ints:
    """Return the day of reaching State Pension age.

    66 for those born to 5 April 1960; then one month later for each month of birth, to 67 for
    those born from 6 March 1961 (Pensions Act 1995 Sch 4, as amended by Pensions Act 2014 s26).
    """
    dates = birth.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months).astype(np.int64)
    first = day_number(date(1960, 4, 6))
    # The table steps on the 6th: shift by five days so that its steps fall on month ends.
    shifted = (birth - 5).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    step = shifted - (date(1960, 4, 1).year - 1970) * 12 - 3 + 1
    extra = np.where(birth < first, 0, np.clip(step, 1, 12))
    due = (months + 66 * 12 + extra).astype("datetime64[D]").astype(np.int64)
    length = ((months + 66 * 12 + extra + 1).astype("datetime64[D]").astype(np.int64)) - due
    return np.asarray(due + np.minimum(day, length - 1), dtype=np.int64)
