"""Fineness: the one judgement of the second edition, on the nets of one form on one set.

Source: disclosure.md §2. On forms of one sign it is closed under unions of disjoint sets and under
combinations without negative coefficients: sums of the n largest are subadditive, p% says
T ≥ (1 + p)·xᵢ + xⱼ for every two, and the carriers of a sum are the union.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.rules import Rules


@dataclass(frozen=True, slots=True)
class Profile:
    """What the judgement needs to know of the nets of one form on one set.

    Attributes:
        carriers: how many contributors have a net that is not nil.
        total: sum of absolute nets.
        largest: the largest absolute nets, descending, as many as the rules look at.
    """

    carriers: int
    total: int
    largest: tuple[int, ...]


def profile(nets: Iterable[int], depth: int) -> Profile:
    """Returns the profile of the nets, one per contributor (nil ones may be left out)."""
    sizes = sorted([abs(net) for net in nets if net], reverse=True)
    return Profile(len(sizes), sum(sizes), tuple(sizes[:depth]))


def is_amply_fine(sizes: Sequence[int], *, carriers: int, factor: int) -> bool:
    """Says whether a form is fine by its largest net alone: its sum is so many times that.

    Args:
        sizes: the absolute nets that are not nil.
        carriers: how many must carry it.
        factor: 100·f (`capacity.sample_factor`): no n have more than n times the largest.
    """
    return len(sizes) >= carriers and 100 * sum(sizes) >= factor * max(sizes)


def is_fine(known: Profile, *, carriers: int, rules: Rules, nil: bool = True) -> bool:
    """Says whether a form is fine on a set.

    Args:
        known: its profile there.
        carriers: how many must carry it.
        rules: dominance and p%.
        nil: whether nil for everybody is fine.
    """
    if not known.carriers:
        return nil
    if known.carriers < carriers:
        return False
    top = known.largest
    for n, percent in rules.dominance:
        if sum(top[:n]) * 100 > percent * known.total:
            return False
    return (known.total - sum(top[:2])) * 100 >= rules.p_percent * top[0]
