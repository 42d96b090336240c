"""An assessment as JSON, as CSV, or to be read with its working."""

from __future__ import annotations

import csv
import json
from io import StringIO
from itertools import groupby
from textwrap import fill

from openlsi.assess.assess import Assessment
from openlsi.assess.outputs import FREE_SCHOOL_MEALS
from openlsi.assess.working import Line, Rate

_WIDTH = 100
_SIGNS = {"+": "", "-": "less ", "=": "= ", "i": "· "}


def as_json(assessment: Assessment) -> str:
    """Return one object: case → year → output → person, unit or household → pounds a year."""
    return json.dumps(assessment.figures, indent=1)


def as_csv(assessment: Assessment) -> str:
    """Return a row an output or component, with pounds a year and a month."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(
        ["case", "year", "owner", "benefit", "component", "annual_gbp", "monthly_gbp", "children"]
    )
    for case, years in assessment.figures.items():
        for year, outputs in years.items():
            for output, owners in outputs.items():
                for owner, said in owners.items():
                    figure = ["", "", f"{said:.0f}"] if output == FREE_SCHOOL_MEALS else _both(said)
                    rows.writerow([_inert(case), year, _inert(owner), output, "", *figure])
    for line in assessment.working:
        rows.writerow(
            [
                _inert(line.case), line.year, _inert(line.owner), line.benefit, line.component,
                *_both(line.annual_gbp),
            ]
        )  # fmt: skip
    return written.getvalue()


def _inert(text: str) -> str:
    """A spreadsheet would run a cell that begins with a sign of a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _both(annual: float | None) -> tuple[str, str, str]:
    return ("", "", "") if annual is None else (f"{annual:.2f}", f"{annual / 12:.2f}", "")


def as_text(assessment: Assessment, every: bool = False) -> str:
    """Return the working of each household and year to be read, with its sources.

    Benefits that come to nothing are named in one line, unless `every` asks for their working.
    """
    blocks = []
    for (case, year), of_case in groupby(
        assessment.working, key=lambda line: (line.case, line.year)
    ):
        outputs = assessment.figures[case][year]
        sources: dict[str, int] = {}
        text = [f"{case}, {year}", "=" * len(f"{case}, {year}")]
        nothing = []
        by_benefit: dict[tuple[str, str], list[Line]] = {}
        for line in of_case:
            by_benefit.setdefault((line.benefit, line.owner), []).append(line)
        for (benefit, owner), lines in by_benefit.items():
            total = outputs[benefit][owner] or 0
            if total or every:
                text += ["", *_benefit(benefit, owner, total, lines, sources)]
            else:
                nothing.append(f"{_words(benefit)} ({owner})")
        if nothing:
            text += ["", fill(f"Comes to nothing: {', '.join(nothing)}.", _WIDTH)]
        meals = outputs[FREE_SCHOOL_MEALS]
        text += [
            f"Free school meals, {owner}: {count:.0f} children of school age"
            for owner, count in meals.items() if count
        ]  # fmt: skip
        text += ["", "Sources", *(f" [{number}] {name}" for name, number in sources.items())]
        blocks.append("\n".join(text))
    return "\n\n\n".join(blocks)


def _words(benefit: str) -> str:
    return benefit.replace("_", " ")


def _benefit(
    benefit: str, owner: str, total: float, lines: list[Line], sources: dict[str, int]
) -> list[str]:
    title = f"{_words(benefit).capitalize()}, {owner}"
    text = [f"{title:<50}{'£ a year':>12}{'£ a month':>12}"]
    for line in lines:
        if line.annual_gbp:
            label = f"  {_SIGNS[line.sign]}{line.label}"
            text.append(f"{label:<50}{line.annual_gbp:>12,.2f}{line.annual_gbp / 12:>12,.2f}")
            text += _rests_on(line, sources)
    text.append(f"  {'comes to':<48}{total:>12,.2f}{total / 12:>12,.2f}")
    return text


def _rests_on(line: Line, sources: dict[str, int]) -> list[str]:
    shown = [line.legal_basis]
    for rate in _used(line):
        number = sources.setdefault(rate.source, len(sources) + 1)
        shown.append(f"{_words(rate.code)} {rate.value:g} {rate.unit} [{number}]")
    wrapped = fill("; ".join(shown), _WIDTH - 6, break_long_words=False).splitlines()
    return [f"      {part}" for part in wrapped]


def _used(line: Line) -> list[Rate]:
    """Of rates that exclude each other, the one that the line is; else all that it rests on."""
    exact = [
        rate for rate in line.rates
        if any(abs(rate.value * times - line.annual_gbp) < 0.005 for times in (1, 12, 52))
    ]  # fmt: skip
    return exact or list(line.rates)
