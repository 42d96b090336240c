"""Published results of Kent's decisions, met in kind: their direction and their size class.

The caseload is made up. Calibrated to what is stated: how many households of working age have
support, and the district's Band D of 2026-27. Everything else is the same for every district and
assumed: bands A to D as 35:30:25:10, a quarter off for one adult, a third of households with
earnings between £20 and £320 a week, six in ten single, three in ten with one or two children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from made_caseload import ASHFORD, DOVER, FOLKESTONE, ROOT, TUNBRIDGE_WELLS, lay
from made_proposals import scheme

from openlsi.config.county import default_file
from openlsi.home import Home
from openlsi.proposals.model import Modelled, model_in
from openlsi.proposals.options import Terms

# Households, and Band D: Dover's households are £5.62m of 2022-23 at £1,000 each, Folkestone and
# Hythe's are stated; the others only need to be many.
CASELOADS = {
    DOVER: (5_600, 2_461.74),
    FOLKESTONE: (5_950, 2_538.75),
    ASHFORD: (3_000, 2_410.16),
    TUNBRIDGE_WELLS: (3_000, 2_446.15),
}
_MADE = """
    (
        with rolled as (
            select
                {first} + number as unit_number,
                hash(number * 7 + 1) % 100 as type_roll,
                hash(number * 7 + 2) % 100 as band_roll,
                hash(number * 7 + 3) % 300 as earnings_roll,
                hash(number * 7 + 4) % 3 as works_roll
            from range({households}) as numbers(number)
        ),
        homes as (
            select
                *,
                case
                    when band_roll < 35 then 'A' when band_roll < 65 then 'B'
                    when band_roll < 90 then 'C' else 'D'
                end as council_tax_band,
                case
                    when band_roll < 35 then 6 when band_roll < 65 then 7
                    when band_roll < 90 then 8 else 9
                end as ninths,
                case when type_roll < 70 or type_roll between 75 and 90 then 1 else 2 end as adults
            from rolled
        )
        select
            cast(unit_number as bigint) as unit_number,
            '{district}' as district_code, 'working' as cts_age_group, adults,
            {children} as children, 0 as others,
            case when works_roll = 0 then 20.0 + earnings_roll else 0.0 end
            as weekly_earnings_gbp,
            {band_d} * ninths / 9 * case when adults = 1 then 0.75 else 1 end
            as annual_council_tax_gbp,
            council_tax_band, 15.0 as weekly_award_gbp, 25.0 as weekly_council_tax_gbp,
            0.0 as capital_gbp, 'social_tenant' as tenure, 40 as claimant_age,
            true as are_people_known, true as is_income_known, true as is_capital_known,
            false as has_disability, false as has_carer, 'universal_credit' as source_feed
        from homes
    )
"""
_CHILDREN = "case when type_roll < 60 then 0 when type_roll < 80 then 1 else 2 end"


@pytest.fixture(scope="module")
def kent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("kent"))
    made = " union all ".join(
        "select * from "
        + _MADE.format(
            first=number * 10_000, households=households, district=district, band_d=band_d,
            # Ashford's bands of families are not documented.
            children="0" if district == ASHFORD else _CHILDREN,
        )
        for number, (district, (households, band_d)) in enumerate(CASELOADS.items(), start=1)
    )  # fmt: skip
    lay(home, f"({made})")
    yield home


Proposed = Callable[..., Modelled]


@pytest.fixture
def proposed(kent: Home, tmp_path: Path) -> Proposed:
    """Return a function that models a proposal against a scheme as if it were today's."""

    def of(today: Path | None, proposal: Path) -> Modelled:
        home = Home(tmp_path / "home")
        home.current.mkdir(parents=True)
        (home.current / "secure.duckdb").symlink_to(kent.current / "secure.duckdb")
        if today is not None:
            folder = home.config / "schemes"
            folder.mkdir(parents=True)
            today.replace(folder / today.name)
        with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
            return model_in(
                connection, ROOT, home, home.current / "secure.duckdb", proposal,
                ["dartford_2026_27", "tunbridge_wells_2021_22"], Terms(),
            )  # fmt: skip

    return of


def is_of_the_size(found: Decimal | int, published: int) -> bool:
    """Say whether a figure is within a factor of two of what was published: its size class."""
    return published / 2 < found < published * 2


def changed(tmp_path: Path, shipped: str, key: str, standing: str, maximum: float,
            bands: Callable[[dict[str, float]], dict[str, float]]) -> Path:  # fmt: skip
    """Write a shipped scheme under another name, its bands changed."""
    told = yaml.safe_load(default_file("schemes", f"{shipped}.yml").read_text("utf-8"))
    told |= {"scheme": key, "name": key, "standing": standing, "maximum_pct": maximum,
             "financial_year": "2026-27" if standing == "documented" else "2027-28"}  # fmt: skip
    told["bands"] = {
        kind: [bands(band) for band in listed] for kind, listed in told["bands"].items()
    }
    path = tmp_path / f"{key}.yml"
    path.write_text(yaml.safe_dump(told), "utf-8")
    return path


