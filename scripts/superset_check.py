"""Import the bundle into the real Apache Superset and hold what it shows against the server.

`make superset`: makes a small county, publishes it to a PostgreSQL of its own, installs Superset
from `scripts/superset/requirements.lock` into an environment under `data/superset/` (its pins clash
with ours), imports the bundle with `superset import-dashboards`, and asks every chart for its data
through a district's login, and the county's. What it showed is kept in
`tests/python/fixtures/superset/shown.json`, which `make test` compares without Superset. Two to
three minutes on two cores, most of it to make the county.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from built_county import make
from published_county import publish_home

from openlsi.bi.address import read_address
from openlsi.bi.contents import opened
from openlsi.bi.relations import Contents, Readers
from openlsi.bi.superset import bundle, write_bundle
from openlsi.config import load_configuration
from openlsi.config.bi_access import load_bi_access
from openlsi.home import Home
from postgres_server import Server, running

ROOT = Path(__file__).resolve().parents[1]
RECIPE = ROOT / "scripts" / "superset"
WORK = ROOT / "data" / "superset"
SHOWN = ROOT / "tests" / "python" / "fixtures" / "superset" / "shown.json"
# Who looks at which bundle: a login that was granted one role.
LOGINS: dict[Readers, tuple[str, str]] = {
    "districts": ("ann", "lsi_ashford"),
    "county": ("cass", "lsi_county"),
}
ADMIN = ("admin", "made-up-for-a-test")


class SupersetError(Exception):
    """What stops the check, in one line."""


def run(command: list[str | Path], environment: dict[str, str]) -> str:
    """Run a command to its end and return what it printed; raise with the end of what it said."""
    done = subprocess.run(  # noqa: S603
        command, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SupersetError(f"{command[0]} {command[1]}: {(done.stdout + done.stderr)[-6000:]}")
    return done.stdout


def installed() -> Path:
    """Install the locked packages, unless they are, and return the environment's programs."""
    programs, stamp = WORK / "environment" / "bin", WORK / "environment" / ".installed"
    lock = (RECIPE / "requirements.lock").read_text(encoding="utf-8")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != lock:
        uv = Path(sys.executable).parent / "uv"
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, programs.parent], {})
        sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", programs / "python"]
        run([*sync, RECIPE / "requirements.lock"], {})
        stamp.write_text(lock, encoding="utf-8")
    return programs


def settings(folder: Path, password: str) -> dict[str, str]:
    """Return the environment of a Superset with an empty store of its own."""
    folder.mkdir(parents=True)
    (folder / "superset_config.py").write_text(
        f"SECRET_KEY = {secrets.token_hex(24)!r}\n"
        f"SQLALCHEMY_DATABASE_URI = 'sqlite:///{folder / 'superset.db'}'\n"
        "WTF_CSRF_ENABLED = False\n",
        encoding="utf-8",
    )
    return {
        "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "FLASK_APP": "superset",
        # The bundle has no password; Superset's driver takes it from here.
        "PGPASSWORD": password,
        # Of whoever runs this, Superset needs nothing.
        "PYTHONPATH": "",
    }


def made_store(programs: Path) -> Path:
    """Return the file of an empty Superset with one administrator, as its manual makes one."""
    folder = WORK / "store"
    shutil.rmtree(folder, ignore_errors=True)
    environment, superset = settings(folder, ""), programs / "superset"
    run([superset, "db", "upgrade"], environment)
    name, secret = ADMIN
    admin = ["--username", name, "--password", secret, "--email", "a@example.org"]
    names = ["--firstname", "A", "--lastname", "B"]
    run([superset, "fab", "create-admin", *admin, *names], environment)
    run([superset, "init"], environment)
    return folder / "superset.db"


