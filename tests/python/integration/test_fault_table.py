"""Every fault of the fault list, in every feed: what is read, set aside or refused, and no more."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from faults import rows
from faults.outcomes import (
    ENTRIES,
    Came,
    Landed,
    came_to,
    cell,
    loaded,
    rows_lost,
    samples_of,
    shape,
    spoilt,
    told,
)
from faults.sample import DEFINITIONS, LAYOUTS, Files, Sample
from faults.samples import SAMPLES, make_files

from openlsi.extract.alone import alone
from openlsi.extract.chain import Ledger
from openlsi.extract.layouts import Layout
from openlsi.extract.loading import load
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home

NUMBERS = range(1, 65)
# A known gap: nobody has put the faults into a file that restates months.
NOT_COVERED = {"a history"}
CELLS = [
    pytest.param(number, name, id=f"{entry['fault']:02} {entry['name']}: {name}")
    for number, entry in enumerate(ENTRIES)
    for name in samples_of(entry)
]


class Bench:
    """The clean files of each sample, what they come to, and a load of each fault's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = make_files(Home(folder / "made"))
        self.clean = loaded(Home(folder / "clean"), self.files)
        self.key = folder / "clean" / "keys" / "master.key"
        self.spoilt = functools.cache(self._spoilt)

    def _spoilt(self, number: int) -> tuple[Came, dict[str, Landed]]:
        """Return what a fault's files came to, and what the clean ones like them come to."""
        made = spoilt(ENTRIES[number], self.files)
        files = {name: one.files for name, one in made.items()}
        assert not [name for name, one in files.items() if one == self.files[name]]
        came = loaded(Home(self.folder / f"{number}"), files, self.key)
        alike = {name: one.same_as for name, one in made.items() if one.same_as is not None}
        base = dict(self.clean.landed)
        if alike:
            base |= loaded(Home(self.folder / f"{number}-alike"), alike, self.key).landed
        return came, base


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    yield Bench(tmp_path_factory.mktemp("faults"))


def test_the_clean_files_are_read_to_the_last_row(bench: Bench) -> None:
    assert bench.clean.refused == []
    assert set(bench.clean.landed) == set(SAMPLES)
    for name, landed in bench.clean.landed.items():
        assert landed.quarantine == []
        assert landed.count("accepted") + landed.count("structural") == landed.count("physical")
        has_pounds = DEFINITIONS[SAMPLES[name].form.feed].control.column is not None
        assert (landed.pounds("accepted") > 0) == has_pounds


def test_the_table_has_every_fault_every_feed_and_every_way_of_reading() -> None:
    assert sorted({entry["fault"] for entry in ENTRIES}) == list(NUMBERS)
    assert {sample.form.feed for sample in SAMPLES.values()} == set(DEFINITIONS)
    ways = {way for layout in LAYOUTS.values() for way in _ways(layout)}
    covered = {way for sample in SAMPLES.values() for way in _ways(sample.form)}
    assert (ways - covered, covered - ways) == (NOT_COVERED, set())
    groups = {group for sample in SAMPLES.values() for group in sample.groups}
    for entry in ENTRIES:
        assert set(entry.get("never", {})) | set(entry.get("but", {})) <= groups, entry
        assert all(str(why).strip() for why in entry.get("never", {}).values())


def _ways(layout: Layout) -> set[str]:
    """Return the ways of reading that a layout takes its files through."""
    files = list(layout.files.values())
    found = {
        layout.format,
        f"in {layout.encoding}",
        f"money {layout.money}",
        "quoted" if layout.quote else "unquoted",
    }
    words = {
        "several files": len(files) > 1,
        "a trailer": layout.trailer is not None,
        "title lines": any(file.title_lines for file in files),
        "kinds of rows": any(file.row_types for file in files),
        "a row of totals": any(file.row_types and file.row_types.total for file in files),
        "rows below rows": any(file.row_types and file.row_types.children for file in files),
        "columns repeated": any(file.block_columns for file in files),
        "columns that may lack": any(file.optional_columns for file in files),
        "blocks": any(record.blocks for record in layout.records.values()),
        "rows added up": bool(layout.summed),
        "a history": layout.mode == "history",
        "look-ups": any(record.lookups for record in layout.records.values()),
    }
    return found | {word for word, is_so in words.items() if is_so}


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
    said, sample = cell(ENTRIES[number], name), SAMPLES[name]
    came, base = bench.spoilt(number)
    if said["outcome"] == "file":
        _refused(bench, came, sample, said)
        return
    assert came.refusals_of(sample) == []
    check = {"read": _read, "row": _row, "cannot_be_told": _silent}[said["outcome"]]
    check(bench, came.files[name], came.landed[name], base[name], sample, said)


def _refused(bench: Bench, came: Came, sample: Sample, said: dict[str, Any]) -> None:
    files = bench.files[sample.name]
    file = rows.file_of(sample, said["place"]) if "place" in said else sample.file
    message = told(sample, files, came.files[sample.name], said, said["message"])
    assert came.refusals_of(sample) == [f"inbox/{sample.sender}/{file}: {message}"]
    others = [name for name in came.files if not came.refusals_of(SAMPLES[name])]
    assert set(came.landed) == set(others)


