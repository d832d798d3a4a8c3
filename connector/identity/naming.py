"""Parties by their certified names, for whoever looks for one on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, or_, select
from sqlmodel import col

from connector.identity.rows import StandingRow

if TYPE_CHECKING:
    from sqlmodel import Session

MOST: Final = 200
LONGEST: Final = 2048


def parties_named(session: Session, text: str) -> frozenset[str] | None:
    """Give the DIDs of the parties that a text means.

    Args:
        session: any session.
        text: a DID, or a part of a name in the newest status document, in any case of letters.

    Returns:
        None where there is no text: all are meant. A DID is meant whether or not it is certified.
    """
    wanted = text.strip()[:LONGEST]
    if not wanted:
        return None
    if wanted.startswith("did:"):
        return frozenset({wanted})
    names = (col(StandingRow.name_zh), col(StandingRow.name_en))
    like = [func.lower(name).contains(wanted.lower(), autoescape=True) for name in names]
    query = select(col(StandingRow.did)).where(or_(*like)).order_by(col(StandingRow.did))
    return frozenset(session.execute(query.limit(MOST)).scalars())
