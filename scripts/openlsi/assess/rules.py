"""The warehouse's entitlement models, run on input relations that somebody else has laid out.

The SQL is the dbt project's own, rendered with the macros that it names; a test holds the rendered
text against dbt's. Nothing else of dbt is needed, so the first answer comes within a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import duckdb
from jinja2 import Environment, StrictUndefined

MODELS = Path("models/intermediate/entitlements")
SEEDS = Path("seeds/rules/entitlements")
BAND_RATIOS = Path("seeds/rules/council_tax/band_ratios.csv")
# Relations that the caller lays out; the warehouse makes them from its facts.
INPUTS = (
    "int_entitlement_periods",
    "int_entitlement_units",
    "int_entitlement_people",
    "int_entitlement_dwellings",
    "int_entitlement_incomes",
    "int_entitlement_schemes",
    "int_entitlement_scheme_bands",
)
_REF = re.compile(r"""ref\(\s*["'](\w+)["']\s*\)""")


class Rules:
    """The entitlement models of a dbt project, in the order in which they are built."""

    def __init__(self, project: Path) -> None:
        self.project = project

    @cached_property
    def sources(self) -> dict[str, str]:
        """Each model's SQL as written, without the models that make the inputs."""
        paths = sorted((self.project / MODELS).glob("*.sql"))
        return {path.stem: path.read_text("utf-8") for path in paths if path.stem not in INPUTS}

    def in_order(self) -> Iterator[str]:
        """Yield each model after those that it reads."""
        done = set(INPUTS)

        def visit(name: str) -> Iterator[str]:
            if name in done or name not in self.sources:
                return
            done.add(name)
            for read in _REF.findall(self.sources[name]):
                yield from visit(read)
            yield name

        for name in self.sources:
            yield from visit(name)

    def rendered(self, name: str) -> str:
        """Return a model's SQL with each `ref` as the bare name of a relation."""
        environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701
        macros = (self.project / "macros/rate.sql").read_text("utf-8")
        template = environment.from_string(macros + self.sources[name])
        return template.render(ref=lambda model: model, config=lambda **_: "").strip()

    def build(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Build every entitlement model in a database that already holds the five inputs."""
        for path in (self.project / BAND_RATIOS, *sorted((self.project / SEEDS).glob("*.csv"))):
            connection.execute(
                f"create or replace table {path.stem} as from read_csv(?)", [str(path)]
            )
        for name in self.in_order():
            kind = "view" if 'materialized="view"' in self.sources[name] else "table"
            connection.execute(f"create or replace {kind} {name} as {self.rendered(name)}")
