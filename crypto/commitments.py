"""Salted commitments: binding now, opened later to whom one likes.

HMAC-SHA-256 under a random 32-byte salt over canonical JSON: without the salt nothing can be tried
out, however few values there are.
"""

from __future__ import annotations

import hmac
from typing import Any, Final

from crypto import problems_signatures as problems
from crypto.canonical import canonical
from crypto.errors import VerificationError

SALT_BYTES: Final = 32
PREFIX: Final = "hmac-sha-256:"


def commit(salt: bytes, value: Any) -> str:
    """Commit to a JSON value.

    Args:
        salt: 32 random bytes, fresh for each commitment.
        value: anything `crypto.canonical` can write.
    """
    return commit_canonical(salt, canonical(value))


def commit_canonical(salt: bytes, data: bytes) -> str:
    """Commit to a JSON value that is written in canonical form already; see `commit`."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"expected a salt of {SALT_BYTES} bytes, got {len(salt)}")
    return PREFIX + hmac.digest(salt, data, "sha256").hex()


def check(commitment: str, *, salt: bytes, value: Any) -> None:
    """Check that salt and value open a commitment.

    Raises:
        VerificationError: they do not.
    """
    holds = len(salt) == SALT_BYTES and hmac.compare_digest(
        commit(salt, value).encode(), commitment.encode()
    )
    if not holds:
        raise VerificationError(problems.COMMITMENT)
