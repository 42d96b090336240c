"""How long work shows itself: a line a step on a terminal and in a log, nothing when quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Narrator:
    """Says what is being done and how long it took; silent with `--quiet`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        # stdout stays free for results that somebody pipes on.
        self._console = Console(file=sys.stderr, highlight=False)

    def say(self, text: str) -> None:
        """Print one line."""
        if not self._quiet:
            self._console.print(text, markup=False)

    def step_ended(self, name: str, seconds: float | None) -> None:
        """Print the line of one finished step; a step that only began says nothing."""
        if seconds is not None:
            self.say(f"  {name:<22} {seconds:6.1f} s")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage of `lsi run` or `lsi demo`."""
        begun = time.monotonic()
        self.say(f"{name} …")
        yield
        self.say(f"{name}: {time.monotonic() - begun:.1f} s")
