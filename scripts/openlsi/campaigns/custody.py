"""What custody does to cohorts and outcomes: households taken out, keyed anew, or let go.

Every file that is concerned is read and held against its hash before any is written. A campaign's
files are written beside the old ones, then one line of the register makes them count, and only then
the old ones go: killed at any step, run again. Nobody else may change a campaign meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openlsi.campaigns.cohort import arm_counts
from openlsi.campaigns.holdings import (
    cohort_path,
    next_revision,
    outcome_path,
    read_checked,
    remove_strays,
    write_table,
)
from openlsi.campaigns.outcomes import outcome_tables
from openlsi.campaigns.register import FROZEN, REKEYED, TAKEN_OUT, Register
from openlsi.home import Home


@dataclass(frozen=True)
class Holding:
    """What is held of one campaign: cohorts by district's slug, outcomes by first name of file."""

    campaign: str
    cohorts: dict[str, pa.Table]
    outcomes: dict[str, pa.Table]


def holding(home: Home, register: Register, campaign: str, slug: str | None = None) -> Holding:
    """Read what is held of a campaign, or of one district of it with all that was told of any.

    Raises CampaignError for a file that is lost or was changed.
    """
    of = register.of(campaign, FROZEN)
    expected = f"the cohort that was frozen on {of[0]['at'][:10]}" if of else "a cohort"
    cohorts = {
        one: read_checked(cohort_path(home, campaign, one, told["file"]), told["sha256"], expected)
        for one, told in register.cohorts(campaign).items()
        if slug in (None, one)
    }
    return Holding(campaign, cohorts, outcome_tables(home, campaign, register) if cohorts else {})


def holdings(home: Home, register: Register, slug: str) -> list[Holding]:
    """Read what every campaign holds of one district; raises CampaignError as `holding` does."""
    found = [holding(home, register, one, slug) for one in register.campaigns()]
    return [one for one in found if one.cohorts]


def take_out(home: Home, slug: str, households: pa.Array, dry_run: bool = False) -> int:
    """Take these households of a district out of cohorts and outcomes; return how many rows go.

    A campaign's event holds counts and hashes. Raises CampaignError, with nothing changed, where a
    file of the district's campaigns is not as it was written.
    """
    register = Register.read(home)
    taken = 0
    for held in holdings(home, register, slug):
        cohort = held.cohorts[slug]
        is_theirs = pc.is_in(cohort["household_key"], households)
        refs = cohort.filter(is_theirs)["case_ref"].combine_chunks()
        gone = len(refs)
        taken += gone
        if gone and not dry_run:
            _write(home, register, TAKEN_OUT, slug, held, _without(refs), {"households": gone})
    if not dry_run:
        remove_strays(home, register)
    return taken


def _without(refs: pa.Array) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.filter(pc.invert(pc.is_in(table["case_ref"], refs)))


def rekey(
    home: Home, register: Register, slug: str, held: Holding, by_now: pa.Table, key_id: str
) -> int:
    """Give a cohort's households of a district their keys of now; return those that have none.

    `by_now` is a row a key: `former` and `now`. A household of which no record is held any more is
    kept under its reference alone: its former key must not stay, and no later extract tells of it.
    """
    cohort = held.cohorts[slug]
    own_refs = cohort["case_ref"].combine_chunks()
    keys = by_now["now"].combine_chunks()
    former = by_now["former"].combine_chunks()
    lost: int = cohort.filter(pc.invert(pc.is_in(cohort["household_key"], former))).num_rows

    def change(table: pa.Table) -> pa.Table:
        found = pc.take(keys, pc.index_in(table["household_key"], former))
        unheld = pc.binary_join_element_wise("case", table["case_ref"], ":")
        is_own = pc.is_in(table["case_ref"], own_refs)
        now = pc.if_else(is_own, pc.coalesce(found, unheld), table["household_key"])
        at = table.column_names.index("household_key")
        return table.set_column(at, "household_key", now)

    told = {"households": cohort.num_rows, "households_without_records": lost, "key_id": key_id}
    _write(home, register, REKEYED, slug, held, change, told)
    return lost


def key_id_told(register: Register, campaign: str, slug: str) -> str | None:
    """Return the key id that a district's part of a cohort was last keyed anew with, if it was."""
    events = [one for one in register.of(campaign, REKEYED) if slug in one["cohorts"]]
    return str(events[-1]["key_id"]) if events else None


def _write(
    home: Home,
    register: Register,
    kind: str,
    slug: str,
    held: Holding,
    change: Callable[[pa.Table], pa.Table],
    told: Mapping[str, Any],
) -> None:
    """Write what changes of a campaign under its next revisions, and the line that says so."""
    was = register.cohorts(held.campaign)[slug]["file"]
    cohort, file = change(held.cohorts[slug]), next_revision(was)
    sha256 = write_table(cohort, cohort_path(home, held.campaign, slug, file))
    cohorts = {slug: {"file": file, **arm_counts(cohort), "sha256": sha256}}
    outcomes = {}
    for name, before in held.outcomes.items():
        after = change(before)
        if not after.equals(before):
            file = next_revision(register.outcome_files(held.campaign)[name]["file"])
            sha256 = write_table(after, outcome_path(home, held.campaign, file))
            outcomes[name] = {"file": file, "sha256": sha256, "rows": after.num_rows}
    register.append(kind, held.campaign, cohorts=cohorts, outcomes=outcomes, **told)
