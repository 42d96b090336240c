"""A home with a build that holds nothing but made-up positions of households."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from openlsi.campaigns.definition import Campaign, read_campaign
from openlsi.campaigns.fields import Field, campaign_fields
from openlsi.config import Configuration, load_configuration
from openlsi.home import Home

ROOT = Path(__file__).resolve().parents[4]
ASHFORD, DOVER = "E07000105", "E07000108"
TODAY = date(2026, 11, 20)
CAMPAIGN: dict[str, Any] = {
    "campaign": "made_up",
    "name": "Made up",
    "purpose": "Try it",
    "gateway": "Made-up Act 2026 s1",
    "owner": "Made-up lead",
    "benefit": "pc",
    "target": {"all": [{"field": "pension_credit_gap_weekly_gbp", "over": 5}]},
    "expected": "pension_credit_gap_weekly_gbp",
    "channel": "letter",
    "holdout_pct": 20,
    "starts": "2026-12-01",
    "ends": "2027-03-31",
    "cost_gbp": 100,
    "pounds": ["annualised"],
}


@dataclass(frozen=True)
class Made:
    """A home, and what commands read beside it."""

    home: Home
    fields: dict[str, Field]
    configuration: Configuration

    @property
    def secure(self) -> Path:
        return self.home.current / "secure.duckdb"

    def campaign(self, **changed: Any) -> Campaign:
        """Write a campaign's file with some words changed, and read it."""
        told = {name: one for name, one in (CAMPAIGN | changed).items() if one is not None}
        path = self.home.config / "campaigns" / f"{told['campaign']}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(told, sort_keys=False), "utf-8")
        return read_campaign(path, self.fields, self.configuration)


def made(root: Path, *households: dict[str, Any]) -> Made:
    """Return a home whose current build has these households; what is not told is false or 0."""
    home = Home(root)
    folder = home.generations / "b1"
    folder.mkdir(parents=True)
    home.current.symlink_to(folder)
    (model,) = yaml.safe_load(
        (ROOT / "models/marts/campaigns/fct_household_position.yml").read_text("utf-8")
    )["models"]
    columns = {column["name"]: column["data_type"] for column in model["columns"]}
    with duckdb.connect(str(home.current / "secure.duckdb")) as con:
        con.execute("create schema marts")
        listed = ", ".join(
            f"{name} {'varchar' if kind == 'string' else kind}" for name, kind in columns.items()
        )
        con.execute(f"create table marts.fct_household_position ({listed})")
        for number, told in enumerate(households):
            row = {name: _default(kind) for name, kind in columns.items()}
            row |= {"household_key": f"h{number}", "district_code": ASHFORD, "age_group": "pension"}
            row |= {"month": date(2026, 10, 1), "living_standards_class": "coping", **told}
            marks = ", ".join("?" for _ in row)
            con.execute(
                f"insert into marts.fct_household_position values ({marks})", list(row.values())
            )
    return Made(home, campaign_fields(ROOT), load_configuration(home))


def _default(kind: str) -> Any:
    if kind == "boolean":
        return False
    return None if kind in ("string", "date") else 0


def made_links(folder: Path, units: dict[str, str], known_as: dict[str, str] | None = None) -> Path:
    """Write a link set: claim → household, and other keys that a household is known by."""
    folder.mkdir(parents=True, exist_ok=True)
    unit = {"source_key": list(units), "household_key": list(units.values())}
    former = known_as or {}
    known = {"known_as_key": list(former), "household_key": list(former.values())}
    for name, told in (("benefit_unit", unit), ("known_as", known)):
        columns = {column: pa.array(values, pa.string()) for column, values in told.items()}
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder
