"""Accepted originals: compressed, sealed to the district's age key, taken out of the inbox.

The county holds only the public half (`original_recipient` in districts.yml), so nobody but the
district can open them: `age --decrypt --identity KEY FILE.age | tar xz`.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyrage

from openlsi.config import District
from openlsi.extract.delivery import place_of
from openlsi.extract.landing import write_whole
from openlsi.extract.refusals import ExtractError, RefusedFileError
from openlsi.home import Home


@dataclass(frozen=True)
class Original:
    """One file of the inbox as it was when its bytes were read."""

    path: Path
    content: bytes
    mark: tuple[int, int, int]

    @classmethod
    def read(cls, path: Path, inbox: Path) -> Original:
        """Read a file of the inbox, with the mark that tells whether it was replaced later.

        Raises RefusedFileError where it may not be read, or has gone since it was listed.
        """
        try:
            mark = _mark(path)
            return cls(path, path.read_bytes(), mark)
        except OSError as error:
            raise RefusedFileError(
                place_of(path, inbox), f"a file that cannot be read ({error.strerror})",
                "a file that this user may read", "set its permissions, or copy it here again",
            ) from None  # fmt: skip


def check_recipients(districts: Iterable[District]) -> None:
    """Raise ExtractError unless each district has an age public key to seal its originals to."""
    for district in districts:
        where = f"districts.yml: {district.name}"
        if district.original_recipient is None:
            raise ExtractError(
                f"{where} has no original_recipient, but limits.yml says originals: seal; add its"
                " age public key (age1…), or set originals: keep"
            )
        try:
            pyrage.x25519.Recipient.from_str(district.original_recipient)
        except pyrage.RecipientError:
            # Not quoted: somebody may have put the secret half there.
            raise ExtractError(
                f"{where}: original_recipient is not an age public key; expected the line that"
                " begins age1, as age-keygen prints it: correct it"
            ) from None


def sealed_path(home: Home, slug: str, extract_id: str) -> Path:
    """Return where the originals of one extract lie."""
    return home.vault / slug / "originals" / f"{extract_id}.age"


def seal_originals(path: Path, originals: Mapping[str, bytes], recipient: str) -> None:
    """Write files by name as one sealed archive, on disk whole when this returns."""
    packed = io.BytesIO()
    # Level 1: an extract shrinks to an eighth with it, and to a tenth with ten times the work.
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        for name, content in originals.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
    to = [pyrage.x25519.Recipient.from_str(recipient)]
    write_whole(path, pyrage.encrypt(packed.getvalue(), to))


def take_out(originals: Iterable[tuple[Path, tuple[int, int, int]]]) -> int:
    """Remove sealed and committed files from the inbox; return how many.

    A file that was replaced since its bytes were read stays for the next load.
    """
    removed = 0
    for path, mark in originals:
        if path.exists() and _mark(path) == mark:
            path.unlink()
            removed += 1
    return removed


def _mark(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
