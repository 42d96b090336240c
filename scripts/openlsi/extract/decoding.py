"""Bytes to text in UTF-8: one encoding, one kind of line end, nothing that cannot be seen."""

from __future__ import annotations

import codecs
import re

from openlsi.extract.refusals import ASK_AGAIN, RefusedFileError

_BOM = b"\xef\xbb\xbf"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# U+001F joins identifiers before they are hashed; NUL ends strings in other tools.
_FORBIDDEN = {b"\x00": "a NUL byte", b"\x1f": "a unit separator (byte 1F)"}
# A no-break space is a blank to whoever typed it. Zero-width characters and those that turn the
# direction of writing are nothing; left in a reference they would make it another one.
_NO_BREAK_SPACE = b"\xc2\xa0"
_UNSEEN = re.compile(rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0\xa6-\xa9]|\xef\xbb\xbf|\xc2\xad")
_UNSEEN_STARTS = (b"\xe2\x80", b"\xe2\x81", b"\xef\xbb\xbf", b"\xc2\xad")
# What an accent or a pound sign of UTF-8 looks like in a file that is otherwise cp1252.
_UTF8_IN_CP1252 = re.compile(rb"\xc2[\xa0-\xbf]|\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]")
# Old systems end a text with Ctrl-Z.
_END = b"\x1a"
_END_MARK = re.compile(rb"\x1a[\r\n]*\Z")


def decoded(file_name: str, content: bytes, encoding: str) -> bytes:
    """Return a file's text as UTF-8, or refuse it if it is not in the encoding it should be."""
    advice = f"ask the sender for {encoding}, or set `encoding` in the layout"
    if not content:
        raise RefusedFileError(file_name, "an empty file", "data", ASK_AGAIN)
    if encoding == "utf-16":
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            raise RefusedFileError(file_name, "text not in UTF-16", "UTF-16", advice) from None
        encoding = "utf-8"
    elif _looks_like_utf16(content):
        raise RefusedFileError(file_name, "text in UTF-16", encoding, advice)
    if _END in content:
        content = _END_MARK.sub(b"", content)
    for byte, words in _FORBIDDEN.items():
        if byte in content:
            line = content[: content.index(byte)].count(b"\n") + 1
            raise RefusedFileError(file_name, f"{words} in row {line}", "plain text", ASK_AGAIN)
    content = content.removeprefix(_BOM)
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")  # lines that end in CR alone
    if content.isascii():
        return content
    return _seen(_as_utf8(file_name, content, encoding, advice))


def _seen(content: bytes) -> bytes:
    """Return a text in UTF-8 without the characters that nobody sees."""
    if _has(content, _NO_BREAK_SPACE):
        content = content.replace(_NO_BREAK_SPACE, b" ")
    return (
        _UNSEEN.sub(b"", content) if any(_has(content, one) for one in _UNSEEN_STARTS) else content
    )


def _has(content: bytes, several: bytes) -> bool:
    """Return whether several bytes stand in a text one after the other.

    Each alone is looked for first: that is a hundred times faster, and few files have them all.
    """
    return all(bytes([one]) in content for one in several) and several in content


def seen(text: str) -> str:
    """Return a text without the characters that nobody sees, as those of a file are taken out."""
    return text if text.isascii() else _seen(text.encode()).decode()


def _as_utf8(file_name: str, content: bytes, encoding: str, advice: str) -> bytes:
    is_utf8, where = _utf8_error(content)
    if encoding == "utf-8":
        if not is_utf8:
            line = content[:where].count(b"\n") + 1
            raise RefusedFileError(
                file_name, f"a byte that is not UTF-8 in row {line}", "UTF-8", advice
            )
        return content
    if is_utf8:
        # Accents and pound signs that happen to be valid UTF-8 all through are UTF-8; read as
        # cp1252 every £ would turn into Â£.
        raise RefusedFileError(file_name, "text in UTF-8", encoding, advice)
    is_suspect = any(_has(content, start) for start in (b"\xc2", b"\xc3", b"\xe2\x80"))
    if is_suspect and (mixed := _UTF8_IN_CP1252.search(content)):
        line = content[: mixed.start()].count(b"\n") + 1
        found = f"a row in UTF-8 (row {line}) among rows in {encoding}"
        raise RefusedFileError(file_name, found, f"one encoding, {encoding}", ASK_AGAIN)
    try:
        return content.decode(encoding).encode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"a byte that is not {encoding} in row {line}"
        raise RefusedFileError(file_name, found, encoding, advice) from None


def _looks_like_utf16(content: bytes) -> bool:
    """Return whether a text begins as UTF-16 does: with its mark, or with every other byte NUL."""
    start = content[:64]
    return content.startswith(_UTF16_MARKS) or any(
        len(start) > 2 and not start[at::2].strip(b"\0") for at in (0, 1)
    )


def _utf8_error(content: bytes) -> tuple[bool, int]:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return False, error.start
    return True, 0
