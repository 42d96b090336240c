"""What custody does to a built county: who is gone is gone from all that was made of them.

Keys change in every file and no figure does; then months and linking keys are let go and a person
is erased, and no file of any generation, link set or page holds a key of theirs.
"""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml
from built_county import TODAY, BuiltCounty, run_lsi_build
from leak_scan import Leak, Needles, scan
from load_homes import configure_districts
from sent_identifiers import SentIdentifiers
from typer.testing import CliRunner

from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.outcomes import outcome_tables
from openlsi.campaigns.register import LET_GO, REKEYED, TAKEN_OUT, Register
from openlsi.cli import application
from openlsi.cli.linking import district_vaults, link_landing, people_of
from openlsi.cli.renewal import settle, stale
from openlsi.config import load_configuration
from openlsi.extract.chain import Ledger
from openlsi.extract.key_rotation import rotate_keys
from openlsi.home import Home
from openlsi.identity.linkage_review import keep_decision, make_tokens, read_decisions
from openlsi.identity.person_records import Decision, DistrictVault, gather, open_memory
from openlsi.warehouse.generations import current_build, generations

SLUG, CODE = "ashford", "E07000105"
# As on the 15th of June two months are kept: April and May.
KEPT_MONTHS, FIRST_KEPT = 2, "2024-04-01"
BY = ("--by", "A. Keeper", "--why", "asked for")


