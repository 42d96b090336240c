"""A made-up population met in several systems, with the faults that real records have, labelled.

Run as a program it writes one parquet file, for training and for the speed measurement:
`python made_people.py FILE --people 47000 --seed 1`. Nothing here is about anybody.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from openlsi.synthesis.names import FEMALE, MALE, STREETS, SURNAMES

_STARTS = [
    "Ash",
    "Black",
    "Brad",
    "Bur",
    "Chil",
    "Cran",
    "Den",
    "East",
    "Elm",
    "Far",
    "Gor",
    "Hart",
    "Hol",
    "Ken",
    "Lang",
    "Lin",
    "Mar",
    "Nor",
    "Oak",
    "Pen",
    "Rad",
    "Sand",
    "Stan",
    "Thorn",
    "Wal",
    "Whit",
    "Win",
    "Wood",
]
_ENDS = [
    "bourne",
    "bridge",
    "burn",
    "bury",
    "combe",
    "cott",
    "croft",
    "den",
    "field",
    "ford",
    "gate",
    "ham",
    "hurst",
    "ing",
    "land",
    "leigh",
    "ley",
    "low",
    "man",
    "mer",
    "more",
    "sted",
    "stone",
    "ton",
    "well",
    "wick",
    "wood",
    "worth",
]
_RARE = [start + end for start in _STARTS for end in _ENDS]
NICKNAMES = {
    "Margaret": "Maggie", "Susan": "Sue", "Patricia": "Pat", "Christine": "Chris",
    "Barbara": "Babs", "Jacqueline": "Jackie", "Deborah": "Debbie", "Elizabeth": "Liz",
    "Joanne": "Jo", "Rebecca": "Becky", "Victoria": "Vicky", "Kathleen": "Kath",
    "Dorothy": "Dot", "Gillian": "Gill", "Natasha": "Tash", "Jessica": "Jess",
    "David": "Dave", "Michael": "Mick", "Robert": "Bob", "Anthony": "Tony", "William": "Bill",
    "James": "Jim", "Richard": "Rick", "Kenneth": "Ken", "Raymond": "Ray", "Ronald": "Ron",
    "Stephen": "Steve", "Steven": "Steve", "Andrew": "Andy", "Philip": "Phil",
    "Matthew": "Matt", "Christopher": "Chris", "Daniel": "Dan", "Thomas": "Tom",
    "Joshua": "Josh", "Samuel": "Sam", "Benjamin": "Ben", "Stanley": "Stan",
    "Leonard": "Len", "Frederick": "Fred", "Terence": "Terry", "Geoffrey": "Geoff",
}  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """How often a system knows a person, and how often it lacks what tells people apart."""

    source: str
    known: float
    birth_missing: float
    nino_missing: float
    initials: float


# Missing rates as measured for the design: birth dates 25% (council tax 55%), numbers 45% (council
# tax 90%).
FEEDS = (
    Feed("council_tax_account", 0.78, 0.55, 0.90, 0.14),
    Feed("cts_claim", 0.62, 0.25, 0.45, 0.06),
    Feed("rent_account", 0.42, 0.25, 0.45, 0.08),
    Feed("uc_claim", 0.33, 0.25, 0.45, 0.06),
)
_UPRN_MISSING, _DUPLICATED = 0.09, 0.07


def _people(rng: np.random.Generator, count: int) -> pa.Table:
    """Return the true people: couples, singles, parents with a grown child, twins, in dwellings."""
    sizes = rng.choice([1, 2, 3], count, p=[0.42, 0.50, 0.08])
    home = np.repeat(np.arange(count), sizes)[:count]
    place = np.arange(count) - np.searchsorted(home, home)
    homes = int(home[-1]) + 1
    family = rng.choice(["couple", "father_and_son", "twins"], homes, p=[0.975, 0.0125, 0.0125])[
        home
    ]
    often = 1 / (np.arange(len(SURNAMES)) + 8)
    common = rng.choice(len(SURNAMES), homes, p=often / often.sum())
    rare = len(SURNAMES) + rng.integers(0, len(_RARE), homes)
    surname = np.where(rng.random(homes) < 0.5, common, rare)[home]
    own_name = (rng.random(count) < 0.2) & (place == 1) & (family == "couple")
    surname = np.where(own_name, rng.integers(0, len(SURNAMES) + len(_RARE), count), surname)
    is_male = (rng.random(homes)[home] < 0.5) ^ (place == 1)
    is_male = np.where(family == "couple", is_male, rng.random(homes)[home] < 0.5)
    forename = rng.integers(0, 90, count)
    born = rng.integers(-14600, 13500, homes)[home]
    born = np.where(place == 1, born + rng.integers(-2500, 2500, count), born)
    born = np.where(place == 2, born + 365 * 27, born)
    first = np.searchsorted(home, home)
    second = (place == 1) & (family != "couple")
    twin = second & (family == "twins")
    son = second & (family == "father_and_son")
    born = np.where(twin, born[first], np.where(son, born[first] + 9900, born))
    forename = np.where(son, forename[first], np.where(twin, (forename[first] + 7) % 90, forename))
    is_male = np.where(son, is_male[first], is_male)
    return pa.table(
        {
            "person": np.arange(count), "home": home, "old_home": rng.integers(0, homes, count),
            "surname": surname, "maiden": rng.integers(0, len(SURNAMES), count),
            "forename": forename, "middle": rng.integers(0, 90, count),
            "has_middle": rng.random(count) < 0.45, "is_male": is_male,
            "birth_day": np.clip(born, -14600, 13500) + 0,
            "letters": rng.integers(0, 20 * 20, count), "digits": rng.permutation(1_000_000)[:count]
            if count <= 1_000_000 else rng.integers(0, 1_000_000, count),
            "suffix": rng.integers(0, 4, count),
        }
    )  # fmt: skip


def _meetings(rng: np.random.Generator, count: int) -> pa.Table:
    """Return which system met which person, the chances that decide its faults, and duplicates."""
    parts = []
    for place, feed in enumerate(FEEDS):
        met = np.flatnonzero(rng.random(count) < feed.known)
        met = np.concatenate([met, met[rng.random(len(met)) < _DUPLICATED]])
        parts.append(
            pa.table(
                {
                    "person": met, "place": np.full(len(met), place),
                    "has_birth": rng.random(len(met)) >= feed.birth_missing,
                    "has_nino": rng.random(len(met)) >= feed.nino_missing,
                    "has_initial": rng.random(len(met)) < feed.initials,
                    "month": rng.integers(0, 36, len(met)),
                }
            )
        )  # fmt: skip
    met = pa.concat_tables(parts)
    for name in ("forename", "surname", "birth", "home", "uprn", "address", "middle", "nino"):
        met = met.append_column(f"u_{name}", pa.array(rng.random(met.num_rows)))
    return met.append_column("spot", pa.array(rng.integers(0, 1000, met.num_rows)))


_TYPO = """
create macro kept(word, spot) as 1 + spot % (length(word) - 1);
create macro typo(word, spot) as case spot % 3
    when 0 then left(word, kept(word, spot)) || substr(word, kept(word, spot) + 2)
    when 1 then left(word, kept(word, spot)) || substr(word, kept(word, spot), 1)
        || substr(word, kept(word, spot) + 1)
    else left(word, kept(word, spot)) || chr((97 + spot % 26)::integer)
        || substr(word, kept(word, spot) + 2)
