"""Writing a record as JSON."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

from crypto.record_kinds import bare_of, choices_of, fields_of, own_of


def write(record: object) -> dict[str, Any]:
    """Write a record as a JSON object; a field that holds its default None is left out."""
    made: dict[str, Any] = {}
    for each in fields_of(type(record)):
        value = getattr(record, each.name)
        if value is None and not each.required:
            continue
        told = _written_as(each.kind, value)
        made |= told if each.more else {each.key: told}
    return made


def _written_as(kind: Any, value: Any) -> Any:
    if own := own_of(kind):
        return own.write(value)
    bare = bare_of(kind)
    origin = get_origin(bare)
    if origin is tuple and own_of(get_args(bare)[0]):
        return [_written_as(get_args(bare)[0], item) for item in value]
    if origin in (Union, types.UnionType) and value is not None:
        (first, *others) = choices_of(kind)
        return written(value) if others else _written_as(first, value)
    return written(value)


def written(value: Any) -> Any:
    """Write a value that may hold records."""
    if dataclasses.is_dataclass(value):
        return write(value)
    if isinstance(value, tuple | list):
        return [written(item) for item in value]
    if isinstance(value, Mapping):
        return {key: written(item) for key, item in value.items()}
    return value
