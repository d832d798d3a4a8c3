"""Checking a publication: all that it would report or be refused for, and nothing of it is kept.

What publishing would be refused for first is found, and what else can still be looked at after it:
findings are listed, and the report comes as far as a table can be made. Nothing here writes a row,
a leaf, or a file beyond the scratch folder that goes with it.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from catalog.file_product import FileProduct
from catalog.validity import expired
from connector.areas.products import problems
from connector.areas.products.checks import check_other_products, read_alike
from connector.areas.products.file_publish import check_file
from connector.areas.products.files import workplace
from connector.areas.products.preparing import (
    checks_of_data,
    checks_of_text,
    gather,
    make_draft,
    opened,
)
from connector.areas.products.publication import newest_version
from connector.areas.products.publish import begins, read_declared
from connector.areas.products.report import alike
from connector.engines.progress import quiet
from connector.process.errors import BadRequest, VoileError, error_json
from crypto.disclosure.guarded_codec import is_published
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.areas.products.folder import Data
    from connector.areas.products.preparing import Draft
    from connector.areas.products.rows import ProductVersionRow
    from connector.engines.port import Grouped
    from connector.engines.progress import Progress
    from connector.party.node import Node

MOST_ORDERS: Final = 3  # of the dimensions


def check(
    node: Node,
    text: str,
    data: Path | None,
    *,
    accept_clamped: bool = False,
    orders: int = MOST_ORDERS,
    progress: Progress = quiet,
    look: Callable[[Draft], object] = lambda _draft: None,
) -> dict[str, Any]:
    """Checks what publishing would do.

    Args:
        node: The provider's node.
        text: The product file.
        data: The data file or folder; without it, and without a database that the product file
            names, description and offers alone are checked.
        accept_clamped: As in publishing.
        orders: In how many orders of the dimensions a first table is tried, the declared one first.
        progress: Told how far it is.
        look: Shown the table that would be published, if one can be made.

    Returns:
        ``wouldPublish``; ``findings``, as errors in both languages; ``report``, null where no table
        can be made; ``shares`` of clamped and rounded values; ``orders`` with their margins;
        ``dataUnchanged`` where only description and offers would be renewed.

    Raises:
        BadRequest: The product file cannot be read.
    """
    product = read_declared(text)
    found = _Findings()
    with found.kept():
        begins(product)
    told: dict[str, Any] = {"report": None, "shares": [], "orders": [], "dataUnchanged": False}
    if isinstance(product, FileProduct):
        with found.kept():
            told |= check_file(node, product, data, progress=progress)
    else:
        _check_table(
            node,
            product,
            data,
            found,
            told,
            accept_clamped,
            orders=orders,
            progress=progress,
            look=look,
        )
    over = list(expired(product.offers, node.clock.now()))
    return {
        "product": product.id,
        "wouldPublish": not found.listed,
        "findings": found.listed,
        "expiredOffers": over,
        **told,
    }


class _Findings:
    """What publishing would be refused for."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Lists the error that comes, and goes on."""
        try:
            yield
        except VoileError as error:
            said = {tongue: error_json(error, tongue)["error"] for tongue in LANGUAGES}
            told = {
                "code": error.code,
                "message": {tongue: said[tongue]["message"] for tongue in LANGUAGES},
                "next": {tongue: said[tongue]["next"] for tongue in LANGUAGES},
                "params": said["en"].get("params", {}),
            }
            if told not in self.listed:  # what is wrong with the file may come up again
                self.listed.append(told)


