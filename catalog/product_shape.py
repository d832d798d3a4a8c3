"""What of a product must stay as it is from one data version to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crypto.disclosure.rules import LEAST_CONTRIBUTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.product import Product, ProductMeasure

LATER: Final = ("nil", "indicatorCarriers", "equations")  # what first editions did not know


def shape_of(product: Product) -> dict[str, Any]:
    """Returns what must stay, as JSON.

    A second table over the same rows, cut in another way, could undo the first; only codes may be
    appended. What was declared later than the first products stands there only if it is not the
    default, so that theirs compare as they are. What is done on a conflict and whether mixed totals
    are given may change, and stand nowhere here.
    """
    read = {c.name: [c.source, c.type, c.precision, c.scale] for c in product.columns}
    rules, protection = product.rules, product.protection
    shape: dict[str, Any] = {
        "contributor": read[product.contributor],
        "contributorCase": product.contributor_case,
        "dimensions": [
            {"name": d.name, "expression": d.expression.sql, "kind": d.kind}
            for d in product.dimensions
        ],
        "measures": [_measure(m) for m in product.measures],
        "rules": [
            rules.minimum_contributors,
            [list(pair) for pair in rules.dominance],
            rules.p_percent,
        ],
        "zeros": product.zeros,
        "columns": {name: read[name] for part in product.expressions for name in part.columns},
    }
    if product.zone:
        shape["zone"] = product.zone
    if product.empty_contributor != "error":
        shape["empty_contributor"] = product.empty_contributor
    if protection.nil != "shown":
        shape["nil"] = protection.nil
    if protection.indicator_carriers != LEAST_CONTRIBUTORS:
        shape["indicatorCarriers"] = protection.indicator_carriers
    if product.equations:
        shape["equations"] = [dict(equation) for equation in product.equations]
    return shape


def before_units(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a shape without what the first edition left free: it judged no table by it."""
    measures = [{k: v for k, v in m.items() if k != "unit"} for m in shape["measures"]]
    rest = {key: value for key, value in shape.items() if key not in LATER}
    return {**rest, "measures": measures}


def _measure(measure: ProductMeasure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "expression": measure.expression.sql,
        "scale": measure.scale,
        "bounds": [str(measure.lower), str(measure.upper)],
        **({"empty": measure.empty} if measure.empty != "error" else {}),
        **({"unit": measure.unit} if measure.unit else {}),
    }
