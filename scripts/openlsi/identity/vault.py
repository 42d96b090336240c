"""A district's vault: encrypted, append-only segments, one an extract that brought anything new.

A segment holds Arrow tables: the identities an extract brought (identifiers beside their keys)
and the raw text of rows that were quarantined. It counts only if the ledger names it. Its header
says in the clear which key id it was sealed with, so that a vault may hold several.
"""

from __future__ import annotations

import io
import json
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openlsi.errors import LsiError
from openlsi.identity.keys import DistrictKeys

_MAGIC = b"LSIVAULT2\n"
_NONCE = 12
_LONGEST_KEY_ID = 255


class VaultError(LsiError):
    """A segment of the vault cannot be opened: wrong key, or changed since it was written."""


@dataclass(frozen=True)
class Vault:
    """The vault of one district. `folder` is vault/<slug>.

    A segment's name is its extract's id, with its revision where it was rewritten. New segments
    are sealed with `keys`; older ones open with the key id that they name.
    """

    folder: Path
    keys: DistrictKeys

    @property
    def segments(self) -> Path:
        """The folder of encrypted segments."""
        return self.folder / "segments"

    def segment_path(self, name: str) -> Path:
        """Return where one segment lies."""
        return self.segments / f"{name}.seg"

    def seal(self, name: str, tables: dict[str, pa.Table]) -> bytes:
        """Return the tables as one encrypted segment that opens under this name only."""
        nonce, key_id = os.urandom(_NONCE), self.keys.key_id.encode()
        if len(key_id) > _LONGEST_KEY_ID:
            raise VaultError(f"key id of {len(key_id)} bytes; expected at most {_LONGEST_KEY_ID}")
        cipher = AESGCM(self.keys.derive("vault"))
        sealed = cipher.encrypt(nonce, _packed(tables), _binding(self.keys, name))
        return b"".join([_MAGIC, bytes([len(key_id)]), key_id, nonce, sealed])

    def open(self, name: str) -> dict[str, pa.Table]:
        """Return the tables of one segment; empty if the extract brought nothing new."""
        path = self.segment_path(name)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            keys, start = self._keys_of(content)
            nonce, sealed = content[start : start + _NONCE], content[start + _NONCE :]
            packed = AESGCM(keys.derive("vault")).decrypt(nonce, sealed, _binding(keys, name))
        except (InvalidTag, ValueError):
            raise VaultError(
                f"{path}: cannot be opened: it was changed, or the master key is not the one it"
                " was written with; restore the file or set LSI_MASTER_KEY_FILE"
            ) from None
        return _unpacked(packed)

    def open_known(self, name: str, table: str) -> pa.Table:
        """Return a table of a segment that must be there; raises VaultError if it is not."""
        tables = self.open(name)
        if table not in tables:
            raise VaultError(f"{self.segment_path(name)}: lost; restore it from a safe copy")
        return tables[table]

    def open_all(self, names: Iterable[str]) -> dict[str, list[pa.Table]]:
        """Return the tables of many segments, by table name."""
        found: dict[str, list[pa.Table]] = {}
        for segment in names:
            for name, table in self.open(segment).items():
                found.setdefault(name, []).append(table)
        return found

    def _keys_of(self, content: bytes) -> tuple[DistrictKeys, int]:
        """Return the keys that a segment names in its header, and where the header ends."""
        start = len(_MAGIC) + 1
        if not content.startswith(_MAGIC) or len(content) < start:
            raise InvalidTag
        end = start + content[start - 1]
        return replace(self.keys, key_id=content[start:end].decode()), end


def _binding(keys: DistrictKeys, name: str) -> bytes:
    # A segment moved to another district, renamed to another extract, or put back in the place of
    # a later revision, must not open; nor one whose header names another key id.
    return f"{keys.district_code}/{keys.key_id}/{name}".encode()


def _packed(tables: dict[str, pa.Table]) -> bytes:
    parts, sizes = [], []
    for name, table in tables.items():
        sink = io.BytesIO()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
            writer.write_table(table)
        parts.append(sink.getvalue())
        sizes.append([name, len(parts[-1])])
    contents = json.dumps(sizes).encode()
    return b"".join([struct.pack("<I", len(contents)), contents, *parts])


def _unpacked(packed: bytes) -> dict[str, pa.Table]:
    (length,) = struct.unpack_from("<I", packed)
    position = 4 + length
    tables = {}
    for name, size in json.loads(packed[4:position]):
        tables[name] = pa.ipc.open_stream(packed[position : position + size]).read_all()
        position += size
    return tables
