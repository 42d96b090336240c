"""Open a sealed pack for one of its readers: noted in the access log before plain text appears."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyrage

from openlsi.config import Configuration
from openlsi.config.pack_recipients import PackRecipients, Recipient, recipients_file
from openlsi.extract.chain import Ledger
from openlsi.failpoints import reach
from openlsi.home import Home
from openlsi.packs.access_log import BUILT, OPENED, REFUSED, AccessLog, note
from openlsi.packs.archive import unpack, unseal
from openlsi.packs.errors import PackError
from openlsi.packs.manifest import Manifest

_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105  (how every secret key begins)
_LONGEST_KEY_FILE = 100_000


@dataclass(frozen=True)
class Opening:
    """Which pack is to be opened, with whose key, for what and by whom, and where to."""

    file: Path
    identity: Path
    purpose: str
    by: str
    out: Path
    today: date


def make_identity(path: Path) -> str:
    """Write a new secret key, for its owner alone and never over another; return the public one."""
    identity = pyrage.x25519.Identity.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise PackError(f"{path}: there is a file already; a key is never overwritten") from None
    public = str(identity.to_public())
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{identity}\n")
        file.flush()
        os.fsync(file.fileno())
    return public


def open_pack(
    home: Home, configuration: Configuration, recipients: PackRecipients, opening: Opening
) -> Manifest:
    """Write what a pack holds into a new folder, and return what it says of itself.

    Raises PackError, with nothing written but the refusal in the log, for a file that is not as the
    log says it was built, a key that is not listed or not this pack's, another purpose, a day after
    the reader's last or the pack's, a folder that is there, and somebody erased since.
    """
    if opening.by.strip() == "":
        raise PackError("--by: found nothing; expected who opens the pack")
    if opening.out.exists():
        raise PackError(f"-o {opening.out}: is there already; expected the name of a new folder")
    if not opening.out.absolute().parent.is_dir():
        raise PackError(f"-o {opening.out}: there is no folder {opening.out.absolute().parent}")
    identity = _read_identity(opening.identity)
    with _refusals_noted(home, opening):
        manifest, files, reader = _checked(home, recipients, opening, identity)
        _check_erasures(home, configuration, manifest)
    note(
        home, OPENED, pack=manifest.pack, district=manifest.district, purpose=opening.purpose,
        by=opening.by.strip(), reader=reader.name,
    )  # fmt: skip
    _write(opening.out, files)
    return manifest


def _checked(
    home: Home, recipients: PackRecipients, opening: Opening, identity: pyrage.x25519.Identity
) -> tuple[Manifest, dict[str, bytes], Recipient]:
    label, config = str(opening.file), recipients_file(home)
    public = str(identity.to_public())
    listed = {
        (slug, one.name): one
        for slug, people in recipients.districts.items()
        for one in people
        if one.key == public
    }
    if not listed:
        raise PackError(f"{opening.identity}: its public key is not listed in {config}")
    sealed = _read(opening.file)
    built = _as_built(home, sealed)
    # Before the log's word: a wrong key and a damaged file are told apart by the file itself.
    content = unseal(label, sealed, identity)
    if built is None:
        raise PackError(
            f"{label}: the access log knows no pack of these bytes; it was made elsewhere, and who"
            " made it cannot be told: ask for one that was built here"
        )
    manifest, files = unpack(label, content)
    reader = next((one for (slug, _), one in listed.items() if slug == manifest.district), None)
    if reader is None or reader.name not in [one.name for one in manifest.readers]:
        raise PackError(
            f"{opening.identity}: its public key is not listed for {manifest.district} in {config}"
        )
    if opening.today > reader.until:
        raise PackError(f"{reader.name} was listed until {reader.until} in {config}")
    if opening.purpose != manifest.purpose or opening.purpose not in reader.purposes:
        raise PackError(
            f"--purpose {opening.purpose}: the pack was built for {manifest.purpose}, and"
            f" {reader.name} may open packs for {', '.join(reader.purposes)}"
        )
    if opening.today > date.fromisoformat(manifest.delete_by):
        raise PackError(
            f"{label}: was to be deleted by {manifest.delete_by}; `lsi packs clear` removes it"
        )
    return manifest, files, reader


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackError(f"{path}: cannot be read ({error.strerror})") from None


def _read_identity(path: Path) -> pyrage.x25519.Identity:
    text = _read(path)[:_LONGEST_KEY_FILE].decode("utf-8", "replace")
    keys = [line.strip() for line in text.splitlines() if line.strip().startswith(_SECRET)]
    if len(keys) == 1:
        try:
            return pyrage.x25519.Identity.from_str(keys[0])
        except pyrage.IdentityError:
            pass
    raise PackError(
        f"{path}: holds no one age secret key; expected a file of `lsi packs keygen` or age-keygen"
    )


def _as_built(home: Home, sealed: bytes) -> Mapping[str, object] | None:
    found = hashlib.sha256(sealed).hexdigest()
    log = AccessLog.read(home).log
    return next((one for one in log.of(BUILT) if one["sha256"] == found), None)


def _check_erasures(home: Home, configuration: Configuration, manifest: Manifest) -> None:
    if is_outdated(Ledger.read(home), manifest.district_code, manifest.made_at):
        raise PackError(
            f"pack {manifest.pack}: somebody of {manifest.district_name} was erased since it was"
            " built, and may stand in it; build it anew, and `lsi packs clear` removes this one"
        )


def is_outdated(ledger: Ledger, district_code: str, made_at: str) -> bool:
    """Return whether somebody of a district was erased after a pack was made."""
    return any(
        event["district_code"] == district_code and event["recorded_at"] >= made_at
        for event in ledger.events("person_erased")
    )


@contextmanager
def _refusals_noted(home: Home, opening: Opening) -> Iterator[None]:
    """Note in the log that somebody was refused, without what a message may say of paths."""
    try:
        yield
    except PackError:
        note(
            home, REFUSED, file=opening.file.name, purpose=opening.purpose, by=opening.by.strip()
        )  # fmt: skip
        raise


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole or not at all, for its owner's eyes only."""
    beside = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        beside.mkdir(mode=0o700)
        for name, content in files.items():
            path = beside / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            reach("packs.opened_file_written")
        beside.rename(out)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
