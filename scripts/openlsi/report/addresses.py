"""Addresses inside the site: reading them safely, and writing them relative to a page."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote, unquote, urlsplit

from openlsi.report.errors import ReportError

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
SAFE_SEGMENT = re.compile(r"^[\w](?:[\w .,'’&()~+-]*[\w)])?$")
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def is_safe(address: str) -> bool:
    """Return whether a link may be followed: no script, no other site without its scheme."""
    bare = CONTROL.sub("", address)
    if bare != address.strip() and ":" in bare.split("/")[0]:
        return False
    if bare.startswith(("//", "\\")) or "\\" in bare:
        return False
    try:
        scheme = urlsplit(bare).scheme.lower()
    except ValueError:
        return False
    return (not scheme and ":" not in bare.split("/")[0].split("?")[0].split("#")[0]) or (
        scheme in SAFE_SCHEMES
    )


def is_external(address: str) -> bool:
    """Return whether a link leaves the site."""
    return bool(urlsplit(address).scheme)


def resolve(address: str, page: tuple[str, ...]) -> tuple[str, str]:
    """Return (path from the site's root, fragment) of a link on a page."""
    parts = urlsplit(address)
    base = "/" + "".join(f"{segment}/" for segment in page)
    path = unquote(parts.path) or base
    joined = posixpath.normpath(posixpath.join(base, path))
    return joined, parts.fragment


def segments_of(path: str) -> tuple[str, ...]:
    """Return the parts of a page's address, which must be safe as folder names."""
    segments = tuple(part for part in path.split("/") if part)
    if segments and segments[-1] == "index.html":
        segments = segments[:-1]
    for segment in segments:
        if not SAFE_SEGMENT.match(segment):
            raise ReportError(
                f"{segment!r} cannot be part of an address: use letters, digits, space and -"
            )
    return segments


def relative(path: str, page: tuple[str, ...], is_page: bool, fragment: str = "") -> str:
    """Return a link that also works from disk: relative, and naming index.html."""
    target = path.strip("/")
    if is_page:
        target = f"{target}/index.html" if target else "index.html"
    written = "../" * len(page) + quote(target)
    here = quote("/".join((*page, "index.html")))
    if is_page and fragment and quote(target) == here:
        return f"#{quote(fragment)}"
    return written + (f"#{quote(fragment)}" if fragment else "")
