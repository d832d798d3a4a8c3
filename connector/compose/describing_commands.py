"""What the command line reads of the operations: `connector/faces/cli/declared.json`.

A command and its help import neither areas nor engines: they read this. `describing` writes it.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crypto.record_kinds import fields_of, words_of
from crypto.record_schema import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.party.operation import Operation
    from crypto.words import Words

FILE: Final = Path(__file__).resolve().parents[1] / "faces" / "cli" / "declared.json"


def written(operations: Iterable[Operation]) -> str:
    """Write the file.

    Args:
        operations: those of a participant and of a hub.
    """
    found = {one.name: _operation(one) for one in operations}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _operation(one: Operation) -> dict[str, Any]:
    parts = [
        {"name": name, "key": name, "in": "path", "required": True, "schema": {"type": "string"}}
        | _words(one.named[name])
        for name in one.parts
    ]
    return {
        "method": one.method,
        "path": one.path,
        **_words(one.words),
        "may": sorted(one.may),
        "fields": [*parts, *_fields(one.query, "query"), *_fields(one.body, "body")],
    }


def _fields(record: type[Any], place: str) -> Iterable[dict[str, Any]]:
    usual = {each.name: each.default for each in dataclasses.fields(record)}
    for each in fields_of(record):
        made = {"name": each.name, "key": each.key, "in": place, "required": each.required}
        made["schema"] = schema_of(each.kind)
        if isinstance(default := usual[each.name], int | str) and default:
            made["default"] = default
        yield made | _words(words_of(each.kind))


def _words(words: Words | None) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en} if words else {}
