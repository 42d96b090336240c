"""Formats and titles print what the real Evidence 40 prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_project import FIXTURES

from openlsi.report.data import Table
from openlsi.report.javascript_engine import JavaScript

PROJECT = Path(__file__).resolve().parents[4]
EXPECTED: dict[str, Any] = json.loads((FIXTURES / "evidence_formats.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def js() -> JavaScript:
    return JavaScript()


def column(name: str, values: list[Any], kind: str = "number") -> Table:
    return Table((name,), (kind,), tuple((value,) for value in values))


def test_the_oracle_is_not_empty() -> None:
    assert len(EXPECTED["columns"]) > 40 and len(EXPECTED["fmt"]) > 100


@pytest.mark.parametrize("case", EXPECTED["columns"], ids=lambda c: f"{c['name']}{c['values']}")
def test_a_column_prints_as_in_evidence(js: JavaScript, case: dict[str, Any]) -> None:
    table = column(case["name"], case["values"])
    assert js.format_column(table, case["name"], None, with_units=False) == case["value"]
    assert js.format_column(table, case["name"], None, with_units=True) == case["cell"]


def test_every_format_code_prints_as_in_evidence(js: JavaScript) -> None:
    for case in EXPECTED["fmt"]:
        table = column("x", [case["value"]])
        assert js.format_column(table, "x", case["tag"]) == [case["cell"]], case
        code = f"fmt({case['value']}, {json.dumps(case['tag'])})"
        assert js.evaluate(code, ()) == ("string", case["fmt"]), case


def test_dates_print_as_in_evidence_whatever_the_time_zone(js: JavaScript) -> None:
    for case in EXPECTED["dates"]:
        table = column("m", ["2026-03-01T00:00:00"], "date")
        assert js.format_column(table, "m", case["tag"]) == [case["text"]], case


def test_titles_are_those_of_evidence(js: JavaScript) -> None:
    assert [[name, js.title(name)] for name, _ in EXPECTED["titles"]] == EXPECTED["titles"]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("1234.5", "#,##0.00", "1,234.50"),
        ("0.5", '0.0" km"', "0.5 km"),
        ("2", "0.0\\\\x", "2.0x"),
        ("-3", "[Red]0;(0)", "(3)"),
        ("12000", "0.00E+00", "1.20E+04"),
        ("5", '"£"0_)', "£5 "),
        ("0.25", "# ?/4", " 1/4"),
        ("'Ash'", "@", "Ash"),
        ("2.5", "General", "2.5"),
        ("new Date('2026-03-01T09:05:07Z')", "ddd d mmm yyyy", "Sun 1 Mar 2026"),
        ("new Date('2026-03-01T09:05:07Z')", "YYYY-MM-DD h:mm:ss AM/PM", "2026-03-01 9:05:07 AM"),
        ("new Date('2026-03-01T09:05:07Z')", "[h]:mm:ss.0", "1105977:05:07.0"),
    ],
)
def test_a_code_of_ones_own_is_a_format(js: JavaScript, value: str, code: str, text: str) -> None:
    assert js.evaluate(f"fmt({value}, '{code}')", ()) == ("string", text)


def test_nothing_prints_a_dash(js: JavaScript) -> None:
    assert js.format_column(column("a_gbp", [None, 1]), "a_gbp", None) == ["-", "£1"]


def test_a_project_adds_formats_of_its_own(js: JavaScript) -> None:
    js.add_format("ukdate", "d mmm yyyy", "date")
    assert js.evaluate("fmt(new Date('2026-03-01T00:00:00Z'), 'ukdate')", ()) == (
        "string",
        "1 Mar 2026",
    )
    table = column("seen_ukdate", ["2026-03-09T00:00:00"], "date")
    assert js.format_column(table, "seen_ukdate", None) == ["9 Mar 2026"]


@pytest.mark.parametrize(
    ("pounds", "text"),
    [
        (0, "£0"),
        (9_500, "£9,500"),
        (940_000, "£940,000"),
        (999_500, "£1.0m"),
        (60_123_456, "£60.1m"),
        (-5_000, "-£5,000"),
        (-1_200_000, "-£1,200,000"),
    ],
)
def test_a_large_figure_of_a_small_county_keeps_its_digits(
    js: JavaScript, pounds: int, text: str
) -> None:
    folder = PROJECT / "reports" / ".evidence" / "customization"
    formats = json.loads((folder / "custom-formatting.json").read_text("utf-8"))["customFormats"]
    (fit,) = [one for one in formats if one["formatTag"] == "gbpfit"]
    js.add_format(fit["formatTag"], fit["formatCode"], fit["valueType"])
    assert js.call("openlsiFormats.fmt", pounds, "gbpfit") == text
