"""Build the pages of `reports/` with the real Evidence and keep what they say, for `make test`.

`make evidence`: makes a small county and its publication, installs Evidence 40.1.8 from
`scripts/evidence/package-lock.json` into `data/evidence/`, builds every page unchanged, reads each
in Chromium and writes `tests/python/fixtures/evidence/`. Needs Node, with npm and a registry that
npm knows; nothing else of the project does. Six to ten minutes on two cores.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench_cost import LSI
from browsing.devtools import tab
from openlsi.cli.linking import link_landing
from openlsi.cli.made_campaigns import lay_made_campaigns
from openlsi.home import Home
from openlsi.warehouse.build import published_database
from parity import golden, publication
from parity.comparing import figures, without_figures
from parity.reading import Part, pages_of, read_evidence

WORK = golden.ROOT / "data" / "evidence"
COUNTY, PROJECT = WORK / "county", WORK / "project"
INSTALLED = PROJECT / "node_modules"
LONGEST_SECONDS = 900
# Fourteen months to an October: a year before each figure, and the day of the taxbase return. Large
# enough that two wards have pages of their own.
PLAN = [
    "--months", "14", "--until", "2026-10", "--sample", "0.05", "--scale", "0.08",
    "--seed", "20261031",
    "--districts", "ashford,dartford,folkestone-and-hythe,tunbridge-wells",
]  # fmt: skip
TODAY = "2026-11-15"
# One month is held, since the real Evidence makes no table of no rows; no other is, since months
# of so few households move far.
LIMITS = "holds:\n  rows_pct: null\n  gbp_pct: null\n  feeds: {free_school_meals: {rows_pct: 40}}\n"
# DuckDB in the browser fetches its Parquet reader from a server of its makers since 1.29. The lock
# has the last that holds it, which knows neither of these settings.
CLIENTS = "@evidence-dev/universal-sql/src/client-duckdb"
UNKNOWN_SETTINGS = ("SET ieee_floating_point_ops", "SET old_implicit_casting")


class EvidenceError(Exception):
    """What stops the real build, in one line."""


def made_county() -> Path:
    """Make the small county anew with `lsi` and return its publication."""
    shutil.rmtree(COUNTY, ignore_errors=True)
    (COUNTY / "config").mkdir(parents=True)
    (COUNTY / "config" / "limits.yml").write_text(LIMITS, encoding="utf-8")
    environment = {**os.environ, "LSI_HOME": str(COUNTY)}
    run([*LSI, "synthesise", *PLAN, "--quiet"], golden.ROOT, environment)
    run([*LSI, "load", "--quiet"], golden.ROOT, environment)
    # As the demo does, so that pages of campaigns have rows.
    lay_made_campaigns(Home(COUNTY), link_landing(Home(COUNTY)).folder)
    run([*LSI, "build", "--today", TODAY, "--quiet"], golden.ROOT, environment)
    return published_database(Home(COUNTY))


def install() -> None:
    """Install the locked packages, unless they are installed, and make them work offline."""
    lock = golden.NPM / "package-lock.json"
    stamp = INSTALLED / ".installed"
    told = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != told:
        PROJECT.mkdir(parents=True, exist_ok=True)
        for path in (golden.NPM / "package.json", lock):
            shutil.copyfile(path, PROJECT / path.name)
        shutil.rmtree(INSTALLED, ignore_errors=True)
        # `npm ci` refuses a lock without every platform's DuckDB, which not every registry has.
        run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], PROJECT, os.environ)
        for name in ("node.js", "browser.js"):
            client = INSTALLED / CLIENTS / name
            lines = client.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if not any(one in line for one in UNKNOWN_SETTINGS)]
            client.write_text("".join(kept), encoding="utf-8")
        stamp.write_text(told)
    package = json.loads((INSTALLED / "@evidence-dev/evidence/package.json").read_text())
    if package["version"] != golden.VERSION:
        raise EvidenceError(f"Evidence {package['version']} is installed, not {golden.VERSION}")


def build() -> Path:
    """Build the pages as they are over the kept publication; return the folder of the site."""
    for path in PROJECT.iterdir():
        if path.name not in ("node_modules", "package.json", "package-lock.json"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(golden.REPORTS, PROJECT, dirs_exist_ok=True)
    sources = PROJECT / "sources" / publication.SCHEMA
    publication.restore(golden.PUBLICATION, sources / "publication.duckdb")
    environment = {**os.environ, "SEND_ANONYMOUS_USAGE_STATS": "no"}
    evidence = ["npx", "--no-install", "evidence"]
    run([*evidence, "sources"], PROJECT, environment)
    run([*evidence, "build"], PROJECT, environment)
    return PROJECT / "build"


def run(command: list[str], folder: Path, environment: dict[str, str] | os._Environ[str]) -> None:
    """Run a command to its end; raises EvidenceError with the end of what it said."""
    try:
        # In a session of its own: npx's children outlive it, and would be waited for.
        child = subprocess.Popen(  # noqa: S603 - the commands above
            command, cwd=folder, env=environment, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise EvidenceError(f"{command[0]} is not installed (Debian: nodejs, npm)") from error
    try:
        said, _ = child.communicate(timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise EvidenceError(f"{' '.join(command)}: no end in {LONGEST_SECONDS} seconds") from error
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    if child.returncode:
        lines = said.strip().splitlines()[-30:]
        raise EvidenceError("\n".join([f"{' '.join(command)} failed:", *lines]))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_told: object) -> None:
        """Say nothing of each file."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder to this machine while the block runs; yields the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def read_all(site: Path) -> dict[str, list[Part]]:
    """Return the parts of every page of the real build; raises EvidenceError for an empty one."""
    pages: dict[str, list[Part]] = {}
    with (
        tempfile.TemporaryDirectory() as profile,
        served(site) as server,
        tab(Path(profile)) as view,
    ):
        for address in pages_of(site):
            pages[address] = read_evidence(view, server, address)
    empty = without_figures(pages)
    if empty:
        raise EvidenceError(f"pages of the real build without a figure: {', '.join(empty)}")
    return pages


def main() -> None:
    """Do all of it, and say how long each step took."""
    begun = since = time.monotonic()

    def told(what: str) -> None:
        nonlocal since
        print(f"{what}: {time.monotonic() - since:.0f} s", flush=True)
        since = time.monotonic()

    try:
        publication.keep(made_county(), golden.PUBLICATION)
        told("made-up county")
        install()
        told(f"Evidence {golden.VERSION} installed")
        made_of = golden.sources()
        site = build()
        told("built")
        pages = read_all(site)
        golden.write(pages, made_of)
        told(f"{len(pages)} pages read, {sum(len(figures(p)) for p in pages.values()):,} figures")
    except (EvidenceError, TimeoutError, ValueError) as error:
        sys.exit(f"make evidence: {error}")
    print(f"all: {time.monotonic() - begun:.0f} s; now run make test and look at the difference")


if __name__ == "__main__":
    main()
