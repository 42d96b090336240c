"""Rows read out of a generation by a thread of their own, while the server takes those before them.

One side waits for the other by turns otherwise: reading and mixing rows takes a core as long as the
server takes to store them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Any

import pyarrow as pa

from openlsi.bi.contents import Generation
from openlsi.bi.errors import PublishError
from openlsi.bi.reconciling import Totals, totals_of, totals_query
from openlsi.bi.relations import Table, quoted

_BATCH_ROWS = 100_000
# Batches that wait for the server at most: what is read ahead must not fill the memory.
_BATCHES_AHEAD = 4
_WAIT_SECONDS = 0.5


class ReadingAhead:
    """The rows of tables in their order, with the totals of each once its rows are taken."""

    def __init__(self, generation: Generation, tables: Sequence[Table]) -> None:
        self._con = generation.further_connection()
        self._tables = tables
        self._read: Queue[Any] = Queue(_BATCHES_AHEAD)
        self._is_over = Event()
        self._fault: BaseException | None = None
        self._totals: Totals | None = None
        self._thread = Thread(target=self._read_all, name="reading ahead", daemon=True)

    def __enter__(self) -> ReadingAhead:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._con.interrupt()
        self._thread.join()
        self._con.close()

    def rows(self) -> pa.RecordBatchReader:
        """Return the rows of the next table, to be taken to their end before the table after it."""
        self._totals = None
        schema = self._next()
        return pa.RecordBatchReader.from_batches(schema, self._batches())

    def totals(self) -> Totals:
        """Return the totals of the table whose rows were taken last."""
        self.check()
        if self._totals is None:
            raise PublishError("rows were not taken to their end; nothing was changed there")
        return self._totals

    def check(self) -> None:
        """Raise what went wrong with reading, if anything did."""
        if self._fault is not None:
            raise self._fault

    def _batches(self) -> Iterator[pa.RecordBatch]:
        while isinstance(item := self._next(), pa.RecordBatch):
            yield item
        self._totals = item

    def _next(self) -> Any:
        item = self._read.get()
        if isinstance(item, BaseException):
            self._fault = item
            raise item
        return item

    def _read_all(self) -> None:
        try:
            for table in self._tables:
                reader = self._con.sql(_rows_to_send(table)).to_arrow_reader(_BATCH_ROWS)
                self._put(reader.schema)
                for batch in reader:
                    self._put(batch)
                query = totals_query(table, table.source, table.where)
                self._put(totals_of(table, self._con.execute(query).fetchone() or ()))
        except _OverError:
            pass
        except BaseException as error:  # noqa: BLE001  (whoever waits for rows has to hear of it)
            with suppress(_OverError):
                self._put(error)

    def _put(self, item: Any) -> None:
        while not self._is_over.is_set():
            with suppress(Full):
                self._read.put(item, timeout=_WAIT_SECONDS)
                return
        raise _OverError


class _OverError(Exception):
    """Nobody waits for rows any more."""


def _rows_to_send(table: Table) -> str:
    chosen = ", ".join(quoted(one.name) for one in table.columns)
    where = f" where {table.where}" if table.where else ""
    # Mixed, so that where a district's own rows lie tells nothing of how many lie before them.
    order = " order by random()" if table.owner_column else ""
    return f"select {chosen} from {table.source}{where}{order}"
