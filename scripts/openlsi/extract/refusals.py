"""Why a file, or the whole command, is refused: what was found, what was expected, what to do."""

from __future__ import annotations

from openlsi.errors import LsiError

ASK_AGAIN = "ask the sender for it again"


class ExtractError(LsiError):
    """Loading cannot go on, or a layout says something that cannot be."""


def unforeseen(error: Exception) -> ExtractError:
    """Return what is said of an error of the database that nothing foresees.

    Its own words may quote a value of a file, which must reach neither a terminal nor a log.
    """
    return ExtractError(
        f"the database stopped at something unforeseen ({type(error).__name__}); what it said may"
        " quote a value and is not shown; what was committed stays: run the same command again, and"
        " report it if that stops too"
    )


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

    @property
    def for_ledger(self) -> str:
        """What the ledger keeps of it for ever."""
        return str(self)

    def at(self, file_name: str, label: str) -> RefusedFileError:
        """Return the refusal of a file by its place in the inbox, where a reader gave its name."""
        name, *rest = self.args
        return RefusedFileError(label if name == file_name else name, *rest)


class StrangeFileError(RefusedFileError):
    """A file is refused whose name is none that a layout gives.

    A letter may be named after who wrote it, so the ledger keeps no such name: it says where the
    file lay, and whoever runs the load is told which it is.
    """

    @property
    def for_ledger(self) -> str:
        """What the ledger keeps of it for ever: the folder, and not the name."""
        place, *rest = self.args
        folder = "/".join(str(place).split("/")[:2]) if str(place).count("/") > 1 else "inbox"
        return str(RefusedFileError(f"{folder}/(a name that is not kept)", *rest))


def plain(text: str) -> str:
    """Return a text as one line: a file may be named with a line end or a terminal's commands."""
    return "".join(character if character.isprintable() else "?" for character in text)


class RefusedWorkbookError(RefusedFileError):
    """An official workbook is refused, in the words of its reader."""

    def __init__(self, text: str) -> None:
        ExtractError.__init__(self, text)

    def __str__(self) -> str:
        return plain(str(self.args[0]))
