"""What is said, landed and set aside of files that went wrong holds no identifier either.

A value that stands in another column than its own meets every reader's refusals and every type.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from built_county import BuiltCounty
from canaries import canaries
from leak_scan import Needles, scan
from load_homes import set_limits
from made_extracts import a_month, wide
from sent_identifiers import SentIdentifiers, sent_identifiers
from spoilt_files import WAYS, spoil
from typer.testing import CliRunner

from openlsi.cli import application, main
from openlsi.cli import load as load_command
from openlsi.extract import session, workers
from openlsi.extract.loading import load
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home

# Academy tables and NEC's, wide files and Rentsense's, pipes with tags, SHBE, one file of pupils.
SENDERS = ("ashford", "dartford", "folkestone-and-hythe", "kent-education")
MONTH = ("202405", "2024-05")


@dataclass(frozen=True)
class Sent:
    """The county whose files are spoilt, and the means to look for what they held."""

    home: Home
    needles: Needles


@pytest.fixture(scope="module")
def sent(county: BuiltCounty) -> Sent:
    found = SentIdentifiers.of_all(sent_identifiers(county.home, SENDERS).values())
    with canaries() as words:
        found.add("canary", *words)
    return Sent(county.home, Needles(found))


def spoilt(county: Home, root: Path, way: str) -> Home:
    """Return a home of the last month's files, each spoilt in this way."""
    home = Home(root)
    shutil.copytree(county.root / "keys", root / "keys")
    shutil.copytree(county.inbox / "reference", home.inbox / "reference")
    set_limits(home, processes=1)
    for slug in SENDERS:
        (home.inbox / slug).mkdir()
        for path in sorted((county.inbox / slug).iterdir()):
            if any(month in path.name for month in MONTH):
                shutil.copyfile(path, home.inbox / slug / path.name)
                spoil(home.inbox / slug / path.name, way)
    return home


@pytest.mark.parametrize("way", WAYS)
def test_nothing_said_or_kept_of_a_spoilt_file_holds_an_identifier(
    sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    home = spoilt(sent.home, tmp_path / "home", way)
    monkeypatch.setenv("LSI_HOME", str(home.root))
    said = ""
    for words in (("load",), ("holds",), *(("status", "--why", slug) for slug in SENDERS)):
        ran = CliRunner().invoke(application(), list(words))
        said += ran.output
        assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    assert "refused" in said
    for form in (said, " ".join(said.split())):
        assert list(sent.needles.in_text(form)) == []
    kept = (home.inbox, home.vault, home.root / "keys")
    assert scan(home.root, sent.needles, kept) == set()


# --- what nothing foresees

QUOTING = duckdb.ConversionException("Could not convert string 'JR121316B' to INT32")


def test_the_databases_own_words_reach_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise QUOTING

    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    monkeypatch.setattr(load_command, "load_inbox", stop)
    monkeypatch.setattr(sys, "argv", ["lsi", "load"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "JR121316B" not in said.out + said.err
    assert "ConversionException" in said.err
    assert len(said.err.splitlines()) == 1


def test_nor_do_those_of_a_loading_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise QUOTING

    home = Home(tmp_path)
    for slug, name in (("dartford", "Dartford"), ("maidstone", "Maidstone")):
        wide(home.inbox / slug, name, a_month())
    monkeypatch.setattr(workers, "_SMALL", 0)
    monkeypatch.setattr(session, "extract", stop)
    with pytest.raises(ExtractError, match=r"something unforeseen \(ConversionException\)") as told:
        load(home)
    said = capfd.readouterr()
    assert "JR121316B" not in said.out + said.err + str(told.value)
