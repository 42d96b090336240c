"""What joins two claims: the rules, in order, each named in the links it makes.

Claims for support, Housing Benefit and Universal Credit that one person leads are one unit, and so
are those that a bridge or a swapped couple joins. Rent accounts and discretionary awards each
follow one of these by their first rule that finds one.
"""

from __future__ import annotations

import duckdb

# The claim that a row names itself, where that claim is landed too.
_CLAIM_BRIDGE = """
select bridges.district_code, bridges.node, bridges.cts_node as other,
    'cts_claim_bridge' as rule, 1 as rank
from bridges
join members on bridges.district_code = members.district_code and bridges.cts_node = members.node
where bridges.cts_node is not null
"""

# Over the council tax account: the only claim on it, else the one with a person in common. A claim
# for support is looked for before one for Housing Benefit.
_ACCOUNT_BRIDGE = """
with named as (
    select district_code, node, left(node, 1) as mark, account_node
    from bridges
    where account_node is not null
),
on_account as (
    select
        named.district_code, named.node, claims.node as other, claims.mark as other_mark,
        count(*) over (partition by named.district_code, named.node, claims.mark) as claim_count
    from named
    join named as claims
        on named.district_code = claims.district_code
        and named.account_node = claims.account_node
        and named.node <> claims.node
        and (claims.mark = 'c' or claims.mark = 'h' and named.mark = 'd')
    where named.mark <> 'c'
),
acquainted as (
    -- distinct: two persons in common are one acquaintance
    select distinct on_account.district_code, on_account.node, on_account.other
    from on_account
    join roles as own on on_account.district_code = own.district_code and on_account.node = own.node
    join roles as theirs
        on on_account.district_code = theirs.district_code
        and on_account.other = theirs.node
        and own.person_key = theirs.person_key
)
select district_code, node, other, 'account_bridge' as rule,
    case when other_mark = 'c' then 2 else 3 end as rank
from on_account
left join acquainted using (district_code, node, other)
where claim_count = 1 or acquainted.node is not null
"""

# Who leads a claim leads its unit, whatever the benefit. Couples may be written the other way
# round: the claimant here is the partner there, in the same months, and both are couples.
_LED = """
select district_code, node, 'p:' || person_key as other,
    case when is_by_nino then 'nino' else 'name_and_birth' end as rule,
    case when is_by_nino then 4 else 8 end as rank
from roles
where role = 'lead' and mark in ('c', 'h', 'u')
"""
_SWAPPED = """
select
    own.district_code, own.node, theirs.node as other,
    case when own.is_by_nino and theirs.is_by_nino then 'nino' else 'name_and_birth' end as rule,
    case when own.is_by_nino and theirs.is_by_nino then 5 else 9 end as rank
from roles as own
join roles as theirs
    on own.district_code = theirs.district_code
    and own.person_key = theirs.person_key
    and own.mark <> theirs.mark
    and own.first_month <= theirs.last_month and theirs.first_month <= own.last_month
semi join roles as partners
    on own.district_code = partners.district_code
    and own.node = partners.node and partners.role = 'partner'
where own.role = 'lead' and theirs.role = 'partner'
    and own.mark in ('c', 'h', 'u') and theirs.mark in ('c', 'h', 'u')
"""

# A tenant or applicant follows the claim that they lead, else the one that they are the partner in
# at the time; a joint tenant's claim is looked for after the tenant's own.
_FOLLOWED = """
select
    own.district_code, own.node, theirs.node as other,
    case when own.is_by_nino and theirs.is_by_nino then 'nino' else 'name_and_birth' end as rule,
    case when own.is_by_nino and theirs.is_by_nino then 4 else 8 end
    + case when own.role = 'lead' then 0 else 20 end
    + case when theirs.role = 'lead' then 0 else 1 end as rank
from roles as own
join roles as theirs
    on own.district_code = theirs.district_code and own.person_key = theirs.person_key
    and theirs.mark in ('c', 'h', 'u')
where own.mark in ('r', 'd')
    and (
        theirs.role = 'lead'
        or own.first_month <= theirs.last_month and theirs.first_month <= own.last_month
    )
"""

# A tenancy in the dwelling of an account, and the same name on it or on the claim on it: for
# tenants whose birth date or number the landlord does not hold.
_DWELLINGS = """
create temp table dwellings as
with neighbours as (
    select homes.district_code, homes.node, accounts.node as account_node
    from homes
    join homes as accounts
        on homes.district_code = accounts.district_code
        and homes.dwelling_key = accounts.dwelling_key
        and accounts.node like 'a:%'
    where homes.node like 'r:%'
),
claims_on_account as (
    select district_code, account_node, node as claim_node
    from bridges
    where account_node is not null and left(node, 1) in ('c', 'h')
),
name_holders as (
    select district_code, account_node, claim_node as named_node, claim_node as other, 6 as rank
    from claims_on_account
    union all
    select
        members.district_code, members.node, members.node,
        coalesce(claims_on_account.claim_node, members.node), 7
    from members
    left join claims_on_account
        on members.district_code = claims_on_account.district_code
        and members.node = claims_on_account.account_node
    where members.source = 'council_tax_account'
)
-- distinct: a tenant and a joint tenant may both be named on the claim
select distinct neighbours.district_code, neighbours.node, name_holders.other,
    'dwelling_and_name' as rule, name_holders.rank
from neighbours
join name_holders
    on neighbours.district_code = name_holders.district_code
    and neighbours.account_node = name_holders.account_node
join seen as own on neighbours.district_code = own.district_code and neighbours.node = own.node
join seen as theirs
    on name_holders.district_code = theirs.district_code
    and name_holders.named_node = theirs.node
    and own.name_key = theirs.name_key
"""

# Rent accounts and awards of help follow one thing only, so that a tenancy that passes from one
# person to another cannot join their units.
_EDGES = f"""
create temp table edges as
with claim_bridges as ({_CLAIM_BRIDGE}),
account_bridges as ({_ACCOUNT_BRIDGE}),
followed as ({_FOLLOWED}),
last_resort as (
    select district_code, node, 'p:' || person_key as other, 'lead_person' as rule, 90 as rank
    from roles
    where mark in ('r', 'd') and role = 'lead'
),
candidates as (
    select * from claim_bridges
    union all
    select * from account_bridges
    union all
    select * from followed
    union all
    select * from dwellings where other not like 'a:%'
    union all
    select * from last_resort
),
first_rule as (
    select candidates.*
    from candidates
    left join members
        on candidates.district_code = members.district_code and candidates.other = members.node
    where left(candidates.node, 1) in ('r', 'd')
    -- row_number: several rules find the same unit, and a person may lead several claims
    qualify row_number() over (
        partition by candidates.district_code, candidates.node
        order by candidates.rank, members.first_month, candidates.other
    ) = 1
)
select * from first_rule
union all
select * from claim_bridges where left(node, 1) in ('h', 'u')
union all
select * from account_bridges where left(node, 1) = 'h'
union all
{_LED}
union all
{_SWAPPED}
"""


def find_edges(con: duckdb.DuckDBPyConnection) -> None:
    """Make `edges` (claim, other claim or person, rule) and `dwellings` (tenancy, account)."""
    con.execute(_DWELLINGS)
    con.execute(_EDGES)
