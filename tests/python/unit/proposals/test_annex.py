"""The consultation annex: figures that may be published, on a page that stands by itself."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from made_caseload import ROOT, household, lay_households
from made_proposals import EARNINGS, OTHERS, home_of_dover, scheme
from typer.testing import CliRunner

from openlsi.cli import application
from openlsi.home import Home
from openlsi.proposals.annex import as_annex
from openlsi.proposals.model import model_in
from openlsi.proposals.options import Terms

# 300 households whose parts are no round numbers: 203 gain, 76 lose, 21 are unchanged.
MANY = [
    household(
        weekly_earnings_gbp=150.0 if number < 76 else 0.0,
        annual_council_tax_gbp=200.0 if number >= 279 else 1040.0,
        children=number % 3,
        tenure="owner" if number % 4 == 0 else "private_tenant",
        has_disability=number % 5 == 0,
        has_carer=number == 100,
        claimant_age=20 + number % 40,
    )
    for number in range(300)
] + [household(cts_age_group="pension")] * 40


def annex(home: Home, households: list[dict[str, object]], path: Path) -> str:
    lay_households(home, households)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        modelled = model_in(
            connection, ROOT, home, home.current / "secure.duckdb", path, OTHERS, Terms(5, 80)
        )
        return as_annex(connection, modelled)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("annex")
    home = home_of_dover(folder / "home")
    return annex(home, MANY, scheme(folder, "steps", "earnings_bands", 100, EARNINGS))


def cells(page: str) -> dict[str, list[str]]:
    """Return the cells of each line by its label; of equal labels the first."""
    lines: dict[str, list[str]] = {}
    for label, rest in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page):
        lines.setdefault(label, re.findall(r"<td>(.*?)</td>", rest))
    return lines


def test_counts_are_rounded_and_pounds_to_thousands(page: str) -> None:
    """76 lose £416 each, £31,616; 203 gain £104, £21,112; each rounded on its own."""
    lines = cells(page)
    assert lines["Gainers (£1 a week or more)"][1] == "205"
    assert lines["Losers (£1 a week or more)"][1] == "75"
    assert lines["Unchanged (under £1 a week)"][1] == "20"
    assert lines["Gained by gainers, a year"][1] == "£21,000"
    assert lines["Lost by losers, a year"][1] == "£32,000"
    assert lines["Working age"] == ["300", "£281,000"]
    counts = [cell for row in lines.values() for cell in row if re.fullmatch(r"[\d,]+", cell)]
    assert counts
    assert all(int(cell.replace(",", "")) % 5 == 0 for cell in counts)
    pounds = [cell for row in lines.values() for cell in row if "£" in cell and "," in cell]
    assert all(cell.endswith(",000") for cell in pounds)


def test_a_lone_household_is_hidden_with_what_would_give_it_away(page: str) -> None:
    """One carer: hidden, and those who do not care with it, since the total is shown."""
    carers = page[page.index("Carer in the household") :]
    assert cells(carers)["Yes"][0] == "[c]"
    assert cells(carers)["No, or not told"][0] == "[c]"


def test_of_a_handful_nothing_is_told(home: Home, tmp_path: Path) -> None:
    page = annex(home, MANY[:6], scheme(tmp_path, "steps", "earnings_bands", 100, EARNINGS))
    for label, row in cells(page).items():
        assert set(row) <= {"[c]", "–", "0", "£0", "[x]"}, label
    assert "cannot be shown for so few households" in page


def test_what_a_decision_paper_lists_is_on_the_page(page: str) -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        "11 March 2027", "and 2 alternatives",
        "Second adult reduction", "Equality Act 2010 s149", "assumed: 2023-24 shares",
        "Pension age (prescribed: unchanged)", "nobody loses more than £5 a week",
        "made up for this demonstration", "no living standards in this generation",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("seed", [3, 11])
def test_a_caseload_of_any_mix_comes_through_the_attack(
    home: Home, tmp_path: Path, seed: int
) -> None:
    """Small and odd parts everywhere: what is hidden must not follow from what is shown."""
    chance = random.Random(seed)
    mixed: list[dict[str, object]] = [
        household(
            weekly_earnings_gbp=chance.choice([0.0, 0.0, 80.0, 150.0, 250.0]),
            annual_council_tax_gbp=chance.choice([None, 200.0, 1040.0, 2000.0]),
            children=chance.choice([0, 0, 1, 2]),
            adults=chance.choice([1, 1, 2]),
            tenure=chance.choice(["owner", "private_tenant", "social_tenant", "not_told"]),
            has_disability=chance.random() < 0.2,
            has_carer=chance.random() < 0.05,
            claimant_age=chance.randint(18, 64),
            is_income_known=chance.random() < 0.95,
            cts_age_group="pension" if chance.random() < 0.3 else "working",
        )
        for _ in range(90)
    ]
    page = annex(home, mixed, scheme(tmp_path, "steps", "earnings_bands", 100, EARNINGS))
    for row in cells(page).values():
        for cell in row:
            if cell.isdigit():
                assert int(cell) == 0 or (int(cell) >= 10 and int(cell) % 5 == 0)


class Outline(HTMLParser):
    """What a reader without sight goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.tables = self.captions = 0
        self.heads_without_scope = 0
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.heads_without_scope += tag == "th" and "scope" not in told
        self.outside += [told[name] or "" for name in ("src", "href") if name in told]


