"""What is noted while a table is made, for the findings that its owner is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crypto.disclosure.diagnosis import MOST_EXAMPLES, Findings, Held, LeftOver, Withheld

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.guarded import Family
    from crypto.disclosure.table import CellKey


@dataclass(slots=True)
class Notes:
    """What is noted while a table is made; base cells are numbered as they are then."""

    finest: int = 0
    unsafe: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    left_over: list[LeftOver] = field(default_factory=list)
    withheld: list[tuple[Bits, Withheld]] = field(default_factory=list)
    held: dict[int, Held] = field(default_factory=dict)
    alone: dict[CellKey, tuple[str, ...]] = field(default_factory=dict)

    def findings(
        self, sizes: Sequence[int], left_out: tuple[Family, ...], *, kept: Bits = 0, gone: Bits = 0
    ) -> Findings:
        """Returns what is to be told.

        Args:
            sizes: number of codes per dimension.
            left_out: families of guarded sets that did not fit.
            kept: base cells that are held in the end.
            gone: base cells that were dissolved; what was withheld on them is not told.
        """
        told = [one for cell, one in self.withheld if not cell & gone]
        forms: Counter[str] = Counter()
        without: Counter[int] = Counter()
        narrowed = [0] * len(sizes)
        for one in told:
            forms.update(name for name, _ in one.failed)
            without.update(one.always)
            for d, size in enumerate(sizes):
                narrowed[d] += one.where[d] != (1 << size) - 1
        held = [one for c, one in sorted(self.held.items()) if (kept | gone) >> c & 1]
        return Findings(
            finest=self.finest,
            unsafe=self.unsafe,
            broken=dict(sorted(self.broken.items())),
            left_over=tuple(self.left_over),
            withheld=tuple(told[:MOST_EXAMPLES]),
            withheld_count=len(told),
            forms=dict(forms.most_common()),
            without=dict(without.most_common()),
            narrowed=tuple(narrowed),
            held=tuple(held[:MOST_EXAMPLES]),
            left_out=left_out,
            alone=self.alone,
        )
