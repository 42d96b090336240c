"""Packs of the small county: real vaults, real keys; what is in them, and all that is refused."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pyrage
import pytest
from built_county import SLUGS, BuiltCounty
from canaries import canaries
from leak_scan import Needles, scan
from sent_identifiers import SentIdentifiers, sent_identifiers
from typer.testing import CliRunner

from openlsi.campaigns.register import Register
from openlsi.cli import application
from openlsi.cli.linking import link_landing
from openlsi.config.county import default_file
from openlsi.config.pack_recipients import FILE
from openlsi.errors import LsiError
from openlsi.extract.alone import alone
from openlsi.home import Home
from openlsi.packs.access_log import AccessLog
from openlsi.packs.archive import unpack, unseal
from openlsi.packs.words import GAPS
from openlsi.warehouse.build import build_fingerprint

SLUG, CODE, OTHER = "ashford", "E07000105", "dartford"
DAY = ("--today", "2026-11-20")
COHORT = "council_tax_support"
BUILD = ("--purpose", "take_up", "--by", "B. Builder", *DAY)
OPEN = ("--purpose", "take_up", "--by", "A. Officer", *DAY)


@dataclass(frozen=True)
class Zone:
    """A home of the county with recipients, and the keys of two officers and a stranger."""

    home: Home
    keys: Path

    def key(self, name: str) -> Path:
        return self.keys / name

    def lsi(self, *words: str, fails: bool = False) -> str:
        """Run a command; return what it printed, or the one line of its refusal."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LSI_HOME", str(self.home.root))
            ran = CliRunner().invoke(application(), list(words))
        assert isinstance(ran.exception, LsiError) == fails, (ran.output, ran.exception)
        if not fails:
            assert ran.exit_code == 0, (ran.output, ran.exception)
            return ran.output
        assert "\n" not in str(ran.exception)
        return str(ran.exception)

    def built(self, *words: str, slug: str = SLUG) -> Path:
        """Build a pack and return where it lies."""
        said = self.lsi("packs", "build", "--district", slug, *words, *BUILD)
        return Path(said.splitlines()[0].rpartition(": ")[2])

    def files(self, sealed: Path, key: str = "officer") -> dict[str, bytes]:
        """Return what a pack holds, opened by age alone."""
        identity = pyrage.x25519.Identity.from_str(self.key(key).read_text().splitlines()[1])
        return unpack("p", unseal("p", sealed.read_bytes(), identity))[1]

    def events(self) -> list[str]:
        return [event["event"] for event in AccessLog.read(self.home).events]

    def rows(self, sql: str, file: str = "secure.duckdb", **told: Any) -> list[tuple[Any, ...]]:
        with closing(duckdb.connect(str(self.home.current / file), read_only=True)) as con:
            return con.execute(sql, told).fetchall()


