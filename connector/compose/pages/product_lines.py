"""What a line of the list of one's own products says, without reading a table."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func
from sqlmodel import col, select

from catalog.errors import ProductError
from catalog.grading import DOMAINS
from catalog.product_file import read_product
from connector.areas.dsp import AgreementRow
from connector.areas.products import (
    FILE,
    FileVersionRow,
    ProductRow,
    ProductVersionRow,
    refresh_told,
)
from connector.compose.pages import products_words as words
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken

STATES: Final = {
    "published": ("good", words.ON_OFFER),
    "withdrawn": ("off", words.WITHDRAWN),
}


def listed(
    node: Node, session: Session, rows: Sequence[ProductRow], visit: Visit
) -> list[dict[str, Any]]:
    """Tells of products what a line of each shows, without reading a table; three statements."""
    ids = [row.id for row in rows]
    agreements = _counts(session, ids)
    published: dict[tuple[str, int], int] = {}
    for version in (FileVersionRow, ProductVersionRow):
        query = select(version.product, version.number, version.published_ms)
        for name, number, at in session.exec(query.where(col(version.product).in_(ids))):
            published[name, number] = at
    return [
        _line(
            node,
            session,
            row,
            visit,
            at=published.get((row.id, row.number)),
            count=agreements.get(row.id, 0),
        )
        for row in rows
    ]


def _line(
    node: Node, session: Session, row: ProductRow, visit: Visit, *, at: int | None, count: int
) -> dict[str, Any]:
    made = _declared(row)
    kind, said = STATES.get(row.state, ("off", words.WITHDRAWN))
    return made | {
        "id": row.id,
        "is_file": row.kind == FILE,
        "kind": kind,
        "said": said,
        "number": row.number,
        "published": at or row.changed_ms,
        "agreements": count,
        "refresh": _refresh(node, session, row, visit),
    }


def _declared(row: ProductRow) -> dict[str, Any]:
    try:
        raw = tomllib.loads(row.text)
    except tomllib.TOMLDecodeError:
        return {"title": verbatim(row.id), "level": "", "domain": "", "unreadable": True}
    title = raw.get("title", row.id)
    both = title if isinstance(title, dict) else {"zh": title, "en": title}
    return {
        "title": verbatim(str(both.get("zh", row.id)), str(both.get("en", both.get("zh", "")))),
        "level": raw.get("level", ""),
        "domain": str(raw.get("domain", "")),
        "unreadable": False,
    }


def _counts(session: Session, products: Sequence[str]) -> dict[str, int]:
    """Counts the agreements about each of some products."""
    query = (
        select(AgreementRow.dataset, func.count())
        .where(AgreementRow.role == "provider", col(AgreementRow.dataset).in_(products))
        .group_by(AgreementRow.dataset)
    )
    return dict(session.exec(query).all())


def in_force(session: Session, product: str) -> int:
    """Counts the agreements about a product that have not ended."""
    query = (
        select(func.count())
        .select_from(AgreementRow)
        .where(
            AgreementRow.role == "provider",
            AgreementRow.dataset == product,
            col(AgreementRow.ended_ms).is_(None),
        )
    )
    return int(session.exec(query).one())


def _refresh(node: Node, session: Session, row: ProductRow, visit: Visit) -> dict[str, Any] | None:
    if row.kind == FILE or ("refresh" not in row.text and "source" not in row.text):
        return None
    with suppress(ProductError):
        product = read_product(row.text, stored=True)
        found = refresh_told(node, session, product, row.changed_ms, visit.language)
        told = found.get("refresh", {})
        last = told.get("last", {})
        failed = last.get("state") == "failed" and not last.get("settled")
        said: Spoken = words.REFRESH_NEVER
        if told.get("next"):
            said = words.REFRESH_NEXT.of(at=told["next"])
        return {
            "kind": "bad" if failed else "info",
            "said": words.REFRESH_FAILED if failed else said,
            "error": (last.get("error") or {}).get("error") if failed else None,
        }
    return None


def name(node: Node, session: Session, did: str) -> Any:
    """Says a firm's certified name; of one that has none its DID."""
    standing = node.status.standing(session, did)
    return verbatim(standing.name_zh or did, standing.name_en or did)


def domain(name: str) -> Any:
    """Says a domain of the owner's classification."""
    return verbatim(DOMAINS.get(name, name), name.replace("_", " "))
