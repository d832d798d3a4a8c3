"""All products of code sets, where all are guarded, and the sums of the numbers inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crypto.disclosure.guarded import Masks


def every_product(
    numbers: Mapping[Masks, int],
    sizes: Sequence[int],
    at_least: Masks,
    is_wanted: Callable[[int], bool],
) -> Iterator[tuple[Masks, int]]:
    """Walks through products by code sets, with the sum of what lies inside.

    Args:
        numbers: by the codes that it reaches, what is added up.
        sizes: number of codes per dimension.
        at_least: codes that a product must have.
        is_wanted: tells by the sum which products to return.
    """
    needed, *others = at_least
    full = (1 << sizes[0]) - 1
    if not others:
        sums = [0] * (full + 1)
        for (mask,), number in numbers.items():
            sums[mask] = number
        for code in range(sizes[0]):
            bit = 1 << code
            for mask in range(len(sums)):
                if mask & bit:
                    sums[mask] += sums[mask ^ bit]
        for mask, number in enumerate(sums):
            if mask & needed == needed and is_wanted(number):
                yield (mask,), number
        return
    for mask in range(1, full + 1):
        if mask & needed != needed:
            continue
        left: dict[Masks, int] = {}
        for span, number in numbers.items():
            if not span[0] & ~mask:
                left[span[1:]] = left.get(span[1:], 0) + number
        if left:
            for rest, number in every_product(left, sizes[1:], tuple(others), is_wanted):
                yield (mask, *rest), number
