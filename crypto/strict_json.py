r"""JSON from a stranger: one meaning or one error.

Refused: more bytes or depth than allowed, bytes that are not UTF-8, duplicate keys, ``NaN`` and
infinities, lone surrogates, numbers beyond 2^53. Size and depth are checked before anything is
parsed. Spec: RFC 8259, voile design dsp.md §1, evidence.md §7.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from crypto import problems
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from crypto.words import Words

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
        raise MalformedError(problems.JSON_TOO_LARGE, most=max_bytes, got=len(data))
    if data.count(b"[") + data.count(b"{") > max_depth:
        _check_depth(data, max_depth)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(problems.JSON_NOT_UTF8, place=error.start) from error
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedError(
            problems.JSON_SYNTAX, line=error.lineno, column=error.colno, why=error.msg.lower()
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
                raise MalformedError(problems.JSON_TOO_DEEP, most=max_depth)
        else:
            depth -= 1


def _check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise MalformedError(problems.JSON_SURROGATE) from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        times_of = Counter(key for key, _ in pairs)
        twice = next(key for key, times in times_of.items() if times > 1)
        raise MalformedError(problems.JSON_DUPLICATE, key=_quoted(twice))
    return value


def kind_of(value: Any) -> Words:
    """Name the JSON kind of a value without showing it."""
    if value is None:
        return problems.NULL
    if isinstance(value, bool):
        return problems.A_BOOLEAN
    if isinstance(value, int | float):
        return problems.A_NUMBER
    if isinstance(value, str):
        return problems.A_STRING if value else problems.AN_EMPTY_STRING
    return problems.A_JSON_LIST if isinstance(value, list | tuple) else problems.AN_OBJECT


def kind(value: Any) -> str:
    """Name the JSON kind of a value in English, for what is stored."""
    return kind_of(value).en


def _integer(text: str) -> int:
    value = int(text) if len(text) <= _MAX_DIGITS else MAX_INTEGER + 1
    if abs(value) > MAX_INTEGER:
        raise MalformedError(problems.JSON_INTEGER)
    return value


def _float(text: str) -> float:
    value = float(text)
    if not abs(value) <= MAX_INTEGER:  # beyond it every double is an integer, or infinite
        raise MalformedError(problems.JSON_NUMBER)
    return value


def _constant(text: str) -> Any:
    raise MalformedError(problems.JSON_CONSTANT, text=text)


def _quoted(key: str) -> str:
    return "`" + key[:64].encode("ascii", "backslashreplace").decode("ascii") + "`"


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_constant,
)
