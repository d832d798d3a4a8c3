"""Fields whose text has a form: a DID, a digest, whatever a pattern says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final

from crypto.did_web import Did, document_url
from crypto.errors import VoileError
from crypto.problems import A_DID, A_DIGEST
from crypto.record_errors import wrong
from crypto.record_kinds import As

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
