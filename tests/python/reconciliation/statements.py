"""What must be true from the truth ledger to each fact: queries that return what is not.

Every statement is a sentence and a query over the session of `opened`. A query returns the rows
that contradict the sentence, with both figures; no rows mean that it holds. Pounds agree to the
penny: the generator accrues in whole pence by its own arithmetic, rounding each award period once a
month, as law and DEFINITIONS 5 have it, so no tolerance is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciliation.free_school_meals import FREE_SCHOOL_MEALS
from reconciliation.opened import LANDED
from reconciliation.statement import Statement, equal
from reconciliation.universal_credit import UNIVERSAL_CREDIT

_EXTRACT = ("district_code", "feed", "month", "is_superseded")
_MONTH = ("district_code", "month")
_AWARDS_IN_FORCE = (
    "from truth_extracts where feed = 'cts' and record = 'award' and not is_superseded"
)


def _truth_of(feed: str, record: str, columns: Sequence[str]) -> str:
    """Return the truth of one record in force by district and month, one column a clean figure."""
    clean = ", ".join(f"clean_{column} as {column}" for column in columns)
    return (
        f"select district_code, month, {clean} from truth_extracts"
        f" where feed = '{feed}' and record = '{record}' and not is_superseded"
    )


def _sums(columns: Sequence[str]) -> str:
    return ", ".join(f"sum({column}) as {column}" for column in columns)


_SPEND = ("accrued_gbp", "retrospective_gbp", "posted_gbp")
_ARREARS = ("overdue_gbp", "not_yet_due_gbp", "costs_gbp", "credit_gbp", "qrc4_arrears_gbp")
_COLLECTION = (
    "net_collectable_debit_gbp", "receipts_to_date_gbp", "receipts_in_month_gbp",
    "write_off_to_date_gbp", "write_off_in_month_gbp",
)  # fmt: skip
_RENT_MEASURES = "from truth_measures where feed = 'rent' and not is_superseded"
_DELIVERED_ROWS = ("physical_rows", "structural_rows", "accepted_rows", "quarantined_rows")
# A month that several extracts restate has several that are superseded: they are added up.
_TRUE_ROWS = """
select district_code, feed, month, is_superseded, sum(physical_rows) as physical_rows,
    sum(structural_rows) as structural_rows,
    sum(physical_rows - structural_rows - planted_rows - other_month_rows) as accepted_rows,
    sum(planted_rows) as quarantined_rows
from truth_deliveries group by all
"""
_TRUE_POUNDS = """
select clean.*, coalesce(quarantined_gbp, 0) as quarantined_gbp
from (
    select district_code, feed, month, is_superseded,
        coalesce(sum(clean_gbp), 0) as accepted_gbp
    from truth_extracts group by all
) as clean
left join (
    select district_code, feed, month, is_superseded, sum(gbp) as quarantined_gbp
    from truth_faults group by all
) as spoilt using (district_code, feed, month, is_superseded)
"""
_HOUSEHOLD_MONTHS = """
select district_code, has_cts,
    cast(unnest(generate_series(valid_from_month, valid_to_month, interval 1 month)) as date)
        as month
