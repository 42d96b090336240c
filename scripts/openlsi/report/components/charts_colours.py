"""Colours that a page may give: only those that the style sheet can turn dark."""

from __future__ import annotations

import re

from openlsi.report.charts import palette
from openlsi.report.components.props import Call

COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}$")


def own_colour(call: Call, prop: str) -> str | None:
    """Return a colour that a prop gives, if it is of the palette; refuse any other."""
    given = call.props.get(prop)
    return None if given is None else known_colour(call, str(given))


def known_colour(call: Call, colour: str) -> str:
    """Return a colour if the style sheet can turn it dark."""
    if not COLOUR.match(colour) or palette.class_of(colour) is None:
        known = ", ".join((*palette.CATEGORICAL, palette.GREY, *palette.SEQUENTIAL[1:]))
        raise call.error(f"colour {colour!r} is not of the palette: {known}")
    return colour.upper()
