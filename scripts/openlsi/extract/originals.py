"""Accepted originals: compressed, sealed to the district's age key, taken out of the inbox.

The county holds only the public half (`original_recipient` in districts.yml), so nobody but the
district can open them: `age --decrypt --identity KEY FILE.age | tar xz`.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyrage

from openlsi.config import District
from openlsi.extract.archives import archive_of, is_archive, list_members, unpack_member
from openlsi.extract.delivery import place_of
from openlsi.extract.landing import write_whole
from openlsi.extract.limits import FileLimits
from openlsi.extract.refusals import ExtractError, RefusedFileError
from openlsi.home import Home

_LINE_END = b"\n"


@dataclass(frozen=True)
class Original:
    """One file of the inbox as it was when its bytes were read."""

    path: Path
    content: bytes
    mark: tuple[int, int, int]

    @classmethod
    def read(cls, path: Path, inbox: Path, limits: FileLimits) -> Original:
        """Read a file of the inbox, with the mark that tells whether it was replaced later.

        A file inside an archive is unpacked; the mark is then the archive's. Raises
        RefusedFileError where it may not be read, has gone since it was listed, is still being
        written, or is larger than the limits allow.
        """
        archive = archive_of(path)
        outer = archive or path
        label = place_of(path, inbox)
        try:
            mark = _mark(outer)
            _refuse_large(label, mark[1], limits)
            content = outer.read_bytes()
            now = _mark(outer)
        except OSError as error:
            raise RefusedFileError(
                label, f"a file that cannot be read ({error.strerror})",
                "a file that this user may read", "set its permissions, or copy it here again",
            ) from None  # fmt: skip
        if now != mark or len(content) != mark[1]:
            raise RefusedFileError(
                label, "a file that is still being written", "a file that is whole",
                "wait until it has been copied, and run `lsi load` again",
            )  # fmt: skip
        if archive is not None:
            content = unpack_member(path, content, archive, label, limits)
        if content.count(_LINE_END) > limits.most_lines:
            raise RefusedFileError(
                label, f"{content.count(_LINE_END):,} lines", f"at most {limits.most_lines:,}",
                "ask the sender for one month, or raise files.most_lines in limits.yml",
            )  # fmt: skip
        return cls(path, content, mark)


def _refuse_large(label: str, size: int, limits: FileLimits) -> None:
    if size > limits.most_bytes:
        raise RefusedFileError(
            label, f"{size:,} bytes", f"at most {limits.most_bytes:,}",
            "ask the sender for one month, or raise files.most_bytes in limits.yml",
        )  # fmt: skip


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


def loaded_copies(folder: Path, hashes: Collection[str], limits: FileLimits) -> list[Path]:
    """Return the files of a district's inbox whose bytes are among these hashes.

    An archive is one of them if any of its files is.
    """
    found: dict[Path, None] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            inside = list_members(path, path.name, limits) if is_archive(path) else [path]
            contents = (Original.read(one, folder, limits).content for one in inside)
            if any(hashlib.sha256(content).hexdigest() in hashes for content in contents):
                found[path] = None
        except RefusedFileError:
            continue  # what cannot be read was never loaded
    return list(found)


def take_out_archives(sealed: Iterable[Path], limits: FileLimits) -> int:
    """Remove each archive of the inbox all of whose files are sealed; return how many."""
    members: dict[Path, set[Path]] = {}
    for path in sealed:
        archive = archive_of(path)
        if archive is not None:
            members.setdefault(archive, set()).add(path)
    removed = 0
    for archive, found in members.items():
        if found >= set(list_members(archive, archive.name, limits)):
            archive.unlink()
            removed += 1
    return removed


def take_out(originals: Iterable[tuple[Path, tuple[int, int, int]]]) -> int:
    """Remove sealed and committed files from the inbox; return how many.

    A file that was replaced since its bytes were read stays for the next load; one inside an
    archive stays with it.
    """
    removed = 0
    for path, mark in originals:
        if path.is_file() and _mark(path) == mark:
            path.unlink()
            removed += 1
    return removed


def _mark(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