@pytest.fixture(scope="module")
def zone(county: BuiltCounty, tmp_path_factory: pytest.TempPathFactory) -> Zone:
    folder = tmp_path_factory.mktemp("packs")
    home = county.copied(folder / "home")
    found = Zone(home, folder)
    public = {
        name: found.lsi("packs", "keygen", str(folder / name)).strip()
        for name in ("officer", "colleague", "theirs", "stranger")
    }
    text = default_file(FILE).read_text(encoding="utf-8").split("districts: {}")[0]
    listed = [(SLUG, "A. Officer", "officer", "2027-03-31"), (SLUG, "C. Colleague", "colleague",
              "2026-12-31"), (OTHER, "D. Other", "theirs", "2027-03-31")]  # fmt: skip
    lines = [f"{text}districts:"]
    for slug in (SLUG, OTHER):
        lines.append(f"  {slug}:")
        lines += [
            f"    - {{name: {name}, role: Benefits, key: {public[key]}, purposes: [take_up,"
            f" casework], until: {until}}}"
            for of, name, key, until in listed
            if of == slug
        ]
    home.config.mkdir(exist_ok=True)
    (home.config / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def sealed(zone: Zone) -> Path:
    """A pack of a cohort and of a filter."""
    return zone.built("--campaign", COHORT, "--where", "council_tax_overdue_gbp over 50")


@pytest.fixture
def spoilt(zone: Zone, tmp_path: Path) -> Zone:
    """A zone that a test may damage."""
    shutil.copytree(zone.home.root, tmp_path / "home", symlinks=True)
    return Zone(Home(tmp_path / "home"), zone.keys)


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def cohort(zone: Zone, slug: str = SLUG, campaign: str = COHORT) -> dict[str, dict[str, Any]]:
    path = zone.home.campaigns / campaign / slug / "cohort.parquet"
    return {row["household_key"]: row for row in pq.read_table(path).to_pylist()}


# --- what is in it


def test_a_packs_households_are_the_contact_arm_of_its_district(zone: Zone) -> None:
    files = zone.files(zone.built("--campaign", COHORT))
    arm = {row["case_ref"] for row in cohort(zone).values() if row["arm"] == "contact"}
    listed = table(files, "households.csv")
    assert len(arm) > 100
    assert {row["ref"] for row in listed} == arm
    assert {f"households/{ref}.html" for ref in arm} == {
        name for name in files if name.startswith("households/")
    }
    form = table(files, f"outcomes/{COHORT}.csv")
    may = {row["ref"] for row in listed if row["contact"] == "May be contacted"}
    assert {row["case_ref"] for row in form} == may
    assert 0 < len(may) < len(arm)


def test_nobody_who_is_held_out_or_of_another_district_is_in_it(zone: Zone, sealed: Path) -> None:
    everything = b"".join(zone.files(sealed).values()).decode("utf-8", "ignore")
    here = cohort(zone)
    assert not [r for r in here.values() if r["arm"] != "contact" and r["case_ref"] in everything
                and r["household_key"] not in filtered(zone)]  # fmt: skip
    for slug in SLUGS:
        if slug != SLUG:
            assert not [r for r in cohort(zone, slug).values() if r["case_ref"] in everything]


def filtered(zone: Zone) -> set[str]:
    found = zone.rows(
        "select household_key from marts.fct_household_position"
        " where district_code = $code and council_tax_overdue_gbp > 50",
        code=CODE,
    )
    return {key for (key,) in found}


def test_whom_a_filter_holds_for_are_in_it_and_the_held_out_among_them_are_not_contacted(
    zone: Zone, sealed: Path
) -> None:
    listed = table(zone.files(sealed), "households.csv")
    members = cohort(zone)
    arm = {key for key, row in members.items() if row["arm"] == "contact"}
    assert len(listed) == len(arm | filtered(zone)) > len(arm)
    held = {key for key in filtered(zone) if members.get(key, {}).get("arm") == "holdout"}
    assert held
    told = [row for row in listed if "Held out of" in row["reasons"]]
    assert len(told) == len(held)
    assert {row["contact"] for row in told} == {"Do not contact"}


def test_missing_pounds_are_those_of_the_marts_to_the_penny(zone: Zone) -> None:
    """Every household with a position: what each misses, and what all of them miss together."""
    files = zone.files(zone.built("--where", "months_in_shortfall_count at_least 0"))
    columns = ", ".join(f"sum({column})" for column in GAPS.values())
    (mart,) = zone.rows(
        f"select count(*), {columns} from marts.fct_household_gaps"
        " semi join marts.fct_household_position using (household_key) where district_code = $code",
        code=CODE,
    )
    listed = table(files, "households.csv")
    assert len(listed) == mart[0] > 100
    sums = [sum(Decimal(row[column]) for row in listed) for column in GAPS.values()]
    assert sums == list(mart[1:])
    assert sum(sums) > 100
    missing = table(files, "missing.csv")
    assert sum(Decimal(row["gap_weekly_gbp"]) for row in missing) == sum(sums)
    assert (
        sum(Decimal(row["council_tax_overdue_gbp"]) for row in listed)
        == zone.rows(
            "select sum(council_tax_overdue_gbp) from marts.fct_household_position"
            " where district_code = $code",
            code=CODE,
        )[0][0]
    )


RESULTS = {
    # The lines that come to a benefit's own pounds; of Pension Credit two are added.
    "uc": {("universal_credit", 16)},
    "pc": {("pension_credit", 11), ("pension_credit", 12)},
    "hb": {("housing_benefit", 10)},
    "ctd": {("council_tax_discount", 2)},
}


def test_the_working_comes_to_the_estimate_of_the_mart(zone: Zone) -> None:
    held = 0
    for row in zone.rows("select entitlements, working from household where working is not null",
                         "households.duckdb"):  # fmt: skip
        for one in row[0]:
            lines = [line for line in row[1] if line["benefit_code"] == one["benefit_code"]]
            if not lines or one["benefit_code"] not in RESULTS:
                continue
            comes_to = sum(
                line["annual_gbp"]
                for line in lines
                if (line["working"], line["line_number"]) in RESULTS[one["benefit_code"]]
            )
            off = sum(line["annual_gbp"] for line in lines if line["line_number"] == 17)
            # A twelfth in pence, of lines in pence.
            assert abs((comes_to - off) / 12 - one["estimate_gbp"]) <= Decimal("0.01"), lines
            held += 1
    assert held > 10


def test_every_missing_benefit_has_its_working(zone: Zone) -> None:
    (told,) = zone.rows(
        "select sum(len(list_filter(entitlements, x -> x.reason_code in"
        " ('unclaimed', 'less_in_payment') and x.benefit_code <> 'cb'))),"
        " sum(len(list_distinct(list_transform(working, x -> x.benefit_code)))) from household",
        "households.duckdb",
    )
    assert told[0] == told[1] > 20


def test_the_drill_down_holds_what_the_marts_hold(zone: Zone) -> None:
    build = json.loads((zone.home.current / "build.json").read_text())["build_id"]
    assert zone.rows("select distinct build_id from household", "households.duckdb") == [(build,)]
    for part, mart, where in (
        ("position", "fct_household_position", "true"),
        ("gaps", "fct_household_gaps", "true"),
        ("spells", "fct_living_standards_spells", "true"),
        ("discretionary", "fct_discretionary_awards", "household_key is not null"),
        ("living", "fct_living_standards", "true"),
    ):
        size = "count(position)" if part in ("position",) else f"count({part})"
        if part not in ("position", "gaps"):
            size = f"sum(len({part}))"
        ((held,),) = zone.rows(f"select {size} from household", "households.duckdb")
        ((there,),) = zone.rows(f"select count(*) from marts.{mart} where {where}")
        assert held == there > 0, part


def test_a_page_names_who_the_district_sent(zone: Zone) -> None:
    """Each household's name and postcode are those of its account in the district's last file."""
    files = zone.files(zone.built("--campaign", COHORT, slug=OTHER), "theirs")
    listed = table(files, "households.csv")
    sent = last_accounts(zone)
    held = 0
    for row in listed:
        account = re.search(r"Council tax account ([^;\s]+)", row["references"])
        if account is None:
            continue
        lead, postcode = sent[account[1]]
        assert (row["postcode"], lead in row["names"].casefold()) == (postcode, True), row
        page = unescape(files[f"households/{row['ref']}.html"].decode())
        assert row["names"] in page and row["address"] in page
        held += 1
    assert held > 100
    everybody = SentIdentifiers.of_all(sent_identifiers(zone.home, (OTHER,)).values())
    names = {f"{first} {last}".strip().casefold() for last, first in everybody.names}
    told = {name for row in listed for name in row["names"].casefold().split("; ")}
    assert told <= names


def last_accounts(zone: Zone) -> dict[str, tuple[str, str]]:
    """Return each account's lead and postcode as the last file of the other district has them."""
    path = max((zone.home.inbox / OTHER).glob("Council Tax Extract*"), key=lambda one: one.name)
    with path.open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["Account No"]: (
            f"{row['Lead Forenames']} {row['Lead Surname']}".strip().casefold(), row["Postcode"],
        )
        for row in rows
    }  # fmt: skip


