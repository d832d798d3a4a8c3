"""The membership credential: the operator's word that a firm was admitted to a data space.

A Verifiable Credential 2.0 secured as a JWT (typ `vc+jwt`): the payload is the credential itself.
Whether it is still good *now* stands in the status document (`catalog.status`), not here.

Spec: W3C VC Data Model 2.0 §4, W3C VC-JOSE-COSE §3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from catalog import problems
from catalog.participants import Participant, PartyRole, roles_up_to
from crypto import jws
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from crypto.instants import read_instant
from crypto.record_errors import wrong
from crypto.record_texts import Line, Others, Party
from crypto.records import As, Name, Size, read, value_of
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.did import Did
    from crypto.keys import PublicKey, SigningKey
    from crypto.problem import Problem

TYP: Final = "vc+jwt"
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
VOCABULARY: Final = "https://w3id.org/voile/ns/"
VALID_DAYS: Final = 90
LEEWAY_SECONDS: Final = 30


def _written(moment: int) -> str:
    return _form(datetime.fromtimestamp(moment, UTC))


def _form(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _read(value: Any, pointer: str) -> int:
    text: str = value_of(Line, value, pointer)
    try:
        moment = read_instant(text)
    except MalformedError as error:
        raise wrong(pointer, text, problems.A_MOMENT) from error
    if _form(moment) != text:  # one form for one moment: it is signed
        raise wrong(pointer, text, problems.A_MOMENT)
    return int(moment.timestamp())


Moment = Annotated[int, As(_read, _written, problems.A_MOMENT)]
Kinds = Annotated[tuple[Any, ...], Size(0, 8)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    id: Party
    data_space: Line
    role: Annotated[tuple[PartyRole, ...], roles_up_to(8)]
    since: Moment
    legal_group: Line
    legal_id: Line
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credential:
    context: Annotated[tuple[Any, ...], Size(1, 8), Name("@context")]
    id: Line
    type: Kinds
    issuer: Party
    valid_from: Moment
    valid_until: Moment
    credential_subject: _Subject
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What a verified credential says. Moments are unix seconds.

    Attributes:
        identifier: The credential's own id.
        issuer: DID of the operator.
        holder: DID of the firm.
        space: IRI of the data space.
        roles: What the firm does there.
        since: When it was first admitted.
        legal_group: The hand it is in.
        legal_id: Its registered number.
        issued: From when the credential is good.
        expires: Until when.
    """

    identifier: str
    issuer: Did
    holder: Did
    space: str
    roles: tuple[PartyRole, ...]
    since: int
    legal_group: str
    legal_id: str
    issued: int
    expires: int


def issue(
    participant: Participant,
    *,
    issuer: str,
    key: SigningKey,
    kid: str,
    identifier: str,
    space: str,
    since: int,
    now: int,
    expires: int,
) -> str:
    """Make a credential.

    Args:
        participant: as the operator certifies it.
        issuer: DID of the operator.
        key: the operator's agreements key.
        kid: its absolute id.
        identifier: `urn:uuid:` of the credential.
        space: IRI of the data space.
        since: unix seconds of the first admission.
        now: unix seconds.
        expires: unix seconds; at most what the operator's rules allow.
    """
    credential = {
        "@context": [CONTEXT, {"@vocab": VOCABULARY}],
        "id": identifier,
        "type": ["VerifiableCredential", "MembershipCredential"],
        "issuer": issuer,
        "validFrom": _written(now),
        "validUntil": _written(expires),
        "credentialSubject": {
            "id": participant.did,
            "dataSpace": space,
            "role": list(participant.roles),
            "since": _written(since),
            "legalGroup": participant.legal_group,
            "legalId": participant.legal_id,
        },
    }
    return jws.sign(canonical(credential), key, typ=TYP, kid=kid)


def verify_credential(
    credential: str,
    *,
    expected_issuer: str,
    expected_holder: str,
    expected_space: str,
    find_key: Callable[[str], PublicKey],
    now: int,
) -> Membership:
    """Check a membership credential.

    Args:
        credential: the compact JWS.
        expected_issuer: DID of the operator that we trust; compared whole, never by prefix.
        expected_holder: DID that shows it.
        expected_space: IRI of the space.
        find_key: gives a key of the issuer's `assertionMethod` by its absolute id.
        now: unix seconds.

    Raises:
        MalformedError: it is not such a credential.
        VerificationError: it does not hold.
    """
    # (0) The key belongs to the issuer we trust, by the DID part of its id.
    # (1) Signature, with typ `vc+jwt` and nothing else.
    verified = jws.verify(
        credential,
        expected_typ=TYP,
        find_key=keys_of(expected_issuer, find_key, problems.CREDENTIAL_KEY),
    )
    said = read(_Credential, loads(verified.payload))

    # (2) Issuer, whole.
    issuer = said.issuer
    if issuer != expected_issuer:
        raise VerificationError(problems.CREDENTIAL_ISSUER, got=issuer, expected=expected_issuer)

    # (3) It is a membership credential.
    if said.context[0] != CONTEXT:
        raise wrong("/@context", None, problems.CONTEXT_FIRST.of(context=CONTEXT))
    if "VerifiableCredential" not in said.type or "MembershipCredential" not in said.type:
        raise VerificationError(problems.CREDENTIAL_TYPE)

    # (4) A schema that we have not pinned is not ours to judge.
    if "credentialSchema" in said.others:
        raise VerificationError(problems.CREDENTIAL_SCHEMA)

    # (5) Holder and space, whole.
    subject = said.credential_subject
    holder = subject.id
    if holder != expected_holder:
        raise VerificationError(problems.CREDENTIAL_HOLDER, got=holder, expected=expected_holder)
    space = subject.data_space
    if space != expected_space:
        raise VerificationError(problems.CREDENTIAL_SPACE, got=space, expected=expected_space)

    # (6) Good now.
    issued, expires = said.valid_from, said.valid_until
    if issued > now + LEEWAY_SECONDS:
        raise VerificationError(problems.CREDENTIAL_EARLY)
    if expires <= now:
        raise VerificationError(problems.CREDENTIAL_EXPIRED)
    return Membership(
        identifier=said.id,
        issuer=issuer,
        holder=holder,
        space=space,
        roles=subject.role,
        since=subject.since,
        legal_group=subject.legal_group,
        legal_id=subject.legal_id,
        issued=issued,
        expires=expires,
    )


def keys_of(
    owner: str, find_key: Callable[[str], PublicKey], problem: Problem
) -> Callable[[str], PublicKey]:
    """Narrow a key finder to the keys of one DID, compared whole.

    Args:
        owner: the DID that must own the key.
        find_key: gives a key by its absolute id.
        problem: what it is that another's key is not good for.
    """

    def find(kid: str) -> PublicKey:
        if kid.split("#", 1)[0] != owner:
            raise VerificationError(problem, kid=kid[:200], owner=owner)
        return find_key(kid)

    return find
