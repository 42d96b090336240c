"""What pages and sheets of a pack say, and that no value of a household is more than a text."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
import yaml
from made_packs import (
    campaign,
    contact,
    contents,
    entry,
    facts,
    member,
    missing_pension_credit,
    zipped,
)

from openlsi.campaigns.outcomes import COLUMNS
from openlsi.packs import words
from openlsi.packs.pages import PAGE_ROWS

ROOT = Path(__file__).resolve().parents[4]
HOSTILE = (
    "<script>window.ran=1</script>",
    '"><img src=x onerror="window.ran=1">',
    "' onmouseover='window.ran=1",
    "</script><script>window.ran=1//",
    "javascript:window.ran=1",
    "{{ 7*7 }}{% for %}",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1+1",
    "../../../etc/passwd",
    "Ann\u202ekoorB\u2066x\u200b",
    "nul\x00 bell\x07 esc\x1b[31m",
    "line\u2028and\u2029line\r\nx",
    "\ud800 alone",
    "长名" * 5000,
    "</title></head><body onload=window.ran=1>",
    "<!--", "]]>", "&lt;b&gt;",
)  # fmt: skip


class Marks(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def marks(content: bytes) -> Marks:
    found = Marks()
    found.feed(content.decode())
    return found


def hostile_entries() -> list:
    of = [member(campaign())]
    return [
        entry(
            number, contact(text, text, text), facts(**missing_pension_credit()), of, ("made_up",)
        )
        for number, text in enumerate(HOSTILE)
    ]


def test_a_page_tells_a_household_line_by_line() -> None:
    one = entry(1, contact("Ann Brook"), facts(**missing_pension_credit()))
    text = " ".join(marks(contents([one])["households/household1.html"]).text.split())
    for said in (
        "Ann Brook", "May be contacted", "1 High Street, Ashford, XK10 1AA", "310000001",
        "Pension Credit £32.55 £141.07 £141.07 £0.00 The rules come to an award and nothing is in"
        " payment Every input is told",
        "Standard minimum guarantee £11,343.80 added SI 2002/1792 reg 6(1)",
        "Warm Home Discount: The income is not told.",
        "Every household, person and address in this pack is made up",
        "For A. Officer only, to be used for: Telling households. Delete by 19 January 2027.",
    ):  # fmt: skip
        assert said in text, said


def test_who_may_not_be_contacted_is_told_before_anything_else() -> None:
    one = entry(1, contact("Ann Brook"), facts("is_in_breathing_space"))
    text = marks(contents([one])["households/household1.html"]).text
    assert text.index("Do not contact") < text.index("Who, where and under what reference")
    assert "no contact about a debt" in text


def test_earlier_contacts_are_told_first_and_with_what_came_of_them() -> None:
    told = {"contacted_on": date(2026, 2, 5), "awarded_on": date(2026, 3, 1),
            "annualised_gbp": Decimal("1692.60")}  # fmt: skip
    of = [member(campaign(), reported=told), member(campaign("other"), "holdout")]
    recognised = {"campaign_key": "other", "awarded_date": date(2026, 4, 1),
                  "annualised_gbp": Decimal("50.00"), "one_off_gbp": None}  # fmt: skip
    one = entry(1, contact("Ann Brook"), facts(recognised=[recognised]), of, ("made_up",))
    text = " ".join(marks(contents([one])["households/household1.html"]).text.split())
    first = "Contacted on 5 February 2026 for The made_up campaign already."
    assert text.index(first) < text.index("Who, where and under what reference")
    assert (
        "The made_up campaign refmade_up To contact contacted 5 February 2026; awarded 1 March"
        " 2026; a year £1,692.60 No award"
    ) in text
    assert (
        "The other campaign refother Held out: not contacted Nothing yet Award from 1 April 2026,"
        " £50.00 a year more"
    ) in text


def test_a_hostile_value_makes_no_tag_no_attribute_and_no_link() -> None:
    plain = [
        entry(
            n, contact("Ann"), facts(**missing_pension_credit()), [member(campaign())], ("made_up",)
        )
        for n in range(len(HOSTILE))
    ]
    quiet, loud = contents(plain), contents(hostile_entries())
    assert set(quiet) == set(loud)
    for name in quiet:
        if not name.endswith(".html"):
            continue
        before, after = marks(quiet[name]), marks(loud[name])
        assert before.tags == after.tags, name


def test_no_text_keeps_what_hides_or_turns_it() -> None:
    for name, content in contents(hostile_entries()).items():
        if name.endswith((".html", ".csv", ".js")):
            text = content.decode("utf-8").removeprefix("\ufeff")
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text), (
                name
            )


def test_every_page_forbids_all_but_its_own_files() -> None:
    for name, content in contents(hostile_entries()).items():
        if not name.endswith(".html"):
            continue
        found = marks(content)
        (policy,) = [a["content"] for t, a in found.tags if a.get("http-equiv")]
        assert policy == (
            "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none';"
            " form-action 'none'"
        )
        for tag, attributes in found.tags:
            assert tag not in ("style", "img", "iframe", "base", "object")
            assert not [one for one in attributes if one.startswith("on") or one == "style"]
            for where in (attributes.get("href"), attributes.get("src")):
                assert where is None or re.fullmatch(r"(\.\./)?[\w#/.-]+", where), where
            assert tag != "script" or attributes["src"] in ("assets/list.js", "assets/pack.js")


def test_files_are_named_by_reference_alone() -> None:
    for name in contents(hostile_entries()):
        assert re.fullmatch(r"[a-z0-9_-]+(/[a-z0-9_-]+)?\.(html|css|js|csv|xlsx)", name), name


def test_the_list_as_data_is_what_the_list_says() -> None:
    one = entry(1, contact("Ann </script> Brook"), facts(**missing_pension_credit()))
    text = contents([one])["assets/list.js"].decode("ascii")
    assert "<" not in text
    (told,) = json.loads(text.removeprefix("window.packList=").removesuffix(";\n"))
    assert told["names"] == "Ann </script> Brook"
    assert told["missing"] == [["pc", "Pension Credit £32.55"]]
    assert (told["most"], told["council_tax"], told["may"]) == (32.55, 120.5, True)


def test_a_long_list_has_pages_for_readers_without_a_script() -> None:
    many = [entry(number, contact(f"Ann {number}"), facts()) for number in range(PAGE_ROWS + 1)]
    found = contents(many)
    assert found["list-2.html"].count(b"<tr>") == 2
    assert b'href="list-2.html"' in found["index.html"]
    assert b'href="index.html"' in found["list-2.html"]


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_no_cell_of_a_csv_is_a_formula() -> None:
    found = contents(hostile_entries())
    cells = [c for name in found if name.endswith(".csv") for row in rows(found[name]) for c in row]
    assert any(cell.startswith("'=cmd") for cell in cells)
    for cell in cells:
        assert not cell.startswith(("=", "@", "\t", "\r", "+")), cell
        assert not cell.startswith("-") or re.fullmatch(r"-[\d.]+", cell), cell


def test_the_workbook_holds_the_same_as_texts_and_numbers() -> None:
    found = contents(hostile_entries())
    book = openpyxl.load_workbook(io.BytesIO(found["households.xlsx"]))
    assert book.sheetnames == ["Notes", "Households", "What may be missing", "Line by line, a year"]
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None, cell.value
    listed = [list(row) for row in book["What may be missing"].iter_rows(values_only=True)]
    assert [row[7] for row in listed[2:]] == [32.55] * len(HOSTILE)
    assert len(rows(found["missing.csv"])) == len(HOSTILE) + 1


def test_the_form_for_outcomes_lists_whom_the_campaign_may_contact() -> None:
    of, more = member(campaign()), member(campaign("estates"))
    entries = [
        entry(1, contact("Ann"), facts(), [of, more], ("made_up", "estates")),
        entry(2, contact("Bea"), facts("is_deceased"), [of], ("made_up",)),
        entry(3, contact("Cay"), facts()),
    ]
    found = contents(entries)
    assert rows(found["outcomes/made_up.csv"]) == [[*COLUMNS], ["refmade_up", *[""] * 8]]
    assert rows(found["outcomes/estates.csv"])[1][0] == "refestates"


def test_equal_packs_are_equal_bytes() -> None:
    assert zipped(hostile_entries())[1] == zipped(hostile_entries())[1]


def accepted(path: str, column: str) -> set[str]:
    (model,) = yaml.safe_load((ROOT / "models/marts" / path).read_text("utf-8"))["models"]
    (found,) = [one for one in model["columns"] if one["name"] == column]
    (told,) = [one["accepted_values"] for one in found["data_tests"] if "accepted_values" in one]
    return set(told["arguments"]["values"])


def test_every_code_has_words() -> None:
    reasons = accepted("entitlements/fct_entitlements.yml", "reason_code")
    assert reasons == {*words.MISSING, *words.SETTLED, *words.NOT_TOLD}
    assert accepted("entitlements/fct_entitlements.yml", "confidence") == set(words.SURE)
    debts = "debts/fct_household_debts.yml"
    assert accepted(debts, "ability_reason") == set(words.ABILITY_WHY)
    classes = (ROOT / "seeds").rglob("living_standards_classes.csv")
    told = list(csv.DictReader(next(classes).read_text("utf-8").splitlines()))
    assert {one["living_standards_class"]: one["class_label"] for one in told} == words.CLASSES
    benefits = next((ROOT / "seeds").rglob("benefits.csv")).read_text("utf-8").splitlines()
    assert {
        r["benefit_code"]: r["benefit_name"] for r in csv.DictReader(benefits)
    } == words.BENEFITS


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "£0.00"), (-1234.5, "−£1,234.50"), (1234.567, "£1,234.57")],
)
def test_pounds_have_pence_and_what_is_not_told_a_dash(value: float | None, text: str) -> None:
    assert words.pounds(value) == text
