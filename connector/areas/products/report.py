"""The owner's report of a protected table: what became of its cells, what can be asked, and why.

It tells of contributors: for the owner only. What of it may be public is in `catalog.dcat`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from connector.areas.products.advice import advice
from connector.areas.products.findings import Teller, no_longer
from crypto.disclosure.bits import members
from crypto.disclosure.diagnosis import MOST_EXAMPLES
from crypto.disclosure.finest import figure_counts, finest_cells
from crypto.disclosure.shares import margins
from policies.profile import HOMOMORPHIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.product import Product
    from connector.engines.port import Grouped
    from connector.engines.spellings import Alike
    from crypto.disclosure.guarded_table import GuardedTable, Made
    from crypto.disclosure.published import PublishedTable

_EDITION: Final = 2
RECOGNISED: Final = "recognisedBy"  # digests of the rows
READING: Final = "reading"  # how the file was written, if not as usual
_READ: Final = (
    "rows",
    "clamped",
    "rounded",
    "contributorIds",
    "emptyAsZero",
    "emptySkipped",
    "withoutContributor",
    RECOGNISED,
    READING,
)  # counted while the data are read


def make_report(
    product: Product,
    made: Made,
    published: PublishedTable,
    *,
    grouped: Grouped | None,
    parts: Sequence[str] = (),
    previous: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Returns the report as JSON. It says which rules were broken: for the owner only.

    Args:
        product: The product.
        made: Its table as it was made, with what was found out.
        published: The same table as it is published.
        grouped: The grouped data, for what was counted while reading them; `None` if no data file
            was read, as in a migration: then that is as in the report before.
        parts: Digests of the files that were read as one.
        previous: The report of the data version before, of either edition: what was withheld then
            is withheld for good, so why it was is told again.
    """
    table, found = made.table, made.findings
    told = Teller(table, published.dimensions)
    newest = table.newest
    sizes = [len(keys) for keys in table.base]
    shown = sum(values[0] for values in newest.values)
    read = _carried(previous or {}) if grouped is None else _read(product, grouped, parts)
    is_renewed = len(table.versions) > 1 and made.no_longer is None
    shown_of = shown if is_renewed else read.get("rows", shown)
    alone = sum(v[0] for v, size in zip(newest.values, sizes, strict=True) if size == 1)
    report: dict[str, Any] = {
        "product": product.id,
        "edition": _EDITION,
        "version": {"number": published.number, "digest": published.version},
        "rows": shown,
        "cells": {
            "finest": found.finest,
            "unsafe": found.unsafe,
            "merged": sum(size for size in sizes if size > 1),
            "safe": len(sizes),
            "blocked": len(newest.blocked),
            "pending": len(newest.pending),
        },
        "rowsAtFinest": {"rows": alone, "percent": _percent(alone, shown_of)},
        "brokenRules": dict(found.broken),
        **_totals(product),
        "measures": _measures(table, shown_of),
        "figures": [asdict(one) for one in figure_counts(table.figures, finest_cells(published))],
        "margins": [
            {
                "dimensions": list(margin.dimensions),
                "groups": margin.groups,
                "released": margin.released,
                "rows": margin.rows,
                "measures": dict(margin.measures),
            }
            for margin in margins(published)
        ],
        **told.all(found),
        **read,
    }
    if found.withheld_count or found.left_over or len(table.base) < found.finest:
        report["advice"] = advice(table, published.dimensions, found)
    if made.no_longer is not None:
        report["noLonger"] = no_longer(told, made.no_longer)
    if is_renewed:
        updated = len(table.brought()) - made.added
        report["renewal"] = {
            "updated": updated,
            "held": len(made.held),
            "added": made.added,
            "unchanged": len(table.base) - updated - len(made.held) - made.added,
        }
    if previous is not None and previous.get("edition") == _EDITION:
        _keep_reasons(report, previous)
    return report


def _read(product: Product, grouped: Grouped, parts: Sequence[str]) -> dict[str, Any]:
    """Tells what was counted while the data were read."""
    told: dict[str, Any] = {
        "rows": grouped.rows,
        "clamped": dict(grouped.clamped),
        "rounded": dict(grouped.rounded),
        "contributorIds": {
            "together": alike(grouped.spellings.together),
            "caseOnly": alike(grouped.spellings.case_only),
        },
    }
    told[RECOGNISED] = [*grouped.recognised(), *parts]
    if product.reading.written():
        told[READING] = product.reading.written()
    if grouped.zeroed:
        told["emptyAsZero"] = dict(grouped.zeroed)
    if grouped.skipped:
        told["emptySkipped"] = dict(grouped.skipped)
    if product.empty_contributor == "drop":
        told["withoutContributor"] = grouped.dropped
    return told


def _carried(previous: Mapping[str, Any]) -> dict[str, Any]:
    return {name: previous[name] for name in _READ if name in previous}


def _measures(table: GuardedTable, of: int) -> list[dict[str, Any]]:
    """Tells, per figure, its cells and how many rows lie in them."""
    told = []
    for number, figure in enumerate(table.figures):
        if not number:
            continue
        cells = table.cells[number]
        rows = sum(table.newest.values[c][0] for cell in cells for c in members(cell))
        told.append(
            {
                "name": figure.name,
                "cells": len(cells),
                "withheld": len(table.withheld[number]),
                "rows": rows,
                "percent": _percent(rows, of),
            }
        )
    return told


def _keep_reasons(report: dict[str, Any], previous: Mapping[str, Any]) -> None:
    """Adds why cells were withheld in earlier versions, after what is new."""
    now, before = report["withheld"], previous["withheld"]
    forms = dict(now["forms"])
    for name, cells in before["forms"].items():
        forms[name] = forms.get(name, 0) + cells
    report["withheld"] = {
        "count": now["count"] + before["count"],
        "forms": dict(sorted(forms.items(), key=lambda pair: -pair[1])),
        "some": [*now["some"], *before["some"]][:MOST_EXAMPLES],
    }


def _totals(product: Product) -> dict[str, Any]:
    """Return whose totals the product takes part in, and how many of them may pool figures."""
    terms = [offer.terms for offer in product.offers if HOMOMORPHIC in offer.terms.modes]
    if not terms:
        return {}
    least = min(t.min_cohort for t in terms)
    members = sorted({did for t in terms for did in t.cohort_members})
    return {"totals": {"minCohort": least, "mayPool": least - 2, "members": members}}


def _percent(part: int, of: int) -> str:
    return f"{100 * part / max(1, of):.2f}"


def alike(found: Alike) -> dict[str, Any]:
    """Tell of ids that are written alike."""
    return {"count": found.count, "some": [list(group) for group in found.groups]}
