"""Two senders' keys for one person differ; only a named sharing's linking key is one for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openlsi.cli.linking import sharings_of_pupils
from openlsi.config import Configuration, load_configuration
from openlsi.home import Home
from openlsi.identity.keys import DistrictKeys, MasterKey
from openlsi.identity.sharing import FILE, link_pupils

MASTER = MasterKey(b"a made-up secret of 32 characters", is_demo=True)
SENDERS = ("E07000105", "E07000107", "E10000016")
AWARD = [
    "district_code", "uc_key", "month", "fsm_nino_key", "fsm_name_dob_key", "fsm_partner_nino_key",
    "fsm_partner_name_dob_key",
]  # fmt: skip
PUPIL = ["pupil_key", "month", "fsm_nino_key", "fsm_name_dob_key"]


@pytest.mark.parametrize("purpose", ["nino", "name_dob", "pupil"])
def test_every_sender_has_keys_of_its_own(purpose: str) -> None:
    pads = [DistrictKeys(MASTER, code, "k1").pads(purpose) for code in SENDERS]
    assert len(set(pads)) == len(SENDERS)


def test_a_linking_key_is_one_for_all_senders_and_for_nothing_else() -> None:
    pads = {
        DistrictKeys(MASTER, code, "k1").pads("link:free_school_meals:nino") for code in SENDERS
    }
    assert len(pads) == 1
    other = DistrictKeys(MASTER, SENDERS[0], "k1")
    assert pads.isdisjoint(
        {other.pads("link:free_school_meals:name_dob"), other.pads("link:another:nino")}
    )


def write(path: Path, columns: list[str], rows: list[tuple[Any, ...]]) -> Path:
    schema = pa.schema([(name, pa.string()) for name in columns])
    table = pa.Table.from_pylist(
        [dict(zip(columns, row, strict=True)) for row in rows], schema=schema
    )
    place = columns.index("month")
    dates = table.column("month").cast(pa.timestamp("s")).cast(pa.date32())
    pq.write_table(table.set_column(place, "month", dates), path)
    return path


def linked(folder: Path, awards: list[Any], pupils: list[Any], *, is_shared: bool) -> list[Any]:
    """Return pupil, census, district, claim, household and rule of each link."""
    units = [("E1", "uc_claim", "u1", "h1"), ("E2", "uc_claim", "u2", "h2"),
             ("E1", "cts_claim", "u1", "h9")]  # fmt: skip
    names = ["district_code", "source", "source_key", "household_key"]
    pq.write_table(
        pa.Table.from_pylist([dict(zip(names, unit, strict=True)) for unit in units]),
        folder / "benefit_unit.parquet",
    )
    landed = {
        ("universal_credit", "award"): [write(folder / "awards.parquet", AWARD, awards)],
        ("free_school_meals", "pupil"): [write(folder / "pupils.parquet", PUPIL, pupils)],
    }
    count = link_pupils(folder, landed, is_shared=is_shared)
    found = duckdb.sql(f"select * replace (cast(census_month as varchar) as census_month)"
                       f" from '{folder / FILE}' order by all").fetchall()  # fmt: skip
    assert count == len(found)
    return found


def award(district: str, claim: str, month: str, **keys: str) -> tuple[str | None, ...]:
    return (district, claim, month, *(keys.get(name) for name in AWARD[3:]))


def test_a_pupil_meets_the_claim_by_number_first_then_by_name_and_birth(tmp_path: Path) -> None:
    awards = [
        award("E1", "u1", "2026-10-01", fsm_nino_key="n1", fsm_name_dob_key="b1"),
        award("E2", "u2", "2026-10-01", fsm_name_dob_key="b2", fsm_partner_nino_key="n3",
              fsm_partner_name_dob_key="b3"),
    ]  # fmt: skip
    pupils = [
        ("by number", "2026-10-01", "n1", "b2"),
        ("by name", "2026-10-01", None, "b2"),
        ("number of nobody", "2026-10-01", "n9", "b1"),
        ("by partner", "2026-10-01", "n3", None),
        ("by partner's name", "2026-10-01", None, "b3"),
        ("no match", "2026-10-01", "n8", "b8"),
        ("nothing known", "2026-10-01", None, None),
    ]
    assert linked(tmp_path, awards, pupils, is_shared=True) == [
        ("by name", "2026-10-01", "E2", "u2", "h2", "name_and_birth"),
        ("by number", "2026-10-01", "E1", "u1", "h1", "nino"),
        ("by partner", "2026-10-01", "E2", "u2", "h2", "nino"),
        ("by partner's name", "2026-10-01", "E2", "u2", "h2", "name_and_birth"),
        ("number of nobody", "2026-10-01", "E1", "u1", "h1", "name_and_birth"),
    ]


def test_the_claim_nearest_to_the_census_counts_and_two_as_near_tell_nothing(
    tmp_path: Path,
) -> None:
    awards = [
        award("E1", "u1", "2026-04-01", fsm_nino_key="moved"),
        award("E2", "u2", "2026-09-01", fsm_nino_key="moved"),
        award("E1", "u1", "2026-10-01", fsm_name_dob_key="twins"),
        award("E2", "u2", "2026-10-01", fsm_name_dob_key="twins"),
    ]
    pupils = [
        ("p", "2026-05-01", "moved", None),
        ("p", "2026-10-01", "moved", None),
        ("q", "2026-10-01", None, "twins"),
    ]
    assert linked(tmp_path, awards, pupils, is_shared=True) == [
        ("p", "2026-05-01", "E1", "u1", "h1", "nino"),
        ("p", "2026-10-01", "E2", "u2", "h2", "nino"),
    ]


def test_without_the_sharing_nothing_is_linked_whatever_keys_lie_in_landing(
    tmp_path: Path,
) -> None:
    awards = [award("E1", "u1", "2026-10-01", fsm_nino_key="n1")]
    pupils = [("p", "2026-10-01", "n1", None)]
    assert linked(tmp_path, awards, pupils, is_shared=False) == []
    assert len(linked(tmp_path, awards, pupils, is_shared=True)) == 1


def test_both_feeds_must_be_named(tmp_path: Path) -> None:
    configuration = load_configuration(Home(tmp_path))
    assert sharings_of_pupils(configuration) == ["free_school_meals"]
    named = configuration.sharings["free_school_meals"]
    half = named.model_copy(update={"feeds": ["free_school_meals"]})
    for sharings in ({}, {"free_school_meals": half}, {"another": named}):
        told: Configuration = configuration.model_copy(update={"sharings": sharings})
        assert sharings_of_pupils(told) == []
