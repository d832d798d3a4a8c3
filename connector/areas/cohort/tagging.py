"""The seed of a session's tags and the providers' secrets, sealed at whoever may know them.

The consumer draws the seed and sends it to every provider with the question; the aggregator sees
its digest only. A provider draws its secret when it contributes and answers it to the consumer,
over the same call, which does not pass through the aggregator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort import problems
from contracts.cohort.errors import wrong
from contracts.cohort.verify import check_secret, check_seed
from crypto.b64 import unb64url
from crypto.errors import MalformedError
from crypto.paillier.tags import KEY_BYTES, Seed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.cohort.session import Session
    from contracts.cohort.statements import Contribution
    from crypto.words import Words

MAX_TEXT: Final = 64


def keep_seed(node: Node, tx: Transaction, session: Session, value: bytes) -> None:
    """Keep the seed of a session, in the transaction that begins it here."""
    node.secrets.put(tx, _seed_name(session), value)


def seed_of(node: Node, session: Session) -> Seed:
    """Give the seed of a session that has begun here, bound to its transcript.

    Raises:
        NotFound: it has none: an older connector opened it.
    """
    return Seed(node.secrets.get(_seed_name(session)), session.transcript.encode())


def keep_secrets(node: Node, tx: Transaction, session: Session, told: Mapping[str, bytes]) -> None:
    """Keep secrets of providers, each under its DID."""
    for did, secret in told.items():
        node.secrets.put(tx, _secret_name(session, did), secret)


def secret_of(node: Node, session: Session, did: str) -> bytes:
    """Give the secret of one provider.

    Raises:
        NotFound: it has not contributed.
    """
    return node.secrets.get(_secret_name(session, did))


def secrets_of(node: Node, session: Session) -> list[bytes]:
    """Give the secrets of all providers, in the order of the roster.

    Raises:
        NotFound: one is not at hand.
    """
    return [secret_of(node, session, did) for did in session.roster]


def read_seed(session: Session, value: Any) -> bytes:
    """Read the seed that a consumer sends, and hold it against the session that it signed.

    Raises:
        CohortError: it is no seed, or another.
    """
    seed = _read(value, "cohort.seed", problems.SEED_ODD)
    check_seed(session, seed)
    return seed


def read_secret(value: Any, contribution: Contribution) -> bytes:
    """Read the secret that a provider tells, and hold it against what it signed.

    Raises:
        CohortError: it is another; the provider is named.
    """
    did = contribution.provider
    secret = _read(value, "cohort.secret", problems.SECRET_ODD, member=did)
    check_secret(contribution, secret)
    return secret


def _read(value: Any, code: str, what: Words, **params: str) -> bytes:
    try:
        found = unb64url(value) if isinstance(value, str) and len(value) <= MAX_TEXT else b""
    except MalformedError:
        found = b""
    if len(found) != KEY_BYTES:
        raise wrong(code, what, bytes=KEY_BYTES, **params)
    return found


def _seed_name(session: Session) -> str:
    return f"cohort-seed/{session.consumer}/{session.session}"


def _secret_name(session: Session, did: str) -> str:
    return f"cohort-secret/{session.consumer}/{session.session}/{did}"
