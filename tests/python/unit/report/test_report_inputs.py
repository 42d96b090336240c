"""Inputs: every choice is worked out at build, ships with the page, and stands there in words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from small_project import content_of, make_project, refusal, render_page

from openlsi.report.errors import ReportError
from openlsi.report.site import Request, render_site

FRUIT = "```sql fruit\nselect * from published.fruit order by name\n```\n\n"
OF_NAME = (
    "```sql of_name\nselect name, slug, weight, weight_mark from published.fruit "
    "where name = '${inputs.name.value}'\n```\n\n"
)
DROPDOWN = '<Dropdown name=name data={fruit} value=name title="Fruit" />\n\n'


def states_of(site: Path) -> dict[str, dict[str, str]]:
    """Return the markup of every part of the front page by the places of what is chosen."""
    text = (site / "choices.js").read_text(encoding="utf-8")
    found = json.loads(text.removeprefix("window.openlsiChoices=").rstrip().rstrip(";"))
    return {number: part["states"] for number, part in found.items()}


def texts_of(markup: str) -> str:
    """Return the words of some markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def test_the_page_opens_with_the_first_option_and_ships_the_others(tmp_path: Path) -> None:
    page = (
        f"{FRUIT}{OF_NAME}{DROPDOWN}It is {{of_name[0].slug}}.\n\n<DataTable data={{of_name}} />\n"
    )
    content = content_of(render_page(tmp_path, page))
    assert "<!--part 1--><p>It is apple.</p><!--/part 1-->" in content
    site = tmp_path / "site"
    sentences, tables = states_of(site).values()
    assert sentences == {
        "0": "<p>It is apple.</p>",
        "1": "<p>It is pear.</p>",
        "2": "<p>It is quince.</p>",
    }
    assert [key for key in tables if "[c]" in tables[key]] == ["1"]
    every = (site / "every-choice.html").read_text()
    words = texts_of(every)
    assert "Fruit: Apple It is apple. Fruit: Pear It is pear. Fruit: Quince It is quince." in words
    assert "<select" not in every and every.count("<table") == 3
    identifiers = re.findall(r' id="([^"]+)"', every)
    assert len(identifiers) == len(set(identifiers))
    for address in re.findall(r'href="([^"#]+\.csv)"', every):
        assert (site / address).is_file()
    assert 'href="every-choice.html"' in content and "choices.js" not in content


def test_only_what_depends_on_an_input_is_shipped_again(tmp_path: Path) -> None:
    page = f"{FRUIT}{OF_NAME}{DROPDOWN}<DataTable data={{fruit}} />\n\n{{of_name.length}}\n"
    render_page(tmp_path, page)
    assert list(states_of(tmp_path / "site")) == ["1"]


VALUES = [
    # (input, sql condition, rows by choice)
    (
        '<Dropdown name=x data={fruit} value=name defaultValue="Pear" />',
        "name = '${inputs.x.value}'",
        {"0": "Apple", "1": "Pear", "2": "Quince"},
    ),
    (
        "<Dropdown name=x data={fruit} value=name noDefault=true />",
        "name = '${inputs.x.value}'",
        {"0": "", "1": "Apple", "2": "Pear", "3": "Quince"},
    ),
    (
        '<Dropdown name=x data={fruit} value=slug label=name where="weight > 5" />',
        "slug = '${inputs.x.value}'",
        {"0": "Apple"},
    ),
    (
        '<Dropdown name=x data={fruit} value=name order="name desc" />',
        "name = '${inputs.x.value}'",
        {"0": "Quince", "1": "Pear", "2": "Apple"},
    ),
    (
        '<Dropdown name=x><DropdownOption value="%" valueLabel="All" />'
        '<DropdownOption value="Q%" /></Dropdown>',
        "name like '${inputs.x.value}'",
        {"0": "Apple Pear Quince", "1": "Quince"},
    ),
    (
        "<Dropdown name=x data={fruit} value=name multiple=true />",
        "name in ${inputs.x.value}",
        {
            "0": "",
            "1": "Apple",
            "2": "Pear",
            "3": "Apple Pear",
            "4": "Quince",
            "5": "Apple Quince",
            "6": "Pear Quince",
            "7": "Apple Pear Quince",
        },
    ),
    (
        '<ButtonGroup name=x><ButtonGroupItem valueLabel="a" value="apple" />'
        '<ButtonGroupItem valueLabel="p" value="pear" default=true /></ButtonGroup>',
        "slug = '${inputs.x}'",
        {"0": "Apple", "1": "Pear"},
    ),
    (
        "<ButtonGroup name=x data={fruit} value=slug />",
        "slug = '${inputs.x}'",
        {"0": "", "1": "Apple", "2": "Pear", "3": "Quince"},
    ),
    (
        "<Slider name=x min=0 max=10 step=5 />",
        "weight > ${inputs.x}",
        {"0": "Apple Quince", "1": "Apple", "2": ""},
    ),
    ("<Checkbox name=x />", "(weight is null) = ${inputs.x}", {"0": "Apple Quince", "1": "Pear"}),
]


