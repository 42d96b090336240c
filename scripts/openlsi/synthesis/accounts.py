"""Council tax accounts: every CTS household's, and those of a sample of other dwellings."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from openlsi.synthesis.households import (
    ALL_DISREGARDED,
    EMPTY,
    NO_DISCOUNT,
    ONE_DISREGARD,
    SINGLE_PERSON,
    YEAR,
    Households,
)
from openlsi.synthesis.people import NO_ONE
from openlsi.synthesis.plan import COUNCIL_TAX_BEGAN, NEVER, OPEN, Bools, Ints, Plan, year_start
from openlsi.synthesis.targets import BANDS, Targets

ON_TIME, IN_FULL, LATE, PARTIAL, NEVER_PAYS = range(5)
DIRECT_DEBIT, STANDING_ORDER, CASH, ATTACHMENT = range(4)
MARKERS = ["deceased", "breathing_space", "insolvency", "sensitive", "contact_opt_out", "anonymous"]
DECEASED = 0
EXEMPTIONS = ["", "N", "U", "F", "E", "B"]
NO_HOUSEHOLD = -1
# How people pay, with and without CTS: made up, tuned so that the county's in-year collection
# rate lies near the 96% nationally published for 2022-23 and lower among CTS households.
PAYERS_WITH_CTS = [0.62, 0.03, 0.20, 0.09, 0.06]
PAYERS_WITHOUT = [0.78, 0.06, 0.10, 0.035, 0.025]


@dataclass(frozen=True)
class Accounts:
    """Parallel arrays; the first `cts_count` belong to CTS households.

    `band` is the band on the list (0–7), `charge_band` the effective one (0–8) after disabled
    relief. From `phase_day` on, the later discount and joint person hold. `ends_deceased`: the
    marker appears when the account closes.
    """

    household: Ints
    dwelling: Ints
    start: Ints
    end: Ints
    band: Ints
    charge_band: Ints
    discount: Ints
    discount_later: Ints
    phase_day: Ints
    exemption: Ints
    payment_method: Ints
    markers: Ints
    ends_deceased: Bools
    payer: Ints
    share_paid: Ints
    instalments: Ints
    lead: Ints
    joint: Ints
    joint_later: Ints

    def __len__(self) -> int:
        return len(self.start)

    def __add__(self, other: Accounts) -> Accounts:
        return Accounts(
            *(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self))
        )


def accounts_with_cts(rng: np.random.Generator, h: Households) -> tuple[Accounts, Ints]:
    """Return the accounts of CTS households, and each claim's second account (−1 for none).

    Account i is the first of claim i; dwellings are numbered likewise, and the partner of person
    i is person i + len(h).
    """
    movers = np.flatnonzero(h.move_day < NEVER)
    second = np.full(len(h), -1)
    second[movers] = len(h) + np.arange(len(movers))
    owner = np.concatenate([np.arange(len(h)), movers])
    is_second = np.arange(len(owner)) >= len(h)
    last_end = np.where(h.closes_at_end[owner], h.claim_end[owner], OPEN)
    leaves = np.where(h.move_day < NEVER, h.move_day - 1, OPEN)[owner]
    kinds = _habits(rng, len(owner), PAYERS_WITH_CTS)
    # A household's way of paying moves with it.
    for name in ("payer", "share_paid", "payment_method", "instalments", "markers"):
        kinds[name] = kinds[name][owner]
    is_joint = rng.random(len(h))[owner] < 0.85
    band = np.where(is_second, h.band_after_move[owner], h.band[owner])
    is_relieved = (rng.random(len(owner)) < 0.008) & (band < len(BANDS)) | (band == 0)
    partner = owner + len(h)
    is_deceased = h.is_pension[owner] & (rng.random(len(h))[owner] < 0.6) & (last_end < OPEN)
    return Accounts(
        household=owner,
        dwelling=np.arange(len(owner)),
        start=np.where(is_second, h.move_day[owner], h.account_start[owner]),
        end=np.where(is_second, last_end, np.minimum(last_end, leaves)),
        band=np.where(band == 0, 0, band - 1 + is_relieved),
        charge_band=band,
        discount=h.discount[owner],
        discount_later=h.discount_later[owner],
        phase_day=h.household_day[owner],
        exemption=np.zeros(len(owner), np.int64),
        ends_deceased=is_deceased,
        lead=owner,
        joint=np.where(is_joint & h.has_partner[owner], partner, NO_ONE),
        joint_later=np.where(is_joint & h.has_partner_later[owner], partner, NO_ONE),
        **kinds,
    ), second


def _habits(rng: np.random.Generator, count: int, payers: list[float]) -> dict[str, Ints]:
    payer = rng.choice(len(payers), size=count, p=payers)
    is_prompt = payer <= IN_FULL
    draw = rng.random(count)
    by_debit = draw < np.where(is_prompt, 0.82, 0.35)
    other = rng.choice([STANDING_ORDER, CASH, ATTACHMENT], size=count, p=[0.15, 0.8, 0.05])
    markers = np.zeros((count, len(MARKERS)), dtype=np.int64)
    for place, rate in enumerate([0.0008, 0.004, 0.005, 0.003, 0.02, 0.0008]):
        markers[:, place] = rng.random(count) < rate
    return {
        "payer": payer,
        "share_paid": rng.integers(10, 60, count),
        "payment_method": np.where(by_debit, DIRECT_DEBIT, other),
        "instalments": np.where(rng.random(count) < 0.8, 10, 12),
        "markers": markers,
    }


def accounts_without_cts(
    rng: np.random.Generator, plan: Plan, targets: Targets, cts_bands: Ints, first: int, person: int
) -> tuple[Accounts, int, int]:
    """Return the accounts of the sampled other dwellings, and how many dwellings and people.

    `cts_bands` are the listed bands already taken by CTS households; `first` is the number of
    the first dwelling, `person` that of the first person. Leavers before the window come last.
    """
    taken = np.bincount(cts_bands, minlength=len(BANDS))[: len(BANDS)]
    left = np.maximum(targets.dwellings["dwellings"] * plan.scale - taken, 0)
    counts = np.round(left * plan.sample).astype(np.int64)
    band = np.repeat(np.arange(len(BANDS)), counts)
    count = len(band)
    start = (plan.as_at - 1 - rng.exponential(9 * YEAR, count)).astype(np.int64)
    start = np.maximum(start, COUNCIL_TAX_BEGAN)
    years = (plan.last_day - plan.as_at + 1) / YEAR
    moved = plan.as_at + (rng.random(count) * years * YEAR).astype(np.int64)
    is_moved = (rng.random(count) < 0.08 * years) & (moved > start)
    movers = np.flatnonzero(is_moved)
    gone = np.flatnonzero(rng.random(count) < 0.03)
    owner = np.concatenate([np.arange(count), movers, gone])
    is_second = (np.arange(len(owner)) >= count) & (np.arange(len(owner)) < count + len(movers))
    is_gone = np.arange(len(owner)) >= count + len(movers)
    opening = year_start(plan.years[0])
    left_on = opening - rng.integers(30, 1000, len(owner))
    ends = np.where(is_moved[owner] & ~is_second, moved[owner] - 1, OPEN)
    begins = np.where(is_second, moved[owner], start[owner])
    return (
        _others(
            rng,
            targets,
            band[owner],
            dwelling=first + owner,
            person=person,
            start=np.where(is_gone, left_on - rng.integers(200, 2500, len(owner)), begins),
            end=np.where(is_gone, left_on, ends),
            is_gone=is_gone,
        ),
        count,
        2 * len(owner),
    )


def _others(
    rng: np.random.Generator,
    targets: Targets,
    band: Ints,
    *,
    dwelling: Ints,
    person: int,
    start: Ints,
    end: Ints,
    is_gone: Bools,
) -> Accounts:
    count = len(band)
    discount, discount_later, exemption = _reliefs(rng, targets, band)
    kinds = _habits(rng, count, PAYERS_WITHOUT)
    kinds["payer"] = np.where(is_gone, NEVER_PAYS, kinds["payer"])
    relieved = targets.dwellings["disabled_relief"] / targets.dwellings["chargeable"]
    is_relieved = rng.random(count) < relieved[band]
    is_changed = (discount != discount_later) & ~is_gone
    window = rng.integers(0, 1130, count) + start.clip(min=0)
    lead = person + np.arange(count)
    is_joint = (discount == NO_DISCOUNT) & (rng.random(count) < 0.75)
    return Accounts(
        household=np.full(count, NO_HOUSEHOLD),
        dwelling=dwelling,
        start=start,
        end=end,
        band=band,
        charge_band=band + 1 - is_relieved,
        discount=discount,
        discount_later=discount_later,
        phase_day=np.where(is_changed, window, NEVER),
        exemption=exemption,
        ends_deceased=rng.random(count) < 0.1,
        lead=lead,
        joint=np.where(is_joint, lead + count, NO_ONE),
        joint_later=np.where(is_joint & (discount_later == NO_DISCOUNT), lead + count, NO_ONE),
        **kinds,
    )


def _reliefs(rng: np.random.Generator, targets: Targets, band: Ints) -> tuple[Ints, Ints, Ints]:
    """Draw discounts and exemptions at the rates of the district's published taxbase."""
    count = len(band)
    chargeable = np.maximum(targets.dwellings["chargeable"], 1)
    draw = rng.random(count)
    discount = np.full(count, NO_DISCOUNT)
    edge = np.zeros(count)
    for kind, name in (
        (SINGLE_PERSON, "single_adult"),
        (ONE_DISREGARD, "one_disregard"),
        (ALL_DISREGARDED, "all_disregarded"),
        (EMPTY, "empty_no_discount"),
    ):
        upper = edge + (targets.dwellings[name] / chargeable)[band]
        discount = np.where((draw >= edge) & (draw < upper), kind, discount)
        edge = upper
    is_changed = rng.random(count) < 0.06
    swapped = np.where(discount == SINGLE_PERSON, NO_DISCOUNT, SINGLE_PERSON)
    exempt_ratio = (targets.dwellings["exempt"] / np.maximum(targets.dwellings["dwellings"], 1))[
        band
    ]
    is_exempt = rng.random(count) < exempt_ratio
    exemption = np.where(is_exempt, rng.integers(1, len(EXEMPTIONS), count), 0)
    later = np.where(is_changed & (discount <= SINGLE_PERSON), swapped, discount)
    return discount, later, exemption
