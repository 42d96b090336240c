"""Households taken out of cohorts, keyed anew, let go and followed: files, register and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_positions import DOVER, TODAY, Made, made, made_links

from openlsi.campaigns.cohort import cohort_files, freeze
from openlsi.campaigns.custody import holdings, key_id_told, rekey, take_out
from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.errors import CampaignError
from openlsi.campaigns.evaluation import evaluate
from openlsi.campaigns.outcomes import COLUMNS, record_outcomes, reported
from openlsi.campaigns.register import LET_GO, REKEYED, TAKEN_OUT, Register
from openlsi.campaigns.retention import let_go, load_campaign_limits, past_campaigns
from openlsi.campaigns.tables import campaign_tables
from openlsi.campaigns.words import event_words, linked_words
from openlsi.config.county import ConfigurationError

GAP = "pension_credit_gap_weekly_gbp"


@dataclass(frozen=True)
class Running:
    """Two campaigns on the same households of two districts, with outcomes of one of them."""

    here: Made
    campaigns: dict[str, Campaign]

    @property
    def register(self) -> Register:
        return Register.read(self.here.home)

    def cohort(self, name: str, slug: str = "ashford") -> list[dict[str, Any]]:
        told = self.register.cohorts(name)[slug]
        path = self.here.home.campaigns / name / slug / told["file"]
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows

    def keys(self, name: str, slug: str = "ashford") -> set[str]:
        return {row["household_key"] for row in self.cohort(name, slug)}

    def told(self, name: str) -> dict[str, dict[str, Any]]:
        rows = reported(self.here.home, name, self.register).to_pylist()
        return {row["household_key"]: row for row in rows}

    def files(self) -> set[str]:
        folder = self.here.home.campaigns
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    def content(self) -> dict[Path, bytes]:
        folder = self.here.home.campaigns
        return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def running(tmp_path: Path) -> Running:
    here = made(
        tmp_path / "home",
        *({GAP: 10} for _ in range(30)),
        *({GAP: 20, "district_code": DOVER} for _ in range(10)),
    )
    campaigns = {
        "made_up": here.campaign(),
        "other": here.campaign(campaign="other", exclude={"contacted_within_days": 0}),
    }
    for campaign in campaigns.values():
        Register.read(here.home).approve(campaign, "Jo Lead", "agreed")
        event = freeze(
            here.home, here.secure, campaign, here.fields, here.configuration, TODAY, "b1"
        )  # fmt: skip
    found = Running(here, campaigns)
    for rows in (found.cohort("made_up"), found.cohort("made_up", "dover")):
        refs = [row["case_ref"] for row in rows if row["arm"] == "contact"]
        lines = [f"{ref},2026-12-02,,2026-12-05,2027-01-05,,100.50,," for ref in refs[:3]]
        path = tmp_path / "outcomes.csv"
        path.write_text("\n".join((",".join(COLUMNS), *lines)) + "\n", "utf-8")
        record_outcomes(here.home, campaigns["made_up"], path)
    assert event["cohorts"]["ashford"]["contact"] == 24
    return found


def some_told(running: Running) -> str:
    """Return a household of Ashford of which an outcome is told."""
    return sorted(running.keys("made_up") & set(running.told("made_up")))[0]


def erase(running: Running, *keys: str, dry_run: bool = False) -> int:
    return take_out(running.here.home, "ashford", pa.array(keys, pa.string()), dry_run)


# --- erased


def test_who_is_erased_is_in_no_cohort_and_no_outcome_and_others_stay(running: Running) -> None:
    gone, before, told = some_told(running), running.keys("made_up"), running.told("made_up")
    dover = running.content()[running.here.home.campaigns / "made_up" / "dover" / "cohort.parquet"]
    assert erase(running, gone, "h999") == 2
    for name in ("made_up", "other"):
        assert running.keys(name) == before - {gone}
    after = running.told("made_up")
    assert after == {key: row for key, row in told.items() if key != gone}
    assert len(after) == 5
    path = running.here.home.campaigns / "made_up" / "dover" / "cohort.parquet"
    assert path.read_bytes() == dover
    text = "".join(str(pq.read_table(p).to_pylist()) for p in running.here.home.campaigns.rglob(
        "*.parquet"))  # fmt: skip
    assert f"'{gone}'" not in text


def test_the_register_holds_counts_and_hashes_of_what_is_left_and_no_key(running: Running) -> None:
    erase(running, some_told(running))
    (event,) = running.register.of("made_up", TAKEN_OUT)
    assert event["households"] == 1
    told = event["cohorts"]["ashford"]
    assert told["file"] == "cohort.r1.parquet"
    assert told["contact"] + told["holdout"] == 29
    assert [one["rows"] for one in event["outcomes"].values()] == [2]
    text = (running.here.home.campaigns / "register.jsonl").read_text("utf-8")
    keys = running.keys("made_up") | running.keys("made_up", "dover")
    assert not [key for key in keys if f'"{key}"' in text]
    assert event_words(event) == "erased of ashford: 1 households"
    assert len(cohort_files(running.here.home, running.register.of("made_up", TAKEN_OUT)[0])) == 2
    erase(running, "h0", "h1", "h2")
    assert running.register.cohorts("made_up")["ashford"]["file"] == "cohort.r2.parquet"


def test_nobody_found_and_a_dry_run_change_nothing(running: Running) -> None:
    before = running.content()
    assert erase(running, some_told(running), dry_run=True) == 2
    assert erase(running, "h999") == 0
    assert running.content() == before


class KilledError(BaseException):
    """The process is gone."""


STEPS = ("campaigns.before_rename", "campaigns.after_rename", "campaigns.before_write",
         "campaigns.after_write", "campaigns.removed")  # fmt: skip


def die_at(patch: pytest.MonkeyPatch, step: str, number: int) -> None:
    """End the process the given time that a point is passed."""
    reached: list[str] = []

    def reach(name: str) -> None:
        reached.append(name)
        if reached.count(step) == number and name == step:
            raise KilledError

    for module in ("openlsi.campaigns.holdings", "openlsi.chained_log"):
        patch.setattr(f"{module}.reach", reach)


def names_that_count(running: Running) -> set[str]:
    register, names = running.register, {"register.jsonl"}
    for name in register.campaigns():
        names |= {f"{name}/{s}/{told['file']}" for s, told in register.cohorts(name).items()}
        told = register.outcome_files(name).values()
        names |= {f"{name}/outcomes/{one['file']}" for one in told}
    return names


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("number", [1, 2])
def test_killed_at_any_step_it_is_finished_by_running_again(
    running: Running, step: str, number: int
) -> None:
    gone, links = some_told(running), made_links(running.here.home.root / "links", {})
    before = running.keys("made_up")
    with pytest.MonkeyPatch.context() as patch:
        die_at(patch, step, number)
        with pytest.raises(KilledError):
            erase(running, gone)
    # A reader in between sees each campaign with the household or without, and no file is refused.
    campaign_tables(running.here.home, running.campaigns, links)
    erase(running, gone)
    assert running.keys("made_up") == running.keys("other") == before - {gone}
    assert gone not in running.told("made_up")
    assert running.files() == names_that_count(running)
    assert len(running.register.of("made_up", TAKEN_OUT)) == 1


@pytest.mark.parametrize("file", ["ashford/cohort.parquet", "outcomes/0002.parquet", "register"])
def test_what_is_damaged_is_refused_with_nothing_changed(running: Running, file: str) -> None:
    root = running.here.home.campaigns
    path = root / "register.jsonl" if file == "register" else root / "made_up" / file
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Jo Lead", b"Al Lead") + b" ")
    before = running.content()
    far = date(2040, 1, 1)
    for action in (
        lambda: erase(running, "h1"),
        lambda: holdings(running.here.home, running.register, "ashford"),
        lambda: past_campaigns(running.here.home, running.campaigns, running.here.secure, far),
    ):
        with pytest.raises(CampaignError, match=r"restore (it|the file) from a safe copy") as told:
            action()
        assert "\n" not in str(told.value)
    assert running.content() == before


# --- keyed anew


def rekeyed(running: Running, by_now: dict[str, str], key_id: str = "k2") -> int:
    columns = {"former": list(by_now), "now": list(by_now.values())}
    table = pa.table({name: pa.array(keys, pa.string()) for name, keys in columns.items()})
    register, home = running.register, running.here.home
    return sum(
        rekey(home, register, "ashford", held, table, key_id)
        for held in holdings(home, register, "ashford")
    )


def test_a_cohort_has_the_keys_of_now_and_each_household_its_facts(running: Running) -> None:
    before = {row["case_ref"]: row for row in running.cohort("made_up")}
    told, dover = running.told("made_up"), running.keys("made_up", "dover")
    by_now = {key: f"new-{key}" for key in running.keys("made_up")}
    assert rekeyed(running, by_now) == 0
    after = {row["case_ref"]: row for row in running.cohort("made_up")}
    assert after == {
        ref: row | {"household_key": by_now[row["household_key"]]} for ref, row in before.items()
    }
    assert running.keys("made_up", "dover") == dover
    assert set(running.told("made_up")) == {by_now.get(key, key) for key in told}
    assert running.register.stage("made_up") == "running"
    assert key_id_told(running.register, "made_up", "ashford") == "k2"
    assert key_id_told(running.register, "made_up", "dover") is None


def test_a_former_key_stays_nowhere_though_nothing_takes_its_place(running: Running) -> None:
    lost = some_told(running)
    by_now = {key: f"new-{key}" for key in running.keys("made_up") if key != lost}
    assert rekeyed(running, by_now) == 2
    (row,) = [one for one in running.cohort("made_up") if one["household_key"].startswith("case:")]
    assert row["household_key"] == f"case:{row['case_ref']}"
    assert row["household_key"] in running.told("made_up")
    (event,) = running.register.of("made_up", REKEYED)
    assert (event["households"], event["households_without_records"]) == (30, 1)


# --- followed through links


def test_a_household_is_found_by_whatever_it_was_known_by(running: Running) -> None:
    rows = sorted(running.cohort("made_up"), key=lambda row: row["case_ref"])
    first, second = [row for row in rows if row["arm"] == "contact"][:2]
    held_out = next(row for row in rows if row["arm"] == "holdout")
    lost = next(row for row in rows if row not in (first, second, held_out))
    units = {f"c{key}": key for key in running.keys("made_up") | running.keys("made_up", "dover")}
    for row in (first, second, held_out, lost):
        del units[f"c{row['household_key']}"]
    joined = {row["household_key"]: "joined" for row in (second, held_out)}
    links = made_links(
        running.here.home.root / "links",
        units | {"c1": "renamed", "c2": "joined"},
        joined | {first["household_key"]: "renamed"},
    )
    tables = campaign_tables(running.here.home, {"made_up": running.campaigns["made_up"]}, links)
    cohort = {row["household_key"]: row for row in tables["campaigns", "cohort"].to_pylist()}
    assert len(cohort) == 40 - 1
    assert sum(1 + row["joined_count"] for row in cohort.values()) == 40
    assert cohort["renamed"]["case_ref"] == first["case_ref"]
    assert (cohort["joined"]["case_ref"], cohort["joined"]["arm"]) == (
        second["case_ref"],
        "contact",
    )
    assert [key for key, row in cohort.items() if not row["is_linked"]] == [lost["household_key"]]


def test_pounds_told_of_households_that_are_one_by_now_are_added(running: Running) -> None:
    told = sorted(running.told("made_up"))
    links = made_links(
        running.here.home.root / "links", {"c1": "one"}, dict.fromkeys(told[:2], "one")
    )
    tables = campaign_tables(running.here.home, {"made_up": running.campaigns["made_up"]}, links)
    outcomes = tables["campaigns", "reported_outcome"].to_pylist()
    found = {row["household_key"]: row["annualised_gbp"] for row in outcomes}
    assert found == {key: Decimal("100.50") for key in told[2:]} | {"one": Decimal("201.00")}


def test_households_that_are_met_no_more_are_told_of_and_those_that_are_not_are_not() -> None:
    assert list(linked_words(40, 0, 0)) == []
    (warning, joined) = linked_words(1200, 1034, 2)
    assert warning.startswith("Warning: 1,034 of 1,200 households meet no household of the current")
    assert joined.startswith("2 households were found to be one with others")


# --- let go


def test_past_its_months_a_campaign_is_let_go_and_its_totals_stay(running: Running) -> None:
    home, secure = running.here.home, running.here.secure
    told = (home, running.campaigns, secure)
    # Over on 31 March 2027 and kept for 24 months: March 2027 is the first to go in April 2029.
    assert past_campaigns(*told, date(2029, 3, 31)) == []
    today = date(2029, 4, 1)
    past = past_campaigns(*told, today)
    assert [(one.campaign, one.households, one.told, one.last_day) for one in past] == [
        ("made_up", 40, 6, date(2027, 3, 31)), ("other", 40, 0, date(2027, 3, 31)),
    ]  # fmt: skip
    let_go(home, past, today)
    assert running.files() == {"register.jsonl"}
    (event,) = running.register.of("made_up", LET_GO)
    assert event["totals"]["cohorts"]["ashford"] == {
        "contact": {"households": 24, "expected_gbp": "12480.00"},
        "holdout": {"households": 6, "expected_gbp": "3120.00"},
    }
    assert event["totals"]["reported"]["dover"] == {
        "contacted": 3, "reached": 0, "applied": 3, "awarded": 3, "one_off_gbp": "0.00",
        "annualised_gbp": "301.50", "lifetime_gbp": "0.00", "back_dated_gbp": "0.00",
    }  # fmt: skip
    assert event["totals"]["recognised"] is None
    assert event_words(event) == (
        "let go after 24 months: 40 households; totals stay in the register"
    )
    assert past_campaigns(*told, today) == []
    assert cohort_files(home, running.register.of("made_up", "campaign_frozen")[0]) == []


def test_what_was_let_go_is_built_without_rows_and_takes_no_more_outcomes(running: Running) -> None:
    home, today = running.here.home, date(2030, 1, 1)
    let_go(home, past_campaigns(home, running.campaigns, running.here.secure, today), today)
    links = made_links(home.root / "links", {})
    tables = campaign_tables(home, running.campaigns, links)
    assert tables["campaigns", "cohort"].num_rows == 0
    assert tables["campaigns", "reported_outcome"].num_rows == 0
    let_go_dates = [row["let_go_date"] for row in tables["campaigns", "campaign"].to_pylist()]
    assert all(let_go_dates) and len(let_go_dates) == 2
    campaign, gone = running.campaigns["made_up"], "made_up: its households were let go on"
    with pytest.raises(CampaignError, match=gone):
        record_outcomes(home, campaign, home.root / "any.csv")
    with pytest.raises(CampaignError, match=gone):
        evaluate(home, running.here.secure, campaign)


def test_a_campaign_says_how_long_it_is_kept_and_when_it_was_over(running: Running) -> None:
    here = running.here
    own = here.campaign(retention_months=3)
    assert own.fingerprint != here.campaign().fingerprint
    campaigns = {"made_up": own, "other": running.campaigns["other"]}

    def past(today: date) -> list[str]:
        return [one.campaign for one in past_campaigns(here.home, campaigns, here.secure, today)]

    assert past(date(2027, 6, 30)) == []
    assert past(date(2027, 7, 1)) == ["made_up"]
    # Said to be over before its last day; later words do not make it longer.
    running.register.complete("other", "Jo Lead")
    completed = running.register.day_of("other", "campaign_completed")
    assert completed
    months = completed.year * 12 + completed.month + 24
    assert "other" in past(date(months // 12, months % 12 + 1, 1))
    del campaigns["other"]
    assert past(date(2026, 12, 1)) == ["other"]


@pytest.mark.parametrize("step", STEPS[2:])
def test_killed_while_letting_go_it_is_finished_by_running_again(
    running: Running, step: str
) -> None:
    home, secure, today = running.here.home, running.here.secure, date(2030, 1, 1)
    with pytest.MonkeyPatch.context() as patch:
        die_at(patch, step, 1)
        with pytest.raises(KilledError):
            let_go(home, past_campaigns(home, running.campaigns, secure, today), today)
    let_go(home, past_campaigns(home, running.campaigns, secure, today), today)
    assert running.files() == {"register.jsonl"}
    assert len(running.register.of("made_up", LET_GO)) == 1


@pytest.mark.parametrize("months", ["0", "soon", "-1"])
def test_a_retention_that_is_none_is_refused(tmp_path: Path, months: str) -> None:
    here = made(tmp_path)
    here.home.config.mkdir(parents=True, exist_ok=True)
    path = here.home.config / "limits.yml"
    path.write_text(f"campaigns: {{retention_months: {months}}}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"limits.yml: campaigns.retention_months: "):
        load_campaign_limits(here.home)


def test_the_shipped_limit_is_the_default(tmp_path: Path) -> None:
    here = made(tmp_path)
    shipped = load_campaign_limits(here.home)
    here.home.config.mkdir(parents=True, exist_ok=True)
    (here.home.config / "limits.yml").write_text("loading: {}\n", "utf-8")
    assert load_campaign_limits(here.home) == shipped
