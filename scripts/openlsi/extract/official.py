"""Official workbooks of the inbox, into the same landing and ledger as districts' extracts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openlsi.extract.chain import Ledger
from openlsi.extract.session import Outcome
from openlsi.home import Home


def load_official(
    home: Home, paths: list[Path], ledger: Ledger, why: str | None
) -> Iterator[Outcome]:
    """Load each workbook that is new."""
    yield from ()
