"""Signed statements that the areas of this node keep: answers given and got, acts in cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.questions.rows import AskedQuestionRow, GivenAnswerRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

# every column that holds a compact JWS which a leaf names
_COLUMNS: Final[tuple[Any, ...]] = (col(GivenAnswerRow.jws), col(AskedQuestionRow.jws))


def statements(session: Session) -> Iterator[str]:
    """Yield each statement once per row that holds it."""
    for column in _COLUMNS:
        yield from session.execute(select(column).where(column != "")).scalars()
