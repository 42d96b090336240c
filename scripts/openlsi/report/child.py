"""Rendering in a child process, because neither SQL nor a page's expressions limit themselves."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from multiprocessing.connection import Connection

from openlsi.report.errors import Place, ReportError
from openlsi.report.site import Outcome, Request, render_site

STEP_SECONDS = 60.0
MEMORY_BYTES = 4 * 1024**3


def render_in_child(request: Request, step_seconds: float = STEP_SECONDS) -> Outcome:
    """Render a site; stop with the place it stood at when one step takes too long."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(theirs, request), daemon=True)
    child.start()
    theirs.close()
    try:
        return _wait(ours, step_seconds)
    finally:
        child.kill()
        child.join()
        ours.close()


def _wait(pipe: Connection, step_seconds: float) -> Outcome:
    place: Place | None = None
    while True:
        if not pipe.poll(step_seconds):
            raise ReportError(
                f"this took more than {step_seconds:g} seconds and was stopped", place
            )
        try:
            kind, content = pipe.recv()
        except EOFError as error:
            raise ReportError(
                "rendering ended without a result here; it may have run out of memory "
                f"(limit {MEMORY_BYTES // 1024**3} GB)",
                place,
            ) from error
        if kind == "at":
            place = content
        elif kind == "error":
            message, where = content
            raise ReportError(message, where)
        else:
            outcome: Outcome = content
            return outcome


def _work(pipe: Connection, request: Request) -> None:
    os.environ["TZ"] = "UTC"
    time.tzset()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    last: list[Place] = []

    def at(place: Place) -> None:
        if last[:1] != [place]:
            last[:] = [place]
            pipe.send(("at", place))

    try:
        pipe.send(("done", render_site(request, at)))
    except ReportError as error:
        pipe.send(("error", (error.message, error.place)))
