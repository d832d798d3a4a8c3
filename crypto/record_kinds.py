"""What a field of a record may be: the types of its annotations, and the bounds beside them."""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, dataclass
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from crypto import problems
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from crypto.words import Spoken

MAX_TEXT: Final = 500  # characters of a name or an identifier
MAX_INTEGER: Final = 2**53 - 1  # what every reader of JSON keeps exactly

# of an absolute IRI, in Python and in a JSON Schema
IRI: Final = r'^[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>"{}|\\^`]+$'

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Text:
    """Bounds of a text.

    Attributes:
        longest: characters.
        empty: whether it may be empty.
        lines: whether it may have several lines, and tabs; a line ends as it likes.
        iri: whether it is an absolute IRI.
        raw: whether it may hold whatever a text can hold; what is signed is never cleaned.
    """

    longest: int = MAX_TEXT
    empty: bool = False
    lines: bool = False
    iri: bool = False
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of an integer, both allowed."""

    least: int = -MAX_INTEGER
    most: int = MAX_INTEGER


@dataclass(frozen=True, slots=True)
class Size:
    """How many items a list has, and whether they differ from each other."""

    least: int = 0
    most: int = 10_000
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a field in JSON, where it is not its own in camelCase."""

    name: str


@dataclass(frozen=True, slots=True)
class More:
    """Marks a mapping with every name that no other field has: a document that others name in."""


@dataclass(frozen=True, slots=True)
class As:
    """A value of our own, where JSON has another; every other bound of its type is left aside.

    Attributes:
        read: makes it of what stands in JSON; is given that and its pointer, and raises
            `crypto.record_errors.wrong`.
        write: gives what stands in JSON.
        expected: what an error says of it.
    """

    read: Callable[[Any, str], Any]
    write: Callable[[Any], Any] = lambda value: value
    expected: Spoken = problems.ANYTHING


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record."""

    name: str  # of the attribute
    key: str  # in JSON
    kind: Any
    required: bool
    more: bool  # whether it has the names of no other field


def fields_of(record: type[Any]) -> tuple[Field, ...]:
    """Give the fields of a record."""
    return _fields(cast("Hashable", record))


@cache
def _fields(record: Any) -> tuple[Field, ...]:
    hints = get_type_hints(record, include_extras=True)
    found = []
    for each in dataclasses.fields(record):
        head, *tail = each.name.split("_")
        key = head + "".join(part.capitalize() for part in tail)
        names = [part.name for part in bounds_of(hints[each.name]) if isinstance(part, Name)]
        more = any(isinstance(part, More) for part in bounds_of(hints[each.name]))
        required = each.default is MISSING and each.default_factory is MISSING and not more
        found.append(Field(each.name, (names or [key])[0], hints[each.name], required, more))
    return tuple(found)


def bounds_of(kind: Any) -> tuple[Any, ...]:
    """Give all bounds of a type."""
    return get_args(kind)[1:] if get_origin(kind) is Annotated else ()


def bare_of(kind: Any) -> Any:
    """Give a type without its bounds."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def choices_of(kind: Any) -> tuple[Any, ...]:
    """Give the types of a union, each with the bounds of the whole; null is not among them."""
    marks = bounds_of(kind)
    inner = (part for part in get_args(bare_of(kind)) if part is not type(None))
    return tuple(Annotated[part, *marks] if marks else part for part in inner)


def words_of(kind: Any) -> Words | None:
    """Give what a field is in words, if its type has them: `Annotated[str, Text(), Words(…)]`."""
    return next((part for part in bounds_of(kind) if isinstance(part, Words)), None)


def takes_null(kind: Any) -> bool:
    """Whether null is one of the types of a union."""
    return type(None) in get_args(bare_of(kind))


def own_of(kind: Any) -> As | None:
    """Give how a type is read and written that is none of JSON's."""
    return next((part for part in bounds_of(kind) if isinstance(part, As)), None)


def bound_of(kind: Any, wanted: type[B], usual: B) -> B:
    """Give the bound of one sort that a type has."""
    return next((part for part in bounds_of(kind) if isinstance(part, wanted)), usual)
