"""What drivers raise, as errors of ours: which fault it is, and what is told to whom."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from connector.process import problems as process_problems
from connector.process.errors import BadRequest, StoreError
from connector.store import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def translated(troubled: Callable[[str], None]) -> Iterator[None]:
    """Turn what a driver raises into an error of ours.

    Args:
        troubled: told what the driver said, for our own log: of a server it names host and user,
            which are nobody else's business.

    Raises:
        BadRequest: a value that the database cannot hold, such as a text with U+0000.
        StoreError: anything else, but an `IntegrityError`: its area knows what that means.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DataError as error:
        raise BadRequest(problems.VALUE_UNFIT, why=why(error)) from error
    except PoolTimeout as error:
        raise StoreError(problems.BUSY) from error
    except DBAPIError as error:
        said = why(error)
        troubled(said)
        if is_full(error):
            raise full(said) from error
        if is_lost(error):
            failure = StoreError(problems.NO_ANSWER)
        else:
            failure = StoreError(problems.REFUSED, kind=type(error.orig).__name__, why=said)
        failure.reason = said
        raise failure from error


def why(error: DBAPIError) -> str:
    """Give a driver's own words: one line, without the values that PostgreSQL adds as detail."""
    primary = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    said = primary or str(error.orig).strip()
    return said.splitlines()[0] if said else type(error.orig).__name__


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection to a server was lost, or none could be made."""
    if error.connection_invalidated:
        return True
    if not isinstance(error, OperationalError) or not hasattr(error.orig, "sqlstate"):
        return False  # SQLite has no server to lose
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state[:2] == "08" or state in {"57P01", "57P02", "57P03"}


def full(said: str = "") -> StoreError:
    """Make the error for a change that the disk had no room for."""
    failure = StoreError(process_problems.DATABASE_FULL)
    failure.reason = said
    return failure


def is_full(error: DBAPIError) -> bool:
    """Whether the disk, or a limit of its file, had no room for the change."""
    if getattr(error.orig, "sqlstate", None) == "53100":  # PostgreSQL: disk_full
        return True
    return "disk is full" in str(error.orig)  # SQLITE_FULL; not every driver gives its number
