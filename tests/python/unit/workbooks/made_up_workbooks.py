"""Small workbooks of the council tax levels family, made up for the tests."""

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
        tiers = ["County or GLA", "Police", "Fire", "Combined Authority"]
        pairs += [(self.groups["tiers"] if at == 0 else "", tier) for at, tier in enumerate(tiers)]
        return [*pairs, (self.groups["area"], "")]

    def figures(self, area: object) -> list[object]:
        """Return one authority's row, without its codes."""
        extra: list[object] = [7] if self.extra_column else []
        pairs: list[object] = [1.0, 11_000_000.0, 2.0, 50_000.0, 3.0, 210.5, 4.0, 190.25]
        return [*extra, *pairs, 1_600.0, 250.0, 89.5, 50.0, area]

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
