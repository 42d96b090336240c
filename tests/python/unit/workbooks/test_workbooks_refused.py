"""A further year loads by YAML alone; what is not as expected is refused in one plain line."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from made_up_workbooks import AVERAGE, LevelsWorkbook, write_taxbase

from openlsi.config import ConfigurationError
from openlsi.config.county import default_file
from openlsi.extract.workbooks import (
    WorkbookError,
    WorkbookFamily,
    explain_unknown,
    identify_workbook,
    load_families,
    read_workbook,
)

OFFICIAL = Path(str(files("openlsi.synthesis"))) / "official"
SHIPPED = sorted(default_file("workbooks").glob("*.yml"))
FURTHER_YEAR = '  - {financial_year: "2024-25", form: one_data_sheet, authorities: 2}\n'


@pytest.fixture
def families(tmp_path: Path) -> dict[Path, WorkbookFamily]:
    """The shipped layouts, with one line for a further year added."""
    shipped = default_file("workbooks", "council_tax_levels.yml").read_text(encoding="utf-8")
    own = tmp_path / "council_tax_levels.yml"
    own.write_text(shipped.replace("forms:\n", FURTHER_YEAR + "forms:\n", 1), encoding="utf-8")
    return load_families([own])


def read(path: Path, families: dict[Path, WorkbookFamily]) -> pa.Table:
    layout = identify_workbook(path, families)
    assert layout is not None
    return read_workbook(path, layout).tables["band_d"]


def refusal(path: Path, families: dict[Path, WorkbookFamily]) -> str:
    with pytest.raises(WorkbookError) as caught:
        read(path, families)
    return str(caught.value)


def test_a_further_year_with_shifted_headings_loads_by_yaml_alone(
    tmp_path: Path, families: dict[Path, WorkbookFamily]
) -> None:
    path = LevelsWorkbook(rows_above=9, extra_column=True).write(tmp_path / "next.xlsx")
    band_d = read(path, families)
    assert band_d.column("mhclg_code").to_pylist() == ["Eng", "E2231", "E2232"]
    ashford = band_d.slice(1, 1).to_pylist()[0]
    assert (ashford["source_row"], ashford["financial_year"]) == (13, "2024-25")
    assert ashford["area_band_d_gbp"] == Decimal("2200")
    assert ashford["own_with_parish_band_d_gbp"] == Decimal("210.5")
    assert ashford["own_band_d_gbp"] == Decimal("190.25")
    assert ashford["other_band_d_gbp"] == Decimal("50")
    assert ashford["tax_base"] == Decimal("50000")
    assert ashford["new_own_band_d_gbp"] is None


def test_an_older_form_without_social_care_precept_or_combined_authorities_loads(
    tmp_path: Path,
) -> None:
    shipped = default_file("workbooks", "council_tax_levels.yml").read_text(encoding="utf-8")
    own = tmp_path / "council_tax_levels.yml"
    older = '"2015-16", form: one_data_sheet, authorities: '
    own.write_text(shipped.replace(f"{older}326", f"{older}2"), encoding="utf-8")
    workbook = LevelsWorkbook(year="2015-16", previous="2014-15", combined_authority=False)
    workbook.groups |= {
        "with_parish": f"6. {AVERAGE} (including local precepts)",
        "own": f"7. {AVERAGE} (excluding local precepts)",
        "tiers": workbook.groups["tiers"].replace("16.", "9."),
        "area": workbook.groups["area"].replace("17.", "10."),
    }
    band_d = read(workbook.write(tmp_path / "older.xlsx"), load_families([own]))
    ashford = band_d.slice(1, 1).to_pylist()[0]
    assert ashford["financial_year"] == "2015-16"
    assert ashford["own_band_d_gbp"] == Decimal("190.25")
    assert ashford["fire_band_d_gbp"] == Decimal("89.5")
    assert ashford["other_band_d_gbp"] is None


def test_a_further_council_taxbase_with_shifted_headings_loads_by_yaml_alone(
    tmp_path: Path,
) -> None:
    shipped = default_file("workbooks", "council_taxbase.yml").read_text(encoding="utf-8")
    own = tmp_path / "council_taxbase.yml"
    line = '  - {financial_year: "2023-24", form: accessible, authorities: 2}\n'
    own.write_text(shipped.replace("forms:\n", line + "forms:\n", 1), encoding="utf-8")
    families = load_families([own])
    path = write_taxbase(tmp_path / "next.xlsx", start_year=2023, rows_above=11)
    layout = identify_workbook(path, families)
    assert layout is not None
    records = read_workbook(path, layout).tables
    cell = [
        row
        for row in records["cts_forgone"].to_pylist()
        if (row["mhclg_code"], row["band"], row["age_group"]) == ("E2231", "B", "working")
    ]
    # Table 3.02 is the second on the sheet, 3.06 the fifth, and Band B the third of nine.
    assert [(row["cts_forgone_gbp"], row["dwelling_equivalents"]) for row in cell] == [
        (Decimal(1002), Decimal(4002))
    ]
    dwellings = {
        row["band"]: (row["chargeable_dwellings"], row["chargeable_dwellings_after_relief"])
        for row in records["dwellings"].to_pylist()
        if row["mhclg_code"] == "E2232"
    }
    assert (dwellings["A_disabled"], dwellings["A"]) == ((None, 3000), (2000, 3001))


def test_a_further_year_without_its_line_is_refused_and_says_what_to_add(tmp_path: Path) -> None:
    path = LevelsWorkbook().write(tmp_path / "next.xlsx")
    shipped = load_families(SHIPPED)
    assert identify_workbook(path, shipped) is None
    assert str(explain_unknown(path, shipped)) == (
        "next.xlsx: not a workbook that is known; nearest is 'Council Tax levels: local authority "
        "level data' (one_data_sheet): its year is not among the editions listed for that form "
        "(2015-16, 2016-17, 2017-18, 2018-19, 2019-20, 2020-21, 2021-22, 2022-23); if it is a "
        "further year, add its edition to council_tax_levels.yml"
    )


def test_another_workbook_is_refused_with_the_nearest_layout(tmp_path: Path) -> None:
    path = LevelsWorkbook(data_sheet="Table 1").write(tmp_path / "other.xlsx")
    taxbase = load_families([default_file("workbooks", "council_taxbase.yml")])
    assert identify_workbook(path, taxbase) is None
    assert str(explain_unknown(path, taxbase)) == (
        "other.xlsx: not a workbook that is known; nearest is 'Council Taxbase: local authority "
        "level data' (accessible): sheet 'Cover' expected, sheets Billing Authorities, Table 1 "
        "found; if it should be read, write a layout for it"
    )


def test_a_renamed_column_is_refused(tmp_path: Path, families: dict[Path, WorkbookFamily]) -> None:
    workbook = LevelsWorkbook()
    workbook.groups["area"] = "17. Total of all council tax of the area"
    assert refusal(workbook.write(tmp_path / "renamed.xlsx"), families) == (
        "renamed.xlsx, sheet 'Data': no column for area_band_d_gbp; expected the heading 'Average "
        "(Band D 2 adult equivalent) council tax for area of the billing authority including both "
        "local and major precep…', nearest found is 'total of all council tax of the area'; fetch "
        "the file as published, or add the new wording to council_tax_levels.yml"
    )


def test_two_columns_that_fit_one_measure_are_refused(
    tmp_path: Path, families: dict[Path, WorkbookFamily]
) -> None:
    workbook = LevelsWorkbook()
    workbook.groups["own"] = workbook.groups["with_parish"]
    assert refusal(workbook.write(tmp_path / "doubled.xlsx"), families) == (
        "doubled.xlsx, sheet 'Data': columns I, K all fit own_with_parish_band_d_gbp, expected "
        "one; make the wording in council_tax_levels.yml narrower"
    )


@pytest.mark.parametrize(
    "name", ["council_taxbase_2022.ods", "council_tax_requirement_2022-23.xlsx"]
)
def test_a_file_cut_short_is_refused(
    tmp_path: Path, families: dict[Path, WorkbookFamily], name: str
) -> None:
    content = (OFFICIAL / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(content[: len(content) * 2 // 3])
    told = refusal(path, families)
    assert told.startswith(f"{name}: cannot be opened as an ODS or XLSX workbook (")
    assert told.endswith("the file is cut short or of another kind: fetch it again as published")


def test_a_file_with_one_byte_changed_is_refused(
    tmp_path: Path, families: dict[Path, WorkbookFamily]
) -> None:
    content = bytearray((OFFICIAL / "council_tax_requirement_2018-19.xlsx").read_bytes())
    content[len(content) // 2] ^= 0xFF
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(content)
    assert "damaged.xlsx: cannot be opened as an ODS or XLSX workbook (" in refusal(path, families)


def test_a_missing_sheet_is_refused(tmp_path: Path, families: dict[Path, WorkbookFamily]) -> None:
    path = LevelsWorkbook(data_sheet="Data (2)").write(tmp_path / "sheet.xlsx")
    assert refusal(path, families) == (
        "sheet.xlsx: sheet 'Data' expected, sheets Billing Authorities, Data (2) found; "
        "fetch the file as published"
    )


def test_a_hidden_sheet_is_not_read(tmp_path: Path, families: dict[Path, WorkbookFamily]) -> None:
    path = LevelsWorkbook(hide_data_sheet=True).write(tmp_path / "hidden.xlsx")
    assert refusal(path, families) == (
        "hidden.xlsx: sheet 'Data' is hidden, expected it to be visible; hidden sheets are not "
        "read: fetch the file as published"
    )


def test_a_hidden_row_is_refused(tmp_path: Path, families: dict[Path, WorkbookFamily]) -> None:
    path = LevelsWorkbook(hide_row=6).write(tmp_path / "rows.xlsx")
    assert refusal(path, families) == (
        "rows.xlsx, sheet 'Data': row 7 is hidden (1 in all), expected none; show all rows and "
        "save, or say `hidden_rows: read` for this edition in council_tax_levels.yml"
    )


def test_a_missing_authority_is_refused(
    tmp_path: Path, families: dict[Path, WorkbookFamily]
) -> None:
    path = LevelsWorkbook(authorities=(("E2231", "Ashford"),)).write(tmp_path / "short.xlsx")
    assert refusal(path, families) == (
        "short.xlsx, sheet 'Data': 1 billing authorities found, 2 expected for 2024-25; the sheet "
        "is cut short or has been edited: fetch the file as published, or correct `authorities` "
        "in council_tax_levels.yml"
    )


def test_an_authority_in_two_rows_is_refused(
    tmp_path: Path, families: dict[Path, WorkbookFamily]
) -> None:
    twice = (("E2231", "Ashford"), ("E2231", "Ashford"))
    path = LevelsWorkbook(authorities=twice).write(tmp_path / "twice.xlsx")
    assert refusal(path, families) == (
        "twice.xlsx, sheet 'Data': E2231 stands in two rows, expected one row an authority; "
        "fetch the file as published"
    )


def test_a_row_that_is_no_authority_is_refused(
    tmp_path: Path, families: dict[Path, WorkbookFamily]
) -> None:
    odd = (("E2231", "Ashford"), ("Kent", "All of Kent"))
    path = LevelsWorkbook(authorities=odd).write(tmp_path / "odd.xlsx")
    assert refusal(path, families) == (
        "odd.xlsx, sheet 'Data', row 8: 'Kent' found where a billing authority's E-code is "
        "expected, such as E2231; the sheet has been edited: fetch the file as published"
    )


@pytest.mark.parametrize("printed", ["about 2,200", "", "£2,200"])
def test_a_cell_that_is_no_figure_is_refused(
    tmp_path: Path, families: dict[Path, WorkbookFamily], printed: str
) -> None:
    path = LevelsWorkbook(ashford_area=printed).write(tmp_path / "cell.xlsx")
    assert refusal(path, families) == (
        f"cell.xlsx, sheet 'Data', cell P7: '{printed}' found, a number or one of [x], .., [z], - "
        "expected for area_band_d_gbp; fetch the file as published"
    )


def test_a_mark_is_kept_apart_from_the_figures(
    tmp_path: Path, families: dict[Path, WorkbookFamily]
) -> None:
    path = LevelsWorkbook(ashford_area="[x]").write(tmp_path / "marked.xlsx")
    band_d = read(path, families)
    assert band_d.column("area_band_d_gbp").to_pylist() == [None, None, Decimal("2200.0000")]
    assert band_d.column("mark").to_pylist() == ["z", "x", None]


def test_a_mistake_in_a_layout_names_the_file_and_the_field(tmp_path: Path) -> None:
    layout = yaml.safe_load(default_file("workbooks", "council_taxbase.yml").read_text())
    layout["editions"][0]["form"] = "paper"
    path = tmp_path / "council_taxbase.yml"
    path.write_text(yaml.safe_dump(layout))
    with pytest.raises(ConfigurationError, match="2022-23 names the unknown form paper"):
        load_families([path])
