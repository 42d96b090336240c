"""CTS from the NEC-like vendor: claims, persons and awards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.counts import award_count
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Kind, Planted, Record
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.nec_council_tax import DAY, DIALECT, line
from openlsi.synthesis.vendors.table_sets import tables_of, write_all, yes

COLUMNS = {
    "claims": text.words("CLAIM_REF ACC_REF STATUS SCHEME UC_IND PASSPORT_IND DEPS NON_DEPS"),
    "persons": text.words("CLAIM_REF ROLE SURNAME FORENAMES DOB NINO"),
    "awards": text.words(
        "CLAIM_REF DATE_FROM DATE_TO WEEK_LIABILITY WEEK_INCOME WEEK_AWARD POSTED PRIOR_ADJ",
    ),
}
STATUSES = {1: "L", 2: "S", 9: "C"}
FAULTS = [
    Kind("award", "missing_required", "award_from", "DATE_FROM"),
    Kind("award", "bad_date", "award_from", "DATE_FROM", value=b"2026-02-31 00:00:00"),
    Kind("award", "bad_number", "weekly_award_gbp", "WEEK_AWARD", value=b"#REF!"),
    Kind("award", "bad_number", "weekly_council_tax_gbp", "WEEK_LIABILITY", value=b"N/A"),
    Kind("award", "duplicate_key", "claim_key", "CLAIM_REF", "repeat"),
    Kind("award", "end_before_start", "award_to", "DATE_TO", value=b"1950-01-01 00:00:00"),
    Kind("award", "unknown_code", "award_status", "STATUS", value=b"P", table="claims"),
    Kind("award", "missing_lookup", "claim_key", "CLAIM_REF", "drop", table="claims"),
    Kind("award", "field_count", "", "PRIOR_ADJ", "short"),
]


def claim_refs(claim: Ints) -> Column:
    """Return claim references of nine digits."""
    return text.numbers(face.claim_numbers(claim), 9)


class Cts:
    """Writes the three CTS files of a district, month by month."""

    faults = FAULTS
    structural_rows = 3

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.plain_money()
        faces, s, h = face.ClaimFaces.of(made), made.segments, made.households
        persons = [(faces.claimant, b"CLMT"), (faces.partner, b"PTNR")]
        lines = [self._persons(faces.claim, *who) for who in persons]
        self._people = text.join(
            [lines[0], text.where(faces.partner == NO_ONE, b"", lines[1])], b""
        )
        every = np.arange(len(h))
        self._refs = claim_refs(every)
        self._account_refs = face.account_refs(made, np.arange(len(made.accounts)))
        self._claim_tails = text.join(
            [
                text.where(s.is_pension, b"PRESCRIBED", b"LOCAL"),
                yes(s.is_on_uc),
                yes(h.is_passported[s.claim]),
                text.numbers(h.dependants[s.claim]),
                text.numbers(h.non_dependants[s.claim]),
            ],
            b"|",
        )
        self._statuses = text.pool([STATUSES.get(code, "") for code in range(10)])
        self._heads = text.join([claim_refs(s.claim), DAY(s.start)], b"|")
        incomes = text.where(s.weekly_income < 0, b"", self._money(s.weekly_income))
        self._middles = text.join([self._money(s.weekly_charge), incomes], b"|")

    def _persons(self, claim: Ints, person: Ints, role: bytes) -> Column:
        made = self.made
        names = [face.surnames(made, person), face.forenames(made, person)]
        born = DAY(made.people.birth[np.maximum(person, 0)])
        return line([claim_refs(claim), role, *names, born, face.ninos(made, person)])

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, made = position.awards, self.made
        last = np.flatnonzero(awards.is_last_row)
        claim = awards.claim[last]
        tables = tables_of(
            f"{made.district.slug}.ctr_{{table}}.{position.month.first:%Y%m}.txt",
            COLUMNS,
            {
                "claims": line(
                    [
                        text.pick(self._refs, claim),
                        text.pick(self._account_refs, awards.account[last]),
                        text.pick(self._statuses, awards.status[last]),
                        text.pick(self._claim_tails, awards.segment[last]),
                    ]
                ),
                "persons": text.pick(
                    self._people, face.claim_face_rows(made, claim, position.month)
                ),
                "awards": line(
                    [
                        text.pick(self._heads, awards.segment),
                        DAY(awards.end),
                        text.pick(self._middles, awards.segment),
                        *map(self._money, (awards.weekly_award, awards.posted, awards.adjustment)),
                    ]
                ),
            },
            DIALECT,
        )
        pence = awards.weekly_award
        of_claim: Ints = np.cumsum(awards.is_last_row) - awards.is_last_row
        record = Record(
            "awards",
            np.flatnonzero(awards.is_only_row),
            pence,
            {"WEEK_AWARD": pence},
            lines={"claims": of_claim},
        )
        planted = spoil(tables, {"award": record})
        write_all(folder, tables)
        table = tables["awards"]
        return [award_count(table.file_name, awards, planted, table)], planted
