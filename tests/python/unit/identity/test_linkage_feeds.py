"""Linkage of every feed on keys: each rule on the smallest set that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openlsi.home import Home
from openlsi.identity.linkage import link
from openlsi.identity.linkage_sources import SOURCES

Found = dict[tuple[str, str], tuple[str, str]]


def claim(source: str, key: str, month: int = 1, **keys: str | None) -> dict[str, Any]:
    """A row of a source: its key, and whatever of its landed columns the case needs."""
    return {"source": source, "key": key, "month": date(2026, month, 1), **keys}


def cts(key: str, account: str, lead: str, month: int = 1, **keys: str | None) -> dict[str, Any]:
    return claim(
        "cts_claim", key, month, account_key=account, claimant_nino_key=f"n-{lead}",
        claimant_name_dob_key=f"d-{lead}", claimant_name_key=f"s-{lead}",
    ) | keys  # fmt: skip


def account(key: str, dwelling: str | None = None, name: str | None = None) -> dict[str, Any]:
    return claim("council_tax_account", key, dwelling_key=dwelling, lead_name_key=name)


def link_set(folder: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Land the rows below `folder` and link them; return the folder of the link set."""
    folder.mkdir(exist_ok=True)
    landed = {}
    for source in SOURCES:
        own = [row for row in rows if row["source"] == source.name]
        people = [c for p in source.people for c in (p.nino, p.name_dob, p.name)]
        told = [source.key, source.cts_claim, source.account, source.dwelling, *people]
        columns = list(dict.fromkeys(column for column in told if column))
        table = pa.table(
            {"district_code": ["E1"] * len(own), "month": [row["month"] for row in own]}
            | {
                column: pa.array(
                    [row["key"] if column == source.key else row.get(column) for row in own],
                    pa.string(),
                )
                for column in columns
            }
        )
        if own:
            path = folder / f"{source.name}.parquet"
            pq.write_table(table, path)
            landed[source.feed, source.record] = [path]
    return link(Home(folder), "set", landed).folder


def linked(folder: Path, rows: Sequence[dict[str, Any]]) -> Found:
    """Link the rows and return (source, key) → (household, rule); one household each."""
    folder = link_set(folder, rows)
    rows_found = units(folder)
    found = {(source, key): (household, rule) for source, key, household, rule in rows_found}
    assert len(found) == len(rows_found), "these cases share no account"
    return found


def units(folder: Path) -> list[tuple[str, str, str, str]]:
    """Return source, key, household and rule of every row of a link set."""
    return duckdb.sql(
        f"select source, source_key, household_key, rule from '{folder}/benefit_unit.parquet'"
    ).fetchall()


def assert_joined(found: Found, other: tuple[str, str], to: tuple[str, str], rule: str) -> None:
    assert found[other] == (found[to][0], rule)


def assert_alone(found: Found, node: tuple[str, str]) -> None:
    household, rule = found[node]
    assert rule.endswith("_only")
    assert [key for key, value in found.items() if value[0] == household] == [node]


C1 = ("cts_claim", "c1")
A1 = account("a1", "uprn-1", "s-ann")
ANN = cts("c1", "a1", "ann", partner_nino_key="n-bob", partner_name_dob_key="d-bob")


def test_a_claim_that_names_a_claim_for_support_is_its_household(tmp_path: Path) -> None:
    found = linked(
        tmp_path,
        [
            A1, ANN,
            claim("hb_claim", "h1", cts_claim_key="c1", claimant_nino_key="n-bob"),
            claim("uc_claim", "u1", cts_claim_key="c1"),
            claim("discretionary_award", "d1", cts_claim_key="c1", applicant_nino_key="n-cat"),
        ],
    )  # fmt: skip
    for node in (("hb_claim", "h1"), ("uc_claim", "u1"), ("discretionary_award", "d1")):
        assert_joined(found, node, C1, "cts_claim_bridge")


