"""The OpenAPI document of a node's management listener, from the operations of its areas.

Spec: OpenAPI 3.1.1, whose schemas are JSON Schema 2020-12. What OpenAPI has no word for stands in
`x-voile-…`: the words in Chinese, the roles that may, those of a second person, the leaf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.party.gate import HELD, MEDIA
from connector.party.operation import JSON, Nothing
from crypto.record_kinds import fields_of, words_of
from crypto.record_schema import schema, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.party.operation import Operation
    from crypto.words import Words

VERSION: Final = "3.1.1"
MAJOR: Final = "1"  # of the API: `/v1` stays what it is
_WAITS: Final = "kept until a second person agrees, where four eyes are in force"
_SCHEME: Final = "managementKey"
_ERROR: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "next"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "next": {"type": "string"},
                "params": {"type": "object"},
                "reasons": {"type": "array", "items": {"type": "object"}},
            },
        }
    },
}


def document(operations: Iterable[Operation], *, title: str) -> dict[str, Any]:
    """Write the document.

    Args:
        operations: of all areas, in their order.
        title: of the document.
    """
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": VERSION,
        "info": {
            "title": title,
            "version": MAJOR,
            "description": "The owner's own API, on the management listener.",
        },
        "security": [{_SCHEME: []}],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "securitySchemes": {_SCHEME: {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": _ERROR, "Held": HELD},
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.words.en,
        "x-voile-summary-zh": operation.words.zh,
        "x-voile-may": sorted(operation.may),
        "responses": {
            str(operation.status): _answer(operation),
            "default": {
                "description": "an error: `code` is stable, `next` says what to do",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    if operation.approval is not None:
        made["x-voile-approval"] = sorted(operation.approval)
        waits = made["responses"].setdefault("202", {"description": _WAITS, "content": {}})
        waits["content"][MEDIA] = {"schema": {"$ref": "#/components/schemas/Held"}}
    if operation.approval_when is not None:
        made["x-voile-approval-when"] = operation.approval_when.en
    if operation.hands_over:
        made["x-voile-hands-over"] = True
    if operation.leaf is not None:
        made["x-voile-leaf"] = operation.leaf
    if parameters := _parameters(operation):
        made["parameters"] = parameters
    if operation.body is not Nothing:
        made["requestBody"] = {
            "required": any(each.required for each in fields_of(operation.body)),
            "content": {JSON: {"schema": schema(operation.body)}},
        }
    return made


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            **_words(operation.named.get(name)),
        }
        for name in operation.parts
    ]
    return found + [
        {
            "name": each.key,
            "in": "query",
            "required": each.required,
            "schema": schema_of(each.kind),
            **_words(words_of(each.kind)),
        }
        for each in fields_of(operation.query)
    ]


def _words(words: Words | None) -> dict[str, str]:
    return {"description": words.en} if words else {}


def _answer(operation: Operation) -> dict[str, Any]:
    if operation.reply is not None:
        content = {operation.media: {"schema": schema(operation.reply)}}
    elif operation.media == JSON:
        content = {JSON: {"schema": {"type": "object"}}}
    else:
        content = {operation.media: {"schema": {"type": "string"}}}
    return {"description": operation.words.en, "content": content}
