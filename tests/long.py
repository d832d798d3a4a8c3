"""Of the many places where something is tried, the loop takes the first; CI takes all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable


def first_of(values: Iterable[Any], count: int = 1) -> list[Any]:
    """Mark all values of a `parametrize` but the first ones as long.

    Args:
        values: one value for each test, a tuple for several arguments.
        count: how many stay in the loop.
    """
    every = list(values)
    rest = [one if isinstance(one, tuple) else (one,) for one in every[count:]]
    return [*every[:count], *(pytest.param(*one, marks=pytest.mark.long) for one in rest)]
