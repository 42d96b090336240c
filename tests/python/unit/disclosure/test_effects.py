"""Effects of campaigns from shown figures, against the evaluation's own arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hand_made import published, table, values

from openlsi.campaigns.effect import Arm, rate_difference
from openlsi.disclosure.spec import DisclosureError

NAMES = ("name", "arm", "awarded", "held", "held_awarded", "pounds", "cost", "over")
COUNTS = [
    {"name": f"{name}_count", "kind": "count", "source": name}
    for name in ("arm", "awarded", "held", "held_awarded")
]
COLUMNS = [
    {"name": "name", "kind": "key", "source": "name"},
    *COUNTS,
    {"name": "pounds_gbp", "kind": "pounds", "source": "pounds", "count": "awarded_count"},
    {"name": "cost_gbp", "kind": "official", "source": "cost"},
    {"name": "over", "kind": "label", "source": "over"},
]
EFFECT = {
    "prefix": "effect",
    "arm": "arm_count",
    "arm_awarded": "awarded_count",
    "other": "held_count",
    "other_awarded": "held_awarded_count",
    "pounds": ["pounds_gbp"],
    "cost": "cost_gbp",
    "once": "over",
}


def effect(folder: Path, *row: Any, **changed: Any) -> dict[str, Any]:
    """Return what is published of one campaign."""
    told = table("made", *COLUMNS, effects=[EFFECT | changed])
    another = ("z", 500, 150, 100, 15, 60_000, 2000, "yes")
    with published(folder, {"made": values([("a", *row), another], *NAMES)}, told) as con:
        found = con.execute("select * from published.made where name = 'a'")
        names = [column[0] for column in found.description or []]
        return dict(zip(names, found.fetchall()[0], strict=True))


@pytest.mark.parametrize(
    ("arm", "awarded", "held", "held_awarded"),
    [(500, 150, 100, 15), (500, 50, 100, 10), (1000, 10, 250, 40), (40, 20, 20, 0)],
)
def test_the_interval_is_that_of_the_evaluation(
    tmp_path: Path, arm: int, awarded: int, held: int, held_awarded: int
) -> None:
    told = effect(tmp_path, arm, awarded, held, held_awarded, 60_000, 2000, "yes")
    right = rate_difference(Arm(arm, awarded, 0, 0), Arm(held, held_awarded, 0, 0))
    assert told["effect_ratio"] == pytest.approx(right.value, abs=5e-5)
    assert told["effect_low_ratio"] == pytest.approx(right.low, abs=5e-5)
    assert told["effect_high_ratio"] == pytest.approx(right.high, abs=5e-5)
    shown = told["effect_standing"] != "No effect shown"
    assert shown == right.is_shown


def test_pounds_are_those_of_the_additional_awards_at_the_average_award(tmp_path: Path) -> None:
    """150 of 500 against 15 of 100: 15 points, 75 awards of £60,000 ÷ 150 = £400 each, £30,000.

    The interval is 5.86 to 22.05 points: 29 and 110 awards, £12,000 and £44,000, over £2,000.
    """
    told = effect(tmp_path, 500, 150, 100, 15, 60_000, 2000, "yes")
    assert told["effect_standing"] == "Effect shown"
    assert (told["effect_low_award_count"], told["effect_award_count"]) == (30, 75)
    assert told["effect_high_award_count"] == 110
    pounds = [told[f"effect_{end}gbp"] for end in ("low_", "", "high_")]
    assert pounds == [12_000, 30_000, 44_000]
    assert told["effect_per_pound"] == 15.0
    assert told["effect_low_per_pound"] == 5.9


@pytest.mark.parametrize(
    ("row", "standing"),
    [
        ((500, 150, 100, 15, 60_000, 2000, None), "Not completed yet"),
        ((500, 150, 0, 0, 60_000, 2000, "yes"), "Nobody is held out"),
        ((500, 150, 100, 4, 60_000, 2000, "yes"), "Too few to show"),
        ((15, 10, 100, 15, 60_000, 2000, "yes"), "Too few to show"),
        ((500, 10, 100, 60, 60_000, 2000, "yes"), "Fewer awards than of those held out"),
    ],
)
def test_where_nothing_can_be_shown_it_says_why(
    tmp_path: Path, row: tuple[Any, ...], standing: str
) -> None:
    told = effect(tmp_path, *row)
    assert told["effect_standing"] == standing
    if not standing.startswith("Fewer"):
        assert all(told[name] is None for name in told if name.startswith("effect_")
                   and name != "effect_standing")  # fmt: skip


def test_nothing_exact_is_read(tmp_path: Path) -> None:
    """Counts that round to the same have the same effect, whatever they were."""
    one = effect(tmp_path, 501, 151, 99, 16, 60_000, 2000, "yes")
    other = effect(tmp_path, 499, 149, 101, 14, 60_000, 2000, "yes")
    assert one == other


def test_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="mentioned but not there: spent"):
        effect(tmp_path, 500, 150, 100, 15, 60_000, 2000, "yes", pounds=["spent"])