def test_dover_to_100_pct_press_release_of_17_october_2025(
    proposed: Proposed, tmp_path: Path
) -> None:
    """About £1m more, over 86% gain, over 4,300 on the maximum.

    The bands consulted on are not documented: here each rises by the ten points of the maximum.
    """
    today = changed(tmp_path, "dover_2025_26", "dover_now", "documented", 90, lambda band: band)
    proposal = changed(tmp_path, "dover_2025_26", "dover_100", "proposed", 100,
                       lambda band: band | {"pct": band["pct"] + 10})  # fmt: skip
    nothing, found = proposed(today, proposal).options[:2]
    assert found["compared_count"] == 5_600
    assert is_of_the_size(found["change_gbp"], 1_000_000)
    assert found["loser_count"] == 0
    assert found["gainer_count"] > 0.86 * found["compared_count"]
    assert is_of_the_size(found["on_maximum_count"], 4_300)
    assert found["on_maximum_count"] == nothing["on_maximum_count"]


BANDS = """\
bands:
""" + "".join(
    f"""\
  {kind}:
    - {{from: 0, to: {120 + more}, pct: %s}}
    - {{from: {120 + more}, to: {180 + more}, pct: %s}}
    - {{from: {180 + more}, to: {240 + more}, pct: %s}}
    - {{from: {240 + more}, to: {300 + more}, pct: %s}}
"""
    for kind, more in (("single", 0), ("couple", 40), ("one_child", 90),
                       ("two_plus_children", 140))
)  # fmt: skip


def test_folkestone_and_hythe_75_55_35_22_to_100_75_50_25_shepway_vox_of_16_july_2025(
    proposed: Proposed, tmp_path: Path
) -> None:
    """£1.75m for nearly 6,000 households; the percentages are documented, the edges made up."""
    today = scheme(tmp_path, "folkestone_now", "income_bands", 75, BANDS % ((75, 55, 35, 22) * 4),
                   district=FOLKESTONE, year="2026-27", standing="documented")  # fmt: skip
    proposal = scheme(tmp_path, "folkestone_100", "income_bands", 100,
                      BANDS % ((100, 75, 50, 25) * 4), district=FOLKESTONE)  # fmt: skip
    modelled = proposed(today, proposal)
    nothing, found = modelled.options[:2]
    assert found["compared_count"] == 5_950
    assert is_of_the_size(found["change_gbp"], 1_750_000)
    assert found["loser_count"] == 0
    # A third more for whoever is on the maximum, and no band rises by more than 43%.
    assert 0.25 < found["change_gbp"] / nothing["cost_gbp"] < 0.43
    borne = {row["bearer"]: row["change_gbp"]
             for row in modelled.of(modelled.bearers, "folkestone_100")}  # fmt: skip
    assert sum(borne.values()) == found["change_gbp"]
    assert borne["county"] > 6 * borne["district"]


def test_ashford_keeps_a_maximum_of_90_pct_scheme_of_2026_27(
    proposed: Proposed, tmp_path: Path
) -> None:
    """Nobody of working age is without a bill: at least a tenth of every charge is left to pay."""
    charge = scheme(tmp_path, "whole_charge", "discount", 100, district=ASHFORD)
    modelled = proposed(None, charge)
    nothing, whole = modelled.options[:2]
    assert nothing["option_name"] == "Do nothing: Ashford 2026-27"
    assert nothing["compared_count"] == whole["compared_count"] == 3_000
    assert 0.5 < nothing["cost_gbp"] / whole["cost_gbp"] <= 0.9
    assert whole["loser_count"] == 0
    assert whole["gainer_count"] == 3_000


def test_tunbridge_wells_keeps_80_pct_and_uprates_its_bands_scheme_of_2026_27(
    proposed: Proposed, tmp_path: Path
) -> None:
    """Bands by the 3.8% of benefits: a little more for some who earn, nothing for who does not."""
    today = changed(tmp_path, "tunbridge_wells_2021_22", "wells_now", "documented", 80,
                    lambda band: band)  # fmt: skip
    proposal = changed(
        tmp_path, "tunbridge_wells_2021_22", "wells_uprated", "proposed", 80,
        lambda band: band | {edge: round(band[edge] * 1.038, 2) if band[edge] > 0.01
                             else band[edge] for edge in ("from", "to")},
    )  # fmt: skip
    nothing, found = proposed(today, proposal).options[:2]
    assert found["loser_count"] == 0
    assert 0 < found["change_gbp"] < 0.03 * float(nothing["cost_gbp"])
    assert 0 < found["gainer_count"] < 0.1 * found["compared_count"]
    assert found["on_maximum_count"] == nothing["on_maximum_count"]
