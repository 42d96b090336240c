"""What the truth ledger says of rent: who stands in which account, and what each month comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from openlsi.synthesis import truth
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.faults import Planted, Record, Table
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.rent_books import KINDS, NO_CLAIM, RentMonth, Tenancies, ever_joint
from openlsi.synthesis.rent_recovery import EVICTION, REFERRAL, STAGES


def people_table(made: MadeDistrict, t: Tenancies, refs: list[str]) -> pa.Table:
    """Return who stands in each rent account, as `truth.PEOPLE`."""
    code = made.district.code
    lead, joint = made.accounts.lead[t.account], ever_joint(made, t)
    person = np.concatenate([lead, joint])
    tenancy = np.tile(np.arange(len(t)), 2)
    claim = np.tile(t.claim, 2)
    role = np.repeat(["tenant", "joint_tenant"], len(t))
    rows = np.flatnonzero(person != NO_ONE).tolist()
    return pa.table(
        {
            "district_code": [code] * len(rows),
            "feed": ["rent"] * len(rows),
            "record": ["account"] * len(rows),
            "role": [str(role[row]) for row in rows],
            "source_ref": [refs[int(tenancy[row])] for row in rows],
            "person_id": [f"{code}-P{person[row]}" for row in rows],
            "household_id": [
                None if claim[row] == NO_CLAIM else f"{code}-H{claim[row]}" for row in rows
            ],
        },
        schema=truth.PEOPLE,
    )


def rent_records(
    month: RentMonth, tables: dict[str, str], lines: dict[str, Ints], needed: tuple[str, str]
) -> dict[str, Record]:
    """Return the four records as the faults see them; `tables` names the table of each.

    `needed` are the two columns without which no balance is found: the reference and its own.
    """
    balance = month.balance[month.shown]
    stage, status = month.recovery.stage[month.shown], month.agreements.status[month.shown]
    actions = int(np.sum(stage > 0) + np.sum(month.recovery.is_referred[month.shown]))
    return {
        "account": Record(
            tables["account"],
            np.arange(len(balance)),
            balance,
            dict.fromkeys(needed, balance),
            lines,
        ),
        "transaction": Record(tables["transaction"], np.arange(len(month.transactions.kind))),
        "action": Record(tables["action"], np.arange(actions)),
        "agreement": Record(tables["agreement"], np.arange(int(np.sum(status > 0)))),
    }


def rent_counts(
    month: RentMonth, record_tables: dict[str, Table], planted: Sequence[Planted]
) -> list[dict[str, Any]]:
    """Return the count of each record, with the measures of its clean rows."""
    measures = {
        "account": _account_measures(month, truth.spoilt_rows(planted, "account")),
        "transaction": _transaction_measures(month, truth.spoilt_rows(planted, "transaction")),
        "action": _action_measures(month, truth.spoilt_rows(planted, "action")),
        "agreement": {},
    }
    counts = []
    for name, table in record_tables.items():
        mine = [p for p in planted if p.kind.record == name]
        bad = len(truth.spoilt_rows(planted, name))
        repeats = len([p for p in mine if p.kind.how == "repeat"])
        counts.append(
            {
                "record": name,
                "file_name": table.file_name,
                "physical_rows": len(table.lines),
                "planted_rows": len(mine),
                "clean_rows": len(table.lines) - repeats - bad,
                "measures": measures[name],
            }
        )
    balance = month.balance[month.shown]
    counts[0]["clean_gbp"] = int(
        balance.sum() - balance[truth.spoilt_rows(planted, "account")].sum()
    )
    return counts


def _account_measures(month: RentMonth, bad: Ints) -> dict[str, tuple[int, int]]:
    balance = np.delete(month.balance[month.shown], bad)
    owed = balance[balance > 0]
    credit = balance[balance < 0]
    return {
        "rent_accounts": (len(balance), int(balance.sum())),
        "rent_arrears": (len(owed), int(owed.sum())),
        "rent_credits": (len(credit), int(-credit.sum())),
    }


def _transaction_measures(month: RentMonth, bad: Ints) -> dict[str, tuple[int, int]]:
    kind = np.delete(month.transactions.kind, bad)
    pence = np.delete(month.transactions.pence, bad)
    return {
        f"transactions {name}": (int(np.sum(kind == place)), int(pence[kind == place].sum()))
        for place, name in enumerate(KINDS)
        if np.any(kind == place)
    }


def _action_measures(month: RentMonth, bad: Ints) -> dict[str, tuple[int, int]]:
    _, kind = action_rows(month)
    kind = np.delete(kind, bad)
    names = [*STAGES, "referral_for_advice"]
    return {
        f"actions {name}": (int(np.sum(kind == place)), 0)
        for place, name in enumerate(names)
        if np.any(kind == place)
    }


def action_rows(month: RentMonth) -> tuple[Ints, Ints]:
    """Return the account (place among those shown) and kind of each live action of a month.

    Each account shows the stage that it has reached, then a referral for advice where there is one.
    """
    stage = month.recovery.stage[month.shown]
    in_stage = np.flatnonzero(stage > 0)
    referred = np.flatnonzero(month.recovery.is_referred[month.shown])
    place = np.concatenate([in_stage, referred])
    kind = np.concatenate([stage[in_stage], np.full(len(referred), REFERRAL)])
    assert np.all(kind[: len(in_stage)] <= EVICTION)
    return place, kind