def test_no_number_no_birth_date_and_no_child_is_in_it(zone: Zone, sealed: Path) -> None:
    sent = SentIdentifiers.of_all(sent_identifiers(zone.home, (SLUG,)).values())
    text = b" ".join(
        content for name, content in zone.files(sealed).items() if not name.endswith("xlsx")
    ).decode("utf-8")
    plain = unescape(text)
    assert not [nino for nino in sent.ninos if nino in plain]
    assert not [uprn for uprn in sent.uprns if len(uprn) > 8 and uprn in plain]
    assert not [day for day in sent.birth_dates if f"{day.day} {day:%B %Y}" in plain
                or day.isoformat() in plain]  # fmt: skip


def test_nothing_of_it_stands_outside_the_vault_and_the_sealed_file(
    zone: Zone, sealed: Path
) -> None:
    sent = SentIdentifiers.of_all(sent_identifiers(zone.home, (*SLUGS, "kent-education")).values())
    with canaries() as made_up:
        sent.add("canary", *made_up)
    home = zone.home
    kept = (home.inbox, home.vault, home.root / "keys", home.truth, home.site)
    assert list(home.packs.rglob("*.age"))
    needles = Needles(sent)
    assert scan(home.root, needles, kept) == set()
    for words in (("list",), ("log",)):
        assert list(needles.in_text(" ".join(zone.lsi("packs", *words).split()))) == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.packs.rglob("*")} == {0o600, 0o700}


