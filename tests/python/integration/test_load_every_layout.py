"""Every layout loads the files of its own generator: exact rows and pounds, every planted fault."""

from __future__ import annotations

import re

import duckdb
import pytest

from openlsi.config import load_configuration
from openlsi.extract.layouts import load_layouts
from openlsi.extract.loading import load
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.synthesis.county import WRITERS, synthesise
from openlsi.synthesis.plan import Plan
from openlsi.synthesis.services import SERVICE_WRITERS
from reconciliation.opened import open_landed
from reconciliation.statements import LOADED, Statement

# May to August: a school census is in May.
PLAN = Plan(months=4, until="2024-08", sample=0.05, seed=20261031, scale=0.02)


def sent_layouts(home: Home) -> set[str]:
    """Return every layout in which some sender of the demo sends a feed."""
    senders = load_configuration(home).senders
    return {layout for sender in senders for layout in sender.feeds.values()}


def covering(home: Home) -> list[str]:
    """Return districts of the demo that together send every layout that anybody sends."""
    chosen, covered = [], set[str]()
    for district in load_configuration(home).districts:
        layouts = set(district.feeds.values())
        if layouts - covered:
            chosen.append(district.slug)
            covered |= layouts
    return chosen


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("every-layout"))
    # A fiftieth of a district is a hundred claims, which a few move beyond any limit: a re-issue
    # that is held would leave the month to the one before, which the truth does not tell of.
    home.config.mkdir()
    (home.config / "limits.yml").write_text("holds: {least_rows: 100000}\n")
    synthesise(home, PLAN, covering(home), workers=1)
    assert load(home).refused == []
    return home


@pytest.fixture(scope="module")
def opened(loaded: Home) -> duckdb.DuckDBPyConnection:
    return open_landed(loaded)


def test_every_layout_is_loaded_and_has_a_generator(
    loaded: Home, opened: duckdb.DuckDBPyConnection
) -> None:
    every = set(load_layouts(loaded, load_feed_definitions(loaded)))
    made = [*WRITERS.values(), *SERVICE_WRITERS.values()]
    assert {layout for layouts in made for layout in layouts} == every
    query = "select distinct layout from ledger_extract"
    assert {layout for (layout,) in opened.execute(query).fetchall()} == sent_layouts(loaded)


def test_every_reason_of_every_layout_is_found(
    loaded: Home, opened: duckdb.DuckDBPyConnection
) -> None:
    query = "select distinct reason from ledger_extract join ledger_reason using (extract_id)"
    sent = sent_layouts(loaded)
    for feed, layouts in [*WRITERS.items(), *SERVICE_WRITERS.items()]:
        for layout, writer in layouts.items():
            # A history begins late, so that its few extracts need not hold every kind of fault.
            if layout not in sent or getattr(writer, "first_place", 0):
                continue
            found = opened.execute(
                f"{query} where feed = $feed and layout = $layout", {"feed": feed, "layout": layout}
            ).fetchall()
            assert {reason for (reason,) in found} == {k.reason for k in writer.faults}, layout


@pytest.mark.parametrize("statement", LOADED, ids=lambda statement: statement.sentence)
def test_what_is_loaded_is_what_was_made(
    opened: duckdb.DuckDBPyConnection, statement: Statement
) -> None:
    assert opened.execute(statement.query).fetchall() == []


def test_a_column_that_is_renamed_half_way_through_a_year_is_read_under_either_name(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home(tmp_path_factory.mktemp("renamed"))
    plan = Plan(months=6, until="2025-11", sample=0.05, seed=20261031, scale=0.005)
    synthesise(home, plan, ["maidstone"], workers=1)
    headers = {
        path.name[-11:-4]: path.read_text(encoding="cp1252").splitlines()[0].split(",")[17]
        for path in (home.inbox / "maidstone").glob("CTR Awards*")
    }
    renamed = {month for month, name in headers.items() if name == "Weekly CTR"}
    assert renamed == {"2025-10", "2025-11"}
    assert set(headers.values()) == {"Weekly Award", "Weekly CTR"}
    assert load(home).refused == []
    opened = open_landed(home)
    views = {name for (name,) in opened.execute("select view_name from duckdb_views()").fetchall()}
    for statement in LOADED:
        # This district sends some feeds only; the others have nothing landed to be held.
        if set(re.findall(r"landed_\w+__\w+", statement.query)) <= views:
            assert opened.execute(statement.query).fetchall() == [], statement.sentence
