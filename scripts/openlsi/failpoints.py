"""Named points around each write, flush and rename, at which a test can end the process.

In ordinary use a point costs one look at the environment. `LSI_FAILPOINT=name:3` ends every process
of the group, as a power cut would, the third time that the point is reached by one of them;
`LSI_FAILPOINT_LOG` names a file to which each point reached is written.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

WANTED, LOG = "LSI_FAILPOINT", "LSI_FAILPOINT_LOG"

_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Pass a point; end here if that was asked for."""
    log, wanted = os.environ.get(LOG), os.environ.get(WANTED)
    if log:
        with open(log, "a", encoding="ascii") as file:  # noqa: PTH123  (one write: whole lines)
            file.write(name + "\n")
    if wanted:
        point, _, number = wanted.partition(":")
        if point == name:
            _reached[name] += 1
            if _reached[name] == int(number or 1):
                os.killpg(0, signal.SIGKILL)
