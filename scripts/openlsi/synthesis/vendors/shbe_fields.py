"""The numbered fields of the Single Housing Benefit Extract, and what the demo puts in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.circumstances import ASSOCIATION, COUNCIL, PRIVATE
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.housing_benefit import (
    ESA,
    INCOME_SUPPORT,
    JSA,
    PENSION_CREDIT,
    HousingBenefit,
)
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.vendors import columns as face

# Header of the two widths seen in files of one council, as inclusive spans of field numbers.
_SPANS = (
    (1, 4), (8, 9), (11, 126), (130, 211), (213, 278), (284, 287), (290, 299), (307, 311),
    (315, 341),
)  # fmt: skip
NEWER_ONLY = frozenset({307, 315})
CLAIMANT_INCOMES = {
    "employment_net": 77, "self_employment_net": 79, "attendance_allowance": 82,
    "child_benefit": 84, "tax_credits": 98, "dla_care": 99, "dla_mobility": 100,
    "carers_allowance": 103, "state_pension": 105, "other": 113, "pension_credit_savings": 183,
    "occupational_pension": 187, "esa": 292, "esa_support": 296,
}  # fmt: skip
PARTNER_INCOMES = {"employment_net": 134, "state_pension": 162, "war_pension": 163}
_TENANCIES = {COUNCIL: b"1", ASSOCIATION: b"4", PRIVATE: b"3"}
_PASSPORTS = {INCOME_SUPPORT: b"1", JSA: b"2", PENSION_CREDIT: b"3", ESA: b"4"}
# What a month's rows tell apart stands between these spans: status, partner, dates of closing.
_BREAKS = ((9, 32), (34, 125), (130, 176), (179, 201), (203, 209), (211, 341))


def header(is_older: bool) -> list[int]:
    """Return the field numbers of a file in order."""
    numbers = [number for first, last in _SPANS for number in range(first, last + 1)]
    # The newer width has 307 to 311 and 315 on, the older 308 to 311 and 316 on.
    return [number for number in numbers if not (is_older and number in NEWER_ONLY)]


def line(values: Mapping[int, Column], numbers: Sequence[int]) -> Column:
    """Return whole lines of the fields given, empty in all others."""
    return text.join([text.join(pieces(values, numbers), b","), b"\n"], b"")


def pieces(values: Mapping[int, Column], numbers: Sequence[int]) -> list[Column | bytes]:
    """Return the pieces between commas; a run of empty fields is one piece."""
    found: list[Column | bytes] = []
    empty = 0
    for number in numbers:
        if number not in values:
            empty += 1
            continue
        if empty:
            found.append(b"," * (empty - 1))
        found.append(values[number])
        empty = 0
    return [*found, b"," * (empty - 1)] if empty else found


def segment_chunks(
    made: MadeDistrict, benefit: HousingBenefit, numbers: Sequence[int]
) -> list[Column]:
    """Return the parts of a claim's line that hold for a whole award period."""
    values = _segment_values(made, benefit)
    chunks = []
    for first, last in _BREAKS:
        own = [number for number in numbers if first <= number <= last]
        of_chunk = {number: values[number] for number in own if number in values}
        if not of_chunk:
            of_chunk = {own[0]: text.constant(b"", len(benefit.weekly))}
        chunks.append(text.join(pieces(of_chunk, own), b","))
    return chunks


def income_counts(benefit: HousingBenefit) -> Ints:
    """Return how many incomes the line of each award period gives."""
    given = [benefit.incomes[kind] for kind in CLAIMANT_INCOMES]
    given += [benefit.partner_incomes[kind] for kind in PARTNER_INCOMES]
    return np.asarray(np.sum([amounts != 0 for amounts in given], axis=0), dtype=np.int64)


def _segment_values(made: MadeDistrict, benefit: HousingBenefit) -> dict[int, Column]:
    s, h, c = made.segments, made.households, made.circumstances
    claim = s.claim
    partners_capital = np.where(benefit.has_partner, c.capital[claim] // 4, 0)
    values = {
        9: _coded(c.tenure[claim], _TENANCIES),
        11: face.postcodes(made, made.segment_account),
        12: _coded(benefit.passport, _PASSPORTS),
        13: text.numbers(h.dependants[claim]),
        14: text.numbers(h.non_dependants[claim]),
        34: text.constant(b"1", len(claim)),
        41: text.Dates("%d/%m/%Y")(benefit.since),
        43: text.numbers(benefit.weekly),
        # Council tax support is not mapped: it only has to be there.
        44: text.numbers(s.weekly_award),
        57: text.numbers(benefit.eligible_rent),
        58: text.numbers(s.weekly_charge),
        73: text.numbers(benefit.assessed_income),
        75: text.numbers(c.capital[claim] - partners_capital),
        123: text.where(benefit.has_partner, b"1", b"0"),
        239: text.where(benefit.has_partner, text.numbers(partners_capital), b""),
        285: text.where(benefit.has_partner & (claim % 3 == 0), b"1", b"0"),
        307: text.where(benefit.lha > 0, face.postcodes(made, claim[::-1]), b""),
    }
    return values | _rents(benefit) | _premiums(made, benefit) | _incomes(benefit)


def _rents(benefit: HousingBenefit) -> dict[int, Column]:
    """Return the rent as the tenancy has it: by the month from private landlords."""
    is_lha = benefit.lha > 0
    monthly = np.round(benefit.rent * 52 / 12).astype(np.int64)
    return {
        62: text.where(is_lha, b"1", b""),
        181: text.numbers(np.where(is_lha, monthly, benefit.rent)),
        182: text.where(is_lha, b"4", b"1"),
        206: text.where(is_lha, text.numbers(benefit.bedrooms), b""),
        209: text.where(is_lha, text.numbers(benefit.lha), b""),
    }


def _premiums(made: MadeDistrict, benefit: HousingBenefit) -> dict[int, Column]:
    c, h, claim = made.circumstances, made.households, made.segments.claim
    is_disabled, is_family = c.is_disabled[claim], h.dependants[claim] > 0
    flags = {
        115: is_family,
        117: is_disabled,
        118: made.pension_means.has_severe_disability & made.segments.is_pension,
        119: is_family & (claim % 25 == 4),
        120: c.is_carer[claim],
        121: is_disabled & (claim % 4 == 0),
    }
    return {number: text.where(flag, b"1", b"0") for number, flag in flags.items()}


def _incomes(benefit: HousingBenefit) -> dict[int, Column]:
    amounts = {n: benefit.incomes[kind] for kind, n in CLAIMANT_INCOMES.items()}
    amounts |= {n: benefit.partner_incomes[kind] for kind, n in PARTNER_INCOMES.items()}
    values = {number: text.numbers(pence) for number, pence in amounts.items()}
    return values | {
        76: text.numbers(amounts[77] * 5 // 4),
        133: text.numbers(amounts[134] * 5 // 4),
    }


def _coded(index: Ints, codes: Mapping[int, bytes]) -> Column:
    words = [codes.get(number, b"0").decode() for number in range(max(codes) + 1)]
    return text.pick(text.pool(words), index)
