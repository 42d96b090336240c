"""Colours of charts: told apart with every kind of colour vision, on light and on dark paper."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations, pairwise

import pytest
from colour_vision import DEFICIENCIES, contrast, distance, lab, linear

from openlsi.report.charts import palette

CSS = files("openlsi.report").joinpath("static", "site.css").read_text(encoding="utf-8")
SERIES = ["s1", "s2", "s3", "s4", "s5", "s6"]
FIRST = SERIES[:4]
RAMP = ["r1", "r2", "r3", "r4", "r5"]
# 2.3 is a just noticeable difference; the first four series are what a chart should stop at.
LEAST_OF_FOUR = 11.0
LEAST_OF_SIX = 6.0
LEAST_STEP = 14.0
NAME = re.compile(r"--(\w[\w-]*): (#[0-9a-f]{6})")


def variables(dark: bool) -> dict[str, str]:
    """Return the style sheet's colours by name, on light or on dark paper."""
    screens = CSS.split("@media print")
    sheet = screens[0] + "".join(part.split("\n}\n", 1)[1] for part in screens[1:])
    block = r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}\s*\}"
    found = dict(NAME.findall(re.sub(block, "", sheet)))
    if dark:
        for part in re.findall(block, sheet):
            found.update(NAME.findall(part))
    return found


PAPERS = {"light": variables(False), "dark": variables(True)}
MODES = pytest.mark.parametrize("mode", PAPERS)
VISIONS = pytest.mark.parametrize("vision", DEFICIENCIES)


@MODES
def test_lines_and_bars_stand_out_from_the_paper(mode: str) -> None:
    colours = PAPERS[mode]
    for name in (*SERIES, "axis", "quiet", "ink"):
        assert contrast(colours[name], colours["paper"]) >= 3, name


@MODES
@VISIONS
def test_series_are_told_apart(mode: str, vision: str) -> None:
    colours = PAPERS[mode]
    for one, other in combinations(SERIES, 2):
        least = LEAST_OF_FOUR if one in FIRST and other in FIRST else LEAST_OF_SIX
        assert distance(colours[one], colours[other], vision) >= least, (one, other)


@MODES
@VISIONS
def test_steps_of_the_ramp_go_one_way_and_are_told_apart(mode: str, vision: str) -> None:
    colours = [PAPERS[mode][name] for name in RAMP]
    # What has no figure is left as the paper.
    assert distance(PAPERS[mode]["paper"], colours[0], vision) >= LEAST_OF_FOUR
    for one, other in pairwise(colours):
        assert distance(one, other, vision) >= LEAST_STEP
    lightness = [lab(linear(colour))[0] for colour in colours]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
    assert (lightness[0] > lightness[-1]) == (mode == "light")


@MODES
def test_words_on_colours_can_be_read(mode: str) -> None:
    colours = PAPERS[mode]
    for number in range(1, 6):
        assert contrast(colours[f"r{number}"], colours[f"o{number}"]) >= 4.5
    for number, colour in enumerate(palette.CATEGORICAL, start=1):
        words = colours["paper"] if palette.text_on(colour) == palette.GAP else "#000000"
        assert contrast(colours[f"s{number}"], words) >= 4.5, number


def test_the_sheet_has_the_colours_of_the_drawings() -> None:
    """A drawing has its light colours in it, and a class that the sheet gives the same colour."""
    for colour, name in palette.CLASSES.items():
        rule = re.search(rf"\.f-{name} {{ fill: var\(--([\w-]+)\)", CSS)
        assert rule, name
        own = PAPERS["light"][rule.group(1)]
        assert distance(own, colour, "none") < 1, (name, colour, own)


def test_colours_that_are_too_alike_are_seen() -> None:
    assert distance("#00a000", "#b06000", "deuteranopia") < LEAST_OF_FOUR
    assert distance("#00a000", "#b06000", "none") > LEAST_OF_FOUR
    assert contrast("#a5cdee", "#ffffff") < 3
