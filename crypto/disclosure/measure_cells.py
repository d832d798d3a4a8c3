"""Base cells, and the measure cells made of them (disclosure.md §3.1 and §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.bits import Bits, blocks, least, members
from crypto.disclosure.diagnosis import MOST_ALONE, LeftOver, lacks
from crypto.disclosure.guarded import span
from crypto.disclosure.ledger import Ask
from crypto.disclosure.merging import Merged, merge
from crypto.disclosure.surely import Surely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.declaration import Figure, Protection
    from crypto.disclosure.forms import Form
    from crypto.disclosure.ledger import Ledger, Source
    from crypto.disclosure.merging import Keys
    from crypto.disclosure.notes import Notes
    from crypto.disclosure.table import CellKey

Cells = dict[int, list[Bits]]  # per measure figure its cells, each a set of base cells


def ask_for(form: Form, protection: Protection) -> Ask:
    """Returns how a form is judged: `nil = hidden` concerns up and down, `zeros = hidden` rows."""
    return Ask(
        form.coefficients,
        form.carriers(protection),
        nil=not (form.bound and protection.nil == "hidden"),
        empty=bool(form.uses) or protection.zeros == "shown",
        form=form.name,
        uses=form.uses,
    )


def make_base_cells(
    source: Source,
    finest: Iterable[CellKey],
    all_forms: Sequence[Form],
    figs: Sequence[Figure],
    protection: Protection,
    notes: Notes,
) -> tuple[list[tuple[CellKey, ...]], list[CellKey]]:
    """Merges finest cells by `rows`; notes what they lacked.

    Returns:
        The base cells by least finest cell, and the finest cells that are in none.
    """
    keys = [(key,) for key in sorted(finest)]
    if not keys:
        return [], []
    asks = [ask_for(form, protection) for form in all_forms if not form.uses]
    ledger = source.ledger(keys)
    merged = merge(
        [1 << place for place in range(len(keys))],
        keys,
        ledger=ledger,
        asks=asks,
        rules=protection.rules,
        surely=Surely(asks, figs, protection.rules, ledger),
    )
    for finding in merged.unsafe:
        if finding.rows:
            notes.unsafe += 1  # there is one form: `rows`
            broken = lacks(asks[finding.ask], finding.profile, protection.rules)
            notes.broken.update(one.name for one in broken)
            if len(notes.alone) < MOST_ALONE:
                notes.alone[keys[finding.set][0]] = tuple(one.name for one in broken)
    _note_rest(merged, 0, keys, notes)
    return [_cells(bits, keys) for bits in merged.classes], [
        c for bits in merged.rest for c in _cells(bits, keys)
    ]


def make_measure_cells(
    ledger: Ledger,
    keys: Keys,
    made_of: Sequence[int],
    all_forms: Sequence[Form],
    figs: Sequence[Figure],
    protection: Protection,
    notes: Notes,
) -> Cells:
    """Merges base cells, measure by measure.

    Each measure by its own forms of one sign. Then, for each set S of measures that has
    combinations of one sign and whose last it is, by size and order: what the measures of S have in
    common is merged by these; elsewhere the measure keeps its cells.

    Args:
        ledger: the figures of all base cells.
        keys: the finest cells of all base cells.
        made_of: the base cells to be merged.
        all_forms: of the declaration.
        figs: its figures.
        protection: its rules.
        notes: told what remained.
    """
    made: Cells = {}
    for m in range(1, len(all_forms[0].coefficients)):
        own = [f for f in all_forms if f.own == m and not (f.signed or f.declared)]
        found = _merged([1 << c for c in made_of], ledger, keys, own, figs, protection)
        _note_rest(found, m, keys, notes)
        made[m] = found.classes
        shared: dict[tuple[int, ...], list[Form]] = {}
        for form in all_forms:
            settled = form.own or form.signed or form.declared
            if form.uses and form.uses[-1] == m and not settled:
                shared.setdefault(form.uses, []).append(form)
        for uses in sorted(shared, key=lambda uses: (len(uses), uses)):
            common = blocks([made[i] for i in uses])
            touched = 0
            for block in common:
                touched |= block
            kept = [cell for cell in made[m] if not cell & touched]
            found = _merged(common, ledger, keys, shared[uses], figs, protection)
            _note_rest(found, m, keys, notes)
            made[m] = sorted(kept + found.classes, key=least)
    return made


def _merged(
    items: Sequence[Bits],
    ledger: Ledger,
    keys: Keys,
    judged: Sequence[Form],
    figs: Sequence[Figure],
    protection: Protection,
) -> Merged:
    if not items:
        return Merged()
    asks = [ask_for(form, protection) for form in judged]
    surely = Surely(asks, figs, protection.rules, ledger)
    return merge(items, keys, ledger=ledger, asks=asks, rules=protection.rules, surely=surely)


def _note_rest(found: Merged, measure: int, keys: Keys, notes: Notes) -> None:
    for bits, lacking in zip(found.rest, found.lacking, strict=True):
        places = members(bits)
        codes = span([key for place in places for key in keys[place]])
        notes.left_over.append(
            LeftOver(measure=measure, codes=codes, items=len(places), lacks=lacking)
        )


def _cells(bits: Bits, keys: Sequence[tuple[CellKey, ...]]) -> tuple[CellKey, ...]:
    return tuple(sorted(key for place in members(bits) for key in keys[place]))
