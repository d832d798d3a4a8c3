"""Which identifier a draft is given: the one of its file's name, or the next that is free."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlmodel import col, select

from catalog.outline import identifier_from
from connector.areas.products.rows import ProductDraftRow, ProductRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from catalog.outline import Outline
    from connector.party.node import Node

_LONGEST: Final = 63
_MOST: Final = 200  # that are tried; then its owner names it


def with_free_id(node: Node, outline: Outline, draft_id: str) -> Outline:
    """Gives an outline that begins an identifier that no product and no other draft has.

    Args:
        node: The provider's node.
        outline: As the file's name has it.
        draft_id: Of the draft that it is of.
    """
    first = outline.about.id
    with node.db.reading() as session:
        for number in range(1, _MOST):
            tail = "" if number == 1 else f"-{number}"
            wanted = first[: _LONGEST - len(tail)].rstrip("-") + tail
            if not is_taken(session, wanted, draft_id):
                return replace(outline, about=replace(outline.about, id=wanted))
    return outline


def is_taken(session: Session, product_id: str, draft_id: str) -> bool:
    """Says whether a product, or a draft that is not published, has an identifier."""
    if session.get(ProductRow, product_id) is not None:
        return True
    line = f'\nid = "{product_id}"\n'
    others = select(ProductDraftRow.id).where(
        col(ProductDraftRow.id) != draft_id,
        col(ProductDraftRow.product) == "",
        col(ProductDraftRow.text).contains(line, autoescape=True),
    )
    return session.exec(others.limit(1)).first() is not None


def instead_of(session: Session, outline: Outline, name: str, draft_id: str) -> str:
    """Returns the identifier that a file's name gives, if it is taken and the draft has the next.

    Args:
        session: Of the provider's node.
        outline: Of the draft.
        name: Of its file.
        draft_id: Of the draft.
    """
    first, own = identifier_from(name), outline.about.id
    head, _, number = own.rpartition("-")
    cut = len(own) == _LONGEST and first.startswith(head)
    if own == first or not number.isdigit() or not (head == first or cut):
        return ""
    return first if is_taken(session, first, draft_id) else ""
