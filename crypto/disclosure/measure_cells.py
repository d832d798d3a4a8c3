"""Base cells, and the measure cells made of them (disclosure.md §3.1 and §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.bits import Bits, blocks, least, members
from crypto.disclosure.ledger import Ask
from crypto.disclosure.merging import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.declaration import Protection
    from crypto.disclosure.forms import Form
    from crypto.disclosure.ledger import Ledger, Source
    from crypto.disclosure.merging import Keys
    from crypto.disclosure.table import CellKey

Cells = dict[int, list[Bits]]  # per measure figure its cells, each a set of base cells


def ask_for(form: Form, protection: Protection) -> Ask:
    """Returns how a form is judged: `nil = hidden` concerns up and down, `zeros = hidden` rows."""
    return Ask(
        form.coefficients,
        form.carriers(protection),
        nil=not (form.bound and protection.nil == "hidden"),
        empty=bool(form.uses) or protection.zeros == "shown",
    )


def make_base_cells(
    source: Source, finest: Iterable[CellKey], all_forms: Sequence[Form], protection: Protection
) -> tuple[list[tuple[CellKey, ...]], list[CellKey]]:
    """Merges finest cells by `rows`.

    Returns:
        The base cells by least finest cell, and the finest cells that are in none.
    """
    keys = [(key,) for key in sorted(finest)]
    if not keys:
        return [], []
    asks = [ask_for(form, protection) for form in all_forms if not form.uses]
    classes, rest = merge(
        [1 << place for place in range(len(keys))],
        keys,
        ledger=source.ledger(keys),
        asks=asks,
        rules=protection.rules,
    )
    return [_cells(bits, keys) for bits in classes], [
        c for bits in rest for c in _cells(bits, keys)
    ]


def make_measure_cells(
    ledger: Ledger,
    keys: Keys,
    made_of: Sequence[int],
    all_forms: Sequence[Form],
    protection: Protection,
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
        protection: its rules.
    """
    made: Cells = {}
    for m in range(1, len(all_forms[0].coefficients)):
        own = [form for form in all_forms if form.own == m and not form.signed]
        made[m] = _merged([1 << c for c in made_of], ledger, keys, own, protection)
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
            merged = _merged(common, ledger, keys, shared[uses], protection)
            made[m] = sorted(kept + merged, key=least)
    return made


def _merged(
    items: Sequence[Bits],
    ledger: Ledger,
    keys: Keys,
    judged: Sequence[Form],
    protection: Protection,
) -> list[Bits]:
    if not items:
        return []
    asks = [ask_for(form, protection) for form in judged]
    return merge(items, keys, ledger=ledger, asks=asks, rules=protection.rules)[0]


def _cells(bits: Bits, keys: Sequence[tuple[CellKey, ...]]) -> tuple[CellKey, ...]:
    return tuple(sorted(key for place in members(bits) for key in keys[place]))
