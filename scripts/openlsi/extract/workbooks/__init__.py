"""Official workbooks as MHCLG publishes them, read by layouts that are data.

`load_families` reads the layouts, `identify_workbook` says which one a file is, by what its sheets
say and never by its name, and `read_workbook` returns its records. `explain_unknown` words the
refusal of a file that no layout fits.
"""

from openlsi.extract.workbooks.family import WorkbookFamily, WorkbookLayout, load_families
from openlsi.extract.workbooks.identify import explain_unknown, identify_workbook
from openlsi.extract.workbooks.opened import WorkbookError
from openlsi.extract.workbooks.records import WorkbookRecords, read_workbook

__all__ = [
    "WorkbookError",
    "WorkbookFamily",
    "WorkbookLayout",
    "WorkbookRecords",
    "explain_unknown",
    "identify_workbook",
    "load_families",
    "read_workbook",
]
