"""The small county of these tests: every layout, fourteen months with an April in them."""

from __future__ import annotations

from pathlib import Path

from openlsi.synthesis.plan import Plan

SLUGS = (
    "ashford", "dartford", "folkestone-and-hythe", "gravesham", "swale", "tunbridge-wells"
)  # fmt: skip
PLAN = Plan(months=14, until="2024-11", sample=0.1, seed=20261031, scale=0.02)


def contents(root: Path) -> dict[str, bytes]:
    """Return every file under a folder by its relative name."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
