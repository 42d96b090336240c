"""Keyed hashes of the ledger: by them a line and the ledger's end are known to be the loader's own.

The chain shows what was changed in between, to whoever can compute a hash; that somebody without
the master key wrote a line, or cut lines off and wrote the head anew, only a keyed hash shows. An
older copy of both files, put back together, is whole: against that, keep copies elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from openlsi.config import Configuration
from openlsi.home import Home
from openlsi.identity.keys import master_key

FIELD = "keyed_hash"
PURPOSE = "ledger"


def ledger_key(home: Home, configuration: Configuration) -> bytes:
    """Return the key that this county's ledger is written with; raises KeyFileError."""
    return master_key(home, configuration.is_demo).derive(PURPOSE)


def line_hash(key: bytes, entry: Mapping[str, Any]) -> str:
    """Return the keyed hash of a line; its plain hash covers its content and the line before."""
    return _keyed(key, f"line|{entry['hash']}")


def head_hash(key: bytes, count: int, last: str) -> str:
    """Return the keyed hash of the head: how many lines there are and the hash of the last."""
    return _keyed(key, f"head|{count}|{last}")


def _keyed(key: bytes, message: str) -> str:
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


def is_of(key: bytes, entry: Mapping[str, Any]) -> bool:
    """Return whether a line's keyed hash was made with this key."""
    return hmac.compare_digest(str(entry.get(FIELD)), line_hash(key, entry))


def first_keyed(entries: Sequence[Mapping[str, Any] | None]) -> int:
    """Return the place of the first keyed line, or how many there are where none is.

    A ledger begun before it was keyed has plain lines up to there; the first keyed one follows
    them in the chain, so that they cannot be changed any more either.
    """
    return next((at for at, one in enumerate(entries) if one and FIELD in one), len(entries))
