"""What goes wrong between a finished build and a BI tool's database."""

from openlsi.errors import LsiError


class PublishError(LsiError):
    """Nothing was published; what readers open is as it was."""
