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
    check_rows,
    check_separate,
    check_shape,
    like_products,
)
from connector.areas.products.files import SALT_BYTES, product_folder
from connector.areas.products.making import Before, before, declared_table, make
from connector.areas.products.report import make_report
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
    """An owner's file, grouped, and what it is held against.

    Attributes:
        grouped: Its cells.
        earlier: What the product has shown so far.
        others: Products that may have the same rows.
    """

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
        lambda: check_kind(node, product.id),
        lambda: declared_table(product),
    )
    return found if previous is None else (*found, lambda: check_shape(product, previous))


def checks_of_data(
    product: Product, reading: Reading, *, accept_clamped: bool
) -> tuple[Check, ...]:
    """Returns what the data must pass before a table is made of them."""
    grouped = reading.grouped
    clamped: tuple[Check, ...] = (
        () if accept_clamped else (lambda: check_clamped(product, grouped),)
    )
    return (
        lambda: check_rows(grouped.rows),
        *clamped,
        lambda: check_separate(grouped, reading.others),
    )


@contextmanager
def opened(
    node: Node,
    product: Product,
    data: Path,
    *,
    previous: ProductVersionRow | None,
    scratch: Path,
    progress: Progress,
) -> Iterator[Reading]:
    """Reads and groups a data file.

    Raises:
        DataError: The file is not as declared.
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
    with group(data, product, scratch=scratch, progress=progress, bases=bases) as grouped:
        yield Reading(grouped, earlier, others)


def make_draft(
    node: Node,
    product: Product,
    reading: Reading,
    *,
    previous: ProductVersionRow | None,
    progress: Progress,
) -> Draft:
    """Makes the table and the report.

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
        previous=None if previous is None else json.loads(previous.report),
    )
    return Draft(made, published, report)
