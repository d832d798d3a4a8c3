"""Publishing a file product: a copy of the owner's file becomes a data version, or nothing changes.

The copy is ours (0600, written through), so that what an agreement delivers is what was published,
whatever happens to the owner's file. A new version removes the copy before it: a delivery under way
has that one open and ends on it, none begins on it any more.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any, Final

from catalog.file_product import FileProduct, MediaType, use_offers
from connector.areas.membership import synchronise
from connector.areas.products import problems
from connector.areas.products.checks import check_other_products, check_unmoved
from connector.areas.products.files import (
    keep_file,
    opened,
    product_folder,
    source_digest,
    workplace,
)
from connector.areas.products.keeping import kept_or_gone
from connector.areas.products.lives import life_of
from connector.areas.products.rows import FILE, PUBLISHED, FileVersionRow, ProductRow
from connector.engines import problems as data_problems
from connector.engines.errors import DataError, disk_full
from connector.engines.recoding import as_utf8
from connector.process.errors import BadRequest, Conflict
from connector.process.ports import unix_ms
from contracts.evidence import Entry
from crypto.canonical import digest
from policies.odrl import to_wire

if TYPE_CHECKING:
    from pathlib import Path

    from connector.areas.products.checks import Began
    from connector.engines.progress import Progress
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.words import Spoken

CHUNK: Final = 1 << 20
MEDIA: Final[dict[str, MediaType]] = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
}
_MAGIC: Final = b"PAR1"
_NAME_BYTES: Final = 6
_LOOKED_AT: Final = 65_536  # bytes of a CSV file that must be text


def publish_file(
    node: Node,
    product: FileProduct,
    text: str,
    data: Path | None,
    *,
    began: Began,
    agreed: str = "",
    progress: Progress,
) -> dict[str, Any]:
    """Publish a file, or renew the description and offers of one.

    Args:
        node: The provider's node.
        product: What its owner declared.
        text: The product file.
        data: The owner's file, CSV or Parquet; None keeps the version that is there.
        began: How its id stood before anything of it was read.
        agreed: Digest of the file that a second person agreed to; empty where none had to.
        progress: Told how far it is.

    Returns:
        The owner's report.

    Raises:
        BadRequest: The product has no file yet.
        DataError: The file cannot be read, or is neither CSV nor Parquet.
        Conflict: Its rows are published as a protected table, or the id is that of one.
    """
    number, previous = _known(node, product, data)
    if data is None:
        assert previous is not None, "else it was refused"
        with node.db.transaction() as tx:
            check_unmoved(tx, product.id, number, began=began)
            _set(tx, node, product, text, previous, {"data": "unchanged"})
        return {**_report(product, previous), "dataUnchanged": True}
    media = _media(data)
    with workplace(node) as scratch:
        written = scratch / "copy"
        found, size = _copy(data, written, progress)
        if agreed and found != agreed:
            raise Conflict(problems.NOT_AGREED_DATA, product=product.id)
        plain = as_utf8(written) if media == "text/csv" else ""
        check_other_products(node, product.id, (found, plain) if plain else (found,))
        # drawn: what removes the copy of a version must not meet that of a later one of its name
        drawn = node.entropy(_NAME_BYTES).hex()
        name = f"file-{number + 1}-{found[-12:]}-{drawn}{data.suffix.lower()}"
        folder = product_folder(node, product.id)
        keep_file(written, folder / name)
    made = FileVersionRow(
        product=product.id,
        number=number + 1,
        digest=found,
        size=size,
        media=media,
        name=name,
        published_ms=0,
    )
    with kept_or_gone(node, folder / name), node.db.transaction() as tx:
        check_unmoved(tx, product.id, number, began=began)
        made.published_ms = unix_ms(tx.now)
        tx.session.add(made)
        _set(tx, node, product, text, made, {"source": found, "bytes": size})
    forget_copies(node, product.id, keep=name)
    progress("store", 1.0)
    return _report(product, made)


def check_file(
    node: Node, product: FileProduct, data: Path | None, *, progress: Progress
) -> dict[str, Any]:
    """Check what publishing a file would do, and keep nothing.

    Returns:
        ``report`` as publishing would give it, without the version's digest; ``dataUnchanged``.

    Raises:
        BadRequest, DataError, Conflict: As `publish_file`.
    """
    number, previous = _known(node, product, data)
    if data is None:
        assert previous is not None, "else it was refused"
        return {"report": _report(product, previous), "dataUnchanged": True}
    media = _media(data)
    found = source_digest(data, progress)
    plain = as_utf8(data) if media == "text/csv" else ""
    check_other_products(node, product.id, (found, plain) if plain else (found,))
    made = FileVersionRow(
        product=product.id,
        number=number + 1,
        digest=found,
        size=data.stat().st_size,
        media=media,
        name="",
        published_ms=0,
    )
    return {"report": _report(product, made), "dataUnchanged": False}


def _known(
    node: Node, product: FileProduct, data: Path | None
) -> tuple[int, FileVersionRow | None]:
    """Find the newest version and its number, 0 for none; refuse what contradicts it."""
    with node.db.reading() as session:
        row = session.get(ProductRow, product.id)
        number = 0 if row is None else row.number
        withdrawn = row is not None and row.state != PUBLISHED
        previous = session.get(FileVersionRow, (product.id, number))
    if row is not None and row.kind != FILE:
        raise Conflict(problems.IS_TABLE, product=product.id, field="kind")
    if data is None and (previous is None or withdrawn):
        raise BadRequest(problems.NO_FILE, product=product.id, field="data")
    return number, previous


def forget_copies(node: Node, product_id: str, *, keep: str) -> None:
    """Remove the copies of a product that nothing may begin to deliver any more."""
    for path in product_folder(node, product_id).glob("file-*"):
        if path.name != keep:
            path.unlink(missing_ok=True)


def _set(
    tx: Transaction,
    node: Node,
    product: FileProduct,
    text: str,
    version: FileVersionRow,
    detail: dict[str, Any],
) -> None:
    row = tx.session.get(ProductRow, product.id) or ProductRow(
        id=product.id, kind=FILE, text=text, number=0, changed_ms=0
    )
    row.text, row.number, row.state = text, version.number, PUBLISHED
    row.changed_ms = unix_ms(tx.now)
    tx.session.add(row)
    offered = use_offers(product, life=life_of(tx.session, product.id))
    tx.append(
        Entry(
            kind="PRODUCT",
            role="provider",
            to_state="PUBLISHED",
            query={
                "product": product.id,
                "kind": FILE,
                "number": version.number,
                "version": version.digest,
            },
            policy={"offers": digest([to_wire(policy) for policy in offered])},
            detail=detail,
        )
    )
    tx.session.flush()
    synchronise(tx, node)


def _report(product: FileProduct, version: FileVersionRow) -> dict[str, Any]:
    return {
        "product": product.id,
        "kind": FILE,
        "version": {"number": version.number, "digest": version.digest},
        "bytes": version.size,
        "mediaType": version.media,
        "formats": list(product.formats),
    }


def _media(data: Path) -> MediaType:
    """Say what a file is, by its name and its first bytes."""
    media = MEDIA.get(data.suffix.lower())
    if media is None:
        raise _unreadable(data, problems.BAD_ENDING)
    try:
        with opened(data) as file:
            start = file.read(_LOOKED_AT)
            file.seek(-min(len(_MAGIC), len(start)), os.SEEK_END)
            end = file.read()
    except OSError as error:
        raise _unreadable(data, problems.NO_READ.of(reason=error.strerror)) from error
    if media == "text/csv" and (not start or b"\x00" in start):
        raise _unreadable(data, problems.NO_CSV)
    if media != "text/csv" and not (start.startswith(_MAGIC) and end == _MAGIC):
        raise _unreadable(data, problems.NO_PARQUET)
    return media


def _copy(data: Path, to: Path, progress: Progress) -> tuple[str, int]:
    """Copy a file chunk by chunk; give the digest and the size of what was copied."""
    hashed, size = hashlib.sha256(), 0
    progress("read", 0.0)
    try:
        total = max(1, data.stat().st_size)
        with opened(data) as source, to.open("xb") as target:
            while chunk := source.read(CHUNK):
                hashed.update(chunk)
                target.write(chunk)
                size += len(chunk)
                progress("read", min(1.0, size / total))
    except OSError as error:
        why = problems.NO_COPY.of(reason=error.strerror)
        raise disk_full(str(error)) or _unreadable(data, why) from error
    progress("store", 0.0)
    return "sha-256:" + hashed.hexdigest(), size


def _unreadable(data: Path, why: Spoken) -> DataError:
    return DataError(data_problems.NO_TAKE, field="data", name=data.name, why=why)
