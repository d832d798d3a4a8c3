"""Bytes to one frozen message, or one error; and back.

Spec: DSP 2025-1 HTTPS binding; voile design dsp.md §1, §3. No JSON-LD is processed: a request
must carry an array of strings with the DSP context in it, others are ignored; an answer may carry
a bare string. A message of ours has exactly the one context.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from contracts.errors import MalformedMessageError
from contracts.messages import problems
from contracts.messages.shapes import malformed
from contracts.messages.table import BY_TYPE, SHAPES
from contracts.messages.types import Message
from crypto import strict_json
from crypto.errors import MalformedError
from crypto.strict_json import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTEXT: Final = "https://w3id.org/dspace/2025/1/context.jsonld"
MAX_BYTES: Final = 1 << 20

M = TypeVar("M", bound=Message)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _attribute(key: str) -> str:
    return _CAPITAL.sub("_", key.lstrip("@")).lower()


_ATTRIBUTES: Final = {
    cls: {key.name: _attribute(key.name) for key in shape.keys} for cls, shape in SHAPES.items()
}


def parse(data: bytes, expected: type[M], *, answer: bool = False) -> M:
    """Read the bytes of one message of a known type.

    Args:
        data: The body as received, at most 1 MiB.
        expected: The class of message that may stand there.
        answer: Whether this is the body of an answer, where a bare context string is taken.

    Raises:
        MalformedMessageError: The bytes are not such a message; names the JSON pointer.
    """
    return of_object(load(data), expected, answer=answer)


def parse_any(data: bytes, *, answer: bool = False) -> Message:
    """Read the bytes of a message of whichever type it says it is."""
    value = load(data)
    named = value.get("@type") if isinstance(value, dict) else None
    if not isinstance(named, str) or named not in BY_TYPE:
        raise malformed("/@type", problems.MESSAGE_TYPE, kind_of(named))
    return of_object(value, BY_TYPE[named], answer=answer)


def load(data: bytes) -> Any:
    """Read strict JSON; what is wrong becomes the one error of this room."""
    try:
        return strict_json.loads(data, max_bytes=MAX_BYTES)
    except MalformedError as error:
        raise MalformedMessageError(problems.NOT_JSON, pointer="/", why=error) from error


def of_object(value: Any, expected: type[M], *, answer: bool = False) -> M:
    """Check a parsed JSON value against the table and freeze it."""
    if not isinstance(value, dict):
        raise malformed("/", problems.A_TYPE.of(type=expected.__name__), kind_of(value))
    _check_context(value, answer=answer)
    if value.get("@type") != expected.__name__:
        got = value.get("@type")
        raise malformed(
            "/@type",
            f"`{expected.__name__}`",
            f"`{got}`" if isinstance(got, str) and got in BY_TYPE else kind_of(got),
        )
    SHAPES[expected](value, "")
    attributes = _ATTRIBUTES[expected]
    values: dict[str, Any] = {
        attributes[key]: tuple(item) if isinstance(item, list) else item
        for key, item in value.items()
        if key in attributes
    }
    values["extra"] = {
        key: item
        for key, item in value.items()
        if key not in attributes and key not in ("@context", "@type")
    }
    return expected(**values)


def _check_context(value: Mapping[str, Any], *, answer: bool) -> None:
    context = value.get("@context")
    if answer and context == CONTEXT:
        return
    if not isinstance(context, list) or not all(isinstance(item, str) for item in context):
        raise malformed("/@context", problems.STRINGS, kind_of(context))
    if CONTEXT not in context:
        raise malformed("/@context", problems.AMONG_THEM.of(context=CONTEXT), problems.OTHERS)


def to_object(message: Message) -> dict[str, Any]:
    """Write a message as the JSON object that goes on the wire; empty parts are left out."""
    cls = type(message)
    body: dict[str, Any] = {"@context": [CONTEXT], "@type": cls.__name__}
    for key, attribute in _ATTRIBUTES[cls].items():
        value = getattr(message, attribute)
        if value is None or value == ():
            continue
        body[key] = list(value) if isinstance(value, tuple) else value
    body.update(message.extra)
    return body


def encode(message: Message) -> bytes:
    """Write a message as compact UTF-8 JSON, after checking that we keep to the table ourselves."""
    return json.dumps(check(message), ensure_ascii=False, separators=(",", ":")).encode()


def check(message: Message) -> dict[str, Any]:
    """Give a message as a JSON object, after checking that we keep to the table ourselves."""
    body = to_object(message)
    SHAPES[type(message)](body, "")
    return body


def _check_table() -> None:
    for cls, attributes in _ATTRIBUTES.items():
        declared = {item.name for item in fields(cast("Any", cls))} - {"extra"}
        if set(attributes.values()) | {"id"} != declared | {"id"}:
            raise AssertionError(f"{cls.__name__}: the table and the class differ")


_check_table()
