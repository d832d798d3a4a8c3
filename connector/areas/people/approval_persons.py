"""Who may act as a person now."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlmodel import col, select

from connector.areas.people.rows import PersonRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlmodel import Session

    from connector.process.actor import Role


def names_of(session: Session, persons: Iterable[str]) -> Mapping[str, str]:
    """Give the names of persons, by id; also of those who have ended."""
    query = select(PersonRow.id, PersonRow.name).where(col(PersonRow.id).in_(set(persons)))
    return dict(session.exec(query).all())


def enrolled(session: Session) -> Mapping[str, frozenset[Role]]:
    """Give the persons who have enrolled and have not ended, by id, with their roles."""
    query = select(PersonRow.id, PersonRow.roles).where(
        col(PersonRow.password) != "", col(PersonRow.ended_ms) == 0
    )
    return {
        person: frozenset(cast("tuple[Role, ...]", tuple(filter(None, roles.split(",")))))
        for person, roles in session.exec(query).all()
    }