def test_the_county_is_sent_none_by_any_way(zone: Zone, sealed: Path) -> None:
    assert (
        zone.lsi("packs", "build", "--district", "county", "--campaign", COHORT, *BUILD, fails=True)
        == "--district county: the county gets no packs of households"
    )
    refs = {row["ref"] for row in table(zone.files(sealed), "households.csv")}
    with closing(duckdb.connect(str(zone.home.current / "publication.duckdb"))) as con:
        tables = con.execute("select table_name from duckdb_tables()").fetchall()
        assert tables
        for (name,) in tables:
            text = str(con.execute(f'from published."{name}"').fetchall())
            assert not [ref for ref in refs if ref in text]
    for path in zone.home.site.rglob("*"):
        assert path.suffix != ".age" and path.name not in ("packs", "access.jsonl")


# --- opening it


def opened(zone: Zone, sealed: Path, out: Path, key: str = "officer", *more: str) -> str:
    return zone.lsi(
        "packs", "open", str(sealed), "--identity", str(zone.key(key)), *OPEN, *more, "-o", str(out)
    )


def test_a_listed_officer_opens_it_and_both_are_in_the_log(
    zone: Zone, sealed: Path, tmp_path: Path
) -> None:
    before = len(zone.events())
    said = opened(zone, sealed, tmp_path / "out")
    assert said.startswith("Ashford, ")
    assert {
        str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")
    } == (set(zone.files(sealed)))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").rglob("*")}
    assert modes == {0o600, 0o700} and stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    log = AccessLog.read(zone.home)
    assert zone.events()[before:] == ["pack_opened"]
    told = log.events[-1]
    assert (told["by"], told["reader"], told["purpose"]) == ("A. Officer", "A. Officer", "take_up")
    built = log.built(told["pack"])
    assert built and (built["by"], built["readers"]) == (
        "B. Builder",
        ["A. Officer", "C. Colleague"],
    )
    assert "the chain is whole" in zone.lsi("packs", "log")
    assert "opened " in zone.lsi("packs", "list")


def test_a_broken_log_is_noticed_and_nothing_is_opened_or_built(
    spoilt: Zone, tmp_path: Path
) -> None:
    sealed = spoilt.built("--campaign", COHORT)
    log, there = spoilt.home.packs / "access.jsonl", sorted(spoilt.home.packs.rglob("*.age"))
    lines = log.read_text().splitlines(keepends=True)
    log.write_text(lines[0].replace("B. Builder", "Z. Nobody") + "".join(lines[1:]))
    message = f"{log}, line 1: the chain of hashes breaks here; a line was edited or removed"
    for words in (
        ("log",), ("list",),
        ("open", str(sealed), "--identity", str(spoilt.key("officer")), *OPEN, "-o",
         str(tmp_path / "out")),
        ("build", "--district", SLUG, "--campaign", COHORT, *BUILD),
    ):  # fmt: skip
        assert spoilt.lsi("packs", *words, fails=True).startswith(message)
    assert not (tmp_path / "out").exists()
    assert sorted(spoilt.home.packs.rglob("*.age")) == there


def test_a_log_that_lost_its_end_is_noticed_by_the_packs_there_are(spoilt: Zone) -> None:
    sealed = spoilt.built("--campaign", COHORT)
    log = spoilt.home.packs / "access.jsonl"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    assert spoilt.lsi("packs", "log", fails=True).startswith(
        f"{sealed}: no line of the access log tells of it; lines at its end are lost"
    )


def flipped(sealed: Path, to: Path, place: int) -> Path:
    content = bytearray(sealed.read_bytes())
    content[place] ^= 1
    to.write_bytes(content)
    return to


def refuse_opening(zone: Zone, sealed: Path, out: Path, key: Path, *more: str) -> str:
    words = ["packs", "open", str(sealed), "--identity", str(key), *OPEN, *more, "-o", str(out)]
    return zone.lsi(*words, fails=True)


