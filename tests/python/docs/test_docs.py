"""What the documents say is there: commands, make targets, files, links and lengths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from openlsi.cli import application

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "DECISIONLOG.md")]
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in DOCUMENTS}
for part in ("bi", "packs"):
    readme = ROOT / "scripts" / "openlsi" / part / "README.md"
    TEXTS[f"{part}/README.md"] = readme.read_text(encoding="utf-8")


def commands() -> set[str]:
    """Return every command that `lsi` has, as `status` or `metrics query`."""
    found: set[str] = set()
    for name, command in typer.main.get_command(application()).commands.items():
        inner = getattr(command, "commands", {})
        found |= {f"{name} {one}" for one in inner} or {name}
        if getattr(command, "invoke_without_command", False):
            found.add(name)  # `lsi link` works by itself and has `lsi link review`
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_every_lsi_command_named_exists(name: str) -> None:
    known = commands()
    named = re.findall(r"(?:`|bin/)lsi ([a-z]+(?: [a-z]+)?)", TEXTS[name])
    assert named or name == "DECISIONLOG.md"
    for words in named:
        first = words.split()[0]
        assert words in known or first in known, f"lsi {words}"


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`|^|&& )make ([a-z-]+)", "\n".join(TEXTS.values()), re.MULTILINE))
    assert {"demo", "test", "check-demo"} <= named
    assert named <= targets


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXTS[name])
    for link in links:
        assert link.startswith("https://") or (ROOT / link).exists(), link


def test_every_path_that_contributing_names_is_there() -> None:
    paths = re.findall(
        r"`((?:tests|scripts|reports|models|seeds)/[\w./-]+)`", TEXTS["CONTRIBUTING.md"]
    )
    assert len(paths) >= 5
    for path in paths:
        assert (ROOT / path).exists(), path


def test_the_readme_is_short_and_has_its_picture() -> None:
    assert len(TEXTS["README.md"].splitlines()) <= 150
    picture = ROOT / "reports" / "front_page.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_every_decision_is_dated_and_short() -> None:
    entries = re.split(r"^## ", TEXTS["DECISIONLOG.md"], flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"\d{4}-\d{2}-\d{2} · \S", entry), entry.splitlines()[0]
        assert len([line for line in entry.splitlines()[1:] if line.strip()]) <= 10


def test_notice_names_every_data_file_that_is_shipped() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    shipped = [
        *(ROOT / "seeds").rglob("*.csv"),
        *(ROOT / "scripts/openlsi/synthesis/calibration").glob("*.csv"),
        *(ROOT / "scripts/openlsi/synthesis/official").glob("council_*"),
    ]
    assert len(shipped) > 15
    for path in shipped:
        relative = path.relative_to(ROOT)
        stem = "council_tax_requirement_*" if "requirement" in path.name else path.name
        folder = "seeds/reference/authorities/*.csv"
        assert stem in notice or (str(relative.parent) in folder and folder in notice), relative


def test_every_seed_says_where_it_is_from() -> None:
    for path in (ROOT / "seeds").rglob("*.csv"):
        sibling = path.with_suffix(".yml").read_text(encoding="utf-8")
        for word in ("source:", "licence:", "published:", "unit:", "column_types:"):
            assert word in sibling, f"{path.name}: {word}"


def test_nothing_in_the_repository_is_a_path_of_one_machine() -> None:
    suffixes = {".py", ".sql", ".yml", ".yaml", ".md", ".toml", ".lock", ".jinja", ".json"}
    for folder in ("scripts", "models", "macros", "seeds", "reports", "tests", "analyses"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in suffixes and path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                found = re.search(r"(?<![\w.])/(?:home|work|root|Users)/\w", text)
                assert not found or path.name == Path(__file__).name, path
