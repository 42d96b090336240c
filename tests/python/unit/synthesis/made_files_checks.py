"""What every plain reader of made files shares: values, checks of a row, repeats of a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Row = dict[str, Any]
MONEY_COLUMNS = (
    "gross", "discount", "ctr", "costs", "paid", "paid_month", "write_off", "write_off_month",
    "due", "balance",
)  # fmt: skip
OPEN = date(2099, 12, 31)


class BadRowError(Exception):
    """The reason a row is bad."""


def money(text: str, unit: int = 1) -> Decimal:
    try:
        return Decimal(re.sub('[£,"]', "", text)) / unit
    except InvalidOperation:
        raise BadRowError("bad_number") from None


def day(text: str, pattern: str) -> date:
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        raise BadRowError("bad_date") from None


def coded(text: str, words: str) -> str:
    if text not in words.split(","):
        raise BadRowError("unknown_code")
    return text


def required(text: str) -> str:
    if not text:
        raise BadRowError("missing_required")
    return text


def period(row: Row) -> None:
    if row["to"] < row["from"]:
        raise BadRowError("end_before_start")


def adds(row: Row) -> None:
    parts = row["gross"] - row["discount"] - row["ctr"] + row["costs"]
    if parts - row["paid"] - row["write_off"] != row["balance"]:
        raise BadRowError("does_not_add")


def checked(rows: Iterator[tuple[Row, Any]], keys: tuple[str, ...]) -> list[Row]:
    """Parse each row; the first reason found is kept, repeats of a key after the first are bad."""
    seen: set[tuple[Any, ...]] = set()
    result = []
    for row, parse in rows:
        try:
            parse(row)
            key = tuple(row[name] for name in keys)
            if key in seen:
                raise BadRowError("duplicate_key")
            seen.add(key)
        except BadRowError as bad:
            row["bad"] = str(bad)
        result.append(row)
    return result
