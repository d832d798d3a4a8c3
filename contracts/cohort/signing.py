"""Signing a statement with one's agreements key, and reading one that somebody else signed.

A statement's bytes are canonical JSON, so two readers that agree on its meaning agree on its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, Self, TypeVar

from contracts.cohort import problems
from contracts.cohort.errors import broken
from crypto import jws, strict_json
from crypto.canonical import canonical, digest_bytes

if TYPE_CHECKING:
    from crypto.did import Did, DidDocument
    from crypto.keys import SigningKey

MAX_BYTES: Final = 1 << 17


class Statement(Protocol):
    """Anything that is signed in a session."""

    TYP: ClassVar[str]

    @property
    def signer(self) -> Did:
        """Who must have signed it."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Return the statement as JSON."""
        ...

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement strictly."""
        ...


S = TypeVar("S", bound=Statement)


def sign(statement: Statement, key: SigningKey, *, kid: str, iat: int) -> str:
    """Sign a statement.

    Args:
        statement: what is said.
        key: the agreements key of the one who says it.
        kid: its id in the DID document.
        iat: unix seconds.
    """
    return jws.sign(canonical(statement.to_json()), key, typ=statement.TYP, kid=kid, iat=iat)


def read(kind: type[S], text: object, *, document: DidDocument, most_bytes: int = MAX_BYTES) -> S:
    """Read a signed statement.

    (1) a text of this type, signed with a key that `document` lists for assertions, at its time;
    (2) exactly the members of its kind, in canonical form;
    (3) the one it names as its author is the one whose document verified it.

    Args:
        kind: the kind of statement expected.
        text: the compact JWS.
        document: DID document of the expected signer.
        most_bytes: how large it may be.

    Raises:
        MalformedError: another form.
        VerificationError: the signature does not hold, or is somebody else's.
    """
    # (1)
    verified = jws.verify(
        text if isinstance(text, str) else "",
        expected_typ=kind.TYP,
        find_key=lambda kid: document.key(kid, relationship="assertionMethod", former=True),
        max_bytes=most_bytes,
    )
    document.check_time(verified.key, verified.iat)
    # (2)
    statement = kind.from_json(strict_json.loads(verified.payload, max_bytes=most_bytes))
    if canonical(statement.to_json()) != verified.payload:
        raise broken("cohort.canonical", problems.NOT_CANONICAL)
    # (3)
    if statement.signer != document.did:
        raise broken(
            "cohort.signer",
            problems.SIGNED_BY_OTHER,
            signer=statement.signer,
            by=document.did,
        )
    return statement


def digest_of(text: str) -> str:
    """Return the digest by which other statements name a signed one."""
    return digest_bytes(text.encode())
