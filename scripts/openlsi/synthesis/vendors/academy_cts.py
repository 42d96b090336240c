"""CTS in Academy tables: claim, homes, members, bridge to council tax, assessments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.counts import award_count
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Kind, Planted, Record
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import OPEN, Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.academy_tables import DAY, DIALECT, MOMENT, line
from openlsi.synthesis.vendors.table_sets import tables_of, write_all

COLUMNS = {
    "hbclaim": text.words("claim_id check_digit status_ind"),
    "hbhousehold": text.words("claim_id house_id from_date to_date inc_supp_ind"),
    "hbmember": text.words(
        "claim_id house_id member_id type surname forename birth_date nino gender",
    ),
    "hbctaxclaim": text.words("claim_id ctax_claim_id ctax_ref"),
    "hbctaxass": text.words("claim_id from_date to_date type_ind dhp_ind model_amt"),
    "extra_ctrass": text.words(
        "claim_id from_date age_group_ind uc_ind dep_children non_deps weekly_liab weekly_income "
        "posted_mth adj_prior",
    ),
}
FAULTS = [
    Kind("award", "missing_required", "award_from", "from_date"),
    Kind("award", "bad_date", "award_to", "to_date", value=b"2026-02-31"),
    Kind("award", "bad_number", "weekly_award_gbp", "model_amt", value=b"#REF!"),
    Kind(
        "award", "bad_number", "weekly_council_tax_gbp", "weekly_liab",
        value=b"N/A", table="extra_ctrass",
    ),
    Kind("award", "duplicate_key", "claim_key", "claim_id", "repeat"),
    Kind("award", "end_before_start", "award_to", "to_date", value=b"1950-01-01"),
    Kind("award", "unknown_code", "award_status", "status_ind", value=b"7", table="hbclaim"),
    Kind("award", "missing_lookup", "account_key", "claim_id", "drop", table="hbctaxclaim"),
    Kind("award", "missing_lookup", "claim_key", "claim_id", "drop", table="extra_ctrass"),
]  # fmt: skip


def claim_refs(claim: Ints) -> Column:
    """Return claim numbers of seven digits."""
    return text.numbers(face.claim_numbers(claim), 7)


class Cts:
    """Writes the CTS tables of a district, month by month."""

    faults = FAULTS
    structural_rows = len(COLUMNS)

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self._money = text.plain_money()
        faces, s, h = face.ClaimFaces.of(made), made.segments, made.households
        self._face_count = len(faces.claim)
        self._people = text.chunks([self._members(faces, house) for house in (b"1", b"2")])
        every = np.arange(len(h))
        self._claims = claim_refs(every)
        digits = text.numbers(face.claim_numbers(every) % 97 % 10)
        self._claim_heads = text.join([self._claims, digits], b",")
        self._passports = text.numbers(h.is_passported.astype(np.int64))
        self._account_refs = face.account_refs(made, np.arange(len(made.accounts)))
        self._heads = text.join([claim_refs(s.claim), MOMENT(s.start)], b",")
        incomes = text.where(s.weekly_income < 0, b"", self._money(s.weekly_income))
        self._middles = text.join(
            [
                text.where(s.is_pension, b"P", b"W"),
                text.numbers(s.is_on_uc.astype(np.int64)),
                text.numbers(h.dependants[s.claim]),
                text.numbers(h.non_dependants[s.claim]),
                self._money(s.weekly_charge),
                incomes,
            ],
            b",",
        )

    def _members(self, faces: face.ClaimFaces, house: bytes) -> Column:
        """Return the lines of each claim's members in one home: the claimant and the partner."""
        made, lines = self.made, []
        for person, number in ((faces.claimant, b"1"), (faces.partner, b"2")):
            someone = np.maximum(person, 0)
            lines.append(
                line(
                    [
                        claim_refs(faces.claim),
                        house,
                        number,
                        number,
                        face.surnames(made, person, is_upper=True),
                        face.forenames(made, person, is_upper=True),
                        DAY(made.people.birth[someone]),
                        face.ninos(made, person),
                        text.where(made.people.is_female[someone], b"2", b"1"),
                    ]
                )
            )
        return text.join([lines[0], text.where(faces.partner == NO_ONE, b"", lines[1])], b"")

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count and the planted faults."""
        awards, made, month = position.awards, self.made, position.month
        last = np.flatnonzero(awards.is_last_row)
        claim = awards.claim[last]
        has_moved = made.households.move_day[claim] <= month.end
        people = face.claim_face_rows(made, claim, month) + self._face_count * has_moved
        claims = text.pick(self._claims, claim)
        tables = tables_of(
            f"{made.district.slug}_cts_{month.first:%Y%m}_{{table}}.csv",
            COLUMNS,
            {
                "hbclaim": line(
                    [text.pick(self._claim_heads, claim), text.numbers(awards.status[last])]
                ),
                "hbhousehold": self._homes(claim, has_moved),
                "hbmember": text.pick(self._people, people),
                "hbctaxclaim": line(
                    [claims, b"1", text.pick(self._account_refs, awards.account[last])]
                ),
                "hbctaxass": line(
                    [
                        text.pick(self._heads, awards.segment),
                        DAY(np.minimum(awards.end, OPEN)),
                        b"1",
                        b"0",
                        self._money(awards.weekly_award),
                    ]
                ),
                "extra_ctrass": line(
                    [
                        text.pick(self._heads, awards.segment),
                        text.pick(self._middles, awards.segment),
                        self._money(awards.posted),
                        self._money(awards.adjustment),
                    ]
                ),
            },
            DIALECT,
        )
        pence = awards.weekly_award
        of_claim: Ints = np.cumsum(awards.is_last_row) - awards.is_last_row
        record = Record(
            "hbctaxass",
            np.flatnonzero(awards.is_only_row),
            pence,
            {"model_amt": pence},
            lines={
                "hbclaim": of_claim,
                "hbctaxclaim": of_claim,
                "extra_ctrass": np.arange(len(pence)),
            },
        )
        planted = spoil(tables, {"award": record})
        write_all(folder, tables)
        table = tables["hbctaxass"]
        return [award_count(table.file_name, awards, planted, table)], planted

    def _homes(self, claim: Ints, has_moved: np.ndarray) -> Column:
        """Return each claim's open home, then those that movers have left."""
        h = self.made.households
        moved = claim[has_moved]
        since = np.where(has_moved, h.move_day[claim], h.account_start[claim])
        parts = (
            (claim, text.where(has_moved, b"2", b"1"), since, np.full(len(claim), OPEN)),
            (moved, text.constant(b"1", len(moved)), h.account_start[moved], h.move_day[moved] - 1),
        )
        return text.chunks(
            [
                line(
                    [
                        text.pick(self._claims, one),
                        house,
                        MOMENT(first),
                        DAY(last),
                        text.pick(self._passports, one),
                    ]
                )
                for one, house, first, last in parts
            ]
        )
