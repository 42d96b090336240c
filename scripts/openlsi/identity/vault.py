"""A district's vault: encrypted, append-only segments, one an extract that brought anything new.

A segment holds Arrow tables: the identities an extract brought (identifiers beside their keys)
and the raw text of rows that were quarantined. It counts only if the ledger names its extract.
"""

from __future__ import annotations

import io
import json
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openlsi.errors import LsiError
from openlsi.identity.keys import DistrictKeys

_MAGIC = b"LSIVAULT1\n"
_NONCE = 12


class VaultError(LsiError):
    """A segment of the vault cannot be opened: wrong key, or changed since it was written."""


@dataclass(frozen=True)
class Vault:
    """The vault of one district. `folder` is vault/<slug>."""

    folder: Path
    keys: DistrictKeys

    @property
    def segments(self) -> Path:
        """The folder of encrypted segments."""
        return self.folder / "segments"

    def segment_path(self, extract_id: str) -> Path:
        """Return where the segment of one extract lies."""
        return self.segments / f"{extract_id}.seg"

    def seal(self, extract_id: str, tables: dict[str, pa.Table]) -> bytes:
        """Return the tables as one encrypted segment bound to the extract's id."""
        nonce = os.urandom(_NONCE)
        cipher = AESGCM(self.keys.derive("vault"))
        return _MAGIC + nonce + cipher.encrypt(nonce, _packed(tables), self._binding(extract_id))

    def open(self, extract_id: str) -> dict[str, pa.Table]:
        """Return the tables of one segment; empty if the extract brought nothing new."""
        path = self.segment_path(extract_id)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return {}
        start = len(_MAGIC) + _NONCE
        try:
            if not content.startswith(_MAGIC):
                raise InvalidTag
            cipher = AESGCM(self.keys.derive("vault"))
            nonce = content[len(_MAGIC) : start]
            packed = cipher.decrypt(nonce, content[start:], self._binding(extract_id))
        except InvalidTag:
            raise VaultError(
                f"{path}: cannot be opened: it was changed, or the master key is not the one it"
                " was written with; restore the file or set LSI_MASTER_KEY_FILE"
            ) from None
        return _unpacked(packed)

    def open_all(self, extract_ids: Iterable[str]) -> dict[str, list[pa.Table]]:
        """Return the tables of many segments, by table name."""
        found: dict[str, list[pa.Table]] = {}
        for extract_id in extract_ids:
            for name, table in self.open(extract_id).items():
                found.setdefault(name, []).append(table)
        return found

    def _binding(self, extract_id: str) -> bytes:
        # A segment moved to another district, or renamed to another extract, must not open.
        return f"{self.keys.district_code}/{self.keys.key_id}/{extract_id}".encode()


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
