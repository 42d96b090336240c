"""From a district's vault to people: what is gathered, what leaves, what a reviewer decides."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openlsi.cli import reviewing
from openlsi.config import ConfigurationError, load_configuration
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, MasterKey
from openlsi.identity.linkage import LinkedSet, Zone, link
from openlsi.identity.linkage_limits import LinkageLimits, load_linkage_limits
from openlsi.identity.linkage_review import (
    Pair,
    ReviewError,
    decisions_file,
    keep_decision,
    lay_pairs,
    pairs_left,
    read_decisions,
)
from openlsi.identity.person_records import Decision, DistrictVault, People, gather, open_memory

KEYS = DistrictKeys(MasterKey(b"k" * 32, is_demo=True), "E1", "k1")
PERSON = ("surname", "forenames", "birth_date", "nino")
PEOPLE: People = {
    ("cts", "award"): {
        role: {name: f"{role}_{name}" for name in PERSON} for role in ("claimant", "partner")
    },
    ("council_tax", "account"): {
        role: {"surname": f"{role}_surname", "forenames": f"{role}_forenames"}
        for role in ("lead", "joint")
    },
    ("universal_credit", "award"): {
        role: {name: f"{role}_{name}" for name in PERSON} for role in ("claimant", "partner")
    },
}


def claimant(forenames: str, birth_date: str = "", nino: str = "") -> dict[str, str]:
    return {
        "i_claimant_surname": "Hogben", "i_claimant_forenames": forenames,
        "i_claimant_birth_date": birth_date, "i_claimant_nino": nino,
        "claimant_nino_key": f"k-{nino}" if nino else "",
        "claimant_name_dob_key": f"k-Hogben-{forenames}-{birth_date}" if birth_date else "",
    }  # fmt: skip


def account(key: str, forenames: str, door: str) -> dict[str, str]:
    return {
        "account_key": key, "i_lead_surname": "Hogben", "i_lead_forenames": forenames,
        "lead_name_key": f"k-Hogben-{forenames}", "i_address": f"{door} Mill Lane",
        "i_postcode": "TN20 1AA", "i_uprn": "",
    }  # fmt: skip


CTS = {"claim_key": "c1", "account_key": "a1", "claimant_name_key": "k-Hogben-Margaret"} | claimant(
    "Margaret", "1960-05-04", "AB123456C"
)
UC = {
    "uc_key": "u1", "cts_claim_key": "", "i_address": "12, Mill Ln", "i_postcode": "TN201AA",
} | claimant("Maggie", "1960-04-05")  # fmt: skip
ACCOUNTS = [account("a1", "Margaret", "12"), account("a2", "Margaret", "99")]


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    return pa.Table.from_pylist([{k: v or None for k, v in row.items()} for row in rows], schema)


def vault(
    decisions: Sequence[Decision] = (), uc: Sequence[dict[str, Any]] = (UC,)
) -> DistrictVault:
    identities = {
        ("cts", "award"): [table([CTS])],
        ("council_tax", "account"): [table(ACCOUNTS[:1]), table(ACCOUNTS[1:])],
    }
    if uc:
        identities["universal_credit", "award"] = [table(uc)]
    return DistrictVault("E1", identities, KEYS, decisions)


LANDED = {
    ("cts", "award"): [
        "claim_key", "account_key", "claimant_nino_key", "claimant_name_dob_key",
        "claimant_name_key", "partner_nino_key", "partner_name_dob_key", "partner_name_key",
    ],
    ("council_tax", "account"): ["account_key", "dwelling_key", "lead_name_key", "joint_name_key"],
    ("universal_credit", "award"): [
        "uc_key", "cts_claim_key", "claimant_nino_key", "claimant_name_dob_key",
        "partner_nino_key", "partner_name_dob_key",
    ],
}  # fmt: skip


def linked(
    folder: Path, zone: Zone, uc: Sequence[dict[str, Any]] = (UC,), previous: Path | None = None
) -> LinkedSet:
    """Lay the keyed side of the same rows as landing, and link."""
    folder.mkdir(exist_ok=True)
    landed = {}
    rows = {("cts", "award"): [CTS], ("council_tax", "account"): ACCOUNTS}
    for name, told in (rows | {("universal_credit", "award"): list(uc)}).items():
        keyed = [
            {"district_code": "E1", "month": date(2026, 1, 1)}
            | {column: row.get(column) or None for column in LANDED[name]}
            for row in told
        ]
        schema = pa.schema(
            [("district_code", pa.string()), ("month", pa.date32())]
            + [(column, pa.string()) for column in LANDED[name]]
        )
        path = folder / f"{'__'.join(name)}.parquet"
        pq.write_table(pa.Table.from_pylist(keyed, schema), path)
        landed[name] = [path]
    return link(Home(folder), folder.name, landed, zone, previous)


def read(linked_set: LinkedSet, name: str) -> list[dict[str, Any]]:
    return pq.read_table(linked_set.folder / f"{name}.parquet").to_pylist()


def households(linked_set: LinkedSet) -> dict[str, str]:
    return {row["source_key"]: row["household_key"] for row in read(linked_set, "benefit_unit")}


def test_the_vault_joins_what_keys_cannot(tmp_path: Path) -> None:
    by_names = linked(tmp_path / "names", Zone([vault()], PEOPLE))
    by_keys = linked(tmp_path / "keys", Zone())
    found, on_keys = households(by_names), households(by_keys)
    assert found["u1"] == found["c1"] == found["a1"] != found["a2"]
    assert on_keys["u1"] != on_keys["c1"] == on_keys["a1"]
    people = {(row["source_key"], row["role"]): row for row in read(by_names, "person")}
    assert people["u1", "lead"]["person_key"] == people["c1", "lead"]["person_key"]
    assert people["u1", "lead"]["person_key"] == people["a1", "lead"]["person_key"]
    assert people["a1", "lead"]["rule"] == "bridge"
    assert people["a2", "lead"]["rule"] == "alone"


def test_only_keys_rules_and_scores_leave(tmp_path: Path) -> None:
    done = linked(tmp_path / "set", Zone([vault()], PEOPLE))
    written = " ".join(
        str(pq.read_table(path).to_pylist()) for path in sorted(done.folder.iterdir())
    )
    raw = ("Hogben", "HOGBEN", "Margaret", "Maggie", "MAGGIE", "1960", "AB123456", "Mill", "TN20")
    assert not [name for name in raw if name in written.replace("k-Hogben", "")]
    assert sorted(path.name for path in done.folder.iterdir()) == [
        "benefit_unit.parquet", "changes.parquet", "known_as.parquet", "match_rate.parquet",
        "person.parquet", "review.parquet",
    ]  # fmt: skip


def test_match_rates_count_every_claim_and_account(tmp_path: Path) -> None:
    rates = read(linked(tmp_path / "set", Zone([vault()], PEOPLE)), "match_rate")
    of_households = [row for row in rates if row["kind"] == "household"]
    assert sum(row["record_count"] for row in of_households) == 4
    assert sum(row["matched_count"] for row in of_households) == 3
    people = [row for row in rates if row["kind"] == "person" and row["rule"] == "alone"]
    assert [(row["source"], row["record_count"]) for row in people] == [("council_tax_account", 1)]


def test_what_changed_since_the_set_before_is_recorded(tmp_path: Path) -> None:
    apart = linked(tmp_path / "keys", Zone())
    joined = linked(tmp_path / "names", Zone([vault()], PEOPLE), previous=apart.folder)
    changes = [row for row in read(joined, "changes") if row["subject"] == "household"]
    assert [(row["kind"], row["old_key"], row["new_key"]) for row in changes] == [
        ("merged", households(apart)["u1"], households(joined)["c1"])
    ]
    same = linked(tmp_path / "again", Zone([vault()], PEOPLE), previous=joined.folder)
    assert read(same, "changes") == []
    back = linked(tmp_path / "back", Zone(), previous=joined.folder)
    assert {row["kind"] for row in read(back, "changes") if row["subject"] == "household"} == {
        "split"
    }


UNSURE = UC | {"claimant_name_dob_key": "k-unsure"} | {
    "i_claimant_birth_date": "1971-01-30", "i_claimant_forenames": "M", "i_address": "99 Mill Lane",
}  # fmt: skip


def open_pairs(zone_vault: DistrictVault, done: LinkedSet) -> list[Pair]:
    queued = pq.read_table(done.folder / "review.parquet")
    with open_memory() as con:
        gather(con, zone_vault, PEOPLE)
        lay_pairs(con, zone_vault, queued)
        return pairs_left(con)


def test_a_decision_is_kept_applied_and_never_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home")
    district = load_configuration(home).districts[0]
    limits = LinkageLimits(automatic=1, clerical=0.9)
    before = linked(tmp_path / "one", Zone([vault(uc=[UNSURE])], PEOPLE, limits), [UNSURE])
    (pair,) = open_pairs(vault(uc=[UNSURE]), before)
    assert {pair.one["forenames"], pair.other["forenames"]} == {"M", "Margaret"}
    monkeypatch.setattr("sys.stdin", io.StringIO("k\n"))
    assert reviewing._walk(home, district, [pair], "R. Viewer") == (0, False)
    monkeypatch.setattr("sys.stdin", io.StringIO("perhaps\nd\n"))
    assert reviewing._walk(home, district, [pair], "R. Viewer") == (1, False)
    assert "answer s (same)" in capsys.readouterr().out
    folder = home.vault / district.slug
    kept = read_decisions(folder)
    assert [(told.decision, told.by) for told in kept] == [("different", "R. Viewer")]
    assert "Hogben" not in decisions_file(folder).read_text()
    decided = vault(kept, [UNSURE])
    assert open_pairs(decided, before) == []
    refused = linked(tmp_path / "two", Zone([decided], PEOPLE, limits), [UNSURE])
    assert read(refused, "review") == []
    keep_decision(folder, Decision(pair.one_token, pair.other_token, "same", "R. Viewer", "later"))
    agreed = vault(read_decisions(folder), [UNSURE])
    joined = linked(tmp_path / "three", Zone([agreed], PEOPLE, limits), [UNSURE])
    assert read(joined, "review") == []
    people = {row["source_key"]: row["person_key"] for row in read(joined, "person")}
    assert people["u1"] == people["a2"] != people["c1"]


def test_a_damaged_file_of_decisions_is_named(tmp_path: Path) -> None:
    decisions_file(tmp_path).parent.mkdir()
    decisions_file(tmp_path).write_text('{"one": "x"}\n')
    with pytest.raises(ReviewError, match=r"decisions\.jsonl, line 1: not a decision"):
        read_decisions(tmp_path)


def test_a_review_says_who_decides() -> None:
    with pytest.raises(ReviewError, match="--by NAME"):
        reviewing.review(by=" ")


def test_no_name_is_spilt_to_a_disk() -> None:
    with open_memory() as con:
        assert duckdb_setting(con, "temp_directory") == ""


def duckdb_setting(con: duckdb.DuckDBPyConnection, name: str) -> str:
    (value,) = con.execute(f"select current_setting('{name}')").fetchone() or ("",)
    return str(value or "")


def test_thresholds_that_cross_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "limits.yml").write_text("linkage: {automatic: 0.5, clerical: 0.9}\n")
    with pytest.raises(ConfigurationError, match="clerical must not lie above automatic"):
        load_linkage_limits(Home(tmp_path))
