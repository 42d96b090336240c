"""The figures of the pages as spreadsheets: a workbook a page, one open document for the site."""
