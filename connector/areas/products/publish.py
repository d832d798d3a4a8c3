"""Publishing: a product file and a data file become a data version, or nothing changes.

1. read the product file; 2. it must be cut as the earlier versions were; 3. the data file must not
be published already under another id (a second table over the same rows could undo the first);
4. group and check the data; 5. make the protected table, or renew the earlier one; 6. write the
basis of what is newly shown; 7. product, version and evidence in one transaction. A table of the
first edition is made anew before all that.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from catalog.errors import ProductError
from catalog.file_product import FileProduct
from catalog.product_file import read_declaration
from catalog.validity import check_begins, expired
from connector.areas.membership import synchronise
from connector.areas.products import problems
from connector.areas.products.checks import (
    as_it_is,
    check_other_products,
    check_unmoved,
    read_alike,
)
from connector.areas.products.file_publish import publish_file
from connector.areas.products.files import (
    basis_name,
    forget_strays,
    keep_file,
    product_folder,
    workplace,
)
from connector.areas.products.keeping import kept_or_gone
from connector.areas.products.migration import migrate
from connector.areas.products.preparing import (
    checks_of_data,
    checks_of_text,
    gather,
    make_draft,
    opened,
)
from connector.areas.products.publication import entry_of, facts, newest_version, set_product
from connector.areas.products.rows import ProductVersionRow
from connector.areas.products.standing import check_seen
from connector.engines.progress import quiet
from connector.process.errors import BadRequest, Conflict
from connector.process.ports import unix_ms
from crypto.disclosure.guarded_codec import encode_published, is_published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.areas.products.checks import Began
    from connector.areas.products.folder import Data
    from connector.areas.products.refresh import Guard
    from connector.engines.progress import Progress
    from connector.party.node import Node


def read_declared(text: str, *, stored: bool = False) -> Product | FileProduct:
    """Reads a product file for a caller of the management API; of one that was published, `stored`.

    Raises:
        BadRequest: What is wrong with it.
    """
    try:
        return read_declaration(text, stored=stored)
    except ProductError as error:
        raise BadRequest.of(error) from error


def begins(product: Product | FileProduct) -> None:
    """Refuses an offer that is over before it begins.

    Raises:
        BadRequest: Which one.
    """
    try:
        check_begins(product.offers)
    except ProductError as error:
        raise BadRequest.of(error) from error


def publish(
    node: Node,
    text: str,
    data: Path | None,
    *,
    accept_clamped: bool = False,
    agreed: str = "",
    seen: str | None = None,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Publishes a data version.

    Args:
        node: The provider's node.
        text: The product file.
        data: The data file or folder; without it, and without a database that the product file
            names, only description and offers are renewed.
        accept_clamped: The owner's word that more than one value in a hundred may be clamped.
        agreed: Digest of the data that a second person agreed to; empty where none had to.
        seen: The product as its sender saw it, see `standing`; None asks nothing.
        progress: Told how far it is.

    Returns:
        The owner's report; `expiredOffers` names those whose time is over, if there are any.

    Raises:
        BadRequest: The product file is wrong, or an offer of it is over before it begins.
        DataError: The data file is not as declared, or nothing of it could be released.
        Conflict: It contradicts what is published already.
    """
    product = read_declared(text)
    begins(product)
    began = as_it_is(node, product.id)  # first: what changes after it is refused at the end
    with node.db.reading() as session:
        check_seen(session, product.id, seen)
    if isinstance(product, FileProduct):
        report = publish_file(
            node, product, text, data, began=began, agreed=agreed, progress=progress
        )
    else:
        report = _publish(
            node,
            product,
            text,
            data,
            began=began,
            accept_clamped=accept_clamped,
            agreed=agreed,
            progress=progress,
        )
    over = expired(product.offers, node.clock.now())
    return {**report, "expiredOffers": list(over)} if over else report


