"""The owner's report of a table of the first edition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from crypto.disclosure import margins, violations
from crypto.disclosure.table import BLOCKED, PENDING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.product import Product
    from connector.engines.duckdb.contributors import Alike
    from connector.engines.duckdb.grouped import Grouped
    from crypto.disclosure import CellKey, CellStatistics, ProtectedTable, Renewal


def make_first_report(
    product: Product,
    table: ProtectedTable,
    cells: Mapping[CellKey, CellStatistics],
    *,
    grouped: Grouped,
    renewal: Renewal | None,
) -> dict[str, Any]:
    """Returns the report as JSON. It says which rules were broken: for the owner only.

    Args:
        product: The product.
        table: Its new protected table.
        cells: The finest cells of the new data.
        grouped: The grouped data, for what was counted while reading them.
        renewal: What became of the earlier version's safe cells, if there was one.
    """
    broken: Counter[str] = Counter()
    unsafe = 0
    for cell in cells.values():
        found = violations(cell, product.rules) if cell.contributors else ()
        unsafe += bool(found)
        broken.update({rule for rule, _ in found})
    alone = sum(
        safe.rows for safe, size in zip(table.safe, table.size_of, strict=True) if size == 1
    )
    shown_of = grouped.rows if renewal is None else max(1, sum(table.row_counts))
    states = Counter(table.membership)
    finest = sum(1 for cell in cells.values() if cell.contributors)
    report: dict[str, Any] = {
        "product": product.id,
        "version": {"number": table.number, "digest": table.version},
        "rows": grouped.rows,
        "cells": {
            "finest": finest,
            "unsafe": unsafe,
            "merged": sum(
                1 for member in table.membership if member >= 0 and table.size_of[member] > 1
            ),
            "safe": len(table.safe),
            "blocked": states[BLOCKED],
            "pending": states[PENDING],
        },
        "rowsAtFinest": {"rows": alone, "percent": f"{100 * alone / shown_of:.2f}"},
        "brokenRules": dict(sorted(broken.items())),
        "margins": [
            {
                "dimensions": list(margin.dimensions),
                "groups": margin.groups,
                "released": margin.released,
                "rows": margin.rows,
            }
            for margin in margins(table)
        ],
        "clamped": dict(grouped.clamped),
        "rounded": dict(grouped.rounded),
        "contributorIds": {
            "together": _alike(grouped.spellings.together),
            "caseOnly": _alike(grouped.spellings.case_only),
        },
    }
    if grouped.zeroed:
        report["emptyAsZero"] = dict(grouped.zeroed)
    if product.empty_contributor == "drop":
        report["withoutContributor"] = grouped.dropped
    if renewal is not None:
        report["renewal"] = {
            "updated": len(renewal.updated),
            "held": len(renewal.held),
            "added": len(renewal.added),
            "unchanged": len(table.safe)
            - len(renewal.updated)
            - len(renewal.held)
            - len(renewal.added),
        }
    return report


def _alike(found: Alike) -> dict[str, Any]:
    return {"count": found.count, "some": [list(group) for group in found.groups]}
