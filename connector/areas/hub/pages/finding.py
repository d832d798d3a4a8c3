"""Which of the operator's pages are about an id."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import select
from sqlmodel import col

from connector.areas.hub.rows import ApplicationRow, ParticipantRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session


def finds(session: Session, text: str) -> Iterator[str]:
    """Give the page of a firm by its DID, of an application by its id."""
    if session.get(ParticipantRow, text) is not None:
        yield f"/participants/{quote(text, safe='')}"
    ids = select(col(ApplicationRow.id)).where(col(ApplicationRow.id) == text)
    if session.execute(ids).first() is not None:
        yield f"/applications/{text}"
