"""The order of the files: with two workers, what takes minutes must not be begun last."""

from __future__ import annotations

import pytest

# By what they take; what is not named follows, files that build a warehouse first.
LONGEST_FIRST = (
    "test_torture",
    "test_two_clocks",
    "test_load_killed",
    "test_sqlmesh_parity",
    "test_build_refuses_damage",
    "test_reconciliation_from_truth",
    "test_no_identifier_leaves_the_vault",
    "test_another_county",
    "test_custody_built",
    "test_build_generations",
)


def _place(item: pytest.Item) -> int:
    if item.path.stem in LONGEST_FIRST:
        return LONGEST_FIRST.index(item.path.stem)
    return len(LONGEST_FIRST) + ("integration" not in item.path.parts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the order within a file stays."""
    items.sort(key=_place)
