"""Products as an auditor reads them: what is declared and what is public, and no count of rows.

The owner's report tells of contributors: what of its own rows a firm withholds, or how many there
are, is for whoever answers for the data. An auditor sees the rules, and what is released by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.products.operations import STEWARDS
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.product import Product
    from connector.process.actor import Actor
    from crypto.words import Language

OWNERS_ALONE: Final = frozenset({"rows", "cells", "rowsAtFinest", "noLonger"})  # of a line
OF_MARGIN: Final = ("dimensions", "groups", "released", "measures")  # as the catalogue shows them
OF_REPORT: Final = ("product", "edition", "version")
NOT_TOLD: Final = Words(
    "原因只告知所有者", "why is told to the owner alone"
)  # an error may quote a value of the data


def is_owner(who: Actor) -> bool:
    """Say whether somebody answers for the data, and is shown all of it."""
    return bool(who.roles & STEWARDS)


def line(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Give a line of the list without what was counted of the rows."""
    kept = {name: value for name, value in found.items() if name not in OWNERS_ALONE}
    return refreshes(kept, language)


def refreshes(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Give how refreshes stand; of a failed one its code alone."""
    stands = found.get("refresh")
    if not stands or not stands.get("last", {}).get("error"):
        return dict(found)
    last = stands["last"]
    return {**found, "refresh": {**stands, "last": {**last, "error": error(last, language)}}}


def error(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Give an error by its code alone."""
    code = found["error"]["code"]
    return {"code": code, "message": NOT_TOLD.said(language), "next": ""}


def report(found: Mapping[str, Any]) -> dict[str, Any]:
    """Give of the owner's report what its product's page in the catalogue has, too."""
    margins = [
        {name: margin[name] for name in OF_MARGIN if name in margin} for margin in found["margins"]
    ]
    return {name: found[name] for name in OF_REPORT if name in found} | {"margins": margins}


def job(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Give how a publication stands, without its report."""
    kept = {**found, "report": None}
    return kept | {"error": error(found, language)} if found.get("error") else kept


def protection(product: Product) -> dict[str, Any]:
    """Give the rules by which a table is protected."""
    rules, declared = product.rules, product.protection
    return {
        "minimumContributors": rules.minimum_contributors,
        "dominance": [list(pair) for pair in rules.dominance],
        "pPercent": rules.p_percent,
        "indicatorCarriers": declared.indicator_carriers,
        "nil": declared.nil,
        "zeros": declared.zeros,
        "onConflict": declared.on_conflict,
        "mixedVersions": declared.mixed_versions,
        "equations": [dict(equation) for equation in product.equations],
    }
