"""Effects of campaigns: how many more were awarded than of those held out, from shown figures.

The difference of two shares with Newcombe's hybrid score interval (Statistics in Medicine 17, 1998,
method 10). Pounds are those of the additional awards, at the average award that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from openlsi.disclosure.adding import Name, Strict
from openlsi.disclosure.wording import quoted

SUFFIXES = (
    "ratio", "low_ratio", "high_ratio",
    "award_count", "low_award_count", "high_award_count",
    "gbp", "low_gbp", "high_gbp",
    "per_pound", "low_per_pound", "high_per_pound",
    "standing",
)  # fmt: skip
# Two-sided 95% of the normal distribution.
Z_95 = 1.959964
# Under so many of either arm an interval says nothing that a committee could use.
FEWEST = 20
# Which end of the interval a column is of.
_ENDS = {"": "difference", "low_": "low", "high_": "high"}


class Effect(Strict):
    """Columns of two arms, and of how many of each were awarded; all of them published."""

    prefix: Name
    arm: Name
    arm_awarded: Name
    other: Name
    other_awarded: Name
    pounds: list[Name] = Field(min_length=1, description="Of the arm; a row has one of them")
    cost: Name
    once: Name = Field(description="A column that is empty until the campaign is completed")

    @property
    def reads(self) -> list[str]:
        """The columns that an effect is worked out from."""
        counts = (self.arm, self.arm_awarded, self.other, self.other_awarded)
        return [*counts, *self.pounds, self.cost, self.once]


def effect_names(effect: Effect) -> list[str]:
    """Return the columns that an effect adds, in order."""
    return [f"{effect.prefix}_{suffix}" for suffix in SUFFIXES]


def with_effects(relation: str, effects: Sequence[Effect]) -> str:
    """Return a query of a relation's rows with the columns of each effect.

    Where a figure is hidden or an arm too small, all is empty but the words that say so.
    """
    query = f"select * from {relation}"
    for effect in effects:
        query = _with_one(query, effect)
    return query


def _with_one(query: str, effect: Effect) -> str:
    arm, arm_awarded, other, other_awarded = (
        f"cast({quoted(name)} as double)"
        for name in (effect.arm, effect.arm_awarded, effect.other, effect.other_awarded)
    )
    pounds = " + ".join(f"coalesce({quoted(name)}, 0)" for name in effect.pounds)
    arms = (
        f"select *, {_share('arm', arm_awarded, arm)}, {_share('other', other_awarded, other)},"
        f" ({pounds}) / nullif({arm_awarded}, 0) as told_average from ({query})"
    )
    ends = (
        "select *, told_arm - told_other as told_difference,"
        " told_arm - told_other - sqrt(power(told_arm - told_arm_low, 2)"
        " + power(told_other_high - told_other, 2)) as told_low,"
        " told_arm - told_other + sqrt(power(told_arm_high - told_arm, 2)"
        " + power(told_other - told_other_low, 2)) as told_high from arms"
    )
    columns = ", ".join(
        f"case when told_standing in ({_MEASURED}) then {value} end as {quoted(name)}"
        for value, name in zip(_values(effect), effect_names(effect)[:-1], strict=True)
    )
    standing = quoted(f"{effect.prefix}_standing")
    there = "columns(name -> not starts_with(name, 'told_'))"
    return (
        f"with arms as ({arms}), ends as ({ends}),"
        f" stood as (select *, {_standing(effect)} as told_standing from ends)"
        f" select {there}, {columns}, told_standing as {standing} from stood"
    )


_MEASURED = "'Effect shown', 'No effect shown', 'Fewer awards than of those held out'"


def _share(name: str, awarded: str, total: str) -> str:
    """Return SQL for a share and Wilson's score interval of it."""
    share, whole = f"({awarded} / nullif({total}, 0))", f"(1 + {Z_95**2} / nullif({total}, 0))"
    middle = f"({share} + {Z_95**2} / (2 * nullif({total}, 0)))"
    spread = (
        f"({Z_95} * sqrt({share} * (1 - {share}) / nullif({total}, 0)"
        f" + {Z_95**2} / (4 * nullif(power({total}, 2), 0))))"
    )
    return (
        f"{share} as told_{name}, ({middle} - {spread}) / {whole} as told_{name}_low,"
        f" ({middle} + {spread}) / {whole} as told_{name}_high"
    )


def _values(effect: Effect) -> list[str]:
    arm, cost = quoted(effect.arm), quoted(effect.cost)
    awards = {end: f"told_{word} * {arm}" for end, word in _ENDS.items()}
    return [
        *(f"round(told_{word}, 4)" for word in _ENDS.values()),
        *(f"cast(round({awards[end]} / 5) * 5 as bigint)" for end in _ENDS),
        *(f"cast(round({awards[end]} * told_average / 1000) * 1000 as bigint)" for end in _ENDS),
        *(f"round({awards[end]} * told_average / nullif({cost}, 0), 1)" for end in _ENDS),
    ]


def _standing(effect: Effect) -> str:
    counts = (effect.arm, effect.arm_awarded, effect.other, effect.other_awarded)
    hidden = " or ".join(f"{quoted(name)} is null" for name in counts)
    small = " or ".join(f"{quoted(name)} < {FEWEST}" for name in (effect.arm, effect.other))
    return (
        f"case when {quoted(effect.once)} is null then 'Not completed yet'"
        f" when {quoted(effect.other)} = 0 then 'Nobody is held out'"
        f" when {hidden} or {small} then 'Too few to show'"
        " when told_low > 0 then 'Effect shown'"
        " when told_high < 0 then 'Fewer awards than of those held out'"
        " else 'No effect shown' end"
    )