def test_a_claim_that_names_an_account_is_the_household_with_support_on_it(tmp_path: Path) -> None:
    found = linked(
        tmp_path,
        [
            A1, ANN,
            claim("hb_claim", "h1", account_key="a1"),
            claim("discretionary_award", "d1", account_key="a1"),
        ],
    )  # fmt: skip
    assert_joined(found, ("hb_claim", "h1"), C1, "account_bridge")
    assert_joined(found, ("discretionary_award", "d1"), C1, "account_bridge")
    assert_joined(found, ("council_tax_account", "a1"), C1, "claim_on_account")


def test_two_claims_on_an_account_are_told_apart_by_the_person(tmp_path: Path) -> None:
    rows = [
        account("a2"), cts("c1", "a1", "ann"), cts("c2", "a1", "cat"),
        claim("hb_claim", "h1", account_key="a1", claimant_nino_key="n-cat"),
        claim("hb_claim", "h2", account_key="a1", claimant_nino_key="n-dan"),
    ]  # fmt: skip
    found = linked(tmp_path, rows)
    assert_joined(found, ("hb_claim", "h1"), ("cts_claim", "c2"), "account_bridge")
    assert_alone(found, ("hb_claim", "h2"))


def test_an_account_without_support_belongs_to_the_claim_for_housing_benefit_on_it(
    tmp_path: Path,
) -> None:
    rows = [A1, account("a2"), ANN, claim("hb_claim", "h1", account_key="a2")]
    found = linked(tmp_path, rows)
    assert_joined(found, ("hb_claim", "h1"), ("council_tax_account", "a2"), "account_bridge")
    assert found["council_tax_account", "a2"][1] == "claim_on_account"
    assert found["hb_claim", "h1"][0] != found[C1][0]


def test_the_same_number_joins_every_feed_before_anything_weaker(tmp_path: Path) -> None:
    keys = {"claimant_nino_key": "n-ann", "claimant_name_dob_key": "d-other"}
    found = linked(
        tmp_path,
        [
            A1, ANN,
            claim("hb_claim", "h1", **keys), claim("uc_claim", "u1", **keys),
            claim("rent_account", "r1", tenant_nino_key="n-ann", dwelling_key="uprn-9"),
            claim("discretionary_award", "d1", applicant_nino_key="n-ann"),
        ],
    )  # fmt: skip
    for node in (
        ("hb_claim", "h1"), ("uc_claim", "u1"), ("rent_account", "r1"),
        ("discretionary_award", "d1"),
    ):  # fmt: skip
        assert_joined(found, node, C1, "nino")


def test_a_tenant_without_number_is_found_by_dwelling_and_name(tmp_path: Path) -> None:
    found = linked(
        tmp_path,
        [
            A1, ANN, account("a2", "uprn-2", "s-dan"),
            claim("rent_account", "r1", tenant_name_key="s-ann", dwelling_key="uprn-1"),
            claim("rent_account", "r2", tenant_name_key="s-dan", dwelling_key="uprn-2"),
            claim("rent_account", "r3", tenant_name_key="s-dan", dwelling_key="uprn-1"),
        ],
    )  # fmt: skip
    assert_joined(found, ("rent_account", "r1"), C1, "dwelling_and_name")
    assert_joined(found, ("rent_account", "r2"), ("council_tax_account", "a2"), "dwelling_and_name")
    assert_alone(found, ("rent_account", "r3"))


def test_name_and_birth_join_where_no_number_is_held(tmp_path: Path) -> None:
    rows = [
        A1, ANN,
        claim("uc_claim", "u1", claimant_name_dob_key="d-ann"),
        claim("discretionary_award", "d1", applicant_name_dob_key="d-ann"),
        claim("rent_account", "r1", tenant_name_dob_key="d-zed"),
    ]  # fmt: skip
    found = linked(tmp_path, rows)
    assert_joined(found, ("uc_claim", "u1"), C1, "name_and_birth")
    assert_joined(found, ("discretionary_award", "d1"), C1, "name_and_birth")
    assert_alone(found, ("rent_account", "r1"))


