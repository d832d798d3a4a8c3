"""Acknowledgements: a party's signed promise that the leaf of a message stands in its log.

Who takes a message answers with *which* leaf of its log tells of it: the message's mark, the leaf's
index and its hash, and the log by its key; and the newest leaf before it, if there is one, in which
the operator took an older copy for the newest. The signature is a detached JWS of type
``voile-ack+jws`` over these, made with the agreements key. The mark is not sent: who sent the
message makes it again, so that a promise about another message does not hold.

From then on a log of that key whose leaf at that index is another breaks the promise, whether
anybody has seen a head of it or not.
Spec: voile design evidence.md §2.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from contracts import problems
from crypto import jws as jws_format
from crypto import strict_json
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from crypto.record_texts import like
from crypto.records import Range, Text, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.keys import PublicKey, SigningKey
    from crypto.words import Words

TYPE: Final = "voile-ack+jws"
HEADER: Final = "Voile-Ack"
MAX_BYTES: Final = 1536  # of one: a DID may have 512 characters
MOST: Final = 4  # beside one answer
APART_SECONDS: Final = 300  # of its time from ours, when it comes
STATEMENT_KEY: Final = b"voile-statement-v1"  # no secret: leaves name the digest
_SIZE: Final = 2**53  # what the index of a leaf is below
_INDEX = re.compile(r"0|[1-9][0-9]{0,15}")
_HASH = re.compile(r"[0-9a-f]{64}")
_MARK = re.compile(r"hmac-sha-256:[0-9a-f]{64}")
_LOG = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised.

    Attributes:
        log: thumbprint of the key of the log.
        corr: mark of the message, or of the statement that it was.
        index: of its leaf.
        hash: of its leaf, hexadecimal.
        accepted: hash of the newest leaf ``HEAD_ACCEPTED`` that is in force, hexadecimal; empty if
            there is none. Not its index: the same copy restored twice has another at the same one.
    """

    log: str
    corr: str
    index: int
    hash: str
    accepted: str = ""

    def payload(self) -> bytes:
        """Give the bytes that are signed."""
        return canonical(self.members())

    def members(self) -> dict[str, Any]:
        """Give these as members of JSON: `accepted` is left out where there is none."""
        told = {"corr": self.corr, "hash": self.hash, "index": self.index, "log": self.log}
        return told | {"accepted": self.accepted} if self.accepted else told


def statement_mark(digest: str) -> str:
    """Give the mark of a signed statement, where two parties share no key of a process.

    Args:
        digest: as leaves name it, of the statement as signed.
    """
    return f"hmac-sha-256:{hmac.digest(STATEMENT_KEY, digest.encode(), 'sha256').hex()}"


@dataclass(frozen=True, slots=True)
class Ack:
    """A promise with its signature; nothing of it is verified yet."""

    promised: Promised
    jws: str


def make_ack(promised: Promised, *, key: SigningKey, kid: str, now: int) -> Ack:
    """Sign a promise.

    Args:
        promised: of a leaf in the same transaction: it may leave only once that is durable.
        key: our agreements key.
        kid: its absolute id.
        now: unix seconds.
    """
    payload = promised.payload()
    return Ack(promised, jws_format.sign(payload, key, typ=TYPE, kid=kid, iat=now, detached=True))


def to_header(ack: Ack) -> str:
    """Write what goes into the header; several stand apart by a comma."""
    promised = ack.promised
    return f"{promised.index};{promised.hash};{promised.accepted};{ack.jws}"


def from_header(text: str) -> list[tuple[int, str, str, str]]:
    """Read a header: index, hash, what was accepted (or empty) and signature of each.

    Raises:
        MalformedError: not that form, or too much.
    """
    if len(text) > MOST * (MAX_BYTES + 2):
        raise _malformed(problems.ACK_LONG)
    parts = text.split(",")
    if len(parts) > MOST:
        raise _malformed(problems.ACK_MANY, most=MOST)
    found = []
    for part in parts:
        pieces = part.strip().split(";")
        if len(pieces) != 4 or len(part) > MAX_BYTES:
            raise _malformed(problems.ACK_PARTS)
        index, leaf, accepted, jws = pieces
        if not _INDEX.fullmatch(index) or int(index) >= _SIZE or not _HASH.fullmatch(leaf):
            raise _malformed(problems.ACK_INDEX)
        if accepted and not _HASH.fullmatch(accepted):
            raise _malformed(problems.ACK_ACCEPTED)
        found.append((int(index), leaf, accepted, jws))
    return found


def verify_ack(ack: Ack, by: str, find_key: Callable[[str], PublicKey]) -> int:
    """Verify a promise.

    Args:
        ack: as it came, or was kept.
        by: DID of who promises.
        find_key: gives a key of that party by its id; raises if it may not be used.

    Returns:
        The unix second of which it says that it was made.

    Raises:
        MalformedError: not such a signature.
        VerificationError: it does not hold, is another's, or names its key by anything but
            ``DID#thumbprint``.
    """

    def find(kid: str) -> PublicKey:
        if kid.partition("#")[0] != by:
            raise VerificationError(problems.ACK_SIGNER, kid=kid[:200])
        key = find_key(kid)
        if kid != f"{by}#{key.thumbprint()}":  # another name may be another key's tomorrow
            raise VerificationError(problems.ACK_KID)
        return key

    verified = jws_format.verify(
        ack.jws,
        expected_typ=TYPE,
        find_key=find,
        payload=ack.promised.payload(),
        max_bytes=MAX_BYTES,
    )
    if verified.iat is None:
        raise VerificationError(problems.ACK_UNDATED)
    return verified.iat


def write_line(by: str, ack: Ack) -> bytes:
    """Write a promise as it is kept in a bundle, one a line."""
    return canonical({"by": by, "jws": ack.jws} | ack.promised.members())


Word = Annotated[str, Text(2 * MAX_BYTES, empty=True, raw=True)]
Hash = Annotated[str, like(_HASH.pattern, problems.ACK_FORM)]


@dataclass(frozen=True, slots=True)
class _Written:
    by: Word
    jws: Word
    log: Annotated[str, like(_LOG.pattern, problems.ACK_FORM)]
    corr: Annotated[str, like(_MARK.pattern, problems.ACK_FORM)]
    hash: Hash
    index: Annotated[int, Range(0, _SIZE - 1)]
    accepted: Hash = ""


def read_line(data: bytes) -> tuple[str, Ack]:
    """Read such a line: who promises, and what.

    Raises:
        MalformedError: not that form.
    """
    value = strict_json.loads(data, max_bytes=2 * MAX_BYTES, max_depth=2)
    try:
        said = read(_Written, value)
    except MalformedError as error:
        raise MalformedError(problems.ACK_MALFORMED, why=error) from error
    if canonical(value) != data:
        raise _malformed(problems.ACK_OBJECT)
    promised = Promised(said.log, said.corr, said.index, said.hash, said.accepted)
    return said.by, Ack(promised, said.jws)


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.ACK_MALFORMED, why=why.of(**facts))
