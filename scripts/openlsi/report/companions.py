"""What goes with a page: its other choices, and what its spreadsheets say of the figures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from openlsi.report.glossary import Glossary
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


def choices_script(parts: Sequence[Part], links: Callable[[str], str]) -> bytes:
    """Return the states of a page's parts as a script, which a page can load from disk too."""
    states = {
        str(part.number): {
            "inputs": part.inputs,
            "states": {state.key: links(str(state.content)) for state in part.states},
        }
        for part in parts
    }
    return f"window.openlsiChoices={_literal(states)};\n".encode()


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
    glossary: Glossary,
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
        (*sorted(own), *_defined(sheets, glossary)),
    )


def _defined(sheets: Sequence[Sheet], glossary: Glossary) -> list[tuple[str, str]]:
    """Return the definitions of the columns in some sheets, in the order of the site's."""
    found = {
        glossary.of_column(column, sheet.tables) for sheet in sheets for column in sheet.columns
    }
    return [(known.label, known.text) for known in glossary.definitions if known in found]


def definitions_script(glossary: Glossary) -> bytes:
    """Return what each term means as a script, for the pages to show where its name stands."""
    texts = {definition.name: definition.text for definition in glossary.definitions}
    return f"window.openlsiDefinitions={_literal(texts)};\n".encode()


def _literal(value: object) -> str:
    """Return a value as JavaScript that no markup in it can end."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c")
