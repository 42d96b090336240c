"""Joining what the rules left, by the model's scores: each to its single best, and only if sure.

Two clusters are joined if each is the other's best, the score is high enough, and nothing speaks
against it: two numbers, birth dates or forenames that one slip cannot explain, a reviewer who said
no, or a rival nearly as good who is certainly somebody else (a father and son of one name). What
is likely but not sure goes to a reviewer.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from openlsi.identity.person_clusters import Clusters, join
from openlsi.identity.person_model import score_pairs
from openlsi.identity.person_rules import PROBABLE

# A rival this many bits of evidence behind the best is still a rival.
_MARGIN = 4.0

_LABELS = """
create or replace temp table labelled as
select told.*, labels.label
from {traits} as told
join labels using (id)
order by id
"""

# Every trait of the clusters that any pair touches: no other can be joined from here on.
_TOUCHED = """
create or replace temp table touched as
with touched_labels as (
    -- distinct: many pairs touch one cluster
    select distinct label
    from labels
    where id in (select one_id from scored union all select other_id from scored)
)
select labelled.* exclude (label)
from labelled
semi join touched_labels using (label)
"""

# What most records of a cluster say; a name written out counts before an initial.
_CLUSTERS = """
create or replace temp table clusters as
with said as (
    select label, 'forename' as what, forename as said,
        sum(record_count) + if(length(forename) > 1, 1000000, 0) as times
    from labelled where forename is not null group by label, forename
    union all
    select label, 'birth_date', cast(birth_date as varchar), sum(record_count)
    from labelled where birth_date is not null group by all
),
usual as (select label, what, arg_max(said, (times, said)) as said from said group by all)
select labelled.label, max(labelled.nino) as nino,
    any_value(births.said)::date as birth_date,
    any_value(forenames.said) as forename,
    -- list_distinct: a short form and its name may stand in one cluster
    list_distinct(flatten(list(labelled.formals) filter (labelled.forename = forenames.said)))
        as formals,
    coalesce(bool_or(labelled.is_known_forename) filter (labelled.forename = forenames.said), false)
        as is_known_forename
from labelled
left join usual as births on labelled.label = births.label and births.what = 'birth_date'
left join usual as forenames on labelled.label = forenames.label and forenames.what = 'forename'
group by labelled.label
"""

_ONE_PERSON = """
coalesce({one}.nino = {other}.nino, true)
and births_alike({one}.birth_date, {other}.birth_date)
and forenames_alike({one}, {other})
"""

_PAIRS = f"""
create or replace temp table pairs as
with labelled_pairs as (
    select
        least(one.label, other.label) as one, greatest(one.label, other.label) as other,
        max(scored.weight) as weight, max(scored.score) as score,
        -- The traits that the reviewer is shown: those that speak most for it.
        arg_max(scored.one_id, scored.weight) as one_id,
        arg_max(scored.other_id, scored.weight) as other_id
    from scored
    join labels as one on scored.one_id = one.id
    join labels as other on scored.other_id = other.id
    where one.label <> other.label
    group by all
)
select labelled_pairs.*
from labelled_pairs
join clusters as first on labelled_pairs.one = first.label
join clusters as second on labelled_pairs.other = second.label
anti join apart on labelled_pairs.one = apart.one and labelled_pairs.other = apart.other
where {_ONE_PERSON.format(one="first", other="second")}
"""

_BEST = f"""
create or replace temp table best as
with sides as (
    select one as label, other as rival, * from pairs
    union all
    select other, one, * from pairs
),
ranked as (
    select *,
        row_number() over (
            partition by label order by round(weight, 6) desc, one, other
        ) as place,
        first_value(rival) over (
            partition by label order by round(weight, 6) desc, one, other
        ) as favourite,
        max(weight) over (partition by label) as most
    from sides
),
contested as (
    -- distinct: several rivals contest the same
    select distinct ranked.label
    from ranked
    join clusters as favourites on ranked.favourite = favourites.label
    join clusters as rivals on ranked.rival = rivals.label
    where ranked.place > 1 and ranked.weight > ranked.most - {_MARGIN}
        and not ({_ONE_PERSON.format(one="favourites", other="rivals")})
)
select ranked.one, ranked.other, min(ranked.one_id) as one_id, min(ranked.other_id) as other_id,
    min(ranked.score) as score, count(*) = 2 as is_mutual,
    bool_or(contested.label is not null) as is_contested
from ranked
left join contested on ranked.label = contested.label
where ranked.place = 1
group by ranked.one, ranked.other
"""


def join_probable(
    con: duckdb.DuckDBPyConnection,
    clusters: Clusters,
    automatic: float,
    clerical: float,
    settings: dict[str, Any] | None = None,
) -> None:
    """Join by score until nothing more is sure; `best` then holds what a reviewer should see."""
    _label(con, clusters)
    con.execute(_LABELS.format(traits="traits"))
    score_pairs(con, "labelled", clerical, settings)
    con.execute(_TOUCHED)
    while True:
        _label(con, clusters)
        for statement in (_LABELS.format(traits="touched"), _CLUSTERS, _PAIRS, _BEST):
            con.execute(statement)
        sure = con.execute(
            "select one, other, score from best"
            " where is_mutual and not is_contested and score >= $automatic",
            {"automatic": automatic},
        ).fetchnumpy()
        before = clusters.label
        join(clusters, sure["one"], sure["other"], PROBABLE, sure["score"], births_agree=False)
        if np.array_equal(before, clusters.label):
            return


def _label(con: duckdb.DuckDBPyConnection, clusters: Clusters) -> None:
    """Lay the labels, and which clusters reviewers told apart, as tables."""
    count = len(clusters.label)
    labels = pa.table({"id": np.arange(count), "label": clusters.label})
    one, other = (clusters.label[side] for side in clusters.apart)
    apart = pa.table({"one": np.minimum(one, other), "other": np.maximum(one, other)})
    for name, table in (("labels", labels), ("apart", apart)):
        con.register("arriving", table)
        con.execute(f"create or replace temp table {name} as select * from arriving")
        con.unregister("arriving")
