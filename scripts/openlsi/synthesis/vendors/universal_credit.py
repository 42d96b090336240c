"""Universal Credit awards as shared for CTS: tagged lines, pence, a trailer with totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis import text
from openlsi.synthesis.circumstances import OWNER, PRIVATE
from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.faults import Kind, Planted, Record, Table
from openlsi.synthesis.names import SURNAMES
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.places import district_index
from openlsi.synthesis.plan import OPEN, Ints, Month
from openlsi.synthesis.planted import of_awards
from openlsi.synthesis.text import Column
from openlsi.synthesis.truth import PEOPLE, Spoil, spoilt_rows
from openlsi.synthesis.uc_amounts import REASONS, Amounts, amounts, draw_habits
from openlsi.synthesis.uc_claims import NO_CLAIM, Periods, draw_claims, periods_ending_in
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.claim_references import CLAIM_REFS
from openlsi.synthesis.vendors.piped import DAY, DIALECT, produced_at, written_pence

A = text.words(
    "tag uc_ref cts_claim_ref surname forenames dob nino p_surname p_forenames p_dob p_nino "
    "address postcode from to couple children standard child disabled_child health carer "
    "childcare housing tenure to_landlord earnings earnings_taper other_income capital cap "
    "award deducted paid cts_interest"
)
D = text.words("tag uc_ref from reason amount")
FAULTS = [
    Kind("award", "missing_required", "uc_key", "uc_ref"),
    Kind("award", "bad_date", "period_end", "to", value=b"20260231"),
    Kind("award", "bad_number", "net_award_gbp", "paid", value=b"#REF!"),
    Kind("award", "bad_number", "earnings_gbp", "earnings", value=b"N/A"),
    Kind("award", "unknown_code", "housing_tenure", "tenure", value=b"Q"),
    Kind("award", "duplicate_key", "uc_key", "uc_ref", "repeat"),
    Kind("award", "end_before_start", "period_end", "to", value=b"19500101"),
    Kind("award", "does_not_add", "net_award_gbp", "paid", "shift"),
    Kind("award", "field_count", "", "cts_interest", "short"),
    Kind("deduction", "missing_required", "uc_key", "uc_ref"),
    Kind("deduction", "bad_number", "deduction_gbp", "amount", value=b"N/A"),
    Kind("deduction", "unknown_code", "deduction_reason", "reason", value=b"ZZZ"),
    Kind("deduction", "duplicate_key", "uc_key", "uc_ref", "repeat"),
]
SHARE_MISSPELT, SHARE_UNMATCHED, SHARE_NOT_ASKED = 0.015, 0.04, 0.02


class UniversalCredit:
    """Writes the Universal Credit file of a district, month by month."""

    faults = FAULTS
    structural_rows = 2

    def __init__(self, made: MadeDistrict) -> None:
        self.made, self.claims = made, draw_claims(made)
        self._habits = draw_habits(made, self.claims)
        rng = made.plan.generator(made.district.code, "universal credit writing")
        claims, count = self.claims, len(self.claims)
        self._refs = uc_refs(made, np.arange(count))
        is_quoted = (claims.household != NO_CLAIM) & (rng.random(count) >= SHARE_UNMATCHED)
        quoted = CLAIM_REFS[made.district.feeds["cts"]](np.maximum(claims.household, 0))
        heads = text.join([b"A", self._refs, text.where(is_quoted, quoted, b"")], b"|")
        is_misspelt = rng.random(count) < SHARE_MISSPELT
        leads = self._person(claims.lead, claims.birth, is_misspelt)
        no_one, correct = np.full(count, NO_ONE), np.zeros(count, dtype=np.bool_)
        # The three states of a claim: on its own, with its first partner, with its later one.
        self._people = text.chunks(
            [
                text.join([heads, leads, self._person(who, claims.partner_birth, correct)], b"|")
                for who in (no_one, claims.partner, claims.partner_later)
            ]
        )
        homes = (claims.account, np.maximum(claims.second_account, 0))
        self._homes = text.chunks([self._home(account) for account in homes])
        # What the awards written so far hold, for the truth ledger.
        self.planted: list[pa.Table] = []
        self._asked = (claims.household == NO_CLAIM) | (rng.random(count) >= SHARE_NOT_ASKED)

    def _person(self, person: Ints, birth: Ints, is_misspelt: np.ndarray) -> Column:
        """Return name, birth date and number; the department knows everybody's number."""
        made = self.made
        born = np.where(person == NO_ONE, OPEN, birth)
        surnames = face.surnames(made, person)
        wrong = text.pool([name[:2] + name[1:] for name in SURNAMES])
        misspelt = text.pick(wrong, made.people.surname[np.maximum(person, 0)])
        return text.join(
            [
                text.where(is_misspelt & (person != NO_ONE), misspelt, surnames),
                face.forenames(made, person),
                DAY(born),
                face.true_ninos(made, person),
            ],
            b"|",
        )

    def _home(self, account: Ints) -> Column:
        street, town = face.address_lines(self.made, account)
        return text.join(
            [text.join([street, town], b", "), face.postcodes(self.made, account)], b"|"
        )

    def write(
        self, position: Position, folder: Path, spoil: Spoil
    ) -> tuple[list[Any], list[Planted]]:
        """Write one month; return the count of each record and the planted faults."""
        month, code = position.month, self.made.district.code
        name = f"{code}.UC.{month.first:%Y%m}.txt"
        periods = periods_ending_in(self.claims, month)
        made = amounts(self.made, self.claims, self._habits, periods)
        # One deduction a row: the period it is taken from, and its place among the reasons.
        period, reason = np.nonzero(made.debts)
        owed = made.debts[period, reason]
        paid = made.award - made.deducted
        tables = {
            "A": Table(name, A, self._award_lines(periods, made, paid), DIALECT),
            "D": Table(name, D, self._debt_lines(periods, period, reason, owed), DIALECT),
        }
        records = {
            "award": Record("A", np.arange(len(paid)), paid, {"paid": paid}),
            "deduction": Record("D", np.arange(len(owed))),
        }
        planted = spoil(tables, records)
        tables["D"].first_row = 2 + len(tables["A"].lines)
        lines = [len(table.lines) for table in tables.values()]
        total = written_pence(paid, planted, "award")
        head = b"|".join([b"H", code.encode(), f"{month.first:%Y%m}".encode(), produced_at(month)])
        tail = f"T|{lines[0]}|{total}|{lines[1]}\r\n".encode()
        text.write(folder / name, [head + b"\r\n", tables["A"].lines, tables["D"].lines, tail])
        spoilt = {record: spoilt_rows(planted, record) for record in records}
        return [
            self._award_count(name, position, periods, made, spoilt["award"])
            | _rows("award", lines[0], planted),
            _debt_count(name, reason, owed, spoilt["deduction"])
            | _rows("deduction", lines[1], planted),
        ], planted

    def _award_lines(self, periods: Periods, made: Amounts, paid: Ints) -> Column:
        who, claims = periods.claim, self.claims
        later = (periods.end >= claims.phase_day[who]).astype(np.int64)
        people = who + len(claims) * made.is_couple * (1 + later)
        moved = (periods.end >= claims.move_day[who]).astype(np.int64)
        tenure = claims.tenure[who]
        kinds = text.where(tenure == OWNER, b"N", text.where(tenure == PRIVATE, b"P", b"S"))
        is_direct = self._habits.is_to_landlord[who]
        elements = [made.standard, made.child, made.disabled_child, made.health, made.carer,
                    made.childcare, made.housing]  # fmt: skip
        rest = [made.earnings, made.earnings_taper, made.other_income, claims.capital[who],
                made.cap, made.award, made.deducted, paid]  # fmt: skip
        pieces = [
            text.pick(self._people, people),
            text.pick(self._homes, who + len(claims) * moved),
            DAY(periods.start),
            DAY(periods.end),
            yes(made.is_couple),
            *map(text.numbers, [made.children, *elements]),
            kinds,
            text.where(tenure == OWNER, b"", yes(is_direct)),
            *map(text.numbers, rest),
            yes(self._asked[who]),
        ]
        return text.lines(pieces, b"|", b"\r\n")

    def _debt_lines(self, periods: Periods, period: Ints, reason: Ints, owed: Ints) -> Column:
        pieces = [
            b"D",
            text.pick(self._refs, periods.claim[period]),
            DAY(periods.start[period]),
            text.pick(text.pool(list(REASONS)), reason),
            text.numbers(owed),
        ]
        return text.lines(pieces, b"|", b"\r\n")

    def _award_count(
        self, name: str, position: Position, periods: Periods, made: Amounts, spoilt: Ints
    ) -> dict[str, Any]:
        month, paid = position.month, made.award - made.deducted
        good = np.ones(len(paid), dtype=np.bool_)
        good[spoilt] = False
        asked = good & self._asked[periods.claim]
        household = self.claims.household[periods.claim]
        has_support = np.isin(household, position.awards.claim)
        before = share_before(month, periods, made.award)
        has_lost = made.earnings * (periods.end >= self.claims.hours_day[periods.claim]) > 0
        self.planted += of_awards(
            self.made, self._refs, month, (periods, made),
            {
                "uc_without_cts": asked & (household == NO_CLAIM) & (made.award > 0),
                "benefit_cap": good & (made.cap > 0),
                "lost_hours": good & has_lost,
            },
        )  # fmt: skip
        measures = {
            "awards": (good & (made.award > 0), made.award),
            "deducted": (good & (made.deducted > 0), made.deducted),
            "cts_interest": (asked, made.award),
            "asked_without_support": (asked & ~has_support & (made.award > 0), made.award),
            "award_before_month": (good & (periods.start < month.start), before),
            "award_in_month": (good, made.award - before),
        }
        return {
            "record": "award",
            "file_name": name,
            "clean_rows": int(good.sum()),
            "clean_gbp": int(paid[good].sum()),
            "measures": {
                measure: (int(chosen.sum()), int(pence[chosen].sum()))
                for measure, (chosen, pence) in measures.items()
            },
        }

    def people(self) -> pa.Table:
        """Return who stands behind each reference, as `truth.PEOPLE`."""
        claims, code = self.claims, self.made.district.code
        refs = [str(ref, "ascii") for ref in self._refs.to_pylist()]
        households = [
            f"{code}-H{one}" if one != NO_CLAIM else None for one in claims.household.tolist()
        ]
        roles = {"claimant": [claims.lead], "partner": [claims.partner, claims.partner_later]}
        tables = []
        for role, columns in roles.items():
            person = np.max(columns, axis=0)
            tables.append(
                pa.table(
                    {
                        "district_code": [code] * len(claims),
                        "feed": ["universal_credit"] * len(claims),
                        "record": ["award"] * len(claims),
                        "role": [role] * len(claims),
                        "source_ref": refs,
                        "person_id": [f"{code}-P{one}" for one in person.tolist()],
                        "household_id": households,
                    },
                    schema=PEOPLE,
                ).filter(pa.array(person != NO_ONE))
            )
        return pa.concat_tables(tables)


