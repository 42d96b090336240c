"""Two districts at a time: worker processes that load, and one parent that alone commits."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess

import duckdb

from openlsi.errors import LsiError
from openlsi.extract.refusals import ExtractError, unforeseen
from openlsi.extract.session import Outcome, Task, load_deliveries, open_session

# Below this, starting processes costs more than it saves.
_SMALL = 20_000_000

_LOOK_SECONDS = 0.5

Take = Callable[[list[Outcome]], None]


def run_tasks(tasks: list[Task], processes: int, take: Take) -> None:
    """Load every task; `take` gets outcomes in the order of each district, to commit them."""
    busy = [task for task in tasks if task.deliveries]
    size = sum(delivery.bytes for task in busy for delivery in task.deliveries)
    if processes < 2 or len(busy) < 2 or size < _SMALL:
        for task in busy:
            for outcome in _outcomes(task):
                take([outcome])
        return
    _run_parallel(sorted(busy, key=_weight, reverse=True), processes, take)


def _weight(task: Task) -> int:
    return sum(delivery.bytes for delivery in task.deliveries)


def _outcomes(task: Task) -> Iterator[Outcome]:
    before = os.umask(0o077)
    try:
        session = open_session(task)
        yield from load_deliveries(session, task.deliveries)
        session.close()
    finally:
        os.umask(before)


def _run_parallel(tasks: list[Task], processes: int, take: Take) -> None:
    # fork: no second import of everything; elsewhere than Linux it is not safe.
    context: ForkContext | SpawnContext = (
        multiprocessing.get_context("fork")
        if sys.platform == "linux"
        else multiprocessing.get_context("spawn")
    )
    # DuckDB's client and Arrow look for pandas at their first table: once here, not once a worker.
    with suppress(ImportError):
        import_module("pandas")
    workers: dict[Connection, BaseProcess] = {}
    for _ in range(min(processes, len(tasks))):
        ours, theirs = context.Pipe()
        process: BaseProcess = context.Process(
            target=_work, args=(theirs, os.getpid()), daemon=True
        )
        process.start()
        theirs.close()
        workers[ours] = process
        ours.send(tasks.pop(0))
    try:
        while workers:
            ready = [pipe for pipe in wait(list(workers)) if isinstance(pipe, Connection)]
            _drain(ready, workers, tasks, take)
    finally:
        for process in workers.values():
            process.terminate()
            process.join()


def _drain(
    ready: list[Connection], workers: dict[Connection, BaseProcess], tasks: list[Task], take: Take
) -> None:
    """Take all that lies ready, so that one flush of the ledger commits it together."""
    outcomes: list[Outcome] = []
    for pipe in ready:
        try:
            while pipe.poll():
                message = pipe.recv()
                if isinstance(message, Outcome):
                    outcomes.append(message)
                elif isinstance(message, LsiError):
                    take(outcomes)
                    raise message
                elif tasks:
                    pipe.send(tasks.pop(0))
                else:
                    pipe.send(None)
                    workers.pop(pipe).join()
                    break
        except EOFError:
            take(outcomes)
            code = workers.pop(pipe).exitcode
            raise ExtractError(
                f"a loading process ended early (exit code {code}); what was committed stays:"
                " run `lsi load` again"
            ) from None
    take(outcomes)


def _work(pipe: Connection, parent: int) -> None:
    """Load districts as they are handed over; stop when there are no more, or no parent."""
    while (task := _next_task(pipe, parent)) is not None:
        try:
            for outcome in _outcomes(task):
                if os.getppid() != parent:
                    return
                pipe.send(outcome)
        except LsiError as error:
            pipe.send(error)
            return
        except duckdb.Error as error:
            pipe.send(unforeseen(error))
            return
        pipe.send("done")


def _next_task(pipe: Connection, parent: int) -> Task | None:
    # A forked worker holds both ends of its pipe, so a dead parent never shows as an end of file:
    # waiting for one would leave a process behind that holds the load lock for ever.
    while not pipe.poll(_LOOK_SECONDS):
        if os.getppid() != parent:
            return None
    task: Task | None = pipe.recv()
    return task
