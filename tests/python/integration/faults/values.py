"""Faults of what stands in a row: dates, amounts, references, keys."""

from __future__ import annotations

from calendar import month_abbr
from decimal import Decimal

from faults.edited import Edited
from faults.rows import amount, value, with_value
from faults.sample import Files, Sample
from openlsi.extract.layouts import split_source


def with_text(sample: Sample, files: Files, role: str, text: str) -> Edited:
    return Edited(with_value(sample, files, role, text))


def emptied_reading(sample: Sample, files: Files, role: str, text: str) -> Edited:
    """Put a text that names nobody: the row reads as if nothing stood there."""
    return Edited(with_value(sample, files, role, text), with_value(sample, files, role, ""))


def dated(sample: Sample, files: Files, role: str, day: str) -> Edited:
    """Put a day, given as year-month-day, in the layout's own form."""
    return Edited(with_value(sample, files, role, _written_date(sample, role, *day.split("-"))))


def ended_before_it_began(sample: Sample, files: Files, begin: str, end: str) -> Edited:
    begun = dated(sample, files, "begins", begin).files
    return dated(sample, begun, "ends", end)


def owing_weeks(sample: Sample, files: Files, weeks: int) -> Edited:
    """Let an account owe so many weeks of its own rent, or be in credit by them."""
    owed = amount(sample, files, "rate") * weeks
    is_negated = sample.mapping.columns[sample.places["money"].lands_in].is_negated
    return Edited(with_value(sample, files, "money", str(-owed if is_negated else owed)))


def day_for_month(sample: Sample, files: Files, role: str) -> Edited:
    """Write 4 March as 3 April would be, which no reader can tell."""
    march, april = (dated(sample, files, role, day) for day in ("2026-03-04", "2026-04-03"))
    return Edited(march.files, april.files)


def months_first(sample: Sample, files: Files, role: str, rows: int) -> Edited:
    """Write the dates of some rows month first, each with a day that is no month."""
    for row in range(sample.above, sample.above + rows):
        files = with_value(sample, files, role, f"04/{row + 13:02}/2020", row)
    return Edited(files)


def rewritten(sample: Sample, files: Files, role: str, form: str) -> Edited:
    """Write a value another way: `{value}` as it stands, `{bare}` of digits and sign only."""
    was = value(sample, files, role)
    bare = was.replace("£", "").replace(",", "").lstrip("-")
    comma = bare.replace(".", ",") if "." in bare else f"{bare[:-2]},{bare[-2:]}"
    text = form.format(value=was, bare=bare, lower=was.lower(), joined=was.replace(" ", ""),
                       comma=comma, short=was[:-1], no_zeros=was.lstrip("0"))  # fmt: skip
    return Edited(with_value(sample, files, role, text))


def times(sample: Sample, files: Files, role: str, factor: int) -> Edited:
    was = value(sample, files, role)
    more = Decimal(was.replace("£", "").replace(",", "")) * factor
    return Edited(with_value(sample, files, role, ("£" if "£" in was else "") + str(more)))


def referred_as_above(sample: Sample, files: Files) -> Edited:
    """Give the row the key of the one above it."""
    begins = sample.places["begins"].lands_in
    for role in ("reference", *(["begins"] if begins in sample.definition.unique else [])):
        files = with_value(sample, files, role, value(sample, files, role, sample.above))
    return Edited(files)


def _written_date(sample: Sample, role: str, year: str, month: str, day: str) -> str:
    """Return a date as the layout writes it, whether there is such a day or not."""
    place = split_source(sample.places[role].source, sample.mapping)
    form = next(
        column.date_format
        for column in sample.mapping.columns.values()
        if column.date_format
        and column.source
        and split_source(column.source, sample.mapping) == place
    )
    marks = {"%Y": year, "%m": month, "%d": day, "%b": month_abbr[int(month)]}
    for mark, part in {**marks, "%H:%M:%S": "00:00:00"}.items():
        form = form.replace(mark, part)
    return form
