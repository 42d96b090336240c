"""A month's files taken out of an inbox and put back, as if they came later."""

from __future__ import annotations

from pathlib import Path

from openlsi.home import Home


def take_out(home: Home, month: str, aside: Path) -> int:
    """Move the districts' files of a month, `yyyymm`, to a folder; return their bytes.

    Ends the program where there are none: a bench of nothing would say anything.
    """
    marks, taken = (month, f"{month[:4]}-{month[4:]}"), 0
    for path in sorted(home.inbox.glob("*/*")):
        if path.parent.name in ("official", "reference"):
            continue
        if any(mark in path.name for mark in marks):
            taken += path.stat().st_size
            target = aside / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    if not taken:
        raise SystemExit(f"{home.inbox}: no file of {month}")
    return taken


def put_back(home: Home, aside: Path) -> None:
    """Move what was taken out back to its folders."""
    for path in sorted(aside.glob("*/*")):
        path.rename(home.inbox / path.parent.name / path.name)
