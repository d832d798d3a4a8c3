"""How many people there are, and how many of them sign in with a password alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select
from sqlmodel import col

from connector.areas.people.rows import PersonRow

if TYPE_CHECKING:
    from sqlmodel import Session


def second_factors(session: Session) -> tuple[int, int]:
    """Give how many active persons there are, and how many have no second factor."""
    lacks = case((col(PersonRow.factor_ms) == 0, 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(lacks), 0)).where(
        col(PersonRow.password) != "", col(PersonRow.ended_ms) == 0
    )
    persons, lacking = session.execute(query).one()
    return int(persons), int(lacking)
