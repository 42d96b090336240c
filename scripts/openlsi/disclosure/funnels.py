"""Limits of a funnel plot: how far a share may lie from that of all, given how large the place is.

Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24
(2005) 1185–1202, and "Handling over-dispersion of performance indicators", Quality and Safety in
Health Care 14 (2005) 347–351: the additive (random effects) model, with scores winsorised.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from pydantic import Field

from openlsi.disclosure.adding import Name, Strict
from openlsi.disclosure.wording import literal, quoted

SUFFIXES = (
    "centre_ratio",
    "low_998_ratio",
    "low_95_ratio",
    "high_95_ratio",
    "high_998_ratio",
    "spread_factor",
    "standing",
)
# Two-sided limits: 1 in 20 and 1 in 500 lie outside by chance.
_AT_95, _AT_998 = (NormalDist().inv_cdf(share) for share in (0.975, 0.999))
# How much places differ beyond chance cannot be told from fewer.
FEWEST = 3
# As the rates beside them: what is outside must be so by the figures shown.
_DECIMALS = 4
_ON_THE_WAY = tuple(
    f"funnel_{name}"
    for name in (
        *("share", "centre", "places", "error", "score", "weight", "pulled", "dispersion"),
        *("weights", "squares", "between", "middle", "low_95", "high_95", "low_998", "high_998"),
    )
)


class Funnel(Strict):
    """Limits round the share of all rows alike in `within`, from two published columns."""

    prefix: Name
    numerator: Name
    denominator: Name
    within: list[Name]
    winsorised: float = Field(
        default=0.1, ge=0, lt=0.5, description="Share of scores pulled in at either end"
    )


def funnel_names(funnel: Funnel) -> list[str]:
    """Return the columns that a funnel adds, in order."""
    return [f"{funnel.prefix}_{suffix}" for suffix in SUFFIXES]


def with_funnels(relation: str, funnels: Sequence[Funnel], *, one_owner_only: bool = False) -> str:
    """Return a query of a relation's rows with the columns of each funnel.

    Everything follows from shown figures: a hidden count is in no sum, and its row has limits but
    no standing. Where fewer than three rows are shown, all is empty.
    """
    query = f"select * from {relation}"
    for funnel in funnels:
        if one_owner_only:
            # A place among one is no place.
            nothing = ", ".join(f"null as {quoted(name)}" for name in funnel_names(funnel))
            query = f"select *, {nothing} from ({query})"
        else:
            query = _with_one(query, funnel)
    return query


def _with_one(query: str, funnel: Funnel) -> str:
    told = [
        "funnel_middle",
        *(f"funnel_{name}" for name in ("low_998", "low_95", "high_95", "high_998")),
        "round(sqrt(funnel_dispersion), 1)",
        _standing(),
    ]
    chosen = ", ".join(
        f"case when funnel_places >= {FEWEST} then {value} end as {quoted(name)}"
        for value, name in zip(told, funnel_names(funnel), strict=True)
    )
    written = ", ".join(f"{name} as ({step})" for name, step in _steps(query, funnel).items())
    return f"with {written} select * exclude ({', '.join(_ON_THE_WAY)}), {chosen} from limits"


def _steps(query: str, funnel: Funnel) -> dict[str, str]:
    """Return what is worked out, each step from the one before it."""
    above, below = quoted(funnel.numerator), quoted(funnel.denominator)
    group = f"(partition by {', '.join(quoted(name) for name in funnel.within) or 'true'})"
    shown = f"filter (where {above} is not null and {below} > 0) over {group}"
    # Those at the ends are pulled in, lest what is out of the ordinary widens its own limits.
    lowest, highest = (
        f"quantile_cont(funnel_score, {share}) over {group}"
        for share in (funnel.winsorised, 1 - funnel.winsorised)
    )
    return {
        "shares": f"select *, round(cast({above} as double) / nullif({below}, 0), {_DECIMALS}) "
        f"as funnel_share, cast(sum({above}) {shown} as double) / nullif(sum({below}) {shown}, 0) "
        f"as funnel_centre, count(*) {shown} as funnel_places from ({query})",
        # What chance alone would do to a share of so many.
        "errors": "select *, sqrt(funnel_centre * (1 - funnel_centre) / "
        f"nullif({below}, 0)) as funnel_error from shares",
        "scores": "select *, (funnel_share - funnel_centre) / nullif(funnel_error, 0) "
        "as funnel_score, 1 / nullif(power(funnel_error, 2), 0) as funnel_weight from errors",
        "pulled_in": "select *, case when funnel_score is not null then "
        f"least(greatest(funnel_score, {lowest}), {highest}) end as funnel_pulled from scores",
        "dispersions": f"select *, avg(power(funnel_pulled, 2)) over {group} as funnel_dispersion, "
        f"sum(funnel_weight) {shown} as funnel_weights, "
        f"sum(power(funnel_weight, 2)) {shown} as funnel_squares from pulled_in",
        # Between places, beyond chance: the estimate of moments, nought where chance explains all.
        "spreads": "select *, greatest(0, (funnel_places * funnel_dispersion - (funnel_places - 1))"
        " / nullif(funnel_weights - funnel_squares / funnel_weights, 0)) as funnel_between "
        "from dispersions",
        "limits": f"select *, {', '.join(_limits())} from spreads",
    }


def _limits() -> list[str]:
    error = "sqrt(power(funnel_error, 2) + funnel_between)"
    found = [f"round(funnel_centre, {_DECIMALS}) as funnel_middle"]
    for name, deviations in (("95", _AT_95), ("998", _AT_998)):
        reach = f"{deviations:.6f} * {error}"
        ends = {"low": f"greatest(0, funnel_centre - {reach})"}
        ends["high"] = f"least(1, funnel_centre + {reach})"
        found += [
            f"case when funnel_error is not null then round({value}, {_DECIMALS}) end "
            f"as funnel_{end}_{name}"
            for end, value in ends.items()
        ]
    return found


def _standing() -> str:
    words = {
        "funnel_share > funnel_high_998": "above the outer limit",
        "funnel_share < funnel_low_998": "below the outer limit",
        "funnel_share > funnel_high_95": "above the inner limit",
        "funnel_share < funnel_low_95": "below the inner limit",
        "funnel_share is not null": "within the limits",
    }
    branches = " ".join(f"when {where} then {literal(text)}" for where, text in words.items())
    return f"case {branches} end"
