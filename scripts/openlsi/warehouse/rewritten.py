"""When anything that builds are made of was last rewritten or let go: extracts, or cohorts."""

from __future__ import annotations

from datetime import datetime

from openlsi.campaigns.register import Register
from openlsi.extract.ledger import landed_anew
from openlsi.home import Home


def rewritten_at(home: Home) -> datetime | None:
    """Return when landing or a campaign's cohort was last rewritten or let go (UTC), if ever."""
    times = [at for at in (landed_anew(home), Register.read(home).taken_out_at()) if at]
    return max(times, default=None)
