"""Reading a record: for each kind of field a function is made once, out of its type and bounds."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from crypto import problems
from crypto.record_errors import wrong
from crypto.record_kinds import (
    IRI,
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
from crypto.record_writing import written
from crypto.words import Either

if TYPE_CHECKING:
    from collections.abc import Hashable

    from crypto.record_kinds import Field
    from crypto.words import Spoken

R = TypeVar("R")
_Reader = Callable[[Any, str], Any]  # is given what stands in JSON, and its pointer
_Fits = Callable[[Any], bool]
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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
    plan = _plan(cast("Hashable", record))
    given = {}
    if plan.more is not None or not value.keys() <= plan.keys:
        extra = sorted(value.keys() - plan.keys)
        if plan.more is None:
            raise wrong(f"{pointer}/{extra[0][:60]}", value[extra[0]], problems.NO_SUCH_FIELD)
        name, reader = plan.more
        given[name] = reader({key: value[key] for key in extra}, pointer)
    for each, reader in plan.fields:
        if each.key in value:
            given[each.name] = reader(value[each.key], f"{pointer}/{each.key}")
        elif each.required:
            raise wrong(f"{pointer}/{each.key}", None, _expected(each.kind))
    return record(**given)


def value_of(kind: Any, value: object, at: str) -> Any:
    """Read one value as a field of this kind.

    Raises:
        MalformedError: it is something else.
    """
    return _reader_of(kind)(value, at)


@dataclasses.dataclass(frozen=True, slots=True)
class _Plan:
    keys: frozenset[str]
    fields: tuple[tuple[Field, _Reader], ...]
    more: tuple[str, _Reader] | None  # the attribute with the names of no other field


@cache
def _plan(record: Any) -> _Plan:
    every = [(each, _reader(each.kind)) for each in fields_of(record)]
    fields = tuple((each, reader) for each, reader in every if not each.more)
    more = next(((each.name, reader) for each, reader in every if each.more), None)
    return _Plan(frozenset(each.key for each, _ in fields), fields, more)


@cache
def _reader_of(kind: Any) -> _Reader:
    return _reader(kind)


def _reader(kind: Any) -> _Reader:
    if own := own_of(kind):
        return own.read
    bare = bare_of(kind)
    origin = get_origin(bare)
    if bare is Any:
        return lambda value, _: value
    if origin in (Union, types.UnionType):
        return _of_choices(kind)
    fits = _fits(kind)

    def checked(value: Any, at: str) -> Any:
        if not fits(value):
            raise wrong(at, value, _expected(kind))
        return value

    if origin is tuple:
        return _of_items(kind, checked)
    if origin is Mapping:
        inside = _reader(get_args(bare)[1])
        return lambda value, at: {
            key: inside(item, f"{at}/{key[:60]}") for key, item in checked(value, at).items()
        }
    if dataclasses.is_dataclass(bare):
        return lambda value, at: read(cast("type[Any]", bare), checked(value, at), at)
    return checked


def _of_choices(kind: Any) -> _Reader:
    null = takes_null(kind)
    choices = [(_fits(one), _reader(one)) for one in choices_of(kind)]

    def read_one(value: Any, at: str) -> Any:
        if value is None and null:
            return None
        found = next((reader for fits, reader in choices if fits(value)), None)
        if found is None and len(choices) > 1:
            raise wrong(at, value, _expected(kind))
        return (found or choices[0][1])(value, at)

    return read_one


def _of_items(kind: Any, checked: _Reader) -> _Reader:
    inside = _reader(get_args(bare_of(kind))[0])
    distinct = bound_of(kind, Size, Size()).distinct

    def read_all(value: Any, at: str) -> tuple[Any, ...]:
        items = tuple(inside(item, f"{at}/{n}") for n, item in enumerate(checked(value, at)))
        if distinct and len(set(map(_spelled, items))) < len(items):
            raise wrong(at, value, problems.ALL_DIFFERENT)
        return items

    return read_all


def _spelled(value: Any) -> str:
    """Give one text for equal values, whatever they hold."""
    return json.dumps(written(value), sort_keys=True)


def _fits(kind: Any) -> _Fits:
    """Make what tells whether a value has the type and the bounds of a kind, its inside aside."""
    bare = bare_of(kind)
    origin = get_origin(bare)
    if bare is Any or own_of(kind):
        return lambda _: True
    if origin is Literal:
        choices = get_args(bare)
        return lambda value: any(type(value) is type(one) and value == one for one in choices)
    if bare is bool:
        return lambda value: isinstance(value, bool)
    if bare is float:
        return _is_number
    if bare is int:
        least, most = (bounds := bound_of(kind, Range, Range())).least, bounds.most
        return lambda value: (
            isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        )
    if bare is str:
        return _text_fits(bound_of(kind, Text, Text()))
    if origin is tuple:
        size = bound_of(kind, Size, Size())
        return lambda value: isinstance(value, list) and size.least <= len(value) <= size.most
    return lambda value: isinstance(value, Mapping)


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and (isinstance(value, int) or math.isfinite(value))


def _text_fits(bounds: Text) -> _Fits:
    longest, empty, raw, iri = bounds.longest, bounds.empty, bounds.raw, bounds.iri
    control = _CONTROL_IN_LINES if bounds.lines else _CONTROL

    def fits(value: Any) -> bool:
        if not isinstance(value, str) or len(value) > longest:
            return False
        if raw:
            return empty or bool(value)
        if not (empty or value.strip()) or (iri and not re.match(IRI, value)):
            return False
        return control.search(value) is None

    return fits


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
