"""Canonical JSON and digests of it: what two parties can rebuild byte for byte.

Spec: RFC 8785 (JCS). The standard encoder writes the same bytes for values without floats whose
keys sort alike by code point and by UTF-16 unit; everything else goes through ``rfc8785``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from crypto import problems
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from crypto.words import Spoken

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 128
PREFIX: Final = "sha-256:"
_FROZEN: Final = 1  # types that encoders do not know
_RARE: Final = 2  # a float, or keys that sort otherwise in UTF-16

_encode: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


def canonical(value: Any) -> bytes:
    """Write ``value`` as canonical JSON.

    Args:
        value: None, bool, int or float within 2^53, str, sequence or mapping with str keys.

    Raises:
        MalformedError: anything else stands in it, a lone surrogate, or it nests too deep.
    """
    found = _look(value, 0)
    plain = _thawed(value) if found & _FROZEN else value
    try:
        return rfc8785.dumps(plain) if found & _RARE else _encode(plain).encode("utf-8")
    except (UnicodeEncodeError, rfc8785.CanonicalizationError) as error:
        raise _not_json(problems.LONE_SURROGATE) from error


def digest(value: Any) -> str:
    """Give ``sha-256:<hex>`` of the canonical JSON of ``value``."""
    return digest_bytes(canonical(value))


def digest_bytes(data: bytes) -> str:
    """Give ``sha-256:<hex>`` of bytes."""
    return PREFIX + hashlib.sha256(data).hexdigest()


def _look(value: Any, depth: int) -> int:
    """Check types; say whether encoders know all of them, and the standard one is exact."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return 0
    if kind is int:
        if abs(value) > MAX_INTEGER:
            raise _not_json(problems.INTEGER_BEYOND)
        return 0
    # these two first: to ask an abstract class takes as long as to look at a small object
    if kind is list or kind is tuple:
        return _look_at_items(value, depth)
    if kind is dict or isinstance(value, Mapping):
        if depth >= MAX_DEPTH:
            raise _too_deep()
        found = 0 if kind is dict else _FROZEN
        for key, item in value.items():
            if type(key) is not str:
                if not isinstance(key, str):
                    raise _not_json(problems.KEY_NO_STRING)
                found |= _FROZEN
            if not key.isascii() and max(key) >= "\ud800":
                found |= _RARE
            # most are texts, truths or None, and a call costs more than a look
            if (of := type(item)) is not str and of is not bool and item is not None:
                found |= _look(item, depth + 1)
        return found
    if isinstance(value, list | tuple):
        return _FROZEN | _look_at_items(value, depth)
    if isinstance(value, str):  # an enumeration's member: its text
        return _FROZEN
    if isinstance(value, float):
        if not abs(value) <= MAX_INTEGER:
            raise _not_json(problems.NUMBER_BEYOND)
        return _RARE
    raise _not_json(problems.OF_TYPE.of(type=kind.__name__))


def _look_at_items(value: Sequence[Any], depth: int) -> int:
    if depth >= MAX_DEPTH:
        raise _too_deep()
    found = 0
    for item in value:
        if type(item) is not str:
            found |= _look(item, depth + 1)
    return found


def _thawed(value: Any) -> Any:
    """Give a value of plain types that says the same."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {str.__str__(key): _thawed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_thawed(item) for item in value]
    return value


def _too_deep() -> MalformedError:
    return _not_json(problems.MORE_LEVELS.of(most=MAX_DEPTH))


def _not_json(what: Spoken) -> MalformedError:
    return MalformedError(problems.NOT_CANONICAL, what=what)
