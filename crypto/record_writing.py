"""Writing a record as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from crypto.record_kinds import bare_of, fields_of, own_of


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
    inner = get_args(bare_of(kind))
    if get_origin(bare_of(kind)) is tuple and own_of(inner[0]):
        return [_written_as(inner[0], item) for item in value]
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
