"""What a campaign's filter may ask of a household: the columns of one mart, as its YAML says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

MART = "fct_household_position"
# Words that lead to a household, not about it, and markers, which exclude and never target.
_NOT_ASKED = {"household_key", "build_id", "month"}
MARKERS = {
    "deceased": "is_deceased",
    "breathing_space": "is_in_breathing_space",
    "insolvency": "is_insolvent",
    "sensitive_address": "has_sensitive_address",
    "contact_opt_out": "has_opted_out_of_contact",
    "anonymous_elector": "is_anonymous_elector",
}

Kind = Literal["truth", "number", "text"]


@dataclass(frozen=True)
class Field:
    """One column that a filter may name, and what it says."""

    name: str
    kind: Kind
    description: str


def campaign_fields(project: Path) -> dict[str, Field]:
    """Return the fields of the dbt project's mart by name, in its order."""
    path = project / "models" / "marts" / "campaigns" / f"{MART}.yml"
    (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    left_out = _NOT_ASKED | set(MARKERS.values())
    return {
        column["name"]: Field(
            column["name"], _kind(column["data_type"]), " ".join(column["description"].split())
        )
        for column in model["columns"]
        if column["name"] not in left_out
    }


def _kind(data_type: str) -> Kind:
    if data_type == "boolean":
        return "truth"
    return "number" if data_type.startswith(("decimal", "integer", "bigint")) else "text"


def gap_fields(fields: Mapping[str, Field]) -> list[str]:
    """Return the fields that are pounds a week which a household misses."""
    return [name for name in fields if name.endswith("_gap_weekly_gbp")]
