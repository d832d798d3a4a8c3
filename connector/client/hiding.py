"""A token of ours cut out of what somebody answered: whoever got it may write it back to us."""

from __future__ import annotations

from typing import Any, Final

MARK: Final = "…"
# a shorter one is no secret, and cut out it would take other words with it
LEAST: Final = 8


def without(found: Any, token: str) -> Any:
    """Give parsed JSON without a token in any of its texts, names included."""
    if len(token) < LEAST:
        return found
    if isinstance(found, str):
        return found.replace(token, MARK)
    if isinstance(found, dict):
        return {without(name, token): without(value, token) for name, value in found.items()}
    if isinstance(found, list | tuple):
        return [without(one, token) for one in found]
    return found


def without_in_bytes(data: bytes, token: str) -> bytes:
    """Give what was answered without a token that stands in it as it is."""
    plain = token.encode()
    return data.replace(plain, MARK.encode()) if len(plain) >= LEAST and plain in data else data
