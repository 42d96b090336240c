"""Schemes as relations: a row a scheme, and a row a band."""

from __future__ import annotations

import pyarrow as pa

from openlsi.config.schemes import Scheme, adoption_deadline, proposals

_MONEY = pa.decimal128(18, 2)
_SCHEMES = pa.schema(
    [
        ("scheme_key", pa.string()),
        ("scheme_name", pa.string()),
        ("district_code", pa.string()),
        ("financial_year", pa.string()),
        ("standing", pa.string()),
        ("source", pa.string()),
        ("scheme_kind", pa.string()),
        ("maximum_pct", _MONEY),
        ("band_cap", pa.string()),
        ("capital_limit_gbp", _MONEY),
        ("minimum_award_gbp", _MONEY),
        ("taper_pct", _MONEY),
        ("has_minimum_income_floor", pa.bool_()),
        ("counts_universal_credit", pa.bool_()),
        ("counts_unearned", pa.bool_()),
        ("counts_child_benefit", pa.bool_()),
        ("counts_disability_elements", pa.bool_()),
        ("earnings_disregarded_gbp", _MONEY),
        ("disability_disregarded_gbp", _MONEY),
        ("non_dependant_working_gbp", _MONEY),
        ("non_dependant_other_gbp", _MONEY),
        ("is_deducted_before_share", pa.bool_()),
        ("is_exempt_for_disability", pa.bool_()),
        ("child_cap", pa.int32()),
        ("passports_legacy_benefits", pa.bool_()),
        ("passports_universal_credit_maximum", pa.bool_()),
        ("backdating_months", pa.int32()),
        ("hardship_fund_gbp", _MONEY),
        ("assumed", pa.string()),
        ("adoption_deadline_date", pa.date32()),
    ]
)
_ALTERNATIVES = pa.schema(
    [
        ("scheme_key", pa.string()),
        ("alternative_number", pa.int32()),
        ("alternative_key", pa.string()),
    ]
)
_BANDS = pa.schema(
    [
        ("scheme_key", pa.string()),
        ("household_type", pa.string()),
        ("band_number", pa.int32()),
        ("income_from_gbp", _MONEY),
        ("income_to_gbp", _MONEY),
        ("reduction_pct", _MONEY),
    ]
)


def scheme_table(schemes: list[Scheme]) -> pa.Table:
    """Return one row a scheme; pounds are a week."""
    return pa.Table.from_pylist([_row(scheme) for scheme in schemes], schema=_SCHEMES)


def _row(scheme: Scheme) -> dict[str, object]:
    return {
        "scheme_key": scheme.scheme,
        "scheme_name": scheme.name,
        "district_code": scheme.district,
        "financial_year": scheme.financial_year,
        "standing": scheme.standing,
        "source": scheme.source,
        "scheme_kind": scheme.kind,
        "maximum_pct": scheme.maximum_pct,
        "band_cap": scheme.band_cap,
        "capital_limit_gbp": scheme.capital_limit_gbp,
        "minimum_award_gbp": scheme.minimum_award_gbp,
        "taper_pct": scheme.taper_pct,
        "has_minimum_income_floor": scheme.minimum_income_floor,
        "counts_universal_credit": scheme.income.counts_universal_credit,
        "counts_unearned": scheme.income.counts_unearned,
        "counts_child_benefit": scheme.income.counts_child_benefit,
        "counts_disability_elements": scheme.income.counts_disability_elements,
        "earnings_disregarded_gbp": scheme.income.earnings_disregarded_gbp,
        "disability_disregarded_gbp": scheme.income.disability_disregarded_gbp,
        "non_dependant_working_gbp": scheme.non_dependants.working_gbp,
        "non_dependant_other_gbp": scheme.non_dependants.other_gbp,
        "is_deducted_before_share": scheme.non_dependants.taken == "before",
        "is_exempt_for_disability": scheme.non_dependants.none_for_disability,
        "child_cap": scheme.child_cap,
        "passports_legacy_benefits": scheme.passports.legacy_benefits,
        "passports_universal_credit_maximum": scheme.passports.universal_credit_maximum,
        "backdating_months": scheme.backdating_months,
        "hardship_fund_gbp": scheme.hardship_fund_gbp,
        "assumed": " ".join(scheme.assumed),
        "adoption_deadline_date": adoption_deadline(scheme.financial_year),
    }


def band_table(schemes: list[Scheme]) -> pa.Table:
    """Return one row a scheme, household type and band; income is a week's."""
    rows = [
        {
            "scheme_key": scheme.scheme,
            "household_type": household_type,
            "band_number": number,
            "income_from_gbp": band.lower,
            "income_to_gbp": band.upper,
            "reduction_pct": band.pct,
        }
        for scheme in schemes
        for household_type, bands in scheme.bands.items()
        for number, band in enumerate(bands, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=_BANDS)


def alternative_table(schemes: list[Scheme]) -> pa.Table:
    """Return one row a proposal and scheme that it is to be held against, in the order given.

    Raises ConfigurationError where a district has two proposals for a year.
    """
    rows = [
        {
            "scheme_key": scheme.scheme,
            "alternative_number": number,
            "alternative_key": name,
        }
        for scheme in proposals(schemes)
        for number, name in enumerate(scheme.alternatives, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=_ALTERNATIVES)
