"""Objectives and the strategic pack: what is shipped, and what a faulty file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from openlsi.config.county import ConfigurationError
from openlsi.home import Home
from openlsi.objectives.reading import load_objectives, load_pack
from openlsi.objectives.tables import objective_tables
from openlsi.synthesis.objectives import SOURCE, write_objectives
from openlsi.synthesis.plan import Plan

PLAN = Plan(months=4, until="2024-05", sample=0.1, seed=20261031, scale=0.02)


def test_nothing_is_assumed_to_be_an_objective(tmp_path: Path) -> None:
    assert load_objectives(Home(tmp_path)) == ([], None)


def test_the_shipped_pack_names_figures_that_there_are(tmp_path: Path) -> None:
    pack = load_pack(Home(tmp_path))
    assert {one.section for one in pack} >= {"Council Tax Support", "Living standards", "Campaigns"}
    assert len(pack) == len({one.key for one in pack})


def test_made_up_objectives_say_so_and_leave_the_county_s_own_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_objectives(home, PLAN)
    made, source = load_objectives(home)
    assert source == SOURCE and made and {one.due for one in made} == {"2025-03"}
    own = "source: Board, 3 September 2026\nobjectives: []\n"
    (home.config / "objectives.yml").write_text(own, "utf-8")
    write_objectives(home, PLAN)
    assert (home.config / "objectives.yml").read_text("utf-8") == own


def test_the_relations_hold_what_the_files_say(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_objectives(home, PLAN)
    made, _ = load_objectives(home)
    rows = objective_tables(home)["configuration", "objective"].to_pylist()
    assert [row["objective_key"] for row in rows] == [one.objective for one in made]
    assert [row["target"] for row in rows] == [one.target for one in made]
    formats = {row["figure_column"]: row["figure_format"] for row in rows}
    assert formats["take_up_ratio"] == "pct1" and formats["one_off_gbp"] == "gbp0"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("column: take_up_ratio", "column: take_up", "objectives.1.figure.column: county_entitlem"
         "ent_month has no figure take_up; did you mean take_up_ratio?"),
        ("column: take_up_ratio", "column: month", "has no figure month"),
        ("benefit_code: pc", "benefit: pc", "where: found benefit; expected benefit_code"),
        ("table: county_uc_month", "table: county_uc", "did you mean county_uc_month?"),
        ("aim: at_least", "aim: about", "objectives.1.aim: Input should be 'at_least'"),
        ("target: 500", "target: many", "objectives.2.target: Input should be a valid decimal"),
        ("due: 2025-03", "due: March 2025", "objectives.1.due: String should match"),
        ("owner: Welfare and debt advice lead", "onwer: me", "objectives.1.owner: Field required"),
        ("objective: households_in_crisis", "objective: meals_registered", "stands twice"),
        ("source: Made up", "origin: Made up", "origin: no such word here"),
    ],
)  # fmt: skip
def test_a_faulty_file_names_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    home = Home(tmp_path)
    write_objectives(home, PLAN)
    path = home.config / "objectives.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_objectives(home)
    assert message in str(refused.value)
    assert f"{path}, line " in str(refused.value)


def test_targets_without_a_source_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_objectives(home, PLAN)
    path = home.config / "objectives.yml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("source")), "utf-8")
    with pytest.raises(ConfigurationError, match="say where the targets come from"):
        load_objectives(home)
