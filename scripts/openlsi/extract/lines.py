"""Text to physical lines: line ends and quotation marks, before any field is read.

Every physical line is accounted for here, so that the field parser can be held to the count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError

_LF, _CR = 10, 13
Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """A text in UTF-8 cut into records; a record is one line, or several where values may break.

    `starts` and `stops` include the line end; `numbers` are physical line numbers from 1;
    `is_blank` has nothing but the line end; `is_broken` has quotation marks that do not pair up or
    a carriage return inside, so its fields cannot be told apart.
    """

    content: bytes
    starts: Positions
    stops: Positions
    numbers: Positions
    is_blank: Flags
    is_broken: Flags
    ends_with_line_end: bool

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, index: int | np.int64) -> str:
        """Return one record without its line end."""
        return self.content[self.starts[index] : self.stops[index]].decode().rstrip("\r\n")

    def taken(self, chosen: Flags) -> bytes:
        """Return the chosen records as one text, in order."""
        indexes = np.flatnonzero(chosen)
        if len(indexes) == 0:
            return b""
        first, last = indexes[0], indexes[-1]
        if last - first + 1 == len(indexes):
            return self.content[self.starts[first] : self.stops[last]]
        array = np.frombuffer(self.content, dtype=np.uint8)
        return array[np.repeat(chosen, self.stops - self.starts)].tobytes()


def cut(file_name: str, content: bytes, delimiter: str, quote: str | None, breaks: bool) -> Lines:
    """Cut a UTF-8 text into records; `breaks` lets a quoted value run over a line end."""
    array = np.frombuffer(content, dtype=np.uint8)
    line_ends = np.flatnonzero(array == _LF)
    quotes = np.flatnonzero(array == ord(quote)) if quote and quote.encode() in content else None
    record_ends = line_ends
    if breaks and quotes is not None:
        if len(quotes) % 2:
            row = int(np.searchsorted(line_ends, quotes[-1])) + 1
            raise RefusedFileError(
                file_name,
                f"a quotation mark in row {row} that is never closed",
                "pairs of quotation marks",
                ASK_AGAIN,
            )
        record_ends = line_ends[np.searchsorted(quotes, line_ends) % 2 == 0]
    ends_with_line_end = content.endswith(b"\n")
    stops = record_ends + 1
    if not ends_with_line_end:
        stops = np.append(stops, len(array))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), stops[:-1]]).astype(np.int64)
    numbers = np.arange(1, len(starts) + 1, dtype=np.int64)
    if record_ends is not line_ends:
        numbers = np.searchsorted(line_ends, starts).astype(np.int64) + 1
    is_broken = np.zeros(len(starts), dtype=np.bool_)
    if b"\r" in content:
        is_broken |= _has_stray_return(array, starts, quotes if breaks else None)
    if quotes is not None:
        is_broken |= _has_stray_quote(array, starts, quotes, ord(delimiter))
    return Lines(
        content, starts, stops, numbers, _blank(array, starts, stops), is_broken,
        ends_with_line_end,
    )  # fmt: skip


def _blank(array: npt.NDArray[np.uint8], starts: Positions, stops: Positions) -> Flags:
    lengths = stops - starts
    blank: Flags = (lengths == 1) & (array[starts] == _LF)
    short = (lengths == 2) & (array[starts] == _CR)
    blank[short] = array[starts[short] + 1] == _LF
    return blank


def _records_of(positions: Positions, starts: Positions) -> Positions:
    return np.searchsorted(starts, positions, side="right") - 1


def _has_stray_return(
    array: npt.NDArray[np.uint8], starts: Positions, around_breaks: Positions | None
) -> Flags:
    """Mark records with a carriage return that ends no line, nor stands in a value that may break.

    `around_breaks` are the quotation marks of a file whose values may hold line ends.
    """
    flags = np.zeros(len(starts), dtype=np.bool_)
    returns = np.flatnonzero(array == _CR)
    followed = np.minimum(returns + 1, len(array) - 1)
    stray = returns[(array[followed] != _LF) | (returns == len(array) - 1)]
    if around_breaks is not None:
        stray = stray[np.searchsorted(around_breaks, stray) % 2 == 0]
    flags[_records_of(stray, starts)] = True
    return flags


def _has_stray_quote(
    array: npt.NDArray[np.uint8], starts: Positions, quotes: Positions, delimiter: int
) -> Flags:
    """Mark records where a quote opens or closes anywhere but at the edge of a field."""
    flags = np.zeros(len(starts), dtype=np.bool_)
    first_of_record = np.searchsorted(quotes, starts)
    counts = np.diff(first_of_record, append=len(quotes))
    flags[counts % 2 == 1] = True
    opening, closing = quotes[::2], quotes[1::2]
    if flags.any():
        is_opening = (np.arange(len(quotes)) - np.repeat(first_of_record, counts)) % 2 == 0
        opening, closing = quotes[is_opening], quotes[~is_opening]
    quote = array[quotes[0]]
    before = array[np.maximum(opening - 1, 0)]
    unled = opening[(before != delimiter) & (before != quote)]
    flags[_records_of(unled[~np.isin(unled, starts)], starts)] = True
    after = array[np.minimum(closing + 1, len(array) - 1)]
    closes_well = (after == delimiter) | (after == quote) | (after == _LF) | (after == _CR)
    flags[_records_of(closing[~closes_well & (closing != len(array) - 1)], starts)] = True
    return flags
