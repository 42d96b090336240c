"""The known oddities of the Single Housing Benefit Extract, on small files of its real width."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from openlsi.extract.chain import Ledger
from openlsi.extract.ledger import landing_files
from openlsi.extract.loading import load
from openlsi.home import Home

Fields = dict[int, str]
# As the headers of the two widths stand in published code that reads them.
NEWER = [
    number
    for first, last in ((1, 4), (8, 9), (11, 126), (130, 211), (213, 278), (284, 287),
                        (290, 299), (307, 311), (315, 341))
    for number in range(first, last + 1)
]  # fmt: skip
OLDER = [number for number in NEWER if number not in (307, 315)]


def claim(ref: str, **changed: str) -> Fields:
    """Return a claim's fields; `f12="3"` changes field 12."""
    fields = {
        1: "D", 2: ref, 3: f"CTR-{ref}", 4: "AB123456C", 8: "20/04/1960", 9: "4", 11: "XK34 1QG",
        12: "0", 13: "1", 14: "0", 33: "1", 34: "1", 41: "06/05/2019", 43: "9876", 44: "99999",
        57: "12000", 58: "88888", 75: "150000", 123: "0", 181: "65000", 182: "4",
    }  # fmt: skip
    return fields | {int(name[1:]): value for name, value in changed.items()}


def child(ref: str, number: int = 1, **changed: str) -> Fields:
    """Return the fields of a dependant below a claim."""
    fields = {1: "S", 2: ref, 308: "1", 309: f"{ref}{number}", 310: "01/02/2018",
              315: "01/02/2018"}  # fmt: skip
    return fields | {int(name[1:]): value for name, value in changed.items()}


def laid(rows: list[Fields], numbers: list[int]) -> str:
    """Return a file: header, and each row as wide as it."""
    lines = [",".join(str(number) for number in numbers)]
    lines += [",".join(row.get(number, "") for number in numbers) for row in rows]
    return "\n".join(lines) + "\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def loaded(
    home: Home, rows: list[Fields], numbers: list[int] = NEWER, text: str | None = None
) -> dict[str, Any]:
    """Load one month of Swale and return what the ledger says of it."""
    folder = home.inbox / "swale"
    folder.mkdir(parents=True)
    content = laid(rows, numbers) if text is None else text
    (folder / "swale_shbe_202610.csv").write_text(content, encoding="utf-8")
    assert load(home).refused == []
    (event,) = Ledger.read(home).accepted()
    return event


def landed(home: Home, record: str) -> list[dict[str, Any]]:
    """Return the landed rows of a record in the order of the file."""
    (path,) = landing_files(home)[("housing_benefit", record)]
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return sorted(rows, key=lambda row: row["source_row"])


def reasons(event: dict[str, Any]) -> list[tuple[str, str, str | None, int]]:
    """Return record, reason, column and rows of what was set aside."""
    return [
        (one["record"], one["reason"], one["column_name"], one["rows"])
        for one in event["quarantine_reasons"]
    ]


@pytest.mark.parametrize(("numbers", "age"), [(NEWER, 8), (OLDER, None)])
def test_both_widths_are_read_and_the_older_tells_no_birth_date_of_a_child(
    home: Home, numbers: list[int], age: int | None
) -> None:
    event = loaded(home, [claim("700000001"), child("700000001")], numbers)
    assert (event["accepted_rows"], event["quarantined_rows"]) == (2, 0)
    (found,), (member,) = landed(home, "claim"), landed(home, "member")
    assert found["weekly_hb_gbp"] == Decimal("98.76")
    assert found["contractual_rent_gbp"] == Decimal("650.00")
    assert found["contractual_rent_period"] == "monthly"
    assert (found["tenancy"], found["claim_from"]) == ("housing_association", date(2019, 5, 6))
    assert member["age_at_month_end"] == age
    assert member["claim_key"] == found["claim_key"]


def test_a_comma_in_a_value_moves_its_own_row_and_no_other(home: Home) -> None:
    rows = [claim("700000001"), claim("700000002", f11="Flat 1, XK34 1QG"), claim("700000003")]
    event = loaded(home, rows)
    assert reasons(event) == [("claim", "field_count", None, 1)]
    assert [row["source_row"] for row in landed(home, "claim")] == [2, 4]
    assert event["accepted_gbp"] == "197.52"


