"""Publishing: a product file and a data file become a data version, or nothing changes.

1. read the product file; 2. it must be cut as the earlier versions were; 3. the data file must not
be published already under another id (a second table over the same rows could undo the first);
4. group and check the data; 5. make the protected table, or renew the earlier one; 6. write the
basis of what is newly shown; 7. product, version and evidence in one transaction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from catalog.errors import ProductError
from catalog.file_product import FileProduct
from catalog.product_file import read_declaration
from catalog.validity import check_begins, expired
from connector.engines.progress import quiet
from connector.errors import BadRequest
from connector.membership import announce
from connector.ports import unix_ms
from connector.products.checks import (
    check_clamped,
    check_kind,
    check_other_products,
    check_rows,
    check_separate,
    check_shape,
    check_unmoved,
    like_products,
    same_codes,
)
from connector.products.file_publish import publish_file
from connector.products.files import (
    forget_strays,
    keep_file,
    product_folder,
    source_digest,
    workplace,
)
from connector.products.first_report import make_first_report
from connector.products.making import first_table, renewed_table, shown_so_far
from connector.products.record import entry_of, facts, newest_version, set_product
from connector.products.rows import ProductVersionRow
from crypto.disclosure import encode

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.progress import Progress
    from connector.node import Node

SALT_BYTES: Final = 16


def read_declared(text: str) -> Product | FileProduct:
    """Reads a product file for a caller of the management API.

    Raises:
        BadRequest: What is wrong with it.
    """
    try:
        return read_declaration(text)
    except ProductError as error:
        raise BadRequest(
            error.message, code=error.code, next_step=error.next_step, **error.params
        ) from error


def publish(
    node: Node,
    text: str,
    data: Path | None,
    *,
    accept_clamped: bool = False,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Publishes a data version.

    Args:
        node: The provider's node.
        text: The product file.
        data: The data file; without it only description and offers are renewed.
        accept_clamped: The owner's word that more than one value in a hundred may be clamped.
        progress: Told how far it is.

    Returns:
        The owner's report; `expiredOffers` names those whose time is over, if there are any.

    Raises:
        BadRequest: The product file is wrong, or an offer of it is over before it begins.
        DataError: The data file is not as declared, or nothing of it could be released.
        Conflict: It contradicts what is published already.
    """
    product = read_declared(text)
    try:
        check_begins(product.offers)
    except ProductError as error:
        raise BadRequest(
            error.message, code=error.code, next_step=error.next_step, **error.params
        ) from error
    if isinstance(product, FileProduct):
        report = publish_file(node, product, text, data, progress=progress)
    else:
        report = _publish(
            node, product, text, data, accept_clamped=accept_clamped, progress=progress
        )
    over = expired(product.offers, node.clock.now())
    return {**report, "expiredOffers": list(over)} if over else report


def _publish(
    node: Node,
    product: Product,
    text: str,
    data: Path | None,
    *,
    accept_clamped: bool,
    progress: Progress,
) -> dict[str, Any]:
    previous = newest_version(node, product.id)
    check_kind(node, product.id)
    if previous is not None:
        check_shape(product, previous)
    if data is None:
        if previous is None:
            raise BadRequest(
                f"product `{product.id}` has no data yet",
                code="product.data",
                next_step="name a CSV or Parquet file: voile publish PRODUCT.toml DATA",
                field="data",
            )
        return _describe_anew(node, product, text, previous)
    source = source_digest(data, progress)
    check_other_products(node, product.id, source)
    if previous is not None and previous.source == source and same_codes(product, previous):
        return _describe_anew(node, product, text, previous)
    with workplace(node) as scratch:
        return _publish_data(
            node,
            product,
            text,
            data,
            previous=previous,
            source=source,
            scratch=scratch,
            accept_clamped=accept_clamped,
            progress=progress,
        )


def _publish_data(
    node: Node,
    product: Product,
    text: str,
    data: Path,
    *,
    previous: ProductVersionRow | None,
    source: str,
    scratch: Path,
    accept_clamped: bool,
    progress: Progress,
) -> dict[str, Any]:
    from connector.engines.duckdb.grouping import group_file

    salt = node.entropy(SALT_BYTES).hex()
    folder = product_folder(node, product.id)
    shown = () if previous is None else shown_so_far(node, folder, product.id)
    others = like_products(node, product)
    bases = [*(part.path for part in shown), *(path for other in others for path in other.bases)]
    with group_file(data, product, scratch=scratch, progress=progress, bases=bases) as grouped:
        check_rows(grouped.rows)
        if not accept_clamped:
            check_clamped(product, grouped)
        check_separate(grouped, others)
        cells = grouped.statistics()
        renewal = None
        progress("merge", 0.0)
        if previous is None:
            table = first_table(product, grouped, cells, salt)
        else:
            renewal = renewed_table(product, grouped, previous, shown, salt)
            table = renewal.table
        progress("merge", 1.0)
        report = make_first_report(product, table, cells, grouped=grouped, renewal=renewal)
        written = scratch / "basis.parquet"
        grouped.write_basis(
            written,
            table,
            renewed=None if renewal is None else renewal.updated | renewal.added,
        )
    name = f"basis-{table.number}-{table.version[-12:]}.parquet"
    keep_file(written, folder / name)
    progress("store", 0.0)
    made = ProductVersionRow(
        product=product.id,
        number=table.number,
        digest=table.version,
        protected=encode(table),
        shape=json.dumps(product.shape(), ensure_ascii=False),
        source=source,
        report=json.dumps(report, ensure_ascii=False),
        basis=name,
        published_ms=0,
    )
    with node.db.transaction() as tx:
        check_unmoved(tx, product.id, table.number - 1)
        made.published_ms = unix_ms(tx.now)
        tx.session.add(made)
        set_product(tx, product, text, table.number)
        tx.append(
            entry_of(product, table.number, table.version, {"source": source, **facts(report)})
        )
        announce.synchronise(tx, node)
    forget_strays(folder, keep={name, *(part.path.name for part in shown)})
    progress("store", 1.0)
    return report


def _describe_anew(
    node: Node, product: Product, text: str, previous: ProductVersionRow
) -> dict[str, Any]:
    """Renews description and offers; the data version stays."""
    with node.db.transaction() as tx:
        check_unmoved(tx, product.id, previous.number)
        set_product(tx, product, text, previous.number)
        tx.append(entry_of(product, previous.number, previous.digest, {"data": "unchanged"}))
        announce.synchronise(tx, node)
    report: dict[str, Any] = json.loads(previous.report)
    return {**report, "dataUnchanged": True}
