"""Charts and maps refuse what they cannot draw, with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from charts_project import BOUNDARIES, SQL
from small_project import refusal, render_page

QUERIES = "".join(
    f"```sql {name}\nselect * from published.{name}\n```\n\n"
    for name in ("ponds", "months", "grid", "days", "boxes", "nothing")
)
LINE = QUERIES.count("\n") + 1
MAP = '<AreaMap data={ponds} geoJsonUrl="/ponds.geojson" geoId=PONDCD areaCol=pond_code'

# § stands before the tag that is at fault, where that is not the first.
REFUSED = [
    ("<AreaChart data={months} x=month y=adults lien=true />", "no prop 'lien'; the nearest name"),
    ("<AreaChart data={months} x=month y=adults type=grouped />", "choose stacked, stacked100"),
    ("<LineChart data={months} x=month y2=paid_pc />", "'paid_pc'; the nearest name is 'paid_pct'"),
    ("<LineChart data={months} x=month y=adults y2=label />", "y2='label' holds strings"),
    (
        "<BarChart data={months} x=label y=adults y2=paid_pct swapXY=true />",
        "y2 goes with upright charts",
    ),
    (
        "<LineChart data={months} x=month y=adults handleMissing=join />",
        "choose gap, connect, zero",
    ),
    ("<BarChart data={months} x=label y=adults fillColor=red />", "'red' is not of the palette"),
    ("<ScatterPlot data={ponds} x=cost_gbp y=setting />", "y='setting' holds strings"),
    ("<BubbleChart data={ponds} x=cost_gbp y=visits />", "needs size="),
    ("<BubbleChart data={ponds} x=cost_gbp y=visits size=setting />", "size='setting' holds"),
    ("<Chart data={months} x=month />", "needs something to draw inside: <Bar>, <Line>"),
    ("<Chart data={months} x=month>\n\n§<Bars y=adults />\n\n</Chart>", "nearest name is 'Bar'"),
    ("<Bar y=adults />", "<Bar> belongs inside <Chart>"),
    (
        "<Chart data={months} x=month>\n\n<Line y2=paid_pct />\n\n</Chart>",
        "everything is on the right axis",
    ),
    ("<Callout x=1 y=2 />", "<Callout> belongs inside <LineChart>"),
    (
        "<LineChart data={months} x=month y=adults>\n\n§<ReferencePoint x=soon y=1 />\n\n"
        "</LineChart>",
        "x='soon' is not a date such as 2026-10-01",
    ),
    (
        "<LineChart data={months} x=month y=adults>\n\n§<ReferenceLine x=2026-01-01 y=1 />\n\n"
        "</LineChart>",
        "x, y, x2 and y2 for a sloping line",
    ),
    (
        "<LineChart data={months} x=month y=adults>\n\n"
        "§<Callout x=2026-01-01 y=1 labelWidth=wide />\n\n</LineChart>",
        "write pixels, or fit",
    ),
    ("<Histogram data={ponds} x=visits series=setting />", "<Histogram> has no prop 'series'"),
    (
        "<LineChart data={grid} x=number y={['number', 'visits']} yLog=true />",
        "yLog cannot show values of nought or less",
    ),
    ("<Histogram data={ponds} x=setting />", "x='setting' holds strings, not numbers"),
    ("<BoxPlot data={boxes} name=pond_name midpoint=middle />", "intervalBottom=… and"),
    (
        "<BoxPlot data={boxes} name=pond_name midpoint=high intervalBottom=low "
        "intervalTop=middle />",
        "'Mill Pond' do not rise from min to max: 1, 1, 9, 4, 4",
    ),
    ("<Heatmap data={months} x=month y=label value=adults />", "x='month' holds dates"),
    ("<Heatmap data={ponds} x=setting y=setting value=visits />", "several rows for one cell"),
    ("<Heatmap data={grid} x=label y=pond_name value=visits min=9 max=3 />", "min=9 is above"),
    ("<CalendarHeatmap data={months} date=label value=adults />", "holds strings, not dates"),
    ("<FunnelChart data={months} nameCol=label valueCol=label />", "valueCol='label' holds"),
    ("<FunnelChart data={months} nameCol=label valueCol=adults funnelSort=up />", "choose none"),
    ("<Sparkline data={months} dateCol=month valueCol=adults type=pie />", "choose line, area"),
    ("<BigValue data={months} value=adults sparkline=moth />", "nearest name is 'month'"),
    (f"{MAP} value=visit />", "no column 'visit'; the nearest name is 'visits'"),
    (f"{MAP} value=setting legendType=scalar />", "legendType=scalar needs numbers"),
    (f"{MAP} value=visits tooltip={{[{{id: 'visits', format: 'x'}}]}} />", "nearest name is 'fmt'"),
    (f"{MAP} value=visits link=link height=tall />", "height='tall' is not a number"),
    (
        '<AreaMap data={ponds} geoJsonUrl="https://x.example/a" geoId=a areaCol=pond_code />',
        "put the file into static/",
    ),
    (
        '<AreaMap data={ponds} geoJsonUrl="/pond.geojson" geoId=PONDCD areaCol=pond_code />',
        "there is no static/pond.geojson; the nearest name is '/ponds.geojson'",
    ),
    (
        '<AreaMap data={ponds} geoJsonUrl="/../pages/index.md" geoId=PONDCD areaCol=pond_code />',
        "there is no static/",
    ),
    (
        '<AreaMap data={ponds} geoJsonUrl="/ponds.geojson" geoId=PONDC areaCol=pond_code />',
        "feature 1 has no property 'PONDC'; the nearest name is 'PONDCD'",
    ),
    (
        '<AreaMap data={ponds} geoJsonUrl="/ponds.geojson" geoId=PONDCD areaCol=setting />',
        "has 'Open', which is no PONDCD of /ponds.geojson",
    ),
    (
        '<BaseMap title="None">\n\n</BaseMap>',
        "needs <Areas … /> inside",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[case[0][:60] for case in REFUSED])
def test_refused_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    before, _, after = text.rpartition("§")
    files = {"static/ponds.geojson": BOUNDARIES}
    found = refusal(tmp_path, f"{QUERIES}{before}{after}\n", SQL, **files)
    line = LINE + before.count("\n")
    assert found.startswith(f"pages/index.md:{line}: "), found
    assert message in found, found


@pytest.mark.parametrize(
    "tag",
    [
        "AreaChart",
        "ScatterPlot",
        "BubbleChart size=ducks",
        "Histogram x=visits",
        "BoxPlot name=pond_name midpoint=visits",
        "Heatmap x=setting y=pond_name value=visits",
        "FunnelChart nameCol=pond_name valueCol=visits",
        "Sparkline dateCol=pond_name valueCol=visits",
        'AreaMap geoJsonUrl="/ponds.geojson" geoId=PONDCD areaCol=pond_code value=visits',
    ],
)
def test_an_empty_data_set_is_refused_or_a_sentence(tmp_path: Path, tag: str) -> None:
    boundaries = {"static/ponds.geojson": BOUNDARIES}
    message = refusal(tmp_path / "a", f"{QUERIES}<{tag} data={{nothing}} />\n", SQL, **boundaries)
    assert message.startswith(f"pages/index.md:{LINE}: ") and "yielded no rows" in message
    allowed = f'{QUERIES}<{tag} data={{nothing}} emptySet=pass emptyMessage="None yet." />\n'
    html = render_page(tmp_path / "b", allowed, SQL, **boundaries)
    assert "None yet." in html and '<svg class="drawing' not in html


def test_a_map_of_other_areas_is_a_sentence_where_the_page_has_one(tmp_path: Path) -> None:
    tag = 'AreaMap data={ponds} geoJsonUrl="/ponds.geojson" geoId=PONDCD areaCol=setting'
    allowed = f'{QUERIES}<{tag} emptySet=pass emptyMessage="No outlines here." />\n'
    html = render_page(tmp_path, allowed, SQL, **{"static/ponds.geojson": BOUNDARIES})
    assert '<p class="empty">No outlines here.</p>' in html and '<svg class="drawing' not in html


BAD_FILES = [
    ("{", "is no GeoJSON with features"),
    ('{"features": []}', "has no features"),
    ('{"features": [{"geometry": null}]}', "feature 1 has no properties or geometry"),
    (BOUNDARIES.replace('"Polygon"', '"Point"', 1), "feature 1 is a Point"),
    (BOUNDARIES.replace("[0.0, 51.0]", "[530000, 180000]", 1), "is not in degrees"),
    (BOUNDARIES.replace("[0.0, 51.0]", '["x", 51]', 1), "no pair of numbers"),
    (BOUNDARIES.replace('"P2"', '"P1"'), "has 'P1' twice"),
]


@pytest.mark.parametrize(("text", "message"), BAD_FILES, ids=[case[1] for case in BAD_FILES])
def test_a_bad_file_of_boundaries_is_named(tmp_path: Path, text: str, message: str) -> None:
    found = refusal(
        tmp_path, f"{QUERIES}{MAP} value=visits />\n", SQL, **{"static/ponds.geojson": text}
    )
    assert found.startswith(f"pages/index.md:{LINE}: <AreaMap>: static/ponds.geojson "), found
    assert message in found
