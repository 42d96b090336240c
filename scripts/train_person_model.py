"""Train the model that links person records, and measure it, on labelled made-up populations.

`python scripts/train_person_model.py LABELLED.parquet OTHER.parquet` writes model/person_model.json
from the first and model/precision.csv from the second. A one-off, reviewed before it is committed;
model/README.md tells how to go on.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as levels
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule
from splink.comparison_library import CustomComparison

from openlsi.identity.linkage_limits import LinkageLimits
from openlsi.identity.person_resolution import pairs_to_review, resolve
from openlsi.identity.person_traits import make_traits

MODEL = Path(__file__).parent / "openlsi" / "identity" / "model"
THRESHOLDS = [(1.0, 0.5), (0.999, 0.5), (0.99, 0.5), (0.95, 0.5), (0.95, 0.1), (0.9, 0.1),
              (0.8, 0.1), (0.5, 0.1), (0.5, 0.02)]  # fmt: skip
COLUMNS = ["automatic", "clerical", "precision", "recall", "review_pairs", "review_pairs_true"]

_MET = """
select record_key, person, 'a:' || record_key as node, 'lead' as role, null::text as nino_key,
    null::text as name_dob_key, record_key as name_key, surname, forenames,
    nullif(birth_date, '') as birth_date, nullif(nino, '') as nino,
    nullif(address, '') as address, nullif(postcode, '') as postcode, nullif(uprn, '') as uprn,
    null::text as account_key, null::text as cts_claim_key, first_month
