"""What goes wrong with a campaign."""

from __future__ import annotations

from openlsi.errors import LsiError


class CampaignError(LsiError):
    """A campaign cannot do what is asked of it, or a file of its outcomes is wrong."""
