"""Every fault of the fault list, in every feed: what is read, set aside or refused, and no more."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from faults import edits
from faults.base_files import DEFINITIONS, FEEDS, LAYOUTS, SLUG, Feed, Files, make_files
from faults.outcomes import (
    ENTRIES,
    Came,
    Landed,
    came_to,
    cell,
    feeds_of,
    loaded,
    rows_lost,
    shape,
    spoilt,
    told,
)

from openlsi.extract.alone import alone
from openlsi.extract.chain import Ledger
from openlsi.extract.loading import load
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home

NUMBERS = range(1, 65)
# Known gaps: nobody has put the faults into files of these two yet.
WITHOUT_OUTCOMES = {"discretionary_awards", "free_school_meals"}
CELLS = [
    pytest.param(number, feed, id=f"{entry['fault']:02} {entry['name']}: {feed}")
    for number, entry in enumerate(ENTRIES)
    for feed in feeds_of(entry)
]


class Bench:
    """The clean files of each feed, what they come to, and a load of each fault's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = make_files(Home(folder / "made"))
        self.clean = loaded(Home(folder / "clean"), self.files)
        self.key = folder / "clean" / "keys" / "master.key"
        self.spoilt = functools.cache(self._spoilt)

    def _spoilt(self, number: int) -> tuple[Came, dict[str, Landed]]:
        """Return what a fault's files came to, and what the clean ones like them come to."""
        made = spoilt(ENTRIES[number], self.files)
        files = {feed: one.files for feed, one in made.items()}
        assert not [feed for feed, one in files.items() if one == self.files[feed]]
        came = loaded(Home(self.folder / f"{number}"), files, self.key)
        alike = {feed: one.same_as for feed, one in made.items() if one.same_as is not None}
        base = dict(self.clean.landed)
        if alike:
            base |= loaded(Home(self.folder / f"{number}-alike"), alike, self.key).landed
        return came, base


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    yield Bench(tmp_path_factory.mktemp("faults"))


def test_the_clean_files_are_read_to_the_last_row(bench: Bench) -> None:
    assert bench.clean.refused == []
    assert set(bench.clean.landed) == set(FEEDS)
    for landed in bench.clean.landed.values():
        assert landed.quarantine == []
        assert landed.count("accepted") + landed.count("structural") == landed.count("physical")
        assert landed.pounds("accepted") > 0


def test_the_table_has_every_fault_and_every_feed() -> None:
    assert sorted({entry["fault"] for entry in ENTRIES}) == list(NUMBERS)
    # A further feed has outcomes here, or stands among those that are known to have none.
    assert set(FEEDS) | WITHOUT_OUTCOMES == set(DEFINITIONS)
    assert not set(FEEDS) & WITHOUT_OUTCOMES
    assert {feed.layout for feed in FEEDS.values()} <= set(LAYOUTS)
    for entry in ENTRIES:
        assert set(entry.get("never", {})) | set(entry.get("but", {})) <= set(FEEDS), entry
        assert all(str(why).strip() for why in entry.get("never", {}).values())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry['fault']} {entry['name']}")
def test_what_is_proved_elsewhere_is_proved_there(entry: dict[str, Any]) -> None:
    for where in (entry.get("test"), entry.get("bounded_by")):
        if where is not None:
            name, test = where.split("::")
            text = (Path(__file__).parent / name).read_text(encoding="utf-8")
            assert re.search(rf"^def {test}\(", text, re.MULTILINE), where
    assert entry["outcome"] != "proved_by" or "test" in entry
    assert entry["outcome"] != "cannot_be_told" or {"why", "bounded_by"} <= set(entry)


@pytest.mark.parametrize(("number", "name"), CELLS)
def test_a_fault_comes_to_what_the_table_says(bench: Bench, number: int, name: str) -> None:
    said, feed = cell(ENTRIES[number], name), FEEDS[name]
    came, base = bench.spoilt(number)
    if said["outcome"] == "file":
        _refused(bench, came, feed, said)
        return
    assert not [line for line in came.refused if any(file in line for file in feed.files)]
    check = {"read": _read, "row": _row, "cannot_be_told": _silent}[said["outcome"]]
    check(bench, came.files[name], came.landed[name], base[name], feed, said)


def _refused(bench: Bench, came: Came, feed: Feed, said: dict[str, Any]) -> None:
    files = bench.files[feed.name]
    file = edits.file_of(feed, said.get("place", "reference"))
    message = told(feed, files, came.files[feed.name], said, said["message"])
    assert [line for line in came.refused if any(one in line for one in feed.files)] == [
        f"inbox/{SLUG}/{file}: {message}"
    ]
    assert feed.name not in came.landed
    others = {name for name in came.files if name != feed.name}
    assert set(came.landed) == {name for name in others if not _is_refused(came, FEEDS[name])}


def _is_refused(came: Came, feed: Feed) -> bool:
    return any(file in line for file in feed.files for line in came.refused)


