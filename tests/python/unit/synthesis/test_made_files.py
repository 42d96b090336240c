"""The made files say what the truth ledger says, and their sums hold: read by a second reader."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import made_files as readers
import pytest
from small_county import PLAN, SLUGS

from openlsi.cli.synthesise import DEMO
from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.synthesis.district import make_district

CODES = {
    "ashford": "E07000105",
    "dartford": "E07000107",
    "folkestone-and-hythe": "E07000112",
    "gravesham": "E07000109",
    "swale": "E07000113",
    "tunbridge-wells": "E07000116",
}
MONTHS = [month.first for month in PLAN.extract_months]
WIDE = ("dartford", "tunbridge-wells")
# The district that is two months late with everything.
LATE = "tunbridge-wells"
Truth = dict[str, list[dict[str, Any]]]


def months_of(slug: str) -> list[date]:
    return MONTHS[:-2] if slug == LATE else MONTHS


def planted(truth: Truth, slug: str, feed: str, month: date) -> Counter[tuple[Any, ...]]:
    return Counter(
        (row["record"], row["record_file_name"], row["record_source_row"], row["reason"])
        for row in truth["faults"]
        if row["district_code"] == CODES[slug]
        and (row["feed"], row["month"], row["is_superseded"]) == (feed, month, False)
    )


def found(record: str, rows: list[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    return Counter((record, row["file"], row["row"], row["bad"]) for row in rows if "bad" in row)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_second_reader_finds_every_planted_council_tax_fault_and_no_other(
    county: Home, truth: Truth, slug: str
) -> None:
    for month in months_of(slug):
        accounts, balances = readers.council_tax(county.inbox, slug, month)
        assert found("account", accounts) + found("balance", balances) == planted(
            truth, slug, "council_tax", month
        )


@pytest.mark.parametrize("slug", SLUGS)
def test_a_second_reader_finds_every_planted_cts_fault_and_no_other(
    county: Home, truth: Truth, slug: str
) -> None:
    for month in months_of(slug):
        awards = readers.cts(county.inbox, slug, month)
        assert found("award", awards) == planted(truth, slug, "cts", month)


def test_every_reason_is_planted_somewhere_in_every_layout(truth: Truth) -> None:
    everywhere = {
        "missing_required", "bad_date", "bad_number", "unknown_code", "duplicate_key",
        "end_before_start",
    }  # fmt: skip
    extra = {
        "ashford": {"missing_lookup"},
        "swale": {"missing_lookup", "field_count"},
        "tunbridge-wells": set(),
    }
    for slug in SLUGS:
        for feed in ("council_tax", "cts"):
            reasons = {
                row["reason"]
                for row in truth["faults"]
                if (row["district_code"], row["feed"]) == (CODES[slug], feed)
            }
            expected = everywhere | extra.get(slug, {"field_count"})
            if feed == "council_tax":
                expected = expected | {"does_not_add"}
            if feed == "council_tax" and slug == "tunbridge-wells":
                expected = expected | {"field_count"}
            assert reasons == expected, (slug, feed)


def pounds_of(row: dict[str, Any]) -> Decimal:
    """Return the control column as it stands in a bad balance row, nought where unreadable."""
    if row["bad"] == "field_count":
        return Decimal(0)
    text, unit = row["control"]
    try:
        return readers.money(text, unit)
    except readers.BadRowError:
        return Decimal(0)


@pytest.mark.parametrize("slug", ["ashford", "folkestone-and-hythe", "gravesham", "swale"])
def test_planted_pounds_are_those_of_the_row(county: Home, truth: Truth, slug: str) -> None:
    for month in months_of(slug):
        _, balances = readers.council_tax(county.inbox, slug, month)
        said = {
            (row["record_file_name"], row["record_source_row"]): row["gbp"]
            for row in truth["faults"]
            if row["district_code"] == CODES[slug]
            and (row["feed"], row["record"], row["month"]) == ("council_tax", "balance", month)
        }
        assert said == {
            (row["file"], row["row"]): pounds_of(row) for row in balances if "bad" in row
        }


@pytest.mark.parametrize("slug", SLUGS)
def test_rows_and_pounds_are_those_of_the_truth(county: Home, truth: Truth, slug: str) -> None:
    for month in months_of(slug):
        accounts, balances = readers.council_tax(county.inbox, slug, month)
        awards = readers.cts(county.inbox, slug, month)
        rows = {"account": accounts, "balance": balances, "award": awards}
        control = {"balance": "balance", "award": "weekly"}
        for said in truth["extracts"]:
            key = (said["district_code"], said["month"], said["is_superseded"])
            if key != (CODES[slug], month, False) or said["feed"] not in ("council_tax", "cts"):
                continue
            clean = [row for row in rows[said["record"]] if "bad" not in row]
            assert said["clean_rows"] == len(clean)
            if said["record"] != "balance" or slug not in WIDE:
                # A bad year of account is told notice by notice, a good one once.
                assert said["physical_rows"] == len(rows[said["record"]])
            assert said["physical_rows"] == said["clean_rows"] + said["planted_rows"]
            if said["record"] in control:
                assert said["clean_gbp"] == sum(row[control[said["record"]]] for row in clean)


def test_faults_of_look_up_tables_are_where_the_truth_says(county: Home, truth: Truth) -> None:
    elsewhere = [
        row
        for row in truth["faults"]
        if row["district_code"] == CODES["ashford"] and row["file_name"] != row["record_file_name"]
    ]
    assert {row["reason"] for row in elsewhere} >= {"bad_date", "end_before_start", "unknown_code"}
    bad = {"2026-02-31 00:00:00", "1950-01-01 00:00:00", "J", "7", "99", "N/A", "XX"}
    bad |= {"31-FEB-2026", "01-JAN-1950", "ZZ9", "#REF!"}
    for row in elsewhere:
        header, rows = readers.csv_rows(county.inbox / "ashford" / row["file_name"])
        line = dict(rows)[row["source_row"]]
        assert line[header.index(row["source_column"])] in bad


def test_piped_trailers_hold_what_is_in_the_file(county: Home) -> None:
    def total(values: list[str], place: int, width: int) -> int:
        if len(values) != width:
            return 0
        return int(values[place]) if values[place].lstrip("-").isdigit() else 0

    for path in sorted((county.inbox / "folkestone-and-hythe").glob("*.txt")):
        lines = readers.piped_lines(path)
        tags = Counter(line[0] for line in lines)
        assert lines[0][:3] == ["H", *path.name.split(".")[0:3:2]]
        if ".CTAX." in path.name:
            pence = sum(total(line, 12, 14) for line in lines if line[0] == "B")
            assert lines[-1] == ["T", str(tags["A"]), str(tags["B"]), str(pence)]
        elif ".GRANTS." in path.name:
            pence = sum(total(line, 7, 14) for line in lines if line[0] == "W")
            assert lines[-1] == ["T", str(tags["W"]), str(pence)]
        elif ".UC." in path.name:
            pence = sum(total(line, 33, 35) for line in lines if line[0] == "A")
            assert lines[-1] == ["T", str(tags["A"]), str(pence), str(tags["D"])]
        else:
            pence = sum(total(line, 18, 24) for line in lines if line[0] == "C")
            assert lines[-1] == ["T", str(tags["C"]), str(pence)]


def test_a_re_issue_is_later_and_corrects_awards(county: Home, truth: Truth) -> None:
    folder = county.inbox / "folkestone-and-hythe"
    (again,) = folder.glob("*.R2.txt")
    first = folder / again.name.replace(".R2", "")
    assert readers.piped_lines(again)[0][3] > readers.piped_lines(first)[0][3]
    superseded = [row for row in truth["extracts"] if row["is_superseded"]]
    assert [row["file_name"] for row in superseded] == [first.name]
    (right,) = (row for row in truth["extracts"] if row["file_name"] == again.name)
    before, after = (sum(r["weekly"] for r in readers.piped_cts(p) if "bad" not in r)
                     for p in (first, again))  # fmt: skip
    assert (before, after) == (superseded[0]["clean_gbp"], right["clean_gbp"])
    assert before < after


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def days_in(row: dict[str, Any], month: date) -> int:
    first, last = max(row["from"], month), min(row["to"], readers.month_end(month))
    return (last - first).days + 1


@pytest.mark.parametrize("slug", SLUGS)
def test_accrual_and_adjustments_are_those_of_the_truth(
    county: Home, truth: Truth, slug: str
) -> None:
    columns = ("clean_accrued_gbp", "clean_retrospective_gbp", "clean_posted_gbp")
    said = {
        row["month"]: tuple(row[column] for column in columns)
        for row in truth["extracts"]
        if row["district_code"] == CODES[slug] and row["feed"] == "cts" and not row["is_superseded"]
    }
    for month in months_of(slug):
        clean = [row for row in readers.cts(county.inbox, slug, month) if "bad" not in row]
        assert all(days_in(row, month) > 0 for row in clean)
        accrued = sum(rounded(row["weekly"] * days_in(row, month) / 7) for row in clean)
        totals = (accrued, sum(row["late"] for row in clean), sum(row["posted"] for row in clean))
        assert totals == said[month]


def claims_with_a_bad_row(county: Home, slug: str, months: list[date]) -> set[str]:
    """Return the claims that lack a row somewhere, by account where the bad row has no claim."""
    rows = [row for month in months for row in readers.cts(county.inbox, slug, month)]
    bad = [row for row in rows if "bad" in row]
    unnamed = {row["account"] for row in bad if not row.get("claim")}
    return {row["claim"] for row in bad if row.get("claim")} | {
        row["claim"] for row in rows if "bad" not in row and row["account"] in unnamed
    }


def test_credits_posted_are_what_has_accrued_and_what_is_still_to_come(county: Home) -> None:
    """Per claim, from April: posted − accrued − adjusted = the open award's days to 31 March."""
    checked = dict.fromkeys(SLUGS, 0)
    adjusted = 0
    for slug in SLUGS:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        year = [month for month in months_of(slug) if month >= date(2024, 4, 1)]
        spoilt = claims_with_a_bad_row(county, slug, year)
        for number, month in enumerate(year, start=1):
            to_come = (date(2025, 3, 31) - readers.month_end(month)).days
            rest: dict[str, Decimal] = defaultdict(Decimal)
            for row in readers.cts(county.inbox, slug, month):
                if "bad" in row or row["claim"] in spoilt:
                    continue
                sums[row["claim"]] += row["posted"] - row["late"]
                sums[row["claim"]] -= rounded(row["weekly"] * days_in(row, month) / 7)
                adjusted += row["late"] != 0
                is_open = row["to"] > readers.month_end(month)
                rest[row["claim"]] += row["weekly"] * to_come / 7 if is_open else 0
            for claim, posted in sums.items():
                out = abs(posted - rest[claim])
                assert out <= Decimal("0.02") + Decimal("0.01") * number, (slug, month, claim)
                checked[slug] += 1
    assert min(checked.values()) > 300
    # Late decisions are few in so small a county: each district need not have one.
    assert adjusted > 0


