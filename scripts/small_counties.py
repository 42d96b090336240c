"""What a county of a few hundred made-up households needs to be built again and again."""

from __future__ import annotations

from openlsi.config.county import default_file
from openlsi.home import Home

_HELD, _RECORDED = "conflicts: hold", "conflicts: record"


def let_editions_out(home: Home) -> None:
    """Have editions that conflict with earlier ones recorded and not held.

    Where nearly every count is small, nearly every month's edition conflicts with the last.
    """
    limits = default_file("limits.yml").read_text(encoding="utf-8")
    if _HELD not in limits:
        raise SystemExit(f"limits.yml does not say {_HELD!r}")
    folder = home.root / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "limits.yml").write_text(limits.replace(_HELD, _RECORDED), encoding="utf-8")
