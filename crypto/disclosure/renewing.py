"""Making the table of a later data version, second edition (disclosure.md §4).

Old cells are never cut or joined. Finest cells that are in none form cells among themselves, then
all that moved is judged, and what must not be shown yet is held.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crypto.disclosure import words
from crypto.disclosure.bits import Bits, bits_of, members
from crypto.disclosure.change import Change
from crypto.disclosure.declaration import Refused
from crypto.disclosure.guarded import MAX_PRODUCTS
from crypto.disclosure.guarded_table import DataVersion, GuardedTable, Made, spans_of
from crypto.disclosure.holding import hold
from crypto.disclosure.measure_cells import Cells, make_base_cells
from crypto.disclosure.notes import Notes
from crypto.disclosure.plan import (
    Plan,
    carriers_of,
    cells_of,
    make_plan,
    stored,
    values_of,
    widened,
)
from crypto.disclosure.prints import with_prints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.ledger import Source
    from crypto.disclosure.table import CellKey

MAX_VERSIONS: Final = 12


def renew_table(
    old: GuardedTable,
    source: Source,
    *,
    declaration: Declaration | None = None,
    most_products: int = MAX_PRODUCTS,
) -> Made:
    """Makes the table of a later data version.

    Args:
        old: the table before.
        source: the new data.
        declaration: that of `old` with codes appended, if any were.
        most_products: up to so many products of code sets, all are guarded.

    Raises:
        Refused: if the product has as many versions as it may have.
        ValueError: if something else than codes differs in the declaration (what is done on a
            conflict, and whether mixed totals are given, may change).
    """
    if len(old.versions) >= MAX_VERSIONS:
        raise Refused(words.VERSIONS, words.NEW_PRODUCT, most=MAX_VERSIONS)
    declaration = declaration or old.declaration
    _check_same(old.declaration, declaration)
    extremes = None if old.extremes is None else widened(declaration, source, old.extremes)
    return _Renewing(old, make_plan(declaration, extremes, most_products), source).made()


def _check_same(old: Declaration, new: Declaration) -> None:
    was, now = old.protection, new.protection
    free = replace(now, mixed_versions=was.mixed_versions, on_conflict=was.on_conflict)
    rest = replace(new, sizes=old.sizes, protection=free)
    if (
        rest != old
        or len(new.sizes) != len(old.sizes)
        or any(size < before for size, before in zip(new.sizes, old.sizes, strict=True))
    ):
        raise ValueError("expected the declaration of the earlier version, codes appended at most")


class _Renewing:
    """A later version in the making; base cells are numbered with those to be dissolved."""

    def __init__(self, old: GuardedTable, plan: Plan, source: Source) -> None:
        self.old = old
        self.plan = plan
        self.number = len(old.versions) + 1
        self.occupied = set(source.cells())
        taken = {key for keys in old.base for key in keys}
        self.notes = Notes(finest=len(self.occupied))
        fresh, self.rest = make_base_cells(
            source,
            self.occupied - taken,
            plan.forms,
            plan.figs,
            plan.declaration.protection,
            self.notes,
        )
        self.base = [*old.base, *fresh]
        self.ledger = source.ledger(self.base, [version.since for version in old.versions])
        self.old = with_prints(old, self.ledger)

    def made(self) -> Made:
        first = len(self.old.base)
        new = range(first, len(self.base))
        cells, taken = cells_of(self.plan, self.ledger, self.base, new, self.notes)
        self._put_before(cells, self.old.cells)
        self._put_before(taken, self.old.withheld)
        true = list(self.ledger.fingerprints())
        last = self.old.newest
        shown = [*last.shown, *[""] * (len(self.base) - first)]
        changed = 0
        for c, (now, was) in enumerate(zip(true, shown, strict=True)):
            changed |= (now != was) << c
        held, gone = hold(
            Change(self.ledger, self.base, spans_of(self.base), first, changed, self._free()),
            cells,
            guarded=self.plan.guarded,
            all_forms=self.plan.forms,
            figs=self.plan.figs,
            protection=self.plan.declaration.protection,
            notes=self.notes,
        )
        keep = [c for c in range(len(self.base)) if not gone >> c & 1]
        kept = {c for c in keep if held >> c & 1 and changed >> c & 1}
        values = values_of(self.plan, self.ledger, range(len(self.base)))
        staying = [[cell for cell in of if not cell & gone] for of in cells.values()]
        version = DataVersion(
            values=tuple(last.values[c] if c in kept else values[c] for c in keep),
            since=tuple(
                self._since(c, changed=bool(changed >> c & 1 and c not in kept), text=true[c])
                for c in keep
            ),
            shown=tuple(shown[c] if c in kept else true[c] for c in keep),
            true=tuple(true[c] for c in keep),
            carriers=carriers_of(self.ledger, [[1 << c for c in keep], *staying], held),
            held=tuple(sorted(kept)),
            **self._waiting(gone),
        )
        table = GuardedTable(
            declaration=self.plan.declaration,
            base=tuple(self.base[c] for c in keep),
            cells=self._renumbered(cells, keep, gone),
            withheld=self._renumbered(taken, keep, gone),
            extremes=self.plan.extremes,
            versions=(*self.old.versions, version),
        )
        findings = self.notes.findings(
            self.plan.declaration.sizes,
            self.plan.guarded.left_out,
            kept=bits_of(kept),
            gone=gone,
        )
        return Made(table=table, held=version.held, added=len(keep) - first, findings=findings)

    def _put_before(self, cells: Cells, old: Sequence[Sequence[Bits]]) -> None:
        for m in cells:
            cells[m] = [*old[m], *cells[m]]

    def _free(self) -> list[Bits]:
        """Returns per earlier version the base cells of which no part was blocked in it."""
        found = []
        for version in self.old.versions:
            blocked = set(version.blocked)
            free = 0
            for c, keys in enumerate(self.base):
                free |= blocked.isdisjoint(keys) << c
            found.append(free)
        return found

    def _since(self, c: int, *, changed: bool, text: str) -> int:
        if changed:
            return self.number if text else 0
        return self.old.newest.since[c] if c < len(self.old.base) else 0

    def _waiting(self, gone: Bits) -> dict[str, tuple[CellKey, ...]]:
        """Returns which finest cells in no base cell stay blocked, and which read as empty."""
        was_blocked = set(self.old.newest.blocked)
        lost = {key for c in members(gone) for key in self.base[c]} | set(self.rest)
        emptied = was_blocked - self.occupied
        if self.plan.declaration.protection.zeros == "hidden":  # nothing may read as empty
            return {"blocked": tuple(sorted(lost | emptied)), "pending": ()}
        return {
            "blocked": tuple(sorted(lost & was_blocked | emptied)),
            "pending": tuple(sorted(lost - was_blocked)),
        }

    def _renumbered(
        self, cells: Cells, keep: Sequence[int], gone: Bits
    ) -> tuple[tuple[Bits, ...], ...]:
        place = {c: i for i, c in enumerate(keep)}
        renamed = {}
        for m, found in cells.items():
            renamed[m] = [
                cell if not gone else sum(1 << place[c] for c in members(cell))
                for cell in found
                if not cell & gone
            ]
        return stored(renamed, len(self.plan.figs))
