"""How likely two records are one person, by a committed Splink model, for what the rules leave.

The model is data (model/person_model.json) and is never trained here; model/README.md tells how it
was made and what its figures mean. Splink works in the memory of the connection given.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

_PAIRS = """
create or replace temp table scored as
select id_l as one_id, id_r as other_id, match_probability as score, match_weight as weight
from {predicted}
"""


@cache
def model() -> dict[str, Any]:
    """Return the committed model: comparisons, their weights, and which pairs are looked at."""
    path = resources.files("openlsi.identity") / "model/person_model.json"
    settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return settings


def score_pairs(
    con: duckdb.DuckDBPyConnection, traits: str, lowest: float, settings: dict[str, Any] | None
) -> None:
    """Make `scored`: pairs of rows of table `traits` whose probability is at least `lowest`.

    `traits` has the columns of `traits` and `label`: rows of one label are one person already.
    """
    (count,) = con.execute(f"select count(*) from {traits}").fetchone() or (0,)
    if count < 2:
        con.execute(_PAIRS.format(predicted=_nobody()))
        return
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register(traits), settings or model(), log_level=None)
    predicted = linker.inference.predict(threshold_match_probability=lowest)
    con.execute(_PAIRS.format(predicted=predicted.physical_name))
    linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def _nobody() -> str:
    return (
        "(select 0::integer as id_l, 0::integer as id_r, 0::double as match_probability,"
        " 0::double as match_weight where false)"
    )