@pytest.fixture(scope="module")
def home(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of this module's own; its tests go on one after another, as a county would."""
    return county.copied(tmp_path_factory.mktemp("custody") / "home")


def lsi(home: Home, *words: str, said: str = "") -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_HOME", str(home.root))
        ran = CliRunner().invoke(application(), list(words), input=said)
    assert ran.exit_code == 0, (ran.output, ran.exception)
    return ran.output


def refused(home: Home, *words: str, said: str = "") -> str:
    """Return what a campaign's refusal says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_HOME", str(home.root))
        ran = CliRunner().invoke(application(), list(words), input=said)
    assert isinstance(ran.exception, CampaignError)
    return str(ran.exception)


def rows(home: Home, file: str, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(home.current / file), read_only=True)) as con:
        return con.execute(query).fetchall()


def published(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    tables = rows(
        home, "publication.duckdb",
        "select table_name from duckdb_tables() where schema_name = 'published'",
    )  # fmt: skip
    return {
        name: rows(
            home, "publication.duckdb",
            f"select * exclude (build_id) from published.{name} order by all",
        )
        for (name,) in tables if name != "build_info"
    }  # fmt: skip


def household_versions(home: Home) -> list[tuple[Any, ...]]:
    return rows(
        home, "secure.duckdb",
        "select * exclude (household_version_key, household_key, dwelling_key, build_id)"
        " from marts.dim_household order by all",
    )  # fmt: skip


def keys_in(home: Home, district: str) -> set[str]:
    return {
        key
        for row in rows(
            home, "secure.duckdb",
            "select household_key, dwelling_key from marts.dim_household"
            f" where district_code = '{district}'",
        )
        for key in row
        if key
    }  # fmt: skip


def cohorts(home: Home) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return of every household of a cohort, by campaign, district and reference, key and arm."""
    register, found = Register.read(home), {}
    for name in register.campaigns():
        for slug, told in register.cohorts(name).items():
            path = home.campaigns / name / slug / told["file"]
            for row in pq.read_table(path).to_pylist():
                found[name, slug, row["case_ref"]] = (row["household_key"], row["arm"])
    return found


def outcomes(home: Home) -> set[tuple[str, str]]:
    """Return household and reference of all that is recorded of any campaign."""
    register = Register.read(home)
    return {
        (row["household_key"], row["case_ref"])
        for name in register.campaigns()
        for table in outcome_tables(home, name, register).values()
        for row in table.to_pylist()
    }


def awards(home: Home) -> list[tuple[Any, ...]]:
    """Return what is measured of campaigns, without keys."""
    return rows(
        home, "secure.duckdb",
        "select campaign_key, district_code, arm, awarded_date, annualised_gbp, one_off_gbp"
        " from marts.fct_campaign_awards order by all",
    )  # fmt: skip


# --- keys made anew


def test_rotated_keys_change_every_key_and_no_figure(home: Home) -> None:
    before, versions, keys = published(home), household_versions(home), keys_in(home, CODE)
    other, measured, frozen, told = (
        keys_in(home, "E07000107"),
        awards(home),
        cohorts(home),
        outcomes(home),
    )
    said = lsi(home, "keys", "rotate", SLUG, "--to", "k2", *BY, "--later")
    assert "`lsi run` now: not made again yet: the build that readers open and the site." in said
    assert list(home.links.iterdir()) == []
    assert run_lsi_build(home).is_new
    settle(home)
    assert published(home) == before
    assert household_versions(home) == versions
    assert len(keys) == len(keys_in(home, CODE))
    assert not keys & keys_in(home, CODE)
    assert keys_in(home, "E07000107") == other
    assert len(generations(home)) == 1
    assert re.search(r"[\d,]+ households of 4 campaigns follow; of 0 no record is held", said)
    followed = cohorts(home)
    assert {place: arm for place, (_, arm) in followed.items()} == {
        place: arm for place, (_, arm) in frozen.items()
    }
    changed = {
        slug for (name, slug, ref), one in followed.items() if one != frozen[name, slug, ref]
    }
    assert changed == {SLUG}
    own = {key for (_, slug, _), (key, _) in frozen.items() if slug == SLUG}
    assert len(own) > 100
    assert not own & {key for key, _ in followed.values()}
    now = {ref: key for (_, _, ref), (key, _) in followed.items()}
    assert outcomes(home) == {(now[ref], ref) for _, ref in told}
    assert not own & {key for key, _ in outcomes(home)}
    # Every household is still met, and every award still recognised.
    assert awards(home) == measured != []
    assert rows(
        home, "secure.duckdb",
        "select count(*) from marts.fct_campaign_contacts where not is_linked",
    ) == [(0,)]  # fmt: skip
    again = lsi(home, "keys", "rotate", SLUG, "--to", "k2", *BY, "--later")
    assert "follow" not in again
    assert cohorts(home) == followed


def test_a_cohort_that_was_left_behind_by_a_killed_rotation_follows_later(
    home: Home, tmp_path: Path
) -> None:
    shutil.copytree(home.root, tmp_path / "home", symlinks=True)
    other = Home(tmp_path / "home")
    before = {ref: arm for (_, _, ref), (_, arm) in cohorts(other).items()}
    rotate_keys(other, SLUG, "k3", "A. Keeper", "killed before its cohorts")
    rotate_keys(other, SLUG, "k4", "A. Keeper", "and once more")
    assert "of 0 no record is held" in lsi(
        other, "keys", "rotate", SLUG, "--to", "k4", *BY, "--later"
    )
    link_landing(other)
    known = households_of(other)
    behind = {key for (_, slug, _), (key, _) in cohorts(other).items() if slug == SLUG} - known
    assert len(behind) <= 5  # named after another record of the same month by now
    assert {ref: arm for (_, _, ref), (_, arm) in cohorts(other).items()} == before
    assert {one["key_id"] for one in Register.read(other).log.of(REKEYED)} == {"k2", "k4"}


# --- months let go, and a person erased


@dataclass(frozen=True)
class Gone:
    """The home after letting go and erasing: what was said, and the keys that stand nowhere."""

    home: Home
    letting_go: str
    status: str
    erasing: str
    keys: Needles
    households: set[str]
    found_before: set[Leak]
    decided: list[Decision]
    cohorts_before: dict[tuple[str, str, str], tuple[str, str]]
    found_in_cohorts: set[Leak]
    freezing: str


def landed(home: Home, feed: str, record: str) -> str:
    paths = [
        str(home.landing / one["path"])
        for entry in Ledger.read(home).accepted()
        for one in entry["records"]
        if (entry["feed"], one["record"]) == (feed, record)
    ]
    return f"read_parquet({paths!r}, hive_partitioning = false)"


def landed_keys(home: Home) -> set[str]:
    """Return every key in landing."""
    found: set[str] = set()
    for path in home.landing.rglob("*.parquet"):
        relation = duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning = false)")
        for column in relation.columns:
            if column.endswith("_key"):
                values = relation.project(f'"{column}"').distinct().fetchall()
                found |= {value for (value,) in values if value}
    return found


def households_of(home: Home, keys: set[str] | None = None) -> set[str]:
    """Return the households of these claims and accounts, or of all."""
    units = duckdb.sql(
        f"select source_key, household_key from '{home.links}/*/benefit_unit.parquet'"
    ).fetchall()
    return {household for key, household in units if keys is None or key in keys}


