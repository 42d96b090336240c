"""A warehouse small enough to check by hand: the marts' columns, three districts, 15 months."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
from contract_marts import add_missing

_DISTRICTS = """
create table marts.dim_district as
select * from (values
    ('E07000105', 'Ashford', 'ashford', 'E2239', 'shire district', 'E10000016', 'Kent',
     'E12000008', 'South East', true, true, true, true, cast(null as varchar),
     cast(null as varchar)),
    ('E07000106', 'Canterbury', 'canterbury', 'E2240', 'shire district', 'E10000016', 'Kent',
     'E12000008', 'South East', true, true, true, true, cast(null as varchar),
     cast(null as varchar)),
    ('E07000108', 'Dover', 'dover', 'E2241', 'shire district', 'E10000016', 'Kent',
     'E12000008', 'South East', true, true, true, true, cast(null as varchar),
     cast(null as varchar)),
    ('E06000035', 'Medway', null, 'E2201', 'unitary authority', null, null,
     'E12000008', 'South East', false, true, false, null, cast(null as varchar),
     cast(null as varchar)),
    ('E07000061', 'Eastbourne', null, 'E1432', 'shire district', 'E10000011', 'East Sussex',
     'E12000008', 'South East', false, false, false, null, cast(null as varchar),
     cast(null as varchar))
) as district(
    district_code, district_name, district_slug, mhclg_code, authority_type, county_code,
    county_name, region_code, region_name, is_county_district, is_county_or_neighbour,
    is_warehouse_district, has_council_homes, without_council_homes_because, shared_part_key
)
"""

_MONTHS = """
create table marts.dim_month as
select
    cast(month as date) as month,
    strftime(month, '%B %Y') as month_label,
    case when month(month) >= 4
        then printf('%d-%02d', year(month), (year(month) + 1) % 100)
        else printf('%d-%02d', year(month) - 1, year(month) % 100) end as financial_year,
    cast(make_date(year(month) - case when month(month) < 4 then 1 else 0 end, 4, 1) as date)
        as financial_year_start_date,
    cast(date_trunc('quarter', month) as date) as quarter_month,
    strftime(date_trunc('quarter', month), 'quarter from %B %Y') as quarter_label,
    (month(month) + 8) % 12 + 1 as financial_month_number,
    day(last_day(month)) as days_in_month
from generate_series(timestamp '2018-04-01', timestamp '2027-03-01', interval 1 month) as s(month)
"""

# Household i of a district: pension age where i % 3 = 0, on Universal Credit where i % 3 = 1;
# £10 a week and a pound more for each step of i % 7; every eleventh has a £2 correction.
_SPEND = """
create table marts.fct_benefit_spend as
select
    d.district_code,
    d.district_code || '-' || i as household_key,
    'cts' as benefit_code,
    m.month,
    d.district_code || '-' || i || '-1' as household_version_key,
    case when i % 3 = 0 then 'pension' else 'working' end as cts_age_group,
    i % 3 = 1 as is_on_uc,
    true as is_in_payment,
    cast(10 + i % 7 as decimal(18, 2)) as weekly_award_gbp,
    m.days_in_month as days_awarded_count,
    cast(round((10 + i % 7) * m.days_in_month / 7.0, 2) as decimal(18, 2)) as accrued_gbp,
    cast(case when i % 11 = 0 then 2 else 0 end as decimal(18, 2)) as retrospective_adjustment_gbp,
    cast(round((10 + i % 7) * m.days_in_month / 7.0, 2) + case when i % 11 = 0 then 2 else 0 end
        as decimal(18, 2)) as recognised_gbp,
    cast(case when m.financial_month_number = 1 then 500 when i % 5 = 0 then -3 else 0 end
        as decimal(18, 2)) as posted_credit_gbp
from marts.dim_month as m
cross join (values ('E07000105', 60), ('E07000106', 40), ('E07000108', 25)) as d(district_code, n)
cross join lateral (select unnest(range(1, $scale * d.n + 1)) as i) as household
where m.month between date '2025-04-01' and date '2026-06-01'
    -- Ten more households join each quarter, so that a change can be seen.
    and i <= $scale * d.n - 10 + 3 * date_diff('month', date '2025-04-01', m.month)
