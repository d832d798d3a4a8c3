"""What an owner can do, as commands read it: `declared.json`, which follows from the operations.

`python -m connector.compose.describing` writes that file; a test says when it is due.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from crypto.words import Words, verbatim

FILE: Final = Path(__file__).with_name("declared.json")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is sent: a part of the path, of the query or of the body.

    Attributes:
        name: in Python.
        key: in JSON, or in the path.
        place: where it stands.
        required: whether it must be sent.
        schema: its JSON Schema.
        default: what it is when it is left out, where that can be said in one word.
        words: what it is.
    """

    name: str
    key: str
    place: Literal["path", "query", "body"]
    required: bool
    schema: Mapping[str, Any]
    default: Any
    words: Words


@dataclass(frozen=True, slots=True)
class Declared:
    """An operation: its route, what it does, and what is sent."""

    name: str
    method: str
    path: str
    words: Words
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Give a field by its name in Python, None if there is none of this name."""
        return next((each for each in self.fields if each.name == name), None)


@cache
def declared() -> Mapping[str, Declared]:
    """Give all operations of a participant and of a hub, by their names."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: _operation(name, one) for name, one in found.items()}


def _operation(name: str, one: Mapping[str, Any]) -> Declared:
    fields = tuple(map(_field, one["fields"]))
    return Declared(name, one["method"], one["path"], verbatim(one["zh"], one["en"]), fields)


def _field(one: Mapping[str, Any]) -> Field:
    return Field(
        one["name"],
        one["key"],
        one["in"],
        one["required"],
        one["schema"],
        one.get("default"),
        verbatim(one["zh"], one["en"]),
    )
