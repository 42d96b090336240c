"""What folds and what leads elsewhere: all of it stands on the page without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import content_of, refusal, render_page

FRUIT = "```sql fruit\nselect * from published.fruit order by name\n```\n\n"
PICTURE = {"static/plan.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}

SHOWN = [
    (
        '<Tabs>\n<Tab label="One">\n\nFirst *part*.\n\n</Tab>\n'
        '<Tab label="Two" id=two selected=true>\n\nNext.\n\n</Tab>\n</Tabs>',
        [
            '<section class="tab" id="one" aria-labelledby="one-label"> <h3 class="tab-label" '
            'id="one-label">One</h3> <p>First <em>part</em>.</p>',
            '<section class="tab" id="two" aria-labelledby="two-label" data-first>',
            "<p>Next.</p>",
        ],
    ),
    (
        "<Tabs>\n{#each fruit as f}\n<Tab label={f.name}>\n\n{f.slug}\n\n</Tab>\n{/each}\n</Tabs>",
        ['id="apple-label">Apple</h3>', "<p>quince</p>"],
    ),
    (
        '<Accordion single=true>\n<AccordionItem title="A">\n\nx\n\n</AccordionItem>\n'
        '<AccordionItem title="B" open=true>\n\ny\n\n</AccordionItem>\n</Accordion>',
        [
            '<details class="details" name="accordion"> <summary>A</summary>',
            '<details class="details" name="accordion" open> <summary>B</summary>',
            "<p>y</p>",
        ],
    ),
    (
        '<Modal title="Method" buttonText="How">\n\nBy hand.\n\n</Modal>',
        ["<summary>Method</summary>", 'data-button="How"', "<p>By hand.</p>"],
    ),
    (
        'Sales <Info description="Before tax" /> rose.',
        [
            '<p>Sales <span class="info" id="information"> ',
            '<span class="info-text">(Before tax)</span></span> rose.</p>',
        ],
    ),
    ("<Note>\n\nMind.\n\n</Note>", ['<div class="note"> <p>Mind.</p> </div>']),
    (
        'See <Link url="/" label="the start" />.',
        ['<p>See <a class="link" href="index.html">the start</a>.</p>'],
    ),
    (
        '<BigLink url="https://x.example/" newTab=true>Out</BigLink>',
        [
            '<a class="big-link" href="https://x.example/" target="_blank" '
            'rel="noopener noreferrer">',
            "(opens in a new tab)",
        ],
    ),
    (
        '<Image url="/plan.svg" description="A plan" width=300px />',
        ['<img src="plan.svg" alt="A plan" width="300">'],
    ),
    (
        '<DownloadData data={fruit} text="Keep it" queryID=all_fruit />',
        ['<a href="all_fruit.csv" download>Keep it'],
    ),
    ("<LineBreak lines=3 />", ["<br><br><br>"]),
    ("<PageBreak />", ['<div class="page-break"></div>']),
    (
        "<PrintGroup hidden=true>\n\nScreen only.\n\n</PrintGroup>",
        ['<div class="print-group not-printed"> <p>Screen only.</p>'],
    ),
    ("<Grid cols=3 gapSize=lg>\n\na\n\n</Grid>", ['<div class="grid grid-3 gap-lg">']),
    *(
        (f"<Alert status={status}>\n\nx\n\n</Alert>", [f'class="alert alert-{status}"', word])
        for status, word in (
            ("info", "Note"),
            ("positive", "Success"),
            ("warning", "Warning"),
            ("negative", "Problem"),
        )
    ),
]


@pytest.mark.parametrize(("text", "expected"), SHOWN, ids=[case[0][:24] for case in SHOWN])
def test_shown(tmp_path: Path, text: str, expected: list[str]) -> None:
    content = content_of(render_page(tmp_path, f"{FRUIT}{text}\n", **PICTURE))
    for part in expected:
        assert part in content


def test_a_heading_and_a_tab_of_one_name_have_ids_of_their_own(tmp_path: Path) -> None:
    page = '## Cost\n\n<Tabs>\n<Tab label="Cost">\n\nx\n\n</Tab>\n</Tabs>\n'
    html = render_page(tmp_path, page)
    assert html.count('id="cost"') == 1 and 'id="cost-2"' in html


REFUSED = [
    ("<Tabs>\n</Tabs>", 5, "needs <Tab label=…> inside"),
    ("<Tabs>\n\nText.\n\n</Tabs>", 5, "only <Tab> may stand inside"),
    ("<Tab label=a>\n\nx\n\n</Tab>", 5, "belongs inside <Tabs>"),
    ("<Tabs>\n<Tab>\n\nx\n\n</Tab>\n</Tabs>", 6, "<Tab> needs label="),
    ("<Accordion>\n</Accordion>", 5, "needs <AccordionItem title=…> inside"),
    ("<Acordion>\n\nx\n\n</Acordion>", 5, "the nearest name is 'Accordion'"),
    ("<Modal>\n\nx\n\n</Modal>", 5, "<Modal> needs title="),
    ("a <Info /> b", 5, "<Info> needs description="),
    ("<LineBreak lines=99 />", 5, "choose 1 to 10"),
    ("<Image url='https://x.example/a.png' />", 5, "put the picture into static/"),
    ("<Image url='/plan.svg' width=wide />", 5, "write a number of pixels"),
    ("<Image url='/gone.svg' />", 5, "there is no such page"),
    ("<Link url='javascript:x' label=a />", 5, "not a safe address"),
    ("<DownloadData data=fruit />", 5, "is no query"),
    ("<Grid gapSize=huge>\n\nx\n\n</Grid>", 5, "choose none, sm, md, lg"),
    ("<Alert status=bad>\n\nx\n\n</Alert>", 5, "choose default, info"),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_with_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    found = refusal(tmp_path, FRUIT + text + "\n", **PICTURE)
    assert found.startswith(f"pages/index.md:{line}: ") and message in found, found
