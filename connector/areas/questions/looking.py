"""What we asked, looked at: one question with its answer, and the list page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import func, or_, select
from sqlmodel import col

from connector.areas.questions import asked
from connector.areas.questions.mode import modes_of
from connector.areas.questions.rows import AskedQuestionRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.questions.asked import Asked
    from connector.areas.questions.mode import Told
    from connector.party.node import Node

AskedState = Literal["", "asked", "answered", "refused", "ended"]
_MODE: Final = col(AskedQuestionRow.mode)
_AT: Final = col(AskedQuestionRow.asked_ms)
_ATTEMPT: Final = col(AskedQuestionRow.attempt)


def attempt_at(node: Node, question: str) -> Asked | None:
    """Give the attempt at a question of ours that answered it, else the newest."""
    with node.db.reading() as session:
        found = asked.attempts(session, question)
    answered = (row for row in found if row.state == asked.ANSWERED)
    return next(answered, found[0] if found else None)


def answer_of(node: Node, row: Asked) -> Told | None:
    """Give the stored answer of an attempt; None while there is none, or its mode is gone."""
    mode = next((mode for mode in modes_of(node) if mode.terms.name == row.mode), None)
    return mode.told(node, row) if mode is not None and row.state == asked.ANSWERED else None


def asked_page(
    node: Node, *, limit: int, until: int, before: str, state: AskedState = ""
) -> list[Asked]:
    """Give some of what we asked, newest first, whatever the mode.

    Args:
        node: This node.
        limit: At most so many.
        until: Asked at this moment or before, milliseconds since 1970.
        before: Of those asked at that very moment, attempts whose names come before this.
        state: Only these; empty for all.
    """
    query = (
        asked.all_columns()
        .where(until >= _AT, or_(until > _AT, before > _ATTEMPT))
        .order_by(_AT.desc(), _ATTEMPT.desc())
        .limit(limit)
    )
    if state:
        query = query.where(col(AskedQuestionRow.state) == state)
    with node.db.reading() as session:
        rows = [
            asked.read_row(tuple(row))
            for mode in _modes(session)  # the index of each has the order
            for row in session.execute(query.where(_MODE.in_((mode,))))
        ]
    return sorted(rows, key=lambda row: (row.asked_ms, row.attempt), reverse=True)[:limit]


def _modes(session: Session) -> list[str]:
    """Name the modes that there are questions in: few, so the index is stepped through."""
    found: list[str] = []
    query = select(func.min(_MODE))
    while (name := session.execute(query).scalar()) is not None:
        found.append(str(name))
        query = select(func.min(_MODE)).where(name < _MODE)
    return found
