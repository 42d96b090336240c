"""How near the made-up districts come to the published figures that they are calibrated to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis.district import MadeDistrict, Position
from openlsi.synthesis.plan import year_days, year_label
from openlsi.synthesis.posting import ENDED
from openlsi.synthesis.targets import interpolated_years

MONEY = pa.decimal128(18, 2)
CALIBRATION = pa.schema(
    [
        ("district_code", pa.string()),
        ("month", pa.date32()),
        ("financial_year", pa.string()),
        ("age_group", pa.string()),
        ("is_band_d_interpolated", pa.bool_()),
        ("target_gbp", MONEY),
        ("made_gbp", MONEY),
        ("off_pct", pa.float64()),
        ("claim_count", pa.int64()),
        ("on_uc_count", pa.int64()),
        ("uc_households_published", pa.int64()),
    ]
)


class Closeness:
    """Compares the awards open at the end of the first month and of each October."""

    def __init__(self, made: MadeDistrict) -> None:
        self._made = made
        self._rows: list[dict[str, Any]] = []
        self._interpolated = set(interpolated_years(made.district.code))

    def note(self, position: Position) -> None:
        """Compare one month, if it is one to compare."""
        month, plan = position.month, self._made.plan
        if month.first.month != 10 and month.first != plan.extract_months[0].first:
            return
        awards, segments = position.awards, self._made.segments
        is_open = (awards.status != ENDED) & (awards.end > month.end) & awards.is_last_row
        is_pension = segments.is_pension[awards.segment]
        is_on_uc = segments.is_on_uc[awards.segment]
        for age_group in ("pension", "working"):
            own = is_open & (is_pension == (age_group == "pension"))
            target = self._made.targets.scaled_forgone(age_group, month.year).sum() * plan.scale
            pence = awards.weekly_award[own].sum() / 7 * year_days(month.year)
            self._rows.append(
                {
                    "district_code": self._made.district.code,
                    "month": month.first,
                    "financial_year": year_label(month.year),
                    "age_group": age_group,
                    "is_band_d_interpolated": year_label(month.year) in self._interpolated,
                    "target_gbp": int(np.round(target * 100)),
                    "made_gbp": int(np.round(pence)),
                    "off_pct": float(np.round((pence / 100 / target - 1) * 100, 4)),
                    "claim_count": int(own.sum()),
                    "on_uc_count": int((own & is_on_uc).sum()),
                    "uc_households_published": self._made.targets.uc_households,
                }
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return what was compared."""
        return self._rows
