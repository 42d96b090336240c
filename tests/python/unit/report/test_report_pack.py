"""A committee pack of a small project, printed by real Chromium and read back."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader
from small_project import FEW_ROWS, make_project

from openlsi.cli import main
from openlsi.report.errors import ReportError
from openlsi.report.pack.binding import make_pack
from openlsi.report.pack.choosing import choose_pages
from openlsi.report.site import Outcome, Request, render_site

SITE = """
service_name: "Fruit: in Kent \\\\ \\"now\\""
organisation: The orchard board
notice: All fruit is made up.
refreshed_sql: select '2026-11-15'
build_id_sql: select 'build-7'
"""
FRUIT = """---
title: Fruit
sidebar_position: 1
---

```sql fruit
select name, weight, picked_date from published.fruit order by name
```

## Weights

<BarChart data={fruit} x=name y=weight title="Weights" />

<Details title="How it is weighed">

On the old scales.

</Details>

[Quinces](/fruit/quince/), [pears](/fruit/pear/), [weights of them](/fruit/#weights)
and [the board](https://example.org/board).
"""
MANY = """---
title: Harvest
---

```sql harvest
select 'Tree ' || tree as tree, tree * 2 as kilograms from range(1, 121) as trees (tree)
```

## Weights

<DataTable data={harvest} rows=10 search=true title="Every tree">
  <Column id=tree title="Tree of the orchard" />
  <Column id=kilograms title="Kilograms" />
</DataTable>
"""
FILES = {
    "site.yaml": SITE,
    "pages/fruit/index.md": FRUIT,
    "pages/fruit/[name].md": "# {params.name}\n\nOne kind.\n",
    "pages/harvest.md": MANY,
}


@dataclass(frozen=True)
class Made:
    """A rendered site, and the pack of three of its pages."""

    site: Path
    outcome: Outcome
    reader: PdfReader

    def text(self, sheet: int) -> str:
        """Return the words of a sheet, counted from 1."""
        return " ".join(self.reader.pages[sheet - 1].extract_text().split())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("pack")
    project = make_project(folder / "project", FILES, FEW_ROWS)
    outcome = render_site(Request(project, folder / "site"))
    assert outcome.imprint is not None
    sheets = make_pack(
        folder / "site", outcome.addresses, outcome.imprint, folder / "pack.pdf",
        ["harvest", "fruit", "fruit/q*"], "Fruit for the board",
    )  # fmt: skip
    reader = PdfReader(folder / "pack.pdf")
    assert len(reader.pages) == sheets
    return Made(folder / "site", outcome, reader)


def contents(made: Made) -> dict[str, int]:
    lines = made.reader.pages[1].extract_text().splitlines()
    entries = [line.rsplit(" ", 1) for line in lines if line[-1:].isdigit() and " " in line]
    return {title.strip(): int(number) for title, number in entries}


def test_the_cover_says_what_it_is_of_whom_and_as_of_when(made: Made) -> None:
    text = made.text(1)
    for told in (
        "The orchard board", 'Fruit: in Kent \\ "now"', "Fruit for the board",
        "15 November 2026", "build-7", "All fruit is made up.",
    ):  # fmt: skip
        assert told in text


def test_each_page_begins_on_the_sheet_that_the_contents_name(made: Made) -> None:
    listed = contents(made)
    assert list(listed) == ["Harvest", "Fruit", "quince"]
    for title, number in listed.items():
        assert title in made.text(number).split()[:12]
    # 120 trees take more than one sheet, so the numbers are not those of the pages.
    assert listed["Harvest"] == 3 and listed["Fruit"] > 4
    assert listed["quince"] == len(made.reader.pages)


def test_the_outline_leads_to_the_same_sheets(made: Made) -> None:
    top = [one for one in made.reader.outline if not isinstance(one, list)]
    leads = {one.title: made.reader.get_destination_page_number(one) + 1 for one in top}
    assert leads == {"Fruit for the board": 1, "Contents": 2, **contents(made)}
    inner = [one.title for group in made.reader.outline if isinstance(group, list) for one in group]
    assert inner == ["Weights", "Weights"]


def test_every_sheet_but_the_cover_has_the_sites_name_and_its_number(made: Made) -> None:
    for number in range(2, len(made.reader.pages) + 1):
        text = made.text(number)
        assert 'Fruit: in Kent \\ "now"' in text
        assert str(number) in text.replace("Fruit: in Kent", " ").split()
    assert made.text(1).count("Fruit: in Kent") == 1


def test_charts_are_drawings_and_sheets_a4(made: Made) -> None:
    for page in made.reader.pages:
        assert not list(page.images)
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    sheet = made.reader.pages[contents(made)["Fruit"] - 1]
    # The bars of the chart, as paths with the first colour of the palette.
    assert re.search(rb"\.0706 \.2627 \.4275 rg", sheet.get_contents().get_data())


def test_a_long_table_repeats_its_heads_and_has_all_its_rows(made: Made) -> None:
    sheets = range(3, contents(made)["Fruit"])
    assert len(sheets) >= 2
    whole = ""
    for number in sheets:
        assert "Tree of the orchard Kilograms" in made.text(number)
        whole += made.text(number)
    assert all(f"Tree {tree} {tree * 2}" in whole for tree in range(1, 121))


def test_details_are_open_and_controls_are_left_out(made: Made) -> None:
    text = made.text(contents(made)["Fruit"])
    assert "How it is weighed On the old scales." in text
    whole = " ".join(made.text(number) for number in range(1, len(made.reader.pages) + 1))
    for control in ("Download", "Search", "Show the data", "On this page", "Skip to"):
        assert control not in whole


def test_links_lead_within_the_pack_or_out_of_the_site_and_never_to_a_disk(made: Made) -> None:
    outside, inside = [], 0
    for page in made.reader.pages:
        for one in page.get("/Annots", []):
            link = one.get_object()
            if "/A" in link and "/URI" in link["/A"]:
                outside.append(link["/A"]["/URI"])
            else:
                inside += 1
    assert outside == ["https://example.org/board"]
    # Three entries of the contents, the quince's page, and a part of the page itself.
    assert inside >= 5
    assert "page-2-weights" in {name.lstrip("/") for name in made.reader.named_destinations}


def test_pages_come_in_the_order_of_the_patterns_or_in_the_sites(made: Made) -> None:
    addresses = made.outcome.addresses
    assert addresses == ((), ("fruit",), ("fruit", "pear"), ("fruit", "quince"), ("harvest",))
    assert choose_pages(addresses, []) == list(addresses)
    assert choose_pages(addresses, ["/harvest/", "index", "*"])[:3] == [
        ("harvest",),
        (),
        ("fruit",),
    ]


def test_an_unknown_page_names_the_nearest_and_the_earlier_pack_stays(
    made: Made, tmp_path: Path
) -> None:
    file = tmp_path / "pack.pdf"
    file.write_bytes(b"the earlier pack")
    assert made.outcome.imprint is not None
    with pytest.raises(ReportError, match=r"'harvst': no page is called so.*'harvest'"):
        make_pack(made.site, made.outcome.addresses, made.outcome.imprint, file, ["harvst"])
    assert file.read_bytes() == b"the earlier pack"
    assert list(tmp_path.iterdir()) == [file]


def test_a_chromium_that_fails_leaves_the_earlier_pack(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin" / "chromium"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho no display >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}:/bin")
    file = tmp_path / "pack.pdf"
    file.write_bytes(b"the earlier pack")
    assert made.outcome.imprint is not None
    with pytest.raises(ReportError, match="ended with code 3: no display"):
        make_pack(made.site, made.outcome.addresses, made.outcome.imprint, file)
    assert file.read_bytes() == b"the earlier pack"


def refused(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """Return what `lsi report` prints on stderr when it refuses."""
    monkeypatch.setattr(sys, "argv", ["lsi", "report", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code not in (0, None)
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pages", "fruit"], "add --pdf FILE"),
        (["--pdf", "{tmp}"], "is a folder; name a file in it"),
        (["--pdf", "{tmp}/none/pack.pdf"], "there is no folder"),
        (["--pdf", "/proc/pack.pdf"], "cannot write there"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_is_rendered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    given = [one.replace("{tmp}", str(tmp_path)) for one in arguments]
    out = tmp_path / "site"
    said = refused([*given, "--project", str(tmp_path), "--out", str(out)], monkeypatch, capsys)
    assert message in said
    assert not out.exists()


def test_a_machine_without_chromium_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = refused(["--pdf", str(tmp_path / "pack.pdf")], monkeypatch, capsys)
    assert "apt-get install chromium" in said
    assert not (tmp_path / "pack.pdf").exists()
