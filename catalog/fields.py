"""Reading the fields of a parsed JSON object, strictly: each has a type, a bound and a name.

Every error names the field by its JSON pointer, what was expected and what came instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from crypto.did import Did, document_url
from crypto.errors import VoileError
from crypto.problems import (
    A_DID,
    A_WHOLE_NUMBER,
    AN_ARRAY,
    AN_OBJECT,
    NO_CONTROL,
    NO_SUCH_FIELD,
    ONE_OF,
    TEXT_OF,
)
from crypto.record_errors import wrong

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TEXT: Final = 500  # characters of a name or an identifier
MAX_INSTANT: Final = 253_402_300_799  # unix seconds: the end of the year 9999


class Fields:
    """The fields of one JSON object.

    Args:
        value: what should be an object.
        pointer: where it stands, as a JSON pointer.
        known: if given, any other key is refused by name.

    Raises:
        MalformedError: it is no object, or has a key that is not known.
    """

    __slots__ = ("_pointer", "_value")

    def __init__(
        self, value: Any, pointer: str = "", *, known: Iterable[str] | None = None
    ) -> None:
        if not isinstance(value, Mapping):
            raise wrong(pointer or "/", value, AN_OBJECT)
        self._value = value
        self._pointer = pointer
        if known is not None and (extra := sorted(set(value) - set(known))):
            raise wrong(f"{pointer}/{extra[0][:60]}", value[extra[0]], NO_SUCH_FIELD)

    def at(self, name: str) -> str:
        """Give the JSON pointer of a field."""
        return f"{self._pointer}/{name}"

    def has(self, name: str) -> bool:
        """Tell whether the field is there."""
        return name in self._value

    def names(self) -> tuple[str, ...]:
        """Give the names of all fields."""
        return tuple(self._value)

    def raw(self, name: str) -> Any:
        """Give a field as it is; None if it is missing."""
        return self._value.get(name)

    def inner(self, name: str, *, known: Iterable[str] | None = None) -> Fields:
        """Give the fields of an object inside."""
        return Fields(self._value.get(name), self.at(name), known=known)

    def text(
        self, name: str, *, longest: int = MAX_TEXT, empty: bool = False, lines: bool = False
    ) -> str:
        """Give a line of text without control characters.

        Args:
            name: the field.
            longest: the most characters it may have.
            empty: whether it may be empty.
            lines: whether it may have several lines.
        """
        value = self._value.get(name)
        if not isinstance(value, str) or len(value) > longest or not (value.strip() or empty):
            raise wrong(self.at(name), value, TEXT_OF.of(most=longest))
        allowed = "\t\n" if lines else ""
        if any((ord(c) < 0x20 and c not in allowed) or ord(c) == 0x7F for c in value):
            raise wrong(self.at(name), value, NO_CONTROL)
        return value

    def exactly(self, name: str, expected: str) -> str:
        """Give a text that must be this one."""
        value = self._value.get(name)
        if value != expected:
            raise wrong(self.at(name), value, f"`{expected}`")
        return expected

    def one_of(self, name: str, choices: Iterable[str]) -> str:
        """Give a text that is one of a few."""
        value = self._value.get(name)
        listed = tuple(choices)
        if not isinstance(value, str) or value not in listed:
            raise wrong(self.at(name), value, ONE_OF.of(known=listed))
        return value

    def integer(self, name: str, low: int, high: int) -> int:
        """Give a whole number within bounds."""
        value = self._value.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wrong(self.at(name), value, A_WHOLE_NUMBER.of(least=low, most=high))
        return value

    def instant(self, name: str) -> int:
        """Give a moment in whole unix seconds."""
        return self.integer(name, 0, MAX_INSTANT)

    def did(self, name: str) -> Did:
        """Give a did:web DID."""
        return as_did(self._value.get(name), self.at(name))

    def items(self, name: str, *, longest: int, least: int = 0) -> tuple[Any, ...]:
        """Give the elements of an array."""
        value = self._value.get(name)
        if not isinstance(value, list | tuple) or not least <= len(value) <= longest:
            raise wrong(self.at(name), value, AN_ARRAY.of(least=least, most=longest))
        return tuple(value)


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
