"""Tables of a consultation annex, from published figures alone: nothing is worked out here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openlsi.proposals.figures import FOLDED
from openlsi.proposals.living import CLASSES as CLASS_NAMES
from openlsi.proposals.model import Modelled, Row
from openlsi.proposals.publication import Cell, Published, cell
from openlsi.proposals.words import BEARERS, CLASSES, CUTS, PART_ORDER, PARTS, reason_words

NOTHING = "–"
_OPTION_LINES = (
    ("Households compared", "compared_count", "count"),
    ("Cost a year", "cost_gbp", "pounds"),
    ("Cost of the same households if nothing is done", "base_cost_gbp", "pounds"),
    ("Change a year", "change_gbp", "change"),
    ("Households with an award", "awarded_count", "count"),
    ("Households on the scheme's maximum", "on_maximum_count", "count"),
    ("Gainers (£1 a week or more)", "gainer_count", "count"),
    ("Losers (£1 a week or more)", "loser_count", "count"),
    ("Unchanged (under £1 a week)", "unchanged_count", "count"),
    ("Gained by gainers, a year", "gain_gbp", "pounds"),
    ("Lost by losers, a year", "loss_gbp", "pounds"),
    ("Households protected in the first year", "protected_count", "count"),
    ("Cost of protection", "protection_gbp", "pounds"),
    ("Charged more and not collected, a year", "uncollected_gbp", "pounds"),
    ("Not compared, households", "not_compared_count", "count"),
    ("Not compared: in payment today, a year", "not_compared_in_payment_gbp", "pounds"),
    ("Not compared: at the scheme's maximum, a year", "not_compared_at_maximum_gbp", "pounds"),
)
# Doing nothing is held against nothing, so it has neither gainers nor losers.
_OF_DOING_NOTHING = {
    "compared_count", "cost_gbp", "awarded_count", "on_maximum_count", "not_compared_count",
    "not_compared_in_payment_gbp",
}  # fmt: skip
_ASKED = {
    "protected_count": "protect_weekly_gbp",
    "protection_gbp": "protect_weekly_gbp",
    "uncollected_gbp": "collection_pct",
}


@dataclass(frozen=True)
class Line:
    """A line of a table; a heading line has no cells."""

    label: str
    cells: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """A table with what it says above it."""

    title: str
    subtitle: str
    # What the first column lists.
    corner: str
    head: Sequence[str]
    lines: Sequence[Line]


def shown(told: Cell, kind: str) -> str:
    """Return a published figure as it is printed, or the mark in its place."""
    if told.value is None:
        return f"[{told.mark}]" if told.mark else NOTHING
    if kind == "count":
        return f"{told.value:,.0f}"
    if kind == "ratio":
        return f"{told.value:.0%}"
    sign = "−" if told.value < 0 else "+" if kind == "change" and told.value > 0 else ""
    return f"{sign}£{abs(told.value):,.0f}"


def options_table(modelled: Modelled, published: Published) -> Table:
    """Return what each option comes to, an option a column."""
    rows = published.rows("scheme_option")
    lines = []
    for label, column, kind in _OPTION_LINES:
        asked = _ASKED.get(column)
        if asked and getattr(modelled.terms, asked) is None:
            continue
        cells = [
            shown(cell(row, column), kind)
            if row["role"] != "do_nothing" or column in _OF_DOING_NOTHING
            else NOTHING
            for row in rows
        ]
        lines.append(Line(label, cells))
    return Table(
        "What each option comes to",
        f"Working-age caseload of {modelled.month:%B %Y}, a year",
        "Measure",
        [row["option_name"] for row in rows],
        lines,
    )


def bearers_table(published: Published) -> Table | None:
    """Return who bears the change of each option."""
    rows = published.rows("scheme_bearer")
    if not rows:
        return None
    options = published.rows("scheme_option")
    by = {(row["option_key"], row["bearer"]): row for row in rows}
    assumed = "assumed: " if rows[0]["is_assumed_shares"] else ""
    lines = []
    for bearer, label in BEARERS.items():
        of_bearer = [by.get((option["option_key"], bearer)) for option in options]
        if any(of_bearer):
            lines.append(
                Line(label, [_borne(row, option) for row, option in zip(of_bearer, options,
                                                                        strict=True)])
            )  # fmt: skip
    return Table(
        "Who bears it",
        f"Cost of doing nothing, then the change of each option, a year; {assumed}"
        f"{rows[0]['shares_year']} shares",
        "Bearer",
        [option["option_name"] for option in options],
        lines,
    )


def _borne(row: Row | None, option: Row) -> str:
    if row is None:
        return NOTHING
    if option["role"] == "do_nothing":
        return shown(cell(row, "cost_gbp"), "pounds")
    return shown(cell(row, "change_gbp"), "change")


def groups_table(modelled: Modelled, published: Published) -> Table:
    """Return whom the proposal meets, by household, tenure, age, disability and care."""
    lines = []
    for cut, title in CUTS.items():
        rows = published.rows(f"scheme_group_{cut}", modelled.proposal.scheme)
        lines.append(Line(title))
        for row in sorted(rows, key=lambda row: PART_ORDER[row["part"]]):
            if row["compared_count"] == 0:
                lines.append(Line(_part(cut, row["part"]), ["0", *[NOTHING] * 3]))
                continue
            counts = ("compared_count", "gainer_count", "loser_count")
            cells = [shown(cell(row, name), "count") for name in counts]
            cells.append(shown(cell(row, "change_gbp"), "change"))
            lines.append(Line(_part(cut, row["part"]), cells))
    return Table(
        "Who gains and who loses",
        f"{modelled.proposal.name}, households and change a year",
        "Household",
        ["Compared", "Gainers", "Losers", "Change"],
        lines,
    )


def _part(cut: str, part: str) -> str:
    """Name a part with those of whom no extract tells, where they are published with it."""
    return f"{PARTS[part]}, or not told" if FOLDED.get(cut) == part else PARTS[part]


def deciles_table(modelled: Modelled, published: Published) -> Table | None:
    """Return losers by the size of their loss."""
    rows = published.rows("scheme_decile", modelled.proposal.scheme)
    lines = [
        Line(
            f"{int(row['decile'])}",
            [shown(cell(row, "loser_count"), "count"), shown(cell(row, "loss_gbp"), "pounds"),
             shown(cell(row, "average_loss_gbp"), "pounds")],
        )
        for row in rows
    ]  # fmt: skip
    return Table(
        "How much losers lose",
        f"{modelled.proposal.name}, tenths of the losers, the smallest losses first",
        "Tenth",
        ["Losers", "Lost a year", "Average a year"],
        lines,
    ) if lines else None  # fmt: skip


def reasons_table(modelled: Modelled, published: Published) -> Table | None:
    """Return who could not be compared under the proposal, and why."""
    rows = published.rows("scheme_reason", modelled.proposal.scheme)
    lines = [
        Line(
            reason_words(row["not_compared_reason"]),
            [shown(cell(row, "not_compared_count"), "count"),
             shown(cell(row, "not_compared_in_payment_gbp"), "pounds")],
        )
        for row in rows
    ]  # fmt: skip
    return Table(
        "Households that could not be compared",
        f"{modelled.proposal.name}: why, and what they have in payment",
        "Why",
        ["Households", "In payment a year"],
        lines,
    ) if lines else None  # fmt: skip


def classes_table(modelled: Modelled, published: Published) -> Table | None:
    """Return living-standards classes today and under the proposal."""
    rows = published.rows("scheme_class", modelled.proposal.scheme)
    if not rows:
        return None
    (row,) = rows
    lines = [
        Line(CLASSES[name], [shown(cell(row, f"{when}_{name}_count"), "count")
                             for when in ("today", "then")])
        for name in CLASS_NAMES
    ]  # fmt: skip
    return Table(
        "Living standards",
        f"{modelled.proposal.name}, households in each class of the month",
        "Class",
        ["Today", "Under the proposal"],
        lines,
    )


def age_groups_table(published: Published) -> Table:
    """Return what is in payment by age group; pension age is frozen."""
    labels = {"working": "Working age", "pension": "Pension age (prescribed: unchanged)"}
    lines = [
        Line(
            labels[row["cts_age_group"]],
            [shown(cell(row, "household_count"), "count"),
             shown(cell(row, "in_payment_gbp"), "pounds")],
        )
        for row in reversed(published.rows("scheme_age_group"))
    ]  # fmt: skip
    return Table("In payment today", "Households and pounds a year", "Age group",
                 ["Households", "A year"], lines)  # fmt: skip
