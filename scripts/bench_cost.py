"""What a command costs: wall and CPU seconds and peak memory of all its processes together."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# The command line of `lsi`, with this interpreter; a step and its options follow.
LSI = [sys.executable, "-c", "from openlsi.cli import main; main()"]


@dataclass(frozen=True)
class Cost:
    """What a piece of work took; memory in MB, of all its processes together."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: int
    said: str


def measured(command: Sequence[str], root: Path) -> Cost:
    """Run a command with `LSI_HOME` at a folder and return its cost; a failure ends the bench."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(  # noqa: S603
            command,
            env=os.environ | {"LSI_HOME": str(root)},
            stdout=said,
            start_new_session=True,
        )
        peak = 0
        while child.poll() is None:
            peak = max(peak, _memory_of_session(child.pid))
            # Reading holds up what is measured, the more the larger it is.
            time.sleep(0.25)
        said.seek(0)
        text = said.read()
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with code {child.returncode}: {text}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - began, cpu, peak, text)


def _memory_of_session(session: int) -> int:
    """Return the MB that all processes of a session use, what they share counted once."""
    kilobytes = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(") ")[2].split()[3]) != session:
                continue
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        except (OSError, ValueError, IndexError):
            continue  # gone since it was listed
    return kilobytes // 1024
