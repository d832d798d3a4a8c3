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
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

from crypto import problems
from crypto.record_errors import wrong
from crypto.record_kinds import (
    IRI,
    MAX_INTEGER,
    MAX_TEXT,
    As,
    More,
    Name,
    Range,
    Size,
    Text,
    bare_of,
    bound_of,
    choices_of,
    fields_of,
    own_of,
    takes_null,
)
from crypto.words import Either, Spoken

__all__ = [
    "IRI",
    "MAX_INTEGER",
    "MAX_TEXT",
    "As",
    "More",
    "Name",
    "Range",
    "Size",
    "Text",
    "read",
    "value_of",
    "write",
]

R = TypeVar("R")


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


def value_of(kind: Any, value: object, at: str) -> Any:
    """Read one value as a field of this kind.

    Raises:
        MalformedError: it is something else.
    """
    return _read(kind, value, at)


def _read(kind: Any, value: Any, at: str) -> Any:
    if own := own_of(kind):
        return own.read(value, at)
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
    if len(value) > bounds.longest or not (
        (value if bounds.raw else value.strip()) or bounds.empty
    ):
        return False
    if bounds.raw:
        return True
    if bounds.iri and not re.match(IRI, value):
        return False
    allowed = "\t\n\r" if bounds.lines else ""
    return not any((ord(c) < 0x20 and c not in allowed) or ord(c) == 0x7F for c in value)


def _expected(kind: Any) -> Spoken:
    """Say what a field should be."""
    if own := own_of(kind):
        return own.expected
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
        written = _written_as(each.kind, value)
        made |= written if each.more else {each.key: written}
    return made


def _written_as(kind: Any, value: Any) -> Any:
    if own := own_of(kind):
        return own.write(value)
    inner = get_args(bare_of(kind))
    if get_origin(bare_of(kind)) is tuple and own_of(inner[0]):
        return [_written_as(inner[0], item) for item in value]
    return _written(value)


def _written(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return write(value)
    if isinstance(value, tuple | list):
        return [_written(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _written(item) for key, item in value.items()}
    return value
