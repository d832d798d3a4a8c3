"""Single facts about the node, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.store.rows import FactRow

if TYPE_CHECKING:
    from sqlmodel import Session


def fact(session: Session, name: str) -> str | None:
    """Read a fact."""
    row = session.get(FactRow, name)
    return row.value if row else None


def set_fact(session: Session, name: str, value: str) -> None:
    """Write a fact."""
    session.merge(FactRow(name=name, value=value))
    session.flush()
