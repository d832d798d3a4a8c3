"""Canonical JSON and digests of it: what two parties can rebuild byte for byte.

Spec: RFC 8785 (JCS). The standard encoder writes the same bytes for values without floats whose
keys sort alike by code point and by UTF-16 unit; everything else goes through ``rfc8785``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import rfc8785

from crypto.errors import MalformedError

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 128
PREFIX: Final = "sha-256:"

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
    plain, simple = _plain(value, 0)
    try:
        return _encode(plain).encode("utf-8") if simple else rfc8785.dumps(plain)
    except (UnicodeEncodeError, rfc8785.CanonicalizationError) as error:
        raise _not_json("a lone surrogate") from error


def digest(value: Any) -> str:
    """Give ``sha-256:<hex>`` of the canonical JSON of ``value``."""
    return digest_bytes(canonical(value))


def digest_bytes(data: bytes) -> str:
    """Give ``sha-256:<hex>`` of bytes."""
    return PREFIX + hashlib.sha256(data).hexdigest()


def _plain(value: Any, depth: int) -> tuple[Any, bool]:
    """Check types, thaw mappings and sequences, say whether the standard encoder is exact."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value, True
    if kind is int:
        if abs(value) > MAX_INTEGER:
            raise _not_json("an integer beyond 2^53")
        return value, True
    if depth >= MAX_DEPTH:
        raise _not_json(f"more than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        simple = True
        thawed: dict[str, Any] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise _not_json("a key that is not a string")
            thawed[str(key)], exact = _plain(item, depth + 1)
            simple = simple and exact and (key.isascii() or max(key) < "\ud800")
        return thawed, simple
    if isinstance(value, list | tuple):
        items = [_plain(item, depth + 1) for item in value]
        return [item for item, _ in items], all(exact for _, exact in items)
    if isinstance(value, str):  # an enumeration's member: its text
        return str.__str__(value), True
    if isinstance(value, float):
        if not abs(value) <= MAX_INTEGER:
            raise _not_json("a number that is not finite or beyond 2^53")
        return value, False
    raise _not_json(f"a {kind.__name__}")


def _not_json(what: str) -> MalformedError:
    return MalformedError(
        f"no canonical JSON for {what}",
        code="json-canonical",
        next_step="use strings, integers within 2^53, booleans, lists and objects",
    )
