"""Faults of a file's bytes: marks, encodings, characters that nobody sees."""

from __future__ import annotations

from faults.edited import Edited, whole
from faults.rows import value, with_bytes, with_value
from faults.sample import Files, Sample


def begun_with(sample: Sample, files: Files, mark: str) -> Edited:
    return whole(sample, files, lambda content: bytes.fromhex(mark) + content)


def ended_with(sample: Sample, files: Files, mark: str) -> Edited:
    return whole(sample, files, lambda content: content + bytes.fromhex(mark))


def in_encoding(sample: Sample, files: Files, encoding: str, mark: str) -> Edited:
    own = sample.form.encoding
    return whole(
        sample,
        files,
        lambda content: bytes.fromhex(mark) + content.decode(own).encode(encoding),
    )


def with_curly_apostrophe(sample: Sample, files: Files) -> Edited:
    return Edited(
        with_bytes(sample, files, "name", b"O\x92Brien"),
        with_value(sample, files, "name", "O'Brien"),
    )


def with_two_encodings(sample: Sample, files: Files) -> Edited:
    both = "Zoë".encode("cp1252") + b"A" + "Zoë".encode()
    return Edited(with_bytes(sample, files, "name", both))


def with_raw(sample: Sample, files: Files, role: str, text: str) -> Edited:
    """Put bytes, written as hex, in place of a value."""
    return Edited(with_bytes(sample, files, role, bytes.fromhex(text)))


def with_unseen(sample: Sample, files: Files, role: str, before: str, after: str) -> Edited:
    was = value(sample, files, role)
    return Edited(with_value(sample, files, role, before + was + after))
