"""What cannot be modelled is refused in one plain line, and nothing is left half-written."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from made_caseload import DOVER, household, lay_households
from made_proposals import EARNINGS, OTHERS, Model, scheme
from typer.testing import CliRunner

from openlsi.cli import application
from openlsi.errors import LsiError
from openlsi.home import Home
from openlsi.proposals.errors import ProposalError
from openlsi.proposals.options import Terms


@pytest.fixture
def laid(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    lay_households(home, [household() for _ in range(40)])
    monkeypatch.setenv("LSI_HOME", str(home.root))
    return home


def asked(*words: str | Path) -> str:
    """Run `lsi scheme model` and return the one line that it refuses with."""
    result = CliRunner().invoke(application(), ["scheme", "model", *map(str, words)])
    assert result.exit_code != 0
    assert isinstance(result.exception, LsiError), result.output
    line = str(result.exception)
    assert "\n" not in line
    return line


def test_a_district_of_another_county(laid: Home, tmp_path: Path) -> None:
    path = scheme(tmp_path, "away", district="E07000200")
    assert f"{path}: district: E07000200 is none of this county's" in asked(path)


def test_a_scheme_that_is_in_force(laid: Home, tmp_path: Path) -> None:
    path = scheme(tmp_path, "in_force", standing="documented")
    assert "standing: documented; a scheme to be modelled says standing: proposed" in asked(path)


def test_the_name_of_another_scheme(laid: Home, tmp_path: Path) -> None:
    for name in ("dover_now", "do_nothing"):
        assert "is the name of another scheme" in asked(scheme(tmp_path, name))


def test_a_file_that_is_not_there(laid: Home, tmp_path: Path) -> None:
    assert "cannot be read" in asked(tmp_path / "nothing.yml")


def test_no_build_yet(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSI_HOME", str(home.root))
    assert "no build yet" in asked(scheme(tmp_path, "plan"))


def test_a_build_from_before_caseloads_were_kept(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSI_HOME", str(home.root))
    home.current.mkdir(parents=True)
    duckdb.connect(str(home.current / "secure.duckdb")).close()
    assert "keeps no caseload; run `lsi build`" in asked(scheme(tmp_path, "plan"))


def test_no_caseload_of_the_district(laid: Home, tmp_path: Path) -> None:
    path = scheme(tmp_path, "plan", district="E07000105")
    assert "no caseload of Ashford in the current build" in asked(path)


def test_an_alternative_that_nobody_knows(laid: Home, tmp_path: Path) -> None:
    path = scheme(tmp_path, "plan")
    assert "--against nowhere: neither a file nor a scheme" in asked(path, "--against", "nowhere")
    assert "that is the proposal itself" in asked(path, "--against", path)


def test_two_alternatives_of_one_name(laid: Home, tmp_path: Path) -> None:
    path = scheme(tmp_path, "plan")
    one = scheme(tmp_path / "one", "other", maximum=70)
    two = scheme(tmp_path / "two", "other", maximum=80)
    line = asked(path, "--against", one, "--against", two)
    assert "two alternatives are named other" in line


def test_an_estimate_of_doing_nothing_where_no_scheme_is_documented(
    laid: Home, tmp_path: Path
) -> None:
    (laid.config / "schemes" / "dover_now.yml").unlink()
    line = asked(scheme(tmp_path, "plan"), "--base", "estimated")
    assert "no scheme of Dover is documented for 2026-27" in line


def test_figures_that_are_none(laid: Home, tmp_path: Path) -> None:
    path = scheme(tmp_path, "plan")
    for word, value in (("--protect", "nan"), ("--protect", "-1"), ("--collection", "101")):
        result = CliRunner().invoke(application(), ["scheme", "model", str(path), word, value])
        assert result.exit_code == 2


def test_nothing_is_written_where_one_file_cannot_be(laid: Home, tmp_path: Path) -> None:
    path, good = scheme(tmp_path, "plan"), tmp_path / "figures.csv"
    assert "make it first" in asked(path, "--csv", good, "--annex", tmp_path / "no" / "a.html")
    assert "name a file" in asked(path, "--csv", good, "--annex", tmp_path)
    assert "two files" in asked(path, "--csv", good, "--annex", good)
    assert not good.exists()
    assert not list(tmp_path.glob(".figures*"))


def test_fewer_than_two_alternatives_are_refused(home: Home, tmp_path: Path, model: Model) -> None:
    # Ashford's and Swale's bands say nothing of families.
    lay_households(home, [household(children=1)] * 3)
    found = model(scheme(tmp_path, "plan"), against=[])
    assert [row["role"] for row in found.options].count("alternative") >= 2
    for row in found.options[2:]:
        assert row["compared_count"] == 3
    # Nothing is assessable, so nothing is comparable for most.
    lay_households(home, [household(is_income_known=False)])
    with pytest.raises(ProposalError, match="beside two alternatives"):
        model(scheme(tmp_path, "plan"), against=[])


def test_one_alternative_is_joined_by_the_most_comparable(
    home: Home, tmp_path: Path, model: Model
) -> None:
    lay_households(home, [household(children=1)] * 3)
    found = model(scheme(tmp_path, "plan"), against=["tunbridge_wells_2021_22"])
    keys = [row["option_key"] for row in found.options]
    assert keys[2] == "tunbridge_wells_2021_22"
    assert len(keys) == 4


def test_a_file_is_an_alternative(home: Home, tmp_path: Path, model: Model) -> None:
    lay_households(home, [household()])
    path = scheme(tmp_path, "lower", maximum=70)
    found = model(scheme(tmp_path, "plan"), against=[str(path), OTHERS[0]])
    assert [row["option_name"] for row in found.options[2:]] == ["Lower", "Dartford 2026-27"]
    assert found.options[2]["cost_gbp"] == 728


def test_terms_are_numbers() -> None:
    with pytest.raises(ProposalError):
        Terms(collection_pct=float("inf"))


def test_the_caseload_of_another_district_is_not_counted(
    home: Home, tmp_path: Path, model: Model
) -> None:
    lay_households(home, [household(), household(district_code="E07000105")])
    found = model(scheme(tmp_path, "plan", "earnings_bands", 100, EARNINGS))
    assert found.options[1]["household_count"] == 1
    assert found.district_code == DOVER