@pytest.mark.parametrize(("control", "where", "rows"), VALUES, ids=[case[0] for case in VALUES])
def test_sql_sees_what_is_chosen(
    tmp_path: Path, control: str, where: str, rows: dict[str, str]
) -> None:
    control = control.replace("><", ">\n<")
    page = (
        f"{FRUIT}```sql kept\nselect name from published.fruit where {where} order by name\n```\n\n"
        f"{control}\n\nRows: {{#each kept as row}}{{row.name}} {{/each}}.\n"
    )
    render_page(tmp_path, page)
    (states,) = states_of(tmp_path / "site").values()
    words = {key: texts_of(state).removesuffix(" .") for key, state in states.items()}
    assert words == {key: f"Rows: {names}".removesuffix(" ") for key, names in rows.items()}


SHOWN_FIRST = [
    ('<Dropdown name=x data={fruit} value=slug label=name defaultValue="pear" />', "Pear"),
    ("<Dropdown name=x data={fruit} value=name noDefault=true />", "nothing chosen"),
    (
        "<Dropdown name=x data={fruit} value=name multiple=true selectAllByDefault=true />",
        "Apple, Pear, Quince",
    ),
    ("<Dropdown name=x data={fruit} value=name multiple=true />", "nothing chosen"),
    ("<ButtonGroup name=x data={fruit} value=name />", "nothing chosen"),
    ("<ButtonGroup name=x data={fruit} value=name defaultValue=Pear />", "Pear"),
    (
        "<Dropdown name=x data={fruit} value=slug multiple=true defaultValue={['pear', 'apple']}/>",
        "apple, pear",
    ),
    ("<Slider name=x min=10 max=30 step=10 defaultValue=20 fmt=gbp0 />", "£20"),
    ("<Slider name=x data={fruit} maxColumn=weight step=5 defaultValue=weight />", "10"),
    ("<Checkbox name=x defaultValue=true />", "yes"),
    ("<DateRange name=x data={fruit} dates=picked_date />", "1 January 2026 to 1 March 2026"),
    ("<DateInput name=x data={fruit} dates=picked_date />", "1 March 2026"),
    ("<TextInput name=x />", "nothing entered"),
    ("<DimensionGrid name=x data={fruit} />", "all rows"),
]


@pytest.mark.parametrize(("control", "words"), SHOWN_FIRST, ids=[case[0] for case in SHOWN_FIRST])
def test_the_default_is_said_in_words(tmp_path: Path, control: str, words: str) -> None:
    content = content_of(render_page(tmp_path, f"{FRUIT}{control}\n\n{{#if inputs.x}}y{{/if}}\n"))
    assert f"X: <strong>{words}</strong>" in content


FIXED = [
    (
        "<DateRange name=x data={fruit} dates=picked_date start='2026-02-01' />",
        "picked_date between '${inputs.x.start}' and '${inputs.x.end}'",
        "Pear Quince",
    ),
    (
        "<DateInput name=x data={fruit} dates=picked_date />",
        "picked_date = '${inputs.x.value}'",
        "Quince",
    ),
    ("<DateInput name=x />", "picked_date = ${inputs.x.value}", ""),
    (
        "<TextInput name=x />",
        "name like '%${inputs.x}%' and ${inputs.x.search('name')}",
        "Apple Pear Quince",
    ),
    ('<TextInput name=x defaultValue="IN" />', "${inputs.x.search('name')}", "Quince"),
    ("<DimensionGrid name=x data={fruit} />", "${inputs.x}", "Apple Pear Quince"),
]


