"""Originals sealed to the district's age key: what the district can open, and nobody else."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pyrage
import pytest
import yaml
from load_homes import configure_districts, no_strays, set_limits
from made_extracts import a_month, academy, piped, workbook

import openlsi.extract.loading as loading
from openlsi.config.county import default_file
from openlsi.extract.chain import Ledger
from openlsi.extract.loading import load
from openlsi.extract.refusals import ExtractError
from openlsi.home import Home


@pytest.fixture
def key() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def home(tmp_path: Path, key: pyrage.x25519.Identity) -> Home:
    """A home whose districts all seal to one key, with one set and two single files."""
    home = Home(tmp_path)
    set_limits(home, originals="seal")
    configure_districts(home, original_recipient=str(key.to_public()))
    academy(home.inbox / "ashford", "ashford", a_month())
    piped(home.inbox / "sevenoaks", "E07000111", a_month())
    workbook(home.inbox / "tunbridge-wells", "tunbridge-wells", a_month())
    return home


def inbox_files(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.inbox.rglob("*") if path.is_file()}


def sealed_files(home: Home) -> list[Path]:
    return sorted(home.vault.rglob("*.age"))


def opened(home: Home, key: pyrage.x25519.Identity) -> dict[str, bytes]:
    """Return every sealed original by name, as the holder of the key reads it."""
    found = {}
    for path in sealed_files(home):
        packed = io.BytesIO(pyrage.decrypt(path.read_bytes(), [key]))
        with tarfile.open(fileobj=packed, mode="r:gz") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                assert content is not None
                found[entry.name] = content.read()
    return found


def test_originals_leave_the_inbox_and_the_district_can_open_them(
    home: Home, key: pyrage.x25519.Identity
) -> None:
    sent = inbox_files(home)
    report = load(home)
    assert (report.refused, report.sealed) == ([], 15)
    assert inbox_files(home) == {}
    assert opened(home, key) == sent
    accepted = Ledger.read(home).accepted()
    assert {path.stem for path in sealed_files(home)} == {e["extract_id"] for e in accepted}
    for path in sealed_files(home):
        assert path.stat().st_mode & 0o077 == 0
        assert b"O'BRIEN" not in path.read_bytes()


def test_another_key_is_refused(home: Home) -> None:
    load(home)
    other = pyrage.x25519.Identity.generate()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed_files(home)[0].read_bytes(), [other])


def test_a_file_that_was_refused_stays_in_the_inbox(home: Home) -> None:
    bad = home.inbox / "sevenoaks" / "E07000111.CTAX.202610.txt"
    bad.write_bytes(bad.read_bytes()[:-30])
    report = load(home)
    assert len(report.refused) == 1
    assert list(inbox_files(home)) == [bad.name]


def test_sent_again_it_is_removed_and_not_sealed_twice(home: Home) -> None:
    sent = inbox_files(home)
    load(home)
    before = {path: path.read_bytes() for path in sealed_files(home)}
    (home.inbox / "sevenoaks" / "E07000111.CTAX.202610.txt").write_bytes(
        sent["E07000111.CTAX.202610.txt"]
    )
    (home.inbox / "tunbridge-wells" / "copy of the file.xlsx").write_bytes(
        sent["tunbridge-wells-CTS-202610.xlsx"]
    )
    report = load(home)
    assert (report.accepted, report.refused) == ([], [])
    assert {path: path.read_bytes() for path in sealed_files(home)} == before
    assert report.sealed == 2
    assert inbox_files(home) == {}


@pytest.mark.parametrize("where", ["before the ledger's line", "before the inbox is cleared"])
def test_killed_between_two_steps_nothing_is_lost(
    home: Home, key: pyrage.x25519.Identity, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> int:
        raise Killed

    sent = inbox_files(home)
    with monkeypatch.context() as patched:
        if where == "before the ledger's line":
            patched.setattr(Ledger, "append", kill)
        else:
            patched.setattr(loading, "take_out", kill)
        with pytest.raises(Killed):
            load(home)
    assert inbox_files(home) == sent
    report = load(home)
    assert report.refused == []
    assert inbox_files(home) == {}
    assert opened(home, key) == sent
    assert no_strays(home)


def test_a_set_of_which_a_part_was_removed_is_removed_whole(
    home: Home, key: pyrage.x25519.Identity
) -> None:
    sent = inbox_files(home)
    load(home)
    left = home.inbox / "ashford" / "ashford_ctax_202610_ctnotice.csv"
    left.write_bytes(sent[left.name])
    assert load(home).refused == []
    assert inbox_files(home) == {}
    assert opened(home, key) == sent


def test_what_was_loaded_before_sealing_was_asked_for_is_sealed_then(
    home: Home, key: pyrage.x25519.Identity
) -> None:
    sent = inbox_files(home)
    set_limits(home, originals="keep")
    assert load(home).sealed == 0
    assert inbox_files(home) == sent
    set_limits(home, originals="seal")
    assert load(home).sealed == 15
    assert inbox_files(home) == {}
    assert opened(home, key) == sent


def test_a_file_replaced_while_it_was_loaded_stays_for_the_next_load(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = home.inbox / "sevenoaks" / "E07000111.CTAX.202610.txt"
    append = Ledger.append

    def replace_then_append(ledger: Ledger, events: list[dict[str, Any]]) -> None:
        if any(event["district_code"] == "E07000111" for event in events):
            piped(replaced.parent, "E07000111", a_month(rows=5), produced="20261103T060000")
        append(ledger, events)

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "append", replace_then_append)
        load(home)
    assert list(inbox_files(home)) == [replaced.name]
    report = load(home)
    assert [event["accepted_rows"] for event in report.accepted] == [10]


@pytest.mark.parametrize(
    ("recipient", "told"),
    [
        (
            None,
            "districts.yml: Ashford has no original_recipient, but limits.yml says originals:"
            " seal; add its age public key (age1…), or set originals: keep",
        ),
        (
            "AGE-SECRET-KEY-1QQPQYZ",
            "districts.yml: Ashford: original_recipient is not an age public key; expected the"
            " line that begins age1, as age-keygen prints it: correct it",
        ),
    ],
)
def test_without_a_public_key_nothing_is_loaded(
    home: Home, recipient: str | None, told: str
) -> None:
    configure_districts(home, original_recipient=recipient)
    sent = inbox_files(home)
    with pytest.raises(ExtractError) as caught:
        load(home)
    assert str(caught.value) == told
    assert inbox_files(home) == sent
    assert not home.ledger.exists()
    assert not home.landing.exists()


def test_the_shipped_limits_keep_originals() -> None:
    limits = yaml.safe_load(default_file("limits.yml").read_text(encoding="utf-8"))
    assert limits["loading"]["originals"] == "keep"
