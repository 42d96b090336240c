"""What reviewers decided about pairs that the model was not sure of, kept where raw values are.

A decision names what two records say, as keyed hashes: it holds for as long as the records say the
same, whichever claim they stand in, and through a change of the district's keys.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from openlsi.errors import LsiError
from openlsi.home import private_folder
from openlsi.identity.hashing import KEY_CHARACTERS, hmac_sql
from openlsi.identity.keys import DistrictKeys
from openlsi.identity.linkage_sources import SOURCES
from openlsi.identity.person_records import (
    Decision,
    DistrictVault,
    People,
    gather,
    open_memory,
)

# Decisions outlive a key id, so their hashes are made with a name of their own in its place.
_KEY_ID = "decisions"
_PURPOSE = "person_record"

_TOKENS = f"""
create or replace temp table tokens as
with said as (
    -- distinct: one person says the same in many claims
    select distinct record_key,
        concat_ws(chr(31), left(node, 1), role, coalesce(surname, ''), coalesce(forenames, ''),
            coalesce(birth_date, ''), coalesce(nino, ''),
            -- Where nothing else tells two people of a name apart, the address must.
            case when birth_date is null and nino is null
                then concat_ws(chr(31), coalesce(address, ''), coalesce(postcode, ''),
                    coalesce(uprn, '')) else '' end) as details
    from met
)
select record_key, left({hmac_sql("encode(details)")}, {KEY_CHARACTERS}) as token
from said
"""


class ReviewError(LsiError):
    """A review cannot go on; every decision taken before it is kept."""


def decisions_file(vault_folder: Path) -> Path:
    """Return where a district's decisions are kept."""
    return vault_folder / "review" / "decisions.jsonl"


def read_decisions(vault_folder: Path) -> list[Decision]:
    """Return a district's decisions, the last about a pair being the one that holds."""
    path = decisions_file(vault_folder)
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(Decision(**json.loads(line)))
        except (ValueError, TypeError):
            raise ReviewError(
                f"{path}, line {number}: not a decision; restore the file from a safe copy"
            ) from None
    return found


def keep_decision(vault_folder: Path, decision: Decision) -> None:
    """Append one decision and see it safe on disk."""
    path = decisions_file(vault_folder)
    private_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(decisions_text([decision]))
        file.flush()
        os.fsync(file.fileno())


def decisions_text(decisions: Sequence[Decision]) -> str:
    """Return decisions as they stand in their file, a line each."""
    return "".join(json.dumps(asdict(one), sort_keys=True) + "\n" for one in decisions)


def tokens_of(vault: DistrictVault, people: People) -> set[str]:
    """Return the hashes by which a decision could name the people that a vault tells of."""
    if vault.keys is None:
        return set()
    with open_memory() as con:
        gather(con, vault, people)
        make_tokens(con, vault.keys)
        return {token for (token,) in con.execute("select token from tokens").fetchall()}


def make_tokens(con: duckdb.DuckDBPyConnection, keys: DistrictKeys) -> None:
    """Make `tokens`: each record of `met` and the hashes of what it says."""
    inner, outer = replace(keys, key_id=_KEY_ID).pads(_PURPOSE)
    con.execute(_TOKENS, {"inner": inner, "outer": outer})


def lay_decisions(con: duckdb.DuckDBPyConnection, vault: DistrictVault) -> None:
    """Make `decided` (one_key, other_key, decision) for the records of `met`."""
    _lay(con, "decisions", vault.decisions)
    if not vault.decisions or vault.keys is None:
        con.execute(
            "create or replace temp table decided"
            " (one_key varchar, other_key varchar, decision varchar)"
        )
        return
    make_tokens(con, vault.keys)
    con.execute(
        """
        create or replace temp table decided as
        -- distinct: many records say the same
        select distinct one.record_key as one_key, other.record_key as other_key, decision
        from decisions
        join tokens as one on decisions.one = one.token
        join tokens as other on decisions.other = other.token
        """
    )


def _lay(con: duckdb.DuckDBPyConnection, name: str, decisions: Sequence[Decision]) -> None:
    last = {frozenset((told.one, told.other)): told for told in decisions}
    rows = list(last.values())
    table = pa.table(
        {
            column: pa.array([getattr(row, column) for row in rows], pa.string())
            for column in ("one", "other", "decision")
        }
    )
    con.register("arriving", table)
    con.execute(f"create or replace temp table {name} as select * from arriving")
    con.unregister("arriving")


@dataclass(frozen=True)
class Pair:
    """Two records to decide about: the hashes of what they say, and what they say."""

    one_token: str
    other_token: str
    score: float
    one: Mapping[str, str]
    other: Mapping[str, str]


_SAID = """
create or replace temp table said as
select met.record_key, any_value(tokens.token) as token,
    {columns}
from met
join tokens using (record_key)
group by met.record_key
"""
_LEFT = """
select one.token, other.token, pairs.score, one, other
from pairs
join said as one on pairs.one_key = one.record_key
join said as other on pairs.other_key = other.record_key
anti join decisions
    on least(decisions.one, decisions.other) = least(one.token, other.token)
    and greatest(decisions.one, decisions.other) = greatest(one.token, other.token)
order by pairs.score desc, pairs.one_key, pairs.other_key
"""
_DETAILS = ("surname", "forenames", "birth_date", "nino", "address", "postcode", "uprn")


def lay_pairs(con: duckdb.DuckDBPyConnection, vault: DistrictVault, queued: pa.Table) -> None:
    """Make `pairs` to decide about, and `said`: each record's raw values, several in one text."""
    if vault.keys is None:
        raise ReviewError(f"{vault.district_code}: no keys to keep a decision with")
    _lay(con, "decisions", vault.decisions)
    make_tokens(con, vault.keys)
    sources = " ".join(f"when '{source.mark}' then '{source.name}'" for source in SOURCES)
    columns = [f"any_value(case left(node, 1) {sources} end || ', ' || role) as source"]
    columns += [
        f"coalesce(string_agg(distinct {name}, ' / ' order by {name}), '') as {name}"
        for name in _DETAILS
    ]
    con.execute(_SAID.format(columns=", ".join(columns)))
    con.register("arriving", queued)
    con.execute("create or replace temp table pairs as select * from arriving")
    con.unregister("arriving")


def pairs_left(con: duckdb.DuckDBPyConnection) -> list[Pair]:
    """Return the pairs that nobody has decided, the likeliest first."""
    return [Pair(*row) for row in con.execute(_LEFT).fetchall()]