"""

_CTS_MONTH = """
create table marts.fct_cts_month as
with monthly as (
    select
        district_code, month, cts_age_group, is_on_uc,
        count(*) as household_count,
        cast(3 as bigint) as new_award_count,
        sum(weekly_award_gbp) as weekly_award_gbp,
        sum(accrued_gbp) as accrued_gbp,
        sum(retrospective_adjustment_gbp) as retrospective_adjustment_gbp,
        sum(recognised_gbp) as recognised_gbp,
        sum(posted_credit_gbp) as posted_credit_gbp,
        max(recognised_gbp) as largest_household_gbp,
        max(weekly_award_gbp) as largest_weekly_gbp
    from marts.fct_benefit_spend
    group by all
)
select
    monthly.*,
    sum(recognised_gbp) over financial_year_to_date as recognised_fytd_gbp,
    sum(accrued_gbp) over financial_year_to_date as accrued_fytd_gbp
from monthly
inner join marts.dim_month using (month)
window financial_year_to_date as (
    partition by district_code, cts_age_group, is_on_uc, financial_year order by month
)
"""

_BEARERS = """
create table marts.fct_cts_bearer_month as
select
    district_code, month, bearer, share_ratio,
    cast(round(sum(recognised_gbp) * share_ratio, 2) as decimal(18, 2)) as notional_share_gbp,
    cast(round(sum(recognised_gbp) * share_ratio, 2) as decimal(18, 2)) as in_year_share_gbp,
    '2023-24' as shares_year,
    true as is_assumed_shares
from marts.fct_cts_month
cross join (values ('district', 0.10), ('county', 0.72), ('police', 0.13), ('fire', 0.05))
    as bearers(bearer, share_ratio)
group by district_code, month, bearer, share_ratio
"""

_ARREARS = """
create table marts.fct_arrears as
select
    district_code,
    'a-' || household_key as account_key,
    liability_year,
    'council_tax' as debt_type,
    month,
    'reminder' as recovery_stage,
    liability_year = '2024-25' as is_prior_year,
    false as is_closed_account,
    cast(case when right(household_key, 1) in ('1', '2') then 150 else 0 end as decimal(18, 2))
        as overdue_gbp,
    cast(400 as decimal(18, 2)) as not_yet_due_gbp,
    cast(0 as decimal(18, 2)) as costs_gbp,
    cast(0 as decimal(18, 2)) as credit_gbp,
    cast(150 as decimal(18, 2)) as qrc4_arrears_gbp,
    case when right(household_key, 1) in ('1', '2') then 1 else 0 end as overdue_account_count
from marts.fct_benefit_spend
cross join (values ('2024-25'), ('2025-26')) as years(liability_year)
"""

_OVERDUE = """
create table marts.fct_overdue_month as
select
    district_code, month,
    sum(overdue_gbp) as overdue_gbp,
    count(distinct account_key) filter (where overdue_gbp > 0) as overdue_account_count,
    count(distinct account_key) filter (where overdue_gbp > 0) as overdue_household_count,
    count(distinct account_key) as account_count,
    cast(0 as decimal(18, 2)) as unlinked_overdue_gbp,
    cast(0 as bigint) as unlinked_overdue_account_count,
    cast(0 as decimal(18, 2)) as largest_unlinked_overdue_gbp,
    cast(300 as decimal(18, 2)) as largest_household_overdue_gbp,
    sum(qrc4_arrears_gbp) as qrc4_arrears_gbp,
    count(distinct account_key) as qrc4_account_count,
    cast(300 as decimal(18, 2)) as largest_qrc4_arrears_gbp
from marts.fct_arrears
group by district_code, month
"""

_COLLECTION = """
create table marts.fct_collection as
select
    district_code, account_key, liability_year, month,
    liability_year = '2025-26' as is_current_year,
    cast(1000 as decimal(18, 2)) as net_collectable_debit_gbp,
    cast(80 as decimal(18, 2)) as receipts_in_month_gbp,
    cast(80 * date_diff('month', date '2025-03-01', month) as decimal(18, 2))
        as receipts_to_date_gbp,
    cast(case when liability_year = '2025-26'
        then 80 * date_diff('month', date '2025-03-01', month) else 0 end as decimal(18, 2))
        as in_year_receipts_to_date_gbp,
    cast(case when liability_year = '2024-25' then 15 else 0 end as decimal(18, 2))
        as prior_year_receipts_in_month_gbp,
    cast(case when right(account_key, 1) = '7' then 20 else 0 end as decimal(18, 2))
        as write_off_in_month_gbp,
    cast(0 as decimal(18, 2)) as write_off_to_date_gbp
