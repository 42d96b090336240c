"""Linkage on keys: each rule on the smallest set that shows it, and what must stay apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openlsi.home import Home
from openlsi.identity.linkage import LinkageError, link

AWARD = pa.schema(
    [
        ("district_code", pa.string()),
        ("month", pa.date32()),
        ("claim_key", pa.string()),
        ("account_key", pa.string()),
        ("claimant_nino_key", pa.string()),
        ("claimant_name_dob_key", pa.string()),
        ("claimant_name_key", pa.string()),
        ("partner_nino_key", pa.string()),
        ("partner_name_dob_key", pa.string()),
        ("partner_name_key", pa.string()),
    ]
)
ACCOUNT = pa.schema(
    [
        ("district_code", pa.string()),
        ("month", pa.date32()),
        ("account_key", pa.string()),
        ("dwelling_key", pa.string()),
        ("lead_name_key", pa.string()),
        ("joint_name_key", pa.string()),
    ]
)


def award(claim: str, account: str | None, lead: str, month: int = 1, **other: str) -> dict:
    """An award whose claimant has number `n-<lead>` and name with birth `d-<lead>`."""
    row = {
        "district_code": "E1",
        "month": date(2026, month, 1),
        "claim_key": claim,
        "account_key": account,
        "claimant_nino_key": f"n-{lead}",
        "claimant_name_dob_key": f"d-{lead}",
        "partner_nino_key": None,
        "partner_name_dob_key": None,
    }
    return row | other


def households(folder: Path, awards: list[dict], accounts: list[str]) -> dict[tuple[str, str], set]:
    """Link the rows and return the household keys of each claim and account."""
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(awards, AWARD), folder / "awards.parquet")
    rows = [
        {"district_code": "E1", "month": date(2026, 1, 1), "account_key": key} for key in accounts
    ]
    pq.write_table(pa.Table.from_pylist(rows, ACCOUNT), folder / "accounts.parquet")
    linked = link(
        Home(folder),
        "set",
        {
            ("cts", "award"): [folder / "awards.parquet"],
            ("council_tax", "account"): [folder / "accounts.parquet"],
        },
    )
    found: dict[tuple[str, str], set] = {}
    for source, key, household in duckdb.sql(
        f"select source, source_key, household_key from '{linked.folder}/benefit_unit.parquet'"
    ).fetchall():
        found.setdefault((source, key), set()).add(household)
    return found


def test_a_claim_keeps_its_household_through_a_move_and_a_change_of_claimant(
    tmp_path: Path,
) -> None:
    found = households(
        tmp_path,
        [
            award("c1", "a1", "ann", 1, partner_nino_key="n-bob"),
            award("c1", "a2", "ann", 2),
            award("c1", "a2", "bob", 3),
        ],
        ["a1", "a2"],
    )
    assert len(found["cts_claim", "c1"]) == 1
    assert found["council_tax_account", "a1"] == found["council_tax_account", "a2"]
    assert found["council_tax_account", "a1"] == found["cts_claim", "c1"]


def test_a_later_claim_by_the_same_person_is_the_same_household(tmp_path: Path) -> None:
    found = households(
        tmp_path, [award("c1", "a1", "ann", 1), award("c2", "a2", "ann", 9)], ["a1", "a2"]
    )
    assert found["cts_claim", "c1"] == found["cts_claim", "c2"]


def test_a_partner_who_claims_elsewhere_is_another_household(tmp_path: Path) -> None:
    found = households(
        tmp_path,
        [award("c1", "a1", "ann", 1, partner_nino_key="n-bob"), award("c2", "a2", "bob", 2)],
        ["a1", "a2"],
    )
    assert found["cts_claim", "c1"] != found["cts_claim", "c2"]


def test_a_name_and_birth_of_two_numbers_joins_nobody(tmp_path: Path) -> None:
    same_name = "d-smith"
    found = households(
        tmp_path,
        [
            award("c1", "a1", "x", claimant_name_dob_key=same_name),
            award("c2", "a2", "y", claimant_name_dob_key=same_name),
            award("c3", "a3", "z", claimant_nino_key=None, claimant_name_dob_key=same_name),  # type: ignore[arg-type]
        ],
        ["a1", "a2", "a3"],
    )
    claims = [found["cts_claim", key] for key in ("c1", "c2", "c3")]
    assert len(set.union(*claims)) == 3


def test_a_name_and_birth_stands_for_its_one_number(tmp_path: Path) -> None:
    found = households(
        tmp_path,
        [
            award("c1", "a1", "ann", 1),
            award("c2", "a2", "ann", 2, claimant_nino_key=None),  # type: ignore[arg-type]
        ],
        ["a1", "a2"],
    )
    assert found["cts_claim", "c1"] == found["cts_claim", "c2"]


def test_two_claims_on_one_account_share_it_and_stay_apart(tmp_path: Path) -> None:
    found = households(tmp_path, [award("c1", "a1", "ann"), award("c2", "a1", "bob")], ["a1", "a4"])
    assert found["council_tax_account", "a1"] == found["cts_claim", "c1"] | found["cts_claim", "c2"]
    assert len(found["council_tax_account", "a1"]) == 2
    assert len(found["council_tax_account", "a4"]) == 1


def test_a_later_month_does_not_rename_a_household(tmp_path: Path) -> None:
    first = [award("c2", "a1", "ann", 1), award("c1", "a9", "cat", 1)]
    before = households(tmp_path / "one", first, ["a1", "a9"])
    after = households(
        tmp_path / "two",
        [*first, award("c0", "a2", "ann", 2), award("c2", "a1", "ann", 2)],
        ["a1", "a2", "a9"],
    )
    assert all(after[node] == keys for node, keys in before.items())


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    rows = [award(f"c{n}", f"a{n % 7}", f"p{n % 5}", 1 + n % 12) for n in range(40)]
    for name in ("one", "two"):
        households(tmp_path / name, rows, [f"a{n}" for n in range(9)])
    for file in ("person.parquet", "benefit_unit.parquet"):
        files = [(tmp_path / name / "links" / "set" / file) for name in ("one", "two")]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_nothing_landed_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(LinkageError, match="run `lsi load` first"):
        link(Home(tmp_path), "set", {})
