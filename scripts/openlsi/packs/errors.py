"""The error of this area."""

from openlsi.errors import LsiError


class PackError(LsiError):
    """A pack cannot be built or opened; nothing of it was written."""