def test_what_must_not_be_opened_is_not(zone: Zone, sealed: Path, tmp_path: Path) -> None:
    out, recipients = tmp_path / "out", zone.home.config / FILE
    copy = tmp_path / "copy.age"
    key = zone.key("officer")
    stranger, theirs = zone.key("stranger"), zone.key("theirs")
    assert refuse_opening(zone, sealed, out, stranger) == (
        f"{stranger}: its public key is not listed in {recipients}"
    )
    assert refuse_opening(zone, sealed, out, theirs) == (
        f"{sealed}: is not sealed to this key; expected the key of one of its recipients"
    )
    damaged = "cannot be opened: it is cut short, was changed since it was sealed, or is no pack"
    assert damaged in refuse_opening(zone, flipped(sealed, copy, -100), out, key)
    assert "is not sealed to this key" in refuse_opening(zone, flipped(sealed, copy, 60), out, key)
    copy.write_bytes(sealed.read_bytes()[:-500])
    assert damaged in refuse_opening(zone, copy, out, key)
    copy.write_bytes(b"hello")
    assert damaged in refuse_opening(zone, copy, out, key)
    assert "cannot be read (No such file" in refuse_opening(zone, tmp_path / "no.age", out, key)
    assert refuse_opening(zone, sealed, out, sealed).startswith(
        f"{sealed}: holds no one age secret key"
    )
    assert refuse_opening(zone, sealed, out, key, "--purpose", "casework") == (
        "--purpose casework: the pack was built for take_up, and A. Officer may open packs for"
        " take_up, casework"
    )
    colleague = zone.key("colleague")
    assert refuse_opening(zone, sealed, out, colleague, "--today", "2027-01-01") == (
        f"C. Colleague was listed until 2026-12-31 in {recipients}"
    )
    assert refuse_opening(zone, sealed, out, key, "--today", "2027-01-20") == (
        f"{sealed}: was to be deleted by 2027-01-19; `lsi packs clear` removes it"
    )
    assert refuse_opening(zone, sealed, out, key, "--by", " ").startswith("--by: found nothing")
    assert not out.exists() and not list(tmp_path.glob(".*"))
    (out / "mine").mkdir(parents=True)
    assert refuse_opening(zone, sealed, out, key) == (
        f"-o {out}: is there already; expected the name of a new folder"
    )
    assert [path.name for path in out.iterdir()] == ["mine"]
    assert zone.events()[-1] == "pack_refused"


def test_a_pack_that_somebody_else_sealed_to_an_officer_is_not_opened(
    zone: Zone, sealed: Path, tmp_path: Path
) -> None:
    """Anybody can seal to a public key: what was not built here may be anything."""
    identity = pyrage.x25519.Identity.from_str(zone.key("officer").read_text().splitlines()[1])
    again = tmp_path / "forged.zip.age"
    again.write_bytes(pyrage.encrypt(unseal("p", sealed.read_bytes(), identity),
                                     [identity.to_public()]))  # fmt: skip
    told = refuse_opening(zone, again, tmp_path / "out", zone.key("officer"))
    assert told.startswith(f"{again}: the access log knows no pack of these bytes")


def test_who_was_taken_off_the_list_opens_it_no_more(spoilt: Zone, tmp_path: Path) -> None:
    sealed = spoilt.built("--campaign", COHORT)
    path = spoilt.home.config / FILE
    path.write_text("".join(
        line for line in path.read_text().splitlines(keepends=True) if "A. Officer" not in line
    ))  # fmt: skip
    key = spoilt.key("officer")
    assert refuse_opening(spoilt, sealed, tmp_path / "out", key) == (
        f"{key}: its public key is not listed in {path}"
    )


# --- building it


def refuse(zone: Zone, *words: str, slug: str = SLUG) -> str:
    before = sorted(zone.home.packs.rglob("*")) if zone.home.packs.exists() else []
    said = zone.lsi("packs", "build", "--district", slug, *words, *BUILD, fails=True)
    after = sorted(zone.home.packs.rglob("*")) if zone.home.packs.exists() else []
    assert before == after
    return said


