"""Which claims and accounts are one benefit unit, and what it is called.

Council tax accounts are joined last, for two units may share one.
"""

from __future__ import annotations

import duckdb

# Labels follow the month from which a thing is known, so a unit is named after the earliest of it
# and later months cannot rename it.
_NODES = """
create temp table nodes as
with known as (
    select district_code, node, first_month, place
    from members
    where source <> 'council_tax_account'
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

# An account belongs to the units with a claim on it: for support, else for Housing Benefit, else
# the award of help or the tenancy that led to it. Any other is a unit of its own.
_REACHED = """
create temp table reached as
with every_way as (
    select district_code, account_node as node, node as claim_node,
        case left(node, 1) when 'd' then 'account_bridge' else 'claim_on_account' end as rule,
        case left(node, 1) when 'c' then 1 when 'h' then 2 else 3 end as rank
    from bridges
    where account_node is not null
    union all
    select district_code, other, node, rule, 4 from dwellings where other like 'a:%'
)
select every_way.*
from every_way
join members using (district_code, node)
qualify every_way.rank = min(every_way.rank) over (partition by district_code, node)
"""
_ACCOUNT_UNITS = """
create temp table account_units as
-- distinct: a unit may have two claims on one account
select reached.district_code, reached.node, reached.rule, nodes.label,
    min(nodes.own_label) as first_label
from reached
join nodes on reached.district_code = nodes.district_code and reached.claim_node = nodes.node
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
create temp table units as
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
    select district_code, claim_node, if(rank = 4, rule, 'account_bridge'), 50
    from reached
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
            else members.source || '_only'
        end as rule
    from members
    join nodes using (district_code, node)
    join names on nodes.label = names.label
    left join first_claims on nodes.label = first_claims.label
    left join first_rules
        on members.district_code = first_rules.district_code and members.node = first_rules.node
),
accounts as (
    select
        members.district_code, members.source, members.source_key,
        coalesce(names.node, members.node) as name,
        coalesce(account_units.rule, 'account_only') as rule
    from members
    left join account_units using (district_code, node)
    left join names on account_units.label = names.label
    where members.source = 'council_tax_account'
)
select district_code, source, source_key,
    md5(concat_ws('|', 'unit', district_code, name)) as household_key, rule
from (select * from claims union all select * from accounts)
"""


def find_units(con: duckdb.DuckDBPyConnection) -> None:
    """Make `units`: one row a claim, and one an account and unit that it belongs to."""
    con.execute(_NODES)
    _spread_labels(con)
    for statement in (_REACHED, _ACCOUNT_UNITS, _NAMES, _UNITS):
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
