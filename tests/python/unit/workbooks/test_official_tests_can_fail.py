"""Each dbt test over the official figures passes on the real workbooks and fails on a broken copy.

The models are built once from the six workbooks; then one figure, row or code is broken at a time
in a copy of the database, and the SQL that dbt compiled for the test is run over it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import yaml

from openlsi.config import Configuration
from openlsi.config.county import default_file
from openlsi.extract.workbooks import identify_workbook, load_families, read_workbook
from openlsi.warehouse.sources import configuration_tables

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[4]
OFFICIAL = Path(str(files("openlsi.synthesis"))) / "official"
SELECTED = [
    "+path:models/marts/official",
    "+path:models/marts/reference",
    "resource_type:seed",
    "resource_type:unit_test,path:models/staging/council_tax_levels",
    "path:tests/singular/official",
]
ASHFORD = "where authority_code = 'E07000105'"
ASHFORD_PRINTED = "where mhclg_code = 'E2231'"
CTS = "marts.fct_published_cts_forgone"
DWELLINGS = "marts.fct_published_dwellings"
BAND_D = "marts.fct_published_band_d"
LANDED_CTS = "landing.council_taxbase__cts_forgone"
LANDED_DWELLINGS = "landing.council_taxbase__dwellings"
LANDED_BAND_D = "landing.council_tax_levels__band_d"
ONE_CELL = f"{ASHFORD} and band = 'A' and age_group = 'working'"

BREAKAGES = {
    # One publication against another.
    "pounds_forgone_over_the_bands_charge_are_the_printed_dwellings": [
        f"update {CTS} set cts_forgone_gbp = cts_forgone_gbp + 0.01 {ONE_CELL}",
        f"update {CTS} set cts_forgone_gbp = cts_forgone_gbp * 100 {ASHFORD}",
        f"update {BAND_D} set area_band_d_gbp = area_band_d_gbp + 0.01 {ASHFORD}",
        f"delete from {BAND_D} {ASHFORD}",
        "update seeds.band_ratios set ninths_of_band_d = 17 where band = 'H'",
    ],
    # Authorities against the line for England.
    "cts_forgone_of_the_authorities_adds_to_the_line_for_england": [
        f"delete from {LANDED_CTS} {ASHFORD_PRINTED}",
        f"insert into {LANDED_CTS} select * from {LANDED_CTS} {ASHFORD_PRINTED}",
        f"delete from {LANDED_CTS} where mhclg_code = 'ENG'",
        f"update {LANDED_CTS} set cts_forgone_gbp = cts_forgone_gbp + 0.1 {ASHFORD_PRINTED}",
    ],
    "dwellings_of_the_authorities_add_to_the_line_for_england": [
        f"delete from {LANDED_DWELLINGS} {ASHFORD_PRINTED}",
        f"update {LANDED_DWELLINGS} set single_adult_dwellings = single_adult_dwellings + 1 "
        f"{ASHFORD_PRINTED} and band = 'A'",
        f"delete from {LANDED_DWELLINGS} where mhclg_code like 'E____'",
    ],
    "tax_bases_of_the_authorities_add_to_the_line_for_england": [
        f"delete from {LANDED_BAND_D} {ASHFORD_PRINTED} and financial_year = '2018-19'",
        f"insert into {LANDED_BAND_D} select * from {LANDED_BAND_D} {ASHFORD_PRINTED}",
    ],
    "band_d_weighted_by_tax_base_is_the_line_for_england": [
        # The simple mean, which is £23.91 more in 2023-24.
        f"update {BAND_D} set tax_base = 1",
        f"update {BAND_D} set tax_base = null {ASHFORD}",
        f"update {BAND_D} set area_band_d_gbp = area_band_d_gbp + 0.05",
        f"update {BAND_D} set parish_band_d_gbp = parish_band_d_gbp + 10 {ASHFORD}",
        f"delete from {LANDED_BAND_D} where mhclg_code = 'TE'",
    ],
    "chargeable_dwellings_are_the_same_before_and_after_disabled_relief": [
        f"update {LANDED_DWELLINGS} set chargeable_dwellings = chargeable_dwellings + 1 "
        f"{ASHFORD_PRINTED} and band = 'A'",
    ],
    "chargeable_dwellings_are_of_the_size_of_the_tax_base": [
        f"update {LANDED_BAND_D} set tax_base = tax_base * 100 {ASHFORD_PRINTED}",
        f"update {LANDED_BAND_D} set tax_base = null {ASHFORD_PRINTED}",
        f"update {LANDED_DWELLINGS} set chargeable_dwellings = chargeable_dwellings * 100 "
        f"{ASHFORD_PRINTED}",
    ],
    # Exactly the authorities, bands and age groups that there should be.
    "every_authority_of_the_year_is_published_in_every_band_and_age_group": [
        f"delete from {CTS} {ONE_CELL}",
        f"update {CTS} set authority_code = null {ASHFORD}",
        f"update {CTS} set band = 'I' {ONE_CELL}",
    ],
    "every_authority_of_the_year_has_a_published_band_d_and_dwellings": [
        f"delete from {BAND_D} {ASHFORD} and financial_year = '2023-24'",
        f"delete from {DWELLINGS} {ASHFORD}",
        f"update {BAND_D} set authority_code = 'E07000999' {ASHFORD}",
    ],
    "the_printed_ons_code_is_the_one_that_the_e_code_resolves_to": [
        f"update {LANDED_CTS} set authority_code = 'E07000106' {ASHFORD_PRINTED}",
        f"update {LANDED_BAND_D} set mhclg_code = 'E9999' {ASHFORD_PRINTED}",
    ],
    # Tests of one table.
    "a_published_cts_cell_is_printed_once_for_a_known_authority": [
        f"insert into {CTS} select * from {CTS} {ONE_CELL}",
        f"update {CTS} set authority_code = null {ONE_CELL}",
    ],
    "a_published_cts_cell_has_its_figures_or_a_mark": [
        f"update {CTS} set cts_forgone_gbp = null {ONE_CELL}",
    ],
    "every_published_cts_cell_is_of_an_authority_in_dim_district": [
        "delete from marts.dim_district where district_code = 'E07000105'",
    ],
    "every_published_cts_cell_is_of_a_band_with_a_ratio": [
        "delete from seeds.band_ratios where band = 'A_disabled'",
    ],
    "published_cts_is_for_pension_age_or_working_age": [
        f"update {CTS} set age_group = 'child' {ONE_CELL}",
    ],
    "an_authority_has_one_row_of_published_dwellings_a_year": [
        f"insert into {DWELLINGS} select * from {DWELLINGS} {ASHFORD}",
    ],
    "an_authority_has_chargeable_dwellings_and_no_more_than_its_list": [
        f"update {DWELLINGS} set chargeable_dwellings = dwellings_on_list + 1 {ASHFORD}",
    ],
    "single_adult_dwellings_are_among_the_chargeable": [
        f"update {DWELLINGS} set single_adult_dwellings = chargeable_dwellings + 1 {ASHFORD}",
    ],
    "every_published_count_of_dwellings_is_of_an_authority_in_dim_district": [
        f"update {DWELLINGS} set authority_code = 'E07000999' {ASHFORD}",
    ],
    "an_authority_has_one_published_band_d_a_year": [
        f"insert into {BAND_D} select * from {BAND_D} {ASHFORD}",
        f"update {BAND_D} set authority_code = null {ASHFORD}",
    ],
    "the_tiers_add_to_the_band_d_of_the_area": [
        f"update {BAND_D} set police_band_d_gbp = police_band_d_gbp + 0.04 {ASHFORD}",
        f"update {BAND_D} set other_band_d_gbp = null {ASHFORD}",
    ],
    "the_area_and_the_authority_itself_charge_something_and_no_tier_pays_back": [
        f"update {BAND_D} set own_band_d_gbp = 0 {ASHFORD}",
        f"update {BAND_D} set parish_band_d_gbp = -0.01 {ASHFORD}",
    ],
    "every_published_band_d_is_of_an_authority_in_dim_district": [
        f"update {BAND_D} set authority_code = 'E07000999' {ASHFORD}",
    ],
    # Reference dimensions.
    "a_district_code_has_one_row": [
        "insert into marts.dim_district select * from marts.dim_district limit 1",
    ],
    "a_district_that_sends_extracts_is_still_in_being": [
        "update marts.dim_district set valid_to = date '2028-03-31' where is_warehouse_district",
    ],
    "a_district_of_the_county_has_a_county_above_it": [
        "update marts.dim_district set is_county_district = true where district_slug = 'medway'",
    ],
    "an_area_has_one_row": ["insert into marts.dim_area select * from marts.dim_area limit 1"],
    "an_area_has_a_decile_of_deprivation": ["update marts.dim_area set imd_decile = 11"],
    "every_area_lies_in_a_known_district": [
        "update marts.dim_area set district_code = 'E07000999'",
    ],
    "a_benefit_has_one_row": [
        "insert into marts.dim_benefit select * from marts.dim_benefit",
    ],
    "a_month_has_one_row": ["insert into marts.dim_month select * from marts.dim_month"],
    "a_month_is_numbered_from_the_april_that_starts_its_year": [
        "update marts.dim_month set financial_month_number = 12 where month = date '2026-04-01'",
    ],
    "a_month_lies_in_its_quarter": [
        "update marts.dim_month set quarter_month = date '2026-01-01'"
        " where month = date '2026-04-01'",
    ],
    "a_month_has_its_days": ["update marts.dim_month set days_in_month = 0"],
    "a_sender_has_one_row": [
        "insert into marts.dim_sender select * from marts.dim_sender limit 1",
        "update marts.dim_sender set sender_code = null",
    ],
}


def _land(database: Path) -> None:
    """Write the six workbooks into schema landing, as the loader would."""
    families = load_families(sorted(default_file("workbooks").glob("*.yml")))
    landed: dict[str, list[pa.Table]] = {}
    extracts: list[dict[str, object]] = []
    for path in sorted([*OFFICIAL.glob("*.ods"), *OFFICIAL.glob("*.xlsx")]):
        layout = identify_workbook(path, families)
        assert layout is not None
        of_extract = {
            "extract_id": f"{layout.feed} {layout.financial_year}",
            "district_code": layout.district_code,
            "month": layout.month,
        }
        extracts.append(of_extract | {"feed": layout.feed, "layout": layout.name})
        for record, table in read_workbook(path, layout).tables.items():
            for name, value in of_extract.items():
                table = table.append_column(name, pa.array([value] * table.num_rows))
            landed.setdefault(f"{layout.feed}__{record}", []).append(table)
    districts = yaml.safe_load(default_file("districts.yml").read_text(encoding="utf-8"))
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema landing; create schema configuration")
        for name, tables in landed.items():
            connection.register("given", pa.concat_tables(tables))
            connection.execute(f"create table landing.{name} as select * from given")
        connection.register("given", pa.Table.from_pylist(extracts))
        connection.execute(
            """
            create table landing.extracts as
            select *, 'snapshot' as mode, null::timestamp as produced_at,
                timestamp '2026-01-01' as arrived_at,
                0 as physical_rows, 0 as structural_rows, 0 as accepted_rows, 0 as quarantined_rows,
                0 as other_month_rows, 0 as accepted_gbp, 0 as quarantined_gbp,
                0 as other_month_gbp
            from given
            """
        )
        connection.execute(
            """
            create table landing.extract_periods as
            select extract_id, arrived_at as known_from, null::timestamp as known_to
            from landing.extracts
            """
        )
        configuration = Configuration.model_validate(districts)
        for (schema, name), rows in configuration_tables(configuration).items():
            connection.register("given", rows)
            connection.execute(f"create table {schema}.{name} as select * from given")
            connection.unregister("given")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the official and reference models; return the folder with the file and dbt's target."""
    folder = tmp_path_factory.mktemp("official")
    project = folder / "project"
    for part in ("models", "macros", "seeds", "tests/generic", "tests/singular"):
        shutil.copytree(PROJECT / part, project / part)
    for part in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / part, project / part)
    _land(folder / "secure.duckdb")
    outcome = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", "build"),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "log")),
            *("--indirect-selection", "cautious", "--select", *SELECTED),
        ],
        env=os.environ
        | {
            "LSI_BUILD_FILE": str(folder / "secure.duckdb"),
            "LSI_TEMP_DIRECTORY": str(folder / "spill"),
            "LSI_DBT_TARGET": str(folder / "target"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return folder


def _failing_rows(built: Path, database: Path, test: str) -> int:
    (compiled,) = (built / "target" / "compiled").rglob(f"{test}.sql")
    with duckdb.connect(str(database)) as connection:
        return len(connection.execute(compiled.read_text(encoding="utf-8")).fetchall())


@pytest.mark.parametrize("test", BREAKAGES)
def test_a_dbt_test_passes_on_the_workbooks_and_fails_on_each_breakage(
    built: Path, tmp_path: Path, test: str
) -> None:
    assert _failing_rows(built, built / "secure.duckdb", test) == 0
    for number, breakage in enumerate(BREAKAGES[test]):
        # The compiled SQL names the database after its file.
        broken = tmp_path / str(number) / "secure.duckdb"
        broken.parent.mkdir()
        shutil.copy(built / "secure.duckdb", broken)
        with duckdb.connect(str(broken)) as connection:
            connection.execute(breakage)
        assert _failing_rows(built, broken, test) > 0, breakage


def test_no_dbt_test_of_the_official_figures_is_left_unbroken() -> None:
    named = {path.stem for path in (PROJECT / "tests" / "singular" / "official").glob("*.sql")}
    for folder in ("official", "reference"):
        for path in (PROJECT / "models" / "marts" / folder).glob("*.yml"):
            for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
                columns = [column.get("data_tests", []) for column in model["columns"]]
                for tests in (model.get("data_tests", []), *columns):
                    named.update(entry["name"] for test in tests for entry in test.values())
    assert named == set(BREAKAGES)
