"""Who stands behind the claims of a means-tested feed, for the truth."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openlsi.synthesis import truth
from openlsi.synthesis.district import MadeDistrict
from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column


def claim_people(made: MadeDistrict, feed: str, refs: Column, claims: Ints) -> pa.Table:
    """Return claimants and partners of some claims as `truth.PEOPLE`; `refs` are of every claim."""
    h, code = made.households, made.district.code
    has_partner = h.has_partner | h.has_partner_later
    with_partner = claims[has_partner[claims]]
    claim = np.concatenate([claims, with_partner])
    person = np.concatenate([claims, with_partner + len(h)])
    return pa.table(
        {
            "district_code": pa.repeat(code, len(claim)),
            "feed": pa.repeat(feed, len(claim)),
            "record": pa.repeat("claim", len(claim)),
            "role": ["claimant"] * len(claims) + ["partner"] * len(with_partner),
            "source_ref": refs.take(pa.array(claim)).cast(pa.string()),
            "person_id": pc.binary_join_element_wise(f"{code}-P", pa.array(person).cast("str"), ""),
            "household_id": pc.binary_join_element_wise(
                f"{code}-H", pa.array(claim).cast("str"), ""
            ),
        },
        schema=truth.PEOPLE,
    )
