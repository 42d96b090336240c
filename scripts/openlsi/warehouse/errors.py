"""What can go wrong between landing and a finished generation."""

from openlsi.errors import LsiError


class WarehouseError(LsiError):
    """The build stopped; the generation that readers open is the one from before."""
