"""Reading what a connector answered: one clear error where it does not have the API's form."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from connector.client import problems
from connector.client.errors import Speaking, Unavailable
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crypto.words import Language

# what reading JSON of another form raises
_UNREADABLE: Final = (
    *(KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError),
    MalformedError,
)


@contextmanager
def readable(where: str, language: Language, question: object = None) -> Iterator[None]:
    """Read an answer in here.

    Args:
        where: who answered.
        language: of the error.
        question: the id of a question that may have been charged: a fact of the error, for it can
            be asked again under it.

    Raises:
        Unavailable: it is not one of a connector, or of another version.
    """
    try:
        yield
    except Speaking:
        raise
    except _UNREADABLE as error:
        unread = Unavailable(problems.ANSWER_UNREADABLE, where=where, why=type(error).__name__)
        unread.params |= {} if question is None else {"questionId": str(question)}
        raise unread.speaking(language) from error
