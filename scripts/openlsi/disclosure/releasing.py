"""Hold an edition that conflicts with what was published before; record those that go out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openlsi.config.county import configuration_files
from openlsi.disclosure.bridges import read_bridges
from openlsi.disclosure.conflicts import Conflict, conflicts
from openlsi.disclosure.figures import as_published
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.release_ledger import APPROVED, HELD, PUBLISHED, Released, ReleaseLedger
from openlsi.disclosure.release_limits import load_release_limits
from openlsi.disclosure.released_figures import as_rows, row_words
from openlsi.disclosure.rules import rules_for
from openlsi.disclosure.spec import DisclosureError, Specs
from openlsi.home import Home

# As many conflicts as a person reads are kept by their words; how many there are is told.
_KEPT = 200
_RECORDED = "limits.yml says releases: {conflicts: record}"
_REWRITTEN = "what was landed was erased, let go or keyed anew, and must leave what readers open"
# Whoever reads the county's edition reads the public's too.
_READ_TOGETHER = frozenset({"public", "county"})


@dataclass(frozen=True)
class HeldRelease:
    """An edition that waits for a person: its name, since when, and what it would tell."""

    name: str
    edition: str
    at: str
    count: int
    conflicts: Sequence[str]


def goes_out_because(home: Home, *, was_rewritten: bool) -> str:
    """Return why an edition goes out whatever it conflicts with; empty where it is held."""
    if was_rewritten:
        return _REWRITTEN
    return _RECORDED if load_release_limits(home).conflicts == "record" else ""


def check_against_earlier(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    specs: Specs,
    edition: str,
    build_id: str,
    *,
    goes_out_because: str = "",
) -> None:
    """Hold the edition in schema `published` where it conflicts with one that was published.

    One that goes out all the same is not held, and its conflicts are kept in the ledger with why.
    Raises DisclosureError with the name under which a person can let a held one pass.
    """
    if edition not in _READ_TOGETHER:
        # A district's officers hold its households: exact figures tell them nothing.
        return
    ledger = ReleaseLedger.read(home)
    rules, bridges = rules_for(edition), read_bridges(con, specs)
    now = Released(build_id, edition, as_rows(as_published(con, specs), specs, build_id))
    found: dict[Conflict, None] = {}
    for earlier in ledger.releases():
        if earlier.edition in _READ_TOGETHER:
            found |= dict.fromkeys(conflicts(now, earlier, specs, rules, bridges))
    if not found:
        return
    name = _name(edition, list(found))
    if ledger.is_approved(name):
        return
    told = {
        "release": name, "edition": edition, "count": len(found),
        "conflicts": [str(one) for one in list(found)[:_KEPT]],
    }  # fmt: skip
    if goes_out_because:
        ledger.append({"event": APPROVED, **told, "by": "", "why": goes_out_because})
        return
    if name not in {one.name for one in _held(ledger)}:
        ledger.append({"event": HELD, **told})
    raise DisclosureError(
        f"the {edition} edition is held: with what was published before, {len(found)} figures"
        f" tell more than they may; the first is {next(iter(found))}. `lsi holds` lists it; it goes"
        f" out after `lsi approve {name} --by NAME --why TEXT` and the next build"
    )


def record_release(home: Home, publication: Path, build_id: str, edition: str) -> None:
    """Record the figures of a publication that readers open; does nothing where they are."""
    ledger = ReleaseLedger.read(home)
    if edition not in _READ_TOGETHER or ledger.has(build_id, edition) or not publication.exists():
        return
    described = load_specs(configuration_files(home, "disclosure"))
    with duckdb.connect(str(publication), read_only=True) as con:
        specs = _as_published_then(con, described)
        ledger.record(
            Released(build_id, edition, as_rows(as_published(con, specs), specs, build_id))
        )


def _as_published_then(con: duckdb.DuckDBPyConnection, described: Specs) -> Specs:
    """Return descriptions without what a publication of an earlier version does not hold.

    A table whose rows were told by other columns then cannot be compared, and is left out.
    """
    there: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'published'"
    ).fetchall():
        there.setdefault(str(table), set()).add(str(column))
    known = {name: spec for name, spec in described.items() if name in there}
    return {
        name: spec.model_copy(
            update={"columns": [one for one in spec.columns if one.name in there[name]]}
        )
        for name, spec in known.items()
        if there[name].issuperset(row_words(spec, known))
    }


def approve(home: Home, name: str, by: str, why: str) -> HeldRelease:
    """Let a held edition pass; raises DisclosureError where none of this name is held."""
    for option, text in (("--by", by), ("--why", why)):
        if not text.strip():
            raise DisclosureError(f"{option}: found nothing; expected who decides, and why")
    ledger = ReleaseLedger.read(home)
    for one in _held(ledger):
        if one.name == name:
            ledger.append(
                {"event": APPROVED, "release": name, "by": by.strip(), "why": why.strip()}
            )
            return one
    raise DisclosureError(f"{name}: no edition of this name is held; `lsi holds` lists what is")


def held_releases(home: Home) -> list[HeldRelease]:
    """Return the editions that wait for a person, oldest first."""
    return _held(ReleaseLedger.read(home))


def _held(ledger: ReleaseLedger) -> list[HeldRelease]:
    """Return what is held: neither approved nor overtaken by a later edition that went out."""
    held: dict[str, HeldRelease] = {}
    for event in ledger.events:
        if event["event"] == HELD:
            held[event["release"]] = HeldRelease(
                event["release"], event["edition"], event["at"], event["count"],
                tuple(event["conflicts"]),
            )  # fmt: skip
        elif event["event"] == APPROVED:
            held.pop(event["release"], None)
        elif event["event"] == PUBLISHED:
            held = {name: one for name, one in held.items() if one.edition != event["edition"]}
    return list(held.values())


def _name(edition: str, found: list[Conflict]) -> str:
    """Return a name that the same edition with the same conflicts always has."""
    text = "\n".join([edition, *sorted(str(one) for one in found)])
    return "r" + hashlib.sha256(text.encode()).hexdigest()[:10]
