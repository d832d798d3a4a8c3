"""Base64url without padding, one text for each byte string.

Spec: RFC 7515 §2, RFC 4648 §5. Python's decoders skip foreign characters and take trailing bits;
here a text is decoded, encoded again and compared.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from crypto import problems
from crypto.errors import MalformedError

# in the standard library these are two calls more for each text, and there are 30 in a request
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")


def b64url(data: bytes) -> str:
    """Encode as base64url without padding."""
    text = binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL)
    return text.decode("ascii")


def unb64url(text: str) -> bytes:
    """Decode base64url without padding.

    Raises:
        MalformedError: a character outside the alphabet, padding, or a form that is not canonical.
    """
    try:
        raw = text.encode("ascii").translate(_FROM_URL)
        data = binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
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
