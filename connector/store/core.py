"""What goes past the object mapper: the table behind a row class, and the end of a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Table
    from sqlmodel import Session, SQLModel

_ENDING: Final = "before commit"


def table_of(row: type[SQLModel]) -> Table:
    """Give the table of a row class; SQLModel's types do not tell of it."""
    return cast("Table", row.__table__)  # type: ignore[attr-defined]


def before_commit(session: Session, action: Callable[[], None]) -> None:
    """Run ``action`` at the end of the session's transaction, if that is to be committed."""
    session.info.setdefault(_ENDING, []).append(action)


def finish(session: Session) -> None:
    """Run what waited for the end. Called by `Database`."""
    for action in session.info.get(_ENDING, ()):
        action()
