"""A late district's last months are nowhere, and a column is renamed from its month on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_county import PLAN

from openlsi.home import Home
from openlsi.synthesis.delivery_habits import BY_DISTRICT, MONTHS_NEEDED, Habits, Renamed, habits_of
from openlsi.synthesis.plan import Month, Plan

LATE = "E07000116"
HEADER = b"Claim,Weekly Award,To\n"
ROWS = b"Weekly Award,1.00,x\n\xa3,2.00,y\n"
RENAMED = Habits(renamed={"cts": Renamed(date(2025, 10, 1), {"Weekly Award": "Weekly CTR"})})


def test_nothing_is_noted_or_written_of_the_months_that_a_late_district_has_not_delivered(
    county: Home, truth: dict[str, list[dict[str, Any]]]
) -> None:
    months = [month.first for month in PLAN.extract_months]
    for table in ("extracts", "deliveries", "stock", "measures"):
        noted = {row["month"] for row in truth[table] if row["district_code"] == LATE}
        assert noted == set(months[:-2]), table
        others = {row["month"] for row in truth[table] if row["district_code"] != LATE}
        assert others == set(months), table
    for table in ("faults", "calibration"):
        assert not {r["month"] for r in truth[table] if r["district_code"] == LATE} & set(
            months[-2:]
        )
    files = [path.name for path in (county.inbox / "tunbridge-wells").iterdir()]
    assert {name for name in files if "2024-10" in name or "202411" in name} == set()
    assert {name for name in files if "2024-09" in name or "202409" in name} != set()


@pytest.mark.parametrize(
    ("feed", "month", "header"),
    [
        ("cts", date(2025, 9, 1), HEADER),
        ("cts", date(2025, 10, 1), b"Claim,Weekly CTR,To\n"),
        ("cts", date(2026, 4, 1), b"Claim,Weekly CTR,To\n"),
        ("council_tax", date(2025, 10, 1), HEADER),
    ],
)
def test_a_column_has_its_other_name_in_the_header_alone_and_from_its_month_on(
    tmp_path: Path, feed: str, month: date, header: bytes
) -> None:
    path = tmp_path / "made-up.csv"
    path.write_bytes(HEADER + ROWS)
    RENAMED.rename(feed, Month(month), path)
    assert path.read_bytes() == header + ROWS


def test_a_short_demo_is_delivered_whole_by_everybody() -> None:
    short = Plan(months=MONTHS_NEEDED - 1, until="2026-10", sample=0.1, seed=1)
    for code in BY_DISTRICT:
        assert habits_of(short, code) == Habits()
        assert all(habits_of(short, code).delivers(short, place) for place in range(5))
