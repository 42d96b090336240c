"""Accepted originals, sealed to the district's age key."""

from __future__ import annotations

from typing import Any

from openlsi.config import Configuration
from openlsi.home import Home


def seal_originals(
    home: Home, configuration: Configuration, accepted: list[dict[str, Any]]
) -> None:
    """Seal and remove from the inbox."""
