"""DWP's Single Housing Benefit Extract: a row a claim, and below it one for each other member.

The fields are those of the two widths seen in published code (see the layout of the same name). A
month's file also carries kinds of rows that are not taken: applications, closed claims, management
information.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.claim_members import Members, list_members
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Dialect, Kind, Planted, Table
from openlsi.synthesis.housing_benefit import Rows, measures, rows_known, work_out
from openlsi.synthesis.non_dependants import gross_pence, rent_deductions
from openlsi.synthesis.plan import OPEN, Ints, year_start
from openlsi.synthesis.planted import of_told_claims
from openlsi.synthesis.posting import ENDED
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import Spoil, spoilt_rows
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors import shbe_fields as fields
from openlsi.synthesis.vendors.claim_people import claim_people
from openlsi.synthesis.vendors.claim_references import CLAIM_REFS
from openlsi.synthesis.vendors.shbe_lines import Laid

DIALECT = Dialect(",", quote=False)
DAY = text.Dates("%d/%m/%Y", open_day=b"")
# One sender has not moved to the newer width.
OLDER_WIDTH = frozenset({"E07000107"})
FAULTS = [
    Kind("claim", "missing_required", "claim_key", "2"),
    Kind("claim", "bad_number", "weekly_hb_gbp", "43", value=b"N/A"),
    Kind("claim", "bad_date", "claim_from", "41", value=b"31/02/2026"),
    Kind("claim", "unknown_code", "tenancy", "9", value=b"77"),
    # The shifts known of real files: a postcode among the passports, a comma inside a value.
    Kind("claim", "unknown_code", "passport", "12", value=b"ME99 9ZZ"),
    Kind("claim", "field_count", "", "11", "extra"),
    Kind("claim", "duplicate_key", "claim_key", "2", "repeat"),
    # A sub-record whose claim is not there, which then stands below somebody else's.
    Kind("member", "missing_lookup", "claim_key", "2", "drop", table="shbe"),
    Kind("member", "unknown_code", "member_role", "308", value=b"7"),
    Kind("member", "bad_date", "valid_to", "311", value=b"31/02/2026"),
]


class Shbe:
    """Writes the extract of a district, month by month."""

    faults = FAULTS

    def __init__(self, made: MadeDistrict) -> None:
        self.made = made
        self.structural_rows = 0
        # What the extracts written so far lack, for the truth ledger.
        self.planted: list[Any] = []
        self._header = fields.header(is_older=made.district.code in OLDER_WIDTH)
        self._benefit = work_out(made)
        self._members = list_members(made)
        claims = np.arange(len(made.households))
        self._claim_refs = claim_refs(claims)
        self._cts_refs = CLAIM_REFS[made.district.feeds["cts"]](claims)
        faces = face.ClaimFaces.of(made)
        self._faces = _face_chunks(made, faces, self._claim_refs, self._cts_refs)
        self._chunks = fields.segment_chunks(made, self._benefit, self._header)
        self._sub_records = {
            year: self._member_lines(made, self._members, year) for year in made.plan.years
        }

    def people(self) -> Any:
        """Return which person stands behind which claim and role."""
        awarded = np.unique(self.made.segments.claim[self._benefit.is_awarded])
        return claim_people(self.made, "housing_benefit", self._claim_refs, awarded)

    def _member_lines(self, made: MadeDistrict, m: Members, year: int) -> Column:
        """Return the lines of a council tax year, of which deductions have the rates."""
        h, years = made.households, np.full(len(m.claim), year)
        opens = np.full(len(m.claim), year_start(year))
        taken = rent_deductions(h, made.circumstances, m.claim, opens, years)
        # Other adults follow the children, in the order in which they have their deductions.
        place = np.where(m.is_adult, m.number - 1 - h.dependants[m.claim], 0)
        weekly = taken[np.arange(len(place)), place]
        gross = np.where(m.is_adult & (place == 0), gross_pence(h, m.claim), 0)
        return fields.line(
            {
                1: text.constant(b"S", len(m.claim)),
                2: text.pick(self._claim_refs, m.claim),
                3: text.pick(self._cts_refs, m.claim),
                16: text.where(m.is_adult, text.numbers(m.birth % 8 + 1), b""),
                17: text.where(m.is_adult, text.numbers(weekly), b""),
                214: text.where(m.is_adult, text.numbers(gross), b""),
                308: text.where(m.is_adult, b"2", b"1"),
                309: text.numbers(410_000_000 + m.claim * 10 + m.number),
                310: DAY(np.maximum(m.birth, h.claim_start[m.claim])),
                315: DAY(m.birth),
            },
            self._header,
        )

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        month, made = position.month, self.made
        known = rows_known(made, self._benefit, position.index, month, month.start)
        rows = known.take(np.flatnonzero(known.is_last))
        asked, member = self._members.of(rows.claim)
        # Each claim's line, then those of its members.
        order = np.argsort(np.concatenate([np.arange(len(rows.claim)), asked]), kind="stable")
        lines = text.chunks(
            [self._claim_lines(rows, position), text.pick(self._sub_records[month.year], member)]
        )
        table = Table(
            f"{made.district.slug}_shbe_{month.first:%Y%m}.csv",
            [str(number) for number in self._header],
            text.pick(lines, order),
            DIALECT,
            first_row=3,
        )
        laid = Laid.of(rows, asked, order)
        pence = np.where(laid.is_member, 0, self._benefit.weekly[rows.segment][laid.row])
        planted = spoil({"shbe": table}, laid.records(pence))
        spoilt = rows.claim[laid.row[laid.parent[spoilt_rows(planted, "member")]]]
        self.planted += of_told_claims(made, "row_set_aside", self._cts_refs, [month], spoilt)
        self._write_file(folder / table.file_name, table, position)
        return self._counts(position, rows, laid, table, planted), planted

    def _claim_lines(self, rows: Rows, position: Position) -> Column:
        month, segment = position.month, rows.segment
        faces = face.claim_face_rows(self.made, rows.claim, month)
        is_closed = rows.status == ENDED
        head, partner, sexes = (text.pick(chunk, faces) for chunk in self._faces)
        chunks = [text.pick(chunk, segment) for chunk in self._chunks]
        return text.lines(
            [
                head,
                chunks[0],
                text.numbers(np.where(is_closed, 0, rows.status)),
                chunks[1],
                partner,
                chunks[2],
                sexes,
                chunks[3],
                DAY(np.where(is_closed, rows.end, OPEN)),
                chunks[4],
                text.where(is_closed, b"1", b""),
                chunks[5],
            ],
            b",",
        )

    def _write_file(self, path: Path, table: Table, position: Position) -> None:
        """Write header, management information, claims, and the kinds of rows not taken."""
        width = len(self._header)
        others = [b"A", b"C", b"T"] * (1 + position.index % 3)
        tail = b"".join(kind + b"," * (width - 1) + b"\n" for kind in others)
        header = ",".join(table.columns).encode() + b"\n"
        text.write(path, [header, b"G" + b"," * (width - 1) + b"\n", table.lines, tail])
        self.structural_rows = 2 + len(others)

    def _counts(
        self, position: Position, rows: Rows, laid: Laid, table: Table, planted: list[Planted]
    ) -> list[dict[str, Any]]:
        """Return the counts; a row that gives incomes takes them with it when it is spoilt."""
        benefit, segment, is_good = self._benefit, rows.segment, laid.good_claims(planted)
        common = {"file_name": table.file_name, "physical_rows": len(table.lines)}
        of_record = {
            name: len([p for p in planted if p.kind.record == name])
            for name in ("claim", "member", "income")
        }
        clean = {
            "claim": int(is_good.sum()),
            "member": laid.good_members(planted),
            "income": int(fields.income_counts(benefit)[segment][is_good].sum()),
        }
        counts: list[dict[str, Any]] = [
            {"record": name, **common, "planted_rows": of_record[name], "clean_rows": clean[name]}
            for name in clean
        ]
        counts[0]["clean_gbp"] = int(benefit.weekly[segment][is_good].sum())
        # Only the position at the month's end is told: it counts from when the benefit began.
        since = benefit.since[segment]
        counts[0]["measures"] = measures(benefit, rows, since, is_good, position.month)
        return counts


def claim_refs(claim: Ints) -> Column:
    """Return Housing Benefit claim numbers of nine digits."""
    return text.numbers(700_000_000 + claim * 13)


def _face_chunks(
    made: MadeDistrict, faces: face.ClaimFaces, claim_refs: Column, cts_refs: Column
) -> list[Column]:
    """Return the parts of a claim's line that tell who: fields 1 to 8, 126, 177 and 178."""
    claimant, partner = faces.claimant, faces.partner
    someone = np.maximum(partner, 0)
    head = [
        b"D",
        text.pick(claim_refs, faces.claim),
        text.pick(cts_refs, faces.claim),
        face.ninos(made, claimant),
        DAY(made.people.birth[claimant]),
    ]
    sexes = [
        text.where(made.people.is_female[claimant], b"2", b"1"),
        DAY(np.where(partner < 0, OPEN, made.people.birth[someone])),
    ]
    return [text.join(head, b","), face.ninos(made, partner), text.join(sexes, b",")]
