"""What an assessment asks for, what it assumes and what it does not model."""

from __future__ import annotations

import csv
from pathlib import Path
from textwrap import fill

from pydantic import BaseModel

from openlsi.assess.households import BenefitUnit, Dwelling, Person
from openlsi.assess.rules import SEEDS

_PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("people, each", Person),
    ("benunits, each", BenefitUnit),
    ("household", Dwelling),
)
# Two made-up households: a lone parent who works, and a pensioner who claims nothing.
EXAMPLE = """{"cases": [
  {"id": "lone_parent_works",
   "people": [
     {"id": "a", "dob": "1992-06-15", "employment_income": 14500, "hours_worked": 1248},
     {"id": "c1", "dob": "2019-02-20", "childcare_expenses": 2400}],
   "benunits": [{"members": ["a", "c1"]}],
   "household": {"local_authority": "MAIDSTONE", "brma": "MAIDSTONE", "rent_per_week": 190,
     "tenure_type": "RENT_PRIVATELY", "council_tax_per_year": 1650}},
  {"id": "pensioner_alone",
   "people": [{"id": "a", "dob": "1948-08-10", "state_pension_reported": 8900,
     "aa_category": "LOWER"}],
   "benunits": [{"members": ["a"]}],
   "household": {"local_authority": "THANET", "tenure_type": "RENT_FROM_COUNCIL",
     "rent_per_week": 105, "council_tax_per_year": 1280, "savings": 12000}}
]}"""

_KINDS = {"not_modelled": "Not modelled", "assumed": "Assumed"}


def explanation(project: Path) -> str:
    """Return the fields of a file with their defaults, then what is assumed and not modelled."""
    lines = ["A household's fields; one that is absent takes its default."]
    for title, model in _PARTS:
        lines += ["", title]
        for name, field in model.model_fields.items():
            default = "needed" if field.is_required() else f"default {field.default}"
            lines.append(f"  {name}: {default}")
    with (project / SEEDS / "not_modelled.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for kind, title in _KINDS.items():
        lines += ["", title]
        for row in rows:
            if row["kind"] == kind:
                law = f" ({row['legal_basis']})" if row["legal_basis"] else ""
                topic = row["topic"].replace("_", " ")
                lines.append(
                    fill(f"{topic}: {row['statement']}{law}", 100, initial_indent="  ",
                         subsequent_indent="    ")
                )  # fmt: skip
    return "\n".join(lines)
