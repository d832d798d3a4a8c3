# ruff: noqa: N818, A001 -- the names that PEP 249 gives
"""The exceptions of PEP 249, each with code, next step, facts and reasons as the client's have."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connector.client.errors import Failed, Misused, Refused, Speaking, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator


class Warning(Exception):
    """For what PEP 249 asks; never raised."""


class Error(Speaking):
    """The root.

    Attributes:
        reasons: of a refusal, each as JSON; empty else.
    """

    reasons: list[Any]
    _told: str = ""

    def __str__(self) -> str:
        return self._told or super().__str__()


class InterfaceError(Error):
    """A cursor or a connection is not used as it is meant."""


class DatabaseError(Error):
    """The rest."""


class DataError(DatabaseError):
    """A parameter that is no literal of the question language."""


class OperationalError(DatabaseError):
    """The connector, or a peer of its, cannot do it now."""


class IntegrityError(DatabaseError):
    """Never raised: nothing is written."""


class InternalError(DatabaseError):
    """Never raised."""


class ProgrammingError(DatabaseError):
    """Refused: a contract or the question language does not let it."""


class NotSupportedError(DatabaseError):
    """What a question cannot be: nested, in bulk, or a change."""


def error_of(error: Speaking) -> Error:
    """Give the client's error as one of PEP 249, with all that it carries."""
    kind = ProgrammingError if isinstance(error, Refused | Misused) else OperationalError
    made = kind.of(error)
    made.reasons = list(getattr(error, "reasons", ()))
    made._told = str(error)  # noqa: SLF001 -- of our own class
    return made


@contextmanager
def as_pep_249() -> Iterator[None]:
    """Raise the client's errors as those of PEP 249."""
    try:
        yield
    except (Failed, Unavailable, Misused) as error:
        raise error_of(error) from error
