"""What a publication may not contradict: an earlier cut of the same rows, or another product."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from catalog import problems_products as product_problems
from catalog.product_shape import before_units
from connector.areas.products import problems, problems_refresh
from connector.areas.products.files import basis_file, product_folder
from connector.areas.products.lives import life_of
from connector.areas.products.report import READING, RECOGNISED
from connector.areas.products.rows import TABLE, FileVersionRow, ProductRow, ProductVersionRow
from connector.engines import problems as data_problems
from connector.engines.errors import DataError
from connector.party.area import Areas
from connector.process.errors import BadRequest, Conflict
from contracts.cohort.widths import MAX_ROWS
from crypto.disclosure.codec import decode
from crypto.disclosure.guarded_codec import decode_published, is_published
from policies.profile import MODES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from sqlmodel import Session

    from catalog.product import Product
    from connector.engines.port import Grouped
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.words import Words

EARLIER: Final[Mapping[str, Any]] = {"contributorCase": "exact"}  # what old shapes do not say
MOST_CLAMPED: Final = Fraction(1, 100)  # of a measure's values, without the owner's confirmation


@dataclass(frozen=True, slots=True)
class Began:
    """How an id stood when the work began: `state` is empty where nothing was published."""

    state: str
    life: int


def as_it_is(node: Node, product_id: str) -> Began:
    """Returns how an id stands; to be called before anything else of it is read."""
    with node.db.reading() as session:
        return _as_it_is(session, product_id)


def _as_it_is(session: Session, product_id: str) -> Began:
    row = session.get(ProductRow, product_id)
    return Began("" if row is None else row.state, life_of(session, product_id))


def check_unmoved(
    tx: Transaction, product_id: str, number: int, *, began: Began | None = None
) -> None:
    """Refuses to go on if a product was published, withdrawn or taken back since the work began."""
    row = tx.session.get(ProductRow, product_id)
    if (row is not None or not number) and (0 if row is None else row.number) != number:
        raise Conflict(problems.RACED, product=product_id)
    gone = row is None and number
    if gone or (began is not None and _as_it_is(tx.session, product_id) != began):
        raise Conflict(problems_refresh.MOVED, product=product_id)


def check_kind(node: Node, product_id: str) -> None:
    """Refuses to make a table under the id of a file product."""
    with node.db.reading() as session:
        row = session.get(ProductRow, product_id)
    if row is not None and row.kind != TABLE:
        raise Conflict(problems.IS_FILE, product=product_id, field="kind")


def check_modes(node: Node, product: Product) -> None:
    """Refuses an offer in a mode that is neither of the profile nor one that this node brings."""
    named = {mode for offer in product.offers for mode in offer.terms.modes} - {*MODES}
    brought = {mode.terms.name for mode in node.services[Areas].modes} if named else set()
    if missing := sorted(named - brought):
        raise BadRequest(product_problems.NO_MODE, field="modes", mode=missing[0])


def check_shape(product: Product, previous: ProductVersionRow) -> None:
    """Refuses a product file that would cut the rows in another way than the version before.

    A table of the first edition was not judged by units, equations and the like: these are free
    until it is made anew.
    """
    old = json.loads(previous.shape)
    new = json.loads(json.dumps(product.shape()))
    _check_scales(product, old)
    if not is_published(previous.protected):
        old, new = before_units(old), before_units(new)
    old = EARLIER | old
    if old["contributorCase"] == "exact":  # may become `fold`: bases are read again by that rule
        old["contributorCase"] = new["contributorCase"]
    for part in {**new, **old}:
        if old.get(part) != new.get(part):
            raise reshaped(product.id, part, problems.PARTS.get(part, part), problems.DIFFERS)
    for (name, was), (_, now) in zip(dimensions_of(previous), product.codes, strict=True):
        if tuple(now[: len(was)]) != tuple(was):
            said = problems.CODES_OF.of(name=name)
            raise reshaped(product.id, f"dimensions.{name}", said, problems.ONLY_APPENDED)


def _check_scales(product: Product, old: Mapping[str, Any]) -> None:
    """Refuses a measure whose scale follows from the file now, and was another when published.

    Product files without `scale` meant scale 0 once.
    """
    scales = {measure["name"]: measure["scale"] for measure in old["measures"]}
    for measure in product.measures:
        was = scales.get(measure.name, measure.scale)
        if was != measure.scale and not measure.scale_named:
            raise Conflict(
                product_problems.SCALE_CHANGES,
                product=product.id,
                field=measure.name,
                was=was,
                now=measure.scale,
            )


def reshaped(product_id: str, field: str, part: object, why: Words) -> Conflict:
    """Makes the error for a part of the table that may not change."""
    return Conflict(problems.RESHAPED, product=product_id, part=part, why=why, field=field)


def check_rows(rows: int) -> None:
    """Refuses more rows than a column of a total is planned for: every figure fits one."""
    if rows > MAX_ROWS:
        raise DataError(data_problems.ROWS, rows=f"{rows:,}", most=f"{MAX_ROWS:,}")


def check_clamped(product: Product, grouped: Grouped) -> None:
    """Refuses data of which so much lies out of bounds that sums would mean something else."""
    for measure in product.measures:
        count = grouped.clamped[measure.name]
        if count > MOST_CLAMPED * grouped.rows:
            raise Conflict(
                problems.CLAMPED,
                field=measure.name,
                measure=measure.name,
                count=count,
                rows=grouped.rows,
                percent=f"{100 * count / grouped.rows:.2f}",
                lower=measure.lower,
                upper=measure.upper,
            )


def check_other_products(node: Node, product_id: str, digests: Collection[str]) -> None:
    """Refuses data that are published already under another id, as a table or as they are.

    Args:
        node: The provider's node.
        product_id: Under which they shall be published.
        digests: Of the file, or of the rows read: one in common is enough.
    """
    query = select(
        ProductVersionRow.product, ProductVersionRow.source, ProductVersionRow.report
    ).where(ProductVersionRow.product != product_id)
    files = select(FileVersionRow.product).where(
        col(FileVersionRow.digest).in_(digests), FileVersionRow.product != product_id
    )
    ours = set(digests)
    with node.db.reading() as session:
        other = session.exec(files).first()
        for product, source, report in session.exec(query) if other is None else ():
            if not ours.isdisjoint((source, *json.loads(report).get(RECOGNISED, ()))):
                other = product
                break
    if other is not None:
        raise Conflict(problems.SAME_ROWS, other=other, field="data")


@dataclass(frozen=True, slots=True)
class Other:
    """Another product with the same kind of contributors.

    Attributes:
        product: Its id.
        rows: How many rows its newest data has.
        bases: The contributions behind all that it has shown.
        fold: Whether ids that differ in case only are one contributor of it.
    """

    product: str
    rows: int
    bases: tuple[Path, ...]
    fold: bool


def like_products(node: Node, product: Product) -> tuple[Other, ...]:
    """Returns the other products whose contributor is the same column, of the same type.

    Of products of one database the column may have any name: a query calls it as it likes. None if
    the product file says that its rows are separate.
    """
    if product.separate_rows:
        return ()
    ours = product.shape()["contributor"]
    database = None if product.source is None else product.source.database
    found: dict[str, list[ProductVersionRow]] = {}
    with node.db.reading() as session:
        beside = {
            row.id
            for row in session.exec(select(ProductRow).where(ProductRow.kind == TABLE))
            if database is not None and _database_of(row) == database
        }
        query = select(ProductVersionRow).where(ProductVersionRow.product != product.id)
        for row in session.exec(query.order_by(col(ProductVersionRow.number))):
            theirs = json.loads(row.shape)["contributor"]
            if theirs == ours or (row.product in beside and theirs[1:] == ours[1:]):
                found.setdefault(row.product, []).append(row)
    return tuple(
        Other(
            name,
            int(json.loads(rows[-1].report)["rows"]),
            tuple(basis_file(product_folder(node, name), row) for row in rows),
            (EARLIER | json.loads(rows[-1].shape))["contributorCase"] == "fold",
        )
        for name, rows in found.items()
    )


def _database_of(row: ProductRow) -> object:
    """Returns the name of the database that a published product file names; None if none."""
    source = tomllib.loads(row.text).get("source")
    return source.get("database") if isinstance(source, dict) else None


def check_separate(grouped: Grouped, others: Sequence[Other]) -> None:
    """Refuses what looks like the rows of another product, in another file.

    That is: more than half the contributors of the smaller are in both, and neither has more than
    twice the rows of the other.
    """
    for other in others:
        if max(grouped.rows, other.rows) > 2 * min(grouped.rows, other.rows):
            continue
        common, smaller = grouped.overlap(other.bases, fold=other.fold)
        if 2 * common > smaller:
            raise Conflict(problems.LIKE_ROWS, common=common, other=other.product, field="data")


def read_alike(product: Product, previous: ProductVersionRow) -> bool:
    """Says whether a file is read and cut as for the version before: codes, and how it writes."""
    before = json.loads(previous.report).get(READING, {})
    return dimensions_of(previous) == product.codes and before == product.reading.written()


def dimensions_of(version: ProductVersionRow) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Returns name and codes of each dimension of a stored table, of either edition."""
    if is_published(version.protected):
        return decode_published(version.protected).dimensions
    return decode(version.protected).dimensions