@pytest.mark.parametrize(("control", "where", "rows"), FIXED, ids=[case[1] for case in FIXED])
def test_an_input_that_cannot_change_shows_its_default_and_warns(
    tmp_path: Path, control: str, where: str, rows: str
) -> None:
    page = (
        f"{FRUIT}```sql kept\nselect name from published.fruit where {where} order by name\n```\n\n"
        f"{control}\n\n{{#each kept as row}}{{row.name}} {{/each}}.\n"
    )
    project = make_project(tmp_path / "p", {"pages/index.md": page})
    outcome = render_site(Request(project, tmp_path / "site"))
    content = content_of((tmp_path / "site/index.html").read_text())
    words = texts_of(content).split(". Download")[0].split(" .")[0]
    assert words.endswith(rows) and ("Pear" in words) == ("Pear" in rows)
    (warning,) = outcome.warnings
    assert warning.startswith("pages/index.md:9: <") and "cannot be changed" in warning


def test_an_input_that_changes_nothing_offers_nothing_and_warns(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", {"pages/index.md": "<Checkbox name=x />\n"})
    outcome = render_site(Request(project, tmp_path / "site"))
    assert outcome.warnings == ("pages/index.md:1: <Checkbox> 'x' changes nothing on this page",)
    content = content_of((tmp_path / "site/index.html").read_text())
    assert "X: <strong>no</strong>" in content and "<input " not in content


def test_two_inputs_of_one_part_are_combined_others_are_not(tmp_path: Path) -> None:
    page = (
        "<Checkbox name=a />\n\n<Checkbox name=b />\n\n<Checkbox name=c />\n\n"
        "{inputs.a}-{inputs.b}\n\n{#if inputs.a && inputs.b}both{:else}not both{/if}\n\n"
        "{inputs.c}\n"
    )
    render_page(tmp_path, page)
    parts = states_of(tmp_path / "site")
    assert [sorted(states) for states in parts.values()] == [
        ["0", "1"],
        ["0", "1"],
        ["0.0", "0.1", "1.0", "1.1"],
        ["0", "1"],
    ]
    assert parts["3"]["1.1"] == "<p>both</p>" and parts["3"]["0.1"] == "<p>not both</p>"


def test_a_paragraph_changes_as_a_whole_unless_its_inputs_differ(tmp_path: Path) -> None:
    page = (
        f"{FRUIT}{OF_NAME}{DROPDOWN}<Checkbox name=b />\n\n"
        'See <a href="/#{inputs.name.value}">{inputs.name.label}</a> **now**.\n\n'
        "One {inputs.name.label}, two {inputs.b}.\n\n"
        "## Head {inputs.name.label}\n\n"
        "<p id='Apple'></p><p id='Pear'></p><p id='Quince'></p>\n\n"
        "{#if inputs.b}\n\n### Sub\n\n{:else}\n\n### Sub\n\n{/if}\n"
    )
    content = content_of(render_page(tmp_path, page))
    assert (
        '<!--part 1--><p>See <a href="#Apple">Apple</a> <strong>now</strong>.</p><!--/part 1-->'
        in content
    )
    assert "<p>One <!--part 2-->Apple<!--/part 2-->, two <!--part 3-->false" in content
    assert ">Head <!--part 4-->Apple<!--/part 4--></h2>" in content
    every = (tmp_path / "site/every-choice.html").read_text()
    assert "(Fruit: Pear) Pear" in " ".join(every.split())
    assert every.count("<h3 id=") == 1 and every.count("<h3") == 2


def test_parts_inside_grids_tabs_and_lists_change_alone(tmp_path: Path) -> None:
    page = (
        f"{FRUIT}{OF_NAME}{DROPDOWN}<Grid>\n\n<BigValue data={{of_name}} value=slug />\n\n"
        "<BigValue data={fruit} value=slug />\n\n</Grid>\n\n<Tabs>\n<Tab label=A>\n\n"
        "{inputs.name.label}\n\n</Tab>\n</Tabs>\n\n"
        "{#each fruit as f}\n\n- {f.slug}: {f.name === inputs.name.value}\n\n{/each}\n"
    )
    content = content_of(render_page(tmp_path, page))
    assert content.count("<!--part") == 5
    assert "<li>pear: <!--part 4-->false<!--/part 4--></li>" in content
    assert states_of(tmp_path / "site")["4"] == {"0": "false", "1": "true", "2": "false"}


def test_every_state_of_a_table_row_is_named(tmp_path: Path) -> None:
    page = (
        f"{FRUIT}{OF_NAME}{DROPDOWN}<table>\n<tbody>\n{{#each of_name as row}}\n"
        "<tr><td>{row.slug}</td></tr>\n{/each}\n</tbody>\n</table>\n"
    )
    render_page(tmp_path, page)
    every = " ".join((tmp_path / "site/every-choice.html").read_text().split())
    assert 'scope="rowgroup">Fruit: Pear</th></tr> <tr><td>pear</td></tr>' in every


REFUSED = [
    ("{inputs.y}", 5, "no input of this page is called 'y'; there is none to choose from"),
    ("<Checkbox name=a />\n\n{inputs.b}", 7, "no input of this page is called 'b'"),
    ("<Checkbox name=a />\n\n<Checkbox name=a />", 7, "a second input is called 'a'"),
    ("<Checkbox />", 5, "needs name=…, written out"),
    ("<Checkbox name={'a'} />", 5, "needs name=…, written out"),
    ("<Checkbox name=class />", 5, "cannot name an input"),
    ("{#each fruit as f}\n\n<Checkbox name=a />\n\n{/each}", 7, "may not stand inside {#each}"),
    ("<Dropdown name=a data={fruit} />", 5, "no column 'value'"),
    ("<Slider name=a defaultValue=101 />", 5, "defaultValue 101 lies outside min=0 and max=100"),
    (
        "<Dropdown name=a data={fruit} value=nam />",
        5,
        "no column 'nam'; the nearest name is 'name'",
    ),
    ("<Dropdown name=a data={fruit} value=name defaultValue=Plum />", 5, "none of the options"),
    ("<Dropdown name=a data={fruit} value=name where='nam = 1' />", 5, "nam"),
    ("<DropdownOption value=a />", 5, "belongs inside <Dropdown>"),
    ("<ButtonGroup name=a />", 5, "needs data={…} with value=…"),
    ("<ButtonGroup name=a preset=dates />", 5, "preset=… is not supported"),
    ("<Slider name=a min=9 max=1 />", 5, "leave nothing to choose"),
    ("<Slider name=a max=1000 />", 5, "1001 steps are more than 200"),
    ("<Slidr name=a />", 5, "the nearest name is 'Slider'"),
    ("<Checkbox name=a />\n\n<p title={inputs.a}>x</p>", 7, "depends on an input; put the element"),
    (
        "<Checkbox name=a />\n\n{#if inputs.a}\n\n<Checkbox name=b />\n\n{/if}",
        9,
        "stands inside a part that itself changes",
    ),
    (
        "<Slider name=a max=150 />\n\n<Checkbox name=b />\n\n{#if inputs.b}{inputs.a}{/if}",
        5,
        "come to 302 combinations on this page, more than 200; make it a templated page such as",
    ),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_with_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    found = refusal(tmp_path, FRUIT + text + "\n")
    assert found.startswith(f"pages/index.md:{line}: ") and message in found, found


def test_combinations_of_several_parts_are_counted_together(tmp_path: Path) -> None:
    page = "<Slider name=a max=119 />\n\n<Slider name=b max=119 />\n\n{inputs.a}\n\n{inputs.b}\n"
    assert "come to 240 combinations" in refusal(tmp_path, page)


def test_a_fault_of_one_choice_names_it(tmp_path: Path) -> None:
    page = f"{FRUIT}{OF_NAME}{DROPDOWN}It weighs {{of_name[0].weight}}.\n"
    found = refusal(tmp_path, page)
    assert found.startswith("pages/index.md:11: {of_name[0].weight} is null")
    assert found.endswith("(with Fruit: Pear)")


def test_a_choice_may_leave_a_table_empty(tmp_path: Path) -> None:
    page = (
        f"{FRUIT}```sql kept\nselect name from published.fruit where weight > ${{inputs.x}}\n"
        "```\n\n<Slider name=x step=50 />\n\n"
        "<DataTable data={kept} emptyMessage='Nothing so heavy.' />\n"
    )
    render_page(tmp_path, page)
    (states,) = states_of(tmp_path / "site").values()
    assert "Apple" in states["0"] and texts_of(states["1"]) == "Nothing so heavy."


def test_options_that_follow_another_input_are_refused(tmp_path: Path) -> None:
    page = f"{FRUIT}{OF_NAME}{DROPDOWN}<Dropdown name=b data={{of_name}} value=slug />\n"
    found = refusal(tmp_path, page)
    assert found.startswith("pages/index.md:11: ") and "depends on another input" in found


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("name = ${inputs.x.value}", "is text; put it in single quotes"),
        ("name = '${inputs.x}'", "is object; Dropdown and DateInput have .value"),
        (
            "name = '${inputs.y.value}'",
            "no input of this page is called 'y'; the nearest name is 'x'",
        ),
    ],
)
def test_sql_is_refused_with_its_line(tmp_path: Path, where: str, message: str) -> None:
    page = (
        f"{FRUIT}```sql kept\nselect name from published.fruit where {where}\n```\n\n"
        "<Dropdown name=x data={fruit} value=name />\n\n{kept.length}\n"
    )
    found = refusal(tmp_path, page)
    assert found.startswith("pages/index.md:6: ") and message in found, found


