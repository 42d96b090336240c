"""What is told of an unknown file: names of columns, shapes, counts and codes; never a value."""

from __future__ import annotations

from collections.abc import Iterator

from openlsi.extract.onboarding.dry_run import DryRun
from openlsi.extract.onboarding.naming import line_for
from openlsi.extract.onboarding.onboard import Onboarding
from openlsi.extract.onboarding.profile import ColumnProfile
from openlsi.extract.onboarding.proposal import Proposal, Proposed
from openlsi.extract.refusals import RefusedFileError, plain

_SURE = 0.7
_FIELD, _COLUMN = 30, 30


def report_lines(found: Onboarding) -> Iterator[str]:
    """Return what to print of an onboarding, line by line."""
    rows = found.profile.delivery
    yield (
        f"file: {found.profile.dialect.words}; {len(found.profile.dialect.header)} columns,"
        f" {rows.physical_rows - rows.structural_rows:,} rows"
    )
    if found.proposal is not None:
        yield from _columns(found, found.proposal)
    else:
        yield f"layout: {found.layout_name} is there already, so it is checked and not proposed"
    yield from _open_points(found)
    yield from _tried(found.tried, found.definition.control.column)
    yield from _next(found)


def _columns(found: Onboarding, proposal: Proposal) -> Iterator[str]:
    for record in dict.fromkeys(one.record for one in proposal.proposed):
        yield ""
        yield f"{record}: {'field':<{_FIELD}} {'column':<{_COLUMN}} sure  shapes (rows)"
        for one in proposal.of_record(record):
            yield from _field(proposal, one)
    if proposal.blocks:
        yield ""
        yield f"{{block}} stands for: {plain(', '.join(proposal.blocks.blocks))}"
    if proposal.unused:
        yield ""
        yield f"not used: {plain(', '.join(proposal.unused))}"
    if proposal.left_out:
        yield f"records left out, which a sender need not give: {', '.join(proposal.left_out)}"


def _field(proposal: Proposal, one: Proposed) -> Iterator[str]:
    column = plain(" + ".join(one.columns)) or "—"
    sure = f"{one.sure:4.0%}" if one.columns else "   —"
    mark = "?" if one.sure < _SURE else " "
    shapes = "to be decided" if one.sure == 0 else str(one.mapping.get("constant", ""))
    if one.columns:
        shapes = _shapes(proposal.columns[one.columns[0]])
    yield f"  {mark} {one.field:<{_FIELD + 2}} {column:<{_COLUMN}} {sure}  {shapes}"
    for note in one.notes:
        yield f"      {plain(note)}"


def _shapes(column: ColumnProfile) -> str:
    told = [f"{shape} ({count:,})" for shape, count in column.shapes]
    return plain(", ".join(told)) or "empty"


def _open_points(found: Onboarding) -> Iterator[str]:
    if not found.left:
        return
    yield ""
    yield f"to decide in {found.path}, where it says `decide`:"
    if found.proposal is None:
        yield from (f"  {plain(point)}" for point in found.left)
        return
    for one in found.proposal.decisions:
        yield plain(f"  {one.record}.{one.field}: {one.text}")


def _tried(tried: DryRun | RefusedFileError | None, control: str | None) -> Iterator[str]:
    yield ""
    if tried is None:
        yield "dry run: not possible until the keys of its rows are decided"
        return
    if isinstance(tried, RefusedFileError):
        yield f"dry run: the file would be refused: {tried}"
        return
    but = " (as if all had been decided)" if tried.assumed else ""
    pounds = f", £{tried.accepted_gbp:,.2f} of {control}" if control else ""
    yield f"dry run{but}: {tried.accepted_rows:,} of {tried.rows:,} rows accepted{pounds}"
    if tried.set_aside_rows:
        aside = f", £{tried.set_aside_gbp:,.2f}" if control else ""
        yield f"set aside: {tried.set_aside_rows:,} rows{aside}"
    for reason in tried.reasons:
        shapes = tried.shapes.get((reason["reason"], reason["column_name"]), [])
        yield plain(
            f"  {reason['rows']:,} {reason['reason'].replace('_', ' ')} in"
            f" {reason['record']}.{reason['column_name']}: {', '.join(shapes)}"
        )


def _next(found: Onboarding) -> Iterator[str]:
    yield ""
    line = line_for(found.district, found.definition.feed, found.layout_name)
    if not found.is_written and found.proposal is not None:
        yield f"next: the same command with --write, which writes {found.path}"
        return
    if found.is_written:
        yield f"written: {found.path}"
    if found.left:
        yield f"next: decide {len(found.left)} points there, then run the same command again"
        return
    if isinstance(found.tried, RefusedFileError):
        yield f"next: mend {found.path} or the file, then run the same command again"
        return
    if found.is_named:
        yield f"named in config/districts.yml: {line}"
    else:
        yield f"next: the same command with --write, which adds to districts.yml: {line}"
        return
    place = f"inbox/{found.district.slug}/{found.name.name}"
    yield f"next: put the file there as {plain(place)} and run lsi load"