def test_what_must_not_be_built_is_not(zone: Zone, sealed: Path) -> None:
    recipients = zone.home.config / FILE
    of = ("--campaign", COHORT)
    assert refuse(zone, *of, slug="tunbridge-wells") == (
        f"{recipients}: lists nobody for tunbridge-wells, so that no pack can be sealed; add a"
        " name, role, key, purposes and until under districts: tunbridge-wells:"
    )
    assert refuse(zone, *of, "--to", "E. Else") == (
        f"--to E. Else: is not listed for ashford in {recipients}; there are A. Officer,"
        " C. Colleague"
    )
    assert refuse(zone, *of, "--to", "D. Other").startswith("--to D. Other: is not listed for ash")
    assert refuse(zone, *of, slug="nowhere").startswith("--district nowhere: no such district")
    assert refuse(zone, "--campaign", "nobody").startswith("--campaign nobody: no campaign is")
    assert refuse(zone, "--campaign", "crisis_grants").startswith(
        "--campaign crisis_grants: no cohort is frozen"
    )
    assert refuse(zone, "--where", "margin_gbp over 999999").startswith("Ashford: nobody is in")
    assert refuse(zone).startswith("found neither --campaign nor --where")
    assert refuse(zone, *of, "-o", str(sealed)) == (
        f"-o {sealed}: is there already; expected the name of a new file"
    )
    assert (
        refuse(zone, *of, "-o", "/nowhere/p.age")
        == "-o /nowhere/p.age: there is no folder /nowhere"
    )


def test_a_pack_may_be_written_elsewhere_for_one_reader(zone: Zone, tmp_path: Path) -> None:
    out = tmp_path / "for officer.age"
    assert zone.built("--campaign", COHORT, "--to", "A. Officer", "-o", str(out)) == out
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "index.html" in zone.files(out)
    told = refuse_opening(zone, out, tmp_path / "out", zone.key("colleague"))
    assert "is not sealed to this key" in told
    opened(zone, out, tmp_path / "out")


def test_the_record_of_sharing_names_who_may_be_sent_packs(zone: Zone, tmp_path: Path) -> None:
    zone.lsi("governance", "--out", str(tmp_path))
    with (tmp_path / "pack_recipients.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["district"], row["name"], row["until"]) for row in rows] == [
        ("Ashford", "A. Officer", "2027-03-31"), ("Ashford", "C. Colleague", "2026-12-31"),
        ("Dartford", "D. Other", "2027-03-31"),
    ]  # fmt: skip
    assert "age1" not in (tmp_path / "governance.md").read_text(encoding="utf-8")


def test_a_load_that_runs_makes_a_pack_wait_and_then_refuses_it(zone: Zone) -> None:
    with alone(zone.home):
        assert "another `lsi load`" in refuse(zone, "--campaign", COHORT)


def test_several_districts_get_a_pack_each_or_none(zone: Zone) -> None:
    before = len(zone.events())
    both = ("packs", "build", "--district", SLUG, "--district", OTHER, "--campaign", COHORT, *BUILD)
    said = zone.lsi(*both).splitlines()
    assert [line.split(":")[0] for line in said] == ["Ashford", "Dartford"]
    assert zone.events()[before:] == ["pack_built"] * 2
    everybody = ("packs", "build", "--district", "all", "--campaign", COHORT, *BUILD)
    assert ": lists nobody for canterbury" in zone.lsi(*everybody, fails=True)
    assert len(zone.events()) == before + 2


def test_another_districts_vault_is_refused(spoilt: Zone) -> None:
    vault = spoilt.home.vault
    shutil.rmtree(vault / SLUG)
    shutil.copytree(vault / OTHER, vault / SLUG)
    told = refuse(spoilt, "--campaign", COHORT)
    assert re.match(
        rf"{vault / SLUG}: tells nothing of ([\d,]+) of \1 .* that are landed; expected this"
        " district's own vault",
        told,
    )


def test_another_districts_segment_under_this_ones_name_is_refused(spoilt: Zone) -> None:
    own, theirs = (
        sorted((spoilt.home.vault / slug / "segments").iterdir()) for slug in (SLUG, OTHER)
    )
    shutil.copyfile(theirs[0], own[0])
    told = refuse(spoilt, "--campaign", COHORT)
    assert told.startswith(f"{own[0]}: cannot be opened: it was changed, or the master key is not")


def test_a_lost_segment_and_a_flipped_byte_of_it_are_refused(spoilt: Zone) -> None:
    for segment in sorted((spoilt.home.vault / SLUG / "segments").iterdir()):
        content = segment.read_bytes()
        segment.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert "cannot be opened: it was changed" in refuse(spoilt, "--campaign", COHORT)
        segment.write_bytes(content)
    largest = max((spoilt.home.vault / SLUG / "segments").iterdir(), key=lambda p: p.stat().st_size)
    largest.unlink()
    assert "that are landed; expected this district's own vault" in refuse(
        spoilt, "--campaign", COHORT
    )


