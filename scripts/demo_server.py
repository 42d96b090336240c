"""`make demo-server`: a PostgreSQL with the demo in it, until Ctrl-C, and who may read what.

The demo alone: its households are made up, its passwords stand on the screen, and the server
listens on this machine only. A county's own server is its administrator's.
"""

from __future__ import annotations

import secrets
import subprocess
from contextlib import suppress
from threading import Event

from bench_cost import LSI
from openlsi.config import load_configuration
from openlsi.config.bi_access import load_bi_access
from openlsi.home import Home
from postgres_server import running


def main() -> None:
    """Start, publish, make two logins, tell, and wait."""
    home = Home.from_environment()
    configuration = load_configuration(home)
    if not configuration.is_demo:
        raise SystemExit("districts.yml says is_demo: false; this server is for the demo only")
    access = load_bi_access(home, configuration)
    first = configuration.districts[0]
    logins = {"district_officer": access.role_of(first.slug), "county_analyst": access.county}
    with running() as server:
        server.psql("create database openlsi")
        done = subprocess.run(  # noqa: S603
            [*LSI, "publish", "--to", server.address(database="openlsi")], check=False
        )
        if done.returncode:
            raise SystemExit(done.returncode)
        for login, role in logins.items():
            password = secrets.token_urlsafe(9)
            server.psql(f"create role {login} login password '{password}' in role {role}")
            print(f"{role}: {server.address(login, password, 'openlsi')}")
        print(
            f"psql is {server.programs / 'psql'}; Ctrl-C ends the server and removes it", flush=True
        )
        with suppress(KeyboardInterrupt):
            Event().wait()


if __name__ == "__main__":
    main()
