"""The small built county, published to a real PostgreSQL, and the logins that people would have."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

sys.path.append(str(Path(__file__).parents[3] / "scripts"))
from openlsi.bi.address import read_address
from openlsi.bi.contents import opened
from openlsi.bi.postgres.publishing import Published, publish
from openlsi.bi.postgres.roles import Roles
from openlsi.config import load_configuration
from openlsi.config.bi_access import load_bi_access
from openlsi.home import Home
from postgres_server import Server, running

ASHFORD, DARTFORD = "E07000105", "E07000107"
# A person or tool each, with the one role that the administrator granted; `sam` has two districts
# and `visitor` none.
LOGINS = {
    "ann": "lsi_ashford",
    "dev": "lsi_dartford",
    "cass": "lsi_county",
    "sam": "lsi_ashford, lsi_dartford",
    "visitor": "",
}
PASSWORD = "made-up-for-a-test"


@dataclass(frozen=True)
class PublishedCounty:
    """A server that one county was published to."""

    server: Server
    home: Home

    def address(self, user: str = "") -> str:
        """Return the address for one of LOGINS, the superuser's by default."""
        return self.server.address(user, PASSWORD) if user else self.server.address()

    @contextmanager
    def open(self, user: str = "") -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Give a connection that commits each statement."""
        with psycopg.connect(self.address(user), autocommit=True) as connection:
            yield connection

    def ask(self, user: str, sql: str) -> list[tuple[Any, ...]]:
        """Return what one of LOGINS gets for one statement."""
        with self.open(user) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []


def publish_home(home: Home, address: str, months: int | None = 3) -> Published:
    """Publish the current build of a home, as `lsi publish` does."""
    configuration = load_configuration(home)
    access = load_bi_access(home, configuration)
    with opened(home, access, months) as generation:
        return publish(generation, read_address(address), Roles.of(access, configuration))


@contextmanager
def published_county(home: Home) -> Iterator[PublishedCounty]:
    """Start a server, publish a home's county to it and make the logins."""
    with running() as server:
        publish_home(home, server.address())
        county = PublishedCounty(server, home)
        for login, role in LOGINS.items():
            granted = f" in role {role}" if role else ""
            server.psql(f"create role {login} login password '{PASSWORD}'{granted}")
        yield county
