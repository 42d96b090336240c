"""Zip and gzip files: unpacked in memory within limits, or refused whole.

What an archive declares is checked before anything is unpacked, and what comes out is held to it:
never a byte more than declared is unpacked, so a small file cannot fill the memory.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from openlsi.extract.limits import FileLimits
from openlsi.extract.patterns import is_junk
from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError

_TAKEN = frozenset({".zip", ".gz"})
_NOT_TAKEN = frozenset(
    {".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst", ".cab", ".arj", ".lzh", ".z", ".iso"}
)
_LOCAL_HEADER, _END, _END_BYTES = b"PK\x03\x04", b"PK\x05\x06", 22
_MOST_COMMENT_BYTES = 65_535
# A directory entry of an archive is 46 bytes and a name; names of a thousand letters are an attack.
_MOST_ENTRY_BYTES = 1_000
# Below this a high ratio does no harm: a short file of zeros is no bomb.
_HARMLESS_BYTES = 10_000_000
_UNPACK = "unpack it and put the files here"


class UnreadableArchiveError(RefusedFileError):
    """The bytes are no archive, or not a whole one."""


def is_archive(path: Path) -> bool:
    """Return whether a name is that of an archive, of a kind that is taken or not."""
    return path.suffix.casefold() in _TAKEN | _NOT_TAKEN


def archive_of(path: Path) -> Path | None:
    """Return the archive that a file is inside of, None if it lies in a folder."""
    return next((parent for parent in path.parents if parent.is_file()), None)


def list_members(path: Path, label: str, limits: FileLimits) -> list[Path]:
    """Return a path for each file inside an archive: `october.zip/awards.csv`.

    Raises RefusedFileError if the archive is broken, encrypted, too large when unpacked, or holds
    an archive, a link, or a name that leads elsewhere.
    """
    if path.suffix.casefold() in _NOT_TAKEN:
        raise RefusedFileError(label, "an archive of this kind", "a .zip or .gz file", _UNPACK)
    try:
        if path.suffix.casefold() == ".gz":
            names = [path.stem]
        else:
            with path.open("rb") as file:
                names = [entry.filename for entry in _entries(file, label, limits)]
    except OSError as error:
        raise RefusedFileError(
            label, f"a file that cannot be read ({error.strerror})",
            "a file that this user may read", "set its permissions, or copy it here again",
        ) from None  # fmt: skip
    if any(is_archive(Path(name)) for name in names):
        raise RefusedFileError(
            label, "an archive inside an archive", "the files of a delivery", _UNPACK
        )
    members = [
        path / name
        for name in names
        if not any(is_junk(part) for part in PurePosixPath(name).parts)
    ]
    if not members:
        raise RefusedFileError(label, "an archive with no files", "a delivery's files", ASK_AGAIN)
    return members


def unpack_member(
    path: Path, content: bytes, archive: Path, label: str, limits: FileLimits
) -> bytes:
    """Return the bytes of one file inside an archive whose own bytes are `content`."""
    if archive.suffix.casefold() == ".gz":
        return _gunzipped(content, label, limits)
    name = path.relative_to(archive).as_posix()
    for entry in _entries(io.BytesIO(content), label, limits):
        if entry.filename == name:
            return _inflated(content, entry, label)
    raise RefusedFileError(label, "an archive that changed", "the files it held", ASK_AGAIN)


def unpack_all(content: bytes, label: str, limits: FileLimits) -> dict[str, bytes]:
    """Return every part of a zip-based document by name, all within limits."""
    entries = _entries(io.BytesIO(content), label, limits)
    return {entry.filename: _inflated(content, entry, label) for entry in entries}


def _entries(file: io.BufferedIOBase, label: str, limits: FileLimits) -> list[zipfile.ZipInfo]:
    """Return the files that a zip declares, once its directory has been found harmless."""
    _refuse_long_directory(file, label, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        raise _unreadable(label) from None
    if len(entries) > limits.most_members:
        raise _too_many(label, limits)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RefusedFileError(
            label, "an archive with a password", "one without", "unpack it with its password"
            " and put the files here",
        )  # fmt: skip
    for entry in entries:
        _refuse_leading_elsewhere(entry, label)
    names = [entry.filename.casefold() for entry in entries]
    packed = sum(entry.compress_size for entry in entries)
    methods = {entry.compress_type for entry in entries}
    # Entries that share bytes would unpack the same bytes many times.
    if len(set(names)) < len(names) or packed > file.seek(0, io.SEEK_END) or methods - {0, 8}:
        raise _unreadable(label)
    refuse_bomb(label, packed, sum(entry.file_size for entry in entries), limits)
    return entries


def _refuse_long_directory(file: io.BufferedIOBase, label: str, limits: FileLimits) -> None:
    """Refuse a directory of millions of entries before it is read into memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_BYTES - _MOST_COMMENT_BYTES))
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_BYTES:
        raise _unreadable(label)
    (directory,) = struct.unpack("<L", tail[end + 12 : end + 16])
    if directory > limits.most_members * _MOST_ENTRY_BYTES:
        raise _too_many(label, limits)