def test_the_page_stands_by_itself_and_can_be_read_aloud(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    assert outline.headings.count("h1") == 1
    assert outline.tables == outline.captions > 4
    assert outline.heads_without_scope == 0
    assert outline.outside == ["#content"]
    assert "<script" not in page
    assert 'lang="en-GB"' in page
    assert "@media print" in page


def test_words_of_a_scheme_file_stay_words(home: Home, tmp_path: Path) -> None:
    path = scheme(tmp_path, "odd", name="'<script>alert(1)</script>'")
    assert "<script" not in annex(home, MANY[:3], path)


def test_the_command_writes_both_files_whole(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_households(home, MANY)
    monkeypatch.setenv("LSI_HOME", str(home.root))
    path = scheme(tmp_path, "steps", "earnings_bands", 100, EARNINGS)
    figures, page = tmp_path / "figures.csv", tmp_path / "annex.html"
    words = ["scheme", "model", str(path), "--csv", str(figures), "--annex", str(page)]
    result = CliRunner().invoke(application(), words)
    assert result.exit_code == 0, result.output
    assert f"Written: {figures}" in result.output
    assert figures.read_text("utf-8").startswith("option,section,part,measure,value,note\n")
    assert page.read_text("utf-8").rstrip().endswith("</html>")
    assert {one.name for one in tmp_path.iterdir()} == {
        "home", "steps.yml", "figures.csv", "annex.html",
    }  # fmt: skip


def test_without_disclosure_control_no_annex_is_written(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A description of the county's own that would publish a number as a word is refused."""
    lay_households(home, MANY)
    monkeypatch.setenv("LSI_HOME", str(home.root))
    folder = home.config / "annex"
    folder.mkdir(parents=True)
    (folder / "scheme_age_group.yml").write_text(
        "table: scheme_age_group\ntitle: t\nnote: n\nsource: scheme_age_group\nstatus: controlled\n"
        "order: [cts_age_group]\ncolumns:\n"
        "  - {name: cts_age_group, kind: key, source: cts_age_group}\n"
        "  - {name: household_count, kind: label, source: household_count}\n",
        "utf-8",
    )
    page = tmp_path / "annex.html"
    path = scheme(tmp_path, "plan")
    result = CliRunner().invoke(application(), ["scheme", "model", str(path), "--annex", str(page)])
    assert result.exit_code != 0
    assert "would be published as it is" in str(result.exception)
    assert not page.exists()