def vault_of(home: Home) -> DistrictVault:
    vaults = district_vaults(home, load_configuration(home))
    return next(one for one in vaults if one.district_code == CODE)


def somebody(home: Home) -> tuple[str, list[Decision]]:
    """Return the number of one who claims in three feeds, and decisions about them and others."""
    vault = vault_of(home)
    with open_memory() as con:
        gather(con, vault, people_of(home))
        assert vault.keys
        make_tokens(con, vault.keys)
        (nino,) = con.execute(
            "select replace(upper(nino), ' ', '') as number from met"
            " where regexp_full_match(number, '[A-Z]{2}[0-9]{6}[A-D]')"
            " group by number having count(distinct left(node, 1)) >= 3 and"
            " bool_and(role in ('claimant', 'lead', 'tenant')) order by number limit 1"
        ).fetchone() or ("",)
        told = con.execute(
            "select token, replace(upper(nino), ' ', '') is not distinct from $nino"
            " from tokens join met using (record_key) group by all order by all",
            {"nino": nino},
        ).fetchall()
    own = [token for token, is_theirs in told if is_theirs]
    others = [token for token, is_theirs in told if not is_theirs]
    at = datetime.now(UTC).isoformat(timespec="seconds")
    decisions = [
        Decision(one, other, "different", "A. Reviewer", at)
        for one, other in [(own[0], others[0]), (others[1], own[-1]), (others[2], others[3])]
    ]
    return nino, decisions


def old_builds(home: Home) -> None:
    """Keep two builds beside the current one: one from before, and one as reported then."""
    for build_id, as_reported in (
        ("20240601T000000-00000001", ""),
        ("20240602T000000-00000002", "2024-04"),
    ):
        folder = home.generations / build_id
        shutil.copytree(home.current.resolve(), folder)
        facts = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        facts |= {"build_id": build_id, "as_reported": as_reported}
        (folder / "build.json").write_text(json.dumps(facts), encoding="utf-8")


def shorter_retentions(home: Home) -> None:
    """Let the sharing, and one feed, keep two months only."""
    configure_districts(home)
    path = home.config / "districts.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["feeds"]["discretionary_awards"]["retention_months"] = KEPT_MONTHS
    content["sharings"]["free_school_meals"]["retention_months"] = KEPT_MONTHS
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


def made_of_it(home: Home) -> tuple[Path, ...]:
    """Return what is no business of a scan for keys: files as sent, and what is sealed."""
    return (home.inbox, home.vault, home.root / "keys", home.truth)


def needles(keys: Iterable[str]) -> Needles:
    sent = SentIdentifiers()
    sent.add("key", *keys)
    return Needles(sent)


