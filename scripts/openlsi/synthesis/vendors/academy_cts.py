"""CTS from the vendor with table sets: claim, its council tax account, members and assessments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Kind, Planted, Record
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, award_count
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.academy_tables import DAY, line, tables_of, write_all, yes

FAULTS = [
    Kind("award", "missing_required", "award_from", "from_date"),
    Kind("award", "bad_date", "award_from", "from_date", value=b"2026-02-31"),
    Kind("award", "bad_number", "weekly_award_gbp", "weekly_award", value=b"#REF!"),
    Kind("award", "bad_number", "weekly_council_tax_gbp", "weekly_liab", value=b"N/A"),
    Kind("award", "duplicate_key", "claim_key", "claim_id", "repeat"),
    Kind("award", "end_before_start", "award_to", "to_date", value=b"1950-01-01"),
    Kind("award", "unknown_code", "award_status", "status_ind", value=b"7", table="hbclaim"),
    Kind("award", "missing_lookup", "account_key", "claim_id", "drop", table="hbctaxclaim"),
]


def claim_refs(claim: Ints) -> Column:
    """Return claim numbers of seven digits."""
    return text.numbers(face.claim_numbers(claim), 7)


class Cts:
    """Writes the four CTS tables of a district, month by month."""

    faults = FAULTS
    structural_rows = 4

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.plain_money()
        faces, s, h = face.ClaimFaces.of(made), made.segments, made.households
        persons = [(faces.claimant, b"1", b"CL"), (faces.partner, b"2", b"PA")]
        lines = [self._members(faces.claim, *who) for who in persons]
        self._people = text.join(
            [lines[0], text.where(faces.partner == NO_ONE, b"", lines[1])], b""
        )
        self._claims = claim_refs(np.arange(len(h)))
        self._claim_heads = text.join(
            [self._claims, text.numbers(face.claim_numbers(np.arange(len(h))) % 97 % 10)], b","
        )
        self._claim_tails = text.join(
            [
                text.where(s.is_pension, b"P", b"W"),
                yes(s.is_on_uc),
                yes(h.is_passported[s.claim]),
                text.numbers(h.dependants[s.claim]),
                text.numbers(h.non_dependants[s.claim]),
            ],
            b",",
        )
        self._account_refs = face.account_refs(made, np.arange(len(made.accounts)))
        self._heads = text.join([claim_refs(s.claim), DAY(s.start)], b",")
        incomes = text.where(s.weekly_income < 0, b"", self._money(s.weekly_income))
        self._middles = text.join([self._money(s.weekly_charge), incomes], b",")

    def _members(self, claim: Ints, person: Ints, number: bytes, kind: bytes) -> Column:
        made, someone = self.made, np.maximum(person, 0)
        return line(
            [
                claim_refs(claim),
                number,
                kind,
                face.surnames(made, person, is_upper=True),
                face.forenames(made, person, is_upper=True),
                DAY(made.people.birth[someone]),
                face.ninos(made, person),
                text.where(made.people.is_female[someone], b"2", b"1"),
            ]
        )

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, made = position.awards, self.made
        last = np.flatnonzero(awards.is_last_row)
        claim, segment = awards.claim[last], awards.segment[last]
        status = text.numbers(awards.status[last])
        tables = tables_of(
            f"{made.district.slug}_cts_{position.month.first:%Y%m}_",
            {
                "hbclaim": line(
                    [
                        text.pick(self._claim_heads, claim),
                        status,
                        text.pick(self._claim_tails, segment),
                    ]
                ),
                "hbctaxclaim": line(
                    [
                        text.pick(self._claims, claim),
                        text.pick(self._account_refs, awards.account[last]),
                    ]
                ),
                "hbmember": text.pick(
                    self._people, face.claim_face_rows(made, claim, position.month)
                ),
                "hbctaxass": self._assessments(position),
            },
        )
        pence = awards.weekly_award
        of_claim: Ints = np.cumsum(awards.is_last_row) - awards.is_last_row
        record = Record(
            "hbctaxass",
            np.flatnonzero(awards.is_only_row),
            pence,
            {"weekly_award": pence},
            lines={"hbclaim": of_claim, "hbctaxclaim": of_claim},
        )
        planted = spoil(tables, {"award": record})
        write_all(folder, tables)
        table = tables["hbctaxass"]
        return [award_count(table.file_name, awards, planted, table)], planted

    def _assessments(self, position: Position) -> Column:
        awards = position.awards
        return line(
            [
                text.pick(self._heads, awards.segment),
                DAY(np.minimum(awards.end, OPEN)),
                text.pick(self._middles, awards.segment),
                self._money(awards.weekly_award),
                self._money(awards.posted),
                self._money(awards.adjustment),
            ]
        )
