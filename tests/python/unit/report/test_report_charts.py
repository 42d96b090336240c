"""Every kind of chart: what is drawn, what is said, and that nothing hidden or cut is in it."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from charts_project import SQL, Gallery, outline, render_gallery
from reading import as_text
from small_project import FIXTURES, render_page

from openlsi.report.charts.text import width_of

GOLDEN = FIXTURES / "golden"
TITLES = [
    "Line", "Line on two axes", "Area", "Area to 100%", "Stack", "Grouped, lying",
    "Bars with a line", "Small sums", "Scatter", "Bubbles", "Mixed", "Histogram", "Boxes", "Heat",
    "Calendar", "Funnel", "Map", "Map of kinds",
]  # fmt: skip
SVG = re.compile(r'<svg class="(drawing[^"]*)"[^>]*viewBox="0 0 (\d+) (\d+)"[^>]*>.*?</svg>', re.S)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return render_gallery(tmp_path_factory.mktemp("charts"))


def held(name: str, found: str) -> None:
    """Hold a text against its golden one; LSI_WRITE_GOLDEN=1 writes it anew."""
    golden = GOLDEN / name
    if os.environ.get("LSI_WRITE_GOLDEN"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def test_the_figures_read_as_their_golden_text(gallery: Gallery) -> None:
    held("charts.txt", as_text(gallery.html))


def test_what_is_drawn_is_as_the_golden_options(gallery: Gallery) -> None:
    lines: list[str] = []
    for width, option in gallery.options:
        lines += [f"width {width}", *outline(option)]
    held("charts_options.txt", "\n".join(lines) + "\n")


def test_the_sentences_read_as_their_golden_text(gallery: Gallery) -> None:
    found = re.findall(r'-wide-desc">(.*?)</desc>', gallery.html)
    held("charts_summaries.txt", "\n".join(found) + "\n")


@pytest.mark.parametrize("title", TITLES)
def test_a_chart_is_an_image_with_title_text_table_and_csv(gallery: Gallery, title: str) -> None:
    figure = gallery.figure(title)
    drawings = SVG.findall(figure)
    assert len(drawings) == 2
    for tag in re.findall(r'<svg class="drawing[^>]*>', figure):
        assert 'role="group"' in tag if title == "Map" else 'role="img"' in tag
        for name in re.findall(r'aria-labelledby="(\S+) (\S+)"', tag)[0]:
            assert f'id="{name}"' in figure
    assert re.search(r"<desc[^>]*>[^<]{30,}</desc>", figure)
    table = figure.split('<details class="chart-data">')[1].split("</details>")[0]
    heads = re.findall(r"<th [^>]*>([^<]*)</th>", table)
    assert len(heads) >= 1 and not [head for head in heads if "_" in head or head.islower()]
    assert len(re.findall(r"<tr>", table)) > 1
    csv = re.search(r'<p class="download"><a href="([^"]+)"', figure)
    assert csv and (gallery.site / csv.group(1)).read_bytes().startswith(b"\xef\xbb\xbf")


def test_heads_name_what_they_hold_with_its_unit(gallery: Gallery) -> None:
    heads = re.findall(r"<th [^>]*>([^<]*)</th>", gallery.figure("Line on two axes"))
    assert heads == ["Month", "Cost (£)", "Paid (%)"]
    lying = re.findall(r"<th [^>]*>([^<]*)</th>", gallery.figure("Grouped, lying"))
    assert lying == ["Pond Name", "Age", "Visits a year"]


def test_a_site_may_name_its_columns(tmp_path: Path) -> None:
    page = (
        "```sql m\nselect * from published.months\n```\n\n<LineChart data={m} x=month y=adults />"
    )
    titles = "column_titles:\n  adults: Grown-up visitors\n"
    html = render_page(tmp_path, page + "\n", SQL, **{"site.yaml": titles})
    assert re.findall(r"<th [^>]*>([^<]*)</th>", html) == ["Month", "Grown-up visitors"]


def test_nothing_in_a_drawing_needs_a_style_or_a_script(gallery: Gallery) -> None:
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?! src)", gallery.html)
    identifiers = re.findall(r'\sid="([^"]+)"', gallery.html)
    assert len(identifiers) == len(set(identifiers))
    for used in re.findall(r"url\(#([^)]+)\)", gallery.html):
        assert used in identifiers


def texts_in(drawing: str) -> list[tuple[str, float, float, float]]:
    """Return (text, left, right, middle height) of level texts in a drawing, in pixels."""
    found: list[tuple[str, float, float, float]] = []
    plain = drawing.replace("xmlns=", "data-xmlns=")
    for element in ElementTree.fromstring(plain).iter("text"):
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        moved = re.fullmatch(r"translate\(([-\d.]+) ([-\d.]+)\)", element.get("transform", ""))
        if element.get("transform") and not moved:
            continue
        if moved:
            x, y = x + float(moved.group(1)), y + float(moved.group(2))
        text = "".join(element.itertext())
        size = float(element.get("font-size", "12").removesuffix("px"))
        wide = width_of(text, size, element.get("font-weight") == "bold")
        left = {"middle": x - wide / 2, "end": x - wide}.get(element.get("text-anchor", ""), x)
        found.append((text, left, left + wide, y))
    return found


@pytest.mark.parametrize("title", TITLES)
def test_no_label_is_cut_at_the_edge(gallery: Gallery, title: str) -> None:
    seen = 0
    for found in SVG.finditer(gallery.figure(title)):
        width, height = int(found.group(2)), int(found.group(3))
        for text, left, right, y in texts_in(found.group()):
            seen += 1
            assert left >= -2 and right <= width + 2, (text, left, right, width)
            assert -1 <= y <= height + 1, (text, y, height)
    assert seen or title.startswith("Map")


@pytest.mark.parametrize("title", [title for title in TITLES if "Map" not in title])
def test_no_two_labels_of_an_axis_lie_on_each_other(gallery: Gallery, title: str) -> None:
    for found in SVG.finditer(gallery.figure(title)):
        rows: dict[float, list[tuple[float, float, str]]] = {}
        for text, left, right, y in texts_in(found.group()):
            rows.setdefault(round(y), []).append((left, right, text))
        for row in rows.values():
            row.sort()
            for (_, end, one), (start, _, other) in pairwise(row):
                assert end <= start + 1, (one, other)


def test_small_sums_do_not_all_read_nought_on_an_axis(gallery: Gallery) -> None:
    figure = gallery.figure("Line on two axes")
    labels = re.findall(r">(£[^<]*)</text>", figure.split('drawing-wide"')[1].split("</svg>")[0])
    assert "£8.0k" in figure and "£0.0" not in figure
    assert labels[:3] == ["£0k", "£5k", "£10k"] and len(set(labels)) == len(labels)


def test_small_sums_do_not_all_read_nought_on_their_bars(gallery: Gallery) -> None:
    wide = gallery.figure("Small sums").split('drawing-wide"')[1].split("</svg>")[0]
    labels = re.findall(r'font-size="11px"[^>]*>([^<]+)</text>', wide)
    assert labels == ["£31.0k", "£22.0k", "£12.0k", "£8.0k"]


def test_a_chart_of_nothing_is_a_sentence(gallery: Gallery) -> None:
    figure = gallery.figure("Nothing to draw")
    assert '<p class="empty">There is no value to draw.</p>' in figure
    assert "1 value is not shown: [c]" in figure and '<svg class="drawing' not in figure


@pytest.mark.parametrize(
    "tag",
    [
        "AreaChart x=pond_name y=visits",
        "BubbleChart x=visits y=number size=number",
        "Histogram x=visits",
        "BoxPlot name=pond_name midpoint=visits intervalBottom=visits intervalTop=visits",
        "Heatmap x=pond_name y=label value=visits",
    ],
)
def test_a_chart_of_hidden_values_alone_is_a_sentence(tmp_path: Path, tag: str) -> None:
    query = "```sql g\nselect * from published.grid where visits_mark is not null\n```\n\n"
    html = render_page(tmp_path, f"{query}<{tag} data={{g}} />\n", SQL)
    assert '<p class="empty">There is no value to draw.</p>' in html
    assert "1 value is not shown: [c]" in html and '<svg class="drawing' not in html


def test_a_hidden_value_is_a_gap_with_a_note_and_no_part_of_a_sum(gallery: Gallery) -> None:
    area = next(o for _, o in gallery.options if "areaStyle" in o["series"][0])
    for series in area["series"]:
        assert [item["value"][1] is None for item in series["data"]] == [False, True, False, False]
    line = gallery.options[0][1]["series"][1]
    assert not line["connectNulls"] and line["data"][1]["value"][1] is None
    for title in ("Line", "Area", "Bubbles", "Mixed", "Heat", "Funnel", "Map"):
        figure = gallery.figure(title)
        assert "1 value is not shown: [c] = hidden to protect confidentiality" in figure, title
        assert re.search(r"cell-mark\">\[c\]</td>|>\[c\]</td>", figure), title


def test_a_value_that_came_along_with_its_mark_is_nowhere(gallery: Gallery) -> None:
    assert SQL.count("9876") == 4
    found = [path for path in gallery.site.rglob("*") if path.is_file()]
    assert len(found) > 20 and not [path for path in found if b"9876" in path.read_bytes()]
    assert "9876" not in repr(gallery.options)


def test_totals_are_those_of_the_stack_or_none(gallery: Gallery) -> None:
    figure = gallery.figure("Stack")
    wide = figure.split('drawing-wide"')[1].split("</svg>")[0]
    bold = re.findall(r'font-weight="bold"[^>]*>([\d,]+)</text>', wide)
    assert bold == ["1,200", "800", "210"]


def test_marks_say_what_they_stand_for(gallery: Gallery) -> None:
    bubbles = gallery.figure("Bubbles")
    assert "<title>Mill Pond, Cost (£): £41.50, Visits: 1,200, Ducks: 300</title>" in bubbles
    wide = bubbles.split('drawing-wide"')[1].split("</svg>")[0]
    assert wide.count("<title>") == 3 and "Secret Pool" not in wide
    assert "<title>Adults, Jan 2026: 40</title>" in gallery.figure("Line")
    assert "<title>15 March 2026: 20</title>" in gallery.figure("Calendar")


def test_a_map_links_and_names_its_areas(gallery: Gallery) -> None:
    figure = gallery.figure("Map")
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"><path', figure)
    assert ("index.html", "Mill Pond\nVisits: 1,200\nCost (£): £42") in links
    assert "zqclip" not in figure and 'fill="url(#map-wide-clip-hatch)"' in figure
    assert "Source: the pond register © 2026." in figure
    assert "No figure" in figure and "[c] not shown" in figure
    assert "Far Water\nno figure" in figure


def test_static_files_go_to_the_site(gallery: Gallery) -> None:
    assert (gallery.site / "ponds.geojson").is_file()


def test_a_sparkline_says_its_ends_and_has_a_gap(gallery: Gallery) -> None:
    big, small = re.findall(r'<svg class="sparkline".*?</svg>', gallery.html, re.S)
    assert big.count("<rect") == 4 and 'aria-label="Adults: 40 (Jan) to 61 (Apr)"' in big
    assert 'aria-label="Children: 12 (Jan) to 18 (Apr)"' in small
    assert small.count("<polyline") == 1 and small.count("<circle") == 2


def test_the_shipped_districts_can_be_drawn() -> None:
    """The file is real: its codes are those of the county, and its licence is told."""
    from openlsi.report.charts.boundaries import path_of, plane_for, read_boundaries

    root = Path(__file__).resolve().parents[4]
    found = read_boundaries(root / "reports/static/districts.geojson", "LAD24CD")
    assert len(found.areas) == 13 and found.areas[1].name == "Ashford"
    assert "Open Government Licence v.3.0" in found.attribution and "©" in found.attribution
    plane = plane_for(found.areas, 720, 520)
    for area in found.areas:
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", path_of(plane, area))]
        assert min(numbers[::2]) >= 0 and max(numbers[::2]) <= 720
        assert min(numbers[1::2]) >= 0 and max(numbers[1::2]) <= plane.height
