"""What an asker is given for one group of a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crypto.disclosure.statuses import OutputAnswer
    from crypto.disclosure.table import CellKey, GroupKey


@dataclass(frozen=True, slots=True)
class Block:
    """Groups that one output is not released for, as its cells reach from one into another.

    Attributes:
        groups: the groups that would be released as one sum.
        widen: per dimension, codes outside the question's filter that belong to that sum; empty
            if it is not releasable.
        releasable: whether the sum would then be released; not if it holds blocked or withheld
            cells, nor if it is mixed and mixed totals are not given.
    """

    groups: tuple[GroupKey, ...]
    widen: tuple[tuple[int, tuple[int, ...]], ...]
    releasable: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a sum that is of one data version.

    Attributes:
        version: the product's number of it.
        cells: the finest cells that are of it.
    """

    version: int
    cells: tuple[CellKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """The answer for one group.

    Attributes:
        key: code indices, in the order of the grouping.
        outputs: one per output asked, in order.
        blocks: per output, what it would be released together with; `None` unless its status is
            `merged` (or `blocked`: then not releasable).
        of_version: the newest data version (the product's number) that all of the group is of;
            `None` if it is of none alone.
        parts: what of it is of which version, ascending, if it is of none alone.
        base: the base cells wholly inside, ascending.
    """

    key: GroupKey
    outputs: tuple[OutputAnswer, ...]
    blocks: tuple[Block | None, ...]
    of_version: int | None
    parts: tuple[Part, ...] = ()
    base: tuple[int, ...] = ()
