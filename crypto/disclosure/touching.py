"""Which cells lie in which group of a question: wholly, or cut by it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.indexing import Grouping, TableIndex
    from crypto.disclosure.table import CellKey

OUT: Final = -1  # a base cell that is wholly in no group

Kept = bytes  # per place 1 if the filter keeps the finest cell, else 0
_KEPT: Final = re.compile(rb"\x01")


@dataclass(frozen=True, slots=True)
class Touched:
    """What a question touches, by number of the group.

    Attributes:
        whole: the base cells wholly inside, ascending.
        whole_of: per base cell the group that it is wholly inside, or `OUT`.
        cut: those only partly inside, ascending.
        blocked: the groups that hold a blocked finest cell.
        unlike: the versions in which a finest cell of it was not as it is shown, as it waited.
    """

    whole: list[list[int]]
    whole_of: list[int]
    cut: dict[int, list[int]]
    blocked: set[int]
    unlike: dict[int, Bits]

    def is_seen(self, group: int) -> bool:
        """Whether the group is more than empty to who asks: what waits is not seen."""
        return bool(self.whole[group]) or group in self.cut or group in self.blocked

    def groups_of(self, base: Iterable[int]) -> set[int]:
        """Returns the groups that some of these base cells lie wholly in."""
        return {self.whole_of[c] for c in base} - {OUT}


def kept_cells(
    index: TableIndex, keep: Callable[[CellKey], bool], looks_at: Sequence[int] | None
) -> Kept:
    """Returns for each finest cell whether a filter keeps it.

    Args:
        index: of the table.
        keep: the filter.
        looks_at: the dimensions it depends on, so that it is called once per combination of their
            codes; `None` if that is not known.
    """
    if looks_at is None:
        return bytes([keep(key) for key in index.cells])
    seen = index.grouping(looks_at)
    whole = [0] * len(index.table.declaration.sizes)
    flags = []
    for codes in seen.groups:
        for position, code in zip(looks_at, codes, strict=True):
            whole[position] = code
        flags.append(keep(tuple(whole)))
    return seen.spread(bytes(flags))


def touch(index: TableIndex, grouping: Grouping, kept: Kept | None) -> Touched:
    """Returns what lies in which group."""
    group_of = grouping.group_of
    whole: list[list[int]] = [[] for _ in grouping.groups]
    whole_of = [OUT] * len(index.as_shown)
    several: Iterable[int]
    if kept is None:
        several = index.several
        for c, group in zip(index.singles, grouping.of_singles, strict=True):
            whole[group].append(c)
            whole_of[c] = group
    else:
        several = _inside(index, group_of, kept, whole, whole_of)
    cut: dict[int, list[int]] = defaultdict(list)
    grown = set()
    for c in several:
        places = index.places(c)
        groups = [group_of[p] for p in places if kept is None or kept[p]]
        among = set(groups)
        if len(among) == 1 and len(groups) == len(places):
            grown |= among
            whole[groups[0]].append(c)
            whole_of[c] = groups[0]
        else:
            for group in among:
                cut[group].append(c)
    for group in grown:
        whole[group].sort()
    unlike: dict[int, Bits] = defaultdict(int)
    for place, bits in index.unlike.items():
        if kept is None or kept[place]:
            unlike[group_of[place]] |= bits
    blocked = {group_of[place] for place in index.blocked if kept is None or kept[place]}
    return Touched(whole, whole_of, dict(cut), blocked, dict(unlike))


def _inside(
    index: TableIndex,
    group_of: Sequence[int],
    kept: Kept,
    whole: list[list[int]],
    whole_of: list[int],
) -> Iterable[int]:
    """Puts the base cells of one finest cell that a filter keeps into their groups.

    Most filters keep few: the others are passed over without a look at each.

    Returns:
        The base cells of several finest cells of which it keeps some, ascending.
    """
    based, starts = index.based, index.starts
    several: dict[int, None] = {}
    for found in _KEPT.finditer(kept, 0, len(based)):
        place = found.start()
        c = based[place]
        if starts[c + 1] - starts[c] == 1:
            group = group_of[place]
            whole[group].append(c)
            whole_of[c] = group
        else:
            several[c] = None
    return several
