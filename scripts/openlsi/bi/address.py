"""The address of a database as a user gives it, and as it may be shown: without the password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from openlsi.bi.errors import PublishError

SCHEMES = ("postgresql", "postgres")
_HIDDEN = "***"
_SECRETS = ("password", "sslpassword")
# A server that does not answer, or goes away without a word, must not hold the command for hours.
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "application_name": "lsi publish",
}


@dataclass(frozen=True)
class Address:
    """A PostgreSQL address: `uri` for libpq, `shown` for people; `repr` has no password either."""

    uri: str
    shown: str
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"

    def hide(self, text: str) -> str:
        """Return a text without what is secret in the address."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def is_address(text: str) -> bool:
    """Say whether a destination is a database and not a file."""
    return re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) is not None


def read_address(text: str) -> Address:
    """Return the address; raise PublishError, without the password, where it is none of libpq's."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise PublishError(
            "--to: the address cannot be read; expected postgresql://USER@HOST:PORT/DATABASE"
        ) from None
    if parts.scheme not in SCHEMES:
        raise PublishError(
            f"--to: found an address that begins with {parts.scheme}://, expected"
            " postgresql://USER@HOST:PORT/DATABASE or a file that ends in .duckdb"
        )
    if not parts.path.strip("/"):
        raise PublishError(
            "--to: the address names no database; expected postgresql://USER@HOST:PORT/DATABASE"
        )
    given = parse_qsl(parts.query, keep_blank_values=True)
    secrets = {value for name, value in given if name in _SECRETS}
    if parts.password:
        # Both as written and as it is meant: a message may quote either.
        secrets |= {parts.password, unquote(parts.password)}
    options = {name: value for name, value in _PATIENCE.items() if name not in dict(given)}
    query = urlencode([*given, *options.items()])
    host = parts.hostname or dict(given).get("host", "") or "localhost"
    user = f"{unquote(parts.username)}@" if parts.username else ""
    shown = f"postgresql://{user}{host}{f':{port}' if port else ''}{parts.path}"
    # Not by `_replace`, which would lose the second slash of an address without a host.
    uri = f"postgresql://{parts.netloc}{parts.path}?{query}"
    return Address(
        uri, shown, tuple(sorted((one for one in secrets if one), key=len, reverse=True))
    )
