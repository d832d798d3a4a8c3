"""Base64url without padding, one text for each byte string.

Spec: RFC 7515 §2, RFC 4648 §5. Python's decoders skip foreign characters and take trailing bits;
here a text is decoded, encoded again and compared.
"""

from __future__ import annotations

import base64
import binascii

from crypto import problems
from crypto.errors import MalformedError


def b64url(data: bytes) -> str:
    """Encode as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64url(text: str) -> bytes:
    """Decode base64url without padding.

    Raises:
        MalformedError: a character outside the alphabet, padding, or a form that is not canonical.
    """
    try:
        raw = text.encode("ascii")
        data = base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        raise _not_base64url(text) from error
    if b64url(data) != text:
        raise _not_base64url(text)
    return data


def b64(data: bytes) -> str:
    """Encode as standard base64 with padding, as notes write it."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Decode standard base64 with padding.

    Raises:
        MalformedError: a foreign character, missing padding, or a form that is not canonical.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise _not_base64url(text) from error
    if b64(data) != text:
        raise _not_base64url(text)
    return data


def _not_base64url(text: str) -> MalformedError:
    return MalformedError(problems.BASE64, count=len(text))
