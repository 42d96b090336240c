"""Columns of text made whole: numbers, money and dates as bytes in Arrow arrays.

A file's body is the data buffer of an Arrow array of lines, so that no row is ever handled in
Python. Bytes, not strings: some vendors write cp1252.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openlsi.synthesis.plan import Ints

Column: TypeAlias = Any  # a pyarrow array of binary; pyarrow carries no types
_FIRST_DAY, _LAST_DAY = -25568, 47482  # 1899-12-31 to 2100-01-01


def words(text: str, separator: str | None = None) -> list[str]:
    """Return the words of a text; a long list reads better as text than a word a line."""
    return text.split(separator)


def pool(values: Sequence[str], encoding: str = "utf-8") -> Column:
    """Return a list of words as a column to pick from."""
    return pa.array([value.encode(encoding) for value in values], type=pa.binary())


def pick(entries: Column, index: Ints) -> Column:
    """Return the entry at each index."""
    return entries.take(pa.array(index))


def numbers(values: Ints, width: int = 0) -> Column:
    """Return whole numbers, padded with zeros to a width."""
    text = pa.array(values).cast(pa.string())
    return (pc.utf8_lpad(text, width, "0") if width else text).cast(pa.binary())


def join(pieces: Sequence[Column | bytes], separator: bytes) -> Column:
    """Return the pieces of each row joined; a bytes piece is the same in every row."""
    length = next(len(piece) for piece in pieces if not isinstance(piece, bytes))
    whole = [
        pa.repeat(pa.scalar(p, pa.binary()), length) if isinstance(p, bytes) else p for p in pieces
    ]
    return pc.binary_join_element_wise(*whole, pa.scalar(separator, pa.binary()))


def lines(pieces: Sequence[Column | bytes], separator: bytes, end: bytes = b"\n") -> Column:
    """Return lines of joined pieces; the end is put to the last piece, not to the long line."""
    last = pieces[-1]
    ended = last + end if isinstance(last, bytes) else join([last, end], b"")
    return join([*pieces[:-1], ended], separator)


def constant(value: bytes, length: int) -> Column:
    """Return one value in every row."""
    return pa.repeat(pa.scalar(value, pa.binary()), length)


def where(condition: np.ndarray, yes: Column | bytes, no: Column | bytes) -> Column:
    """Return `yes` where the condition holds, else `no`."""
    sides = [
        pa.scalar(side, pa.binary()) if isinstance(side, bytes) else side for side in (yes, no)
    ]
    return pc.if_else(pa.array(condition), *sides)


def chunks(columns: Sequence[Column]) -> Column:
    """Return columns one below the other."""
    return pa.concat_arrays(list(columns))


def body(rows: Column) -> memoryview | bytes:
    """Return the bytes of a column of lines, one after the other."""
    if len(rows) == 0:
        return b""
    offsets = np.frombuffer(rows.buffers()[1], dtype=np.int32)[rows.offset :]
    return memoryview(rows.buffers()[2])[int(offsets[0]) : int(offsets[len(rows)])]


def write(path: Path, parts: Sequence[bytes | Column]) -> None:
    """Write a file from bytes and columns of lines (each with its own line end)."""
    with path.open("wb") as file:
        for part in parts:
            file.write(part if isinstance(part, bytes) else body(part))


class Dates:
    """Every day from 1900 to 2099 in one format; OPEN is whatever the format makes of it."""

    def __init__(
        self, pattern: str, open_day: bytes | None = None, *, is_upper: bool = False
    ) -> None:
        self._pattern = pattern
        self._open = open_day
        self._is_upper = is_upper

    @cached_property
    def _pool(self) -> Column:
        days = pa.array(np.arange(_FIRST_DAY, _LAST_DAY), pa.int32()).cast(pa.date32())
        written = pc.strftime(days.cast(pa.timestamp("s")), format=self._pattern)
        return (pc.utf8_upper(written) if self._is_upper else written).cast(pa.binary())

    def __call__(self, days: Ints) -> Column:
        """Return each day as text."""
        text = self._pool.take(pa.array(days - _FIRST_DAY))
        return text if self._open is None else where(days >= _LAST_DAY - 2, self._open, text)


class Money:
    """Every sum from −£6,000 to £9,000 in one format, looked up rather than formatted."""

    LOW, HIGH = -6_000, 9_000

    def __init__(self, around: Callable[[bool, int], tuple[str, str]], encoding: str) -> None:
        # What stands before and after the pence, for each sign and number of whole pounds.
        keys = [(True, pound) for pound in range(-self.LOW)]
        keys += [(False, pound) for pound in range(self.HIGH)]
        sides = [around(*key) for key in keys]
        before, after = (pool([side[n] for side in sides], encoding) for n in (0, 1))
        pence = np.arange(self.LOW * 100, self.HIGH * 100)
        size = np.abs(pence)
        key = np.where(pence < 0, size // 100, size // 100 - self.LOW).clip(max=len(keys) - 1)
        parts = [pick(before, key), pick(_PENCE, size % 100), pick(after, key)]
        self._pool = join(parts, b"")

    def __call__(self, pence: Ints) -> Column:
        """Return each sum of pence as text."""
        return self._pool.take(pa.array(pence - self.LOW * 100))


_PENCE = pool([f"{pence:02d}" for pence in range(100)])


@cache
def plain_money() -> Money:
    """Return pounds as 1234.56 and −0.50 as -0.50."""
    return Money(lambda is_negative, pounds: (f"{'-' * is_negative}{pounds}.", ""), "utf-8")


@cache
def grouped_money() -> Money:
    """Return pounds as 1,234.56 and -0.50; for files that quote every value."""
    return Money(lambda is_negative, pounds: (f"{'-' * is_negative}{pounds:,}.", ""), "utf-8")


@cache
def pound_signs() -> Money:
    """Return pounds in cp1252 as £98.10, -£5.00 and, quoted for its comma, "£1,234.56"."""

    def around(is_negative: bool, pounds: int) -> tuple[str, str]:
        quote = '"' * (pounds >= 1000)
        return f"{quote}{'-' * is_negative}£{pounds:,}.", quote

    return Money(around, "cp1252")
