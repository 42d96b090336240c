"""Colours that a page may give: only those that the style sheet can turn dark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from openlsi.report.charts import palette
from openlsi.report.components.props import Call

COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}$")


def own_colour(call: Call, prop: str) -> str | None:
    """Return a colour that a prop gives, if it is of the palette; refuse any other."""
    given = call.props.get(prop)
    return None if given is None else known_colour(call, str(given))


def own_palette(call: Call) -> tuple[str, ...]:
    """Return the colours of a chart's series in order: colorPalette's, if all are the site's."""
    given = call.props.get("colorPalette")
    if given is None:
        return palette.CATEGORICAL
    if isinstance(given, list) and given and all(map(is_known, given)):
        return tuple(str(colour).upper() for colour in given)
    _warn(call, "colorPalette")
    return palette.CATEGORICAL


def reference_colour(call: Call, otherwise: str) -> str:
    """Return the colour of a line, area or point over a chart: its own, if it is the site's."""
    given = call.props["color"]
    if given is None or is_known(given):
        return otherwise if given is None else str(given).upper()
    _warn(call, "color")
    return otherwise


def text_class(call: Call) -> str:
    """Return the class of a figure's own colour, if it is the site's and dark enough to read."""
    given = call.props["color"]
    if given is None:
        return ""
    if is_known(given) and str(given).upper() in palette.DARK:
        return f"text-{palette.class_of(str(given))}"
    _warn(call, "color", sorted(palette.DARK))
    return ""


def _warn(
    call: Call, prop: str, known: Sequence[str] = (*palette.CATEGORICAL, palette.GREY)
) -> None:
    call.context.warn(
        f"<{call.spec.name}> {prop}= changes nothing: of the site's colours there are "
        f"{', '.join(known)}",
        call.place,
    )


def is_known(colour: object) -> bool:
    """Return whether the style sheet can turn a colour dark."""
    return bool(COLOUR.match(str(colour))) and palette.class_of(str(colour)) is not None


def known_colour(call: Call, colour: str) -> str:
    """Return a colour if the style sheet can turn it dark."""
    if not is_known(colour):
        known = ", ".join((*palette.CATEGORICAL, palette.GREY, *palette.SEQUENTIAL[1:]))
        raise call.error(f"colour {colour!r} is not of the palette: {known}")
    return colour.upper()
