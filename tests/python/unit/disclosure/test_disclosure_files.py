"""A mistake in a table's file names the file and the field; what is not classified stays in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hand_made import JUNE, MONTH, PEOPLE, PLACE, POUNDS, TO_COUNTY, published, table, values

from openlsi.config.county import configuration_files
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.spec import DisclosureError
from openlsi.home import Home

METRICS = {
    "county": values([(JUNE, 100, 5000)], "month", "people", "spent"),
    "district": values([("A", JUNE, 100)], "place", "month", "people"),
}


def with_column(*columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    return table("county", MONTH, PEOPLE, *columns, **more)


LABEL = {"name": "told", "kind": "label", "source": "month"}
LOOKUP = {"name": "found", "kind": "lookup", "table": "district", "column": "people_count"}

MISTAKES: dict[str, tuple[tuple[dict[str, Any], ...], str]] = {
    "a column without a kind": (
        (with_column({"name": "spent", "source": "spent"}),),
        r"county\.yml: columns\.2: Unable to extract tag",
    ),
    "a kind that there is not": (
        (with_column({"name": "spent", "kind": "shown", "source": "spent"}),),
        r"county\.yml: columns\.2: .*'shown' .*does not match",
    ),
    "a field misspelt": (
        (with_column({**LABEL, "sauce": "month"}),),
        r"county\.yml: columns\.2\.label\.sauce: Extra inputs are not permitted",
    ),
    "pounds without a count": (
        (with_column({"name": "spent_gbp", "kind": "pounds", "source": "spent"}),),
        r"county\.yml: columns\.2\.pounds: .*spent_gbp: pounds need a count",
    ),
    "a status that there is not": (
        (with_column(status="open"),),
        r"county\.yml: status: Input should be 'official', 'controlled' or 'information'",
    ),
    "a count in a table that nobody attacks": (
        (with_column(status="information"),),
        r"county\.yml: .*people_count: status must be controlled",
    ),
    "a column named twice": (
        (with_column(LABEL, LABEL),),
        r"county\.yml: .*columns named twice: told",
    ),
    "a column that is mentioned but not there": (
        (with_column({**POUNDS, "count": "persons_count"}),),
        r"county\.yml: .*mentioned but not there: persons_count",
    ),
    "a table that no file describes": (
        (table("district", PLACE, MONTH, PEOPLE, adds_to=[TO_COUNTY]),),
        r"district\.yml: refers to county\.people_count, which no file describes",
    ),
    "a look-up that could meet two rows": (
        (
            with_column({**LOOKUP, "match": {"month": "month"}}),
            table("district", PLACE, MONTH, PEOPLE),
        ),
        r"county\.yml: found must match district on all of its keys \(month, place\)",
    ),
    "columns that wait for each other": (
        (
            with_column(
                {"name": "a", "kind": "rate", "numerator": "b", "denominator": "people_count"},
                {"name": "b", "kind": "rate", "numerator": "a", "denominator": "people_count"},
            ),
        ),
        "county: these columns wait for each other: a, b",
    ),
    "a source column that is not there": (
        (with_column({**LABEL, "source": "months"}),),
        r"county\.yml: told reads metrics\.county\.months, which is not there",
    ),
    "a source table that is not there": (
        (with_column(source="country"),),
        r"county\.yml: source: there is no table metrics\.country",
    ),
    "a key that does not tell rows apart": (
        (table("county", {**MONTH, "name": "year", "values": {}}, PEOPLE, source="twice"),),
        r"county: 2 rows but 1 keys \(year\)",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.replace(" ", "_"))
def test_a_mistake_names_the_file_and_the_field(tmp_path: Path, mistake: str) -> None:
    tables, message = MISTAKES[mistake]
    metrics = {**METRICS, "twice": values([(JUNE, 100), (JUNE, 50)], "month", "people")}
    with (
        pytest.raises(DisclosureError, match=message) as raised,
        published(tmp_path, metrics, *tables),
    ):
        pass
    assert "\n" not in str(raised.value)


def test_a_file_named_otherwise_than_its_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kent.yml"
    path.write_text(yaml.safe_dump(table("county", MONTH, PEOPLE)))
    with pytest.raises(DisclosureError, match=r"kent\.yml: describes county; name the file county"):
        load_specs([path])


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "county.yml"
    path.write_text("table: [")
    with pytest.raises(DisclosureError, match=r"county\.yml: not readable as YAML"):
        load_specs([path])


@pytest.mark.parametrize(
    "column",
    [
        {"name": "people", "kind": "label", "source": "people"},
        {"name": "spent", "kind": "label", "source": "spent"},
        {"name": "people", "kind": "key", "source": "people"},
    ],
    ids=["a count as a label", "pounds as a label", "a count as a key"],
)
def test_a_number_does_not_get_out_as_a_word(tmp_path: Path, column: dict[str, Any]) -> None:
    with (
        pytest.raises(DisclosureError, match=r"county\.yml: .* is a number .* make it a count"),
        published(tmp_path, METRICS, with_column(column)),
    ):
        pass


def test_a_column_that_no_file_classifies_is_not_published(tmp_path: Path) -> None:
    with published(tmp_path, METRICS, table("county", MONTH, PEOPLE)) as con:
        columns = [name for name, *_ in con.execute("describe published.county").fetchall()]
    assert columns == [
        "month", "people_count", "people_count_mark", "status", "release_note", "build_id",
    ]  # fmt: skip


def test_official_figures_pass_unchanged_outside_suppression_and_audit(tmp_path: Path) -> None:
    figures = values([("A", 3, 1234.5678), ("B", 7, None)], "place", "dwellings", "band_d")
    told = table(
        "official",
        PLACE,
        {"name": "dwelling_count", "kind": "official", "source": "dwellings"},
        {"name": "band_d_gbp", "kind": "official", "source": "band_d"},
        status="official",
    )
    with published(tmp_path, {"official": figures}, told) as con:
        shown = con.execute(
            "select dwelling_count, cast(band_d_gbp as varchar), band_d_gbp_mark, status "
            "from published.official order by place"
        ).fetchall()
    assert shown == [(3, "1234.5678", None, "official"), (7, None, "x", "official")]


def test_the_shipped_files_hold_together(tmp_path: Path) -> None:
    specs = load_specs(configuration_files(Home(tmp_path), "disclosure"))
    assert {spec.status for spec in specs.values()} == {"official", "controlled", "information"}
    for name, spec in specs.items():
        assert not name.startswith("district_") or spec.owner, f"{name}: whose rows are these?"


def test_every_shipped_count_and_amount_below_the_county_adds_to_a_total(tmp_path: Path) -> None:
    """A column left out of `adds_to` would be left out of secondary suppression."""
    specs = load_specs(configuration_files(Home(tmp_path), "disclosure"))
    # A year's full amount over both ages has no total of the county that a reader could take from.
    districts = {name for name in specs if name.startswith("district_")}
    for name in sorted(districts - {"district_cts_reconciliation"}):
        summed = {column for addition in specs[name].adds_to for column in addition.columns}
        guarded = {c.name for c in specs[name].columns if c.kind in ("count", "pounds")}
        assert guarded == summed, name
