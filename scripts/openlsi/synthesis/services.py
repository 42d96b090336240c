"""What senders for the whole county write: made of what every district's process hands back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

import pyarrow as pa

from openlsi.config import District
from openlsi.home import Home
from openlsi.synthesis import truth
from openlsi.synthesis.plan import Plan, SynthesisError
from openlsi.synthesis.pupils import census_months
from openlsi.synthesis.spoiling import Spoiler, draw_schedule
from openlsi.synthesis.vendors.education import FreeSchoolMeals, together

_FEED, _LAYOUT = "free_school_meals", "education_free_school_meals"
# What writes each feed of a service in each layout, made once for the county.
SERVICE_WRITERS = {_FEED: {_LAYOUT: FreeSchoolMeals}}


def write_services(
    home: Home, plan: Plan, services: Sequence[District], pupils: Sequence[Sequence[pa.Table]]
) -> list[truth.Ledger]:
    """Write the folder of each service and return the truth of its extracts.

    `pupils` are the tables of each district, one a census.
    """
    ledgers = []
    for service in services:
        if service.feeds != {_FEED: _LAYOUT}:
            raise SynthesisError(
                f"districts.yml: {service.name} sends {', '.join(service.feeds.values())};"
                f" made-up extracts of a service exist as {_LAYOUT}"
            )
        ledgers.append(_write_meals(home, plan, service, pupils))
    return ledgers


def _write_meals(
    home: Home, plan: Plan, service: District, pupils: Sequence[Sequence[pa.Table]]
) -> truth.Ledger:
    folder = home.inbox / service.slug
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    writer, ledger, months = (
        SERVICE_WRITERS[_FEED][_LAYOUT](service.slug),
        truth.Ledger(service.code),
        census_months(plan),
    )
    schedule = draw_schedule(plan, service.code, _FEED, writer, len(months)) if months else None
    for place, month in enumerate(months):
        assert schedule is not None
        counts = schedule.counts[:, place]
        spoiler = Spoiler.of(plan, service.code, _FEED, writer, counts, place)
        written, planted = writer.write(month, together(pupils, place), folder, spoiler.spoil)
        ledger.note(_FEED, month, written, planted, spoiler.lines, writer.structural_rows)
    return ledger
