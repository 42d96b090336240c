"""The record of sharing and the data-flow facts are the configuration and the lineage."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from built_county import BuiltCounty

from openlsi.campaigns.definition import load_campaigns
from openlsi.campaigns.fields import campaign_fields
from openlsi.config import ConfigurationError, load_configuration
from openlsi.config.county import default_file
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.governance import FILES, write_governance
from openlsi.warehouse.lineage import Lineage
from openlsi.warehouse.project import project_directory

Rows = dict[str, list[dict[str, str]]]


def read(folder: Path) -> Rows:
    return {
        path.stem: list(csv.DictReader(path.open(encoding="utf-8", newline="")))
        for path in folder.glob("*.csv")
    }


@pytest.fixture(scope="module")
def told(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    folder = tmp_path_factory.mktemp("governance")
    write_governance(county.home, folder)
    return read(folder)


def own_file(home: Home, *parts: str) -> tuple[Path, Any]:
    """Return the county's own copy of a configuration file, and its content, to be changed."""
    path = home.config.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, yaml.safe_load(default_file(*parts).read_text(encoding="utf-8"))


def test_each_feed_of_each_sender_is_shared_for_a_purpose_by_a_gateway(
    county: BuiltCounty, told: Rows
) -> None:
    configuration = load_configuration(county.home)
    rows = {(r["sender_code"], r["feed"]): r for r in told["record_of_sharing"]}
    for sender in configuration.senders:
        for feed in sender.feeds:
            row, of = rows.pop((sender.code, feed)), configuration.feeds[feed]
            assert (row["purpose"], row["gateway"]) == (of.purpose, of.gateway)
            assert row["retention_months"] == str(of.retention_months)
    campaigns = load_campaigns(county.home, campaign_fields(project_directory()), configuration)
    for name, one in campaigns.items():
        row = rows.pop(("", f"campaign {name}"))
        assert (row["purpose"], row["gateway"]) == (one.purpose, one.gateway)
        assert row["retention_months"] == "24 after its end"
    assert {feed for _, feed in rows} == {f"sharing {name}" for name in configuration.sharings}


def test_every_identifier_stops_at_the_vault(county: BuiltCounty, told: Rows) -> None:
    for row in told["fields"]:
        is_identifier = row["is_identifier"] == "yes"
        assert is_identifier == (row["stops_at"] == "the sender's vault")
    fields = {(r["feed"], r["record"], r["field"]): r for r in told["fields"]}
    assert fields["cts", "award", "claimant_nino"]["what_leaves"] == (
        "claimant_nino_key (keyed hash, under the sender's own key)"
    )
    assert fields["cts", "award", "claimant_birth_date"]["what_leaves"].split("; ") == [
        "claimant_name_dob_key (keyed hash, under the sender's own key)",
        "claimant_age_at_month_end (age at the month's end)",
        "claimant_pension_age_month (month of pension age)",
    ]
    definitions = load_feed_definitions(county.home)
    assert set(fields) == {
        (feed, record, field)
        for feed, definition in definitions.items()
        for record, of in definition.records.items()
        for field in of.mapped
    }


def test_every_column_of_marts_and_publication_is_told_with_its_feeds(
    county: BuiltCounty, told: Rows
) -> None:
    rows = {(r["layer"], r["table"], r["column"]): r for r in told["columns"]}
    for layer, file in (("marts", "secure.duckdb"), ("published", "publication.duckdb")):
        with duckdb.connect(str(county.home.current / file), read_only=True) as con:
            there = con.execute(
                "select table_name, column_name from duckdb_columns() where schema_name = ?",
                [layer],
            ).fetchall()
        assert {(layer, *one) for one in there} == {name for name in rows if name[0] == layer}
    overdue = rows["published", "district_council_tax_month", "overdue_gbp"]
    assert "council_tax.balance" in overdue["records"].split(", ")
    assert overdue["made_from"].startswith("metric ")
    spend = rows["marts", "fct_benefit_spend", "household_key"]
    assert {"cts", "links"} <= set(spend["feeds"].split(", "))
    assert rows["published", "official_band_d_trend", "band_d_gbp"]["feeds"] == "council_tax_levels"


def test_the_lineage_is_that_of_the_models_themselves(county: BuiltCounty) -> None:
    manifest = json.loads((county.home.current / "manifest.json").read_text(encoding="utf-8"))

    def behind(node: str) -> set[str]:
        above: Mapping[str, list[str]] = manifest["parent_map"]
        return {node}.union(*(behind(parent) for parent in above.get(node, [])))

    lineage = Lineage(manifest)
    for name in ("fct_arrears", "fct_benefit_spend", "dim_dwelling"):
        node = f"model.openlsi.{name}"
        landed = {
            one.removeprefix("source.openlsi.landing.").replace("__", ".")
            for one in behind(node)
            if one.startswith("source.openlsi.landing.") and "__" in one
        }
        assert {r for r in lineage.records_behind(node) if not r.startswith("links.")} == landed
        assert landed


def test_a_column_added_to_a_record_shows_up(county: BuiltCounty, tmp_path: Path) -> None:
    home = county.copied(tmp_path / "home")
    path, content = own_file(home, "records", "cts.yml")
    content["records"]["award"]["identifiers"]["claimant_phone"] = {"type": "ref"}
    content["records"]["award"]["columns"]["claimant_phone_key"] = {
        "type": "key", "purpose": "account", "of": ["claimant_phone"],
    }  # fmt: skip
    content["records"]["award"]["columns"]["review_date"] = {"type": "date"}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    write_governance(home, tmp_path / "out")
    told = read(tmp_path / "out")
    added = {
        r["field"]: r for r in told["fields"] if r["field"] in ("claimant_phone", "review_date")
    }
    assert added["claimant_phone"]["what_leaves"].startswith("claimant_phone_key")
    assert added["claimant_phone"]["is_identifier"] == "yes"
    assert added["review_date"]["is_identifier"] == "no"
    rows = [r for r in told["record_of_sharing"] if r["feed"] == "cts"]
    assert rows
    assert all("claimant_phone" in r["identifiers"].split(", ") for r in rows)
    assert "claimant_phone" in (tmp_path / "out" / "governance.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("gateway", [None, "", "  "])
def test_a_feed_without_a_gateway_fails(tmp_path: Path, gateway: str | None) -> None:
    home = Home(tmp_path)
    path, content = own_file(home, "districts.yml")
    if gateway is None:
        del content["feeds"]["cts"]["gateway"]
    else:
        content["feeds"]["cts"]["gateway"] = gateway
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"feeds\.cts\.gateway"):
        write_governance(home, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_published_column_that_no_file_describes_fails(
    county: BuiltCounty, tmp_path: Path
) -> None:
    home = county.copied(tmp_path / "home")
    publication = (home.current / "publication.duckdb").resolve()
    with duckdb.connect(str(publication)) as con:
        con.execute("alter table published.districts add column telephone varchar")
    with pytest.raises(WarehouseError, match=r"published\.districts\.telephone: no file"):
        write_governance(home, tmp_path / "out")


def test_every_folder_of_the_home_is_told(tmp_path: Path) -> None:
    folders = {name for name, of in vars(Home).items() if isinstance(of, property)}
    assert folders == set(FILES)


def test_without_a_build_there_is_no_lineage(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nothing is built yet"):
        write_governance(Home(tmp_path), tmp_path / "out")
    shutil.rmtree(tmp_path)
