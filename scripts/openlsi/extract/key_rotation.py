"""`lsi keys rotate`: one district's landing and vault under a new key id."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from openlsi.extract.chain import now
from openlsi.extract.district_keys import used_key_ids
from openlsi.extract.refusals import ExtractError
from openlsi.extract.rewriting import Custody, custody, record_of
from openlsi.home import Home
from openlsi.identity.rotation import KeyColumns, rekey_file, rekey_table, remake_keys


@dataclass(frozen=True)
class Rotated:
    """What a rotation came to; `is_new` is false where the key id was in use already."""

    district: str
    former: str
    key_id: str
    extracts: int
    keys: int
    rows: int
    is_new: bool


def rotate_keys(home: Home, slug_or_code: str, to: str, by: str, why: str) -> Rotated:
    """Key a district anew under key id `to`; files first, then one line of the ledger.

    Killed at any step, run again: either nothing had changed or all had. A key id is used once in
    a district's life, so that a leaked key never opens what came later. Linking keys stay: they
    are no district's own. Raises LsiError, with nothing changed, for a wrong master key or a vault
    that does not know what landing holds.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", to):
        raise ExtractError(f"--to {to}: expected a short name such as k2, of letters and digits")
    with custody(home, slug_or_code) as opened:
        used = used_key_ids(opened.ledger, opened.district.code)
        former = opened.keys.key_id
        if to == former:
            return Rotated(opened.district.name, former, to, len(opened.entries), 0, 0, False)
        if to in used:
            raise ExtractError(
                f"--to {to}: {opened.district.name} was keyed with it before; expected another"
                f" than {', '.join(used)}: a key id is used once"
            )
        return _rotate(opened, to, by, why)


def _rotate(opened: Custody, to: str, by: str, why: str) -> Rotated:
    former, keys = opened.keys.key_id, replace(opened.keys, key_id=to)
    segments = opened.segments()
    identities = [
        (opened.spec(*found), [table])
        for entry in opened.entries
        for name, table in segments[entry["extract_id"]].items()
        if (found := record_of(name))
    ]
    remade = remake_keys(opened.connection, keys, identities)
    rows = 0
    for entry in opened.entries:
        rows += _rekey(opened, entry)
        tables = segments[entry["extract_id"]]
        opened.seal(keys, entry, {n: _rekeyed(opened, n, t) for n, t in tables.items()})
    opened.commit(
        {
            "event": "keys_rotated",
            "district_code": opened.district.code,
            "former_key_id": former,
            "key_id": to,
            "key_check": keys.check_value(),
            "by": by,
            "why": why,
            "recorded_at": now(),
            "extracts": len(opened.entries),
            "keys": remade,
            "rows": rows,
            "revised": {
                entry["extract_id"]: {
                    "revision": entry["revision"] + 1,
                    "key_id": to,
                    "key_check": keys.check_value(),
                }
                for entry in opened.entries
            },
        }
    )
    return Rotated(opened.district.name, former, to, len(opened.entries), remade, rows, True)


def _rekeyed(opened: Custody, name: str, table: pa.Table) -> pa.Table:
    found = record_of(name)
    if found is None:
        return table
    return rekey_table(opened.connection, _columns(opened, *found), table)


def _columns(opened: Custody, feed: str, record: str) -> KeyColumns:
    return KeyColumns.of(opened.record(feed, record).keys, opened.spec(feed, record))


def _rekey(opened: Custody, entry: dict[str, Any]) -> int:
    """Write each record of an extract with the new keys; return the rows."""
    rows = 0
    for landed in entry["records"]:
        source = opened.home.landing / landed["path"]
        target = opened.next_revision(source, entry)
        columns = _columns(opened, entry["feed"], landed["record"])
        rows += rekey_file(opened.connection, columns, source, target)
    return rows
