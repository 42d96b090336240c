"""What the user of `lsi assess` can put right."""

from __future__ import annotations

from openlsi.errors import LsiError


class AssessError(LsiError):
    """A file, a year or a household that cannot be assessed."""
