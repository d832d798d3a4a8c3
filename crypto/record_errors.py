"""The error for a field that is not what it should be: by its JSON pointer (RFC 6901)."""

from __future__ import annotations

from crypto.errors import MalformedError


def wrong(pointer: str, value: object, expected: str) -> MalformedError:
    """Make the error for one field.

    Args:
        pointer: JSON pointer of the field.
        value: what came.
        expected: what should have come.
    """
    got = shown(value)
    return MalformedError(
        f"field `{pointer}`: expected {expected}, got {got}",
        code="field-wrong",
        next_step=f"correct `{pointer}`",
        pointer=pointer,
        expected=expected,
        got=got,
    )


def shown(value: object) -> str:
    """Say what came, in few words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"`{str(value)[:60]}`"
        case str():
            return f"`{value[:60]}`"
        case _:
            return f"a JSON {'array' if isinstance(value, list | tuple) else 'object'}"
