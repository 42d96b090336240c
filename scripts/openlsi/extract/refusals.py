"""Why a file, or the whole command, is refused: what was found, what was expected, what to do."""

from __future__ import annotations

from openlsi.errors import LsiError


class ExtractError(LsiError):
    """Loading cannot go on, or a layout says something that cannot be."""


class RefusedFileError(ExtractError):
    """One delivery is refused whole; everything else is still loaded.

    `found`, `expected` and `advice` never quote a data value: a value may identify somebody, and
    this text goes to the terminal and to the ledger.
    """

    def __init__(self, file_name: str, found: str, expected: str, advice: str) -> None:
        # All four are the exception's arguments, so that a worker can send it to its parent.
        super().__init__(file_name, found, expected, advice)

    def __str__(self) -> str:
        file_name, found, expected, advice = self.args
        return f"{file_name}: found {found}; expected {expected}; {advice}"


class RefusedWorkbookError(RefusedFileError):
    """An official workbook is refused, in the words of its reader."""

    def __init__(self, text: str) -> None:
        ExtractError.__init__(self, text)

    def __str__(self) -> str:
        return str(self.args[0])
