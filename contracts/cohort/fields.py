"""Reading the members of a statement, strictly: the known ones, each of its type, none beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from contracts.cohort import problems_fields
from contracts.cohort.errors import malformed
from crypto.did import Did, document_url
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TEXT: Final = 2048
MAX_DECIMAL: Final = 60  # digits
_DIGEST: Final = re.compile(r"(?:hmac-)?sha-256:[0-9a-f]{64}")
_DECIMAL: Final = re.compile(r"0|-?[1-9][0-9]*")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 random bits, base64url
VERSION: Final = 1


class Fields:
    """The members of one statement.

    Args:
        value: what should be an object.
        known: the members it must have, all of them and no other.

    Raises:
        MalformedError: another shape.
    """

    __slots__ = ("_value",)

    def __init__(self, value: object, known: Iterable[str]) -> None:
        names = set(known)
        if not isinstance(value, Mapping) or set(value) != names:
            raise malformed(
                "statement", problems_fields.OBJECT_OF.of(names=", ".join(sorted(names)))
            )
        self._value: Mapping[str, Any] = value

    def version(self, expected: int = VERSION) -> None:
        """Demand a version."""
        if self.whole("v", 0, 1 << 16) != expected:
            raise malformed("v", str(expected))

    def raw(self, name: str) -> Any:
        """Give a member as it is."""
        return self._value[name]

    def text(self, name: str, *, longest: int = MAX_TEXT, empty: bool = False) -> str:
        """Give a text."""
        value = self._value[name]
        if not isinstance(value, str) or len(value) > longest or not (value or empty):
            raise malformed(name, problems_fields.TEXT_UP_TO.of(most=longest))
        return value

    def matching(self, name: str, alphabet: str, length: int) -> str:
        """Give a text of exactly `length` characters out of `alphabet`."""
        value = self._value[name]
        if not isinstance(value, str) or len(value) != length or set(value) - set(alphabet):
            raise malformed(name, problems_fields.TEXT_OUT_OF.of(length=length, alphabet=alphabet))
        return value

    def identifier(self, name: str) -> str:
        """Give 128 bits as 22 characters of base64url."""
        value = self._value[name]
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise malformed(name, problems_fields.ID_BITS)
        return value

    def digest(self, name: str) -> str:
        """Give a digest."""
        return as_digest(self._value[name], name)

    def whole(self, name: str, low: int, high: int) -> int:
        """Give a whole number within bounds."""
        value = self._value[name]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise malformed(name, problems_fields.WHOLE.of(low=low, high=high))
        return value

    def decimal(self, name: str) -> int:
        """Give a whole number of any size, written as a decimal string."""
        value = self._value[name]
        if not isinstance(value, str) or len(value) > MAX_DECIMAL or not _DECIMAL.fullmatch(value):
            raise malformed(name, problems_fields.DECIMAL)
        return int(value)

    def did(self, name: str) -> Did:
        """Give a did:web DID."""
        return as_did(self._value[name], name)

    def items(self, name: str, *, least: int, most: int) -> list[Any]:
        """Give the elements of an array."""
        value = self._value[name]
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise malformed(name, problems_fields.ARRAY.of(least=least, most=most))
        return value

    def texts(self, name: str, *, least: int, most: int, longest: int = 200) -> tuple[str, ...]:
        """Give an array of texts."""
        found = self.items(name, least=least, most=most)
        if any(not isinstance(item, str) or not 0 < len(item) <= longest for item in found):
            raise malformed(name, problems_fields.ARRAY_OF_TEXTS.of(most=longest))
        return tuple(found)


def as_version(value: object) -> object:
    """Give the version that a statement says it is of, to choose how it is read; None if none."""
    return value.get("v") if isinstance(value, Mapping) else None


def as_digest(value: object, name: str) -> str:
    """Take a value that must be a digest."""
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise malformed(name, problems_fields.DIGEST)
    return value


def as_did(value: object, name: str) -> Did:
    """Take a value that must be a did:web DID."""
    try:
        document_url(value if isinstance(value, str) else "", loopback_http=True)
    except VoileError as error:
        raise malformed(name, problems_fields.A_DID) from error
    return Did(str(value))
