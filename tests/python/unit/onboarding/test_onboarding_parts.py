"""The parts of onboarding: how a file is written, what is in it, and what is not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from openlsi.config import District, load_configuration
from openlsi.extract.limits import FileLimits
from openlsi.extract.onboarding.dialect import Dialect, find_dialect
from openlsi.extract.onboarding.file_names import infer_pattern
from openlsi.extract.onboarding.matching import match_fields
from openlsi.extract.onboarding.naming import _with_line
from openlsi.extract.onboarding.profile import Profile, profile_file
from openlsi.extract.onboarding.proposal import Proposal, propose
from openlsi.extract.onboarding.vocabulary import Vocabulary, load_vocabulary
from openlsi.extract.patterns import match_name
from openlsi.extract.records import load_feed_definitions
from openlsi.extract.refusals import RefusedFileError
from openlsi.home import Home

NOWHERE = Home(Path("/nonexistent"))
LIMITS = FileLimits()
VOCABULARY: Vocabulary = load_vocabulary(NOWHERE)
DEFINITIONS = load_feed_definitions(NOWHERE)
SWALE = load_configuration(NOWHERE).district("swale")
HEADER = "Claim Ref,Account Ref,Surname,DOB,Weekly Award,Weekly Liability,From,To,Status"
ROW = "C{n},8{n},Pargeter,{born},{award},20.00,{begin},,{status}"


def dialect_of(text: str, encoding: str = "utf-8") -> Dialect:
    return find_dialect("a.csv", text.encode(encoding), LIMITS)


def profiled(text: str) -> Profile:
    content = text.encode()
    return profile_file("a.csv", content, find_dialect("a.csv", content, LIMITS), LIMITS)


def support(count: int = 60, **said: str) -> str:
    """Return a made-up CSV of awards; `said` replaces a column's text in every row."""
    fields = {"born": "14/02/1960", "award": "12.50", "begin": "01/04/2026", "status": "Live"}
    fields |= said
    rows = [ROW.format(n=100 + number, **fields) for number in range(count)]
    return "\n".join([HEADER, *rows, ""])


def proposed(text: str) -> Proposal:
    return propose(VOCABULARY, profiled(text), DEFINITIONS["cts"])


def mapping_of(proposal: Proposal, field: str) -> dict[str, object]:
    return next(one.mapping for one in proposal.proposed if one.field == field)


def decisions_of(proposal: Proposal, field: str) -> list[str]:
    return [one.text for one in proposal.decisions if one.field == field]


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("titles", [0, 1, 4])
def test_separator_and_title_lines_are_found(delimiter: str, titles: int) -> None:
    text = "Made-up awards, as at October\n" * titles + support().replace(",", delimiter)
    dialect = dialect_of(text)
    assert (dialect.delimiter, dialect.header_row) == (delimiter, titles + 1)
    assert dialect.header == HEADER.split(",")


def test_commas_inside_a_semicolon_file_do_not_win() -> None:
    rows = "\n".join(f"{number};1 High Street, Marsh End, Kent, ME1 1AA;x" for number in range(9))
    assert dialect_of(f"Ref;Address;Mark\n{rows}\n").delimiter == ";"


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_encodings_are_found(encoding: str, found: str) -> None:
    text = support().replace("Pargeter", "Brontë")
    dialect = dialect_of(text, encoding)
    assert (dialect.encoding, dialect.header[0]) == (found, "Claim Ref")


