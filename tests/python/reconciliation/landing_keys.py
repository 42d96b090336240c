"""The key by which landing knows a reference that the truth ledger tells."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from openlsi.config import load_configuration
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, master_key


def keyed(home: Home, code: str, purpose: str, refs: Iterable[str]) -> dict[str, str]:
    """Return the landing key of each reference of one sender, by the reference."""
    sender = load_configuration(home).district(code)
    assert sender is not None
    key = DistrictKeys(master_key(home, True), code, sender.key_id).derive(f"hmac/{purpose}")
    return {ref: hmac.new(key, ref.encode(), hashlib.sha256).hexdigest()[:32] for ref in refs}
