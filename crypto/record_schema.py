"""The JSON Schema of a record, from the same annotations that `records.read` reads by.

Spec: JSON Schema 2020-12.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Literal, Union, cast, get_args, get_origin

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
    words_of,
)


def schema(record: type[Any]) -> dict[str, Any]:
    """Give the JSON Schema of a record, with what is inside it written out."""
    fields = fields_of(record)
    made: dict[str, Any] = {
        "type": "object",
        "properties": {each.key: described(each.kind) for each in fields if not each.more},
        "additionalProperties": False,
    }
    for each in fields:
        if each.more:
            made["additionalProperties"] = schema_of(get_args(bare_of(each.kind))[1])
    if required := [each.key for each in fields if each.required]:
        made["required"] = required
    return made


def described(kind: Any) -> dict[str, Any]:
    """Give the JSON Schema of a field, with its words if it has some: in English, as schemas go."""
    words = words_of(kind)
    return schema_of(kind) | ({"description": words.en} if words else {})


def schema_of(kind: Any) -> dict[str, Any]:
    """Give the JSON Schema of one type with its bounds; of what is our own, nothing is said."""
    if own_of(kind):
        return {}
    bare = bare_of(kind)
    origin = get_origin(bare)
    if bare is Any:
        return {}
    if origin in (Union, types.UnionType):
        null = [{"type": "null"}] if takes_null(kind) else []
        return {"anyOf": [schema_of(one) for one in choices_of(kind)] + null}
    if origin is Literal:
        return {"enum": list(get_args(bare))}
    if bare is bool:
        return {"type": "boolean"}
    if bare is float:
        return {"type": "number"}
    if bare is int:
        bounds = bound_of(kind, Range, Range())
        return {"type": "integer", "minimum": bounds.least, "maximum": bounds.most}
    if bare is str:
        text = bound_of(kind, Text, Text())
        return (
            {"type": "string", "maxLength": text.longest}
            | ({} if text.empty else {"minLength": 1})
            | ({"format": "iri", "pattern": IRI} if text.iri else {})
        )
    if origin is tuple:
        size = bound_of(kind, Size, Size())
        made = {"type": "array", "items": schema_of(get_args(bare)[0]), "maxItems": size.most}
        made |= {"minItems": size.least} if size.least else {}
        return made | ({"uniqueItems": True} if size.distinct else {})
    if origin is Mapping:
        return {"type": "object", "additionalProperties": schema_of(get_args(bare)[1])}
    return schema(cast("type[Any]", bare))