def test_a_quote_in_a_value_ends_no_sql(tmp_path: Path) -> None:
    sql = (
        "create schema published; create table published.fruit as select * from (values "
        "('O''Neil''s'), ('x'') or true --'), (') or (1=1')) as t (name)"
    )
    page = (
        f"{FRUIT}```sql kept\nselect name from published.fruit where name = '${{inputs.x.value}}'"
        "\n```\n\n```sql listed\nselect name from published.fruit where name in ${inputs.y.value}"
        "\n```\n\n<Dropdown name=x data={fruit} value=name />\n\n"
        "<Dropdown name=y data={fruit} value=name multiple=true />\n\n"
        "{kept.length}\n\n{listed.length}\n"
    )
    render_page(tmp_path, page, sql)
    one, several = states_of(tmp_path / "site").values()
    assert set(one.values()) == {"<p>1</p>"}
    assert several == {str(n): f"<p>{n.bit_count()}</p>" for n in range(8)}


def test_plain_sql_may_hold_inputs(tmp_path: Path) -> None:
    page = (
        f"{FRUIT}```sql kept\nselect name from published.fruit where name in ${{inputs.x.value}}\n"
        "```\n\n<Dropdown name=x data={fruit} value=name multiple=true />\n\n{kept.length}\n"
    )
    render_page(tmp_path, page, **{"site.yaml": "page_sql: plain\n"})
    summing = page.replace(
        "select name from published.fruit where", "select sum(1) as name from published.fruit where"
    )
    with pytest.raises(ReportError, match="an aggregate"):
        render_page(tmp_path / "b", summing, **{"site.yaml": "page_sql: plain\n"})


def test_a_link_that_only_another_choice_shows_makes_its_page(tmp_path: Path) -> None:
    page = (
        f'{FRUIT}{OF_NAME}{DROPDOWN}{{#each of_name as row}}<a href="/of/{{row.slug}}">'
        "{row.name}</a>{/each}\n"
    )
    render_page(tmp_path, page, **{"pages/of/[fruit].md": "{params.fruit}\n"})
    assert (tmp_path / "site/of/quince/index.html").is_file()
    assert 'href=\\"of/quince/index.html\\"' in (tmp_path / "site/choices.js").read_text()
