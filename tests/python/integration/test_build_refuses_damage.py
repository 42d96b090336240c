"""`lsi build` on a damaged partition of landing: one plain line, and readers keep what they had."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from built_county import TODAY, BuiltCounty

from openlsi.home import Home
from openlsi.warehouse.building import SECURE

SENTENCE = "test failed: “every accepted row and pound is in landing”"
DAMAGES = {
    "deleted": "select * from landed where false",
    "doubled": "select * from landed union all select * from landed",
    "a hundredfold": "select * replace ({raised}) from landed",
}


def lsi(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from openlsi.cli import main; main()", *arguments],
        env=os.environ | {"LSI_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )


def damage(path: Path, how: str) -> None:
    """Rewrite one partition of landing: its rows deleted, doubled, or its pounds a hundredfold."""
    with duckdb.connect() as con:
        con.execute(f"create table landed as select * from read_parquet('{path}')")
        kinds = con.execute("describe landed").fetchall()
        raised = ", ".join(
            f"{name} * 100 as {name}" for name, kind, *_ in kinds if kind.startswith("DECIMAL")
        )
        query = DAMAGES[how].format(raised=raised)
        con.execute(f"copy ({query}) to '{path}' (format parquet)")


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_partition_stops_the_build_with_the_sentence_of_the_test(
    county: BuiltCounty, tmp_path: Path, how: str
) -> None:
    home = county.copied(tmp_path / "home")
    before = home.current.readlink()
    (path,) = home.landing.glob(
        "feed=council_tax/record=balance/district=E07000107/month=2024-04-01/*.parquet"
    )
    damage(path, how)
    ran = lsi(home, "build", "--quiet", "--today", f"{TODAY}", "--force")
    assert ran.returncode == 1
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"lsi: {SENTENCE} ")
    assert line.endswith("; the earlier generation stays in place")
    # One line for the screen; what it counts as more stands beside the failed attempt.
    (log,) = home.generations.glob(".*/build.log")
    told = [one for one in log.read_text(encoding="utf-8").splitlines() if "failed: “" in one]
    assert told[0].startswith(SENTENCE)
    assert (f"; {len(told) - 1} more in build.log;" in line) == (len(told) > 1)
    assert home.current.readlink() == before
    with duckdb.connect(str(home.current / SECURE), read_only=True) as con:
        assert con.execute("select count(*) > 100 from marts.fct_arrears").fetchone() == (True,)
    # The failed attempt is out of every reader's sight, and the next build clears it away.
    assert [one.name for one in home.generations.iterdir() if not one.name.startswith(".")] == [
        before.name
    ]
    shutil.rmtree(home.root)