def refuse_bomb(label: str, packed: int, unpacked: int, limits: FileLimits) -> None:
    """Raise RefusedFileError if so many bytes out of so few are more than any extract has."""
    if unpacked > limits.most_unpacked_bytes:
        raise RefusedFileError(
            label, f"{unpacked:,} bytes when unpacked", f"at most {limits.most_unpacked_bytes:,}",
            "ask the sender for one month, or raise files.most_unpacked_bytes in limits.yml",
        )  # fmt: skip
    if unpacked > max(_HARMLESS_BYTES, packed * limits.most_ratio):
        raise RefusedFileError(
            label, f"{unpacked:,} bytes when unpacked, out of {packed:,}",
            f"at most {limits.most_ratio} times as many",
            "ask the sender what it is, or raise files.most_ratio in limits.yml",
        )  # fmt: skip


def _refuse_leading_elsewhere(entry: zipfile.ZipInfo, label: str) -> None:
    # The name as it stands in the archive: the module cuts it at a NUL and swaps its slashes.
    name = entry.orig_filename
    parts = PurePosixPath(name).parts
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    leads_out = name.startswith("/") or ".." in parts or set(name) & {"\\", ":", "\x00"}
    if is_link or leads_out or not name.isprintable():
        what = "a link" if is_link else "a file whose name leads elsewhere"
        raise RefusedFileError(
            label, f"{what} inside it", "plain files with plain names", ASK_AGAIN
        )


def _inflated(content: bytes, entry: zipfile.ZipInfo, label: str) -> bytes:
    """Return one entry's bytes: exactly as many, and with the checksum, as it declares."""
    start = entry.header_offset
    header = content[start : start + 30]
    if len(header) < 30 or not header.startswith(_LOCAL_HEADER):
        raise _unreadable(label)
    name, extra = struct.unpack("<HH", header[26:30])
    begin = start + 30 + name + extra
    packed = content[begin : begin + entry.compress_size]
    data = packed
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        try:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
        except zlib.error:
            raise _unreadable(label) from None
    if len(data) > entry.file_size:
        raise RefusedFileError(
            label, "more bytes when unpacked than it declares", "as many as it declares", ASK_AGAIN
        )
    if len(data) < entry.file_size or zlib.crc32(data) != entry.CRC:
        raise _unreadable(label)
    return data


def _gunzipped(content: bytes, label: str, limits: FileLimits) -> bytes:
    """Return the bytes of a gzip file, of one part or several; it declares no size to trust."""
    most = min(limits.most_unpacked_bytes, max(_HARMLESS_BYTES, len(content) * limits.most_ratio))
    parts: list[bytes] = []
    left, unpacked = content, 0
    while left.strip(b"\x00"):
        stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            parts.append(stream.decompress(left, most - unpacked + 1))
        except zlib.error:
            raise _unreadable(label) from None
        unpacked += len(parts[-1])
        refuse_bomb(label, len(content), unpacked, limits)
        if not stream.eof:
            raise _unreadable(label)
        left = stream.unused_data
    return b"".join(parts)


def _unreadable(label: str) -> UnreadableArchiveError:
    return UnreadableArchiveError(
        label, "no readable archive", "a .zip or .gz file that unpacks without errors",
        f"it was cut short or changed: {ASK_AGAIN}",
    )  # fmt: skip


def _too_many(label: str, limits: FileLimits) -> RefusedFileError:
    return RefusedFileError(
        label, f"an archive with more than {limits.most_members} files", "the files of a delivery",
        _UNPACK,
    )  # fmt: skip
