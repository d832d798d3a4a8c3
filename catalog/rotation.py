"""New keys of a certified firm, proved under an old one.

The statement is signed by the old agreements key, which stands in the status document, and by each
new key, over one transcript that names hub, space and moment. The log key stays: it names the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from catalog import problems
from catalog.written_keys import Jwk, Proof
from crypto import jws
from crypto.canonical import canonical, digest_bytes
from crypto.did import method_id
from crypto.errors import VerificationError
from crypto.keys import PublicKey, SigningKey
from crypto.record_texts import Instant, Line, Name64, Party
from crypto.records import Name, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.vouched import Vouched

TYP: Final = "voile-rotation+jws"
KIND: Final = "VoileKeyRotation"
SUPERSEDED: Final = "rotation-superseded"  # the hub's answer where its keys are former ones
FRESH_SECONDS: Final = 300
OVERLAP_SECONDS: Final = 60  # in which old and new keys are good: nobody hears of it too late
_NEW: Final = ("token", "agreements")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    token: Jwk
    agreements: Jwk


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proofs:
    old: Proof
    token: Proof
    agreements: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class _Transcript:
    kind: Annotated[Literal["VoileKeyRotation"], Name("type")]
    hub: Line
    space: Line
    nonce: Name64
    time: Instant
    did: Party
    keys: _Keys
    replaces: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    transcript: _Transcript
    proofs: _Proofs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    transcript: Any
    proofs: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """A rotation whose proofs hold.

    Attributes:
        did: The firm.
        digest: Of the transcript; names it.
        thumbprints: Of the new keys, by use.
        time: Unix seconds at which it was made.
    """

    did: str
    digest: str
    thumbprints: Mapping[str, str]
    time: int


def compose(
    did: str,
    *,
    old: SigningKey,
    new: Mapping[str, SigningKey],
    hub: str,
    space: str,
    nonce: str,
    now: int,
) -> dict[str, Any]:
    """Make a rotation.

    Args:
        did: our own DID.
        old: the agreements key that is certified now.
        new: the new keys by use: ``token`` and ``agreements``.
        hub: DID of the hub it is for.
        space: IRI of the data space.
        nonce: 16 random bytes or more, base64url.
        now: unix seconds.
    """
    transcript = {
        "type": KIND,
        "hub": hub,
        "space": space,
        "nonce": nonce,
        "time": now,
        "did": did,
        "keys": {use: new[use].public.jwk() for use in _NEW},
        "replaces": old.public.thumbprint(),
    }
    payload = canonical(transcript)
    signers = {"old": old, **{use: new[use] for use in _NEW}}
    return {
        "transcript": transcript,
        "proofs": {
            use: jws.sign(payload, key, typ=TYP, kid=method_id(did, key.public), detached=True)
            for use, key in signers.items()
        },
    }


def digest_of(value: Any) -> str:
    """Give the digest that names a rotation, before anything of it is checked."""
    return digest_bytes(canonical(read(_Named, value).transcript))


def verify_rotation(
    value: Any,
    *,
    expected_firm: str,
    expected_hub: str,
    expected_space: str,
    find_old: Callable[[str], PublicKey],
    vouched: Vouched,
    agreements: str,
    now: int,
) -> Rotation:
    """Check a rotation.

    Args:
        value: the parsed JSON.
        expected_firm: the DID whose token came with the request.
        expected_hub: our own DID.
        expected_space: our space.
        find_old: gives a key of the firm's `assertionMethod` by its absolute id.
        vouched: the firm's certified keys.
        agreements: thumbprint of the one that signs its agreements: no other proves a rotation.
        now: unix seconds.

    Raises:
        MalformedError: it is not a rotation.
        VerificationError: a proof does not hold, or it is for somebody else.
    """
    # (0) Shape.
    written = read(_Written, value)
    said, proofs = written.transcript, written.proofs

    # (1) It is for this hub and this space, and the caller's own.
    if said.hub != expected_hub or said.space != expected_space:
        raise VerificationError(problems.ROTATION_ELSEWHERE)
    if said.did != expected_firm:
        raise VerificationError(problems.ROTATION_SWAPPED)

    # (2) It is fresh.
    time = said.time
    if abs(now - time) > FRESH_SECONDS:
        raise VerificationError(problems.ROTATION_STALE, time=time)

    # (3) Two new keys, different from each other and from all that were ever certified.
    new: dict[str, PublicKey] = {use: getattr(said.keys, use).key() for use in _NEW}
    thumbprints = {use: key.thumbprint() for use, key in new.items()}
    known = vouched.known
    if len(set(thumbprints.values())) != len(_NEW) or known & set(thumbprints.values()):
        raise VerificationError(problems.ROTATION_KEYS)

    # (4) The old key is the agreements key that is certified now.
    payload = canonical(value["transcript"])
    old = jws.verify(proofs.old, expected_typ=TYP, find_key=find_old, payload=payload)
    if old.key.thumbprint() != agreements or agreements not in vouched.current:
        raise VerificationError(problems.ROTATION_UNPROVED)
    if said.replaces != old.key.thumbprint():
        raise VerificationError(problems.ROTATION_OTHER)

    # (5) The holder of each new key signed this transcript.
    for use, key in new.items():
        jws.verify(
            getattr(proofs, use),
            expected_typ=TYP,
            find_key=_only(method_id(expected_firm, key), key),
            payload=payload,
        )
    return Rotation(
        did=expected_firm, digest=digest_bytes(payload), thumbprints=thumbprints, time=time
    )


def _only(kid: str, key: PublicKey) -> Callable[[str], PublicKey]:
    def find(named: str) -> PublicKey:
        if named != kid:
            raise VerificationError(problems.ROTATION_KID, named=named[:200], expected=kid)
        return key

    return find
