"""What a proposed layout leaves for a person to say; it loads nothing until that has been said."""

from __future__ import annotations

from openlsi.extract.layouts import Layout

DECIDE = "decide"


def undecided(layout: Layout) -> list[str]:
    """Return what still says `decide` in a layout, as `award.award_status: "P"`."""
    left = []
    for record, mapping in layout.records.items():
        for name, field in mapping.columns.items():
            if field.constant == DECIDE:
                left.append(f"{record}.{name}")
            codes = (field.codes or {}).items()
            left += [f'{record}.{name}: "{code}"' for code, means in codes if means == DECIDE]
            if field.booleans and DECIDE in [*field.booleans.is_true, *field.booleans.is_false]:
                left.append(f"{record}.{name}: yes or no")
    return left