def _publish(
    node: Node,
    product: Product,
    text: str,
    data: Path | None,
    *,
    began: Began,
    accept_clamped: bool,
    agreed: str,
    progress: Progress,
) -> dict[str, Any]:
    previous = newest_version(node, product.id)
    for check in checks_of_text(node, product, previous):
        check()
    if previous is not None and not is_published(previous.protected):
        previous = migrate(node, product, previous, progress=progress)
    if data is None and product.source is None:
        if previous is None:
            raise BadRequest(problems.NO_DATA, product=product.id, field="data")
        return _describe_anew(node, product, text, previous, began=began)
    with workplace(node) as scratch:
        return _publish_found(
            node,
            product,
            text,
            gather(node, product, data, scratch=scratch, progress=progress),
            previous=previous,
            began=began,
            scratch=scratch,
            accept_clamped=accept_clamped,
            agreed=agreed,
            progress=progress,
        )


def _publish_found(
    node: Node,
    product: Product,
    text: str,
    data: Data,
    *,
    previous: ProductVersionRow | None,
    began: Began,
    scratch: Path,
    accept_clamped: bool,
    agreed: str,
    progress: Progress,
) -> dict[str, Any]:
    source, *parts = data.digests(progress)
    if agreed and source != agreed:
        raise Conflict(problems.NOT_AGREED_DATA, product=product.id)
    check_other_products(node, product.id, (source, *parts))
    if previous is not None and previous.source == source and read_alike(product, previous):
        return _describe_anew(node, product, text, previous, began=began)
    return publish_data(
        node,
        product,
        text,
        data,
        previous=previous,
        began=began,
        source=source,
        parts=parts,
        scratch=scratch,
        accept_clamped=accept_clamped,
        progress=progress,
    )


def publish_data(
    node: Node,
    product: Product,
    text: str,
    data: Data,
    *,
    previous: ProductVersionRow | None,
    began: Began,
    source: str,
    parts: Sequence[str],
    scratch: Path,
    accept_clamped: bool,
    progress: Progress,
    guard: Guard | None = None,
) -> dict[str, Any]:
    """Publishes a data version of what was found; a guard looks at it first."""
    folder = product_folder(node, product.id)
    with opened(
        node, product, data, previous=previous, scratch=scratch, progress=progress
    ) as reading:
        for check in checks_of_data(node, product, reading, accept_clamped=accept_clamped):
            check()
        draft = make_draft(
            node, product, reading, parts=parts, previous=previous, progress=progress
        )
        if guard is not None:
            guard.judge(reading, draft.made)
        written = scratch / "basis.parquet"
        source_of = reading.grouped.source(reading.earlier.bases)
        source_of.write_basis(written, draft.made.table)
        earlier, published, report = reading.earlier, draft.published, draft.report
    name = basis_name(published)
    keep_file(written, folder / name)
    progress("store", 0.0)
    number = published.number
    row = ProductVersionRow(
        product=product.id,
        number=number,
        digest=published.version,
        protected=encode_published(published),
        shape=json.dumps(product.shape(), ensure_ascii=False),
        source=source,
        report=json.dumps(report, ensure_ascii=False),
        basis=name,
        published_ms=0,
    )
    with kept_or_gone(node, folder / name), node.db.transaction() as tx:
        check_unmoved(tx, product.id, number - 1, began=began)
        if guard is not None:
            guard.still(tx)
        row.published_ms = unix_ms(tx.now)
        tx.session.add(row)
        set_product(tx, product, text, number)
        tx.append(entry_of(tx, product, number, row.digest, {"source": source, **facts(report)}))
        synchronise(tx, node)
    forget_strays(folder, keep={name, *earlier.kept})
    progress("store", 1.0)
    return report


def _describe_anew(
    node: Node, product: Product, text: str, previous: ProductVersionRow, *, began: Began
) -> dict[str, Any]:
    """Renews description and offers; the data version stays."""
    with node.db.transaction() as tx:
        check_unmoved(tx, product.id, previous.number, began=began)
        set_product(tx, product, text, previous.number)
        tx.append(entry_of(tx, product, previous.number, previous.digest, {"data": "unchanged"}))
        synchronise(tx, node)
    report: dict[str, Any] = json.loads(previous.report)
    return {**report, "dataUnchanged": True}
