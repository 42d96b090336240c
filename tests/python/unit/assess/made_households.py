"""Made-up households for the tests of assessment, and where the worked ones lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
FIXTURES = ROOT / "tests" / "python" / "fixtures" / "assess"


def single(**changes: Any) -> dict[str, Any]:
    """Return a household of one adult in Maidstone, rent 120 a week, with changes by part."""
    return {
        "id": changes.get("id", "one"),
        "people": [{"id": "a", "dob": "1985-06-15", **changes.get("person", {})}],
        "benunits": changes.get("benunits", [{"members": ["a"]}]),
        "household": {
            "brma": "MAIDSTONE",
            "local_authority": "MAIDSTONE",
            "tenure_type": "RENT_FROM_HA",
            "rent_per_week": 120,
            "council_tax_per_year": 1900,
            **changes.get("household", {}),
        },
    }
