"""Writing what was asked for, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from openlsi.proposals.errors import ProposalError


def refuse_unwritable(paths: Sequence[Path]) -> None:
    """Raise ProposalError for paths that cannot be written to, before anything is worked out."""
    for path in paths:
        if path.is_dir():
            raise ProposalError(f"{path}: is a folder; name a file")
        if not path.parent.is_dir():
            raise ProposalError(f"{path}: {path.parent} is no folder; make it first")
    if len({path.resolve() for path in paths}) < len(paths):
        raise ProposalError(f"{paths[0]}: two files are to be written there; name two")


def write_whole(texts: dict[Path, str]) -> None:
    """Write every text beside its place, then rename each into it."""
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in texts}
    try:
        for path, text in texts.items():
            # Exact figures are the officer's own; an annex is opened up by whoever publishes it.
            descriptor = os.open(beside[path], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        for path, new in beside.items():
            new.replace(path)
    except OSError as error:
        raise ProposalError(f"{error.filename}: cannot be written ({error.strerror})") from None
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)
