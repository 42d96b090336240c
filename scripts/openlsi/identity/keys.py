"""The master key, and the keys derived from it for each district, purpose and key id.

The master key is one file outside the repository. Nothing derived from it is ever written down.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openlsi.errors import LsiError
from openlsi.home import Home

_MARK = "openlsi-master-key"
_BLOCK = 64  # SHA-256 works on blocks of 64 bytes; HMAC pads its key to one block (RFC 2104)


class KeyFileError(LsiError):
    """The master key file is missing, unreadable, or must not be used for this county."""


@dataclass(frozen=True)
class MasterKey:
    """The one secret of a county. `is_demo` keys are worthless and marked as such."""

    secret: bytes
    is_demo: bool

    def __repr__(self) -> str:
        return f"MasterKey(is_demo={self.is_demo})"

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose of the whole county, such as the ledger's chain."""
        hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"openlsi/1/{purpose}".encode())
        return hkdf.derive(self.secret)


@dataclass(frozen=True)
class DistrictKeys:
    """What one district's vault and keyed hashes are made with."""

    master: MasterKey
    district_code: str
    key_id: str

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose; equal people in two districts get unequal keys."""
        return self.master.derive(f"{self.district_code}/{self.key_id}/{purpose}")

    def check_value(self) -> str:
        """Return 16 hex digits that tell this key from another and nothing else about it."""
        return self.derive("check-value").hex()[:16]

    def pads(self, purpose: str) -> tuple[bytes, bytes]:
        """Return the inner and outer pad of HMAC-SHA256 for one purpose (RFC 2104).

        A purpose `link:<sharing>:<kind>` is a linking key: the same for every sender, so that
        those whom a named gateway lets share can meet on it, and nobody else can.
        """
        if purpose.startswith("link:"):
            return hmac_pads(self.master.derive(purpose.replace(":", "/")))
        return hmac_pads(self.derive(f"hmac/{purpose}"))

    def tombstone_pads(self) -> tuple[bytes, bytes]:
        """Return the pads of the marks of erased people: the same whatever the key id."""
        return hmac_pads(self.master.derive(f"{self.district_code}/tombstone"))


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return a key of at most 64 bytes as the inner and outer pad of HMAC-SHA256."""
    if len(key) > _BLOCK:
        raise ValueError("hash a key longer than one block first (RFC 2104 section 2)")
    padded = key.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)


def create_master_key(path: Path, is_demo: bool = False) -> None:
    """Write a new master key that only its owner can read. Never overwrites one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kind = "demo" if is_demo else "real"
    text = f"{_MARK}:1:{kind}:{base64.b64encode(secrets.token_bytes(32)).decode()}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(
            f"{path}: there is a file already; a master key is never overwritten"
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_master_key(path: Path) -> MasterKey:
    """Return the master key of a file, or say what is wrong with the file."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise KeyFileError(f"{path}: no master key file; make one with `lsi keys create`") from None
    except UnicodeDecodeError:
        text = ""
    mark, version, kind, encoded = (text.split(":") + [""] * 4)[:4]
    if (mark, version) != (_MARK, "1") or kind not in ("demo", "real"):
        raise KeyFileError(f"{path}: not a master key file; make one with `lsi keys create`")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise KeyFileError(f"{path}: the master key is damaged; restore it from your safe copy")
    return MasterKey(secret, kind == "demo")


def master_key(home: Home, is_demo: bool, *, may_make: bool = True) -> MasterKey:
    """Return the county's master key: the file LSI_MASTER_KEY_FILE names, else the demo's own.

    A demo makes its own key under LSI_HOME, if it `may_make` one. A real county must name a file
    outside LSI_HOME, so that a copy of the data is not also a copy of the key; a demo key is
    refused for it. Raises KeyFileError where there is none that may be used.
    """
    named = os.environ.get("LSI_MASTER_KEY_FILE")
    if named:
        key = read_master_key(Path(named))
    elif is_demo:
        path = home.root / "keys" / "master.key"
        if may_make and not path.exists():
            create_master_key(path, is_demo=True)
        key = read_master_key(path)
    else:
        raise KeyFileError(
            "LSI_MASTER_KEY_FILE is not set; make a key outside LSI_HOME with"
            " `lsi keys create PATH` and set LSI_MASTER_KEY_FILE to it"
        )
    if not is_demo:
        _refuse_for_real_county(key, Path(named or ""), home)
    return key


def _refuse_for_real_county(key: MasterKey, path: Path, home: Home) -> None:
    if key.is_demo:
        raise KeyFileError(
            f"{path}: a demo key, but districts.yml says is_demo: false; make a real one with"
            " `lsi keys create PATH`"
        )
    if path.resolve().is_relative_to(home.root.resolve()):
        raise KeyFileError(
            f"{path}: the key lies inside LSI_HOME, so a copy of the data would hold it; move it"
        )
