"""What an attack on the published tables found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """A published cell that is unsafe, or a hidden one that can be worked out."""

    table: str
    column: str
    key: str
    why: str


def shown_key(key: tuple[Any, ...]) -> str:
    """Return a row's key as it stands in a message."""
    return ", ".join(str(part) for part in key)