from marts.fct_arrears
"""

# Each district and month alike: 40 discounted, 11 empty, 12 exempt, 15 + 11 paid by deductions.
_RELIEFS = """
create table marts.fct_council_tax_relief_month as
select held.*, reliefs.*
from (select distinct district_code, month from marts.fct_overdue_month) as held
cross join (values
    ('single_person', 'none', 'direct_debit', 'none', 40),
    ('none', 'N', 'direct_debit', 'none', 12),
    ('none', 'none', 'attachment', 'earnings', 15),
    ('empty', 'none', 'cash_card', 'not_said', 11)
) as reliefs(discount_kind, exemption_class, payment_method, attachment, account_count)
"""

_OFFICIAL = """
create table marts.fct_published_cts_forgone as
select
    authority_code, '2022-23' as financial_year, band, age_group,
    cast(1000000 * rank / 4.0 as decimal(18, 4)) as cts_forgone_gbp,
    cast(500 as decimal(18, 6)) as dwelling_equivalents
from (values ('E07000105', 1), ('E07000106', 2), ('E07000108', 3), ('E06000035', 8),
    ('E07000061', 4)) as authority(authority_code, rank)
cross join (values ('C'), ('D')) as bands(band)
cross join (values ('pension'), ('working')) as age_groups(age_group);
create table marts.fct_published_collection as
select
    'E07000105' as authority_code, '2025-26' as financial_year,
    cast(null as decimal(18, 2)) as net_collectable_debit_gbp,
    cast(null as decimal(18, 2)) as in_year_receipts_gbp,
    cast(null as decimal(18, 2)) as arrears_gbp,
    'x' as mark;
create table marts.fct_published_dwellings as
select authority_code, '2022-23' as financial_year, cast(dwellings as bigint)
    as chargeable_dwellings, cast(dwellings / 3 as bigint) as single_adult_dwellings
from (values ('E07000105', 10000), ('E07000106', 15000), ('E07000108', 20000),
    ('E06000035', 60000), ('E07000061', 25000)) as authority(authority_code, dwellings);
create table marts.fct_peer_set_members as
select
    'E07000105' as authority_code, peer_set, member_code, '2022-23' as financial_year,
    peer_set as set_name, cast(number as varchar) as set_order,
    member_code <> 'E07000105' as is_peer, true as is_listed,
    case when member_code <> 'E07000105' then cast(number / 4.0 as double) end as distance
from (values (1, 'nearest'), (2, 'county')) as sets(number, peer_set)
cross join (values ('E07000105'), ('E07000106')) as members(member_code);
create table marts.fct_published_band_d as
select
    authority_code,
    printf('%d-%02d', year, (year + 1) % 100) as financial_year,
    cast(1700 + 50 * (year - 2018) + rank as decimal(18, 2)) as area_band_d_gbp,
    cast(200 as decimal(18, 2)) as own_band_d_gbp,
    cast(20 as decimal(18, 2)) as parish_band_d_gbp,
    cast(1200 + 50 * (year - 2018) + rank as decimal(18, 2)) as county_band_d_gbp,
    cast(200 as decimal(18, 2)) as police_band_d_gbp,
    cast(80 as decimal(18, 2)) as fire_band_d_gbp,
    cast(0 as decimal(18, 4)) as other_band_d_gbp,
    cast(30000 + 10000 * rank as decimal(18, 6)) as tax_base
from (values ('E07000105', 1), ('E07000106', 2), ('E07000108', 3), ('E06000035', 8),
    ('E07000061', 4)) as authority(authority_code, rank)
cross join (values (2018), (2020), (2021), (2022), (2023)) as years(year)
"""

_EXTRACTS = """
create table marts.fct_extracts as
select
    district_code, feed, month,
    cast(100 as bigint) as accepted_rows, cast(2 as bigint) as quarantined_rows,
    cast(1000 as decimal(18, 2)) as accepted_gbp, cast(20 as decimal(18, 2)) as quarantined_gbp,
    cast(0 as bigint) as other_month_rows, cast(0 as decimal(18, 2)) as other_month_gbp,
    cast(15 as integer) as age_days, false as is_held,
    cast(month as timestamp) as produced_at, true as is_in_force
from (select distinct district_code, month from marts.fct_cts_month) as held
cross join (values ('council_tax'), ('cts')) as feeds(feed)
"""

_DWELLINGS = """
create table marts.fct_chargeable_dwelling_month as
select district_code, month, chargeable_dwellings as chargeable_dwelling_count,
    '2022-23' as dwellings_year, true as is_carried_forward
from marts.fct_published_dwellings
inner join (select distinct district_code, month from marts.fct_cts_month) as held
    on district_code = authority_code
