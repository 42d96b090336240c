"""A modelled proposal as text for officers, and as rows for a spreadsheet: exact figures both."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from textwrap import fill
from typing import Any

from openlsi.proposals.model import Modelled, Row
from openlsi.proposals.words import (
    BEARERS,
    CLASSES,
    CUTS,
    PART_ORDER,
    PARTS,
    notes,
    reason_words,
)

OFFICERS_ONLY = "Exact figures, before disclosure control: for officers, not to publish"
_WIDTH = 100
_LABEL, _COLUMN = 34, 13
_LINES: tuple[tuple[str, str], ...] = (
    ("Households compared", "compared_count"),
    ("Cost, £ a year", "cost_gbp"),
    ("  the same if nothing is done", "base_cost_gbp"),
    ("Change, £ a year", "change_gbp"),
    ("Households with an award", "awarded_count"),
    ("On the maximum", "on_maximum_count"),
    ("Gainers", "gainer_count"),
    ("Losers", "loser_count"),
    ("Unchanged (under £1 a week)", "unchanged_count"),
    ("Gained by gainers, £ a year", "gain_gbp"),
    ("Lost by losers, £ a year", "loss_gbp"),
    ("Households protected", "protected_count"),
    ("  cost of protection, £", "protection_gbp"),
    ("Charged more and not collected, £", "uncollected_gbp"),
    ("Change in the first year, net, £", "net_change_gbp"),
    ("Not compared, households", "not_compared_count"),
    ("  in payment today, £ a year", "not_compared_in_payment_gbp"),
    ("  at the scheme's maximum, £ a year", "not_compared_at_maximum_gbp"),
)  # fmt: skip
_TERMS = {
    "protected_count": "protect_weekly_gbp",
    "protection_gbp": "protect_weekly_gbp",
    "uncollected_gbp": "collection_pct",
}


def figure(value: Any) -> str:
    """Return a count or pounds to be read; a figure that cannot be told is a dash."""
    return "–" if value is None else f"{value:,.0f}"


def as_text(modelled: Modelled) -> str:
    """Return the paper as a table an option a column, then whom the proposal meets."""
    proposal = modelled.proposal
    working = {row["cts_age_group"]: row for row in modelled.age_groups}
    text = [
        f"{proposal.name}, proposed for {proposal.financial_year}: {modelled.district}'s caseload"
        f" of {modelled.month:%B %Y}",
        f"{OFFICERS_ONLY}{' (made-up households)' if modelled.is_demo else ''}.",
        "",
        *_age_groups(working),
        "",
        *_options(modelled),
        *_bearers(modelled),
        *_groups(modelled),
        *_deciles(modelled),
        *_reasons(modelled),
        *_classes(modelled),
        "",
        *(fill(note, _WIDTH, subsequent_indent="  ") for note in notes(modelled)),
    ]
    return "\n".join(text)


def _age_groups(rows: dict[str, Row]) -> list[str]:
    text = []
    if "working" in rows:
        row = rows["working"]
        text.append(
            f"Working age: {figure(row['household_count'])} households with"
            f" £{figure(row['in_payment_gbp'])} a year in payment."
        )
    row = rows.get("pension", {"household_count": 0, "in_payment_gbp": 0})
    text.append(
        f"Pension age: {figure(row['household_count'])} households with"
        f" £{figure(row['in_payment_gbp'])} a year, under the prescribed scheme: unchanged."
    )
    return text


def _letters(modelled: Modelled) -> dict[str, str]:
    names = ["nothing", "proposal", *(f"other {n}" for n in range(1, len(modelled.options)))]
    return {row["option_key"]: name for row, name in zip(modelled.options, names, strict=False)}


def _options(modelled: Modelled) -> list[str]:
    letters = _letters(modelled)
    text = [f"  {letters[row['option_key']]:<10}{row['option_name']}" for row in modelled.options]
    text += ["", _line("", letters.values())]
    for label, column in _LINES:
        term = _TERMS.get(column)
        if term and getattr(modelled.terms, term) is None:
            continue
        if column == "net_change_gbp" and modelled.terms == type(modelled.terms)():
            continue
        text.append(_line(label, (figure(row[column]) for row in modelled.options)))
    return text


def _line(label: str, cells: Iterable[str]) -> str:
    return f"{label:<{_LABEL}}" + "".join(f"{cell:>{_COLUMN}}" for cell in cells)


def _bearers(modelled: Modelled) -> list[str]:
    rows = {(row["option_key"], row["bearer"]): row for row in modelled.bearers}
    if not rows:
        return ["", "Who bears it: no published Band D is loaded."]
    nothing = modelled.options[0]["option_key"]
    shares = {bearer: row["share_ratio"] for (key, bearer), row in rows.items() if key == nothing}
    text = ["", "Change by who bears it, £ a year (the first column: cost today)"]
    for bearer, share in sorted(shares.items(), key=lambda item: -item[1]):
        cells = [figure(rows[nothing, bearer]["cost_gbp"])]
        cells += [figure(rows[key, bearer]["change_gbp"]) for key in _letters(modelled)
                  if key != nothing]  # fmt: skip
        text.append(_line(f"  {BEARERS[bearer]}, {share:.1%}", cells))
    return text


def _proposal_rows(modelled: Modelled, rows: list[Row]) -> list[Row]:
    return modelled.of(rows, modelled.proposal.scheme)


def _groups(modelled: Modelled) -> list[str]:
    text = ["", _line("The proposal, by household",
                      ("compared", "gainers", "losers", "unchanged", "£ a year"))]  # fmt: skip
    rows = _proposal_rows(modelled, modelled.groups)
    for cut, title in CUTS.items():
        text.append(f"  {title}")
        of_cut = [row for row in rows if row["cut"] == cut]
        for row in sorted(of_cut, key=lambda row: PART_ORDER[row["part"]]):
            columns = ("compared_count", "gainer_count", "loser_count", "unchanged_count",
                       "change_gbp")  # fmt: skip
            text.append(_line(f"    {PARTS[row['part']]}", (figure(row[name]) for name in columns)))
    return text


def _deciles(modelled: Modelled) -> list[str]:
    rows = _proposal_rows(modelled, modelled.deciles)
    if not rows:
        return ["", "Nobody loses £1 a week or more under the proposal."]
    text = ["", _line("Losers by tenths, smallest loss first", ("losers", "£ a year", "£ a week"))]
    for row in rows:
        week = f"{row['smallest_weekly_gbp']:.2f}–{row['largest_weekly_gbp']:.2f}"
        text.append(
            _line(
                f"  {int(row['decile'])}",
                (figure(row["loser_count"]), figure(row["loss_gbp"]), week),
            )
        )
    return text


def _reasons(modelled: Modelled) -> list[str]:
    rows = _proposal_rows(modelled, modelled.reasons)
    if not rows:
        return []
    text = ["", "Not compared under the proposal, and why: households, £ in payment, £ at maximum"]
    for row in rows:
        cells = (row["household_count"], row["in_payment_gbp"], row["at_maximum_gbp"])
        words = fill(reason_words(row["not_compared_reason"]), _LABEL + 26).splitlines()
        text += [f"  {part}" for part in words[:-1]]
        text.append(f"  {words[-1]:<{_LABEL + 26}}" + "".join(f"{figure(c):>12}" for c in cells))
    return text


def _classes(modelled: Modelled) -> list[str]:
    if modelled.classes is None:
        return ["", "Living-standards classes: no living standards in this generation."]
    rows = _proposal_rows(modelled, modelled.classes)
    text = ["", _line("Living standards, households", ("today", "proposal", "leave", "enter"))]
    for name, label in CLASSES.items():
        today = sum(row["household_count"] for row in rows if row["class_today"] == name)
        then = sum(row["household_count"] for row in rows if row["class_then"] == name)
        stay = sum(
            row["household_count"] for row in rows
            if row["class_today"] == name and row["class_then"] == name
        )  # fmt: skip
        cells = (today, then, today - stay, then - stay)
        text.append(_line(f"  {label}", (figure(cell) for cell in cells)))
    return text


def as_csv(modelled: Modelled) -> str:
    """Return a row an option, section, part and measure; the first row says what they are."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(["option", "section", "part", "measure", "value", "note"])
    note = OFFICERS_ONLY
    skip = {"option_key", "option_number", "option_name", "role", "scheme_key", "assumed", "place"}
    sections: tuple[tuple[str, list[Row], tuple[str, ...]], ...] = (
        ("option", modelled.options, ()),
        ("bearer", modelled.bearers, ("bearer",)),
        ("group", modelled.groups, ("cut", "part")),
        ("decile_of_loss", modelled.deciles, ("decile",)),
        ("not_compared", modelled.reasons, ("not_compared_reason",)),
        ("living_standards", modelled.classes or [], ("class_today", "class_then")),
        ("age_group", modelled.age_groups, ("cts_age_group",)),
    )
    for section, table, parts in sections:
        for row in table:
            part = " / ".join(str(row[name]) for name in parts)
            for measure, value in row.items():
                if measure in parts or measure in skip or measure.startswith(("largest_", "is_")):
                    continue
                rows.writerow([row.get("option_key", ""), section, part, measure,
                               "" if value is None else value, note])  # fmt: skip
    return written.getvalue()
