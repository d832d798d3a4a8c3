"""The error for a field that is not what it should be: by its JSON pointer (RFC 6901)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto import problems
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from crypto.words import Words


def wrong(pointer: str, value: object, expected: object) -> MalformedError:
    """Make the error for one field.

    Args:
        pointer: JSON pointer of the field.
        value: what came.
        expected: what should have come: a text, or words in both languages.
    """
    got = shown(value)
    return MalformedError(problems.FIELD_WRONG, pointer=pointer, expected=expected, got=got)


def shown(value: object) -> str | Words:
    """Say what came, in few words."""
    match value:
        case None:
            return problems.NOTHING
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"`{str(value)[:60]}`"
        case str():
            return f"`{value[:60]}`"
        case _:
            is_array = isinstance(value, list | tuple)
            return problems.A_JSON_ARRAY if is_array else problems.A_JSON_OBJECT
