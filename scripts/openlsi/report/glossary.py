"""What the columns of a site mean: its definitions, and which of them a column stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from openlsi.report.errors import Place, ReportError, nearest
from openlsi.report.markdown import slug_of

DEFINITIONS_SCRIPT = "definitions.js"
"""The definitions as a script beside the front page: one that a page opened from disk may load."""


@dataclass(frozen=True)
class Definition:
    """A term of the site: the name that columns have, what it is called, what it means."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Term:
    """A name on a page that has a definition: which one, and the address where it stands."""

    name: str
    address: str


@dataclass(frozen=True)
class Glossary:
    """The definitions of a site.

    `page` is the address of the page that has a part for each, under its label; `columns` names
    the term of columns that are called otherwise.
    """

    definitions: tuple[Definition, ...] = ()
    page: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def check(self, place: Callable[[str], Place]) -> None:
        """Refuse a column whose term has no definition, at the place of its key."""
        known = {definition.name for definition in self.definitions}
        for key, name in self.columns.items():
            if name not in known:
                raise ReportError(
                    f"column_terms: {key}: nothing defines {name!r}{nearest(name, known)}",
                    place(key),
                )

    def of_column(self, column: str, tables: Iterable[str]) -> Definition | None:
        """Return the definition of a column of a query over some tables.

        It is the one that the site names for `table.column`, where the table's name may lack its
        beginning, or for the column anywhere; else that of the column's name with a word of its
        table's name before it, as `recognised_gbp` in `county_cts_month` has that of
        `cts_recognised_gbp`; else that of its name alone.
        """
        every = sorted(tables)
        endings = [key for table in every for key in _endings(table)]
        declared = [f"{ending}.{column}" for ending in endings] + [column]
        names = [self.columns[key] for key in declared if key in self.columns]
        words = [word for table in every for word in table.split("_")]
        names += [*(f"{word}_{column}" for word in words), column]
        return next((self._by_name[name] for name in names if name in self._by_name), None)

    @cached_property
    def _by_name(self) -> dict[str, Definition]:
        return {definition.name: definition for definition in self.definitions}

    def term(self, column: str, tables: Iterable[str]) -> Term | None:
        """Return the term that a column's name leads to, if the site has a page of definitions."""
        found = self.of_column(column, tables) if self.page else None
        if found is None:
            return None
        return Term(found.name, f"{self.page}#{slug_of(found.label)[:60].strip('-')}")


def _endings(table: str) -> list[str]:
    """Return a table's name and what is left of it without its first words, longest first."""
    words = table.split("_")
    return ["_".join(words[start:]) for start in range(len(words))]
