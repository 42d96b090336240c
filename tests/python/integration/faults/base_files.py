"""One district's clean files of every feed, and where in them stands what a fault is put into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openlsi.extract.layouts import Layout, load_layouts
from openlsi.extract.records import load_feed_definitions
from openlsi.home import Home
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan

# Dartford sends every feed there are made-up files of.
DISTRICT, CODE, SLUG, MONTH = "Dartford", "E07000107", "dartford", "202610"
_NOWHERE = Home(Path("/nonexistent"))
DEFINITIONS = load_feed_definitions(_NOWHERE)
LAYOUTS = load_layouts(_NOWHERE, DEFINITIONS)

Files = dict[str, bytes]


@dataclass(frozen=True)
class Place:
    """Where one thing is told: the file, its column, and the landing column made of it."""

    column: str
    lands_in: str
    file: str = ""


@dataclass(frozen=True)
class Feed:
    """One feed's files and the places in them that faults are put into.

    `file` is the one that rows are set aside from, `row` the physical row of it that is spoilt,
    and `above` another; `records` are those that a spoilt row loses, all that it gives by default.
    """

    name: str
    layout: str
    file: str
    places: dict[str, Place]
    others: tuple[str, ...] = ()
    row: int = 4
    above: int = 3
    records: tuple[str, ...] = ()

    @property
    def form(self) -> Layout:
        """The layout that the files are written in."""
        return LAYOUTS[self.layout]

    @property
    def has_header(self) -> bool:
        """Whether the file begins with its columns' names."""
        return self.form.format == "delimited"

    @property
    def files(self) -> tuple[str, ...]:
        """Every file of a delivery, the one that is spoilt first."""
        return (self.file, *self.others)


def _rent(table: str) -> str:
    return f"{SLUG}.rent.{table}{MONTH}.csv"


FEEDS = {
    feed.name: feed
    for feed in (
        Feed(
            "council_tax", "wide_council_tax", "Council Tax Extract - Dartford - 2026-10.csv",
            {
                "reference": Place("Account No", "account_key"),
                "name": Place("Lead Surname", "lead_name_key"),
                "uprn": Place("UPRN", "dwelling_key"),
                "postcode": Place("Postcode", "lsoa_code"),
                "code": Place("Band", "band"),
                "begins": Place("Liable From", "liability_start_date"),
                "ends": Place("Liable To", "liability_end_date"),
                "money": Place("CY Balance", "balance_gbp"),
                "free": Place("Lead Surname", "lead_name_key"),
                "rate": Place("CY Balance", "balance_gbp"),
            },
        ),
        Feed(
            "cts", "wide_cts", "CTR Awards - Dartford - 2026-10.csv",
            {
                "reference": Place("Claim Ref", "claim_key"),
                "name": Place("Claimant Surname", "claimant_name_key"),
                "born": Place("Claimant DOB", "claimant_age_at_month_end"),
                "nino": Place("Claimant NINO", "claimant_nino_key"),
                "code": Place("Status", "award_status"),
                "begins": Place("Award From", "award_from"),
                "ends": Place("Award To", "award_to"),
                "money": Place("Weekly Award", "weekly_award_gbp"),
                "free": Place("Claimant Surname", "claimant_name_key"),
                "rate": Place("Weekly Award", "weekly_award_gbp"),
            },
        ),
        Feed(
            "housing_benefit", "shbe", f"{SLUG}_shbe_{MONTH}.csv",
            {
                "reference": Place("2", "claim_key"),
                "name": Place("18", ""),  # the extract has no names; a field that is not read
                "born": Place("8", "claimant_age_at_month_end"),
                "nino": Place("4", "claimant_nino_key"),
                "postcode": Place("11", "lsoa_code"),
                "code": Place("33", "claim_status"),
                "begins": Place("41", "claim_from"),
                "ends": Place("202", "claim_to"),
                "money": Place("43", "weekly_hb_gbp"),
                "free": Place("18", ""),
                "rate": Place("43", "weekly_hb_gbp"),
            },
        ),
        Feed(
            "universal_credit", "universal_credit", f"{CODE}.UC.{MONTH}.txt",
            {
                "reference": Place("uc_ref", "uc_key"),
                "name": Place("surname", "claimant_name_dob_key"),
                "born": Place("dob", "claimant_age_at_month_end"),
                "nino": Place("nino", "claimant_nino_key"),
                "postcode": Place("postcode", "lsoa_code"),
                "code": Place("tenure", "housing_tenure"),
                "begins": Place("from", "period_start"),
                "ends": Place("to", "period_end"),
                "money": Place("paid", "net_award_gbp"),
                "free": Place("surname", "claimant_name_dob_key"),
                "rate": Place("paid", "net_award_gbp"),
            },
        ),
        Feed(
            "rent", "rentsense_rent", _rent("accounts"),
            {
                "reference": Place("AccountReference", "rent_account_key"),
                "name": Place("TenantSurName", "tenant_name_key", _rent("tenants")),
                "born": Place("DateOfBirth", "tenant_age_at_month_end", _rent("tenants")),
                "uprn": Place("UPRN", "dwelling_key"),
                "postcode": Place("PostCode", "lsoa_code", _rent("tenants")),
                "code": Place("TenureTypeCode", "tenancy"),
                "begins": Place("TenancyStartDate", "tenancy_start_date"),
                "ends": Place("TenancyEndDate", "tenancy_end_date"),
                "money": Place("CurrentBalance", "balance_gbp", _rent("balances")),
                "free": Place("LocalAuthority", ""),
                "rate": Place("WeeklyRent", "weekly_rent_gbp"),
            },
            others=tuple(map(_rent, ("tenants", "balances", "transactions", "actions",
                                     "arrangements"))),
            records=("account",),
        ),
    )
}  # fmt: skip


def make_files(home: Home) -> dict[str, Files]:
    """Return the files of each feed, as the generator writes them without a single fault."""
    plan = Plan(1, f"{MONTH[:4]}-{MONTH[4:]}", 0.0, 7, 0.01, has_faults=False)
    synthesise(home, plan, [SLUG], workers=1)
    folder = home.inbox / SLUG
    return {
        name: {one: (folder / one).read_bytes() for one in feed.files}
        for name, feed in FEEDS.items()
    }