"""

# Ashford and Dover are landlords, Canterbury has no council homes.
_RENT = """
create table marts.fct_rent_month as
select
    district_code, month,
    district_code <> 'E07000106' as has_council_homes,
    district_code <> 'E07000106' as is_held,
    case when district_code <> 'E07000106' then 200 end as account_count,
    case when district_code <> 'E07000106' then 60 end as arrears_account_count,
    case when district_code <> 'E07000106' then 55 end as arrears_household_count,
    case when district_code <> 'E07000106' then 20 end as recovery_account_count,
    cast(case when district_code <> 'E07000106' then 30000 end as decimal(18, 2)) as arrears_gbp,
    cast(case when district_code <> 'E07000106' then 0 end as decimal(18, 2))
        as unlinked_arrears_gbp,
    cast(case when district_code <> 'E07000106' then 900 end as decimal(18, 2)) as credit_gbp,
    cast(case when district_code <> 'E07000106' then 2000 end as decimal(18, 2))
        as largest_arrears_gbp
from (select distinct district_code, month from marts.fct_cts_month) as held
"""

# Each household of the caseload whose number ends in 7 is given £50 every month.
_DISCRETIONARY = """
create table marts.fct_discretionary_awards as
select
    district_code, household_key || '-' || month as award_key, month, household_key,
    true as is_linked, 'household_support_fund' as fund, 'food' as award_reason,
    cast(50 as decimal(18, 2)) as award_gbp, cast(50 as decimal(18, 2)) as household_month_gbp
from marts.fct_benefit_spend
where right(household_key, 1) = '7'
"""

_SPINE = """
create table marts.time_spine_day as
select cast(day as date) as date_day
from generate_series(timestamp '2018-04-01', timestamp '2027-03-31', interval 1 day) as s(day)
"""

# Every fourth household has Housing Benefit as well: a metric of support that forgot to choose its
# benefit would move.
_HOUSING_BENEFIT = """
create table marts.fct_housing_benefit_month as
select
    district_code, month, 'council' as tenancy,
    count(*) as household_count,
    cast(sum(100) as decimal(18, 2)) as weekly_benefit_gbp,
    cast(sum(430) as decimal(18, 2)) as accrued_gbp,
    cast(430 as decimal(18, 2)) as largest_household_gbp,
    cast(100 as decimal(18, 2)) as largest_weekly_gbp
from marts.fct_benefit_spend
where hash(household_key) % 4 = 0
group by all;

insert into marts.fct_benefit_spend by name
select
    * replace (
        'hb' as benefit_code,
        null as cts_age_group,
        null as is_on_uc,
        100 as weekly_award_gbp,
        430 as accrued_gbp,
        0 as retrospective_adjustment_gbp,
        430 as recognised_gbp,
        null as posted_credit_gbp
    )
from marts.fct_benefit_spend
where hash(household_key) % 4 = 0
"""

_STATEMENTS = (
    _SPINE,
    _DISTRICTS,
    _MONTHS,
    _SPEND,
    _CTS_MONTH,
    _BEARERS,
    _ARREARS,
    _OVERDUE,
    _RENT,
    _DISCRETIONARY,
    _COLLECTION,
    _RELIEFS,
    _OFFICIAL,
    _EXTRACTS,
    _DWELLINGS,
    _HOUSING_BENEFIT,
)


def build(
    path: Path, *, scale: int = 1, spend: str | None = None, districts: Sequence[str] = ()
) -> list[str]:
    """Write the tiny marts to a DuckDB file; return the names of those that only stand in.

    `scale` multiplies the households; `spend` takes the place of the statement that makes
    `fct_benefit_spend`; `districts` are codes of further Kent districts for it to use.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for statement in _STATEMENTS:
            chosen = spend if spend and statement is _SPEND else statement
            connection.execute(chosen.replace("$scale", str(scale)))
            if statement is _DISTRICTS:
                _add_districts(connection, districts)
            if statement is _OFFICIAL:
                _add_dwellings(connection, districts)
        stand_ins = add_missing(connection)
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"alter table marts.{table} add column build_id varchar")
    return stand_ins


def _add_districts(connection: duckdb.DuckDBPyConnection, codes: Sequence[str]) -> None:
    for code in codes:
        connection.execute(
            "insert into marts.dim_district select * replace ($code as district_code, "
            "'District ' || $code as district_name, lower($code) as district_slug) "
            "from marts.dim_district where district_code = 'E07000105'",
            {"code": code},
        )


def _add_dwellings(connection: duckdb.DuckDBPyConnection, codes: Sequence[str]) -> None:
    for code in codes:
        connection.execute(
            "insert into marts.fct_published_dwellings values ($code, '2022-23', 400, 130)",
            {"code": code},
        )