def _read(
    bench: Bench, files: Files, landed: Landed, base: Landed, sample: Sample, said: dict[str, Any]
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
    bench: Bench, files: Files, landed: Landed, base: Landed, sample: Sample, said: dict[str, Any]
) -> None:
    clean, added = bench.files[sample.name], said.get("adds_rows", 0)
    at = _physical_row(sample, clean, said)
    lost = set() if said.get("loses") == "nothing" else _lost(sample, base, said, at)
    was = Decimal(0) if not lost else base.pounds("accepted") - landed.pounds("accepted")
    # The row's pounds, from the clean file's own text.
    assert was == _pounds_of(sample, clean, lost, at)
    kept = was if said.get("pounds") == "kept" else Decimal(0)
    if said.get("pounds") == "as_written":
        kept = rows.amount(sample, files, said["place"])
    elif said.get("pounds") == "of_the_row_above":
        kept = rows.amount(sample, clean, "money", sample.above)
    elif isinstance(said.get("pounds"), float):
        kept = Decimal(str(said["pounds"]))
    wanted = [_wanted(sample, clean, files, said, said, at)]
    wanted += [
        _wanted(sample, clean, files, said, one, (at or 0) + 1) for one in said.get("also", [])
    ]
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
    bench: Bench, files: Files, landed: Landed, base: Landed, sample: Sample, said: dict[str, Any]
) -> None:
    """Hold what cannot be told to the one row that it concerns."""
    assert landed.quarantine == []
    lost = _lost(sample, base, said, _physical_row(sample, bench.files[sample.name], said))
    if "changes" not in said:
        assert landed.of(set()) == base.of(lost)
        assert landed.count("physical") == base.count("physical") - 1
        return
    assert landed.of(lost) == base.of(lost)
    assert landed.of(set()) != base.of(set())
    if said["changes"] != "money":
        assert landed.pounds("accepted") == base.pounds("accepted")


def _physical_row(sample: Sample, clean: Files, said: dict[str, Any]) -> int | None:
    """Return the physical row that an outcome tells of, in the file that it tells of."""
    lines = rows.rows_of(sample, clean[sample.file])
    match said.get("row", "spoilt"):
        case "last":
            return rows.last_row(sample, lines)
        case "end":
            return len(lines) + (0 if sample.is_framed else 1)
        case "none":
            return None
    return rows.row_of(sample, clean, said["place"]) if "place" in said else sample.row


def _lost(
    sample: Sample, base: Landed, said: dict[str, Any], at: int | None
) -> set[tuple[str, int]]:
    """Return what is lost with a row: what is made of it, or the row that looks it up."""
    if "place" not in said:
        return rows_lost(sample, base, sample.file, at)
    file = rows.file_of(sample, said["place"])
    own = rows_lost(sample, base, file, at)
    return own or rows_lost(sample, base, sample.file, sample.row)


def _pounds_of(sample: Sample, clean: Files, lost: set[tuple[str, int]], at: int | None) -> Decimal:
    """Return the control pounds of what is lost."""
    if DEFINITIONS[sample.form.feed].control.record not in {record for record, _ in lost}:
        return Decimal(0)
    is_main = sample.record in {record for record, _ in lost}
    row = next(row for record, row in lost if record == sample.record) if is_main else 0
    return rows.amount(sample, clean, "money", row)


def _wanted(
    sample: Sample, clean: Files, files: Files, said: dict[str, Any], one: dict[str, Any],
    row: int | None,
) -> tuple[Any, ...]:  # fmt: skip
    """Return a row of the quarantine as the table has it."""
    place = said.get("place")
    column = one.get("column", place if one is said and one["reason"] != "field_count" else None)
    column = sample.places[column].lands_in if column in sample.places else column
    if "shape" in one:
        kind = told(sample, clean, files, said, one["shape"])
    else:
        kind = shape(rows.value(sample, files, place))
    file = rows.file_of(sample, place) if place and one is said else sample.file
    return (file, row, one["reason"], column, kind)


def test_the_same_files_again_change_nothing_in_any_feed(bench: Bench) -> None:
    home = Home(bench.folder / "clean")
    before = Ledger.read(home).entries
    again = load(home)
    assert (again.accepted, again.refused, again.unchanged) == ([], [], len(SAMPLES))
    assert Ledger.read(home).entries == before
    assert came_to(home, again, bench.files).landed == {}


def test_a_second_load_is_refused_while_one_runs(bench: Bench, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with alone(home), pytest.raises(ExtractError) as refused:
        loaded(home, {"wide_cts": bench.files["wide_cts"]})
    assert str(refused.value) == (
        f"{home.root}: another `lsi load`, or another command that changes what is landed, is"
        " running; wait until it has finished"
    )
    assert not any(home.landing.rglob("*.parquet"))
    assert load(home).rows == bench.clean.landed["wide_cts"].count("accepted")
