"""Averages, rates and changes that are not those of the figures beside them."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isclose
from typing import Any

from attacker_bounds import Attacker, Found
from attacker_months import KEYS, earlier

# Derived column → what a reader would divide, the first of these whose columns are there.
_QUOTIENTS: dict[str, tuple[tuple[str, str, float], ...]] = {
    "average_weekly_award_gbp": (("weekly_award_gbp", "caseload_count", 1.0),),
    "overdue_per_account_gbp": (("overdue_gbp", "overdue_account_count", 1.0),),
    "overdue_account_ratio": (("overdue_account_count", "account_count", 1e-4),),
    "in_year_collection_ratio": (("in_year_receipts_gbp", "net_collectable_debit_gbp", 1e-4),),
    "caseload_per_dwelling_ratio": (("caseload_count", "chargeable_dwelling_count", 1e-4),),
    "recognised_per_dwelling_gbp": (("recognised_gbp", "chargeable_dwelling_count", 1e-2),),
    "pension_share_ratio": (("pension_caseload_count", "caseload_count", 1e-4),),
    "on_uc_share_ratio": (("on_uc_caseload_count", "caseload_count", 1e-4),),
    "share_ratio": (("notional_share_gbp", "recognised_gbp", 1e-3),),
    "average_award_gbp": (
        ("cost_gbp", "awarded_count", 1.0),
        ("award_gbp", "award_count", 1.0),
        ("award_gbp", "household_count", 1.0),
    ),
    "average_shortfall_gbp": (("shortfall_gbp", "shortfall_count", 1.0),),
    "average_unclaimed_gbp": (("unclaimed_gbp", "unclaimed_count", 1.0),),
    "arrears_per_account_gbp": (("arrears_gbp", "arrears_account_count", 1.0),),
    "average_weekly_benefit_gbp": (("weekly_benefit_gbp", "caseload_count", 1.0),),
    "owed_share_ratio": (("owed_gbp", "all_owed_gbp", 1e-4),),
    "both_of_rent_ratio": (("both_count", "rent_household_count", 1e-4),),
    "forecast_of_budget_ratio": (("forecast_gbp", "budget_gbp", 1e-4),),
    "year_before_forecast_ratio": (("year_before_forecast_gbp", "year_before_outturn_gbp", 1e-4),),
    "shortfall_ratio": (("shortfall_count", "known_count", 1e-4),),
    "coverage_ratio": (("known_count", "household_count", 1e-4),),
    "take_up_ratio": (("claiming_count", "compared_count", 1e-4),),
    "assessable_ratio": (("assessable_count", "household_count", 1e-4),),
    "compared_ratio": (("compared_count", "household_count", 1e-4),),
    **{f"{part}_ratio": ((f"{part}_count", "compared_count", 1e-4),)
       for part in ("gainer", "loser")},
    **{f"{part}_ratio": ((f"{part}_count", "household_count", 1e-4),)
       for part in ("cannot_pay", "will_not_pay", "cannot_tell")},
    **{f"{part}_ratio": ((f"{part}_count", "shortfall_count", 1e-4),)
       for part in ("known_vulnerable", "newly_hit")},
    **{f"{part}_ratio": ((f"{part}_count", "known_count", 1e-4),)
       for part in ("in_crisis", "at_risk", "struggling", "coping")},
}  # fmt: skip
# A published count may be this far from the exact one, and pounds this far.
_COUNT_HALF, _POUNDS_HALF = 2, 500


def beyond_what_is_shown(attacker: Attacker) -> Iterator[Found]:
    """Tell derived figures that are not those of the figures beside them.

    Such a one was worked out from exact figures. Each whole number that the count could be is held
    against it; what is left are the candidates.
    """
    for table, rows in attacker.rows.items():
        for key, row in rows.items():
            for name, quotients in _QUOTIENTS.items():
                of = [one for one in quotients if one[0] in row and one[1] in row]
                if row.get(name) is not None and of:
                    yield from _behind(table, key, row, name, *of[0])
            yield from _odd_changes(table, key, row, rows)


def _behind(
    table: str,
    key: tuple[Any, ...],
    row: dict[str, Any],
    name: str,
    above: str,
    below: str,
    step: float,
) -> Iterator[Found]:
    told = float(row[name])
    if row[above] is None or row[below] is None:
        yield Found((table, name, key), told, told, f"shown without {above} or {below}")
        return
    if abs(told - float(row[above]) / float(row[below])) <= step * 0.500001:
        return
    half = _POUNDS_HALF if above.endswith("_gbp") else _COUNT_HALF
    fitting = [
        count
        for count in range(int(row[below]) - _COUNT_HALF, int(row[below]) + _COUNT_HALF + 1)
        if (told - step / 2) * count <= float(row[above]) + half
        and (told + step / 2) * count >= float(row[above]) - half
    ]
    low, high = (min(fitting), max(fitting)) if fitting else (inf, -inf)
    yield Found((table, below, key), low, high, f"{name} is not of what is shown")


def _odd_changes(
    table: str,
    key: tuple[Any, ...],
    row: dict[str, Any],
    rows: dict[tuple[Any, ...], dict[str, Any]],
) -> Iterator[Found]:
    place = [name for name in KEYS if name in row].index("month") if "month" in row else 0
    for name, value in row.items():
        if value is None or "_change_" not in name or name.endswith("_mark"):
            continue
        of, _, rest = name.partition("_change_")
        period, _, unit = rest.partition("_")
        if of + "_" + unit not in row or period not in ("month", "year"):
            continue
        before = earlier(key[place], 1 if period == "month" else 12)
        then = rows.get((*key[:place], before, *key[place + 1 :]), {}).get(f"{of}_{unit}")
        now = row[f"{of}_{unit}"]
        if now is None or then is None or not isclose(now - then, value, abs_tol=1e-6):
            yield Found((table, name, key), float(value), float(value), "not of what is shown")