def test_another_master_key_is_refused(spoilt: Zone, tmp_path: Path) -> None:
    (spoilt.home.root / "keys" / "master.key").unlink()
    assert "no master key file" in refuse(spoilt, "--campaign", COHORT)
    spoilt.lsi("keys", "create", str(tmp_path / "k"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_MASTER_KEY_FILE", str(tmp_path / "k"))
        assert "another master key found" in refuse(spoilt, "--campaign", COHORT)


def test_a_build_without_pages_or_links_is_refused(spoilt: Zone) -> None:
    drill_down = spoilt.home.current / "households.duckdb"
    drill_down.rename(drill_down.with_suffix(".away"))
    assert "has no page of each household; run `lsi build --force`" in refuse(
        spoilt, "--campaign", COHORT
    )
    facts = spoilt.home.current / "build.json"
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"links": ""}))
    assert "does not say which claims are which household" in refuse(spoilt, "--campaign", COHORT)


def test_a_cohort_that_was_changed_is_refused(spoilt: Zone) -> None:
    path = spoilt.home.campaigns / COHORT / SLUG / "cohort.parquet"
    path.write_bytes(path.read_bytes() + b"x")
    assert f"{path}: is not the cohort that was frozen" in refuse(spoilt, "--campaign", COHORT)


def test_more_households_than_the_limit_are_refused(spoilt: Zone) -> None:
    path = spoilt.home.config / FILE
    path.write_text(path.read_text().replace("most_households: 10000", "most_households: 5"))
    assert "households are asked for, and most_households of" in refuse(
        spoilt, "--campaign", COHORT
    )


def test_who_is_listed_decides_no_row_of_a_build(zone: Zone, tmp_path: Path) -> None:
    told = (tmp_path / "links", date(2024, 6, 15), "2999-12-31 00:00:00", "county")
    before = build_fingerprint(zone.home, *told)
    path = zone.home.config / FILE
    text = path.read_text()
    path.write_text(f"{text}# changed\n")
    assert build_fingerprint(zone.home, *told) == before
    path.write_text(text)


def points(zone: Zone, *words: str) -> list[str]:
    """Return the points that a command goes through."""
    log = zone.home.root / "points"
    run(zone, words, {"LSI_FAILPOINT_LOG": str(log)})
    found = log.read_text().split()
    log.unlink()
    return list(dict.fromkeys(point for point in found if point.startswith("packs.")))


def run(zone: Zone, words: tuple[str, ...], more: dict[str, str]) -> int:
    command = [sys.executable, "-c", "from openlsi.cli import main; main()", "packs", *words]
    environment = os.environ | {"LSI_HOME": str(zone.home.root)} | more
    ran = subprocess.run(
        command, env=environment, capture_output=True, text=True, start_new_session=True,
        timeout=120, check=False,
    )  # fmt: skip
    return ran.returncode


def plain_text(folder: Path, names: set[str]) -> Iterator[Path]:
    """Yield the files under a folder in which a name of a household stands."""
    for path in folder.rglob("*"):
        if path.is_file() and any(name.encode() in path.read_bytes() for name in names):
            yield path


def test_a_build_that_is_killed_leaves_no_pack_and_no_plain_text(spoilt: Zone) -> None:
    words = ("build", "--district", SLUG, "--campaign", COHORT, *BUILD)
    shutil.rmtree(spoilt.home.packs, ignore_errors=True)
    passed = points(spoilt, *words)
    assert {"packs.before_render", "packs.before_write", "packs.before_log",
            "packs.before_rename", "packs.after_rename"} <= set(passed)  # fmt: skip
    (sealed,) = spoilt.home.packs.rglob("*.age")
    listed = table(spoilt.files(sealed), "households.csv")
    names = {name for row in listed for name in row["names"].split("; ")}
    shutil.rmtree(spoilt.home.packs)
    for point in passed:
        assert run(spoilt, words, {"LSI_FAILPOINT": point}) == -signal.SIGKILL
        whole = list(spoilt.home.packs.rglob("*.age"))
        assert len(whole) == (point == "packs.after_rename"), point
        assert not list(plain_text(spoilt.home.packs, names)), point
        for pack in whole:
            assert AccessLog.read(spoilt.home).built(pack.name.removesuffix(".zip.age"))
    spoilt.built("--campaign", COHORT)
    left = [path.name for path in (spoilt.home.packs / SLUG).iterdir()]
    assert all(name.endswith(".zip.age") and not name.startswith(".") for name in left), left
    spoilt.lsi("packs", "log")


