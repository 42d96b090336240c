"""Working-age Council Tax Support schemes: what a district's scheme says, as data.

A band holds from its lower edge up to its upper one, which belongs to the next band. Councils print
edges that both belong to a band, a penny apart (122.10 and 122.11): such are brought to that form
when they are read (DEFINITIONS 11).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openlsi.config.county import ConfigurationError, configuration_files
from openlsi.config.yaml_lines import YamlLines
from openlsi.home import Home

Kind = Literal["income_bands", "earnings_bands", "means_test", "discount"]
HouseholdType = Literal[
    "all",
    "single",
    "couple",
    "one_child",
    "two_plus_children",
    "no_children",
    "one_two_children",
    "three_plus_children",
]
# Each set parts every household into one of its types; a scheme uses one set.
_PARTITIONS = (
    {"all"},
    {"single", "couple", "one_child", "two_plus_children"},
    {"no_children", "one_two_children", "three_plus_children"},
)
_PENNY = Decimal("0.01")
Pounds = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=9, decimal_places=2)]
Share = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]


class _Said(BaseModel):
    # A misspelt word would take its default in silence.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Band(_Said):
    """Weekly income from one edge up to the other, and the share of the liability that is met."""

    lower: Annotated[Pounds, Field(alias="from")]
    upper: Annotated[Pounds | None, Field(alias="to")] = None
    pct: Share


class Income(_Said):
    """What counts as income, a week."""

    counts_universal_credit: bool = True
    counts_unearned: bool = True
    counts_child_benefit: bool = False
    counts_disability_elements: bool = False
    earnings_disregarded_gbp: Pounds = Decimal(0)
    disability_disregarded_gbp: Pounds = Decimal(0)


class NonDependants(_Said):
    """What is taken off a week for each grown-up who is not the claimant or the partner."""

    working_gbp: Pounds = Decimal(0)
    other_gbp: Pounds = Decimal(0)
    # Before the share is taken the deduction lowers the liability; after it, the award.
    taken: Literal["before", "after"] = "after"
    none_for_disability: bool = True


class Passports(_Said):
    """Who is put into the first band without a look at income."""

    # Income Support, income-based Jobseeker's Allowance, income-related ESA.
    legacy_benefits: bool = False
    # An award of Universal Credit that nothing is taken off.
    universal_credit_maximum: bool = False


class Scheme(_Said):
    """One district's scheme of one year, or a proposal."""

    scheme: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    district: Annotated[str, Field(pattern=r"^E0[6-9]\d{6}$")]
    financial_year: Annotated[str, Field(pattern=r"^20\d\d-\d\d$")]
    standing: Literal["documented", "proposed"]
    source: str
    kind: Kind
    maximum_pct: Annotated[Share, Field(gt=0)]
    band_cap: Literal["A", "B", "C", "D", "E", "F", "G"] | None = None
    capital_limit_gbp: Pounds = Decimal(16_000)
    minimum_award_gbp: Pounds = Decimal(0)
    minimum_income_floor: bool = True
    taper_pct: Share | None = None
    # Children beyond it do not count for the household's type.
    child_cap: Annotated[int | None, Field(ge=1, le=9)] = None
    passports: Passports = Passports()
    # Said of the scheme, and in no estimate: what is paid for earlier months, and relief for
    # hardship under s13A(1)(c), which is the billing authority's own.
    backdating_months: Annotated[int | None, Field(ge=0, le=12)] = None
    hardship_fund_gbp: Annotated[Decimal | None, Field(ge=0, le=100_000_000, decimal_places=2)] = (
        None
    )
    income: Income = Income()
    non_dependants: NonDependants = NonDependants()
    # Parts that the source does not state, and that stand at what schemes of this kind have.
    assumed: list[Literal["income", "non_dependants", "capital", "floor", "passports"]] = []
    # Of a proposal: the schemes, by name, that it is to be held against.
    alternatives: list[str] = []
    bands: dict[HouseholdType, list[Band]] = {}


def adoption_deadline(financial_year: str) -> date:
    """Return the day by which a scheme is adopted: 11 March before the year that it begins in.

    LGFA 1992 Sch 1A para 5, as amended by SI 2017/1305.
    """
    return date(int(financial_year[:4]), 3, 11)


