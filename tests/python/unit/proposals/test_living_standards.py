"""A change of the award moves a household's living-standards class, worked by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
from made_caseload import household, lay_households
from made_proposals import EARNINGS, Model, scheme

from openlsi.home import Home
from openlsi.proposals.written import as_text


def lay_living_standards(home: Home) -> None:
    """What is left after rent and council tax a month, against essentials of £650."""
    with duckdb.connect(str(home.current / "secure.duckdb")) as connection:
        connection.execute("""
            create table marts.fct_living_standards as
            select 'E07000108' as district_code, household_key, date '2026-10-01' as month,
                living_standards_class, 1000.00 as take_home_gbp,
                1000.00 - left_gbp as priority_costs_gbp, essentials_gbp
            from (values
                ('h1', 'at_risk', 645.00, 650.00),
                ('h2', 'coping', 760.00, 650.00),
                ('h3', 'at_risk', 420.00, 650.00),
                ('h4', 'unknown', null, null)
            ) as told(household_key, living_standards_class, left_gbp, essentials_gbp)
        """)
        connection.execute("create schema seeds")
        connection.execute("""
            create table seeds.living_standards_parameters as
            select * from (values
                ('essentials_floor_share', date '2023-04-01', date '2027-03-31', 0.6),
                ('struggling_below_gbp', date '2023-04-01', date '2027-03-31', 100),
                ('struggling_below_gbp', date '2022-04-01', date '2023-03-31', 1)
            ) as told(parameter_code, valid_from, valid_to, value)
        """)


def test_classes_move_with_the_award(home: Home, model: Model, tmp_path: Path) -> None:
    """£104 a year is £8.67 a month: 645 to 653.67, over 650. £416 is £34.67: 760 to 725.33, under
    750. £936 is £78: 420 to 342, under 390. Unknown stays unknown.
    """
    lay_households(
        home,
        [
            household(),
            household(weekly_earnings_gbp=150.0),
            household(weekly_earnings_gbp=250.0),
            household(),
        ],
    )
    lay_living_standards(home)
    modelled = model(scheme(tmp_path, "steps", "earnings_bands", 100, EARNINGS))
    assert modelled.classes is not None
    moved = {
        (row["class_today"], row["class_then"]): row["household_count"]
        for row in modelled.of(modelled.classes, "steps")
    }
    assert moved == {
        ("at_risk", "struggling"): 1,
        ("coping", "struggling"): 1,
        ("at_risk", "in_crisis"): 1,
        ("unknown", "unknown"): 1,
    }
    lines = [line.split() for line in as_text(modelled).splitlines()]
    assert ["At", "risk", "2", "0", "2", "0"] in lines
    assert ["Struggling", "0", "2", "0", "2"] in lines


def test_without_the_mart_the_paper_says_so(home: Home, model: Model, tmp_path: Path) -> None:
    lay_households(home, [household()])
    modelled = model(scheme(tmp_path, "plan"))
    assert modelled.classes is None
    assert "no living standards in this generation" in as_text(modelled)
