"""The six workbooks as published, and what is known about them from elsewhere."""

from __future__ import annotations

import datetime
import shutil
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from openlsi.config.county import default_file
from openlsi.extract.workbooks import identify_workbook, load_families, read_workbook
from openlsi.extract.workbooks.opened import OpenedWorkbook

OFFICIAL = Path(str(files("openlsi.synthesis"))) / "official"
FAMILIES = load_families(sorted(default_file("workbooks").glob("*.yml")))
KENT = [f"E070001{number:02d}" for number in range(5, 17)]


def ask(sql: str, table: pa.Table, parameters: list[object] | None = None) -> list[tuple[Any, ...]]:
    """Answer a query over `published`, the table given."""
    with duckdb.connect() as connection:
        connection.register("published", table)
        return connection.execute(sql, parameters or []).fetchall()


def read(name: str) -> dict[str, pa.Table]:
    path = OFFICIAL / name
    layout = identify_workbook(path, FAMILIES)
    assert layout is not None
    return read_workbook(path, layout).tables


@pytest.fixture(scope="module")
def cts_forgone() -> pa.Table:
    return read("council_taxbase_2022.ods")["cts_forgone"]


@pytest.mark.parametrize(
    ("file_name", "name", "financial_year"),
    [
        ("council_taxbase_2022.ods", "council_taxbase/accessible", "2022-23"),
        ("council_tax_requirement_2018-19.xlsx", "council_tax_levels/one_data_sheet", "2018-19"),
        ("council_tax_requirement_2020-21.xlsx", "council_tax_levels/one_data_sheet", "2020-21"),
        ("council_tax_requirement_2021-22.xlsx", "council_tax_levels/one_data_sheet", "2021-22"),
        ("council_tax_requirement_2022-23.xlsx", "council_tax_levels/one_data_sheet", "2022-23"),
        ("council_tax_requirement_2023-24.ods", "council_tax_levels/accessible", "2023-24"),
    ],
)
def test_a_workbook_is_known_by_its_titles_under_any_name(
    tmp_path: Path, file_name: str, name: str, financial_year: str
) -> None:
    renamed = tmp_path / f"download (3){Path(file_name).suffix}"
    shutil.copy(OFFICIAL / file_name, renamed)
    layout = identify_workbook(renamed, FAMILIES)
    assert layout is not None
    assert (layout.name, layout.financial_year) == (name, financial_year)
    assert layout.month == datetime.date(int(financial_year[:4]), 4, 1)


def test_every_authority_has_nine_bands_and_two_age_groups(cts_forgone: pa.Table) -> None:
    counted = ask(
        """
        select authority_code, count(*), count(distinct (band, age_group)) from published
        where authority_code <> 'E92000001' group by authority_code
        """,
        cts_forgone,
    )
    assert len(counted) == 309
    assert {(cells, breakdowns) for _, cells, breakdowns in counted} == {(18, 18)}


def test_kents_twelve_districts_forgo_what_the_return_says(cts_forgone: pa.Table) -> None:
    rows = ask(
        """
        select age_group, round(sum(cts_forgone_gbp) / 1000000, 2) from published
        where authority_code in (select unnest(?)) group by rollup (age_group)
        """,
        cts_forgone,
        [KENT],
    )
    assert dict(rows) == {"pension": 44.62, "working": 61.47, None: 106.09}


def test_one_cell_is_where_a_reader_finds_it(cts_forgone: pa.Table) -> None:
    # Ashford, row 13 of Council_Tax_Support_Data, table 3.02, Band B.
    row = ask(
        """
        select source_row, mhclg_code, cts_forgone_gbp, dwelling_equivalents, mark from published
        where authority_code = 'E07000105' and band = 'B' and age_group = 'working'
        """,
        cts_forgone,
    )
    assert row == [(13, "E2231", Decimal("2280692.8600"), Decimal("1465.866520"), None)]


def test_chargeable_dwellings_add_to_the_line_for_england() -> None:
    dwellings = read("council_taxbase_2022.ods")["dwellings"]
    totals = ask(
        "select authority_code = 'E92000001', sum(chargeable_dwellings) from published group by 1",
        dwellings,
    )
    # 24,531,099 is the total printed for England; the bands are what is read.
    assert dict(totals) == {True: 24_531_099, False: 24_531_099}
    assert dwellings.schema.field("chargeable_dwellings").type == pa.int64()


@pytest.mark.parametrize(
    ("file_name", "authorities"),
    [
        ("council_tax_requirement_2018-19.xlsx", 326),
        ("council_tax_requirement_2020-21.xlsx", 314),
        ("council_tax_requirement_2021-22.xlsx", 309),
        ("council_tax_requirement_2022-23.xlsx", 309),
        ("council_tax_requirement_2023-24.ods", 296),
    ],
)
def test_tiers_add_to_the_area_and_tax_bases_to_england(file_name: str, authorities: int) -> None:
    band_d = read(file_name)["band_d"]
    # Up to five tiers and the area, each printed to the penny: half a penny each.
    counts = ask(
        """
        select
            count(*),
            count(*) filter (
                abs(
                    coalesce(nullif(own_with_parish_band_d_gbp, 0), new_own_with_parish_band_d_gbp)
                    + county_band_d_gbp + police_band_d_gbp + fire_band_d_gbp + other_band_d_gbp
                    - area_band_d_gbp
                ) <= 0.03
            )
        from published where mhclg_code like 'E____'
        """,
        band_d,
    )
    assert counts == [(authorities, authorities)]
    bases = ask(
        "select mhclg_code like 'E____', sum(tax_base) from published group by 1",
        band_d,
    )
    assert len(bases) == 2
    assert len({base for _, base in bases}) == 1


def test_the_oldest_workbook_has_no_ons_codes_but_for_england() -> None:
    band_d = read("council_tax_requirement_2018-19.xlsx")["band_d"]
    assert ask("select distinct authority_code from published order by 1 nulls last", band_d) == [
        ("E92000001",),
        (None,),
    ]


def test_rows_and_sheets_that_the_publisher_hid_are_known_to_be_hidden() -> None:
    taxbase = OpenedWorkbook(OFFICIAL / "council_taxbase_2022.ods")
    # The form hides its working rows; the sheets that are read hide none.
    assert taxbase.sheet("CTB_Supplementary_Form").hidden_rows == set(range(83, 89))
    assert taxbase.sheet("Council_Tax_Support_Data").hidden_rows == set()
    assert taxbase.is_hidden("LA_list")
    # Links to other files have left hundreds of sheets that do not show.
    assert len(taxbase.sheet_names) == 13
