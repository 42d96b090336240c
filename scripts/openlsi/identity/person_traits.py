"""What of a person record tells people apart, in one normal form; only in memory, never on disk.

Table `met` comes in: one row a person record as the vault has it (record_key, node, role, surname,
forenames, birth_date, nino, address, postcode, uprn, account_key, cts_claim_key, first_month).
Table `traits` goes
out: records that say the same of somebody are one row of it, if they say enough to be sure.
"""

from __future__ import annotations

from importlib import resources

import duckdb
from pyarrow import csv

from openlsi.identity.normalisation import normalised

# Rough bounds of what two spellings of one person's name or birth date may differ by: a slip of
# one letter or digit, an initial, a short form, another day of the month, day and month the wrong
# way round.
_MACROS = """
create or replace temp macro forenames_alike(one, other) as
    one.forename is null or other.forename is null or one.forename = other.forename
    or list_has_any(one.formals, other.formals)
    or (length(one.forename) = 1 or length(other.forename) = 1)
        and left(one.forename, 1) = left(other.forename, 1)
    -- Joan and John are two names, not one of them misspelt.
    or not (one.is_known_forename and other.is_known_forename)
        and length(one.forename) > 3 and damerau_levenshtein(one.forename, other.forename) = 1;
create or replace temp macro births_alike(one, other) as
    one is null or other is null or one = other
    or year(one) = year(other) and month(one) = month(other)
    or year(one) = year(other) and month(one) = day(other) and day(one) = month(other)
    or damerau_levenshtein(cast(one as varchar), cast(other as varchar)) = 1;
"""

# The numbers in an address say which door it is, however the street is spelt; a house with a name
# has its first letters instead.
_DOOR = """coalesce(
    nullif(array_to_string(regexp_extract_all(
        regexp_replace(upper(address), '\\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\\b', ''),
        '[0-9]+[A-Z]?\\b'), '/'), ''),
    nullif(left(regexp_replace(upper(address), '[^A-Z]', '', 'g'), 10), '')
)"""

# More records than this with one number are a filler, not a person.
_FILLER_NINO = 40
# A surname is uncommon that is not on the list of common ones and no thousandth of the district's
# records has it; in a small district, no more than this many.
_FEW = 20

_TRAITS = f"""
create or replace temp table told as
with cleaned as (
    select
        record_key,
        nullif(regexp_replace(upper(strip_accents(surname)), '[^A-Z]', '', 'g'), '') as surname,
        nullif(trim(regexp_replace(upper(strip_accents(forenames)), '[^A-Z]+', ' ', 'g')), '')
            as forenames,
        try_cast(nullif(birth_date, '') as date) as birth_date,
        {normalised("nino", "coalesce(nino, '')")} as nino,
        nullif(regexp_extract(ltrim(trim(uprn), '0'), '^[0-9]{{1,12}}$'), '') as uprn,
        nullif(regexp_extract(replace(upper(postcode), ' ', ''),
            '^[A-Z]{{1,2}}[0-9][0-9A-Z]?[0-9][A-Z]{{2}}$'), '') as postcode,
        {_DOOR} as door
    from met
),
fillers as (
    select nino from cleaned where nino is not null group by nino having count(*) > {_FILLER_NINO}
),
parted as (
    select
        record_key, surname,
        split_part(forenames, ' ', 1) as forename,
        nullif(left(split_part(forenames, ' ', 2), 1), '') as middle,
        -- 1 January 1900 and 1901 stand for a date that nobody knew.
        case when birth_date > date '1901-01-01' then birth_date end as birth_date,
        case when fillers.nino is null then cleaned.nino end as nino,
        uprn, postcode, postcode || '|' || door as home
    from cleaned
    left join fillers on cleaned.nino = fillers.nino
)
select *,
    -- What a record says, in one value; one that says too little stays by itself.
    md5(concat_ws(chr(31), coalesce(surname, ''), coalesce(forename, ''), coalesce(middle, ''),
        coalesce(birth_date::varchar, ''), coalesce(nino, ''), coalesce(uprn, ''),
        coalesce(postcode, ''), coalesce(home, ''),
        case
            when nino is not null and (surname is not null or birth_date is not null) then ''
            when birth_date is not null and surname is not null and length(forename) > 1 then ''
            when coalesce(uprn, home) is not null and surname is not null and length(forename) > 1
                then ''
            else record_key
        end)) as said
from parted;
create or replace temp table numbered as
select
    said, any_value(surname) as surname, any_value(forename) as forename,
    any_value(middle) as middle, any_value(birth_date) as birth_date, any_value(nino) as nino,
    any_value(uprn) as uprn, any_value(postcode) as postcode, any_value(home) as home,
    (row_number() over (order by min(record_key), said) - 1)::integer as id,
    count(*) as record_count
from told group by said;
create or replace temp table trait_of as
-- distinct: one record may be told of twice in the same words
select distinct told.record_key, numbered.id
from told
join numbered using (said);
create or replace temp table surnames as
select surname, sum(record_count) as record_count from numbered group by surname;
create or replace temp table traits as
select
    id, numbered.record_count, numbered.surname, left(numbered.surname, 3) as surname_start,
    numbered.forename, left(numbered.forename, 1) as initial, middle,
    list_sort(list_distinct(
        list_prepend(numbered.forename, coalesce(formal_names.formals, []))
    )) as formals,
    birth_date,
    strftime(birth_date, '%Y') || least(month(birth_date), day(birth_date)) || '-'
        || greatest(month(birth_date), day(birth_date)) as birth_code,
    nino, uprn, postcode, home,
    common_surnames.surname is null
        and surnames.record_count <= greatest({_FEW}, sum(numbered.record_count) over () / 1000)
        as is_uncommon,
    common_forenames.forename is not null as is_known_forename
from numbered
left join formal_names on numbered.forename = formal_names.short
left join surnames on numbered.surname = surnames.surname
left join common_surnames on numbered.surname = common_surnames.surname
left join common_forenames on numbered.forename = common_forenames.forename
"""


def make_traits(con: duckdb.DuckDBPyConnection) -> None:
    """Make `traits` and `trait_of` (record → trait) from `met`; the macros stay for later steps."""
    _lay_list(con, "nicknames")
    _lay_list(con, "common_surnames")
    _lay_list(con, "common_forenames")
    con.execute(
        "create or replace temp table formal_names as"
        " select short, list(formal order by formal) as formals from nicknames group by short"
    )
    con.execute(_MACROS)
    con.execute(_TRAITS)


def _lay_list(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Lay one of the model's lists as a table."""
    with resources.as_file(resources.files("openlsi.identity") / f"model/{name}.csv") as path:
        con.register("arriving", csv.read_csv(path))
    con.execute(f"create or replace temp table {name} as select * from arriving")
    con.unregister("arriving")
