"""A sealed pack opens with its own key as it was made, or not at all; an edited log is noticed."""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import zipfile
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from made_packs import MANIFEST, contact, entry, facts, zipped

from openlsi.home import Home
from openlsi.packs.access_log import BUILT, OPENED, AccessLog, note
from openlsi.packs.archive import MANIFEST as MANIFEST_FILE
from openlsi.packs.archive import seal, unpack, unseal
from openlsi.packs.errors import PackError
from openlsi.packs.keeping import event_words

MINE, THEIRS = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
ENTRIES = [entry(1, contact("Ann Brook"), facts())]


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(zipped(ENTRIES)[1], [str(MINE.to_public())])


def test_a_pack_opens_with_its_own_key_as_it_was_made(sealed: bytes) -> None:
    manifest, files = unpack("p", unseal("p", sealed, MINE))
    assert replace(manifest, files={}) == MANIFEST
    assert set(files) == set(manifest.files) > {"index.html", "households/household1.html"}
    assert b"Ann Brook" in files["households/household1.html"]
    assert b"Ann Brook" not in sealed


def test_each_of_several_readers_opens_it() -> None:
    both = seal(zipped(ENTRIES)[1], [str(MINE.to_public()), str(THEIRS.to_public())])
    assert unseal("p", both, MINE) == unseal("p", both, THEIRS)


def test_another_key_does_not_open_it(sealed: bytes) -> None:
    with pytest.raises(PackError, match=r"^p: is not sealed to this key; expected the key of one"):
        unseal("p", sealed, THEIRS)


def test_no_flipped_byte_opens(sealed: bytes) -> None:
    step = max(1, len(sealed) // 300)
    for place in [*range(0, 300), *range(300, len(sealed), step), len(sealed) - 1]:
        flipped = bytearray(sealed)
        flipped[place] ^= 1
        with pytest.raises(PackError):
            unseal("p", bytes(flipped), MINE)


@pytest.mark.parametrize("length", [0, 1, 100, 250, -1, -16, -1000])
def test_a_pack_that_was_cut_short_does_not_open(sealed: bytes, length: int) -> None:
    with pytest.raises(PackError):
        unseal("p", sealed[:length], MINE)


def changed(content: bytes, name: str, new: bytes | None) -> bytes:
    """Return a zip with one file of it replaced, or taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as archive:
        for one in old.namelist():
            if one != name:
                archive.writestr(one, old.read(one))
        if new is not None:
            archive.writestr(name, new)
    return out.getvalue()


def test_files_that_are_not_those_of_the_manifest_are_refused() -> None:
    _, content = zipped(ENTRIES)
    message = "^p: its files are not those that its manifest names$"
    for name, new in (
        ("index.html", b"<script>ran()</script>"), ("index.html", None), ("more.html", b"more"),
    ):  # fmt: skip
        with pytest.raises(PackError, match=message):
            unpack("p", changed(content, name, new))


@pytest.mark.parametrize(
    "name", ["../out.html", "/etc/passwd", "a/../../b", "./a", "a\\..\\b", "a.exe", ".a.js"]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    _, content = zipped(ENTRIES)
    told = json.loads(zipfile.ZipFile(io.BytesIO(content)).read(MANIFEST_FILE))
    told["files"][name] = hashlib.sha256(b"x").hexdigest()
    with_name = changed(content, MANIFEST_FILE, json.dumps(told).encode())
    with pytest.raises(PackError, match="its files are not those that its manifest names"):
        unpack("p", changed(with_name, name, b"x"))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_pack_is_refused(content: bytes) -> None:
    with pytest.raises(PackError, match=r"^p: what is sealed in it is no pack$"):
        unpack("p", content)


def test_the_access_log_notices_an_edit_a_removal_and_a_change_of_order(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for number in range(4):
        note(home, OPENED, pack=f"p{number}", by="A. Officer")
    path = home.packs / "access.jsonl"
    assert (path.stat().st_mode & 0o777, home.packs.stat().st_mode & 0o777) == (0o600, 0o700)
    lines = path.read_text().splitlines(keepends=True)
    assert len(AccessLog.read(home).events) == 4
    damaged = {
        2: lines[0] + lines[1].replace("A. Officer", "B. Officer") + "".join(lines[2:]),
        1: "".join(lines[1:]),
        3: "".join([*lines[:2], lines[3], lines[2]]),
    }
    for number, text in damaged.items():
        path.write_text(text)
        with pytest.raises(PackError, match=rf"line {number}: the chain of hashes breaks here"):
            AccessLog.read(home)
        with pytest.raises(PackError):
            note(home, OPENED, pack="p9")


def _note_many(root: str, mark: str) -> None:
    for number in range(20):
        note(Home(Path(root)), BUILT, pack=f"{mark}{number}")


def test_two_writers_at_once_keep_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_note_many, args=(str(tmp_path), mark)) for mark in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    assert len(AccessLog.read(Home(tmp_path)).events) == 40


def test_what_somebody_typed_reaches_no_terminal_as_it_is() -> None:
    told = {"event": OPENED, "pack": "p1", "district": "ashford", "purpose": "casework",
            "by": "A\x1b[31m\u202eB", "reader": "A. Officer"}  # fmt: skip
    assert event_words(told) == (
        "opened   p1  ashford, for casework, by A\ufffd[31m\ufffdB, with the key of A. Officer"
    )
