"""A reorganisation's schemes, and a caseload under every scheme, to be read and as rows."""

from __future__ import annotations

import csv
from io import StringIO

from openlsi.proposals.every_scheme import UnderEveryScheme
from openlsi.proposals.model import Row
from openlsi.proposals.reorganisation import Harmonised, NewCouncil
from openlsi.proposals.written import OFFICERS_ONLY, figure

BASES = {
    "estimated": "today's schemes, estimated",
    "in_payment": "what is in payment, observed",
}
_BEARERS = ("new_council", "police", "fire", "parish", "other")
_SHORT = {"new_council": "council", "police": "police", "fire": "fire", "parish": "parishes",
          "other": "mayor"}  # fmt: skip


def reorganised_text(found: Harmonised) -> str:
    """Return each new council with a line a documented member scheme and basis of today."""
    text = [
        f"Option {found.option} ({found.promoter}): one working-age scheme for each new council",
        f"{OFFICERS_ONLY}.",
        "A line a documented member scheme and basis of today; the two bases are never added up.",
        "",
    ]
    for council in found.councils:
        text += [*_council(council), *_lines(found, council), ""]
    shares = {
        f"{'assumed: ' if row['is_assumed_shares'] else ''}{row['shares_year']} shares"
        for row in found.bearers
    }
    text.append(
        "The new council carries the county's share and the districts'. Pension age is unchanged."
        f" Who bears it: {', '.join(sorted(shares)) or 'no published Band D is loaded'}."
    )
    return "\n".join(text)


def _council(council: NewCouncil) -> list[str]:
    excluding = (
        f" (excluding {', '.join(council.without_extracts)}, which sends no extracts)"
        if council.without_extracts
        else ""
    )
    lines = [f"{council.name}{excluding}: {', '.join(council.members) or 'no district here'}"]
    if council.without_caseload:
        held = len(council.members) - len(council.without_caseload)
        lines.append(
            f"  {held} of {len(council.members)} districts: no caseload of"
            f" {', '.join(council.without_caseload)} in this build"
        )
    if not council.schemes:
        lines.append("  no member's scheme is documented, so nothing can be harmonised to")
    return lines


def _lines(found: Harmonised, council: NewCouncil) -> list[str]:
    rows = [row for row in found.rows if row["council"] == council.name]
    if not rows:
        return []
    borne = {
        (row["scheme_name"], row["basis"], row["new_bearer"]): row["change_gbp"]
        for row in found.bearers
        if row["council"] == council.name
    }
    bearers = [name for name in _BEARERS if any(key[2] == name for key in borne)]
    head = ("compared", "of", "£ today", "change", *(_SHORT[name] for name in bearers),
            "gainers", "losers")  # fmt: skip
    text = [f"  {'':<26}" + "".join(f"{name:>11}" for name in head)]
    for basis, words in BASES.items():
        of_basis = [row for row in rows if row["basis"] == basis]
        if of_basis:
            text.append(f"  against {words}")
        for row in of_basis:
            cells = [
                row["compared_count"], row["household_count"], row["base_cost_gbp"],
                row["change_gbp"],
                *(borne.get((row["scheme_name"], basis, name)) for name in bearers),
                row["gainer_count"], row["loser_count"],
            ]  # fmt: skip
            text.append(
                f"    {row['scheme_name']:<24}" + "".join(f"{figure(cell):>11}" for cell in cells)
            )
    return text


def reorganised_csv(found: Harmonised) -> str:
    """Return a row a new council, member scheme, basis and measure, exact."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(["option", "new_council", "excluding", "scheme", "basis", "measure", "value",
                   "note"])  # fmt: skip
    excluding = {one.name: "; ".join(one.without_extracts) for one in found.councils}

    def write(row: Row, measure: str, value: object) -> None:
        rows.writerow(
            [found.option, row["council"], excluding[row["council"]], row["scheme_name"],
             row["basis"], measure, value, OFFICERS_ONLY]
        )  # fmt: skip

    for row in found.rows:
        for measure, value in row.items():
            if measure not in ("council", "scheme_name", "basis"):
                write(row, measure, value)
    for row in found.bearers:
        write(row, f"change_gbp_{row['new_bearer']}", row["change_gbp"])
    return written.getvalue()


def every_scheme_text(found: UnderEveryScheme) -> str:
    """Return a line a documented scheme: the same households under it and in payment."""
    text = [
        f"{found.district}: {figure(found.household_count)} working-age households with support in"
        f" {found.month:%B %Y}, under every documented scheme",
        f"{OFFICERS_ONLY}.",
        "",
        f"{'£ a year':<30}{'compared':>10}{'with award':>12}{'on maximum':>12}{'estimated':>14}"
        f"{'in payment':>14}",
    ]
    for row in found.rows:
        own = " (own)" if row["is_own"] else ""
        text.append(
            f"  {row['scheme_name'] + own:<28}{figure(row['compared_count']):>10}"
            f"{figure(row['awarded_count']):>12}{figure(row['on_maximum_count']):>12}"
            f"{figure(row['cost_gbp']):>14}{figure(row['in_payment_gbp']):>14}"
        )
    text += [
        "",
        f"{found.comparable_districts} of {found.districts} comparable; no grid is documented for"
        f" {', '.join(found.without_scheme) or 'none'}.",
        "Each line is of the households compared under it; in payment is what the same ones have.",
        f"Rates of benefits and taxes: {found.financial_year}; schemes keep their own year.",
    ]
    return "\n".join(text)


def every_scheme_csv(found: UnderEveryScheme) -> str:
    """Return a row a documented scheme, exact."""
    written = StringIO()
    columns = ("scheme_key", "is_own", "household_count", "compared_count", "awarded_count",
               "on_maximum_count", "cost_gbp", "in_payment_gbp")  # fmt: skip
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(["district", *columns, "note"])
    for row in found.rows:
        rows.writerow([found.district, *(row[name] for name in columns), OFFICERS_ONLY])
    return written.getvalue()
