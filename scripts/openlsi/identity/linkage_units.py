"""Which claims and accounts are one benefit unit, and what it is called.

Council tax accounts that claims name are joined last, for two units may share one, and so may they
share a rent account.
"""

from __future__ import annotations

import duckdb

# Labels follow the month from which a thing is known, so a unit is named after the earliest of it
# and later months cannot rename it.
_NODES = """
create temp table nodes as
with known as (
    select members.district_code, members.node, members.first_month, members.place
    from members
    anti join claimed_accounts using (district_code, node)
    union all
    select edges.district_code, edges.other, min(members.first_month), 9
    from edges
    join members using (district_code, node)
    where edges.other like 'p:%'
    group by all
),
ordered as (
    select *, row_number() over (order by district_code, first_month, place, node) as label
    from known
)
select district_code, node, label, label as own_label from ordered;
create temp table ties as
-- distinct: two rules may join the same two
select distinct nodes.own_label, others.own_label as other_label
from edges
join nodes using (district_code, node)
join nodes as others
    on edges.district_code = others.district_code and edges.other = others.node;
insert into ties select other_label, own_label from ties;
"""

# Every node takes the smallest label among itself and its neighbours until nothing changes.
_SPREAD = """
create or replace temp table next_nodes as
with offered as (
    select ties.own_label, min(nodes.label) as label
    from ties
    join nodes on ties.other_label = nodes.own_label
    group by ties.own_label
)
select
    nodes.district_code, nodes.node, nodes.own_label,
    least(nodes.label, coalesce(offered.label, nodes.label)) as label
from nodes
left join offered on nodes.own_label = offered.own_label
"""

# An account that claims name belongs to the units with a claim for support on it, else to those
# with a claim for Housing Benefit.
_ACCOUNT_UNITS = """
create temp table account_units as
with claims_on_account as (
    select bridges.district_code, bridges.account_node as node, bridges.node as claim_node
    from bridges
    join claimed_accounts
        on bridges.district_code = claimed_accounts.district_code
        and bridges.account_node = claimed_accounts.node
    where left(bridges.node, 1) in ('c', 'h')
    qualify left(bridges.node, 1) = min(left(bridges.node, 1)) over (
        partition by bridges.district_code, bridges.account_node
    )
)
-- distinct: a unit may have two claims on one account
select claims_on_account.district_code, claims_on_account.node, nodes.label,
    min(nodes.own_label) as first_label
from claims_on_account
join nodes
    on claims_on_account.district_code = nodes.district_code
    and claims_on_account.claim_node = nodes.node
group by all
"""

# A shared account can name one unit only: the one whose claim on it came first.
_NAMES = """
create temp table names as
with named_by as (
    select nodes.label, members.first_month, members.place, members.node
    from nodes
    join members using (district_code, node)
    union all
    select account_units.label, members.first_month, members.place, members.node
    from account_units
    join members using (district_code, node)
    qualify row_number() over (
        partition by account_units.district_code, account_units.node
        order by account_units.first_label
    ) = 1
)
select label, arg_min(node, (first_month, place, node)) as node
from named_by
group by label
"""

