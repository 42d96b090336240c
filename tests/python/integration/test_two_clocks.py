"""The second clock: figures as they were reported then, and whatever order months are loaded in."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from built_county import TODAY
from typer.testing import CliRunner, Result

from openlsi.cli import application
from openlsi.extract import chain
from openlsi.extract.loading import load
from openlsi.home import Home
from openlsi.identity.keys import create_master_key
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan
from openlsi.warehouse.building import PUBLISHED, SECURE
from openlsi.warehouse.content import content_hashes
from openlsi.warehouse.generations import current_build, generations, reported_build
from small_counties import let_editions_out

SLUGS = ("sevenoaks", "dartford")
# A draw in which no feed moves by more than a month may between February and April.
PLAN = Plan(months=4, until="2024-05", sample=0.1, seed=20261102, scale=0.02)
# Sevenoaks's system says when it produced a file; Dartford's does not, so loading counts.
IN_TIME, THEN, LATE, AGAIN = (datetime(2024, 6, day, 9) for day in (3, 5, 10, 12))
Hashes = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Four made-up months of two districts, a master key, and nothing loaded."""
    home = Home(tmp_path_factory.mktemp("clocks") / "sent")
    synthesise(home, PLAN, SLUGS, workers=1)
    if not (home.root / "keys" / "master.key").exists():
        create_master_key(home.root / "keys" / "master.key", is_demo=True)
    return home


def files_of(sent: Home) -> list[Path]:
    """Return the files of each month; re-issues of the generator's own are left out."""
    return [
        path.relative_to(sent.inbox)
        for slug in SLUGS
        for path in sorted((sent.inbox / slug).rglob("*"))
        if path.is_file() and ".R2" not in path.name
    ]


def month_of(path: Path) -> str:
    """Return the month that a file's name says, as 202402."""
    digits = "".join(character for character in path.name if character.isdigit())
    return digits[-6:]


def is_late(path: Path) -> bool:
    return month_of(path) == "202403"


def new_home(sent: Home, folder: Path) -> Home:
    home = Home(folder)
    let_editions_out(home)
    shutil.copytree(sent.root / "keys", home.root / "keys")
    for name in ("official", "reference"):
        if (sent.inbox / name).exists():
            shutil.copytree(sent.inbox / name, home.inbox / name)
    return home


def send(sent: Home, home: Home, files: list[Path]) -> None:
    """Put files into the inbox; those of the late month say that they were produced late."""
    for path in files:
        content = (sent.inbox / path).read_bytes()
        if path.name.startswith("E0700"):
            content = produced(content, LATE if is_late(path) else IN_TIME)
        target = home.inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def produced(content: bytes, when: datetime) -> bytes:
    header, rest = content.split(b"\r\n", 1)
    fields = header.split(b"|")
    assert len(fields[3]) == len("20240603T090000")
    return b"|".join([*fields[:3], f"{when:%Y%m%dT%H%M%S}".encode()]) + b"\r\n" + rest


