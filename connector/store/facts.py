"""Single facts about the node, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from connector.store.prepared import Prepared
from connector.store.rows import FactRow

if TYPE_CHECKING:
    from sqlmodel import Session

_VALUE: Final = Prepared(select(col(FactRow.value)).where(col(FactRow.name) == bindparam("name")))


def fact(session: Session, name: str) -> str | None:
    """Read a fact."""
    found: str | None = _VALUE.scalar(session, name=name)
    return found


def set_fact(session: Session, name: str, value: str) -> None:
    """Write a fact."""
    session.merge(FactRow(name=name, value=value))
    session.flush()
