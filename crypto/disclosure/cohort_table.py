"""The cohort table: what totals over several suppliers are made of (disclosure.md §8.2).

Made once per roster and data versions, whatever is asked. Finest common cells that no member's cell
reaches out of are merged along the order of the dimensions until at least `min_cohort` members
carry rows, or none; per measure these classes are merged until that is so for every form. A total
is given on unions of classes and nowhere else. Where a form has one sign in a member's rows, that
member carries it on a union if it does on a class, so unions have as many carriers, whichever signs
members have. Whatever one member marks, the others are at least one fewer than that, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crypto.disclosure.bits import bits_of, blocks, joins, least, members
from crypto.disclosure.cohort_ledger import MarksLedger, MembersOnly
from crypto.disclosure.ledger import Ask
from crypto.disclosure.merging import merge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_common import CommonTable
    from crypto.disclosure.cohort_marks import Cells, Marks
    from crypto.disclosure.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTable:
    """Which finest common cells may be added up, for rows and for each measure.

    Attributes:
        min_cohort: how many members carry whatever can be computed, if any does.
        classes: for rows, each its finest cells, by least cell. A cell that stands in no class and
            not in `blocked` holds nothing of anybody: it is a class of its own.
        measures: per figure from 1 (the first entry is empty) its classes, each a set of classes
            for rows.
        blocked: finest cells that are in no class.
    """

    min_cohort: int
    classes: tuple[Cells, ...]
    measures: tuple[tuple[Bits, ...], ...]
    blocked: Cells

    def cells_of(self, figure: int) -> tuple[Bits, ...]:
        """Returns the classes of a figure (0: rows) as sets of classes for rows."""
        return self.measures[figure] if figure else tuple(1 << i for i in range(len(self.classes)))


def make_cohort_table(
    common: CommonTable, marks: Mapping[str, Marks], *, min_cohort: int
) -> CohortTable:
    """Makes the cohort table.

    Args:
        common: what all members have in common.
        marks: of every member, by its DID.
        min_cohort: how many must carry each form on each class, if any does.

    Raises:
        ValueError: if there are fewer members than that, or marks are of another table.
    """
    if len(marks) < min_cohort:
        raise ValueError(f"expected at least {min_cohort} members, got {len(marks)}")
    forms = common.forms()
    for member, of in marks.items():
        check_marks(common, member, of)
    made = _Making(common, forms, marks, min_cohort)
    measures = made.measures()
    inside = {key for cells in made.classes for key in cells}
    blocked = tuple(key for key in made.mentioned if key not in inside)
    return CohortTable(
        min_cohort=min_cohort,
        classes=made.classes,
        measures=((), *(tuple(measures[m]) for m in sorted(measures))),
        blocked=blocked,
    )


class _Making:
    """The work in progress."""

    def __init__(
        self,
        common: CommonTable,
        forms: Sequence[Form],
        marks: Mapping[str, Marks],
        min_cohort: int,
    ) -> None:
        self._marks = [marks[did] for did in sorted(marks)]
        self._carries = {did: marks[did].carries for did in sorted(marks)}
        self._figures = len(common.figures)
        self._forms = dict(enumerate(forms))
        self._rules = MembersOnly(minimum_contributors=max(3, min_cohort))
        self._min = min_cohort
        self.mentioned = tuple(sorted(set().union(*(of.named for of in self._marks))))
        self.classes = self._rows()

    def _rows(self) -> tuple[Cells, ...]:
        place = {key: i for i, key in enumerate(self.mentioned)}
        reaching = [bits_of(place[k] for k in c) for of in self._marks for c in of.reaching[0]]
        blocked = bits_of({place[key] for of in self._marks for key in of.blocked[0]})
        items = joins([*(1 << i for i in range(len(place))), *reaching])
        free = [item for item in items if not item & blocked]
        keys = [(key,) for key in self.mentioned]
        made = self._merged(free, keys, [n for n, f in self._forms.items() if not f.uses])
        return tuple(tuple(self.mentioned[i] for i in members(bits)) for bits in made)

    def measures(self) -> dict[int, list[Bits]]:
        """Returns per measure its classes, made as measure cells are made of base cells (§3.2)."""
        made: dict[int, list[Bits]] = {}
        for m in range(1, self._figures):
            own = [number for number, form in self._forms.items() if form.own == m]
            made[m] = self._merged(self._items(m), self.classes, own)
            shared: dict[tuple[int, ...], list[int]] = {}
            for number, form in self._forms.items():
                if form.uses and form.uses[-1] == m and not form.own:
                    shared.setdefault(form.uses, []).append(number)
            for uses in sorted(shared, key=lambda uses: (len(uses), uses)):
                common = blocks([made[i] for i in uses])
                touched = 0
                for block in common:
                    touched |= block
                kept = [cell for cell in made[m] if not cell & touched]
                merged = self._merged(common, self.classes, shared[uses])
                made[m] = sorted(kept + merged, key=least)
        return made

    def _items(self, m: int) -> list[Bits]:
        """Returns what of the classes for rows no member's measure cell reaches out of."""
        outside = len(self.classes)  # stands for everything that is in no class
        place = {key: i for i, cells in enumerate(self.classes) for key in cells}
        parts = [1 << i for i in range(outside)]
        bad = 1 << outside
        for of in self._marks:
            parts.extend(bits_of({place.get(k, outside) for k in c}) for c in of.reaching[m])
            bad |= bits_of({place[key] for key in of.blocked[m] if key in place})
        return [item for item in joins(parts) if not item & bad]

    def _merged(self, items: Sequence[Bits], keys: Sequence[Cells], asked: list[int]) -> list[Bits]:
        if not items or not asked:
            return list(items)
        asks = [
            Ask(tuple(int(i == j) for j in range(len(asked))), carriers=self._min)
            for i in range(len(asked))
        ]
        ledger = MarksLedger(keys, asked, self._carries)
        return merge(items, keys, ledger=ledger, asks=asks, rules=self._rules).classes


def check_marks(common: CommonTable, member: str, of: Marks) -> None:
    """Checks that a member's marks are on the common table.

    Raises:
        ValueError: they name other cells, figures or forms.
    """
    forms = len(common.forms())
    sizes = [len(codes) for _, codes in common.dimensions]
    keys = [*of.carries]
    keys += [
        key for cells in (*of.reaching, *((c,) for c in of.blocked)) for c in cells for key in c
    ]
    wide = len(common.figures)
    if (
        (len(of.reaching), len(of.blocked)) != (wide, wide)
        or any(bits >> forms for bits in of.carries.values())
        or any(
            len(key) != len(sizes) or not all(0 <= c < n for c, n in zip(key, sizes, strict=True))
            for key in keys
        )
    ):
        raise ValueError(f"expected marks on the common table, got others of `{member}`")
