"""What a publication leaves behind: the product's row, its leaf, the facts the log keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.dcat import offers
from connector.areas.products.lives import life_of
from connector.areas.products.rows import PUBLISHED, ProductRow, ProductVersionRow
from connector.process.ports import unix_ms
from contracts.evidence import Entry
from crypto.canonical import digest
from policies.odrl import to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.product import Product
    from connector.party.node import Node
    from connector.store.transaction import Transaction


def set_product(tx: Transaction, product: Product, text: str, number: int) -> None:
    """Write what is on offer under an id."""
    row = tx.session.get(ProductRow, product.id)
    if row is None:
        row = ProductRow(id=product.id, text=text, number=number, changed_ms=0)
    row.text, row.number, row.state = text, number, PUBLISHED
    row.changed_ms = unix_ms(tx.now)
    tx.session.add(row)
    tx.session.flush()


def entry_of(
    tx: Transaction, product: Product, number: int, version: str, detail: Mapping[str, Any]
) -> Entry:
    """Make the leaf of a publication."""
    offered = offers(product, life=life_of(tx.session, product.id))
    return Entry(
        kind="PRODUCT",
        role="provider",
        to_state="PUBLISHED",
        query={
            "product": product.id,
            "number": number,
            "version": version,
            **({"separateRows": True} if product.separate_rows else {}),
        },
        policy={"offers": digest([to_wire(policy) for policy in offered])},
        detail=detail,
    )


def facts(report: Mapping[str, Any]) -> dict[str, Any]:
    """Pick what the log keeps, sealed, of the owner's report."""
    kept = (
        *("rows", "cells", "clamped", "rounded"),
        *("emptyAsZero", "emptySkipped", "withoutContributor"),
    )
    return {key: report[key] for key in kept if key in report}


def newest_version(node: Node, product_id: str) -> ProductVersionRow | None:
    """Find the newest version of a product, if it was ever published."""
    with node.db.reading() as session:
        row = session.get(ProductRow, product_id)
        return None if row is None else session.get(ProductVersionRow, (row.id, row.number))
