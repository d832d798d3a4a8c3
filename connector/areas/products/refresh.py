"""Making a product anew: the product file as it stands, the data read again from where it says.

Where nothing that may be shown differs, there is no new version: that one came would tell of a
change in what is not shown. A run by schedule, which nobody watches, shows changes of the newest
codes of time alone, or rows behind those of before (disclosure.md, later versions).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalog.file_product import FileProduct
from connector.areas.products import problems, store
from connector.areas.products import problems_refresh as own_problems
from connector.areas.products.checks import (
    as_it_is,
    check_modes,
    check_other_products,
    check_shape,
    read_alike,
)
from connector.areas.products.files import workplace
from connector.areas.products.migration import migrate
from connector.areas.products.preparing import gather
from connector.areas.products.publish import publish_data, read_declared
from connector.areas.products.report import RECOGNISED
from connector.areas.products.rows import PUBLISHED, ProductRow, ProductVersionRow
from connector.engines.progress import quiet
from connector.process.errors import BadRequest, Conflict, NotFound
from crypto.disclosure.guarded_codec import is_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.product import Product
    from connector.areas.products.preparing import Reading
    from connector.engines.progress import Progress
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.disclosure.guarded_table import GuardedTable, Made
    from crypto.disclosure.table import CellKey


@dataclass(frozen=True, slots=True)
class Stored:
    """A product as it stands: what is read again."""

    product: Product
    text: str
    version: ProductVersionRow


def stored(node: Node, product_id: str) -> Stored:
    """Returns a product that can be made anew.

    Raises:
        NotFound: None of that id is on offer.
        BadRequest: Its product file does not say where its data come from.
    """
    with node.db.reading() as session:
        row = session.get(ProductRow, product_id)
        if row is None or row.state != PUBLISHED:
            raise NotFound(problems.NOT_PUBLISHED, product=product_id)
        version = session.get(ProductVersionRow, (row.id, row.number))
    if version is None or isinstance(read_declared(row.text, stored=True), FileProduct):
        raise BadRequest(own_problems.NO_SOURCE, product=product_id, field="source")
    product = store.as_published(row, version)
    if product.source is None:
        raise BadRequest(own_problems.NO_SOURCE, product=product_id, field="source")
    return Stored(product, row.text, version)


def refresh(
    node: Node,
    product_id: str,
    *,
    scheduled: bool = False,
    accept_clamped: bool = False,
    progress: Progress = quiet,
) -> dict[str, Any]:
    """Publishes a data version of the rows as they are now.

    Args:
        node: The provider's node.
        product_id: Of the product.
        scheduled: Whether its schedule says so, and nobody watches.
        accept_clamped: The owner's word that more than one value in a hundred may be clamped.
        progress: Told how far it is.

    Returns:
        The owner's report; with `dataUnchanged` that of the version that stays.

    Raises:
        NotFound: None of that id is on offer.
        BadRequest: Its product file does not say where its data come from.
        DataError: The data are not as declared, or cannot be read.
        Conflict: They contradict what is published already.
    """
    began = as_it_is(node, product_id)
    found = stored(node, product_id)
    product, previous = found.product, found.version
    check_modes(node, product)
    check_shape(product, previous)
    if not is_published(previous.protected):
        previous = migrate(node, product, previous, progress=progress)
    with workplace(node) as scratch:
        data = gather(node, product, None, scratch=scratch, progress=progress)
        (source,) = data.digests(progress)
        check_other_products(node, product.id, (source,))
        if previous.source == source and read_alike(product, previous):
            return _unchanged(previous, progress)
        try:
            return publish_data(
                node,
                product,
                found.text,
                data,
                previous=previous,
                began=began,
                source=source,
                parts=(),
                scratch=scratch,
                accept_clamped=accept_clamped,
                progress=progress,
                guard=Guard(found, scheduled=scheduled),
            )
        except _NothingNew:
            return _unchanged(previous, progress)


def _unchanged(previous: ProductVersionRow, progress: Progress) -> dict[str, Any]:
    progress("store", 1.0)
    report: dict[str, Any] = json.loads(previous.report)
    return {**report, "dataUnchanged": True}


class _NothingNew(Exception):  # noqa: N818 -- no error: the version stays
    """All that may be shown is shown already."""


class Guard:
    """Looks at a table before it is kept, and at the product before it is changed."""

    def __init__(self, found: Stored, *, scheduled: bool) -> None:
        self._found = found
        self._scheduled = scheduled

    def judge(self, reading: Reading, made: Made) -> None:
        """Ends the run if there is nothing new, or too much for one that nobody watches."""
        product, table, earlier = self._found.product, made.table, reading.earlier
        assert product.source is not None, "what is read again says where it is"
        if self._scheduled and product.source.append_only:
            self._check_appended(reading)
        elif self._scheduled and (old := _old_code(table)) is not None:
            first = product.dimensions[0]
            raise Conflict(
                own_problems.OLD_CODES,
                product=product.id,
                dimension=first.name,
                moved=first.codes[old],
            )
        if earlier.table is not None and _shows_the_same(earlier.table.table, table):
            raise _NothingNew

    def _check_appended(self, reading: Reading) -> None:
        """Refuses rows that do not begin with those of the version before, in their order."""
        report = json.loads(self._found.version.report)
        rows = report["rows"] + report.get("withoutContributor", 0)
        values, *_ = reading.grouped.recognised(rows)
        if values not in report.get(RECOGNISED, ()):
            raise Conflict(own_problems.NOT_APPENDED, product=self._found.product.id, rows=rows)

    def still(self, tx: Transaction) -> None:
        """Refuses to change a product that is not as it was when the run began."""
        row = tx.session.get(ProductRow, self._found.product.id)
        if row is None or row.state != PUBLISHED or row.text != self._found.text:
            raise Conflict(own_problems.MOVED, product=self._found.product.id)


def _shows_the_same(old: GuardedTable, new: GuardedTable) -> bool:
    was, now = old.newest, new.newest
    return (old.base, old.cells, old.withheld, was.values, was.since, was.blocked) == (
        *(new.base, new.cells, new.withheld, now.values, now.since, now.blocked),
    )


def _old_code(table: GuardedTable) -> int | None:
    """Returns a code of the first dimension that moved and was not the newest, if there is one.

    The newest is the last that had rows in the version before. Cells that reach over several codes
    count as the first of them: where in them something moved cannot be told.
    """
    was = table.versions[-2]
    known = [keys for keys, print_ in zip(table.base, was.shown, strict=False) if print_]
    before = [*(key for keys in known for key in keys), *was.blocked, *was.pending]
    newest = max((key[0] for key in before), default=0)
    moved = [key[0] for key in _moved(table) if key[0] < newest]
    return min(moved, default=None)


def _moved(table: GuardedTable) -> Iterator[CellKey]:
    """Walks through the finest cells that moved, or may have."""
    was, now = table.versions[-2:]
    for c, keys in enumerate(table.base):
        if c >= len(was.true) or was.true[c] != now.true[c]:
            yield from keys
    placed = {key for keys in table.base for key in keys}
    hidden = {*was.blocked, *was.pending} ^ {*now.blocked, *now.pending}
    yield from hidden - placed
