"""What must be true of Universal Credit from the truth to its facts."""

from __future__ import annotations

from reconciliation.statement import Statement, equal

_MONTH = ("district_code", "month")


def _measure(name: str, count: str, gbp: str) -> str:
    """Return the truth of one measure by district and month."""
    return (
        f'select district_code, month, "count" as {count}, gbp as {gbp} from truth_measures'
        f" where feed = 'universal_credit' and measure = '{name}' and not is_superseded"
    )


_ACCRUED = """
select district_code, month, sum(gbp) as accrued_gbp
from (
    select district_code, gbp, case measure
        when 'award_in_month' then month
        else cast(month - interval 1 month as date)
    end as month
    from truth_measures
    where feed = 'universal_credit' and not is_superseded
        and measure in ('award_in_month', 'award_before_month')
)
where month in (select month from truth_deliveries where feed = 'universal_credit')
group by all
"""
_WHOLE = f"""
select * from ({_ACCRUED}) as accrued
where exists (
    -- a month is whole once the same district has sent the next: one is late in the demo
    from truth_deliveries as later
    where later.feed = 'universal_credit' and later.district_code = accrued.district_code
        and later.month = accrued.month + interval 1 month
)
"""
_REASONS = """
select district_code, month, substr(measure, 11) as deduction_reason, "count" as rows, gbp
from truth_measures
where feed = 'universal_credit' and starts_with(measure, 'deduction_') and not is_superseded
"""
# A claim for support whose only row of the month was set aside shows no award either.
_IN_VAIN = f"""
with said as ({_measure("asked_without_support", "rows", "gbp")}),
set_aside as (
    select district_code, month, count(*) as rows
    from truth_faults where feed = 'cts' and not is_superseded group by all
),
found as (
    select district_code, month, cts_interest_without_award_count as rows
    from secure.marts.fct_uc_month
)
select district_code, month, said.rows as said_rows, found.rows as found_rows
from said full outer join found using (district_code, month)
left join set_aside using (district_code, month)
where not coalesce(
    found.rows between said.rows and said.rows + coalesce(set_aside.rows, 0), false)
"""

UNIVERSAL_CREDIT = [
    equal(
        "Universal Credit households and their awards are those of the truth",
        _measure("awards", "households", "award_gbp"),
        "select district_code, month, household_count as households, award_gbp"
        " from secure.marts.fct_uc_month",
        _MONTH,
        ("households", "award_gbp"),
    ),
    equal(
        "the deductions told in the awards are those of the truth",
        _measure("deducted", "households", "deductions_gbp"),
        "select district_code, month, deducted_household_count as households, deductions_gbp"
        " from secure.marts.fct_uc_month",
        _MONTH,
        ("households", "deductions_gbp"),
    ),
    equal(
        "each calendar month that is whole has the share of its days in the awards of the truth",
        _WHOLE,
        "select district_code, month, accrued_gbp from secure.marts.fct_uc_month"
        " where accrued_gbp is not null",
        _MONTH,
        ("accrued_gbp",),
    ),
    equal(
        "the spend fact has the share of each month held in the Universal Credit of the truth",
        _ACCRUED,
        "select district_code, month, sum(accrued_gbp) as accrued_gbp"
        " from secure.marts.fct_benefit_spend where benefit_code = 'uc' group by all",
        _MONTH,
        ("accrued_gbp",),
    ),
    equal(
        "the deductions fact has the rows and pounds of each reason of the truth",
        _REASONS,
        "select district_code, month, deduction_reason, count(*) as rows,"
        " sum(deduction_gbp) as gbp from secure.marts.fct_uc_deductions group by all",
        (*_MONTH, "deduction_reason"),
        ("rows", "gbp"),
    ),
    Statement(
        "those who asked for support and have none are the truth's, and those whose support was"
        " set aside",
        _IN_VAIN,
    ),
]
