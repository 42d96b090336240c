"""Hold what linkage finds: months whose rows meet their household less than the month before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from openlsi.config import Configuration
from openlsi.extract.alone import alone
from openlsi.extract.chain import Ledger
from openlsi.extract.hold_limits import load_hold_limits
from openlsi.extract.holding import RELEASED, Standing
from openlsi.extract.keyed_chain import ledger_key
from openlsi.extract.ledger import in_force_entries
from openlsi.home import Home


def hold_fallen_match_rates(
    home: Home,
    configuration: Configuration,
    linked_before: frozenset[str],
    rates_of: Callable[[list[dict[str, Any]]], Mapping[str, Decimal]],
) -> list[dict[str, Any]]:
    """Hold the extracts new since the link set before that fell beyond their limit; return events.

    `linked_before` are the extracts of that link set; `rates_of` tells of extracts which share of
    their rows meets another feed. What somebody has released is not judged again.
    """
    with alone(home):
        ledger = Ledger.read(home)
        released = {event["extract_id"] for event in ledger.events(RELEASED)}
        in_force = in_force_entries(ledger)
        arrived = [
            entry for entry in in_force if entry["extract_id"] not in linked_before | released
        ]
        if not arrived:
            return []
        slots = {(entry["feed"], entry["district_code"]) for entry in arrived}
        told = [one for one in in_force if (one["feed"], one["district_code"]) in slots]
        standing = Standing.of(ledger, load_hold_limits(home), configuration)
        held = standing.judge_match_rates(arrived, rates_of(told))
        if held:
            ledger.keyed_with(ledger_key(home, configuration)).append(held)
    return held
