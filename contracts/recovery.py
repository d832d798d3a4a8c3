"""An agreement that its consumer has lost, shown by its provider: taken on signatures alone.

Only what bears all three stages is taken: the consumer's own signature says that it agreed to just
these terms in just this negotiation, the provider's two that it is bound, too. A provider can make
up none of it, and change nothing: each signature covers the whole agreement and the one before.
What a provider can do is to leave some out, or to show one that the consumer had verified and
then ended before it was finalized; the consumer may end that again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts import problems
from contracts.errors import MalformedMessageError
from contracts.messages.shapes import identifier, malformed
from contracts.messages.terms import AGREEMENT
from contracts.signatures import STAGES, verify_stages
from crypto.b64 import unb64url
from crypto.errors import VerificationError
from crypto.strict_json import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.signatures import FindKey, VerifiedStage

KEY_BYTES: Final = 32
_FIELDS: Final = frozenset({"agreement", "consumerPid", "providerPid", "stages", "processKey"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """An agreement whose three signatures hold.

    Attributes:
        agreement: Its body, as it was signed.
        consumer_pid: Our pid of its negotiation.
        provider_pid: The provider's.
        stages: The three, verified.
        process_key: What its messages are marked with; the provider's word, and of no weight.
    """

    agreement: Mapping[str, Any]
    consumer_pid: str
    provider_pid: str
    stages: tuple[VerifiedStage, ...]
    process_key: bytes


def shown_for_recovery(
    agreement: Mapping[str, Any],
    *,
    consumer_pid: str,
    provider_pid: str,
    stages: Mapping[str, str],
    process_key: str,
) -> dict[str, Any]:
    """Write what a provider shows of an agreement to its consumer; the key is in base64url."""
    return {
        "agreement": agreement,
        "consumerPid": consumer_pid,
        "providerPid": provider_pid,
        "stages": dict(stages),
        "processKey": process_key,
    }


def read_recovered(
    value: Any, *, provider: str, consumer: str, find_key: FindKey, now: int
) -> Recovered:
    """Check an agreement that a provider shows.

    Args:
        value: What it shows, parsed.
        provider: DID of who shows it, authenticated.
        consumer: Our own DID.
        find_key: Gives a DID's key for assertions: for our own none but ours.
        now: Seconds since 1970.

    Raises:
        MalformedError: It is not in its form.
        MalformedMessageError: Or the agreement is none.
        VerificationError: It is not between the two, or a signature is missing or does not hold.
    """
    # (1) the form
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise malformed("/", problems.STAGED_AGREEMENT, kind_of(value))
    agreement, stages = value["agreement"], value["stages"]
    AGREEMENT(agreement, "/agreement")
    for name in ("consumerPid", "providerPid"):
        identifier(value[name], f"/{name}")
    if not isinstance(stages, dict) or not all(isinstance(jws, str) for jws in stages.values()):
        raise malformed("/stages", problems.SIGNATURE_BY_STAGE, kind_of(stages))
    # (2) it is between the two of us
    if (agreement["assigner"], agreement["assignee"]) != (provider, consumer):
        raise VerificationError(problems.FOREIGN_AGREEMENT)
    # (3) all stages are there, and hold: ours under our own key, the provider's under its own
    if stages.keys() != set(STAGES):
        raise VerificationError(problems.UNSIGNED, stages=STAGES, got=len(stages))
    verified = verify_stages(
        stages,
        agreement=agreement,
        consumer_pid=value["consumerPid"],
        provider_pid=value["providerPid"],
        find_key=find_key,
        now=now,
    )
    return Recovered(
        agreement=agreement,
        consumer_pid=value["consumerPid"],
        provider_pid=value["providerPid"],
        stages=verified,
        process_key=_key(value["processKey"]),
    )


def _key(text: Any) -> bytes:
    key = unb64url(text) if isinstance(text, str) else b""
    if len(key) != KEY_BYTES:
        raise MalformedMessageError(problems.PROCESS_KEY, pointer="/processKey", bytes=KEY_BYTES)
    return key
