"""The consultation annex: one self-contained page, of figures that may be published."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined

from openlsi.proposals.annex_tables import (
    age_groups_table,
    bearers_table,
    classes_table,
    deciles_table,
    groups_table,
    options_table,
    reasons_table,
    shown,
)
from openlsi.proposals.model import Modelled
from openlsi.proposals.publication import Published, cell, publish
from openlsi.proposals.words import deadline_words, notes

_MARKS = {
    "[c]": "hidden, so that nobody can be told",
    "[x]": "not available",
    "[z]": "not applicable",
    "–": "there is nothing to compare",
}


@dataclass(frozen=True)
class Headline:
    """A figure that the page begins with."""

    title: str
    figure: str
    note: str


def as_annex(connection: duckdb.DuckDBPyConnection, modelled: Modelled) -> str:
    """Return the page as HTML.

    Raises DisclosureError where its figures would give a hidden one away.
    """
    published = publish(connection, modelled, modelled.home)
    tables = [
        age_groups_table(published),
        options_table(modelled, published),
        bearers_table(published),
        groups_table(modelled, published),
        deciles_table(modelled, published),
        classes_table(modelled, published),
        reasons_table(modelled, published),
    ]
    environment = Environment(
        loader=PackageLoader("openlsi.proposals"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("annex.html.jinja").render(
        modelled=modelled,
        proposal=modelled.proposal,
        month=f"{modelled.month:%B %Y}",
        headlines=_headlines(modelled, published),
        tables=[table for table in tables if table is not None and table.lines],
        has_classes=modelled.classes is not None,
        deadline=deadline_words(modelled),
        notes=notes(modelled, _apart(published))[1:],
        marks=_MARKS,
    )


def _headlines(modelled: Modelled, published: Published) -> list[Headline]:
    (row,) = published.rows("scheme_option", modelled.proposal.scheme)
    compared = f"of {shown(cell(row, 'compared_count'), 'count')} compared"
    return [
        Headline(
            "Change a year", shown(cell(row, "change_gbp"), "change"), "against doing nothing"
        ),
        Headline("Households that gain", shown(cell(row, "gainer_count"), "count"), compared),
        Headline("Households that lose", shown(cell(row, "loser_count"), "count"), compared),
        Headline(
            "On the maximum",
            shown(cell(row, "on_maximum_count"), "count"),
            f"{modelled.proposal.maximum_pct:g}% of the council tax",
        ),
    ]


def _apart(published: Published) -> str | None:
    """Say how far the rules are from payments, from rounded figures."""
    for row in published.rows("scheme_check"):
        ratio = cell(row, "estimated_ratio")
        if ratio.value is None:
            return "cannot be shown for so few households"
        return (
            f"gives {ratio.value - 1:+.0%} against what is in payment;"
            f" {shown(cell(row, 'alike_count'), 'count')} of"
            f" {shown(cell(row, 'household_count'), 'count')} households are within £1 a week"
        )
    return None
