"""What the user of `lsi scheme model` can put right."""

from __future__ import annotations

from openlsi.errors import LsiError


class ProposalError(LsiError):
    """A proposal, an alternative or a caseload that cannot be modelled."""
