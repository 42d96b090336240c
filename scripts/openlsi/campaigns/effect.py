"""How much more often, and how much more, those contacted were awarded than those compared with.

As intended: everybody of an arm counts, reached or not, since those who are reached differ from
those who are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from openlsi.disclosure.effects import Z_95


@dataclass(frozen=True)
class Arm:
    """Households of one arm, how many were awarded, and the sum and sum of squares of pounds."""

    household_count: int
    awarded_count: int
    pounds: float
    squared_pounds: float

    @property
    def rate(self) -> float:
        """Share of the arm that was awarded."""
        return self.awarded_count / self.household_count

    @property
    def mean(self) -> float:
        """Mean pounds, those without an award at nothing."""
        return self.pounds / self.household_count

    @property
    def variance_of_mean(self) -> float:
        """Sampling variance of the mean."""
        n = self.household_count
        if n < 2:
            return 0.0
        return max(self.squared_pounds - n * self.mean**2, 0.0) / (n - 1) / n


@dataclass(frozen=True)
class Estimate:
    """A difference with its interval of 95%."""

    value: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Say whether the interval leaves no difference out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Stratum:
    """Households that are alike in what was known beforehand: those contacted, and the others."""

    contact: Arm
    other: Arm


def rate_difference(contact: Arm, other: Arm) -> Estimate:
    """Return the difference of two rates with Newcombe's hybrid score interval.

    Newcombe, Statistics in Medicine 17 (1998), method 10: it holds near 0 and 1, where the usual
    interval does not.
    """
    low_1, high_1 = wilson(contact.awarded_count, contact.household_count)
    low_2, high_2 = wilson(other.awarded_count, other.household_count)
    difference = contact.rate - other.rate
    below = sqrt((contact.rate - low_1) ** 2 + (high_2 - other.rate) ** 2)
    above = sqrt((high_1 - contact.rate) ** 2 + (other.rate - low_2) ** 2)
    return Estimate(difference, difference - below, difference + above)


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return Wilson's score interval of a share."""
    share, square = count / total, Z_95**2
    middle = share + square / (2 * total)
    spread = Z_95 * sqrt(share * (1 - share) / total + square / (4 * total**2))
    whole = 1 + square / total
    return (middle - spread) / whole, (middle + spread) / whole


def pounds_difference(contact: Arm, other: Arm) -> Estimate:
    """Return the difference of mean pounds a household, by the normal distribution."""
    difference = contact.mean - other.mean
    spread = Z_95 * sqrt(contact.variance_of_mean + other.variance_of_mean)
    return Estimate(difference, difference - spread, difference + spread)


def matched(strata: Sequence[Stratum]) -> tuple[Estimate, Estimate, int]:
    """Return the differences of rates and pounds of those contacted, matched by stratum.

    Each stratum counts as many as it has contacted households; one without anybody to compare with
    is left out, and the last figure says how many households were matched.
    """
    told = [one for one in strata if one.contact.household_count and one.other.household_count]
    whole = sum(one.contact.household_count for one in told)
    rate = pounds = rate_variance = pounds_variance = 0.0
    for one in told:
        weight = one.contact.household_count / whole
        rate += weight * (one.contact.rate - one.other.rate)
        pounds += weight * (one.contact.mean - one.other.mean)
        rate_variance += weight**2 * sum(_rate_variance(arm) for arm in (one.contact, one.other))
        pounds_variance += weight**2 * (
            one.contact.variance_of_mean + one.other.variance_of_mean
        )  # fmt: skip
    return _estimate(rate, rate_variance), _estimate(pounds, pounds_variance), whole


def _rate_variance(arm: Arm) -> float:
    """Return the variance of a rate, with half an award added so that none is not certainty."""
    share = (arm.awarded_count + 0.5) / (arm.household_count + 1)
    return share * (1 - share) / arm.household_count


def _estimate(value: float, variance: float) -> Estimate:
    spread = Z_95 * sqrt(variance)
    return Estimate(value, value - spread, value + spread)