@pytest.fixture(scope="module")
def gone(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Gone:
    shorter_retentions(home)
    old_builds(home)
    for folder in (home.scratch, home.cache / "charts"):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(home.current / "secure.duckdb", home.scratch / "secure.duckdb")
    letting_go = lsi(home, "retain", "--today", f"{TODAY}", "--later")
    status = lsi(home, "status", "--today", f"{TODAY}")
    freezing = refused(home, "campaign", "freeze", "pension_credit")
    # Set back: what letting go removes must be removed by erasing, too.
    old_builds(home)
    nino, decisions = somebody(home)
    for decision in decisions:
        keep_decision(home.vault / SLUG, decision)
    before, households = landed_keys(home), None
    run_link = lsi(home, "link", "--quiet")
    assert run_link == ""
    copy = tmp_path_factory.mktemp("before") / "links"
    shutil.copytree(home.links, copy)
    shutil.copytree(home.campaigns, copy / "campaigns")
    frozen = cohorts(home)
    erasing = lsi(home, "erase", SLUG, *BY, "--nino", said=f"{nino}\n")
    keys = before - landed_keys(home)
    households = _households(copy, keys) - households_of(home)
    looked_for = needles(keys | households)
    return Gone(
        home, letting_go, status, erasing, looked_for, households,
        scan(copy, looked_for, [copy / "campaigns"]), decisions, frozen,
        scan(copy / "campaigns", looked_for), freezing,
    )  # fmt: skip


def _households(links: Path, keys: set[str]) -> set[str]:
    units = duckdb.sql(
        f"select source_key, household_key from '{links}/*/benefit_unit.parquet'"
    ).fetchall()
    return {household for key, household in units if key in keys}


def test_no_file_of_any_generation_link_set_or_page_holds_a_key_of_theirs(gone: Gone) -> None:
    assert gone.households
    assert {leak.kind for leak in gone.found_before} == {"key"}
    assert scan(gone.home.root, gone.keys, made_of_it(gone.home)) == set()
    assert not gone.home.scratch.exists()


def test_their_household_is_in_no_cohort_and_everybody_else_is(gone: Gone) -> None:
    # Before, their key stood in the cohorts: a scan that finds nothing now has something to find.
    assert {leak.kind for leak in gone.found_in_cohorts} == {"key"}
    assert scan(gone.home.campaigns, gone.keys) == set()
    after = cohorts(gone.home)
    taken = {
        place: gone.cohorts_before[place] for place in gone.cohorts_before.keys() - after.keys()
    }
    assert {slug for _, slug, _ in taken} == {SLUG}
    assert gone.households <= {key for key, _ in taken.values()}
    assert len({key for key, _ in taken.values()}) <= 3
    assert after == {p: one for p, one in gone.cohorts_before.items() if p not in taken}
    events = list(Register.read(gone.home).log.of(TAKEN_OUT))
    assert sum(event["households"] for event in events) == len(taken) > 0
    assert f"{len(taken)} rows of campaigns' cohorts go" in gone.erasing
    text = (gone.home.campaigns / "register.jsonl").read_text("utf-8")
    assert not [key for key, _ in gone.cohorts_before.values() if key in text]
    (event,) = Ledger.read(gone.home).events("person_erased")
    assert event["cohort_rows"] == len(taken)


def test_a_campaign_past_its_retention_is_let_go_and_the_warehouse_builds(
    gone: Gone, tmp_path: Path
) -> None:
    shutil.copytree(gone.home.root, tmp_path / "home", symlinks=True)
    home = Home(tmp_path / "home")
    measured = awards(home)
    households = {key for key, _ in cohorts(home).values()}
    past = ["retain", "--today", "2029-04-02", "--later"]
    configure_districts(home)
    path = home.config / "districts.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for kept in [*content["feeds"].values(), *content["sharings"].values()]:
        kept["retention_months"] = 120  # nothing but campaigns is to go
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    before = {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()}
    said = lsi(home, *past, "--dry-run")
    assert {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()} == before
    total = sum(name == "free_school_meals" for name, _, _ in cohorts(home))
    line = f"campaign free_school_meals, over since 2027-03-31: {total:,} households and"
    assert f"{line} " in said and "would go" in said
    said = lsi(home, *past)
    assert line in said and "let go" in said
    assert "not made again yet: the build that readers open" in said
    assert {p.name for p in home.campaigns.rglob("*") if p.is_file()} == {"register.jsonl"}
    run_lsi_build(home)
    settle(home)
    assert awards(home) == []
    counts = "select count(*), count(let_go_date) from marts.dim_campaign"
    assert rows(home, "secure.duckdb", counts) == [(7, 4)]
    totals = [
        one
        for event in Register.read(home).log.of(LET_GO)
        for one in event["totals"]["recognised"]["awards"]
    ]
    assert sum(one["awarded"] for one in totals) == len(measured) > 0
    text = (home.campaigns / "register.jsonl").read_text("utf-8")
    assert not [key for key in households if key in text]
    assert lsi(home, *past).startswith("no month is past its retention\n")


@pytest.mark.parametrize("command", ["erase", "rotate", "retain"])
def test_a_cohort_that_was_changed_is_refused_before_anything_is_done(
    gone: Gone, tmp_path: Path, command: str
) -> None:
    shutil.copytree(gone.home.root, tmp_path / "home", symlinks=True)
    home = Home(tmp_path / "home")
    nino, _ = somebody(home)
    file = Register.read(home).cohorts("free_school_meals")[SLUG]["file"]
    path = home.campaigns / "free_school_meals" / SLUG / file
    path.write_bytes(path.read_bytes() + b" ")
    words = {
        "erase": ["erase", SLUG, *BY, "--nino"],
        "rotate": ["keys", "rotate", SLUG, "--to", "k9", *BY],
        "retain": ["retain", "--today", "2032-04-02"],
    }
    before = {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()}
    told = refused(home, *words[command], said=f"{nino}\n")
    assert "is not the cohort that was frozen on" in told
    assert {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()} == before


def test_only_the_build_without_them_is_kept_and_the_site_is_of_it(gone: Gone) -> None:
    (kept,) = generations(gone.home)
    assert kept == current_build(gone.home)
    assert kept.today == f"{TODAY}"
    assert list(stale(gone.home)) == []
    front = (gone.home.site / "index.html").read_text(encoding="utf-8")
    assert kept.build_id in front
    assert "Run `lsi run` now" not in gone.erasing


def test_no_cohort_is_frozen_from_a_build_that_holds_what_was_let_go(gone: Gone) -> None:
    assert gone.freezing.startswith("the build is older than what was erased, let go or keyed anew")


def test_decisions_about_them_go_and_others_stay(gone: Gone) -> None:
    assert read_decisions(gone.home.vault / SLUG) == gone.decided[2:]
    assert "2 decisions of reviewers removed" in gone.erasing


def test_what_is_left_to_be_built_is_said(gone: Gone) -> None:
    left = "the build that readers open and the site"
    assert f"Run `lsi run` now: not made again yet: {left}." in gone.letting_go
    said = " ".join(gone.status.split())
    assert f"not made again since something was erased, let go or keyed anew: {left};" in said


def test_a_sharings_shorter_retention_is_applied_to_its_keys_and_to_nothing_else(
    gone: Gone, county: BuiltCounty
) -> None:
    query = (
        f"select month < date '{FIRST_KEPT}' as is_past, count(*),"
        " count(fsm_nino_key) + count(fsm_name_dob_key), count(claimant_nino_key)"
        " from {} where district_code <> '{}' group by all order by all"
    )
    before, after = (
        duckdb.sql(query.format(landed(one, "universal_credit", "award"), CODE)).fetchall()
        for one in (county.home, gone.home)
    )
    assert [is_past for is_past, *_ in before] == [False, True]
    assert after[0] == before[0]
    assert before[1][2] > 0
    assert after[1] == (True, before[1][1], 0, before[1][3])
    assert re.search(
        r"Ashford, sharing free_school_meals: \d+ linking keys of 2024-02 to 2024-03 let go",
        gone.letting_go,
    )
    (event, *_) = Ledger.read(gone.home).events("months_released")
    told = event["sharings"]["free_school_meals"]
    assert (told["last_month"], told["retention_months"]) == ("2024-03-01", KEPT_MONTHS)


def test_months_past_their_feeds_retention_are_in_no_table(gone: Gone) -> None:
    query = "select distinct month from marts.fct_discretionary_awards order by month"
    months = [str(month) for (month,) in rows(gone.home, "secure.duckdb", query)]
    assert months
    assert min(months) >= FIRST_KEPT


def test_every_file_of_single_households_is_its_owners_alone(gone: Gone) -> None:
    home = gone.home
    folders = (home.vault, home.landing, home.quarantine, home.ledger.parent, home.links)
    for path in (one for folder in folders for one in [folder, *folder.rglob("*")]):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    for path in home.current.resolve().rglob("*"):
        is_for_all = path.name in ("publication.duckdb", "build.json")
        assert stat.S_IMODE(path.stat().st_mode) == (0o644 if is_for_all else 0o600), path


def test_their_old_files_sent_again_do_not_bring_them_back(gone: Gone, county: BuiltCounty) -> None:
    home = gone.home
    for path in (county.home.inbox / SLUG).glob("*202405*"):
        content = path.read_bytes()
        # A line end more: other bytes, which nobody has loaded yet.
        (home.inbox / SLUG / path.name).write_bytes(content + b"\n")
    assert "0 refused" in lsi(home, "load", "--reissue", "--why", "sent again", "--district", SLUG)
    reissued = [e for e in Ledger.read(home).accepted() if e.get("is_reissue")]
    assert {"cts", "council_tax"} <= {entry["feed"] for entry in reissued}
    assert (
        sum(
            reason["rows"]
            for entry in reissued
            for reason in entry["quarantine_reasons"]
            if reason["reason"] == "erased"
        )
        >= 2
    )
    assert scan(home.landing, gone.keys) == set()
    assert scan(home.quarantine, gone.keys) == set()
