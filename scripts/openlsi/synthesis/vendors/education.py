"""The county's education service: one wide file of free school meals a census, for all districts.

Each district's process hands back its pupils as lines, which are written one below the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis import text
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.faults import Dialect, Kind, Planted, Record, Table
from openlsi.synthesis.names import SURNAMES
from openlsi.synthesis.people import FORENAMES, NO_ONE
from openlsi.synthesis.places import POSTCODES_PER_LSOA, district_index
from openlsi.synthesis.plan import Ints, Month
from openlsi.synthesis.pupils import Census, Register, census_months
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.universal_credit import uc_refs, yes

COLUMNS = text.words(
    "Pupil Ref,Surname,Forename,Date of Birth,Postcode,Parent Surname,Parent Forename,"
    "Parent Date of Birth,Parent NINO,School,NC Year,FSM Entitled,FSM Registered,Ground,"
    "Registered From",
    ",",
)
GROUNDS = ["-", "UC", "IS", "JSA", "ESA", "TP"]
DIALECT = Dialect(",")
DAY = text.Dates("%d/%m/%Y", open_day=b"")
FAULTS = [
    Kind("pupil", "missing_required", "pupil_key", "Pupil Ref"),
    Kind("pupil", "bad_date", "registered_from", "Registered From", value=b"31/02/2024"),
    Kind("pupil", "bad_number", "year_group", "NC Year", value=b"N/A"),
    Kind("pupil", "unknown_code", "is_entitled", "FSM Entitled", value=b"?"),
    Kind("pupil", "unknown_code", "entitlement_ground", "Ground", value=b"ZZ"),
    Kind("pupil", "duplicate_key", "pupil_key", "Pupil Ref", "repeat"),
    Kind("pupil", "field_count", "", "Registered From", "short"),
]
PUPILS = pa.schema(
    [
        ("month", pa.date32()),
        ("district_code", pa.string()),
        ("pupil_ref", pa.string()),
        ("household_id", pa.string()),
        ("person_id", pa.string()),
        ("uc_ref", pa.string()),
        ("is_entitled", pa.bool_()),
        ("is_registered", pa.bool_()),
        ("has_parent_nino", pa.bool_()),
        ("has_parent_name_and_birth", pa.bool_()),
        ("line", pa.binary()),
    ]
)


def pupils_of(made: MadeDistrict) -> list[pa.Table]:
    """Return the pupils of a district, a table a census, as `PUPILS`."""
    register = Register(made)
    faces = _Faces(made, register)
    return [faces.table(register.take(month)) for month in census_months(made.plan)]


class _Faces:
    """What the school holds of every child, as text; each census only picks."""

    def __init__(self, made: MadeDistrict, register: Register) -> None:
        c = register.children
        self.made, self.children = made, c
        self.refs = pupil_refs(made, c.number)
        homes = np.concatenate([c.account, np.maximum(c.second_account, 0)])
        lacks = np.tile(c.lacks_postcode, 2)
        self._homes = text.where(lacks, b"", face.postcodes(made, homes))
        family = face.surnames(made, c.parent)
        forenames = text.pick(text.pool(FORENAMES), c.forename % len(FORENAMES))
        self._heads = text.join([self.refs, family, forenames, DAY(c.birth)], b",")
        self._parents = self._parents_held(family)
        dwelling = made.dwellings.postcode[made.accounts.dwelling[c.account]]
        # A school for every three LSOAs; no local authority has the number 999.
        school = np.maximum(dwelling, 0) // (3 * POSTCODES_PER_LSOA)
        self._schools = text.numbers(
            9_990_000 + district_index(made.district.code) * 100 + school, 7
        )
        claimed = text.where(c.claim < 0, b"", uc_refs(made, np.maximum(c.claim, 0)))
        self.uc_refs = claimed
        is_known = c.parent != NO_ONE
        self.has_nino = is_known & ~c.lacks_nino & ~c.has_nino_typo
        self.has_name = is_known & ~c.lacks_birth & ~c.has_surname_typo

    def _parents_held(self, family: Column) -> Column:
        c, made = self.children, self.made
        ninos = face.true_ninos(made, c.parent)
        # A letter O among the digits: it is nobody's number.
        typo = text.join([b"XA0O", text.numbers(c.number % 10_000, 4)], b"")
        ninos = text.where(c.has_nino_typo, typo, ninos)
        wrong = text.pick(
            text.pool([f"{name}s" for name in SURNAMES]), made.people.surname[c.parent]
        )
        return text.join(
            [
                text.where(c.has_surname_typo, wrong, family),
                face.forenames(made, c.parent),
                text.where(c.lacks_birth, b"", DAY(c.parent_birth)),
                text.where(c.lacks_nino, b"", ninos),
            ],
            b",",
        )

    def table(self, census: Census) -> pa.Table:
        """Return the pupils of one census."""
        made, who = self.made, census.child
        c, count, code = self.children.take(who), len(who), made.district.code
        moved = (c.move_day <= census.month.end).astype(np.int64)
        lines = text.lines(
            [
                text.pick(self._heads, who),
                text.pick(self._homes, who + len(self.children) * moved),
                text.pick(self._parents, who),
                text.pick(self._schools, who),
                text.numbers(census.year_group),
                yes(census.is_entitled),
                yes(census.is_registered),
                text.pick(text.pool(GROUNDS), census.ground),
                DAY(census.registered_from),
            ],
            b",",
        )

        def words(column: Column) -> list[str]:
            return [str(word, "ascii") for word in text.pick(column, who).to_pylist()]

        households = [f"{code}-H{one}" if one >= 0 else None for one in c.household.tolist()]
        return pa.table(
            {
                "month": [census.month.first] * count,
                "district_code": [code] * count,
                "pupil_ref": words(self.refs),
                "household_id": households,
                "person_id": [f"{code}-P{one}" for one in c.parent.tolist()],
                "uc_ref": [ref or None for ref in words(self.uc_refs)],
                "is_entitled": census.is_entitled,
                "is_registered": census.is_registered,
                "has_parent_nino": self.has_nino[who],
                "has_parent_name_and_birth": self.has_name[who],
                "line": lines,
            },
            schema=PUPILS,
        )


def pupil_refs(made: MadeDistrict, number: Ints) -> Column:
    """Return references of twelve digits, no two alike in the county."""
    first = 800_000_000_000 + district_index(made.district.code) * 1_000_000_000
    return text.numbers(first + number, 12)


class FreeSchoolMeals:
    """Writes the county's file of one census."""

    faults = FAULTS
    structural_rows = 1

    def __init__(self, slug: str) -> None:
        self._slug = slug

    def write(
        self, month: Month, pupils: pa.Table, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one census; return the count of pupils and the planted faults."""
        name = f"{self._slug}_fsm_{month.first:%Y%m}.csv"
        table = Table(name, COLUMNS, pupils["line"].combine_chunks(), DIALECT)
        record = Record("pupils", np.arange(pupils.num_rows))
        planted = spoil({"pupils": table}, {"pupil": record})
        head = (",".join(COLUMNS) + "\n").encode()
        text.write(folder / name, [head, table.lines])
        good = np.ones(pupils.num_rows, dtype=np.bool_)
        good[spoilt_rows(planted, "pupil")] = False
        return [
            {
                "record": "pupil",
                "file_name": name,
                "physical_rows": len(table.lines),
                "planted_rows": len(planted),
                "clean_rows": int(good.sum()),
                "measures": _measures(pupils, good),
            }
        ], planted


def _measures(pupils: pa.Table, good: np.ndarray) -> dict[str, tuple[int, int]]:
    entitled, registered = (
        pupils[name].to_numpy(zero_copy_only=False) for name in ("is_entitled", "is_registered")
    )
    has_nino, has_name = (
        pupils[name].to_numpy(zero_copy_only=False)
        for name in ("has_parent_nino", "has_parent_name_and_birth")
    )
    has_claim = ~pupils["uc_ref"].is_null().to_numpy(zero_copy_only=False)
    counted = {
        "entitled": good & entitled,
        "registered": good & registered,
        "entitled_not_registered": good & entitled & ~registered,
        "can_be_met": good & has_claim & (has_nino | has_name),
    }
    return {name: (int(chosen.sum()), 0) for name, chosen in counted.items()}


def together(made: Sequence[Sequence[pa.Table]], place: int) -> pa.Table:
    """Return the pupils of all districts at one census."""
    return pa.concat_tables([tables[place] for tables in made])
