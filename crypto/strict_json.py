r"""JSON from a stranger: one meaning or one error.

Refused: more bytes or depth than allowed, bytes that are not UTF-8, duplicate keys, ``NaN`` and
infinities, lone surrogates, numbers beyond 2^53. Size and depth are checked before anything is
parsed. Spec: RFC 8259, voile design dsp.md §1, evidence.md §7.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, Final

from crypto.errors import MalformedError

MAX_INTEGER: Final = 2**53 - 1  # what a double, and so RFC 8785, holds exactly

# A string is taken whole, also an open one, so that brackets in it do not count: linear time.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_MAX_DIGITS: Final = 17  # sign and 16 digits


def loads(data: bytes, *, max_bytes: int = 1 << 20, max_depth: int = 64) -> Any:
    """Parse one JSON text.

    Args:
        data: the bytes, UTF-8 without a byte-order mark.
        max_bytes: cap on their number.
        max_depth: how deep arrays and objects may be nested.

    Raises:
        MalformedError: any of the rules above is broken.
    """
    if len(data) > max_bytes:
        raise _malformed(f"expected at most {max_bytes} bytes, got {len(data)}", "json-too-large")
    if data.count(b"[") + data.count(b"{") > max_depth:
        _check_depth(data, max_depth)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed(f"not UTF-8 at byte {error.start}", "json-not-utf-8") from error
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _malformed(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg.lower()}",
            "json-syntax",
        ) from error
    if _SURROGATE_ESCAPE.search(data):
        _check_surrogates(value)
    return value


def _check_depth(data: bytes, max_depth: int) -> None:
    depth = 0
    for byte in _STRING.sub(b"", data).translate(None, _NO_BRACKETS):
        if byte in b"[{":
            depth += 1
            if depth > max_depth:
                raise _malformed(f"nested deeper than {max_depth}", "json-too-deep")
        else:
            depth -= 1


def _check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise _malformed("a lone surrogate in a string", "json-surrogate") from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        times_of = Counter(key for key, _ in pairs)
        twice = next(key for key, times in times_of.items() if times > 1)
        raise _malformed(f"the key {_quoted(twice)} stands twice in one object", "json-duplicate")
    return value


def kind(value: Any) -> str:
    """Name the JSON kind of a value without showing it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "an empty string" if not value else "a string"
    return "an array" if isinstance(value, list | tuple) else "an object"


def _integer(text: str) -> int:
    value = int(text) if len(text) <= _MAX_DIGITS else MAX_INTEGER + 1
    if abs(value) > MAX_INTEGER:
        raise _malformed("an integer beyond 2^53; write it as a string", "json-integer")
    return value


def _float(text: str) -> float:
    value = float(text)
    if not abs(value) <= MAX_INTEGER:  # beyond it every double is an integer, or infinite
        raise _malformed("a number beyond 2^53; write it as a string", "json-number")
    return value


def _constant(text: str) -> Any:
    raise _malformed(f"`{text}` is not JSON", "json-constant")


def _quoted(key: str) -> str:
    return "`" + key[:64].encode("ascii", "backslashreplace").decode("ascii") + "`"


def _malformed(what: str, code: str) -> MalformedError:
    return MalformedError(
        f"malformed JSON: {what}", code=code, next_step="send plain RFC 8259 JSON"
    )


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_constant,
)
