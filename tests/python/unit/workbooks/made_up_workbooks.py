"""Small workbooks of the two official families, made up for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

AVERAGE = "Average (Band D 2 Adult equivalent) council tax"
GROUPS = {
    "requirement": "1. Council Tax Requirement for billing authority including special expenses, "
    "local precepts and Adult Social Care Precept.",
    "tax_base": "7. Council tax base for council tax setting purposes",
    "with_parish": f"8. {AVERAGE} (including Adult Social Care precept and local precepts)",
    "own": f"9. {AVERAGE} (including Adult Social Care precept and excluding local precepts)",
    "tiers": "16. Average council tax of major precepting authorities in the billing authority's "
    "area ",
    "area": f"17. {AVERAGE} for area of the billing authority including both local and major "
    "precepts.  (Lines 8+ 16(a) + 16(b) + 16(c))",
}


@dataclass
class LevelsWorkbook:
    """What to write; the defaults are a sound workbook of 2024-25 with two authorities."""

    year: str = "2024-25"
    previous: str = "2023-24"
    groups: dict[str, str] = field(default_factory=lambda: dict(GROUPS))
    rows_above: int = 3
    extra_column: bool = False
    combined_authority: bool = True
    data_sheet: str = "Data"
    hide_row: int | None = None
    hide_data_sheet: bool = False
    ashford_area: object = 2_200.0
    authorities: tuple[tuple[str, str], ...] = (("E2231", "Ashford"), ("E2232", "Canterbury"))

    def columns(self) -> list[tuple[str, str]]:
        """Return (group heading, detail heading) of each column."""
        pairs = [("Ecode", ""), ("Authority", ""), ("Class", "")]
        if self.extra_column:
            pairs.append(("0. A new column of no concern", "Number"))
        for name in ("requirement", "tax_base", "with_parish", "own"):
            pairs += [(self.groups[name], self.previous), ("", self.year)]
        tiers = ["County or GLA", "Police", "Fire"]
        tiers += ["Combined Authority"] if self.combined_authority else []
        pairs += [(self.groups["tiers"] if at == 0 else "", tier) for at, tier in enumerate(tiers)]
        return [*pairs, (self.groups["area"], "")]

    def figures(self, area: object) -> list[object]:
        """Return one authority's row, without its codes."""
        extra: list[object] = [7] if self.extra_column else []
        pairs: list[object] = [1.0, 11_000_000.0, 2.0, 50_000.0, 3.0, 210.5, 4.0, 190.25]
        tiers: list[object] = [1_600.0, 250.0, 89.5]
        return [*extra, *pairs, *tiers, *([50.0] if self.combined_authority else []), area]

    def write(self, path: Path) -> Path:
        """Write the workbook and return its path."""
        with xlsxwriter.Workbook(path) as book:
            form = book.add_worksheet("Billing Authorities")
            form.write(4, 0, "COUNCIL TAX REQUIREMENT RETURN (CTR1)")
            form.write(5, 0, f"{self.year} ")
            form.write_row(8, 3, [self.previous, self.year])
            data = book.add_worksheet(self.data_sheet)
            data.write(0, 0, "Billing authorities")
            top = self.rows_above
            for at, (group, detail) in enumerate(self.columns()):
                data.write(top, at, group)
                data.write(top + 1, at, detail)
            row = top + 2
            data.write_row(row, 0, ["Eng", "England", "", *self.figures("-")])
            for code, name in self.authorities:
                row += 1
                area = self.ashford_area if code == "E2231" else 2_200.0
                data.write_row(row, 0, [code, name, "SD", *self.figures(area)])
            data.write(row + 2, 0, "Precepting authorities")
            data.write_row(row + 3, 0, ["E7022", "Kent PCC", "PCC", 1.0, 2.0])
            if self.hide_row is not None:
                data.set_row(self.hide_row, None, None, {"hidden": True})
            if self.hide_data_sheet:
                data.hide()
        return path


BANDS = ["Band A entitled to disabled relief reduction ", *(f"Band {band}" for band in "ABCDEFGH")]
SUPPORT_TABLES = [
    "Table 3.01. Amount of council tax foregone - pensioner claimants",
    "Table 3.02. Amount of council tax foregone - working age claimants",
    "Table 3.03. Total council tax forgone for Council Tax Support",
    "Table 3.05. Reduction in council tax base due to council tax support - pensioners",
    "Table 3.06. Reduction in council tax base due to council tax support - working age people",
]
DWELLING_TABLES = [
    "Table 1.01 Total Number of Dwellings on Valuation List (Line 1)",
    "Table 1.02. Number of dwellings on valuation list exempt on 2 October 2023 (Line 2)",
    "Table 1.04. Number of chargeable dwellings on 2 October 2023 (Line 4)",
    "Table 1.07. Number of chargeable dwellings adjusted in accordance with lines 5 and 6 (Line 7)",
    "Table 1.08. Number of dwellings in line 7 entitled to a single adult household 25% discount "
    "on 2 October 2023 (Line 8)",
]


def write_taxbase(path: Path, start_year: int, rows_above: int) -> Path:
    """Write a Council Taxbase workbook of England and two authorities and return its path.

    Each figure is 1,000 × its table's number on the sheet + its band's, counted from 0.
    """
    codes = ["E-code", "ONS Code", "Region ", "Local Authority", "Notes"]
    lines = [
        ["ENG", "E92000001", "ENG", "England", ""],
        ["E2231", "E07000105", "SE", "Ashford", ""],
        ["E2232", "E07000106", "SE", "Canterbury [note 9]", "[note 9]"],
    ]
    with xlsxwriter.Workbook(path) as book:
        cover = book.add_worksheet("Cover")
        cover.write(0, 0, f"Council Taxbase: Local Authority Level Data for {start_year}")
        for name, tables in (
            ("Council_Taxbase_Data", DWELLING_TABLES),
            ("Council_Tax_Support_Data", SUPPORT_TABLES),
        ):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, name)
            sheet.write_row(rows_above + 1, 0, codes)
            for at, line in enumerate(lines):
                sheet.write_row(rows_above + 2 + at, 0, line)
            column = len(codes)
            for number, table in enumerate(tables):
                knows_relief = name == "Council_Tax_Support_Data" or "line 7" in table.lower()
                bands = BANDS if knows_relief else BANDS[1:]
                sheet.write(rows_above, column, table)
                for at, band in enumerate([*bands, "Total"]):
                    sheet.write(rows_above + 1, column + at, band)
                    for row in range(len(lines)):
                        sheet.write(rows_above + 2 + row, column + at, 1000 * number + at)
                column += len(bands) + 2
    return path
