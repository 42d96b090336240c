"""Why a file, or the whole command, is refused: what was found, what was expected, what to do."""

from __future__ import annotations

from openlsi.errors import LsiError

ASK_AGAIN = "ask the sender for it again"


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
        return plain(f"{file_name}: found {found}; expected {expected}; {advice}")

    def at(self, file_name: str, label: str) -> RefusedFileError:
        """Return the refusal of a file by its place in the inbox, where a reader gave its name."""
        name, *rest = self.args
        return RefusedFileError(label if name == file_name else name, *rest)


def plain(text: str) -> str:
    """Return a text as one line: a file may be named with a line end or a terminal's commands."""
    return "".join(character if character.isprintable() else "?" for character in text)


class RefusedWorkbookError(RefusedFileError):
    """An official workbook is refused, in the words of its reader."""

    def __init__(self, text: str) -> None:
        ExtractError.__init__(self, text)

    def __str__(self) -> str:
        return plain(str(self.args[0]))