def uc_refs(made: MadeDistrict, claim: Ints) -> Column:
    """Return references of twelve digits, no two alike in the county."""
    first = 700_000_000_000 + district_index(made.district.code) * 1_000_000_000
    return text.numbers(first + claim * 13, 12)


def yes(condition: np.ndarray) -> Column:
    """Return Y or N."""
    return text.where(condition, b"Y", b"N")


def share_before(month: Month, periods: Periods, pence: Ints) -> Ints:
    """Return what of each award falls before the month, by days and to the nearest penny."""
    days = np.maximum(month.start - periods.start, 0)
    whole = periods.end - periods.start + 1
    return np.asarray((2 * pence * days + whole) // (2 * whole), dtype=np.int64)


def _debt_count(file_name: str, reason: Ints, owed: Ints, spoilt: Ints) -> dict[str, Any]:
    good = np.ones(len(owed), dtype=np.bool_)
    good[spoilt] = False
    measures = {}
    for place, (name, _, _) in enumerate(REASONS.values()):
        own = good & (reason == place)
        if own.any():
            measures[f"deduction_{name}"] = (int(own.sum()), int(owed[own].sum()))
    return {
        "record": "deduction",
        "file_name": file_name,
        "clean_rows": int(good.sum()),
        "measures": measures,
    }


def _rows(record: str, physical: int, planted: list[Planted]) -> dict[str, Any]:
    own = len([one for one in planted if one.kind.record == record])
    return {"physical_rows": physical, "planted_rows": own}
