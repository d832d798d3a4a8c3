"""Fields whose text has a form: a DID, a digest, whatever a pattern says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from crypto.did_web import Did, document_url
from crypto.errors import VoileError
from crypto.problems import A_DID, A_DIGEST
from crypto.record_errors import wrong
from crypto.record_kinds import As, More, Range, Text

if TYPE_CHECKING:
    from crypto.words import Spoken


def like(pattern: str, expected: Spoken) -> As:
    """Make the kind of a text that matches a pattern as a whole."""
    form = re.compile(pattern)

    def read(value: Any, at: str) -> str:
        if not isinstance(value, str) or not form.fullmatch(value):
            raise wrong(at, value, expected)
        return value

    return As(read, expected=expected)


def as_did(value: object, pointer: str) -> Did:
    """Take a value that must be a did:web DID.

    Raises:
        MalformedError: it is something else.
    """
    if not isinstance(value, str):
        raise wrong(pointer, value, A_DID)
    try:
        document_url(value, loopback_http=True)
    except VoileError as error:
        raise wrong(pointer, value, A_DID) from error
    return Did(value)


Party = Annotated[Did, As(as_did, expected=A_DID)]
DIGEST: Final = like(r"(?:hmac-)?sha-256:[0-9a-f]{64}", A_DIGEST)
Digest = Annotated[str, DIGEST]
MAX_INSTANT: Final = 253_402_300_799  # unix seconds: the end of the year 9999
Instant = Annotated[int, Range(0, MAX_INSTANT)]  # whole unix seconds
Name64 = Annotated[str, Text(64)]
Name200 = Annotated[str, Text(200)]
Line = Annotated[str, Text()]
Others = Annotated[Mapping[str, Any], More()]  # what a document has besides, unread