def test_a_couple_written_the_other_way_round_is_one_household(tmp_path: Path) -> None:
    swapped = {"claimant_nino_key": "n-bob", "partner_nino_key": "n-ann"}
    found = linked(tmp_path, [A1, ANN, claim("uc_claim", "u1", **swapped)])
    assert_joined(found, ("uc_claim", "u1"), C1, "nino")


def test_a_partner_who_left_and_claims_alone_is_another_household(tmp_path: Path) -> None:
    alone = claim("uc_claim", "u1", claimant_nino_key="n-bob")
    later = claim("rent_account", "r1", 6, tenant_nino_key="n-bob")
    found = linked(tmp_path, [A1, ANN, alone, later])
    assert found["uc_claim", "u1"][0] != found[C1][0]
    assert_joined(found, ("rent_account", "r1"), ("uc_claim", "u1"), "nino")


def test_a_tenant_who_is_the_partner_on_the_claim_follows_it(tmp_path: Path) -> None:
    found = linked(tmp_path, [A1, ANN, claim("rent_account", "r1", tenant_nino_key="n-bob")])
    assert_joined(found, ("rent_account", "r1"), C1, "nino")


def test_a_tenancy_that_passes_on_joins_nobody(tmp_path: Path) -> None:
    rows = [
        A1, ANN, cts("c2", "a2", "dan"), account("a2"),
        claim("rent_account", "r1", 1, tenant_nino_key="n-ann"),
        claim("rent_account", "r1", 2, tenant_nino_key="n-dan"),
    ]  # fmt: skip
    found = linked(tmp_path, rows)
    assert found[C1][0] != found["cts_claim", "c2"][0]
    assert found["rent_account", "r1"][0] == found[C1][0]


def test_a_household_is_named_after_the_earliest_thing_known_of_it(tmp_path: Path) -> None:
    first = [A1, account("a2"), cts("c0", "a1", "zoe"), claim("hb_claim", "h1", account_key="a2")]
    before = linked(tmp_path / "before", first)
    after = linked(
        tmp_path / "after",
        [*first, cts("c9", "a2", "dan", 2), claim("uc_claim", "u1", 3, cts_claim_key="c9")],
    )
    assert {node: after[node][0] for node in before} == {n: key for n, (key, _) in before.items()}
    assert after["uc_claim", "u1"][0] == before["hb_claim", "h1"][0]


TENANTS = {"tenant_nino_key": "n-ann", "joint_nino_key": "n-dan"}
SHARED: dict[str, tuple[list[dict[str, Any]], int]] = {
    "each tenant leads a claim": ([cts("c2", "a2", "dan")], 2),
    "the joint tenant is on Universal Credit": (
        [claim("uc_claim", "u2", claimant_nino_key="n-dan")],
        2,
    ),
    "the joint tenant claims nothing": ([], 1),
    "the joint tenant's claim ended before": (
        [cts("c2", "a2", "dan", 1), *(claim("rent_account", "r1", n, **TENANTS) for n in (2, 3))],
        1,
    ),
    "the joint tenant was once the first one's partner": (
        [
            claim("uc_claim", "u1", claimant_nino_key="n-ann", partner_nino_key="n-dan"),
            cts("c2", "a2", "dan"),
        ],
        1,
    ),
    "the joint tenant leads two claims": (
        [cts("c2", "a2", "dan"), claim("uc_claim", "u2", claimant_nino_key="n-dan")],
        2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHARED)
def test_joint_tenants_of_two_households_share_the_rent(tmp_path: Path, case: str) -> None:
    further, household_count = SHARED[case]
    own = (
        []
        if any(row["key"] == "r1" for row in further)
        else [claim("rent_account", "r1", **TENANTS)]
    )
    found = units(link_set(tmp_path, [A1, ANN, account("a2"), *own, *further]))
    liable = {household for source, key, household, _ in found if key == "r1"}
    led = {household for source, key, household, _ in found if key in ("c1", "c2", "u2")}
    assert len(liable) == household_count
    assert liable <= led
    assert {household for _, key, household, _ in found if key == "c1"} <= liable
