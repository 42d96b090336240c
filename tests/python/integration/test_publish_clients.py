"""Real clients of a published database: psql, SQLAlchemy, and what Apache Superset showed of it."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
import yaml
from built_county import BuiltCounty
from published_county import PASSWORD, PublishedCounty
from sqlalchemy import create_engine, inspect

from openlsi.bi import superset
from openlsi.bi.contents import opened
from openlsi.bi.errors import PublishError
from openlsi.bi.relations import SCHEMAS, Contents
from openlsi.config import load_configuration
from openlsi.config.bi_access import load_bi_access

ROOT = Path(__file__).resolve().parents[3]
NOTES = (ROOT / "scripts" / "openlsi" / "bi" / "README.md").read_text(encoding="utf-8")
SHOWN = json.loads((ROOT / "tests/python/fixtures/superset/shown.json").read_text(encoding="utf-8"))
AGAIN = "run `make superset` and look at what it changes"


@pytest.fixture(scope="module")
def contents(county: BuiltCounty) -> Contents:
    access = load_bi_access(county.home, load_configuration(county.home))
    with opened(county.home, access, None) as generation:
        return generation.contents()


def block(kind: str) -> str:
    """Return the one block of the notes that is marked with a language, or with none."""
    (found,) = re.findall(rf"```{kind}\n(.*?)```", NOTES, re.DOTALL)
    return str(found)


def test_psql_shows_a_metrics_words_as_the_notes_say(published: PublishedCounty) -> None:
    (command,) = re.findall(r"-c '([^']+)'", NOTES)
    shown = published.server.psql("", published.address("ann"), "-c", command)
    assert "CTS caseload. Households with an award in payment" in shown
    assert "Unit: households." in shown


def test_the_notes_python_runs_as_it_stands(published: PublishedCounty) -> None:
    names: dict[str, object] = {}
    real = f"ann:{PASSWORD}@127.0.0.1:{published.server.port}/postgres"
    exec(block("python").replace("officer@HOST:5432/DATABASE", real), names)
    rows, fields = names["rows"], names["fields"]
    assert isinstance(rows, list) and isinstance(fields, list)
    assert rows and all(count > 0 for _, count in rows[1:])
    assert all(field["comment"] for field in fields)


def test_sqlalchemy_reflects_every_table_and_view_with_its_words(
    published: PublishedCounty, contents: Contents
) -> None:
    address = published.address().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address)
    found = inspect(engine)
    assert set(SCHEMAS) <= set(found.get_schema_names())
    for schema in SCHEMAS:
        tables = {one.name for one in contents.tables if one.schema == schema}
        views = {one.name for one in contents.views if one.schema == schema}
        assert set(found.get_table_names(schema=schema)) == tables
        assert set(found.get_view_names(schema=schema)) == views
        every = found.get_multi_columns(schema=schema, kind=inspection_of(views))
        for one in (*contents.tables, *contents.views):
            if one.schema == schema:
                told = {column["name"]: column["comment"] for column in every[(schema, one.name)]}
                told.pop("row_of", None)
                assert told == {column.name: column.comment for column in one.columns}
    engine.dispose()


def inspection_of(views: set[str]):  # type: ignore[no-untyped-def]
    from sqlalchemy.engine.reflection import ObjectKind

    return ObjectKind.VIEW if views else ObjectKind.TABLE


def test_the_notes_name_the_schemas_and_roles_that_there_are(published: PublishedCounty) -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", NOTES, re.MULTILINE))
    assert told == {*SCHEMAS, "lsi"}
    roles = {name for (name,) in published.ask("", "select rolname from pg_roles")}
    named = set(re.findall(r"\blsi_\w+", NOTES))
    assert {"lsi_owner", "lsi_county", "lsi_ashford"} <= named <= roles
    assert published.ask("ann", "select count(*) from lsi.publication") == [(1,)]
    assert published.ask("cass", "select count(*) from lsi.publication") == [(1,)]
    assert "the latest 3 months" in NOTES


# Superset. What the real one showed is committed: `make superset` imports the bundle, asks each
# chart for its data and holds it against psql. Here the bundle is still the one that it read.


@pytest.mark.parametrize("readers", ["districts", "county"])
def test_the_bundle_is_the_one_that_superset_showed(contents: Contents, readers: str) -> None:
    assert SHOWN["superset"].startswith("6.")
    files = superset.bundle(contents, "postgresql://h/d", readers)  # type: ignore[arg-type]
    shown = SHOWN[readers]
    dashboard = files[f"dashboards/{readers}.yaml"]
    assert dashboard["dashboard_title"] == shown["title"], AGAIN
    charts = {one["slice_name"]: one for one in files.values() if "slice_name" in one}
    assert set(charts) == set(shown["charts"]), AGAIN
    for title, chart in charts.items():
        kept = shown["charts"][title]
        for name in chart["params"].get("all_columns") or chart["params"]["metrics"]:
            assert name in kept["columns"], f"{title}: {AGAIN}"
    datasets = {f"{one['schema']}.{one['table_name']}": one
                for one in files.values() if "table_name" in one}  # fmt: skip
    assert set(datasets) == set(shown["datasets"]), AGAIN
    for name, dataset in datasets.items():
        kept = shown["datasets"][name]
        assert sorted(c["column_name"] for c in dataset["columns"]) == kept["columns"], AGAIN
        metrics = {one["metric_name"]: one["expression"] for one in dataset["metrics"]}
        assert metrics == kept["metrics"], AGAIN


def test_superset_showed_rows_and_not_only_heads() -> None:
    for readers in ("districts", "county"):
        rows = {title: one["rows"] for title, one in SHOWN[readers]["charts"].items()}
        lines = [one.title for one in superset.FRONT[readers]]  # type: ignore[index]
        assert all(rows[title] > 1 for title in lines)
        assert sum(count > 0 for count in rows.values()) > 0.7 * len(rows)


def test_a_bundle_has_every_words_and_no_password(contents: Contents, tmp_path: Path) -> None:
    path = tmp_path / "lsi.zip"
    address = "postgresql://ann@h:5432/d"
    count = superset.write_bundle(contents, address, "districts", path)
    assert count == sum(one.schema == "district_metrics" for one in contents.views)
    with zipfile.ZipFile(path) as archive:
        files = {name: yaml.safe_load(archive.read(name)) for name in archive.namelist()}
    assert not any("password" in str(content).lower() for content in files.values())
    (database,) = [one for name, one in files.items() if "/databases/" in name]
    assert database["sqlalchemy_uri"] == "postgresql+psycopg2://ann@h:5432/d"
    datasets = [one for name, one in files.items() if "/datasets/" in name]
    assert all(column["description"] for one in datasets for column in one["columns"])
    first = path.read_bytes()
    superset.write_bundle(contents, address, "districts", path)
    assert path.read_bytes() == first, "equal views give equal bundles"
    assert [one.name for one in tmp_path.iterdir()] == ["lsi.zip"]


def test_a_chart_whose_column_is_gone_is_refused(
    contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = superset.Line("Gone", "district_cts_month", ("no_such_count",))
    monkeypatch.setitem(superset.FRONT, "districts", (gone,))
    with pytest.raises(PublishError, match="has no column no_such_count"):
        superset.write_bundle(contents, "postgresql://h/d", "districts", tmp_path / "lsi.zip")
    assert list(tmp_path.iterdir()) == []
