"""One command imports its own areas and no more; together they are the whole command line."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer.main

from openlsi.cli import application

WHOLE = typer.main.get_command(application()).commands
# What pages, linkage and the made-up county are made with; a load needs none of it.
ENGINES = ("openlsi.report.site", "openlsi.synthesis.county", "splink", "sqlglot", "xlsxwriter")


def words(command: object) -> set[str]:
    return set(getattr(command, "commands", {}))


@pytest.mark.parametrize("name", WHOLE)
def test_a_command_alone_is_what_it_is_in_the_whole(name: str) -> None:
    alone = typer.main.get_command(application(name)).commands
    assert len(alone) < len(WHOLE)
    assert alone[name].help == WHOLE[name].help
    assert words(alone[name]) == words(WHOLE[name])
    assert [one.name for one in alone[name].params] == [one.name for one in WHOLE[name].params]


def test_a_word_that_is_no_command_gives_the_whole() -> None:
    assert set(typer.main.get_command(application("--help")).commands) == set(WHOLE)


def said_by(code: str) -> list[str]:
    """Return the words that a process of its own prints: here every area is imported by now."""
    command = [sys.executable, "-c", f"from openlsi.cli import application; {code}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("name", sorted(name for name in WHOLE if words(WHOLE[name])))
def test_a_command_of_several_words_has_them_all_alone(name: str) -> None:
    said = said_by(
        f"import typer.main; found = typer.main.get_command(application({name!r}));"
        f" print(*found.commands[{name!r}].commands)"
    )
    assert set(said) == words(WHOLE[name])


@pytest.mark.parametrize("name", ["load", "status"])
def test_a_load_waits_for_no_other_engine(name: str) -> None:
    said = said_by(f"import sys; application({name!r}); print(*sys.modules)")
    assert "openlsi.extract.loading" in said
    assert not set(ENGINES) & set(said)
