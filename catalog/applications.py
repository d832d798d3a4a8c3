"""An application for certification, with proof that the applicant holds all three of its keys.

The proof is one detached JWS by each key over the canonical JSON of the transcript, which names the
hub, the space and the moment, so that it can be shown to no other hub and not again later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from catalog import problems
from catalog.participants import Participant
from catalog.written_keys import Jwk, Proof
from crypto import jws
from crypto.canonical import canonical, digest_bytes
from crypto.did import DidDocument, method_id
from crypto.errors import VerificationError
from crypto.keys import PublicKey, SigningKey
from crypto.notes import vkey
from crypto.record_texts import Instant, Line, Name64
from crypto.records import Name, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TYP: Final = "voile-application+jws"
KIND: Final = "VoileApplication"
FRESH_SECONDS: Final = 300
_KEYS: Final = ("token", "agreements", "log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """The three keys of an applicant."""

    token: SigningKey
    agreements: SigningKey
    log: SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    token: Jwk
    agreements: Jwk
    log: Jwk


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proofs:
    token: Proof
    agreements: Proof
    log: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class _Transcript:
    kind: Annotated[Literal["VoileApplication"], Name("type")]
    hub: Line
    space: Line
    nonce: Name64
    time: Instant
    participant: Participant
    keys: _Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    transcript: _Transcript
    proofs: _Proofs


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application whose proof holds.

    Attributes:
        participant: The firm as it describes itself; the operator judges whether that is true.
        time: Unix seconds at which it was made.
        digest: Of the transcript; names the application.
        thumbprints: Of the three keys, by use.
    """

    participant: Participant
    time: int
    digest: str
    thumbprints: Mapping[str, str]


def compose(
    participant: Participant,
    *,
    signers: Signers,
    hub: str,
    space: str,
    nonce: str,
    now: int,
) -> dict[str, Any]:
    """Make an application.

    Args:
        participant: the applicant's own description.
        signers: its keys; each must be listed in its DID document.
        hub: DID of the hub it is for.
        space: IRI of the data space.
        nonce: 16 random bytes or more, base64url.
        now: unix seconds.
    """
    by_use = {"token": signers.token, "agreements": signers.agreements, "log": signers.log}
    transcript = {
        "type": KIND,
        "hub": hub,
        "space": space,
        "nonce": nonce,
        "time": now,
        "participant": participant.to_json(),
        "keys": {use: key.public.jwk() for use, key in by_use.items()},
    }
    payload = canonical(transcript)
    return {
        "transcript": transcript,
        "proofs": {
            use: jws.sign(
                payload, key, typ=TYP, kid=method_id(participant.did, key.public), detached=True
            )
            for use, key in by_use.items()
        },
    }


def verify_application(
    value: Any,
    *,
    expected_applicant: str,
    expected_hub: str,
    expected_space: str,
    document: DidDocument,
    now: int,
) -> Application:
    """Check an application.

    Args:
        value: the parsed JSON.
        expected_applicant: the DID whose token came with the request.
        expected_hub: our own DID.
        expected_space: our space.
        document: the applicant's DID document.
        now: unix seconds.

    Raises:
        MalformedError: it is not an application.
        VerificationError: its proof does not hold, or it is for somebody else.
    """
    # (0) Shape.
    written = read(_Written, value)
    said, proofs = written.transcript, written.proofs
    participant = said.participant

    # (1) It is for this hub and this space.
    if said.hub != expected_hub or said.space != expected_space:
        raise VerificationError(problems.APPLICATION_ELSEWHERE)

    # (2) It is fresh.
    time = said.time
    if abs(now - time) > FRESH_SECONDS:
        raise VerificationError(problems.APPLICATION_STALE, time=time, seconds=FRESH_SECONDS)

    # (3) The caller applies for itself.
    if not participant.did == expected_applicant == document.did:
        raise VerificationError(problems.APPLICATION_SWAPPED)

    # (4) Three different keys, each through the gate of every key import.
    keys: dict[str, PublicKey] = {use: getattr(said.keys, use).key() for use in _KEYS}
    thumbprints = {use: key.thumbprint() for use, key in keys.items()}
    if len(set(thumbprints.values())) != len(_KEYS):
        raise VerificationError(problems.APPLICATION_KEYS)

    # (5) The applicant's DID document lists each of them for its use.
    for use, relationship in (("token", "capabilityInvocation"), ("agreements", "assertionMethod")):
        named = document.key(method_id(participant.did, keys[use]), relationship=relationship)
        if named.thumbprint() != thumbprints[use]:
            raise VerificationError(problems.APPLICATION_UNLISTED, use=use)
    stated = (document.service("VoileLog") or {}).get("vkey")
    if not isinstance(stated, str) or stated != vkey(stated.split("+", 1)[0], keys["log"]):
        raise VerificationError(problems.APPLICATION_UNLISTED, use="log")

    # (6) Its connector stands where the document says.
    service = document.service("VoileConnector")
    if service is None or service.get("serviceEndpoint") != participant.endpoint + "/voile/v1":
        raise VerificationError(problems.APPLICATION_ENDPOINT)

    # (7) The holder of each key signed this transcript.
    payload = canonical(value["transcript"])
    for use, key in keys.items():
        kid = method_id(participant.did, key)
        jws.verify(
            getattr(proofs, use),
            expected_typ=TYP,
            find_key=_only(kid, key),
            payload=payload,
        )
    return Application(
        participant=participant, time=time, digest=digest_bytes(payload), thumbprints=thumbprints
    )


def _only(kid: str, key: PublicKey) -> Callable[[str], PublicKey]:
    def find(named: str) -> PublicKey:
        if named != kid:
            raise VerificationError(problems.APPLICATION_KID, named=named[:200], expected=kid)
        return key

    return find