def read_scheme(path: Path) -> Scheme:
    """Read one scheme and hold it against itself.

    Raises ConfigurationError with file and line for a part that is missing, unknown or out of
    range, for bands with a gap or an overlap, and for a share above the scheme's maximum.
    """
    lines = YamlLines(path)
    try:
        scheme = Scheme.model_validate(lines.content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = tuple(part for part in fault["loc"] if part != "[key]")
        message = "no such word here" if fault["type"] == "extra_forbidden" else fault["msg"]
        raise lines.refusal(place, message) from None
    for place, message in _faults(scheme):
        raise lines.refusal(place, message)
    return _normalised(scheme)


def _faults(scheme: Scheme) -> Iterator[tuple[tuple[str | int, ...], str]]:
    is_banded = scheme.kind in ("income_bands", "earnings_bands")
    if is_banded and not scheme.bands:
        yield ("kind",), f"a scheme of {scheme.kind} has bands; none are given"
    if not is_banded and scheme.bands:
        yield ("bands",), f"a scheme of kind {scheme.kind} has no bands"
    if scheme.alternatives and scheme.standing != "proposed":
        yield ("alternatives",), "only a scheme with standing: proposed has alternatives"
    if scheme.financial_year[5:] != f"{(int(scheme.financial_year[2:4]) + 1) % 100:02d}":
        yield ("financial_year",), f"{scheme.financial_year} is no year; write it as 2025-26"
    if scheme.kind != "means_test" and scheme.taper_pct is not None:
        yield ("taper_pct",), f"a scheme of kind {scheme.kind} has no taper"
    if scheme.kind == "means_test" and scheme.taper_pct is None:
        yield ("kind",), "a means test has a taper_pct; none is given"
    if scheme.bands and not any(set(scheme.bands) <= types for types in _PARTITIONS):
        yield ("bands",), f"{', '.join(scheme.bands)} overlap; use household types of one set"
    for household_type, bands in scheme.bands.items():
        yield from _band_faults(scheme, household_type, bands)


def _band_faults(
    scheme: Scheme, household_type: str, bands: list[Band]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    place: tuple[str | int, ...] = ("bands", household_type)
    if not bands:
        yield place, "has no bands"
        return
    if bands[0].lower != 0:
        yield (*place, 0), f"begins at {bands[0].lower}; a gap from 0"
    for number, band in enumerate(bands):
        here = (*place, number)
        if band.pct > scheme.maximum_pct:
            yield here, f"{band.pct}% is above the scheme's maximum of {scheme.maximum_pct}%"
        if number and band.pct > bands[number - 1].pct:
            yield here, f"{band.pct}% is more than the {bands[number - 1].pct}% of lower incomes"
        if band.upper is not None and band.upper <= band.lower:
            yield here, f"ends at {band.upper}, not after {band.lower} where it begins"
        if number + 1 == len(bands):
            continue
        following = bands[number + 1]
        if band.upper is None:
            yield here, "has no end, and another band follows"
        elif following.lower < band.upper:
            yield (
                (*place, number + 1),
                f"begins at {following.lower}, an overlap: {band.upper} before",
            )
        elif following.lower - band.upper > _PENNY:
            yield (*place, number + 1), f"begins at {following.lower}, a gap after {band.upper}"


def _normalised(scheme: Scheme) -> Scheme:
    return scheme.model_copy(
        update={"bands": {kind: _half_open(bands) for kind, bands in scheme.bands.items()}}
    )


def _half_open(bands: list[Band]) -> list[Band]:
    pairs = list(pairwise(bands))
    is_printed = any(band.upper != following.lower for band, following in pairs)
    uppers = [following.lower for _, following in pairs]
    last = bands[-1].upper
    uppers.append(last + _PENNY if is_printed and last is not None else last)  # type: ignore[arg-type]
    return [
        band.model_copy(update={"upper": upper}) for band, upper in zip(bands, uppers, strict=True)
    ]


def load_schemes(home: Home) -> list[Scheme]:
    """Return every scheme of the configuration: the county's own files before those shipped.

    Raises ConfigurationError where a file contradicts itself or another one.
    """
    schemes = [read_scheme(path) for path in configuration_files(home, "schemes")]
    names = [scheme.scheme for scheme in schemes]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ConfigurationError(f"two scheme files name their scheme {min(twice)}")
    for one, other in _doubled(documented(schemes)):
        raise ConfigurationError(
            f"two documented schemes of {one.district} in {one.financial_year}, {one.scheme} and"
            f" {other.scheme}; one of them is a proposal, or the county's own file should have the"
            " shipped file's name"
        )
    _check_alternatives(schemes)
    return schemes


def _doubled(schemes: list[Scheme]) -> Iterator[tuple[Scheme, Scheme]]:
    """Yield a scheme with another of the same district and year."""
    seen: dict[tuple[str, str], Scheme] = {}
    for scheme in schemes:
        first = seen.setdefault((scheme.district, scheme.financial_year), scheme)
        if first is not scheme:
            yield first, scheme


def _check_alternatives(schemes: list[Scheme]) -> None:
    known = {scheme.scheme: scheme for scheme in schemes}
    for scheme in schemes:
        for name in scheme.alternatives:
            where = f"{scheme.scheme}: alternatives: {name}"
            if name == scheme.scheme or scheme.alternatives.count(name) > 1:
                raise ConfigurationError(f"{where}: that is the proposal itself, or stands twice")
            if name not in known:
                raise ConfigurationError(
                    f"{where}: no scheme has this name; there are {', '.join(sorted(known))}"
                )
            if known[name].standing == "proposed" and known[name].district != scheme.district:
                raise ConfigurationError(f"{where}: a proposal of another district")
            if known[name].alternatives:
                raise ConfigurationError(f"{where}: an alternative that has alternatives itself")


def documented(schemes: list[Scheme]) -> list[Scheme]:
    """Return the schemes that are in force by their source; a proposal is in force nowhere."""
    return [one for one in schemes if one.standing == "documented"]


def proposals(schemes: list[Scheme]) -> list[Scheme]:
    """Return what is proposed by itself: not what only stands beside another as an alternative.

    Raises ConfigurationError for two of a district and year, of which a page could show either.
    """
    beside = {name for one in schemes for name in one.alternatives}
    found = [one for one in schemes if one.standing == "proposed" and one.scheme not in beside]
    for one, other in _doubled(found):
        raise ConfigurationError(
            f"two proposals of {one.district} for {one.financial_year}, {one.scheme} and"
            f" {other.scheme}; name one of them among the alternatives of the other"
        )
    return found
