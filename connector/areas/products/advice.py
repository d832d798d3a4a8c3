"""What would help an owner whose table withholds or merges much, from the counts of a diagnosis.

Nothing is made anew to find out: each piece of advice says how many cells it is about, and that it
was not tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crypto.disclosure.bits import members
from crypto.disclosure.forms import Form, forms
from crypto.disclosure.guarded import span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.diagnosis import Findings
    from crypto.disclosure.guarded_table import GuardedTable

MOST_CODES: Final = 12  # codes that are listed

Dimensions = tuple[tuple[str, tuple[str, ...]], ...]


def advice(table: GuardedTable, dimensions: Dimensions, found: Findings) -> list[dict[str, Any]]:
    """Returns what may help, what concerns most cells of each kind first.

    Kinds: `measure` (offer one measure less: `cells` withheld cells of others fail in no form
    without it), `units` (measures are compared only because both have no unit), `dimension`
    (indicators that exclude each other, as codes of one dimension), `order` (put a dimension last,
    so that cells are merged across it first: `cells` withheld cells fail on some of its codes
    alone), `codes` (a coarser code list: `cells` finest cells are merged across these codes).

    Args:
        table: the table.
        dimensions: name and codes of each dimension.
        found: why it came out so.
    """
    return [
        *_measure(table, found),
        *_comparisons(table, found),
        *_order(dimensions, found),
        *_codes(table, dimensions),
    ]


def _measure(table: GuardedTable, found: Findings) -> Iterator[dict[str, Any]]:
    for number, cells in list(found.without.items())[:1]:
        yield {
            "kind": "measure",
            "measure": table.figures[number].name,
            "cells": cells,
            "of": found.withheld_count,
        }


def _comparisons(table: GuardedTable, found: Findings) -> Iterator[dict[str, Any]]:
    """Measures without a unit, and indicators, that failing forms compare."""
    figs = table.figures
    failing = dict(found.forms)
    for rest in found.left_over:
        for name in {lack.form for lack in rest.lacks}:
            failing[name] = failing.get(name, 0) + 1
    about: dict[str, tuple[int, set[str]]] = {}
    for form in forms(table.declaration, table.extremes):
        if form.own or form.name not in failing or len(form.uses) < 2:
            continue
        kind = _kind(form, figs)
        if kind:
            cells, names = about.get(kind, (0, set()))
            names |= {figs[i].name for i in form.uses}
            about[kind] = (max(cells, failing[form.name]), names)
    for kind, (cells, names) in sorted(about.items()):
        yield {
            "kind": kind,
            "measures": [figure.name for figure in figs if figure.name in names],
            "cells": cells,
        }


def _kind(form: Form, figs: Sequence[Figure]) -> str:
    used = [figs[i] for i in form.uses]
    if any(figure.name.startswith("present(") for figure in used):
        return ""
    if all(figure.is_indicator for figure in used):
        return "dimension"
    apart = all(
        set(one.columns).isdisjoint(other.columns)
        for i, one in enumerate(used)
        for other in used[:i]
    )
    return "units" if apart and not any(figure.unit.strip() for figure in used) else ""


def _order(dimensions: Dimensions, found: Findings) -> Iterator[dict[str, Any]]:
    most, d = max(((cells, d) for d, cells in enumerate(found.narrowed)), default=(0, 0))
    if most:
        yield {
            "kind": "order" if d + 1 < len(dimensions) else "codes",
            "dimension": dimensions[d][0],
            "cells": most,
            "withheld": True,
        }


def _codes(table: GuardedTable, dimensions: Dimensions) -> Iterator[dict[str, Any]]:
    """The first dimension that merged cells differ in is the one whose codes are too small."""
    finest = [0] * len(dimensions)
    reached = [0] * len(dimensions)
    for keys in table.base:
        if len(keys) > 1:
            codes = span(keys)
            d = next(d for d, mask in enumerate(codes) if mask.bit_count() > 1)
            finest[d] += len(keys)
            reached[d] |= codes[d]
    for d in sorted(range(len(dimensions)), key=lambda d: -finest[d]):
        if not finest[d]:
            break
        name, codes_of = dimensions[d]
        small = members(reached[d])
        yield {
            "kind": "codes",
            "dimension": name,
            "cells": finest[d],
            "withheld": False,
            "count": len(small),
            "of": len(codes_of),
            "some": [codes_of[code] for code in small[:MOST_CODES]],
        }