def send_again(sent: Home, home: Home) -> None:
    """Send April's council tax of Sevenoaks again: a pound less was paid on one account."""
    (path,) = [one for one in files_of(sent) if "CTAX" in one.name and month_of(one) == "202404"]
    lines = (sent.inbox / path).read_bytes().split(b"\r\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(b"B|") and paid(line) > 100)
    fields = lines[at].split(b"|")
    fields[7], fields[12] = (
        str(int(fields[7]) - 100).encode(),
        str(int(fields[12]) + 100).encode(),
    )
    lines[at] = b"|".join(fields)
    trailer = next(n for n, line in enumerate(lines) if line.startswith(b"T|"))
    totals = lines[trailer].split(b"|")
    lines[trailer] = b"|".join([*totals[:3], more(totals[3])])
    content = produced(b"\r\n".join(lines), AGAIN)
    (home.inbox / path.with_name(path.name.replace(".txt", ".R2.txt"))).write_bytes(content)


def paid(line: bytes) -> int:
    field = line.split(b"|")[7]
    return int(field) if field.isdigit() else 0


def more(pence: bytes) -> bytes:
    return f"{int(pence) + 100}".encode()


def loaded(home: Home, when: datetime) -> None:
    """Load the inbox on a day of the test's own clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "now", lambda: when.isoformat(timespec="microseconds"))
        report = load(home)
    assert (report.refused, report.held) == ([], [])


def lsi(home: Home, *words: str) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_HOME", str(home.root))
        return CliRunner().invoke(application(), list(words))


def built(home: Home, *words: str) -> str:
    result = lsi(home, "build", "--today", f"{TODAY}", *words)
    assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
    return result.stdout + result.stderr


def hashes(home: Home, build_id: str) -> Hashes:
    """Return a hash of each table's content, all but the one that tells the build's own name."""
    found: Hashes = {}
    for file, schema in (
        (SECURE, "marts"), (SECURE, "metrics"), (PUBLISHED, "published"),
    ):  # fmt: skip
        path = home.generations / build_id / file
        with closing(duckdb.connect(str(path), read_only=True)) as con:
            found[schema] = content_hashes(con, schema)
    del found["published"]["build_info"]
    return found


def current_hashes(home: Home) -> Hashes:
    current = current_build(home)
    assert current
    return hashes(home, current.build_id)


@pytest.fixture(scope="module")
def clocks(sent: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Hashes]]:
    """A home built before and after a late month and a correction, and what it held before."""
    home = new_home(sent, tmp_path_factory.mktemp("clocks") / "home")
    send(sent, home, [path for path in files_of(sent) if not is_late(path)])
    loaded(home, IN_TIME)
    built(home)
    then = current_hashes(home)
    send(sent, home, [path for path in files_of(sent) if is_late(path)])
    loaded(home, LATE)
    send_again(sent, home)
    loaded(home, AGAIN)
    built(home)
    # The late month of two districts and the corrected one of another: the rest was taken over, and
    # what follows holds it against builds of everything at once.
    build = current_build(home)
    assert build
    assert build.changed_slices == 3
    yield home, then


def test_figures_as_reported_are_what_the_build_gave_then(clocks: tuple[Home, Hashes]) -> None:
    home, then = clocks
    before = current_build(home)
    now = current_hashes(home)
    assert now["marts"]["fct_arrears"] != then["marts"]["fct_arrears"]
    assert now["marts"]["fct_benefit_spend"] != then["marts"]["fct_benefit_spend"]

    told = built(home, "--as-reported", f"{THEN:%Y-%m-%dT%H:%M}")
    name = f"{THEN:%Y-%m-%dT%H:%M:%S}"
    assert f"As reported at {THEN:%Y-%m-%d %H:%M} (UTC), by the rules of today." in told
    kept = reported_build(home, name)
    assert kept
    assert hashes(home, kept.build_id) == then
    # Readers go on opening what they had.
    assert current_build(home) == before
    assert f"as reported {name}" in lsi(home, "generations").stdout
    assert "nothing has changed" in built(home, "--as-reported", name)
    assert [one for one in generations(home) if one.as_reported] == [kept]

    asked = ("metrics", "query", "cts_caseload_count", "--by", "month", "--csv")
    today, reported = lsi(home, *asked), lsi(home, *asked, "--as-reported", name)
    assert f"As reported at {THEN:%Y-%m-%d %H:%M} (UTC)" in reported.stderr
    assert "As reported" not in today.stderr
    months = [line.split(",")[0] for line in today.stdout.splitlines()[1:]]
    assert months[1] == "2024-03-01"
    assert months[:1] + months[2:] == [
        line.split(",")[0] for line in reported.stdout.splitlines()[1:]
    ]


def test_what_was_not_built_or_not_known_is_told(clocks: tuple[Home, Hashes]) -> None:
    home, _ = clocks
    query = lsi(home, "metrics", "query", "cts_caseload_count", "--as-reported", "2024-06")
    assert str(query.exception) == (
        "no build as reported 2024-06 is kept; make it by `lsi build --as-reported 2024-06`"
    )
    for text, told in (
        (
            "2020-01",
            "2020-01: nothing was known then; the first extract became known on 2024-06-03",
        ),
        ("June", "June: neither a month nor an instant; write it as 2026-08, 2026-08-15 or"),
        ("2024-06-05T09:00+01:00", "2024-06-05T09:00+01:00: leave the time zone out;"),
    ):
        assert str(lsi(home, "build", "--as-reported", text).exception).startswith(told)


@pytest.mark.parametrize("seed", [3, 8])
def test_the_order_of_loading_changes_no_table(
    sent: Home, clocks: tuple[Home, Hashes], tmp_path: Path, seed: int
) -> None:
    first, _ = clocks
    home = new_home(sent, tmp_path / "home")
    months = sorted({month_of(path) for path in files_of(sent)})
    order: list[str] = random.Random(seed).sample([*months, "again"], len(months) + 1)
    for number, part in enumerate(order):
        if part == "again":
            send_again(sent, home)
        else:
            send(sent, home, [path for path in files_of(sent) if month_of(path) == part])
        loaded(home, datetime(2024, 7, 1 + number))
    built(home)
    assert current_hashes(home) == current_hashes(first)


def test_the_county_says_that_a_district_is_missing_while_its_month_is_held(
    clocks: tuple[Home, Hashes],
) -> None:
    home, _ = clocks
    decided = ("dartford", "cts", "2024-05", "--by", "A. Officer", "--why", "a test")
    before = included(home)
    assert lsi(home, "hold", *decided).exit_code == 0
    built(home)
    assert included(home) == before | {"2024-05": before["2024-05"] - 1}
    assert lsi(home, "release", *decided).exit_code == 0
    built(home)
    assert included(home) == before


def included(home: Home) -> dict[str, int]:
    """Return of how many districts the county's support is, by month."""
    with closing(duckdb.connect(str(home.current / PUBLISHED), read_only=True)) as con:
        return dict(
            con.execute(
                "select strftime(month, '%Y-%m'), districts_included_count"
                " from published.county_cts_month"
            ).fetchall()
        )
