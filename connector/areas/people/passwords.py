"""Passwords: what one must be, and argon2id, two at a time so that a flood does not eat memory."""

from __future__ import annotations

import re
import threading
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from connector.areas.people import problems
from connector.process.errors import BadRequest, TooMany

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST: Final = 12  # characters
MOST: Final = 200
KINDS: Final = 3  # of five: small, capital, digit, letter without case, anything else
AT_ONCE: Final = 2
WAIT_SECONDS: Final = 10.0
# beyond the 19 MiB and two rounds that OWASP asks for at the least
MEMORY_KIB: Final = 32 * 1024
ROUNDS: Final = 3
LANES: Final = 1
# of a password that nobody knows: what an unknown name is held against takes as long
DUMMY: Final = (
    "$argon2id$v=19$m=32768,t=3,p=1$w7pxA96TJQRKPbwqBZHyYQ"
    "$bsFb53SPtGPCHpgT27Zo9GUoZbnjEZy+VVRtGNZdJ8g"
)
_READS: Final = str.maketrans("0134578@$!", "oieastbasi")  # how letters are disguised
_LETTERS: Final = re.compile(r"[^a-z]")
_COMMON: Final = frozenset(
    """
    password passwort passphrase secret login default changeme letmein welcome iloveyou woaini mima
    qwerty qwertyuiop qwertz asdfgh asdfghjkl zxcvbn qazwsx qazwsxedc abc abcd abcdef abcdefg
    admin admins administrator root superuser user guest test tester testing
    voile connector dataspace
    """.split()  # noqa: SIM905 -- words, not a list of quoted ones
)
_LEAST_DISTINCT: Final = 5


def normal(password: str) -> bytes:
    """Give the bytes of a password, whichever keyboard it was typed on."""
    text = unicodedata.normalize("NFKC", password[: 5 * MOST])
    return text.encode("utf-8", "surrogatepass")


def check(password: str, name: str) -> None:
    """See that a password may be one.

    Args:
        password: what was chosen.
        name: of the person.

    Raises:
        BadRequest: it is too short or long, of too few kinds of characters, the name, or common.
    """
    text = unicodedata.normalize("NFKC", password)
    if not LEAST <= len(text) <= MOST:
        raise BadRequest(problems.PASSWORD_LENGTH, least=LEAST, most=MOST)
    if len({_kind(each) for each in text}) < KINDS:
        raise BadRequest(problems.PASSWORD_KINDS, kinds=KINDS)
    folded, own = text.casefold(), unicodedata.normalize("NFKC", name).casefold()
    if own in folded and len(own) * 2 >= len(folded):
        raise BadRequest(problems.PASSWORD_COMMON)
    plain = _LETTERS.sub("", folded)
    read = _LETTERS.sub("", folded.rstrip("0123456789!").translate(_READS))
    if len(set(folded)) < _LEAST_DISTINCT or _is_common(plain) or _is_common(read):
        raise BadRequest(problems.PASSWORD_COMMON)


def _is_common(letters: str) -> bool:
    """Say whether letters are one common word, or one said again and again."""
    return any(
        letters == word * (len(letters) // len(word)) for word in _COMMON if len(letters) > 2
    )


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.islower():
        return "small"
    if character.isupper():
        return "capital"
    return "letter" if character.isalpha() else "other"


class Hashing:
    """argon2id for one node."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._importing = threading.Lock()  # by two threads at once, one may see half of it
        self._made: Any = None
        self.dummy = DUMMY
        self.verified = 0  # how many were held against a hash

    def hash(self, password: str) -> str:
        """Give the encoded hash of a password.

        Raises:
            TooMany: others are hashed, and it takes too long until they are done.
        """
        with self._turn() as hasher:
            encoded: str = hasher.hash(normal(password))
            return encoded

    def verify(self, encoded: str, password: str) -> bool:
        """Hold a password against a hash; without one, against one that nothing matches.

        Raises:
            TooMany: as of `hash`.
        """
        with self._turn() as hasher:
            from argon2.exceptions import VerificationError

            self.verified += 1
            try:
                hasher.verify(encoded or self.dummy, normal(password))
            except VerificationError:
                return False
            return bool(encoded)

    @contextmanager
    def _turn(self) -> Iterator[Any]:
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise TooMany(problems.TRIES)
        try:
            yield self._hasher()
        finally:
            self._turns.release()

    def _hasher(self) -> Any:
        with self._importing:
            if self._made is None:
                from argon2 import PasswordHasher

                self._made = PasswordHasher(
                    time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES
                )
            return self._made
