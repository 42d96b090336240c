"""The whole county: districts made side by side, look-up, official workbooks, truth."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.config import District, load_configuration
from openlsi.home import Home
from openlsi.synthesis import truth
from openlsi.synthesis.budgets import write_budgets
from openlsi.synthesis.campaigns import cohort_table, write_definitions
from openlsi.synthesis.closeness import CALIBRATION, Closeness
from openlsi.synthesis.delivery_habits import habits_of
from openlsi.synthesis.district import MadeDistrict, Position, make_district, positions
from openlsi.synthesis.faults import Planted
from openlsi.synthesis.objectives import write_objectives
from openlsi.synthesis.places import LOOKUP_HEADER, lookup_lines
from openlsi.synthesis.plan import Plan, SynthesisError
from openlsi.synthesis.planted import PLANTED, of_pension_age
from openlsi.synthesis.posting import rounded_sevenths
from openlsi.synthesis.proposals import write_proposals
from openlsi.synthesis.services import write_services
from openlsi.synthesis.spoiling import Spoiler, draw_schedule
from openlsi.synthesis.stock import DWELLINGS, STOCK, Stock
from openlsi.synthesis.targets import read_targets
from openlsi.synthesis.vendors import (
    academy_council_tax,
    academy_cts,
    academy_housing_benefit,
    civica,
    discretionary,
    nec_council_tax,
    nec_cts,
    nec_rent,
    piped,
    rentsense_rent,
    shbe,
    universal_credit,
    wide,
    workbook,
)
from openlsi.synthesis.vendors.claim_references import CLAIM_REFS
from openlsi.synthesis.vendors.columns import account_refs
from openlsi.synthesis.vendors.education import PUPILS, pupils_of

OFFICIAL = Path(__file__).parent / "official"
# What writes each feed in each layout: a class made once a district, whose `write` makes a month.
WRITERS: dict[str, dict[str, Any]] = {
    "council_tax": {
        "academy_council_tax": academy_council_tax.CouncilTax,
        "civica_council_tax": civica.CouncilTax,
        "nec_council_tax": nec_council_tax.CouncilTax,
        "wide_council_tax": wide.CouncilTax,
        "piped_council_tax": piped.CouncilTax,
    },
    "cts": {
        "academy_cts": academy_cts.Cts,
        "civica_cts": civica.Cts,
        "nec_cts": nec_cts.Cts,
        "wide_cts": wide.Cts,
        "piped_cts": piped.Cts,
        "workbook_cts": workbook.Cts,
    },
    "housing_benefit": {
        "academy_housing_benefit": academy_housing_benefit.HousingBenefitTables,
        "academy_housing_benefit_history": academy_housing_benefit.HousingBenefitHistory,
        "shbe": shbe.Shbe,
    },
    "discretionary_awards": {
        "discretionary_csv": discretionary.HandKept,
        "discretionary_tagged": discretionary.Tagged,
    },
    "rent": {
        "nec_rent": nec_rent.Rent,
        "rentsense_rent": rentsense_rent.Rent,
    },
    "universal_credit": {"universal_credit": universal_credit.UniversalCredit},
}


@dataclass(frozen=True)
class Made:
    """What one worker hands back about its district."""

    slug: str
    files: int
    size: int
    extracts: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    people: list[pa.Table]
    pupils: list[pa.Table]
    planted: list[pa.Table]
    calibration: list[dict[str, Any]]
    stock: list[dict[str, Any]]
    dwellings: list[dict[str, Any]]
    households: pa.Table
    cohorts: pa.Table


def synthesise(
    home: Home,
    plan: Plan,
    slugs: Sequence[str] = (),
    workers: int = 2,
    progress: Callable[[Made], None] = lambda made: None,
) -> list[Made]:
    """Write the inbox and the truth of the demo county; return what was made, by district.

    The inbox folders of the districts, the look-up, the budgets, the proposals, the objectives,
    the campaigns and the truth are replaced. Raises SynthesisError where a district is unknown or
    its layout is none of the demo's.
    """
    configuration = load_configuration(home)
    if not configuration.is_demo:
        raise SynthesisError(
            "districts.yml says is_demo: false; made-up extracts are only written into a demo"
        )
    chosen = _chosen(configuration.districts, slugs)
    reissued = next((d.code for d in chosen if d.feeds.get("cts") == "piped_cts"), "")
    for folder in [home.truth, *(home.inbox / district.slug for district in chosen)]:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    _write_shared(home, chosen)
    write_budgets(home, plan, chosen)
    write_proposals(home, plan, chosen)
    write_objectives(home, plan)
    write_definitions(home, plan)
    tasks = [(home, plan, district, district.code == reissued) for district in chosen]
    by_slug: dict[str, Made] = {}
    for made in _made(tasks, workers):
        by_slug[made.slug] = made
        progress(made)
    ordered = [by_slug[district.slug] for district in chosen]
    services = write_services(home, plan, configuration.services, [one.pupils for one in ordered])
    _write_truth(home, ordered, services)
    return ordered


def _made(tasks: Sequence[tuple[Home, Plan, District, bool]], workers: int) -> Iterator[Made]:
    """Yield districts as they are done, each made by one process."""
    if workers < 2 or len(tasks) < 2:
        yield from (_make(*task) for task in tasks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(tasks)), mp_context=context, initializer=pa.set_cpu_count, initargs=(1,)
    ) as pool:
        for future in as_completed([pool.submit(_make, *task) for task in tasks]):
            yield future.result()


def _chosen(districts: Sequence[District], slugs: Sequence[str]) -> list[District]:
    by_slug = {district.slug: district for district in districts}
    unknown = sorted(set(slugs) - set(by_slug))
    if unknown:
        raise SynthesisError(
            f"--districts: {', '.join(unknown)} not in districts.yml; known: {', '.join(by_slug)}"
        )
    chosen = [d for d in districts if not slugs or d.slug in slugs]
    for district in chosen:
        for feed in ("council_tax", "cts"):
            if feed not in district.feeds:
                raise SynthesisError(
                    f"districts.yml: {district.name} sends no {feed}; every made-up district does"
                )
        for feed, layout in district.feeds.items():
            if layout not in WRITERS.get(feed, {}):
                known = ", ".join(WRITERS.get(feed, {})) or "nothing"
                raise SynthesisError(
                    f"districts.yml: {district.name} sends {feed} as {layout}; made-up extracts of"
                    f" it exist as {known}"
                )
    return chosen


def _make(home: Home, plan: Plan, district: District, is_reissued: bool) -> Made:
    """Make one district."""
    made = make_district(plan, district)
    folder = home.inbox / district.slug
    ledger, closeness, stock = truth.Ledger(district.code), Closeness(made), Stock(made)
    feeds = [(feed, WRITERS[feed][layout](made)) for feed, layout in district.feeds.items()]
    code = district.code
    schedules = {name: draw_schedule(plan, code, name, writer) for name, writer in feeds}
    corrected = max(0, len(plan.extract_months) - 2)
    habits = habits_of(plan, district.code)
    for place, position in enumerate(positions(made)):
        if not habits.delivers(plan, place):
            break
        in_force: dict[str, Sequence[Planted]] = {}
        for name, writer in feeds:
            spoiler = Spoiler.of(plan, code, name, writer, schedules[name].counts[:, place], place)
            if name == "cts" and is_reissued and place == corrected:
                in_force[name] = _write_twice(ledger, writer, position, folder, spoiler)
                continue
            # A history begins late, or it would tell of months that nobody else has.
            if place < min(getattr(writer, "first_place", 0), len(plan.extract_months) - 1):
                continue
            counts, in_force[name] = writer.write(position, folder, spoiler.spoil)
            for count in counts:
                habits.rename(name, position.month, folder / count["file_name"])
            ledger.note(
                name,
                position.month,
                counts,
                in_force[name],
                spoiler.lines,
                writer.structural_rows,
                restatement=getattr(writer, "restatement", None),
            )
        closeness.note(position)
        stock.note(position, in_force)
    written = list(folder.iterdir())
    return Made(
        slug=district.slug,
        files=len(written),
        size=sum(path.stat().st_size for path in written),
        extracts=ledger.extracts,
        faults=ledger.faults,
        deliveries=ledger.deliveries,
        measures=ledger.measures,
        # A writer that knows who stands in its rows says so, as tables of `truth.PEOPLE`.
        people=[
            truth.account_people(made, _words(account_refs(made, np.arange(len(made.accounts))))),
            *(writer.people() for _, writer in feeds if hasattr(writer, "people")),
        ],
        pupils=pupils_of(made),
        planted=[
            *of_pension_age(made, _refs_of_claims(made)),
            *(table for _, writer in feeds for table in getattr(writer, "planted", ())),
        ],
        calibration=closeness.rows(),
        stock=stock.rows(),
        dwellings=stock.dwellings(),
        households=_households(made),
        cohorts=cohort_table(made, _words(_refs_of_claims(made))),
    )


def _write_twice(
    ledger: truth.Ledger, writer: Any, position: Position, folder: Path, spoiler: Spoiler
) -> list[Planted]:
    """Write a month with some awards too low, then its re-issue with the right ones.

    Returns the faults of the re-issue, which has none.
    """
    right = position.awards
    wrong_weekly = np.where(right.claim % 5 == 2, right.weekly_award * 9 // 10, right.weekly_award)
    # Days awarded, from what was accrued: the first issue accrues the wrong award over the same.
    days = np.round(right.accrued * 7 / np.maximum(right.weekly_award, 1)).astype(np.int64)
    wrong = replace(right, weekly_award=wrong_weekly, accrued=rounded_sevenths(wrong_weekly * days))
    counts, planted = writer.write(position, folder, spoiler.spoil, awards=wrong)
    framing = writer.structural_rows
    ledger.note("cts", position.month, counts, planted, spoiler.lines, framing, is_superseded=True)
    counts, planted = writer.write(position, folder, spoiler.spare, version=2)
    ledger.note("cts", position.month, counts, planted, spoiler.lines, framing)
    return list(planted)


def _refs_of_claims(made: MadeDistrict) -> Any:
    """Return the reference of each claim for support."""
    return CLAIM_REFS[made.district.feeds["cts"]](np.arange(len(made.households)))


def _households(made: MadeDistrict) -> pa.Table:
    accounts = np.arange(made.cts_accounts)
    owner = made.accounts.household[accounts]
    refs = _words(account_refs(made, accounts))
    return truth.households_table(made, refs, _words(_refs_of_claims(made).take(pa.array(owner))))


def _words(column: Any) -> list[str]:
    return [str(word, "ascii") for word in column.to_pylist()]


def _write_shared(home: Home, districts: Sequence[District]) -> None:
    """Write the made-up postcode look-up and copy the official workbooks."""
    reference, official = home.inbox / "reference", home.inbox / "official"
    for folder in (reference, official):
        folder.mkdir(parents=True, exist_ok=True)
    lines = [lookup_lines(read_targets(district.code)) for district in districts]
    (reference / "postcode_lookup.csv").write_text(
        LOOKUP_HEADER + "".join(lines), encoding="utf-8", newline=""
    )
    for path in sorted(OFFICIAL.glob("*")) if OFFICIAL.is_dir() else []:
        if path.suffix in (".ods", ".xlsx"):
            shutil.copyfile(path, official / path.name)


def _write_truth(home: Home, made: Sequence[Made], services: Sequence[truth.Ledger]) -> None:
    for name, schema in (
        ("extracts", truth.EXTRACTS),
        ("faults", truth.FAULTS),
        ("deliveries", truth.DELIVERIES),
        ("measures", truth.MEASURES),
        ("calibration", CALIBRATION),
        ("stock", STOCK),
        ("dwellings", DWELLINGS),
    ):
        told = [*made, *services] if name in truth.OF_EXTRACTS else made
        rows = [row for one in told for row in getattr(one, name)]
        truth.write_rows(home.truth / f"{name}.parquet", rows, schema)
    people = [truth.PEOPLE.empty_table(), *(table for one in made for table in one.people)]
    pq.write_table(pa.concat_tables(people), home.truth / "people.parquet", compression="zstd")
    pupils = [PUPILS.empty_table(), *(table for one in made for table in one.pupils)]
    pq.write_table(
        pa.concat_tables(pupils).drop_columns(["line"]),
        home.truth / "pupils.parquet",
        compression="zstd",
    )
    planted = [PLANTED.empty_table(), *(table for one in made for table in one.planted)]
    pq.write_table(pa.concat_tables(planted), home.truth / "planted.parquet", compression="zstd")
    households = pa.concat_tables([one.households for one in made])
    pq.write_table(households, home.truth / "households.parquet", compression="zstd")
    cohorts = pa.concat_tables([one.cohorts for one in made])
    pq.write_table(cohorts, home.truth / "cohorts.parquet", compression="zstd")