from secure.marts.dim_household
"""
_REASON = (*_EXTRACT, "record", "reason", "column_name")

STATEMENTS = [
    # --- the ledger
    equal(
        "the ledger counts the physical, structural, accepted and quarantined rows of the truth",
        _TRUE_ROWS,
        f"select {', '.join(_EXTRACT)}, {_sums(_DELIVERED_ROWS)} from ledger_extract group by all",
        _EXTRACT,
        _DELIVERED_ROWS,
    ),
    equal(
        "the ledger holds the accepted and quarantined pounds of the truth",
        _TRUE_POUNDS,
        f"select {', '.join(_EXTRACT)}, {_sums(('accepted_gbp', 'quarantined_gbp'))}"
        " from ledger_extract group by all",
        _EXTRACT,
        ("accepted_gbp", "quarantined_gbp"),
    ),
    equal(
        "the ledger holds the clean rows and pounds of each record",
        "select district_code, feed, month, is_superseded, record, sum(clean_rows) as landed_rows,"
        " coalesce(sum(clean_gbp), 0) as landed_gbp from truth_extracts group by all",
        "select district_code, feed, month, is_superseded, record, sum(rows) as landed_rows,"
        " coalesce(sum(gbp), 0) as landed_gbp"
        " from ledger_extract join ledger_record using (extract_id) group by all",
        (*_EXTRACT, "record"),
        ("landed_rows", "landed_gbp"),
    ),
    equal(
        "each reason for setting rows aside has its planted rows and pounds and none is unplanted",
        "select district_code, feed, month, is_superseded, record, reason, column_name,"
        " count(*) as rows, sum(gbp) as gbp from truth_faults group by all",
        "select district_code, feed, month, is_superseded, record, reason,"
        " coalesce(column_name, '') as column_name, sum(rows) as rows, sum(gbp) as gbp"
        " from ledger_extract join ledger_reason using (extract_id) group by all",
        _REASON,
        ("rows", "gbp"),
    ),
    equal(
        "the quarantine holds exactly the planted rows, each where it stands and for its reason",
        "select district_code, feed, month, is_superseded, file_name, source_row, record, reason,"
        " count(*) as rows, sum(gbp) as gbp from truth_faults group by all",
        "select quarantined_row.district_code, ledger_extract.feed, quarantined_row.month,"
        " is_superseded, file_name,"
        " source_row, record, reason, count(*) as rows,"
        " sum(coalesce(gbp, 0)) as gbp"
        " from quarantined_row join ledger_extract using (extract_id) group by all",
        (*_EXTRACT, "file_name", "source_row", "record", "reason"),
        ("rows", "gbp"),
    ),
    # --- landing
    *(
        equal(
            f"the landed {feed} {record} files hold the clean rows"
            f"{' and pounds' if control else ''} of the truth",
            "select district_code, month, is_superseded, sum(clean_rows) as rows,"
            " coalesce(sum(clean_gbp), 0) as gbp from truth_extracts"
            f" where feed = '{feed}' and record = '{record}' and clean_rows > 0 group by all",
            f"select landed.district_code, landed.month, is_superseded, count(*) as rows,"
            f" {f'sum({control})' if control else '0'} as gbp"
            f" from landed_{feed}__{record} as landed"
            " join ledger_extract using (extract_id) group by all",
            (*_MONTH, "is_superseded"),
            ("rows", "gbp"),
        )
        for feed, record, control in LANDED
    ),
    # --- facts
    equal(
        "the extracts fact lists every extract with the rows of the truth",
        _TRUE_ROWS,
        "select district_code, feed, month, not is_in_force as is_superseded,"
        f" {_sums(_DELIVERED_ROWS)} from secure.marts.fct_extracts"
        " where feed in (select feed from ledger_extract) group by all",
        _EXTRACT,
        _DELIVERED_ROWS,
    ),
    equal(
        "the extracts fact lists every extract with the pounds of the truth",
        _TRUE_POUNDS,
        "select district_code, feed, month, not is_in_force as is_superseded,"
        f" {_sums(('accepted_gbp', 'quarantined_gbp'))} from secure.marts.fct_extracts"
        " where feed in (select feed from ledger_extract) group by all",
        _EXTRACT,
        ("accepted_gbp", "quarantined_gbp"),
    ),
    equal(
        "the spend fact accrues, corrects and posts the pounds of the truth",
        "select district_code, month, clean_accrued_gbp as accrued_gbp,"
        " clean_retrospective_gbp as retrospective_gbp, clean_posted_gbp as posted_gbp,"
        " clean_accrued_gbp + clean_retrospective_gbp as recognised_gbp"
        f" {_AWARDS_IN_FORCE}",
        "select district_code, month, sum(accrued_gbp) as accrued_gbp,"
        " sum(retrospective_adjustment_gbp) as retrospective_gbp,"
        " sum(posted_credit_gbp) as posted_gbp, sum(recognised_gbp) as recognised_gbp"
        " from secure.marts.fct_benefit_spend where benefit_code = 'cts' group by all",
        _MONTH,
        (*_SPEND, "recognised_gbp"),
    ),
    equal(
        "the monthly support by group adds to the pounds of the truth",
        "select district_code, month, clean_accrued_gbp + clean_retrospective_gbp"
        f" as recognised_gbp, clean_posted_gbp as posted_gbp {_AWARDS_IN_FORCE}",
        "select district_code, month, sum(recognised_gbp) as recognised_gbp,"
        " sum(posted_credit_gbp) as posted_gbp from secure.marts.fct_cts_month group by all",
        _MONTH,
        ("recognised_gbp", "posted_gbp"),
    ),
    equal(
        "the arrears fact has a row for each clean balance and splits it as the truth does",
        _truth_of("council_tax", "balance", ("rows", *_ARREARS)),
        f"select district_code, month, count(*) as rows, {_sums(_ARREARS)}"
        " from secure.marts.fct_arrears where debt_type = 'council_tax' group by all",
        _MONTH,
        ("rows", *_ARREARS),
    ),
    equal(
        "the overdue month adds to the arrears of the truth",
        _truth_of("council_tax", "balance", _ARREARS),
        f"select district_code, month, {_sums(_ARREARS)}"
        " from secure.marts.fct_overdue_month group by all",
        _MONTH,
        _ARREARS,
    ),
    equal(
        "the collection fact has a row for each clean balance and the receipts of the truth",
        _truth_of("council_tax", "balance", ("rows", *_COLLECTION)),
        f"select district_code, month, count(*) as rows, {_sums(_COLLECTION)}"
        " from secure.marts.fct_collection group by all",
        _MONTH,
        ("rows", *_COLLECTION),
    ),
    equal(
        "the spend fact accrues the Housing Benefit of the truth, and says whom it is paid",
        "select district_code, month, sum(gbp) filter (measure = 'hb_accrued') as accrued_gbp,"
        " sum(gbp) filter (measure = 'hb_in_payment') as weekly_gbp,"
        " sum(count) filter (measure = 'hb_in_payment') as household_count"
        " from truth_measures where feed = 'housing_benefit' and not is_superseded group by all",
        "select district_code, month, sum(accrued_gbp) as accrued_gbp,"
        " sum(weekly_award_gbp) as weekly_gbp, count(*) filter (is_in_payment) as household_count"
        " from secure.marts.fct_benefit_spend where benefit_code = 'hb' group by all",
        _MONTH,
        ("accrued_gbp", "weekly_gbp", "household_count"),
    ),
    equal(
        "the months of Housing Benefit by tenancy add to the pounds and households of the truth",
        "select district_code, month, sum(gbp) filter (measure = 'hb_accrued') as accrued_gbp,"
        " sum(count) filter (measure = 'hb_in_payment') as household_count"
        " from truth_measures where feed = 'housing_benefit' and not is_superseded group by all",
        "select district_code, month, sum(accrued_gbp) as accrued_gbp,"
        " sum(household_count) as household_count"
        " from secure.marts.fct_housing_benefit_month group by all",
        _MONTH,
        ("accrued_gbp", "household_count"),
    ),
    equal(
        "the reliefs add to the open, discounted, exempt and attached accounts of the truth",
        "pivot (select district_code, month, measure, count from truth_measures"
        " where feed = 'council_tax' and not is_superseded)"
        " on measure in ('open_accounts', 'discounted_accounts', 'exempt_accounts',"
        " 'attached_accounts') using sum(count) group by district_code, month",
        "select district_code, month, sum(account_count) as open_accounts,"
        " coalesce(sum(account_count) filter (discount_kind not in ('none', 'empty')), 0)"
        " as discounted_accounts,"
        " coalesce(sum(account_count) filter (exemption_class <> 'none'), 0) as exempt_accounts,"
        " coalesce(sum(account_count) filter (attachment <> 'none'), 0) as attached_accounts"
        " from secure.marts.fct_council_tax_relief_month group by all",
        _MONTH,
        ("open_accounts", "discounted_accounts", "exempt_accounts", "attached_accounts"),
    ),
    equal(
        "the arrears fact has a row for each clean rent account and its arrears and credits",
        "select district_code, month,"
        " sum(count) filter (where measure = 'rent_accounts') as rows,"
        " sum(count) filter (where measure = 'rent_arrears') as owing,"
        " sum(gbp) filter (where measure = 'rent_arrears') as arrears_gbp,"
        " sum(gbp) filter (where measure = 'rent_credits') as credit_gbp"
        f" {_RENT_MEASURES} group by all",
        "select district_code, month, count(*) as rows,"
        " count(*) filter (where overdue_gbp > 0) as owing, sum(overdue_gbp) as arrears_gbp,"
        " sum(credit_gbp) as credit_gbp"
        " from secure.marts.fct_arrears where debt_type = 'rent' group by all",
        _MONTH,
        ("rows", "owing", "arrears_gbp", "credit_gbp"),
    ),
    equal(
        "the rent month adds to the arrears of the truth",
        "select district_code, month, count as arrears_account_count, gbp as arrears_gbp"
        f" {_RENT_MEASURES} and measure = 'rent_arrears'",
        "select district_code, month, arrears_account_count, arrears_gbp"
        " from secure.marts.fct_rent_month where is_held",
        _MONTH,
        ("arrears_account_count", "arrears_gbp"),
    ),
    equal(
        "the rent transactions fact holds each kind of posting of the truth",
        "select district_code, month, replace(measure, 'transactions ', '') as kind,"
        f" count as rows, gbp {_RENT_MEASURES} and measure like 'transactions %'",
        "select district_code, month, transaction_kind as kind,"
        " cast(sum(transaction_count) as bigint) as rows, sum(transaction_gbp) as gbp"
        " from secure.marts.fct_rent_transactions_month group by all",
        (*_MONTH, "kind"),
        ("rows", "gbp"),
    ),
    equal(
        "the discretionary awards fact holds the awards and pounds of each fund of the truth",
        "select district_code, month, replace(measure, 'awards ', '') as fund, count as rows, gbp"
        " from truth_measures where feed = 'discretionary_awards' and not is_superseded",
        "select district_code, month, fund, count(*) as rows, sum(award_gbp) as gbp"
        " from secure.marts.fct_discretionary_awards group by all",
        (*_MONTH, "fund"),
        ("rows", "gbp"),
    ),
    # --- dimensions
    equal(
        "the households with support at each month's end are those of the truth",
        "select district_code, month, cts_household_count from truth_stock",
        "select district_code, month, count(*) as cts_household_count"
        f" from ({_HOUSEHOLD_MONTHS}) where has_cts group by all",
        _MONTH,
        ("cts_household_count",),
    ),
    equal(
        "the households at each month's end are those of the truth",
        "select district_code, month, household_count from truth_stock",
        "select district_code, month, count(*) as household_count"
        f" from ({_HOUSEHOLD_MONTHS}) group by all",
        _MONTH,
        ("household_count",),
    ),
    equal(
        "the caseload by group adds to the households in payment of the truth",
        "select district_code, month, cts_household_count from truth_stock",
        "select district_code, month, sum(household_count) as cts_household_count"
        " from secure.marts.fct_cts_month group by all",
        _MONTH,
        ("cts_household_count",),
    ),
    equal(
        "the dwellings are those of the truth from the first month seen to the last",
        "select district_code, first_month, last_month, dwelling_count from truth_dwellings",
        "select district_code, first_month, last_month, count(*) as dwelling_count"
        " from secure.marts.dim_dwelling group by all",
        ("district_code", "first_month", "last_month"),
        ("dwelling_count",),
    ),
    # --- what is published
    Statement(
        "the published county headlines are the truth rounded",
        """
        with said as (
            select month, sum(clean_accrued_gbp + clean_retrospective_gbp) as recognised_gbp
            from truth_extracts
            where feed = 'cts' and record = 'award' and not is_superseded group by month
        ), caseload as (
            select month, sum(cts_household_count) as caseload_count from truth_stock group by month
        )
        select month, said.recognised_gbp, published.recognised_gbp as published_gbp,
            caseload.caseload_count, published.caseload_count as published_count
        from said join caseload using (month)
        full outer join published_file.published.county_cts_month as published using (month)
        where not coalesce(
            abs(said.recognised_gbp - published.recognised_gbp) <= 500
            and abs(caseload.caseload_count - published.caseload_count) <= 2, false)
        """,
    ),
    Statement(
        "the published households and pounds of Universal Credit and Housing Benefit are the truth"
        " rounded",
        """
        with said as (
            select feed, month,
                sum(count) filter (measure in ('awards', 'hb_in_payment')) as household_count,
                sum(gbp) filter (measure in ('awards', 'hb_accrued')) as gbp
            from truth_measures
            where feed in ('universal_credit', 'housing_benefit') and not is_superseded
            group by all
        ), published as (
            select 'universal_credit' as feed, month, household_count, award_gbp as gbp
            from published_file.published.county_uc_month
            union all
            select 'housing_benefit', month, caseload_count, accrued_gbp
            from published_file.published.county_housing_benefit_month
        )
        select feed, month, said.household_count, published.household_count as published_count,
            said.gbp, published.gbp as published_gbp
        from said full outer join published using (feed, month)
        where not coalesce(
            abs(said.household_count - published.household_count) <= 2
            and abs(said.gbp - published.gbp) <= 500, false)
        """,
    ),
    equal(
        "the official support forgone of the county's districts is what the demo is made to match",
        "select district_code, band, age_group,"
        " cast(cts_forgone_2022_23_gbp as decimal(18, 2)) as gbp from calibration_cts_forgone",
        "select authority_code as district_code, band, age_group,"
        " cast(cts_forgone_gbp as decimal(18, 2)) as gbp"
        " from secure.marts.fct_published_cts_forgone"
        " where financial_year = '2022-23'"
        " and authority_code in"
        " (select district_code from secure.marts.dim_district where is_warehouse_district)",
        ("district_code", "band", "age_group"),
        ("gbp",),
    ),
    *UNIVERSAL_CREDIT,
    *FREE_SCHOOL_MEALS,
]  # fmt: skip

# Those that need no warehouse: what was loaded is what was sent.
LOADED = [
    statement
    for statement in STATEMENTS
    if not any(name in statement.query for name in ("secure.", "published_file."))
]