_UNITS = """
create temp table benefit_unit as
with first_claims as (
    select nodes.label, min(nodes.own_label) as own_label
    from nodes
    where nodes.node like 'c:%'
    group by nodes.label
),
-- A rule that joins a claim only to its own source is a later claim of the same person.
shared as (
    select edges.district_code, edges.node, edges.rule, edges.rank
    from edges
    where edges.other not like 'p:%'
    union all
    select edges.district_code, edges.node, edges.rule, edges.rank
    from edges
    join (
        select district_code, other
        from edges
        where other like 'p:%'
        group by all
        having count(distinct left(node, 1)) > 1
    ) as meeting_points using (district_code, other)
    union all
    select edges.district_code, edges.other, edges.rule, edges.rank
    from edges
    where edges.other not like 'p:%'
    union all
    -- A claim for Housing Benefit that its council tax account follows is joined by that.
    select bridges.district_code, bridges.node, 'account_bridge', 50
    from bridges
    join claimed_accounts
        on bridges.district_code = claimed_accounts.district_code
        and bridges.account_node = claimed_accounts.node
    where bridges.node like 'h:%'
),
people_of_units as (
    select roles.district_code, roles.person_key, nodes.label
    from roles
    join nodes using (district_code, node)
    where roles.mark in ('c', 'h', 'u')
    group by all
),
first_rules as (
    select district_code, node, arg_min(rule, rank) as rule from shared group by all
),
claims as (
    select
        members.district_code, members.source, members.source_key, names.node as name,
        case
            when members.source = 'cts_claim' and nodes.own_label = first_claims.own_label
                then 'claim'
            when members.source = 'cts_claim' then 'lead_person'
            when first_rules.rule is not null then first_rules.rule
            when nodes.own_label <> nodes.label then 'lead_person'
            when members.source = 'council_tax_account' then 'account_only'
            else members.source || '_only'
        end as rule
    from members
    join nodes using (district_code, node)
    join names on nodes.label = names.label
    left join first_claims on nodes.label = first_claims.label
    left join first_rules
        on members.district_code = first_rules.district_code and members.node = first_rules.node
),
shared_accounts as (
    select members.district_code, members.source, members.source_key, names.node as name,
        'claim_on_account' as rule
    from members
    join account_units using (district_code, node)
    join names on account_units.label = names.label
),
shared_tenancies as (
    select members.district_code, members.source, members.source_key, names.node as name,
        second_tenants.rule
    from second_tenants
    join members using (district_code, node)
    join nodes as own using (district_code, node)
    join nodes as theirs
        on second_tenants.district_code = theirs.district_code
        and second_tenants.other = theirs.node
    join names on theirs.label = names.label
    -- Who once belonged to the first tenant's unit is not a second one that shares the rent.
    anti join people_of_units as of_first
        on second_tenants.district_code = of_first.district_code
        and second_tenants.person_key = of_first.person_key
        and own.label = of_first.label
    where own.label <> theirs.label
    -- row_number: one person may lead several claims; the surest and then the first is theirs
    qualify row_number() over (
        partition by members.district_code, members.node
        order by second_tenants.rank, second_tenants.first_month, second_tenants.other
    ) = 1
)
select district_code, source, source_key, {household_key} as household_key, rule
from (
    select * from claims
    union all select * from shared_accounts
    union all select * from shared_tenancies
)
"""

# What names a unit may be another record tomorrow: by the key that any one of its records would
# have given it, whoever holds an old key finds the unit. A shared account is of neither unit.
_KNOWN_AS = """
create temp table known_as as
with named as (
    select benefit_unit.district_code, {known_as_key} as known_as_key, benefit_unit.household_key
    from benefit_unit
    join members using (district_code, source, source_key)
)
select district_code, known_as_key, min(household_key) as household_key
from named
group by district_code, known_as_key
having min(household_key) = max(household_key) and known_as_key <> min(household_key)
"""


def household_key_sql(district_code: str, node: str) -> str:
    """Return SQL for the key of a unit of a district that a node names."""
    return f"md5(concat_ws('|', 'unit', {district_code}, {node}))"


def find_units(con: duckdb.DuckDBPyConnection) -> None:
    """Make `benefit_unit`: one row a claim, and one an account and each unit that it belongs to.

    And `known_as`: other keys than its own that a unit would have if another record named it.
    """
    con.execute(_NODES)
    _spread_labels(con)
    units = _UNITS.format(household_key=household_key_sql("district_code", "name"))
    known_as = _KNOWN_AS.format(
        known_as_key=household_key_sql("benefit_unit.district_code", "members.node")
    )
    for statement in (_ACCOUNT_UNITS, _NAMES, units, known_as):
        con.execute(statement)


def _spread_labels(con: duckdb.DuckDBPyConnection) -> None:
    """Run the label spreading to its fixed point."""
    while True:
        con.execute(_SPREAD)
        changed = con.execute(
            "select count(*) from next_nodes join nodes using (own_label)"
            " where next_nodes.label <> nodes.label"
        ).fetchone()
        con.execute("drop table nodes")
        con.execute("alter table next_nodes rename to nodes")
        if not changed or changed[0] == 0:
            return
