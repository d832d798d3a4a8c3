"""One reader and writer of frozen records; `record_schema` says the same as a JSON Schema.

A record is a frozen dataclass. Its annotations say what each field may be; reading is strict: each
field has its type and bounds, what is not known is refused by name, nothing is converted. Names in
JSON are those of the fields in camelCase. An error names the field by its JSON pointer (RFC 6901),
what was expected and what came.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from crypto import problems
from crypto.record_errors import wrong
from crypto.words import Either, Spoken

MAX_TEXT: Final = 500  # characters of a name or an identifier
MAX_INTEGER: Final = 2**53 - 1  # what every reader of JSON keeps exactly

# of an absolute IRI, in Python and in a JSON Schema
IRI: Final = r'^[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>"{}|\\^`]+$'

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_IN_LINES: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Text:
    """Bounds of a text.

    Attributes:
        longest: characters.
        empty: whether it may be empty.
        lines: whether it may have several lines, and tabs; a line ends as it likes.
        iri: whether it is an absolute IRI.
    """

    longest: int = MAX_TEXT
    empty: bool = False
    lines: bool = False
    iri: bool = False


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


def takes_null(kind: Any) -> bool:
    """Whether null is one of the types of a union."""
    return type(None) in get_args(bare_of(kind))


def bound_of(kind: Any, wanted: type[R], usual: R) -> R:
    """Give the bound of one sort that a type has."""
    return next((part for part in bounds_of(kind) if isinstance(part, wanted)), usual)


def read(record: type[R], value: object, pointer: str = "") -> R:
    """Read a parsed JSON value into a record.

    Args:
        record: a frozen dataclass.
        value: what `crypto.strict_json.loads` gave.
        pointer: where it stands, as a JSON pointer.

    Raises:
        MalformedError: it is no object, lacks a field, has one that is not known, or one is wrong.
    """
    if not isinstance(value, Mapping):
        raise wrong(pointer or "/", value, problems.AN_OBJECT)
    fields = fields_of(record)
    extra = sorted(set(value) - {each.key for each in fields if not each.more})
    if extra and not any(each.more for each in fields):
        raise wrong(f"{pointer}/{extra[0][:60]}", value[extra[0]], problems.NO_SUCH_FIELD)
    given = {}
    for each in fields:
        if each.more:
            given[each.name] = _read(each.kind, {key: value[key] for key in extra}, pointer)
        elif each.key in value:
            given[each.name] = _read(each.kind, value[each.key], f"{pointer}/{each.key}")
        elif each.required:
            raise wrong(f"{pointer}/{each.key}", None, _expected(each.kind))
    return record(**given)


def _read(kind: Any, value: Any, at: str) -> Any:
    bare = bare_of(kind)
    origin = get_origin(bare)
    if bare is Any:
        return value
    if origin in (Union, types.UnionType):
        if value is None and takes_null(kind):
            return None
        choices = choices_of(kind)
        fitting = [one for one in choices if _fits(one, value)]
        if not fitting and len(choices) > 1:
            raise wrong(at, value, _expected(kind))
        return _read((fitting or choices)[0], value, at)
    if not _fits(kind, value):
        raise wrong(at, value, _expected(kind))
    if origin is tuple:
        items = tuple(_read(get_args(bare)[0], item, f"{at}/{n}") for n, item in enumerate(value))
        if bound_of(kind, Size, Size()).distinct and len(set(map(_spelled, items))) < len(items):
            raise wrong(at, value, problems.ALL_DIFFERENT)
        return items
    if origin is Mapping:
        inside = get_args(bare)[1]
        return {key: _read(inside, item, f"{at}/{key[:60]}") for key, item in value.items()}
    if dataclasses.is_dataclass(bare):
        return read(cast("type[Any]", bare), value, at)
    return value


def _fits(kind: Any, value: Any) -> bool:
    bare = bare_of(kind)
    origin = get_origin(bare)
    if origin is Literal:
        return any(type(value) is type(one) and value == one for one in get_args(bare))
    if bare is bool:
        return isinstance(value, bool)
    if bare is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and (isinstance(value, int) or math.isfinite(value))
    if bare is int:
        bounds = bound_of(kind, Range, Range())
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and bounds.least <= value <= bounds.most
    if bare is str:
        return isinstance(value, str) and _is_text(value, bound_of(kind, Text, Text()))
    if origin is tuple:
        size = bound_of(kind, Size, Size())
        return isinstance(value, list) and size.least <= len(value) <= size.most
    return isinstance(value, Mapping)


def _spelled(value: Any) -> str:
    """Give one text for equal values, whatever they hold."""
    return json.dumps(_written(value), sort_keys=True)


def _is_text(value: str, bounds: Text) -> bool:
    if len(value) > bounds.longest or not (value.strip() or bounds.empty):
        return False
    if bounds.iri and not re.match(IRI, value):
        return False
    return (_CONTROL_IN_LINES if bounds.lines else _CONTROL).search(value) is None


def _expected(kind: Any) -> Spoken:
    """Say what a field should be."""
    bare = bare_of(kind)
    origin = get_origin(bare)
    if origin in (Union, types.UnionType):
        choices = tuple(_expected(one) for one in choices_of(kind))
        return Either((*choices, "null") if takes_null(kind) else choices)
    if origin is Literal:
        return Either(tuple(f"`{one}`" for one in get_args(bare)))
    if bare is bool:
        return problems.TRUE_OR_FALSE
    if bare is float:
        return problems.A_NUMBER
    if bare is int:
        bounds = bound_of(kind, Range, Range())
        return problems.AN_INTEGER.of(least=bounds.least, most=bounds.most)
    if bare is str:
        bounds_ = bound_of(kind, Text, Text())
        least = 0 if bounds_.empty else 1
        sort = problems.AN_IRI if bounds_.iri else problems.A_TEXT
        return sort.of(least=least, most=bounds_.longest)
    if origin is tuple:
        size = bound_of(kind, Size, Size())
        return problems.A_LIST.of(least=size.least, most=size.most)
    return problems.ANYTHING if bare is Any else problems.AN_OBJECT


def write(record: object) -> dict[str, Any]:
    """Write a record as a JSON object; a field that holds its default None is left out."""
    made: dict[str, Any] = {}
    for each in fields_of(type(record)):
        value = getattr(record, each.name)
        if value is None and not each.required:
            continue
        made |= _written(value) if each.more else {each.key: _written(value)}
    return made


def _written(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return write(value)
    if isinstance(value, tuple | list):
        return [_written(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _written(item) for key, item in value.items()}
    return value
