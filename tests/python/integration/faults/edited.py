"""What an edit gives: spoilt files, and what they must read as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from faults.sample import Files, Sample


@dataclass(frozen=True)
class Edited:
    """Spoilt files, and the clean ones that they must read as (None for the sample's own)."""

    files: Files
    same_as: Files | None = None


def whole(sample: Sample, files: Files, change: Callable[[bytes], bytes]) -> Edited:
    """Return the files with the bytes of the one that is spoilt changed as a whole."""
    return Edited(files | {sample.file: change(files[sample.file])})
