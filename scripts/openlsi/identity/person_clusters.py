"""Putting records of one person together, step by step, and never two people of two numbers.

Clusters are arrays over the traits of one district: no row is handled in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]

_NONE = np.int64(-1)
_MANY = np.iinfo(np.int64).max


@dataclass
class Clusters:
    """Which traits are one person so far.

    `label` is the smallest trait of each cluster; `nino` and `birth` are codes, -1 for none;
    `apart` are pairs of traits that a person said are two people. `rule` is the number of the
    rule that first joined a trait to another, -1 for none, and `score` how sure that was.
    """

    nino: Ints
    birth: Ints
    record_count: Ints
    apart: tuple[Ints, Ints]
    label: Ints = field(init=False)
    rule: Ints = field(init=False)
    score: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        count = len(self.nino)
        self.label = np.arange(count, dtype=np.int64)
        self.rule = np.full(count, _NONE)
        self.score = np.ones(count)


def connected(count: int, left: Ints, right: Ints) -> Ints:
    """Return the smallest node that each node is connected to, by the edges left–right."""
    label = np.arange(count, dtype=np.int64)
    while True:
        before = label
        lowest = np.minimum(label[left], label[right])
        label = label.copy()
        np.minimum.at(label, before[left], lowest)
        np.minimum.at(label, before[right], lowest)
        while not np.array_equal(shorter := label[label], label):
            label = shorter
        if np.array_equal(label, before):
            return label


def join(
    clusters: Clusters,
    left: Ints,
    right: Ints,
    rule: int,
    score: NDArray[np.float64] | None = None,
    *,
    births_agree: bool = True,
) -> None:
    """Join the clusters of each pair of traits, unless the whole would be two people.

    A group that would hold two numbers, two birth dates (where `births_agree`) or a pair that was
    told apart is left as it was: nobody can say here which of its links is the wrong one.
    """
    one, other = clusters.label[left], clusters.label[right]
    number = _largest(clusters.label, clusters.nino)
    clash = (number[one] != number[other]) & (number[one] >= 0) & (number[other] >= 0)
    useful = (one != other) & ~clash
    one, other = one[useful], other[useful]
    if len(one) == 0:
        return
    group = connected(len(clusters.label), one, other)
    refused = _holds_two(group, number)
    if births_agree:
        refused |= _holds_two(group, usual(clusters.label, clusters.birth, clusters.record_count))
    told_one, told_other = (group[clusters.label[side]] for side in clusters.apart)
    refused[told_one[told_one == told_other]] = True
    _take(
        clusters, np.where(refused[group], np.arange(len(group)), group), one, rule, score, useful
    )


def _take(
    clusters: Clusters,
    group: Ints,
    one: Ints,
    rule: int,
    score: NDArray[np.float64] | None,
    useful: NDArray[np.bool_],
) -> None:
    """Give every trait its group's label, and its rule and score if it had none."""
    sizes = np.bincount(group[np.unique(clusters.label)], minlength=len(group))
    grown = group[clusters.label]
    new = (sizes[grown] > 1) & (clusters.rule == _NONE)
    clusters.rule[new] = rule
    if score is not None:
        lowest = np.ones(len(group))
        np.minimum.at(lowest, group[one], score[useful])
        clusters.score[new] = lowest[grown[new]]
    clusters.label = grown


def usual(label: Ints, code: Ints, count: Ints) -> Ints:
    """Return by label the code that most records of the cluster have, the smallest of several."""
    found = np.full(len(label), _NONE)
    known = code >= 0
    if not known.any():
        return found
    span = int(code.max()) + 1
    pairs, place = np.unique(label[known] * span + code[known], return_inverse=True)
    records = np.bincount(place, weights=count[known])
    order = np.lexsort((-pairs, records))
    found[pairs[order] // span] = pairs[order] % span
    return found


def _largest(label: Ints, code: Ints) -> Ints:
    """Return by label the one code of the cluster, -1 for none."""
    found = np.full(len(label), _NONE)
    np.maximum.at(found, label, code)
    return found


def _holds_two(group: Ints, code: Ints) -> NDArray[np.bool_]:
    """Return by group whether its clusters have two different codes."""
    highest = np.full(len(group), _NONE)
    lowest = np.full(len(group), _MANY)
    np.maximum.at(highest, group, code)
    np.minimum.at(lowest, group, np.where(code >= 0, code, _MANY))
    two: NDArray[np.bool_] = (highest >= 0) & (highest != lowest)
    return two
