"""What goes with a page: its other choices, and what its spreadsheets say of the figures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from openlsi.report.parts import Part
from openlsi.report.settings import SiteSettings
from openlsi.report.spreadsheets.sheets import Notes, Sheet
from openlsi.report.templating import render

CHOICES_SCRIPT = "choices.js"
WORKBOOK = "tables.xlsx"
SITE_BOOK = "statistics.ods"

PART = re.compile(r"<!--part (\d+)-->.*?<!--/part \1-->", re.DOTALL)
CONTROL = re.compile(r"<!--input-->.*?<!--/input-->", re.DOTALL)
BLOCK = re.compile(r"<(?:div|figure|p|table|section|details|h[1-6]|ul|ol|dl|blockquote|hr|pre)\b")
HEADING_ID = re.compile(r'<(h[1-6]) id="[^"]*"')
ROWS = re.compile(r"^\s*<tr\b")


@dataclass(frozen=True)
class Definition:
    """A term of the site: the name that columns have, what it is called, what it means."""

    name: str
    label: str
    text: str


def choices_script(parts: Sequence[Part], links: Callable[[str], str]) -> bytes:
    """Return the states of a page's parts as a script, which a page can load from disk too."""
    states = {
        str(part.number): {
            "inputs": part.inputs,
            "states": {state.key: links(str(state.content)) for state in part.states},
        }
        for part in parts
    }
    text = json.dumps(states, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.openlsiChoices={text};\n".encode()


def every_choice(content: str, parts: Sequence[Part], links: Callable[[str], str]) -> Markup:
    """Return a page's content with each part in all its states, each under its name."""
    by_number = {str(part.number): part for part in parts}

    def expanded(found: re.Match[str]) -> str:
        part = by_number[found.group(1)]
        first = str(part.states[0].content)
        kind = "rows" if ROWS.match(first) else "block" if BLOCK.search(first) else "inline"
        contents = [links(str(state.content)) for state in part.states]
        # A heading keeps its id in the first state only: no two on a page may be alike.
        contents[1:] = [HEADING_ID.sub(r"<\1", content) for content in contents[1:]]
        states = [
            (state.label, Markup(content))  # noqa: S704 - rendered before
            for state, content in zip(part.states, contents, strict=True)
        ]
        return str(render("components/every_choice.html.jinja", kind=kind, states=states))

    whole = Markup(PART.sub(expanded, CONTROL.sub("", content)))  # noqa: S704 - rendered before
    return render("components/every_choice_page.html.jinja", content=whole)


def notes_of(
    title: str,
    lines: Sequence[str],
    settings: SiteSettings,
    refreshed: str | None,
    build_id: str | None,
    marks: Mapping[str, str],
    sheets: Sequence[Sheet],
    definitions: Sequence[Definition],
) -> Notes:
    """Return what a spreadsheet says of its figures: source, date, symbols and definitions."""
    given = (
        *lines,
        settings.organisation,
        settings.notice,
        *settings.footer,
        f"Data as of {refreshed.removesuffix('T00:00:00')}" if refreshed else None,
        f"Build {build_id}" if build_id else None,
        "Figures are not rounded further than they were published. Dates are year-month-day.",
    )
    own = {pair for sheet in sheets for pair in sheet.notes}
    return Notes(
        title,
        tuple(line for line in given if line),
        tuple((mark, meaning or "see the notes on the page") for mark, meaning in marks.items()),
        (*sorted(own), *_defined(sheets, definitions)),
    )


def _defined(sheets: Sequence[Sheet], definitions: Sequence[Definition]) -> list[tuple[str, str]]:
    """Return the definitions of the columns in some sheets.

    A column has the definition of its own name, or of the name with a word of its table's name
    before it, as `recognised_gbp` in `county_cts_month` has that of `cts_recognised_gbp`.
    """
    names = {
        name
        for sheet in sheets
        for column in sheet.columns
        for name in (column, *(f"{word}_{column}" for word in sheet.words))
    }
    return [(known.label, known.text) for known in definitions if known.name in names]
