"""The benefit tables of the vendor with table sets, rendered once a district."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.circumstances import ASSOCIATION, COUNCIL, OWNER, PRIVATE
from openlsi.synthesis.claim_members import Members
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.faults import Table
from openlsi.synthesis.housing_benefit import HousingBenefit
from openlsi.synthesis.names import SURNAMES
from openlsi.synthesis.people import FORENAMES
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.vendors import columns as face
from openlsi.synthesis.vendors.academy_cts import claim_refs
from openlsi.synthesis.vendors.academy_tables import DAY, DIALECT, line

# Days as the database's timestamps; text columns of the same tables hold plain dates.
MOMENT = text.Dates("%Y-%m-%d 00:00:00")
COLUMNS = {
    "hbclaim": text.words("claim_id check_digit status_ind cancel_date"),
    "hbhousehold": text.words(
        "claim_id house_id from_date to_date addr1 addr2 post_code uprn inc_supp_ind"
        " ben_cap_level_ind"
    ),
    "hbmember": text.words(
        "claim_id house_id member_id type surname forename birth_date nino gender carer_ind"
        " disable_ind"
    ),
    "hbincome": text.words("claim_id house_id inc_amt freq_period freq_len inc_code"),
    "hbinccode": text.words("code to_date descrip1"),
    "hbrentass": text.words(
        "claim_id from_date to_date type_ind dhp_ind payee_ind model_amt local_amt thresh_amt"
    ),
    "hbctaxclaim": text.words("claim_id ctax_claim_id ctax_ref"),
    "hbtenancy": text.words(
        "claim_id house_id tenure_code rent_amt freq_len elig_rent lha_beds lha_rate capital_amt"
    ),
}
# Codes of the demo's own making: the vendor's are each council's to set.
_INCOME_CODES = {
    "employment_net": ("WAG", "Net earnings"),
    "self_employment_net": ("SEM", "Net profit"),
    "state_pension": ("SRP", "State Pension"),
    "occupational_pension": ("OCC", "Occupational pension"),
    "pension_credit_savings": ("PSC", "Pension Credit savings credit"),
    "tax_credits": ("CTC", "Tax credits"),
    "other": ("OTH", "Other income"),
    "child_benefit": ("CHB", "Child Benefit"),
    "attendance_allowance": ("ATT", "Attendance Allowance"),
    "dla_care": ("PDL", "PIP daily living"),
    "dla_mobility": ("PMO", "PIP mobility"),
    "carers_allowance": ("CAR", "Carer's Allowance"),
    "esa": ("ESA", "ESA"),
    "esa_support": ("ESG", "ESA support component"),
}
# The tables do not say whose an income is: this council has codes of its own for partners'.
_PARTNER_CODES = {
    "employment_net": ("WAP", "Partner's net earnings"),
    "state_pension": ("SPP", "Partner's State Pension"),
    "war_pension": ("WDP", "Partner's war pension"),
}
_MONTHLY = frozenset({"employment_net", "occupational_pension"})
_FOUR_WEEKLY = frozenset({"state_pension", "child_benefit", "dla_care", "dla_mobility"})


@dataclass(frozen=True)
class SegmentLines:
    """What each award period gives its tables, rendered: claim and house, start, home, amounts."""

    head: Column
    start: Column
    home: Column
    amounts: Column
    tenancy: Column


@dataclass(frozen=True)
class PersonTails:
    """What `hbmember` says of each person after claim and house: by claim face, and of members."""

    claimant: Column
    partner: Column
    member: Column


@dataclass(frozen=True)
class Incomes:
    """Lines of `hbincome`, ordered by award period."""

    segment: Ints
    lines: Column

    def of(self, segment: Ints) -> tuple[Ints, Ints]:
        """Return for some periods the place of each in the question, and the line, in order."""
        first = np.searchsorted(self.segment, segment)
        counts = np.searchsorted(self.segment, segment, side="right") - first
        asked = np.repeat(np.arange(len(segment)), counts)
        within = np.arange(len(asked)) - np.repeat(np.cumsum(counts) - counts, counts)
        return asked, np.repeat(first, counts) + within


def segment_lines(made: MadeDistrict, benefit: HousingBenefit) -> SegmentLines:
    """Render what holds for a whole award period."""
    s, c, money = made.segments, made.circumstances, text.plain_money()
    claim, is_lha = s.claim, benefit.lha > 0
    street, town = face.address_lines(made, made.segment_account)
    head = text.join([claim_refs(claim), text.numbers(benefit.house)], b",")
    home = [
        text.join([b'"', street, b'"'], b""),
        town,
        face.postcodes(made, made.segment_account),
        face.uprns(made, made.segment_account, 12),
        text.numbers(benefit.passport),
        text.where(claim % 150 == 7, b"1", b"0"),
    ]
    is_council = c.tenure[claim] == COUNCIL
    amounts = [
        b"1",
        b"0",
        text.where(is_council, b"0", text.where(claim % 2 == 0, b"1", b"2")),
        money(benefit.weekly - benefit.local),
        money(benefit.local),
        text.constant(b"0.00", len(claim)),
    ]
    monthly = np.round(benefit.rent * 52 / 12).astype(np.int64)
    tenures = [{OWNER: "", COUNCIL: "LA", ASSOCIATION: "HA", PRIVATE: "PR"}[n] for n in range(4)]
    tenancy = [
        head,
        text.pick(text.pool(tenures), c.tenure[claim]),
        money(np.where(is_lha, monthly, benefit.rent)),
        text.where(is_lha, b"3", b"2"),
        money(benefit.eligible_rent),
        text.where(is_lha, text.numbers(benefit.bedrooms), b""),
        text.where(is_lha, money(benefit.lha), b""),
        _pounds(c.capital[claim]),
    ]
    return SegmentLines(
        head=head,
        start=MOMENT(s.start),
        home=text.join(home, b","),
        amounts=text.join(amounts, b","),
        tenancy=line(tenancy),
    )


def _pounds(pence: Ints) -> Column:
    # Capital is beyond what the money pool holds, and whole pounds.
    return text.join([text.numbers(pence // 100), b".00"], b"")


def person_tails(made: MadeDistrict, members: Members) -> PersonTails:
    """Render every person that a claim is assessed with."""
    c, faces = made.circumstances, face.ClaimFaces.of(made)
    pairs = [(faces.claimant, b"1", b"1"), (faces.partner, b"2", b"2")]
    claimant, partner = (
        line(
            [
                number,
                kind,
                face.surnames(made, person, is_upper=True),
                face.forenames(made, person, is_upper=True),
                DAY(made.people.birth[np.maximum(person, 0)]),
                face.ninos(made, person),
                text.where(made.people.is_female[np.maximum(person, 0)], b"2", b"1"),
                text.where((kind == b"1") & c.is_carer[faces.claim], b"1", b"0"),
                text.where((kind == b"1") & c.is_disabled[faces.claim], b"1", b"0"),
            ]
        )
        for person, number, kind in pairs
    )
    surnames = text.pool([name.upper() for name in SURNAMES])
    forenames = text.pool([name.upper() for name in FORENAMES])
    member = line(
        [
            text.numbers(members.number + 2),
            text.where(members.is_adult, b"4", b"3"),
            text.pick(surnames, made.people.surname[members.claim]),
            text.pick(forenames, members.forename),
            DAY(members.birth),
            b"",
            text.where(members.is_female, b"2", b"1"),
            b"0",
            text.where(members.birth % 19 == 0, b"1", b"0"),
        ]
    )
    return PersonTails(claimant, partner, member)


def list_incomes(benefit: HousingBenefit, head: Column) -> Incomes:
    """List every income of every award period, each as often a year as it is paid.

    `head` is the claim and house of each period.
    """
    told = [(kind, _INCOME_CODES[kind][0], pence) for kind, pence in benefit.incomes.items()]
    told += [
        (kind, _PARTNER_CODES[kind][0], pence) for kind, pence in benefit.partner_incomes.items()
    ]
    segments, rendered = [], []
    money = text.plain_money()
    for kind, word, pence in told:
        own = np.flatnonzero((pence > 0) & benefit.is_awarded)
        amount, period = _as_paid(kind, pence[own])
        segments.append(own)
        code = word.encode()
        how = text.constant(period + b"," + code, len(own))
        rendered.append(line([text.pick(head, own), money(amount), how]))
    segment = np.concatenate(segments)
    order = np.argsort(segment, kind="stable")
    return Incomes(segment[order], text.pick(text.chunks(rendered), order))


def _as_paid(kind: str, weekly: Ints) -> tuple[Ints, bytes]:
    """Return the sum paid at once, and how many periods of which length that is for."""
    if kind in _MONTHLY:
        return np.round(weekly * 52 / 12).astype(np.int64), b"1,3"
    if kind in _FOUR_WEEKLY:
        return weekly * 4, b"4,2"
    return weekly, b"1,2"


def income_codes() -> Column:
    """Return the lines of `hbinccode`."""
    codes = [*_INCOME_CODES.values(), *_PARTNER_CODES.values()]
    words = [f"{code},2099-12-31,{name}\n" for code, name in codes]
    return text.pool(words)


def tables_of(prefix: str, lines: dict[str, Column]) -> dict[str, Table]:
    """Return the tables by name, each a file with the same prefix."""
    return {
        name: Table(f"{prefix}{name}.csv", COLUMNS[name], rows, DIALECT)
        for name, rows in lines.items()
    }


def write_all(folder: Path, tables: dict[str, Table]) -> None:
    """Write each table under its header."""
    for table in tables.values():
        header = ",".join(table.columns).encode() + b"\n"
        text.write(folder / table.file_name, [header, table.lines])
