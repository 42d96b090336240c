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
        self.file_name = file_name
        self.found = found
        self.expected = expected
        self.advice = advice
        super().__init__(f"{file_name}: found {found}; expected {expected}; {advice}")
