"""Options of the drawing engine that a page writes itself, laid over those that a chart has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openlsi.report.components.props import Call, Prop

OPTION_PROPS = {"echartsOptions": Prop("object"), "seriesOptions": Prop("object")}


def with_own_options(call: Call, option: dict[str, Any]) -> dict[str, Any]:
    """Return an option with the page's echartsOptions over it, and seriesOptions over each series.

    Objects are merged key by key; a list is merged member by member, and an object over a list
    goes over each of its members, as over both axes of a chart that has two. Nothing moves, since
    a drawing is still.
    """
    own, of_series = call.props.get("echartsOptions"), call.props.get("seriesOptions")
    if own is None and of_series is None:
        return option
    checked(call, own or {})
    checked(call, of_series or {})
    found: dict[str, Any] = _over(option, own or {})
    if of_series:
        found["series"] = [_over(series, of_series) for series in found["series"]]
    return found | {"animation": False}


def _over(below: Any, above: Any) -> Any:
    if isinstance(below, list) and isinstance(above, list):
        merged = [_over(*pair) for pair in zip(below, above, strict=False)]
        return [*merged, *below[len(merged) :], *above[len(merged) :]]
    if isinstance(below, list) and isinstance(above, Mapping):
        return [_over(member, above) for member in below]
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        both = {key: _over(below[key], above[key]) for key in below.keys() & above.keys()}
        return {**below, **above, **both}
    return above


def checked(call: Call, option: Any) -> None:
    """Refuse what would fetch something, and the names that this project gives the engine."""
    if isinstance(option, Mapping):
        for key, inner in option.items():
            if str(key).startswith("$") or key == "image":
                raise call.error(f"{key!r} has no place in an option")
            checked(call, inner)
    elif isinstance(option, list):
        for inner in option:
            checked(call, inner)
    elif isinstance(option, str) and "://" in option:
        raise call.error(f"{option!r} is an address; a drawing fetches nothing")
