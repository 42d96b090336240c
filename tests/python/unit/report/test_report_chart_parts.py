"""Parts of charts by themselves: bins, classes, sparklines, formats of axes, places on a map."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openlsi.report.charts.area_map import Patch, area_map
from openlsi.report.charts.binning import bins_of, class_edges, class_of, ramp_of
from openlsi.report.charts.boundaries import Area, plane_for, widest_level
from openlsi.report.charts.funnel import Stage, funnel
from openlsi.report.charts.series import Layout, arrange, beside
from openlsi.report.charts.sparkline import sparkline
from openlsi.report.data import Table
from openlsi.report.javascript_engine import JavaScript

VALUES = st.integers(-10_000, 10_000).map(lambda n: n / 8)


@pytest.fixture(scope="module")
def js() -> JavaScript:
    return JavaScript()


@given(st.lists(VALUES, min_size=1, max_size=80))
def test_every_value_is_in_one_bin_and_no_end_bin_is_empty(values: list[float]) -> None:
    bins = bins_of(values)
    assert sum(bins.counts) == len(values)
    assert bins.edges[0] <= min(values) and max(values) <= bins.edges[-1]
    assert bins.counts[0] and bins.counts[-1]
    widths = [high - low for low, high in pairwise(bins.edges)]
    assert max(widths) - min(widths) < 1e-6 * max(map(abs, bins.edges)) + 1e-9
    for number, (low, high) in enumerate(pairwise(bins.edges)):
        inside = [v for v in values if low <= v < high or (v == high == bins.edges[-1])]
        assert len(inside) == bins.counts[number]


@pytest.mark.parametrize(
    ("values", "edges", "counts"),
    [
        (list(range(100)), tuple(range(0, 101, 10)), (10,) * 10),
        ([5, 5, 5], (5, 6), (3,)),
        ([0], (0, 1), (1,)),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 9.5], (0, 2, 4, 6, 8, 10), (1, 2, 2, 2, 3)),
        ([10, 12, 15, 20, 21, 30], (10, 15, 20, 25, 30), (2, 1, 2, 1)),
    ],
)
def test_bins_worked_by_hand(
    values: list[float], edges: tuple[float, ...], counts: tuple[int, ...]
) -> None:
    bins = bins_of(values)
    assert (bins.edges, bins.counts) == (edges, counts)


@given(VALUES, VALUES)
def test_classes_hold_the_span_in_at_most_five_equal_steps(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    assume(high > low)
    edges = class_edges(low, high)
    assert edges[0] <= low + 1e-9 and edges[-1] >= high - 1e-9
    assert 2 <= len(edges) <= 6 and list(edges) == sorted(set(edges))
    assert edges[1] > low and edges[-2] < high
    assert class_of(low, edges) == 0 and class_of(high, edges) == len(edges) - 2


def test_few_classes_span_the_ramp() -> None:
    assert [ramp_of(i, 5) for i in range(5)] == [0, 1, 2, 3, 4]
    assert [ramp_of(i, 2) for i in range(2)] == [0, 4] and ramp_of(0, 1) == 2


@given(
    st.lists(st.one_of(st.none(), VALUES), max_size=40),
    st.sampled_from(["line", "area", "bar"]),
    st.booleans(),
)
def test_a_sparkline_stays_inside_and_draws_each_value(
    values: list[float | None], kind: str, is_scaled: bool
) -> None:
    svg = str(sparkline(values, kind, label='a "<b>"', is_scaled=is_scaled, width=60, height=20))
    known = [value for value in values if value is not None]
    numbers = [float(n) for n in re.findall(r'(?:x|y|cx|cy)="(-?[\d.]+)"', svg)]
    for points in re.findall(r'points="([^"]*)"', svg):
        numbers += [float(n) for n in re.findall(r"-?[\d.]+", points)]
    assert all(-0.5 <= number <= 60.5 for number in numbers)
    if kind == "bar":
        assert svg.count("<rect") == len(known)
    else:
        drawn = sum(len(p.split()) for p in re.findall(r'polyline[^>]*points="([^"]*)"', svg))
        lone = svg.count("<circle") - bool(known)
        assert drawn + lone == len(known)
    assert "<b>" not in svg and "style=" not in svg and 'role="img"' in svg


def test_a_sparkline_beside_its_figure_says_nothing() -> None:
    assert 'aria-hidden="true"' in sparkline([1.0, 2.0]) and "<title>" not in sparkline([1.0, 2.0])


@pytest.mark.parametrize(
    ("tag", "name", "high", "first"),
    [
        ("gbp1m", "x", 31_000, ["£0k", "£5k", "£10k"]),
        ("gbp1m", "x", 3_100_000, ["£0.0M", "£0.5M", "£1.0M"]),
        ("gbp0m", "x", 1_200_000, ["£0k", "£200k", "£400k"]),
        ("gbp0k", "x", 3_000, ["£0", "£500", "£1,000"]),
        ('"£"#,##0.0,,"m"', "x", 40_000, ["£0k", "£10k", "£20k"]),
        ("pct0", "x", 0.02, ["0.0%", "0.5%", "1.0%"]),
        ("num0", "x", 1.1, ["0.0", "0.2", "0.4"]),
        (None, "rate_pct", 0.4, ["0%", "10%", "20%"]),
        (None, "rate_pct", 0.004, ["0.0%", "0.1%", "0.2%"]),
        ("gbp2", "x", 40, ["£0.00", "£10.00", "£20.00"]),
    ],
)
def test_an_axis_says_as_little_as_tells_its_ticks_apart(
    js: JavaScript, tag: str | None, name: str, high: float, first: list[str]
) -> None:
    step = {31_000: 5000, 3_100_000: 500_000, 1_200_000: 200_000, 3_000: 500, 0.02: 0.005}
    step |= {40_000: 10_000, 1.1: 0.2, 0.4: 0.1, 0.004: 0.001, 40: 10}
    ticks = [number * step[high] for number in range(5)]
    texts = js.call("openlsiFormats.steps", ticks, "number", name, tag, [high / 2, high])
    assert texts[:3] == first and len(set(texts)) == 5


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=8))
def test_what_is_not_nought_never_reads_as_nought(js: JavaScript, values: list[float]) -> None:
    rounded = [round(value, 2) for value in values]
    texts = js.call("openlsiFormats.readable", rounded, "number", "x", "gbp1m", rounded)
    for value, text in zip(rounded, texts, strict=True):
        assert (not re.search("[1-9]", text)) == (value == 0)


TABLE = Table(
    ("x", "a", "b", "b_mark"),
    ("string", "number", "number", "string"),
    (("p", 30, 10, None), ("q", 50, None, "c"), ("r", 20, 60, None)),
)


def test_a_hidden_part_leaves_no_share_and_no_layer() -> None:
    titles = {"a": "A", "b": "B"}
    shares = arrange(
        TABLE, "x", ["a", "b"], None, titles, Layout(False, stacked=True, percent=True)
    )
    assert [y for _, y in shares.series[0].points] == [0.75, None, 0.25]
    assert shares.hidden == 1
    layers = arrange(TABLE, "x", ["a", "b"], None, titles, Layout(False, stacked=True))
    assert [y for _, y in layers.series[0].points] == [30, None, 20]
    bars = arrange(TABLE, "x", ["a", "b"], None, titles, Layout(False, stacked=True, is_bar=True))
    assert [y for _, y in bars.series[0].points] == [30, 50, 20]
    zeros = arrange(TABLE, "x", ["b"], None, titles, Layout(False, zero_missing=True))
    assert [y for _, y in zeros.series[0].points] == [10, None, 60]


def test_a_second_layer_follows_the_order_of_the_first() -> None:
    titles = {"a": "A", "b": "B"}
    data = arrange(TABLE, "x", ["a"], None, titles, Layout())
    assert data.order == ("q", "p", "r")
    more = beside(TABLE, data, ["b"], None, titles, Layout())
    assert more[0].points == (("q", None), ("p", 10), ("r", 60))


def test_a_funnel_is_as_wide_as_its_values_and_leaves_hidden_ones_out() -> None:
    stages = [Stage("A", 200.0, "200"), Stage("B", 50.0, "50"), Stage("C", None, "[c]")]
    inner = funnel(stages, 340).inner
    widths = [float(w) for w in re.findall(r'<rect[^>]* width="([\d.]+)"', inner)]
    assert widths == [340, 85] and "[c]" in inner
    assert inner.count('fill-opacity="0.45"') == 1


def test_a_name_stands_where_its_area_is_widest() -> None:
    ring = ((0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (20.0, 20.0), (20.0, 100.0), (0.0, 100.0))
    middle, y, room = widest_level(ring, 10)
    assert (middle, room) == (50.0, 100.0) and 5 <= y <= 15


def test_a_map_keeps_its_shape_and_names_only_what_fits() -> None:
    square = ((0.0, 51.0), (1.0, 51.0), (1.0, 52.0), (0.0, 52.0), (0.0, 51.0))
    sliver = tuple((1.0 + (x - 0.0) / 50, y) for x, y in square)
    wide, thin = Area("a", "Wide & open", (square,)), Area("b", "Thin", (sliver,))
    plane = plane_for([wide, thin], 400, 4000)
    left, right = plane.place((0.0, 51.0))[0], plane.place((1.0, 51.0))[0]
    top, bottom = plane.place((0.0, 52.0))[1], plane.place((0.0, 51.0))[1]
    # A degree of longitude at 51.5 degrees is 0.6225 of one of latitude.
    assert (right - left) / (bottom - top) == pytest.approx(0.6225, abs=0.003)
    drawing = area_map([Patch(wide, "#12436D"), Patch(thin, "#12436D")], 720, 900).inner
    assert ">Wide &amp; open</text>" in drawing and ">Thin</text>" not in drawing
    assert area_map([Patch(wide, "#12436D")], 340, 900).inner.count("<text") == 0
