"""Agreements signed by both sides: a chain of three detached signatures.

The provider signs at AGREED, the consumer at VERIFIED, the provider again at FINALIZED. A payload
names the digest of the stage before, so that no stage can be exchanged afterwards. A signature is
made once and sent again as it is: it has an upper bound in time, no lower one. Nothing is put into
the DSP body; both sides rebuild the payload from the agreement that they parsed and evaluated.
A stage after one that was not signed (a plain DSP peer) has null for ``prev``.
Spec: voile design evidence.md §2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from contracts import problems
from crypto import jws as jws_format
from crypto.canonical import canonical, digest_bytes
from crypto.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.keys import PublicKey, SigningKey

    FindKey = Callable[[str, str], PublicKey]  # (DID, kid) -> its key for assertions

    from crypto.words import Words

Stage = Literal["AGREED", "VERIFIED", "FINALIZED"]
Signatures = Literal["none", "own", "mutual"]

TYPE: Final = "voile-agreement+jws"
STAGES: Final[tuple[Stage, ...]] = ("AGREED", "VERIFIED", "FINALIZED")
MAX_BYTES: Final = 4096
MAX_AHEAD_SECONDS: Final = 300
SIGNERS: Final[dict[Stage, str]] = {
    "AGREED": "assigner",
    "VERIFIED": "assignee",
    "FINALIZED": "assigner",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedStage:
    """One stage whose signature holds.

    Attributes:
        digest: of the signature; the next stage's ``prev``, and what leaves name.
        jwk: the key that verified it: kept for after a rotation.
        iat: seconds since 1970 when it was signed.
    """

    stage: Stage
    signer: str
    jws: str
    digest: str
    kid: str
    jwk: Mapping[str, str]
    iat: int


def jws_digest(jws: str) -> str:
    """Give the digest of a signature, by which the next stage and the leaves name it."""
    return digest_bytes(jws.encode("ascii"))


def stage_payload(
    agreement: Mapping[str, Any],
    *,
    consumer_pid: str,
    provider_pid: str,
    stage: Stage,
    prev: str | None,
) -> bytes:
    """Rebuild what is signed at a stage.

    Args:
        agreement: the agreement as it was parsed and evaluated, never a second copy.
        consumer_pid: the consumer's id of the negotiation.
        provider_pid: the provider's.
        stage: which one.
        prev: `jws_digest` of the stage before; None if that was not signed.
    """
    return canonical(
        {
            "agreement": agreement,
            "consumerPid": consumer_pid,
            "providerPid": provider_pid,
            "stage": stage,
            "prev": prev,
        }
    )


def sign_stage(
    agreement: Mapping[str, Any],
    *,
    consumer_pid: str,
    provider_pid: str,
    stage: Stage,
    prev: str | None,
    key: SigningKey,
    kid: str,
    now: int,
) -> str:
    """Sign a stage with the agreements key; keep the text, it is sent again as it is."""
    payload = stage_payload(
        agreement, consumer_pid=consumer_pid, provider_pid=provider_pid, stage=stage, prev=prev
    )
    return jws_format.sign(payload, key, typ=TYPE, kid=kid, iat=now, detached=True)


def verify_stage(
    jws: str,
    *,
    agreement: Mapping[str, Any],
    consumer_pid: str,
    provider_pid: str,
    stage: Stage,
    prev: str | None,
    find_key: FindKey,
    now: int,
) -> VerifiedStage:
    """Verify one stage.

    Args:
        jws: the detached signature.
        agreement: as parsed and evaluated.
        consumer_pid: the consumer's id of the negotiation.
        provider_pid: the provider's.
        stage: the one expected now.
        prev: digest of the stage before, from our own copy of it.
        find_key: gives a DID's key for assertions.
        now: seconds since 1970.

    Raises:
        MalformedError: not such a signature.
        VerificationError: it does not hold; no state may change.
    """
    # (1) size and header: in jws.verify; (2) the key belongs to the party that signs this stage
    signer = agreement.get(SIGNERS[stage])
    if not isinstance(signer, str):
        raise _refused(problems.NO_SIGNER, signer=SIGNERS[stage])

    def find(kid: str) -> PublicKey:
        if kid.partition("#")[0] != signer:
            raise _refused(problems.SIGNED_BY, stage=stage, signer=SIGNERS[stage], kid=kid[:200])
        return find_key(signer, kid)

    # (3) the payload out of what was parsed, (6) with our own prev; (4) the signature
    payload = stage_payload(
        agreement, consumer_pid=consumer_pid, provider_pid=provider_pid, stage=stage, prev=prev
    )
    verified = jws_format.verify(
        jws, expected_typ=TYPE, find_key=find, payload=payload, max_bytes=MAX_BYTES
    )
    # (5) not from the future
    if verified.iat is None:
        raise _refused(problems.UNDATED)
    if verified.iat > now + MAX_AHEAD_SECONDS:
        raise _refused(problems.AHEAD, seconds=MAX_AHEAD_SECONDS)
    # (7) what the caller keeps
    return VerifiedStage(
        stage=stage,
        signer=signer,
        jws=jws,
        digest=jws_digest(jws),
        kid=verified.kid,
        jwk=verified.key.jwk(),
        iat=verified.iat,
    )


def verify_stages(
    stages: Mapping[str, str],
    *,
    agreement: Mapping[str, Any],
    consumer_pid: str,
    provider_pid: str,
    find_key: FindKey,
    now: int,
) -> tuple[VerifiedStage, ...]:
    """Verify the stages there are, in order.

    Raises:
        MalformedError: one is not such a signature.
        VerificationError: one does not hold, or is not a stage.
    """
    unknown = sorted(set(stages) - set(STAGES))
    if unknown:
        raise _refused(problems.NO_STAGE, stage=unknown[0][:32])
    found: list[VerifiedStage] = []
    prev: str | None = None
    for stage in STAGES:
        jws = stages.get(stage)
        if jws is not None:
            found.append(
                verify_stage(
                    jws,
                    agreement=agreement,
                    consumer_pid=consumer_pid,
                    provider_pid=provider_pid,
                    stage=stage,
                    prev=prev,
                    find_key=find_key,
                    now=now,
                )
            )
        prev = None if jws is None else jws_digest(jws)
    return tuple(found)


def verify_chain(
    stages: Mapping[str, str],
    *,
    agreement: Mapping[str, Any],
    consumer_pid: str,
    provider_pid: str,
    find_key: FindKey,
    now: int,
) -> Signatures:
    """Verify the whole chain and say what it amounts to.

    Returns:
        "mutual" if all three stages are signed, "own" if some are, "none" if none is.

    Raises:
        MalformedError: one is not such a signature.
        VerificationError: one does not hold, or is not a stage.
    """
    found = verify_stages(
        stages,
        agreement=agreement,
        consumer_pid=consumer_pid,
        provider_pid=provider_pid,
        find_key=find_key,
        now=now,
    )
    if len(found) == len(STAGES):
        return "mutual"
    return "own" if found else "none"


def _refused(why: Words, **facts: object) -> VerificationError:
    return VerificationError(problems.SIGNATURE, why=why.of(**facts))
