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
    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken

STATES: Final = {
    "published": ("good", words.ON_OFFER),
    "withdrawn": ("off", words.WITHDRAWN),
}


def listed(node: Node, session: Session, row: ProductRow, visit: Visit) -> dict[str, Any]:
    """Tells of one product what a line shows, without reading its table."""
    made = _declared(row)
    version = FileVersionRow if row.kind == FILE else ProductVersionRow
    at = session.exec(
        select(version.published_ms).where(version.product == row.id, version.number == row.number)
    ).first()
    kind, said = STATES.get(row.state, ("off", words.WITHDRAWN))
    return made | {
        "id": row.id,
        "is_file": row.kind == FILE,
        "kind": kind,
        "said": said,
        "number": row.number,
        "published": at or row.changed_ms,
        "agreements": count(session, row.id),
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


def count(session: Session, product: str, *, in_force: bool = False) -> int:
    """Counts the agreements about a product."""
    query = (
        select(func.count())
        .select_from(AgreementRow)
        .where(AgreementRow.role == "provider", AgreementRow.dataset == product)
    )
    if in_force:
        query = query.where(col(AgreementRow.ended_ms).is_(None))
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