end
"""
_TRUE = """
create temp table told as
select
    people.*, surnames.word as surname_word, maidens.word as maiden_word,
    if(is_male, men.word, women.word) as forename_word,
    if(is_male, middle_men.word, middle_women.word) as middle_word,
    date '1970-01-01' + birth_day::integer as birth_date,
    'ABCEGHJKLMNPRSTWXYZA'[1 + letters // 20] || 'ABCEGHJKLMNPRSTWXYZB'[1 + letters % 20]
        || lpad(digits::varchar, 6, '0') || 'ABCD'[1 + suffix] as nino_word
from people
join surnames on people.surname = surnames.place
join surnames as maidens on people.maiden = maidens.place
join men on people.forename = men.place
join women on people.forename = women.place
join men as middle_men on people.middle = middle_men.place
join women as middle_women on people.middle = middle_women.place
"""
# Every sixth building is of flats: one postcode, one street number, a dwelling number each.
_HOMES = """
create temp table homes as
select
    home, 100000000 + home * 7 as uprn,
    (if(home % 48 < 8, 'Flat ' || (1 + home % 8) || ', ', '')
        || (1 + if(home % 48 < 8, 90, home % 48)) || ' ' || streets.word) as address,
    'TN' || (20 + home // 48 // 400 % 60) || ' ' || (1 + home // 48 // 40 % 9)
        || chr((65 + home // 48 % 20)::integer) || chr((65 + home // 48 // 20 % 2)::integer)
        as postcode
from (select unnest(range((select max(home) + 1 from people))) as home) as every_home
join streets on (home // 48) % (select count(*) from streets) = streets.place
"""
_RECORDS = """
select
    'r' || row_number() over (order by meetings.person, meetings.place, month, spot) as record_key,
    told.person,
    feeds.source,
    case when u_surname < 0.03 then typo(surname_word, spot)
        when u_surname < 0.045 and not is_male then maiden_word
        when u_surname < 0.3 then upper(surname_word) else surname_word end as surname,
    case
        when has_initial then left(forename_word, 1)
        when u_forename < 0.03 and length(forename_word) > 3 then typo(forename_word, spot)
        when u_forename < 0.11 then coalesce(nicknames.short, forename_word)
        else forename_word end
        || case when has_middle and u_middle < 0.2 then ' ' || middle_word
            when has_middle and u_middle < 0.35 then ' ' || left(middle_word, 1)
            else '' end as forenames,
    case when not has_birth then ''
        when u_birth < 0.012 and day(birth_date) <= 12
            then strftime(birth_date, '%Y-') || strftime(birth_date, '%d-%m')
        when u_birth < 0.022
            then strftime(birth_date + (1 + spot % 9)::integer, '%Y-%m-%d')
        when u_birth < 0.03 then strftime(birth_date + interval 1 year, '%Y-%m-%d')
        else strftime(birth_date, '%Y-%m-%d') end as birth_date,
    case when not has_nino then '' when u_nino < 0.005 then 'TN' || strftime(birth_date, '%d%m%y')
        when u_nino < 0.012 then left(nino_word, 2) || nino_word[4] || nino_word[3]
            || substr(nino_word, 5)
        when u_nino < 0.3 then left(nino_word, 2) || ' ' || substr(nino_word, 3, 2) || ' '
            || substr(nino_word, 5, 2) || ' ' || substr(nino_word, 7, 2) || ' ' || nino_word[9]
        else nino_word end as nino,
    case when u_address < 0.1 then replace(replace(homes.address, 'Road', 'Rd'), 'Street', 'St')
        when u_address < 0.2 then upper(homes.address) else homes.address end as address,
    case when u_address < 0.05 then '' when u_address > 0.8 then replace(homes.postcode, ' ', '')
        else homes.postcode end as postcode,
    case when u_uprn < {uprn_missing} then '' when u_uprn < 0.3
        then lpad(homes.uprn::varchar, 12, '0') else homes.uprn::varchar end as uprn,
    (date '2023-01-01' + to_months(month::integer))::date as first_month
from meetings
join told using (person)
join feeds using (place)
join homes on homes.home = if(u_home < 0.08, told.old_home, told.home)
left join nicknames on told.forename_word = nicknames.long
"""


def made_people(people: int, seed: int) -> pa.Table:
    """Return labelled person records of a number of made-up people.

    Columns: record_key, person (the label), source, surname, forenames, birth_date (ISO or empty),
    nino, address, postcode, uprn, first_month. Some people stand in a system twice.
    """
    rng = np.random.default_rng(seed)

    def listed(words: list[str]) -> pa.Table:
        return pa.table({"place": np.arange(len(words)), "word": words})

    tables: dict[str, Any] = {
        "people": _people(rng, people), "meetings": _meetings(rng, people),
        "surnames": listed([*SURNAMES, *_RARE]), "streets": listed(STREETS),
        "men": listed(MALE), "women": listed(FEMALE),
        "feeds": pa.table(
            {"place": range(len(FEEDS)), "source": [feed.source for feed in FEEDS]}
        ),
        "nicknames": pa.table({"long": list(NICKNAMES), "short": list(NICKNAMES.values())}),
    }  # fmt: skip
    with duckdb.connect() as con:
        for name, table in tables.items():
            con.register(name, table)
        for statement in (_TYPO, _TRUE, _HOMES):
            con.execute(statement)
        records = _RECORDS.format(uprn_missing=_UPRN_MISSING)
        return con.sql(f"select * from ({records}) order by record_key").to_arrow_table()


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=47_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.file.parent.mkdir(parents=True, exist_ok=True)
    records = made_people(asked.people, asked.seed)
    pq.write_table(records, asked.file)
    print(f"{records.num_rows:,} made-up records of {asked.people:,} people in {asked.file}")


if __name__ == "__main__":
    _main()
