"""One column with several marks of a row: `SEN;ANON`, for fields that are each a yes or a no."""

from __future__ import annotations

from typing import Any

from openlsi.extract.onboarding.matching import Match
from openlsi.extract.onboarding.profile import ColumnProfile
from openlsi.extract.onboarding.vocabulary import Vocabulary
from openlsi.extract.records import Record

_SEPARATORS = (";", ",", "/", "|", " ")
# One mark alone may be anything; two that are known are a list of marks.
_FEWEST_MARKS = 2


def match_marks(
    vocabulary: Vocabulary,
    columns: dict[str, ColumnProfile],
    record: Record,
    matches: dict[str, Match],
) -> dict[str, dict[str, Any]]:
    """Return how each field without a column is read from a column of marks, if one has its mark.

    Every mark seen is listed, known or not, for a row with another one is set aside.
    """
    taken = {match.column for match in matches.values()}
    wanted = [
        field
        for field, kind in record.mapped.items()
        if kind.type == "boolean" and field not in matches
    ]
    for name, column in columns.items():
        if name in taken:
            continue
        for separator in _SEPARATORS:
            seen = sorted({mark for code in column.codes for mark in code.split(separator)})
            known = {
                field: mark
                for field in wanted
                for mark in seen
                if vocabulary.marks_field(field, mark)
            }
            if len(known) >= _FEWEST_MARKS and all(mark.isalnum() for mark in seen):
                return {
                    field: {"source": name, "flag": mark, "flags": seen,
                            "flag_separator": separator}
                    for field, mark in known.items()
                }  # fmt: skip
    return {}