def test_an_opening_that_is_killed_leaves_no_folder_and_is_in_the_log(
    spoilt: Zone, tmp_path: Path
) -> None:
    sealed, out = spoilt.built("--campaign", COHORT), tmp_path / "out"
    words = ("open", str(sealed), "--identity", str(spoilt.key("officer")), *OPEN, "-o", str(out))
    point = "packs.opened_file_written:5"
    assert run(spoilt, words, {"LSI_FAILPOINT": point}) == -signal.SIGKILL
    assert not out.exists()
    assert spoilt.events()[-1] == "pack_opened"
    opened(spoilt, sealed, out)
    assert out.exists() and not list(tmp_path.glob(".*unfinished"))


# --- what goes


def test_a_pack_past_its_day_is_cleared_and_the_log_keeps_it(spoilt: Zone) -> None:
    sealed = spoilt.built("--campaign", COHORT)
    assert spoilt.lsi("packs", "clear", *DAY) == "no pack is past its day\n"
    assert f"{SLUG}: removed" in spoilt.lsi("packs", "clear", "--today", "2027-01-20")
    assert not sealed.exists()
    assert spoilt.events()[-1] == "pack_removed"
    assert "not here" in spoilt.lsi("packs", "list")
    assert "removed" in spoilt.lsi("packs", "log")


def test_who_was_erased_is_in_no_new_pack_and_no_old_one_is_opened(
    spoilt: Zone, tmp_path: Path
) -> None:
    sealed = spoilt.built("--campaign", COHORT)
    listed = table(spoilt.files(sealed), "households.csv")
    # One adult with a claim for support: all that is landed of the household is theirs.
    gone = next(
        row for row in listed
        if ";" not in row["names"] and "Council Tax Support claim" in row["references"]
    )  # fmt: skip
    account = re.search(r"Council tax account (\S+?);", gone["references"] + ";")
    claim = re.search(r"Council Tax Support claim (\S+?);", gone["references"] + ";")
    assert account and claim
    carried = Path(shutil.copy(sealed, tmp_path / "carried.zip.age"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSI_HOME", str(spoilt.home.root))
        ran = CliRunner().invoke(
            application(),
            ["erase", SLUG, "--ref", "account", "--ref", "claim", "--by", "K", "--why", "asked",
             "--later"],
            input=f"{account[1]}\n{claim[1]}\n",
        )  # fmt: skip
    assert ran.exit_code == 0, ran.output + str(ran.exception)
    assert f"{SLUG}: removed pack" in ran.output
    assert not sealed.exists()
    assert refuse(spoilt, "--campaign", COHORT).startswith(
        "the current build is from before somebody was erased"
    )
    # What was carried away cannot be removed, and is not opened.
    told = refuse_opening(spoilt, carried, tmp_path / "out", spoilt.key("officer"))
    assert "somebody of Ashford was erased since it was built" in told
    rebuilt(spoilt)
    new = spoilt.files(spoilt.built("--campaign", COHORT))
    names = {row["names"] for row in table(new, "households.csv")}
    assert gone["ref"] not in {row["ref"] for row in table(new, "households.csv")}
    assert gone["address"] not in {row["address"] for row in table(new, "households.csv")}
    assert gone["names"] not in names


def rebuilt(zone: Zone) -> None:
    """Pass the build off for one from after the erasure, whose rows still hold who was erased."""
    facts = zone.home.current / "build.json"
    told = json.loads(facts.read_text())
    later = "20990101T000000-" + told["build_id"].partition("-")[2]
    links = link_landing(zone.home).folder
    facts.write_text(json.dumps(told | {"build_id": later, "links": links.name}))


def test_the_register_is_not_written_by_a_pack(zone: Zone, sealed: Path) -> None:
    kinds = {event["event"] for event in Register.read(zone.home).log.events}
    made = {f"campaign_{kind}" for kind in ("approved", "frozen", "outcomes")}
    # As the small county's campaigns are made up.
    assert kinds == made | {"campaign_completed", "campaign_evaluated"}


def test_a_file_that_only_says_it_is_sealed_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "p.age").write_bytes(b"Ann Brook, 1 High Street")
    with pytest.raises(AssertionError, match="is not sealed"):
        scan(tmp_path, Needles(SentIdentifiers()))
