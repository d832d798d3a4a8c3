"""A data version as publishing would make it: read, checked, made, reported; nothing is kept.

Publishing keeps it, checking only tells of it: both go this way, so that a check promises what a
publication does.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.areas.products.checks import (
    check_clamped,
    check_kind,
    check_modes,
    check_other_products,
    check_rows,
    check_separate,
    check_shape,
    like_products,
)
from connector.areas.products.database import find_database
from connector.areas.products.files import SALT_BYTES, product_folder, stamp
from connector.areas.products.folder import Data, check_unchanged, find_data
from connector.areas.products.making import Before, before, declared_table, make
from connector.areas.products.refresh_state import check_zone
from connector.areas.products.report import make_report
from connector.engines import problems_databases as database_problems
from connector.engines.databases import copy_rows
from connector.engines.errors import DataError
from connector.engines.port import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.areas.products.checks import Other
    from connector.areas.products.rows import ProductVersionRow
    from connector.engines.port import Grouped
    from connector.engines.progress import Progress
    from connector.party.node import Node
    from crypto.disclosure.guarded_table import Made
    from crypto.disclosure.published import PublishedTable

    Check = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Reading:
    """An owner's data, grouped, and what they are held against.

    Attributes:
        data: What was read.
        grouped: Its cells.
        earlier: What the product has shown so far.
        others: Products that may have the same rows.
    """

    data: Data
    grouped: Grouped
    earlier: Before
    others: Sequence[Other]


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be published.

    Attributes:
        made: The table, with what was found out.
        published: The same as it is kept.
        report: For the owner.
    """

    made: Made
    published: PublishedTable
    report: dict[str, Any]


def checks_of_text(
    node: Node, product: Product, previous: ProductVersionRow | None
) -> tuple[Check, ...]:
    """Returns what a product file must pass, in turn; each raises what is wrong."""
    found: tuple[Check, ...] = (
        lambda: check_modes(node, product),
        lambda: check_zone(node, product),
        lambda: check_kind(node, product.id),
        lambda: declared_table(product),
    )
    return found if previous is None else (*found, lambda: check_shape(product, previous))


def checks_of_data(
    node: Node, product: Product, reading: Reading, *, accept_clamped: bool
) -> tuple[Check, ...]:
    """Returns what the data must pass before a table is made of them."""
    grouped = reading.grouped
    clamped: tuple[Check, ...] = (
        () if accept_clamped else (lambda: check_clamped(product, grouped),)
    )
    return (
        lambda: check_rows(grouped.rows),
        lambda: check_unchanged(node, product, reading.data),
        *clamped,
        lambda: check_separate(grouped, reading.others),
        lambda: check_other_products(node, product.id, grouped.recognised()),
    )


def gather(
    node: Node, product: Product, data: Path | None, *, scratch: Path, progress: Progress
) -> Data:
    """Finds the owner's files, or copies the rows of the database that the product file names.

    Args:
        node: The provider's node.
        product: The product.
        data: The file or folder that the owner named; None only if there is such a database.
        scratch: Where a copy goes.
        progress: Told how far it is.

    Raises:
        DataError: There is no such file or folder, or no such database; or both are named.
        Forbidden: It is one of the connector's own.
    """
    if product.source is None:
        assert data is not None, "there is nothing to read"
        return find_data(node, product, data)
    if data is not None:
        raise DataError(database_problems.BOTH, field="data", product=product.id)
    copy = scratch / "rows.csv"
    progress("read", 0.0)
    connection = find_database(node.settings, product.source.database)
    used = {product.contributor, *(name for read in product.expressions for name in read.columns)}
    copy_rows(connection, product.source, product.columns, copy, used=used)
    return Data(copy, (), (stamp(copy),))


@contextmanager
def opened(
    node: Node,
    product: Product,
    data: Data,
    *,
    previous: ProductVersionRow | None,
    scratch: Path,
    progress: Progress,
) -> Iterator[Reading]:
    """Reads and groups data.

    Raises:
        DataError: They are not as declared.
        StoreError: The contributions behind an earlier version are gone.
    """
    earlier = (
        before(node, product_folder(node, product.id), previous)
        if previous is not None
        else Before(table=None, bases={}, kept=frozenset())
    )
    others = like_products(node, product)
    bases = [*earlier.files, *(path for other in others for path in other.bases)]
    group = node.services[Engine].group
    with group(
        data.path,
        product,
        scratch=scratch,
        progress=progress,
        bases=bases,
        files=data.files,
    ) as grouped:
        yield Reading(data, grouped, earlier, others)


def make_draft(
    node: Node,
    product: Product,
    reading: Reading,
    *,
    parts: Sequence[str] = (),
    previous: ProductVersionRow | None,
    progress: Progress,
) -> Draft:
    """Makes the table and the report.

    Args:
        node: The provider's node.
        product: The product.
        reading: What was read.
        parts: Digests of the files that were read as one.
        previous: The version before.
        progress: Told how far it is.

    Raises:
        DataError: Nothing of the data could be shown, or most contributors shown are gone.
        Conflict: The core refuses.
    """
    salt = node.entropy(SALT_BYTES).hex()
    made, published = make(product, reading.grouped, reading.earlier, salt)
    progress("merge", 1.0)
    report = make_report(
        product,
        made,
        published,
        grouped=reading.grouped,
        parts=parts,
        previous=None if previous is None else json.loads(previous.report),
    )
    return Draft(made, published, report)
