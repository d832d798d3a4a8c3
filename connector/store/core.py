"""What goes past the object mapper: the table behind a row class, and the end of a transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Table
    from sqlmodel import Session, SQLModel

    from connector.store.transaction import Memo

_ENDING: Final = "before commit"
_MEMO: Final = "memo"


def table_of(row: type[SQLModel]) -> Table:
    """Give the table of a row class; SQLModel's types do not tell of it."""
    found: Table = vars(row)["__table__"]
    return found


def before_commit(session: Session, action: Callable[[Session], None]) -> None:
    """Run ``action`` at the end of the session's transaction, if that is to be committed."""
    session.info.setdefault(_ENDING, []).append(action)


@contextmanager
def used(session: Session) -> Iterator[Session]:
    """Give a session, and close it if it was used: closing costs as much as a statement."""
    try:
        yield session
    finally:
        let_go(session)


def let_go(session: Session) -> None:
    """Close a session if it was used."""
    if session.in_transaction() or session.identity_map:
        session.close()


def memo_of(session: Session) -> Memo | None:
    """Give what areas have read in a session's transaction; None for a session of a reader.

    Nothing that a transaction has read changes under it, unless it writes that itself.
    """
    found: Memo | None = session.info.get(_MEMO)
    return found


def hold_memo(session: Session, memo: Memo) -> None:
    """Let a session of a transaction carry its memo. Called by `Transaction`."""
    session.info[_MEMO] = memo


def finish(session: Session) -> None:
    """Run what waited for the end. Called by `Database`."""
    for action in session.info.get(_ENDING, ()):
        action(session)
