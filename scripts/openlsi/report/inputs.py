"""Inputs of a page: what can be chosen, and what each choice is to expressions and to SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openlsi.report.errors import Place
from openlsi.report.sql import SqlText

EVERY_CHOICE = "every-choice.html"
"""The page beside a page with inputs that shows all their states, for readers without scripts."""
# As Evidence has it: an input that is not set selects no rows.
UNSET = "(select null where false)"
SEARCH = re.compile(r"^inputs\.(\w+)\.search\(['\"](\w+)['\"]\)$")


@dataclass(frozen=True)
class Choice:
    """One state of an input: its words, its value in expressions, and raw SQL by code."""

    label: str
    value: Any
    sql: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Input:
    """An input with every state that it can take; `default` is the place of the first one shown."""

    name: str
    kind: str
    title: str
    choices: tuple[Choice, ...]
    default: int
    place: Place
    options: tuple[str, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Return whether the page shows the default state only."""
        return len(self.choices) == 1


@dataclass(frozen=True)
class Chosen:
    """One choice for each input of a page."""

    inputs: tuple[Input, ...]
    places: Mapping[str, int]

    @classmethod
    def defaults(cls, inputs: Sequence[Input]) -> Chosen:
        """Return what is chosen when a page opens."""
        return cls(tuple(inputs), {item.name: item.default for item in inputs})

    def choice(self, item: Input) -> Choice:
        """Return the choice made for an input."""
        return item.choices[self.places[item.name]]

    def with_places(self, places: Mapping[str, int]) -> Chosen:
        """Return the same with other choices for some inputs."""
        return Chosen(self.inputs, {**self.places, **places})

    def values(self) -> dict[str, Any]:
        """Return what expressions know as `inputs`."""
        return {item.name: self.choice(item).value for item in self.inputs}

    def sql_text(self, code: str) -> SqlText | None:
        """Return the SQL that stands for a piece of code, or None where it is a plain value."""
        bare = "".join(code.split())
        for item in self.inputs:
            known = self.choice(item).sql
            if bare in known:
                return SqlText(known[bare])
            search = SEARCH.match(bare)
            if item.kind == "TextInput" and search and search.group(1) == item.name:
                return SqlText(_search(str(self.choice(item).value), search.group(2)))
        return None

    def label(self, names: Sequence[str]) -> str:
        """Return what is chosen in words, for some inputs."""
        return ", ".join(
            f"{item.title}: {self.choice(item).label}" for item in self.inputs if item.name in names
        )


def _search(words: str, column: str) -> str:
    return f"contains(lower({column}), lower({quoted(words)}))" if words else "true"


def quoted(value: Any) -> str:
    """Return a value as an SQL literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
