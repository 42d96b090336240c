"""Archives and workbooks as an attacker, or a careless export, would make them."""

from __future__ import annotations

import gzip
import io
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip of files by name, packed hard."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_link(name: str, target: str) -> bytes:
    """Return a zip with one symbolic link."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, target)
    return packed.getvalue()


def with_name(name: bytes) -> bytes:
    """Return a zip whose one member has this name, byte for byte."""
    stand_in = "n" * len(name)
    return zipped({stand_in: b"a,b\n"}).replace(stand_in.encode(), name)


def locked(content: bytes) -> bytes:
    """Return a zip that says its members need a password."""
    return _patched(content, {_CENTRAL: (8, b"\x01\x00"), _LOCAL: (6, b"\x01\x00")})


def understated(content: bytes, size: int) -> bytes:
    """Return a zip whose directory declares fewer bytes than come out."""
    declared = size.to_bytes(4, "little")
    return _patched(content, {_CENTRAL: (24, declared), _LOCAL: (22, declared)})


def _patched(content: bytes, at: dict[bytes, tuple[int, bytes]]) -> bytes:
    changed = bytearray(content)
    for mark, (offset, value) in at.items():
        for found in re.finditer(re.escape(mark), content):
            begin = found.start() + offset
            changed[begin : begin + len(value)] = value
    return bytes(changed)


def overlapping(content: bytes, times: int) -> bytes:
    """Return a zip whose directory lists its one member many times under other names."""
    directory = content.index(_CENTRAL)
    end = content.index(b"PK\x05\x06")
    entry = content[directory:end]
    name = entry[46 : 46 + int.from_bytes(entry[28:30], "little")]
    entries = b"".join(
        entry.replace(name, b"%0*d" % (len(name), number)) for number in range(times)
    )
    tail = bytearray(content[end:])
    tail[8:10] = tail[10:12] = times.to_bytes(2, "little")
    tail[12:16] = len(entries).to_bytes(4, "little")
    return content[:directory] + entries + bytes(tail)


def bomb(unpacked: int) -> bytes:
    """Return what packs best: so many noughts."""
    return b"0" * unpacked


def gzipped(content: bytes) -> bytes:
    """Return a gzip of the content."""
    return gzip.compress(content, 9, mtime=0)


def part_changed(part: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Return what rewrites one part of a workbook."""

    def rewrite(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        before = parts.get(part, b"")
        parts[part] = change(before)
        assert parts[part] != before
        path.write_bytes(zipped(parts))

    return rewrite
