"""The marts of the attacked county, added up from its made-up households as the models do it."""

from __future__ import annotations

import duckdb

_CLASSES = ("in_crisis", "at_risk", "struggling", "coping")
_FLAGS = {
    # Told of → whom it holds for, as the digits of chance of a household.
    "income_told": ("who % 19 <> 0", {
        "fuel_stressed": "luck % 6 = 0", "short_of_food": "luck % 14 = 0",
    }),
    "water_told": ("who % 11 <> 0", {
        "water_over_lower": "luck % 9 = 0", "water_over_higher": "luck % 27 = 0",
    }),
    "lha_told": ("who % 2 = 0", {"rent_over_lha": "luck % 5 = 0"}),
    "cap_told": ("who % 4 = 0", {"benefit_capped": "luck % 15 = 0"}),
    "deductions_told": ("who % 5 < 3", {"over_deductions_cap": "luck % 20 = 0"}),
    "arrears_told": ("who % 13 <> 0", {"arrears": "luck % 3 = 0"}),
}  # fmt: skip


def _class_counts(of: str = "living_standards_class") -> str:
    known = f"count(*) filter (where {of} <> 'unknown') as known_count"
    each = [f"count(*) filter (where {of} = '{one}') as {one}_count" for one in _CLASSES]
    return ", ".join(["count(*) as household_count", known, *each])


def _flag_counts() -> str:
    counts = []
    for told, (is_told, flags) in _FLAGS.items():
        counts.append(f"count(*) filter (where {is_told}) as {told}_count")
        for flag, is_so in flags.items():
            counts.append(f"count(*) filter (where {is_told} and {is_so}) as {flag}_count")
    return ", ".join(counts)


_SHORTFALL = (
    "count(*) filter (where is_short) as shortfall_count, "
    "coalesce(sum(shortfall_gbp), 0) as shortfall_gbp, "
    "coalesce(max(shortfall_gbp), 0) as largest_shortfall_gbp"
)

_LIVING_STANDARDS = {
    "fct_living_standards_month": f"""
        select
            district_code, ward_key as lsoa_code, month, rural_urban_class,
            {_class_counts()}, {_SHORTFALL}, {_flag_counts()},
            if(is_month_before_held, count(*) filter (where is_entry), null) as entry_count,
            if(is_month_before_held, count(*) filter (where is_exit), null) as exit_count,
            true as is_look_back_held,
            count(*) filter (where is_new_to_hardship) as new_to_hardship_count,
            count(*) filter (where is_known_vulnerable) as known_vulnerable_count,
            count(*) filter (where is_newly_hit) as newly_hit_count
        from standing
        group by district_code, ward_key, month, rural_urban_class, is_month_before_held
    """,
    "fct_living_standards_index": f"""
        select
            place_kind, if(place_kind = 'county', 'county', district_code) as place_code,
            if(place_kind = 'county', null, district_code) as district_code,
            month, scenario, date '2025-06-01' as base_month, {_class_counts()}
        from scenario_classes cross join (values ('county'), ('district')) as kinds(place_kind)
        group by all
    """,
    "fct_living_standards_transitions": """
        select
            now.district_code, now.month, span_months,
            coalesce(before.living_standards_class, 'not_there') as class_before,
            now.living_standards_class, count(*) as household_count
        from standing as now
        inner join (values
            (date '2026-06-01', 1), (date '2026-06-01', 12)
        ) as spans(month, span_months) using (month)
        left join standing as before
            on now.household_key = before.household_key
            and before.month = now.month - to_months(span_months)
        group by all
    """,
    # Hardly anybody is moved by a policy or by another source.
    "fct_shortfall_drivers": """
        select
            district_code, household_key, month, ward_key as lsoa_code,
            if(is_entry, 'entry', 'exit') as movement,
            case
                when luck % 19 = 0 then 'policy_changed'
                when luck % 7 = 0 then 'told_by_another_source'
                else if(luck % 2 = 0, 'earnings', 'rent')
            end as driver
        from standing
        where is_entry or is_exit
    """,
}

_OTHERS = {
    "fct_uc_month": """
        select
            district_code, month, count(*) as household_count,
            count(*) filter (where has_cts) as cts_household_count,
            count(*) filter (where wants_cts) as cts_interest_without_award_count,
            count(*) filter (where advance_gbp + rent_gbp + fuel_gbp > 0)
                as deducted_household_count,
            sum(award_gbp) as award_gbp, max(award_gbp) as largest_award_gbp,
            sum(advance_gbp + rent_gbp + fuel_gbp) as deductions_gbp,
            max(advance_gbp + rent_gbp + fuel_gbp) as largest_deductions_gbp
        from uc
        group by all
    """,
    "fct_uc_deductions": """
        select district_code, month, household_key as uc_key, month as period_start, household_key,
            true as has_award, deduction_reason, deduction_gbp
        from (
            select *, 'advance' as deduction_reason, advance_gbp as deduction_gbp from uc
            union all select *, 'rent_arrears', rent_gbp from uc
            union all select *, 'fuel', fuel_gbp from uc
        )
        where deduction_gbp > 0
    """,
    "fct_entitlement_month": """
        select
            district_code, month, benefit_code, benefit_name, count(*) as household_count,
            count(*) filter (where is_assessable) as assessable_count,
            count(*) filter (where is_entitled) as entitled_count,
            count(*) filter (where is_compared) as compared_count,
            count(*) filter (where is_compared and not is_unclaimed) as claiming_count,
            count(*) filter (where is_unclaimed) as unclaimed_count,
            sum(if(is_unclaimed, gap_gbp, 0)) as unclaimed_gbp,
            max(if(is_unclaimed, gap_gbp, 0)) as largest_unclaimed_gbp,
            count(*) filter (where is_short_paid) as short_count,
            sum(if(is_short_paid, gap_gbp, 0)) as short_gbp,
            max(if(is_short_paid, gap_gbp, 0)) as largest_short_gbp
        from assessed
        group by all
    """,
    # A pupil in each sixth home; of a few nobody knows the district.
    "fct_free_school_meals": """
        select
            'E10000016' as service_code, date '2026-01-01' as month, household_key as pupil_key,
            if(who % 90 = 0, null, district_code) as district_code,
            true as is_entitled, who % 5 > 0 as is_registered,
            who % 5 = 0 as is_entitled_not_registered, 'universal_credit' as entitlement_ground,
            true as is_matching_shared, if(who % 4 > 0, household_key, null) as household_key,
            district_code as household_district_code
        from homes
        where who % 6 = 0
    """,
    "fct_match_rates": """
        select
            district_code, debt_type as feed, 'accounts' as record_kind, max(month) as last_month,
            count(*) as record_count, count(household_key) as matched_count,
            count(*) - count(household_key) as unmatched_count
        from accounts
        group by all
    """,
    "dim_sender": """
        select district_code as sender_code, district_name as sender_name, true as is_district
        from marts.dim_district where is_warehouse_district
    """,
    "fct_quarantine_reasons": """
        select
            district_code, feed, month, if(month(month) % 5 = 0, 'date_out_of_range',
                'reference_missing') as reason,
            quarantined_rows, quarantined_gbp
        from marts.fct_extracts
    """,
}


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the marts of living standards and benefits, extracts and links."""
    for mart, query in {**_LIVING_STANDARDS, **_OTHERS}.items():
        con.execute(f"insert into marts.{mart} by name {query}")
