"""Tables of the first edition become tables of the second, from their bases, without the data file.

A safe cell becomes a base cell as it is; the new table is the product's next data version, with a
basis of its own and a leaf in the evidence (disclosure.md §3.10). It begins with what the earlier
versions showed, so that later ones are judged against that too. Until that is done, the product's
questions are refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlmodel import col, func, select

from catalog.product_file import read_product
from connector.areas.membership import synchronise
from connector.areas.products import problems
from connector.areas.products.checks import check_unmoved
from connector.areas.products.conflict import refusal
from connector.areas.products.files import (
    SALT_BYTES,
    basis_name,
    keep_file,
    product_folder,
    workplace,
)
from connector.areas.products.first_edition import product_versions, shown_versions
from connector.areas.products.making import declared_table
from connector.areas.products.publication import entry_of, facts
from connector.areas.products.report import make_report
from connector.areas.products.rows import PUBLISHED, TABLE, ProductRow, ProductVersionRow
from connector.engines.port import Engine
from connector.engines.progress import quiet
from connector.process.errors import StoreError, VoileError
from connector.process.lists import UNREADABLE, why
from connector.process.ports import unix_ms
from crypto.disclosure.declaration import Refused
from crypto.disclosure.guarded_codec import encode_published
from crypto.disclosure.migrating import MAX_EARLIER, migrate_table
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.table import BLOCKED, PENDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from catalog.product import Product
    from connector.areas.products.first_edition import Shown
    from connector.engines.progress import Progress
    from connector.party.node import Node
    from crypto.disclosure import GuardedTable

FIRST_TAG: Final = b"voile-table-1\n"


def first_editions(session: Session) -> list[str]:
    """Returns the products on offer whose newest table is of the first edition, by id."""
    query = (
        select(ProductRow.id)
        .where(
            ProductRow.kind == TABLE,
            ProductRow.state == PUBLISHED,
            ProductVersionRow.product == ProductRow.id,
            ProductVersionRow.number == ProductRow.number,
            func.substr(ProductVersionRow.protected, 1, len(FIRST_TAG)) == FIRST_TAG,
        )
        .order_by(col(ProductRow.id))
    )
    return list(session.exec(query))


def migrate_all(node: Node) -> None:
    """Makes every table of the first edition anew; what cannot be is said, and the node serves."""
    if node.db.read_only:
        return
    with node.db.reading() as session:
        waiting = first_editions(session)
    for product_id in waiting:
        node.log.info("table-made-anew", product=product_id, state="begun")
        try:
            with node.db.reading() as session:
                row = session.get(ProductRow, product_id)
                assert row is not None, "listed a moment ago"
                version = session.get(ProductVersionRow, (product_id, row.number))
                assert version is not None, "listed a moment ago"
            made = migrate(node, _declared(row, version), version)
            node.log.info("table-made-anew", product=product_id, version=made.number, state="done")
        except UNREADABLE as error:
            node.log.warning(
                "table-not-made-anew",
                product=product_id,
                error=why(error),
                step=error.next_step if isinstance(error, VoileError) else "voile doctor",
            )
        except Exception:  # a bug of ours: the other products must still be served
            node.log.exception("table-not-made-anew", product=product_id)


def migrate(
    node: Node, product: Product, previous: ProductVersionRow, *, progress: Progress = quiet
) -> ProductVersionRow:
    """Makes a table of the second edition of one of the first, and publishes it.

    Args:
        node: The provider's node.
        product: What the owner declares now; cut as `previous` is.
        previous: The newest data version, of the first edition.
        progress: Told how far it is.

    Returns:
        The version made.

    Raises:
        BadRequest: What is declared cannot be judged.
        Conflict: The core refuses.
        StoreError: The contributions behind the table are lost or damaged.
    """
    declaration = declared_table(product)
    folder = product_folder(node, product.id)
    rows = product_versions(node, product.id)
    shown = shown_versions(folder, rows, most=MAX_EARLIER)
    old, first, number = shown[-1], shown[0].number, previous.number + 1
    with (
        workplace(node) as scratch,
        node.services[Engine].stored(
            product,
            declaration,
            versions=[one.held_in for one in shown],
            scratch=scratch,
            progress=progress,
        ) as sources,
    ):
        source = sources[-1]
        try:
            made = migrate_table(
                declaration,
                source,
                safe=list(old.held_in),
                blocked=old.left_out(BLOCKED),
                held=old.held(),
                pending=old.left_out(PENDING),
                earlier=[one.earlier(its, first) for one, its in zip(shown, sources, strict=True)],
            )
        except Refused as error:
            raise refusal(product, error) from error
        _check_figures(product.id, made.table, (*shown, old))
        published = PublishedTable(
            table=made.table,
            dimensions=product.codes,
            salt=node.entropy(SALT_BYTES).hex(),
            first=first,
        )
        report = make_report(
            product, made, published, grouped=None, previous=json.loads(previous.report)
        )
        if len(shown) < len(rows):
            report["earlierVersions"] = {"kept": len(shown), "of": len(rows)}
            node.log.warning(
                "table-not-renewed-any-more",
                product=product.id,
                kept=len(shown),
                of=len(rows),
                step="publish its next data under another id",
            )
        written = scratch / "basis.parquet"
        source.write_basis(written, made.table)
        name = basis_name(published)
        keep_file(written, folder / name)
    row = ProductVersionRow(
        product=product.id,
        number=number,
        digest=published.version,
        protected=encode_published(published),
        shape=json.dumps(product.shape(), ensure_ascii=False),
        source=previous.source,
        report=json.dumps(report, ensure_ascii=False),
        basis=name,
        published_ms=0,
    )
    with node.db.transaction() as tx:
        check_unmoved(tx, product.id, previous.number)
        row.published_ms = unix_ms(tx.now)
        tx.session.add(row)
        offered = tx.session.get_one(ProductRow, product.id)
        offered.number, offered.changed_ms = number, row.published_ms
        tx.session.add(offered)
        migrated = {"from": previous.number, "version": previous.digest}
        tx.append(
            entry_of(tx, product, number, row.digest, {"migrated": migrated, **facts(report)})
        )
        tx.session.flush()
        synchronise(tx, node)
    return row


def _declared(row: ProductRow, version: ProductVersionRow) -> Product:
    scales = {
        measure["name"]: measure["scale"] for measure in json.loads(version.shape)["measures"]
    }
    return read_product(row.text, scales, stored=True)


def _check_figures(product_id: str, table: GuardedTable, shown: Sequence[Shown]) -> None:
    """Refuses if any version's contributions do not give what it showed."""
    for version, one in zip(table.versions, shown, strict=True):
        safe = one.safe()
        for cells, values in zip(table.base, version.values, strict=False):
            if values != (safe[cells].rows, *safe[cells].sums):
                raise _damaged(product_id)


def _damaged(product_id: str) -> StoreError:
    return StoreError(problems.BASIS_DAMAGED, product=product_id)
