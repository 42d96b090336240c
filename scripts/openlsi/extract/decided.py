"""Reviewers' decisions about people whose records are no longer held: they go with the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from openlsi.extract.landing import write_whole
from openlsi.extract.rewriting import Custody, record_of
from openlsi.identity.linkage_review import (
    decisions_file,
    decisions_text,
    read_decisions,
    tokens_of,
)
from openlsi.identity.person_records import DistrictVault

Segments = Mapping[str, Mapping[str, pa.Table]]


def drop_decisions(opened: Custody, before: Segments, after: Segments) -> int:
    """Remove the decisions about records that `before` tells of and `after` does not.

    Both are the vault's tables by extract. A decision names what two records say by keyed hashes;
    one of them gone, it tells of somebody who is held no more and decides nothing. Returns how many
    were removed.
    """
    folder = opened.vault.folder
    decisions = read_decisions(folder)
    if not decisions:
        return 0
    gone = _tokens(opened, before.values()) - _tokens(opened, after.values())
    kept = [one for one in decisions if not {one.one, one.other} & gone]
    if len(kept) < len(decisions):
        write_whole(decisions_file(folder), decisions_text(kept).encode())
    return len(decisions) - len(kept)


def _tokens(opened: Custody, segments: Iterable[Mapping[str, pa.Table]]) -> set[str]:
    identities: dict[tuple[str, str], list[pa.Table]] = {}
    for tables in segments:
        for name, table in tables.items():
            if (found := record_of(name)) is not None:
                identities.setdefault(found, []).append(table)
    people = {
        (feed, record): {role: one.model_dump() for role, one in told.people.items()}
        for feed, definition in opened.definitions.items()
        for record, told in definition.records.items()
    }
    return tokens_of(DistrictVault(opened.district.code, identities, opened.keys), people)