def _check_table(
    node: Node,
    product: Product,
    data: Path | None,
    found: _Findings,
    told: dict[str, Any],
    accept_clamped: bool,
    *,
    orders: int,
    progress: Progress,
    look: Callable[[Draft], object],
) -> None:
    previous = newest_version(node, product.id)
    for one in checks_of_text(node, product, previous):
        with found.kept():
            one()
    if previous is not None and not is_published(previous.protected):
        with found.kept():
            raise BadRequest(problems.FIRST_EDITION, product=product.id)
    if data is None and product.source is None:
        with found.kept():
            if previous is None:
                raise BadRequest(problems.NO_DATA, product=product.id, field="data")
        if previous is not None:
            told |= {"report": json.loads(previous.report), "dataUnchanged": True}
        return
    with found.kept(), _scratch(node) as place:
        rows = gather(node, product, data, scratch=place, progress=progress)
        source, *parts = rows.digests(progress)
        with found.kept():
            check_other_products(node, product.id, (source, *parts))
        same = previous is not None and previous.source == source
        if previous is not None and same and not found.listed and read_alike(product, previous):
            told |= {"report": json.loads(previous.report), "dataUnchanged": True}
            return
        # a table that contradicts the earlier ones is not held against them
        _check_data(
            node,
            product,
            rows,
            found,
            told,
            parts=parts,
            previous=previous,
            fits=previous is None or not found.listed,
            accept_clamped=accept_clamped,
            progress=progress,
            look=look,
        )
        if previous is None:
            for order in _orders(product)[1 : max(1, orders)]:
                told["orders"].append(_tried(node, order, rows, progress))


def _check_data(
    node: Node,
    product: Product,
    data: Data,
    found: _Findings,
    told: dict[str, Any],
    *,
    parts: Sequence[str],
    previous: ProductVersionRow | None,
    fits: bool,
    accept_clamped: bool,
    progress: Progress,
    look: Callable[[Draft], object],
) -> None:
    held = previous if fits else None
    with (
        _scratch(node) as scratch,
        opened(node, product, data, previous=held, scratch=scratch, progress=progress) as reading,
    ):
        told["shares"] = _shares(product, reading.grouped)
        for one in checks_of_data(node, product, reading, accept_clamped=accept_clamped):
            with found.kept():
                one()
        near = reading.grouped.near()
        draft = make_draft(node, product, reading, parts=parts, previous=held, progress=progress)
    look(draft)
    report = draft.report
    report["contributorIds"]["near"] = alike(near)
    del report["version"]["digest"]  # drawn anew when it is published
    told["report"] = report
    told["orders"].append(_order(product, report))


def _tried(node: Node, product: Product, data: Data, progress: Progress) -> dict[str, Any]:
    """Makes a first table with the dimensions in another order; tells what it shows."""
    tried = _Findings()
    names = [dimension.name for dimension in product.dimensions]
    told: dict[str, Any] = {"dimensions": names, "margins": [], "rowsAtFinest": None}
    with (
        tried.kept(),
        _scratch(node) as scratch,
        opened(node, product, data, previous=None, scratch=scratch, progress=progress) as reading,
    ):
        draft = make_draft(node, product, reading, previous=None, progress=progress)
        told = _order(product, draft.report)
    return told | {"finding": tried.listed[0] if tried.listed else None}


def _order(product: Product, report: dict[str, Any]) -> dict[str, Any]:
    return {
        "dimensions": [dimension.name for dimension in product.dimensions],
        "margins": report["margins"],
        "rowsAtFinest": report["rowsAtFinest"],
        "finding": None,
    }


def _orders(product: Product) -> Sequence[Product]:
    """Returns a product with its dimensions as declared, reversed, and the last one first."""
    given = product.dimensions
    several = dict.fromkeys((given, given[::-1], (*given[-1:], *given[:-1])))
    return [replace(product, dimensions=order) for order in several]


def _shares(product: Product, grouped: Grouped) -> list[dict[str, Any]]:
    """Tells per measure how many values were out of bounds, and how many too precise."""
    return [
        {
            "measure": measure.name,
            "clamped": _share(grouped.clamped[measure.name], grouped.rows),
            "rounded": _share(grouped.rounded[measure.name], grouped.rows),
        }
        for measure in product.measures
    ]


def _share(count: int, of: int) -> dict[str, Any]:
    return {"count": count, "percent": f"{100 * count / max(1, of):.2f}"}


@contextmanager
def _scratch(node: Node) -> Iterator[Path]:
    """Makes a place to work, and leaves no folder that was not there."""
    root = node.settings.data / "products"
    known = root.exists()
    try:
        with workplace(node) as scratch:
            yield scratch
    finally:
        if not known:
            with suppress(OSError):
                root.rmdir()
