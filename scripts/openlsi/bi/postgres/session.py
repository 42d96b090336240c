"""One connection by ADBC and one transaction on it; what goes wrong becomes one plain line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as driver
import pyarrow as pa

from openlsi.bi.address import Address
from openlsi.bi.errors import PublishError

_KEPT = "nothing was changed there"
# What libpq says when the other end has gone, by its words: such errors have no SQLSTATE.
_GONE = ("server closed the connection", "no connection to the server", "connection not open",
         "could not receive data", "could not send data", "terminating connection",
         "SSL connection has been closed", "connection timed out")  # fmt: skip
_ADVICE = {
    "42501": "the user of the address lacks a right; let the database's administrator give it",
    "55P03": "somebody holds a table whose columns have changed; publish again when they are done",
    "40P01": "somebody holds a table whose columns have changed; publish again when they are done",
    "2BP01": "something that others made hangs on it; drop that first, then publish again",
    "53100": "the server's disk is full; make room there, then publish again",
}


class Session:
    """Statements within one transaction, which `commit` ends."""

    def __init__(self, connection: driver.Connection, address: Address) -> None:
        self._connection = connection
        self._address = address

    def execute(self, sql: str) -> int:
        """Run one statement and return how many rows it touched."""
        with self._plainly(), self._connection.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.rowcount)

    def execute_all(self, statements: Sequence[str]) -> None:
        """Run statements in one round trip; none of them may hold the mark that quotes them."""
        if not statements:
            return
        body = ";\n".join(statements)
        if "$lsi$" in body:
            raise PublishError("a description holds the text $lsi$, which cannot be published")
        self.execute(f"do $lsi$ begin\n{body};\nend $lsi$")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._plainly(), self._connection.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]

    def copy_in(self, temporary_table: str, batches: pa.RecordBatchReader) -> int:
        """Copy Arrow batches into a temporary table of the same columns; return the rows."""
        with self._plainly(), self._connection.cursor() as cursor:
            return int(cursor.adbc_ingest(temporary_table, batches, mode="append", temporary=True))

    def commit(self) -> None:
        """End the transaction: all of it is there from now on."""
        try:
            self._connection.commit()
        except adbc_driver_manager.Error as error:
            raise PublishError(
                f"{self._address.shown}: no answer to the last word, commit"
                f" ({self._told(error)}); either all of it is there or nothing: lsi.publication"
                " says which build is"
            ) from None

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except adbc_driver_manager.Error as error:
            told = self._told(error)
            if any(words in told for words in _GONE):
                raise PublishError(
                    f"{self._address.shown}: the server dropped the connection ({told}); {_KEPT},"
                    " so publish again when it is back"
                ) from None
            advice = _ADVICE.get(str(error.sqlstate or ""), "")
            raise PublishError(
                f"{self._address.shown}: {told}; {f'{advice}; ' if advice else ''}{_KEPT}"
            ) from None

    def _told(self, error: adbc_driver_manager.Error) -> str:
        return self._address.hide(_first_words(str(error)))


def _first_words(text: str) -> str:
    """Return what the server said, without the driver's frame, as one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = next((line for line in lines if "ERROR:" in line or "FATAL:" in line), lines[0])
    for mark in ("ERROR:", "FATAL:", "Failed to connect:"):
        told = told.rpartition(mark)[2]
    return told.partition("Query was:")[0].strip().rstrip(".")


@contextmanager
def connected(address: Address) -> Iterator[Session]:
    """Open a transaction; whatever was not committed when the block ends is undone.

    Raises PublishError where the server cannot be reached or does not let the user in.
    """
    try:
        connection = driver.connect(address.uri)
    except adbc_driver_manager.Error as error:
        raise PublishError(
            f"{address.shown}: cannot be reached ({address.hide(_first_words(str(error)))}); is the"
            " address right, is the server up, and may this user in?"
        ) from None
    try:
        yield Session(connection, address)
    finally:
        # A connection that is gone has undone it already.
        with suppress(adbc_driver_manager.Error):
            connection.rollback()
        with suppress(adbc_driver_manager.Error):
            connection.close()