def test_a_postcode_among_the_passports_is_set_aside_with_its_pounds(home: Home) -> None:
    event = loaded(home, [claim("700000001"), claim("700000002", f12="XK34 1QG", f77="5000")])
    assert reasons(event) == [("claim", "unknown_code", "passport", 1)]
    assert (event["accepted_gbp"], event["quarantined_gbp"]) == ("98.76", "98.76")
    assert landed(home, "income") == []


def test_a_sub_record_without_its_claim_is_not_given_to_the_claim_above(home: Home) -> None:
    event = loaded(
        home, [claim("700000001"), child("700000001"), child("700000009"), claim("700000002")]
    )
    assert reasons(event) == [("member", "missing_lookup", "claim_key", 1)]
    first, _ = landed(home, "claim")
    assert [row["claim_key"] for row in landed(home, "member")] == [first["claim_key"]]


def test_a_sub_record_below_a_claim_that_cannot_be_read_is_set_aside_with_it(home: Home) -> None:
    event = loaded(
        home,
        [claim("700000001"), claim("700000002", f11="Flat 1, XK34 1QG"), child("700000002")],
    )
    assert reasons(event) == [
        ("claim", "field_count", None, 1),
        ("member", "missing_lookup", "claim_key", 1),
    ]
    assert landed(home, "member") == []


def test_default_national_insurance_numbers_are_nobodys(home: Home) -> None:
    loaded(
        home,
        [claim("700000001", f4="XX999999D"), claim("700000002", f4="XX999123A"), claim("7000003")],
    )
    keys = [row["claimant_nino_key"] for row in landed(home, "claim")]
    assert keys[:2] == [None, None]
    assert keys[2] is not None


def test_council_tax_benefit_is_read_from_no_field(home: Home) -> None:
    loaded(home, [claim("700000001", f44="99999", f58="88888", f34="7")])
    (row,) = landed(home, "claim")
    assert Decimal("98.76") in row.values()
    assert not {Decimal("999.99"), Decimal("888.88")} & set(row.values())


def test_incomes_are_those_that_are_not_nil_each_by_whose_and_what_it_is(home: Home) -> None:
    loaded(
        home,
        [
            claim("700000001", f76="20000", f77="12345", f84="2605", f85="1000", f105="0",
                  f123="1", f162="17625", f292="9205", f294="3695"),
        ],
    )  # fmt: skip
    found = [
        (row["person_role"], row["income_kind"], row["income_code"], row["income_gbp"])
        for row in landed(home, "income")
    ]
    assert sorted(found) == [
        ("claimant", "child_benefit", "84", Decimal("26.05")),
        ("claimant", "child_benefit", "85", Decimal("10.00")),
        ("claimant", "employment_net", "77", Decimal("123.45")),
        ("claimant", "esa", "292", Decimal("92.05")),
        ("claimant", "esa", "294", Decimal("36.95")),
        ("partner", "state_pension", "162", Decimal("176.25")),
    ]


def test_kinds_of_rows_that_are_not_taken_are_structural_and_unknown_ones_set_aside(
    home: Home,
) -> None:
    others = [{1: kind, 2: "700000001"} for kind in "ACEGPRT"]
    event = loaded(home, [{1: "G"}, claim("700000001"), *others, {1: "Z", 2: "700000001"}])
    assert event["structural_rows"] == 1 + 1 + len(others)
    assert (event["accepted_rows"], event["quarantined_rows"]) == (1, 1)
    assert reasons(event) == [("unknown", "unknown_code", "record type", 1)]


def test_since_when_a_child_is_in_the_household_does_not_leave_the_zone(home: Home) -> None:
    loaded(home, [claim("700000001"), child("700000001", f310="14/03/2018", f315="14/03/2018")])
    (member,) = landed(home, "member")
    assert date(2018, 3, 14) not in member.values()
    assert (member["age_at_month_end"], member["is_born_from_2017_04_06"]) == (8, True)
