"""What must be true of free school meals from the truth to the fact."""

from __future__ import annotations

from reconciliation.statement import Statement, equal

_STANDINGS = ("entitled", "registered", "entitled_not_registered")
_SAID = ", ".join(
    f"""sum("count") filter (measure = '{name}') as {name}"""
    for name in (*_STANDINGS, "can_be_met")
)
_TRUTH = f"""
select district_code, month, {_SAID} from truth_measures
where feed = 'free_school_meals' and not is_superseded group by all
"""
_FOUND = """
select service_code as district_code, month,
    count(*) filter (is_entitled) as entitled,
    count(*) filter (is_registered) as registered,
    count(*) filter (is_entitled_not_registered) as entitled_not_registered,
    count(link_rule) as met
from secure.marts.fct_free_school_meals group by all
"""

FREE_SCHOOL_MEALS = [
    equal(
        "pupils entitled to free school meals and registered for them are those of the truth",
        _TRUTH,
        _FOUND,
        ("district_code", "month"),
        _STANDINGS,
    ),
    # Not all: a claim may have ended before the window, and two may have one name and birth date.
    Statement(
        "nine in ten pupils whose parent's claim can be told meet it, and no others meet one",
        f"""
        with said as ({_TRUTH}), found as ({_FOUND})
        select district_code, month, said.can_be_met, found.met
        from said full outer join found using (district_code, month)
        where not coalesce(
            found.met between 0.9 * said.can_be_met and said.can_be_met, false)
        """,
    ),
]
