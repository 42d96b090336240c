"""The order of the files: with two workers, what takes minutes must not be begun last.

And one place for dbt's parses: the homes of a run are of one project.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

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


@pytest.fixture(scope="session", autouse=True)
def shared_parses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have every home of the run, and every worker, take the parse that the first one made."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_PARSES", str(run / "parses"))
        yield


def _place(item: pytest.Item) -> int:
    if item.path.stem in LONGEST_FIRST:
        return LONGEST_FIRST.index(item.path.stem)
    return len(LONGEST_FIRST) + ("integration" not in item.path.parts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the order within a file stays."""
    items.sort(key=_place)
