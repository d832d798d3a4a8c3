"""Which of a firm's pages are about an id: contracts, processes, questions, products."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import or_, select
from sqlmodel import col

from connector.areas.dsp import ProcessRow, agreements_bearing
from connector.areas.products import ProductRow
from connector.areas.questions import AskedQuestionRow
from connector.compose.pages.contracts import href_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session


def finds(session: Session, text: str) -> Iterator[str]:
    """Give the pages about something with this very id."""
    name = quote(text, safe="")
    for one in agreements_bearing(session, text):
        yield href_of(one)
    process = session.get(ProcessRow, text)
    if process is not None and process.kind == "negotiation":
        yield f"/negotiations/{name}"
    elif process is not None:
        yield f"/deliveries/{name}"
    asked = col(AskedQuestionRow.question)
    questions = select(asked).where(or_(asked == text, col(AskedQuestionRow.attempt) == text))
    found = session.execute(questions.limit(1)).scalar_one_or_none()
    if found is not None:
        yield f"/questions/{quote(found, safe='')}"
    if session.get(ProductRow, text) is not None:
        yield f"/products/{name}"
