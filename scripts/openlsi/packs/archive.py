"""A pack as one sealed file: a zip in memory, sealed by age to its readers' keys."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyrage

from openlsi.packs.errors import PackError
from openlsi.packs.manifest import Manifest

MANIFEST = "manifest.json"
# Nothing that could lead out of the folder, or be run by a double click.
_NAME = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)?\.(html|css|js|csv|xlsx)")
# The clock of a file inside says nothing that the manifest does not.
_DAY = (1980, 1, 1, 0, 0, 0)
# Pages are alike: beyond this level a pack takes longer and is no smaller.
_LEVEL = 6


def pack(manifest: Manifest, contents: Iterable[tuple[str, bytes]]) -> tuple[Manifest, bytes]:
    """Return the manifest with a hash of each file, and the zip of all; nothing is on disk."""
    out, hashes = io.BytesIO(), {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, content in contents:
            hashes[name] = hashlib.sha256(content).hexdigest()
            _write(archive, name, content)
        whole = replace(manifest, files=hashes)
        text = json.dumps(whole.content, indent=1, sort_keys=True, ensure_ascii=True)
        _write(archive, MANIFEST, text.encode())
    return whole, out.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.external_attr = 0o600 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def seal(content: bytes, keys: Sequence[str]) -> bytes:
    """Return a zip sealed to age public keys."""
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key) for key in keys]))


def unseal(label: str, sealed: bytes, identity: pyrage.x25519.Identity) -> bytes:
    """Return what a sealed file holds; raises PackError where this key does not open it."""
    try:
        return bytes(pyrage.decrypt(sealed, [identity]))
    except pyrage.DecryptError as error:
        if "matching" in str(error):
            raise PackError(
                f"{label}: is not sealed to this key; expected the key of one of its recipients"
            ) from None
        raise PackError(
            f"{label}: cannot be opened: it is cut short, was changed since it was sealed, or is no"
            " pack; fetch it again"
        ) from None


def unpack(label: str, content: bytes) -> tuple[Manifest, dict[str, bytes]]:
    """Return the manifest of a zip and its files by name.

    Raises PackError for a zip that is none, a file that its manifest does not name or whose hash is
    another, one that the manifest names and is not there, and a name that leads out of the folder.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = Manifest.of(json.loads(files.pop(MANIFEST)))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError):
        raise PackError(f"{label}: what is sealed in it is no pack") from None
    hashes = {name: hashlib.sha256(one).hexdigest() for name, one in files.items()}
    if hashes != manifest.files or not all(map(_NAME.fullmatch, files)):
        raise PackError(f"{label}: its files are not those that its manifest names")
    return manifest, files
