"""What joins two claims: the rules, in order, each named in the links it makes.

Claims for support, Housing Benefit and Universal Credit that one person leads are one unit, and so
are those that a bridge or a swapped couple joins. Rent accounts and discretionary awards each
follow one of these by their first rule that finds one, and so does a council tax account that no
claim for support or Housing Benefit names.
"""

from __future__ import annotations

import duckdb

# Where the rules about people stand among the others, in the order of their own sureness; whatever
# comes by a joint tenant or a joint account holder comes after all of them.
_BY_PERSON, _BY_DWELLING, _JOINT, _LAST = 10, 14.5, 20, 90

_CLAIMED_ACCOUNTS = """
create temp table claimed_accounts as
-- distinct: two claims on one account
select distinct bridges.district_code, bridges.account_node as node
from bridges
join members
    on bridges.district_code = members.district_code and bridges.account_node = members.node
where left(bridges.node, 1) in ('c', 'h')
"""

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
union all
select bridges.district_code, bridges.node, members.node, 'account_bridge', 3
from bridges
join members
    on bridges.district_code = members.district_code and bridges.account_node = members.node
anti join claimed_accounts
    on members.district_code = claimed_accounts.district_code
    and members.node = claimed_accounts.node
where left(bridges.node, 1) = 'd'
"""

# Who leads a claim leads its unit, whatever the benefit. Couples may be written the other way
# round: the claimant here is the partner there, in the same months, and both are couples.
_LED = f"""
select district_code, node, 'p:' || person_key as other,
    rule, {_BY_PERSON} + rank as rank
from roles
join rule_ranks using (rank)
where role = 'lead' and mark in ('c', 'h', 'u')
"""
_SWAPPED = f"""
select
    own.district_code, own.node, theirs.node as other,
    rule_ranks.rule, {_BY_PERSON} + rule_ranks.rank as rank
from roles as own
join roles as theirs
    on own.district_code = theirs.district_code
    and own.person_key = theirs.person_key
    and own.mark <> theirs.mark
    and own.first_month <= theirs.last_month and theirs.first_month <= own.last_month
join rule_ranks on greatest(own.rank, theirs.rank) = rule_ranks.rank
semi join roles as partners
    on own.district_code = partners.district_code
    and own.node = partners.node and partners.role = 'partner'
where own.role = 'lead' and theirs.role = 'partner'
    and own.mark in ('c', 'h', 'u') and theirs.mark in ('c', 'h', 'u')
"""

# A tenant, an applicant or an account holder follows the claim that they lead, else the one that
# they are the partner in at the time; a joint holder's claim is looked for after the first's own.
_FOLLOWED = f"""
select
    own.district_code, own.node, theirs.node as other,
    rule_ranks.rule,
    {_BY_PERSON} + rule_ranks.rank
    + case when own.role = 'lead' then 0 else {_JOINT} end
    + case when theirs.role = 'lead' then 0 else 0.5 end as rank
from roles as own
join roles as theirs
    on own.district_code = theirs.district_code and own.person_key = theirs.person_key
    and theirs.mark in ('c', 'h', 'u')
join rule_ranks on greatest(own.rank, theirs.rank) = rule_ranks.rank
anti join claimed_accounts
    on own.district_code = claimed_accounts.district_code and own.node = claimed_accounts.node
where own.mark in ('r', 'd', 'a')
    and (
        theirs.role = 'lead'
        or own.first_month <= theirs.last_month and theirs.first_month <= own.last_month
    )
"""

# A tenancy in the dwelling of an account, and the same name on it or on the claim on it: for
# tenants whose birth date or number the landlord does not hold.
_DWELLINGS = f"""
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
    select district_code, account_node, claim_node as named_node, claim_node as other,
        {_BY_DWELLING} as rank
    from claims_on_account
    union all
    select
        members.district_code, members.node, members.node,
        coalesce(claims_on_account.claim_node, members.node),
        {_BY_DWELLING} + 0.1
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

# A joint tenant who leads a claim of their own while the tenancy runs: a second unit liable for the
# rent, unless it proves to be the first tenant's. One that they only partner in is the first
# tenant's own in almost every case, and no sign of a second unit.
_SECOND_TENANTS = """
create temp table second_tenants as
select
    own.district_code, own.node, own.person_key, theirs.node as other,
    rule_ranks.rule, rule_ranks.rank, theirs.first_month
from roles as own
join roles as theirs
    on own.district_code = theirs.district_code and own.person_key = theirs.person_key
    and own.first_month <= theirs.last_month and theirs.first_month <= own.last_month
join rule_ranks on greatest(own.rank, theirs.rank) = rule_ranks.rank
where own.mark = 'r' and own.role = 'partner'
    and theirs.mark in ('c', 'h', 'u') and theirs.role = 'lead'
"""

# Rent accounts, awards of help and accounts follow one thing only, so that a tenancy that passes
# from one person to another cannot join their units.
_EDGES = f"""
create temp table edges as
with claim_bridges as ({_CLAIM_BRIDGE}),
account_bridges as ({_ACCOUNT_BRIDGE}),
followed as ({_FOLLOWED}),
last_resort as (
    select roles.district_code, roles.node, 'p:' || person_key as other, 'lead_person' as rule,
        {_LAST} as rank
    from roles
    anti join claimed_accounts
        on roles.district_code = claimed_accounts.district_code
        and roles.node = claimed_accounts.node
    where mark in ('r', 'd', 'a') and role = 'lead'
),
candidates as (
    select * from claim_bridges
    union all
    select * from account_bridges
    union all
    select * from followed
    union all
    select * from dwellings
    union all
    select * from last_resort
),
first_rule as (
    select candidates.*
    from candidates
    left join members
        on candidates.district_code = members.district_code and candidates.other = members.node
    where left(candidates.node, 1) in ('r', 'd', 'a')
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
    """Make `edges` (claim, other claim or person, rule), `claimed_accounts` and `second_tenants`.

    The last are claims that joint tenants lead, by rent account.
    """
    con.execute(_CLAIMED_ACCOUNTS)
    con.execute(_SECOND_TENANTS)
    con.execute(_DWELLINGS)
    con.execute(_EDGES)