def _read(
    bench: Bench, files: Files, landed: Landed, base: Landed, feed: Feed, said: dict[str, Any]
) -> None:
    more = said.get("adds_structural", 0)
    assert landed.quarantine == []
    assert landed.of(set()) == base.of(set())
    assert landed.count("accepted") == base.count("accepted")
    assert landed.count("quarantined") == 0
    assert landed.count("physical") == base.count("physical") + more
    assert landed.count("structural") == base.count("structural") + more
    assert landed.pounds("accepted") == base.pounds("accepted")
    assert landed.pounds("quarantined") == 0


def _row(
    bench: Bench, files: Files, landed: Landed, base: Landed, feed: Feed, said: dict[str, Any]
) -> None:
    clean, added = bench.files[feed.name], said.get("adds_rows", 0)
    at = _physical_row(feed, clean, said)
    lost = (
        set() if said.get("loses") == "nothing" else rows_lost(feed, base, _own_row(feed, at, said))
    )
    was = Decimal(0) if not lost else base.pounds("accepted") - landed.pounds("accepted")
    # The row's pounds, from the clean file's own text.
    assert was == (_pounds(feed, clean, "money", said, at) if lost else 0)
    kept = was if said.get("pounds") == "kept" else Decimal(0)
    if said.get("pounds") == "as_written":
        kept = _pounds(feed, files, said["place"], said, at)
    elif said.get("pounds") == "of_the_row_above":
        kept = edits.pounds(feed, clean, "money", feed.above)
    wanted = [_wanted(feed, clean, files, said, said, at)]
    wanted += [_wanted(feed, clean, files, said, one, one["row"]) for one in said.get("also", [])]
    assert [row[:5] for row in landed.quarantine] == wanted
    assert sum((row[5] or Decimal(0) for row in landed.quarantine), Decimal(0)) == kept
    assert landed.of(set()) == base.of(lost)
    taken = 0 if said.get("loses") == "nothing" else 1
    assert landed.count("accepted") == base.count("accepted") - taken
    assert landed.count("quarantined") == taken + added
    assert landed.count("structural") == base.count("structural")
    assert landed.count("physical") == base.count("physical") + added
    assert landed.pounds("quarantined") == kept


def _silent(
    bench: Bench, files: Files, landed: Landed, base: Landed, feed: Feed, said: dict[str, Any]
) -> None:
    """Hold what cannot be told to the one row that it concerns."""
    assert landed.quarantine == []
    at = _physical_row(feed, bench.files[feed.name], said)
    lost = rows_lost(feed, base, at)
    if "changes" not in said:
        assert landed.of(set()) == base.of(lost)
        assert landed.count("physical") == base.count("physical") - 1
        return
    assert landed.of(lost) == base.of(lost)
    assert landed.of(set()) != base.of(set())
    assert landed.pounds("accepted") == base.pounds("accepted")


def _physical_row(feed: Feed, clean: Files, said: dict[str, Any]) -> int | None:
    lines = clean[feed.file].splitlines()
    row = said.get("row", "spoilt")
    if row == "last":
        return edits.last_row(feed, lines)
    if row == "end":
        return len(lines) + (1 if feed.has_header else 0)
    if row == "none":
        return None
    if row != "spoilt":
        return int(row)
    place = said.get("place")
    return edits.row_of(feed, clean, place) if place else feed.row


def _own_row(feed: Feed, at: int | None, said: dict[str, Any]) -> int | None:
    """Return the row of the feed's main file that is lost with a row of another."""
    in_another = edits.file_of(feed, said.get("place", "reference")) != feed.file
    return feed.row if in_another else at


def _pounds(feed: Feed, files: Files, role: str, said: dict[str, Any], at: int | None) -> Decimal:
    row = at if said.get("row") == "last" else None
    if row is not None:
        return edits.pounds(feed, files, role, row)
    return edits.pounds(feed, files, role)


def _wanted(
    feed: Feed, clean: Files, files: Files, said: dict[str, Any], one: dict[str, Any],
    row: int | None,
) -> tuple[Any, ...]:  # fmt: skip
    """Return a row of the quarantine as the table has it."""
    place = said.get("place")
    column = one.get("column", place if one is said and one["reason"] != "field_count" else None)
    column = feed.places[column].lands_in if column in feed.places else column
    if "shape" in one:
        kind = told(feed, clean, files, said, one["shape"])
    else:
        kind = shape(edits.value(feed, files, place))
    file = edits.file_of(feed, place) if place and one is said else feed.file
    return (file, row, one["reason"], column, kind)


def test_the_same_files_again_change_nothing_in_any_feed(bench: Bench) -> None:
    home = Home(bench.folder / "clean")
    before = Ledger.read(home).entries
    again = load(home)
    assert (again.accepted, again.refused, again.unchanged) == ([], [], len(FEEDS))
    assert Ledger.read(home).entries == before
    assert came_to(home, again, bench.files).landed == {}


def test_a_second_load_is_refused_while_one_runs(bench: Bench, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with alone(home), pytest.raises(ExtractError) as refused:
        loaded(home, {"cts": bench.files["cts"]})
    assert str(refused.value) == (
        f"{home.root}: another `lsi load`, or another command that changes what is landed, is"
        " running; wait until it has finished"
    )
    assert not any(home.landing.rglob("*.parquet"))
    assert load(home).rows == bench.clean.landed["cts"].count("accepted")
