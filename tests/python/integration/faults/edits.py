"""Every edit by the name that the table of faults has for it."""

from __future__ import annotations

from collections.abc import Callable

from faults import dialects, encodings, structures, values
from faults.edited import Edited

Edit = Callable[..., Edited]


def edit_named(name: str) -> Edit:
    """Return an edit; it takes a sample, its files, and what the table gives `with` it."""
    found: Edit = next(
        getattr(module, name)
        for module in (encodings, dialects, structures, values)
        if hasattr(module, name)
    )
    return found
