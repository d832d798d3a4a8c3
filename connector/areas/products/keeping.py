"""The file of a version that came to nothing: whoever has kept it takes it away again."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlmodel import select

from connector.areas.products.rows import FileVersionRow, ProductVersionRow
from connector.process.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlmodel import Session

    from connector.party.node import Node


@contextmanager
def kept_or_gone(node: Node, path: Path) -> Iterator[None]:
    """Removes a file in a product's folder if what would have named it is refused.

    Not one that a version names: two publications of the same data give it the same name. Nor if
    that cannot be told: the next publication, or the next start, looks again.
    """
    try:
        yield
    except Conflict:  # of nothing else it is sure that the commit did not happen
        with suppress(Exception), node.db.reading() as session:
            if not _named(session, path.parent.name, path.name):
                remove(path.parent, [path.name])
        raise


def remove(folder: Path, names: list[str]) -> None:
    """Removes files of a product, and its folder once that is empty."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # of other versions, or not ours
        folder.rmdir()


def _named(session: Session, product_id: str, name: str) -> bool:
    bases = select(ProductVersionRow.basis).where(
        ProductVersionRow.product == product_id, ProductVersionRow.basis == name
    )
    copies = select(FileVersionRow.name).where(
        FileVersionRow.product == product_id, FileVersionRow.name == name
    )
    return bool(session.exec(bases).first() or session.exec(copies).first())