from '{records}'
"""
_MEASURED = """
with counted as (
    select met.person, people.first_record as joined, count(*) as n
    from met
    join people using (record_key)
    group by all
),
pairs as (
    select
        (select sum(n * (n - 1) // 2) from counted)::double as right_ones,
        (select sum(m * (m - 1) // 2) from (select sum(n) as m from counted group by joined))
            as joined_ones,
        (select sum(m * (m - 1) // 2) from (select sum(n) as m from counted group by person))
            as true_ones
),
shown as (
    select count(*) as shown, count(*) filter (one.person = other.person) as shown_true
    from queued
    join met as one on queued.one_key = one.record_key
    join met as other on queued.other_key = other.record_key
)
select right_ones / joined_ones, right_ones / true_ones, shown, shown_true from pairs, shown
"""
# Of two records drawn from one district, one in this many pairs is of one person.
PRIOR = 1 / 40_000
SEED = 20260101


def _comparison(name: str, null: str, *told: tuple[str, str]) -> CustomComparison:
    return CustomComparison(
        output_column_name=name,
        comparison_levels=[
            levels.CustomLevel(null, label_for_charts="unknown").configure(is_null_level=True),
            *(levels.CustomLevel(sql, label_for_charts=label) for label, sql in told),
            levels.ElseLevel(),
        ],
    )


COMPARISONS = [
    _comparison(
        "forename",
        "forename_l is null or forename_r is null",
        ("equal, and so is the second initial",
         "forename_l = forename_r and length(forename_l) > 1 and middle_l = middle_r"),
        ("equal", "forename_l = forename_r and length(forename_l) > 1"),
        ("a short form", "list_has_any(formals_l, formals_r) and length(forename_l) > 1"),
        ("an initial",
         "initial_l = initial_r and least(length(forename_l), length(forename_r)) = 1"),
        ("a slip",
         "not (is_known_forename_l and is_known_forename_r) and length(forename_l) > 3"
         " and damerau_levenshtein(forename_l, forename_r) = 1"),
    ),
    _comparison(
        "surname",
        "surname_l is null or surname_r is null",
        ("equal, and no common name", "surname_l = surname_r and is_uncommon_l"),
        ("equal", "surname_l = surname_r"),
        ("a slip", "length(surname_l) > 3 and damerau_levenshtein(surname_l, surname_r) = 1"),
    ),
    _comparison(
        "birth_date",
        "birth_date_l is null or birth_date_r is null",
        ("equal", "birth_date_l = birth_date_r"),
        ("a slip", "births_alike(birth_date_l, birth_date_r)"),
        ("the same year", "year(birth_date_l) = year(birth_date_r)"),
    ),
    _comparison(
        "nino",
        "nino_l is null or nino_r is null",
        ("equal", "nino_l = nino_r"),
    ),
    # One comparison for the whole address: a UPRN, a door and a postcode are the same evidence.
    _comparison(
        "home",
        "coalesce(uprn_l, postcode_l) is null or coalesce(uprn_r, postcode_r) is null"
        " or (uprn_l is null or uprn_r is null) and (postcode_l is null or postcode_r is null)",
        ("the same dwelling",
         "uprn_l = uprn_r or (uprn_l is null or uprn_r is null) and home_l = home_r"),
        ("the same postcode", "postcode_l = postcode_r"),
    ),
]  # fmt: skip

_DIFFERENT = "l.label <> r.label and (l.nino is null or r.nino is null or l.nino = r.nino)"
BLOCKS = [
    "l.birth_code = r.birth_code and l.surname_start = r.surname_start",
    "l.birth_code = r.birth_code and l.initial = r.initial and l.postcode = r.postcode",
    "l.postcode = r.postcode and l.surname_start = r.surname_start and l.initial = r.initial",
    "l.uprn = r.uprn and l.initial = r.initial",
    "l.birth_code = r.birth_code and l.forename = r.forename and l.uprn = r.uprn",
    "l.nino = r.nino",
    "l.surname = r.surname and l.forename = r.forename and l.is_uncommon = r.is_uncommon"
    " and l.is_uncommon and length(l.forename) > 1",
]


def settings() -> SettingsCreator:
    """Return the model's shape, untrained."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        probability_two_random_records_match=PRIOR,
        comparisons=COMPARISONS,
        blocking_rules_to_generate_predictions=[
            CustomRule(f"{block} and {_DIFFERENT}", sql_dialect="duckdb") for block in BLOCKS
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def train(records: Path) -> dict[str, Any]:
    """Return the trained model of a labelled population (columns of `met`, and `person`)."""
    with duckdb.connect(config={"temp_directory": ""}) as con:
        con.execute(f"create table met as select * from '{records}'")
        make_traits(con)
        con.execute(
            """
            create table labelled as
            select traits.*, id as label, min(met.person) as person
            from traits join trait_of using (id) join met using (record_key)
            group by all order by id
            """
        )
        linker = Linker(DuckDBAPI(connection=con).register("labelled"), settings(), log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=SEED)
        linker.training.estimate_m_from_label_column("person")
        trained: dict[str, Any] = linker.misc.save_model_to_json(None)
    return trained


def measure(records: Path, settings: dict[str, Any]) -> list[list[str]]:
    """Return precision and recall of automatic links, and what a reviewer would see, by threshold.

    Pairs are all pairs of records of one person, those within one source too.
    """
    measured = []
    for automatic, clerical in THRESHOLDS:
        with duckdb.connect(config={"temp_directory": ""}) as con:
            con.execute(f"create table met as {_MET.format(records=records)}")
            con.execute("create table decided (one_key text, other_key text, decision text)")
            limits = LinkageLimits(automatic=automatic, clerical=clerical)
            resolve(con, limits, settings)
            con.register("queued", pairs_to_review(con, "made up"))
            found = con.execute(_MEASURED).fetchone() or ()
            figures = (automatic, clerical, *found)
            measured.append([f"{f:.4f}" if isinstance(f, float) else str(f) for f in figures])
    return measured


def main() -> None:
    """Train and measure, and write both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("other", type=Path)
    asked = parser.parse_args()
    trained = train(asked.records)
    text = json.dumps(trained, indent=2, sort_keys=True) + "\n"
    (MODEL / "person_model.json").write_text(text, encoding="utf-8")
    with (MODEL / "precision.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(measure(asked.other, trained))


if __name__ == "__main__":
    main()