def test_line_ends_inside_values_are_found() -> None:
    text = support().replace("Live\n", '"Live\nor not"\n')
    assert dialect_of(text).has_line_breaks
    assert not dialect_of(support()).has_line_breaks


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            support().split("\n", 1)[1],
            "data in row 1, where the names of columns should be",
        ),
        (
            "H|1|2\n" + "C|AB123456C|Pargeter|x\nD|1\n" * 9,
            "lines of 3 kinds, told by their tags C, D, H",
        ),
        ("just\nsome\nlines\n", "no comma, semicolon, pipe or tab between fields"),
    ],
    ids=["no header", "tagged", "no table"],
)
def test_what_has_no_header_is_refused_and_nothing_of_it_is_quoted(text: str, told: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        dialect_of(text)
    assert f"found {told}; expected " in str(refused.value)
    assert not [said for said in ("Pargeter", "C100", "AB123456") if said in str(refused.value)]


def test_days_that_may_be_months_are_said_to_be_so() -> None:
    notes = [note for one in proposed(support(born="03/02/1960")).proposed for note in one.notes]
    assert any("every day is 12 or less" in note for note in notes)
    # One day above 12, in any column, tells the order of all.
    notes = [note for one in proposed(support()).proposed for note in one.notes]
    assert not any("every day is 12 or less" in note for note in notes)


@pytest.mark.parametrize(
    ("born", "told"),
    [("02/25/1960", "days after months"), ("25/02/60", "years of two digits")],
)
def test_dates_that_can_mean_two_days_are_left_to_decide(born: str, told: str) -> None:
    (decision,) = decisions_of(proposed(support(born=born)), "claimant_birth_date")
    assert decision.startswith(told)


@pytest.mark.parametrize(
    ("award", "form"), [("12.50", "plain"), ("£12.50", "currency"), ("1250", "pence")]
)
def test_forms_of_pounds_are_found(award: str, form: str) -> None:
    text = support(award=award)
    if form != "plain":
        text = text.replace(",20.00,", ",£20.00," if form == "currency" else ",2000,")
    assert proposed(text).money == form


def test_references_of_one_width_with_noughts_in_front_are_held_to_it() -> None:
    text = support()
    assert "length" not in mapping_of(proposed(text), "account_ref")
    padded = text.replace(",8", ",008")
    assert mapping_of(proposed(padded), "account_ref") == {"source": "Account Ref", "length": 6}
    # One of another width: which of them is the sender's cannot be told.
    assert "length" not in mapping_of(proposed(padded.replace(",008100,", ",8100,")), "account_ref")


def test_codes_are_read_or_left_to_decide_and_never_guessed() -> None:
    text = support(30) + support(30, status="ZZ").split("\n", 1)[1].replace("C1", "C2")
    proposal = proposed(text)
    assert mapping_of(proposal, "award_status")["codes"] == {"Live": "in_payment", "ZZ": "decide"}
    assert decisions_of(proposal, "award_status") == [
        '"ZZ" in 30 rows: one of in_payment, suspended, ended'
    ]


def test_a_name_that_slipped_into_a_column_of_codes_is_not_listed() -> None:
    slipped = support(1, status="Quillfeather").split("\n", 1)[1].replace("C1", "C3")
    proposal = proposed(support() + slipped)
    assert mapping_of(proposal, "award_status")["codes"] == {"Live": "in_payment"}
    (status,) = [one for one in proposal.proposed if one.field == "award_status"]
    assert status.notes == ["1 rows with values too rare to list: look at the file, or leave them"]
    assert "Quillfeather" not in repr(proposal)


def test_a_required_field_without_a_column_is_left_to_decide() -> None:
    proposal = proposed(support())
    assert mapping_of(proposal, "is_on_uc") == {"constant": "decide"}
    assert decisions_of(proposal, "is_on_uc") == [
        "no column found: name one as {source: COLUMN}, or, if none of this file's rows has any,"
        ' say {constant: "N"}'
    ]


def test_a_partners_column_is_never_taken_for_the_claimants() -> None:
    text = support().replace("Surname", "Partner Surname").replace("DOB", "Partner DOB")
    found = match_fields(
        VOCABULARY, "cts", profiled(text).columns, DEFINITIONS["cts"].records["award"], []
    )
    assert found["partner_surname"].column == "Partner Surname"
    assert found["partner_birth_date"].column == "Partner DOB"
    assert not {"claimant_surname", "claimant_birth_date"} & set(found)


@pytest.mark.parametrize("feed", sorted(DEFINITIONS))
def test_every_field_is_found_by_its_own_name_and_no_other_takes_it(feed: str) -> None:
    for name, record in DEFINITIONS[feed].records.items():
        for field in record.mapped:
            header = field.removesuffix("_gbp").replace("_", " ")
            own = VOCABULARY.field_likeness(header, feed, field)
            assert own == 1.0, f"{feed}.{name}.{field}"


@pytest.mark.parametrize(
    ("header", "feed", "field"),
    [
        ("NI number", "cts", "claimant_nino"),
        ("National Insurance No.", "cts", "claimant_nino"),
        ("ClaimantNINO", "cts", "claimant_nino"),
        ("Date of Birth", "cts", "claimant_birth_date"),
        ("Ptnr DOB", "cts", "partner_birth_date"),
        ("CTR Weekly Award Amount (£)", "cts", "weekly_award_gbp"),
        ("Case No", "cts", "claim_ref"),
        ("CTax Acc No", "cts", "account_ref"),
        ("Non-Deps", "cts", "non_dependant_count"),
        ("Post Code", "council_tax", "postcode"),
        ("O/S Balance", "council_tax", "balance_gbp"),
        ("Wkly Elig Rent", "housing_benefit", "weekly_eligible_rent_gbp"),
        ("LCWRA", "universal_credit", "health_element_gbp"),
        ("Rent A/C No", "rent", "rent_account_ref"),
    ],
)
def test_usual_headers_are_nearest_to_their_field(header: str, feed: str, field: str) -> None:
    record = next(iter(DEFINITIONS[feed].records.values()))
    if field not in record.mapped:
        record = next(one for one in DEFINITIONS[feed].records.values() if field in one.mapped)
    nearest = max(record.mapped, key=lambda one: VOCABULARY.field_likeness(header, feed, one))
    assert nearest == field
    assert VOCABULARY.field_likeness(header, feed, field) >= 0.45


@pytest.mark.parametrize(
    ("name", "pattern", "sent_as"),
    [
        ("Swale CTS 202610.csv", "{slug} CTS {yyyymm}.csv", None),
        ("ctr_E07000113_2026-10.txt", "ctr_{code}_{yyyy-mm}.txt", None),
        ("awards_202610_20261103T060000.csv", "awards_{yyyymm}_{produced}.csv", None),
        ("October awards.XLSX", "{slug}_cts_{yyyymm}.xlsx", "swale_cts_202610.xlsx"),
        ("run0417_202610.csv", "{slug}_cts_{yyyymm}.csv", "swale_cts_202610.csv"),
        ("CTS_31102026.csv", "{slug}_cts_{yyyymm}.csv", "swale_cts_202610.csv"),
        ("awards_202609.csv", "{slug}_cts_{yyyymm}.csv", "swale_cts_202610.csv"),
    ],
)
def test_the_pattern_of_a_name_is_found_or_a_better_name_is_proposed(
    name: str, pattern: str, sent_as: str | None
) -> None:
    from datetime import date

    assert isinstance(SWALE, District)
    found = infer_pattern(name, SWALE, "cts", date(2026, 10, 1))
    assert (found.pattern, found.name) == (pattern, sent_as or name)
    facts = match_name(found.pattern, found.name)
    assert facts is not None
    assert facts.month == date(2026, 10, 1)


def test_marks_in_one_column_are_several_fields() -> None:
    header = "Account Ref,Property Ref,Band,Liable From,Discount,Pay Method,Markers,Year,Balance"
    marks = ("SEN;ANON", "DEC", "", "WARM;SEN")
    rows = "\n".join(
        f"7{number:05d},9{number:05d},A,01/04/2024,None,Cash,{marks[number % 4]},2026/27,1.00"
        for number in range(40)
    )
    proposal = propose(VOCABULARY, profiled(f"{header}\n{rows}\n"), DEFINITIONS["council_tax"])
    seen = {"source": "Markers", "flags": ["ANON", "DEC", "SEN", "WARM"], "flag_separator": ";"}
    assert mapping_of(proposal, "has_deceased_marker") == {**seen, "flag": "DEC"}
    assert mapping_of(proposal, "is_anonymous_elector") == {**seen, "flag": "ANON"}
    # No row has a mark for it, so how it would be marked is not known.
    assert mapping_of(proposal, "has_insolvency_marker") == {"constant": "decide"}


def test_a_district_without_a_plain_list_of_feeds_is_left_alone() -> None:
    assert isinstance(SWALE, District)
    flowing = "districts:\n  - {code: E07000113, feeds: {cts: wide_cts}}\n"
    assert _with_line(flowing, SWALE, "rent", "new") is None
    plain = (
        "districts:\n  - code: E07000113\n    feeds: # theirs\n      cts: wide_cts\n  - code: X\n"
    )
    assert _with_line(plain, SWALE, "cts", "new") == plain.replace("wide_cts", "new")
    assert _with_line(plain, SWALE, "rent", "new") == plain.replace(
        "theirs\n", "theirs\n      rent: new\n"
    )