@pytest.mark.parametrize("slug", SLUGS)
def test_accounts_carry_the_credits_of_their_claims(county: Home, slug: str) -> None:
    """CTR on the bills of a year is what the claims of the district have been credited."""
    for month in months_of(slug)[6:]:
        _, balances = readers.council_tax(county.inbox, slug, month)
        credits = {
            row["key"]: row["ctr"] for row in balances if "bad" not in row and row["year"] == 2024
        }
        for award in readers.cts(county.inbox, slug, month):
            if "bad" not in award and award["account"] in credits and award["status"] != "ended":
                assert credits[award["account"]] > 0


@pytest.mark.parametrize("slug", SLUGS)
def test_receipts_in_the_month_are_the_change_of_receipts(county: Home, slug: str) -> None:
    before: dict[tuple[str, int], dict[str, Any]] = {}
    compared = 0
    for month in months_of(slug):
        _, balances = readers.council_tax(county.inbox, slug, month)
        now = {(row["key"], row["year"]): row for row in balances if "bad" not in row}
        for key in now.keys() & before.keys():
            for total, moved in (("paid", "paid_month"), ("write_off", "write_off_month")):
                assert now[key][total] - before[key][total] == now[key][moved]
            compared += 1
        before = now
    assert compared > 500


@pytest.mark.parametrize("slug", SLUGS)
def test_instalments_due_lie_between_nothing_and_the_charge(county: Home, slug: str) -> None:
    for month in months_of(slug):
        _, balances = readers.council_tax(county.inbox, slug, month)
        for row in balances:
            if "bad" not in row:
                net = row["gross"] - row["discount"] - row["ctr"]
                assert 0 <= row["due"] <= max(net, Decimal(0))
                if row["year"] < (month.year if month.month >= 4 else month.year - 1):
                    assert row["due"] == max(net, Decimal(0))


def test_no_account_ends_before_it_begins_in_any_district_of_the_demo() -> None:
    """At full size, for what one household in a hundred thousand does shows nowhere else."""
    for district in load_configuration(Home(Path("nowhere"))).districts:
        accounts = make_district(DEMO, district).accounts
        assert (accounts.end >= accounts.start).all(), district.slug