def asked(
    server: Server, contents: Contents, readers: Readers, programs: Path, store: Path
) -> dict[str, Any]:
    """Import one bundle into a Superset of its own and return what its dashboard shows."""
    login, role = LOGINS[readers]
    password = secrets.token_hex(8)
    server.psql(f"create role {login} login password '{password}' in role {role}")
    folder = WORK / readers
    shutil.rmtree(folder, ignore_errors=True)
    environment = settings(folder, password)
    address = read_address(server.address(login, password)).shown
    write_bundle(contents, address, readers, folder / "bundle.zip")
    superset, (name, secret) = programs / "superset", ADMIN
    shutil.copyfile(store, folder / "superset.db")
    imported = ["import-dashboards", "--path", str(folder / "bundle.zip"), "--username", name]
    run([superset, *imported], environment)
    slug = f"open-lsi-{readers}"
    said = run([programs / "python", RECIPE / "ask.py", slug, name, secret], environment)
    (answer,) = [line for line in said.splitlines() if line.startswith("ANSWER ")]
    return dict(json.loads(answer.removeprefix("ANSWER ")))


def compare(server: Server, contents: Contents, readers: Readers, shown: dict[str, Any]) -> None:
    """Hold every chart's rows against what psql gets under the same role, and every word."""
    files = bundle(contents, "postgresql://h/d", readers)
    ours = [one for one in contents.views if one.over.readers == readers]
    views = {one.name: one for one in ours}
    named = {one["uuid"]: one["table_name"] for one in files.values() if "table_name" in one}
    charts = [one for one in files.values() if "slice_name" in one]
    if {one["slice_name"] for one in charts} != set(shown["charts"]):
        raise SupersetError(f"{readers}: imported {sorted(shown['charts'])}")
    _, role = LOGINS[readers]
    for chart in charts:
        view = views[named[chart["dataset_uuid"]]]
        found = shown["charts"][chart["slice_name"]]
        rows = server.psql(f"set role {role}; select count(*) from {view.full_name}")
        if chart["viz_type"] == "table" and len(found["rows"]) != int(rows):
            raise SupersetError(f"{chart['slice_name']}: {len(found['rows'])} rows, not {rows}")
        for metric in chart["params"].get("metrics", ()):
            column = metric.removeprefix("sum_of_")
            total = server.psql(f'set role {role}; select sum("{column}") from {view.full_name}')
            if metric not in found["columns"]:
                raise SupersetError(f"{metric}: not among {found['columns']}")
            drawn = sum(Decimal(str(row[metric] or 0)) for row in found["rows"])
            if drawn != Decimal(total or 0):
                raise SupersetError(f"{chart['slice_name']}: {metric} is {drawn}, not {total}")
    for view in ours:
        told = shown["datasets"][f"{view.schema}.{view.name}"]["columns"]
        if told != {one.name: one.comment for one in view.columns}:
            raise SupersetError(f"{view.schema}.{view.name}: columns or words differ")


def kept(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what is committed of an answer: what was there, without its rows and words."""
    return {
        "title": shown["title"],
        "charts": {
            name: {"columns": chart["columns"], "rows": len(chart["rows"])}
            for name, chart in sorted(shown["charts"].items())
        },
        "datasets": {
            name: {
                "columns": sorted(one["columns"]),
                "metrics": {metric: told[1] for metric, told in sorted(one["metrics"].items())},
            }
            for name, one in sorted(shown["datasets"].items())
        },
    }


def main() -> None:
    """Make, publish, import, ask, compare and keep."""
    home: Home = make(WORK / "county").home
    access = load_bi_access(home, load_configuration(home))
    programs = installed()
    version = run([programs / "python", "-c", "from importlib.metadata import version as v;"
                   "print(v('apache-superset'))"], {"PYTHONPATH": ""}).strip()  # fmt: skip
    store = made_store(programs)
    result: dict[str, Any] = {"superset": version}
    with running() as server, opened(home, access, None) as generation:
        publish_home(home, server.address())
        contents = generation.contents()
        for readers in LOGINS:
            shown = asked(server, contents, readers, programs, store)
            compare(server, contents, readers, shown)
            result[readers] = kept(shown)
            print(
                f"{readers}: {len(shown['charts'])} charts over {len(shown['datasets'])} datasets"
            )
            codes = {row["district_code"] for chart in shown["charts"].values()
                     for row in chart["rows"] if row.get("district_code")}  # fmt: skip
            if readers == "districts" and codes != {"E07000105"}:
                raise SupersetError(f"a district's charts show rows of {sorted(codes)}")
    SHOWN.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"Superset {version}: every chart shows what the role reads; kept in {SHOWN}")


if __name__ == "__main__":
    try:
        main()
    except SupersetError as error:
        raise SystemExit(f"superset: {error}") from None
