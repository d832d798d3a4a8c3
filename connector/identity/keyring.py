"""The three keys of a party: tokens (P-256), agreements and log (Ed25519); and how they change.

New keys of the first two wait sealed beside those in use until whoever certifies us knows them.
Former agreements keys stay in our DID document, so that what they signed can be verified. The log
key stays for good: it names the log.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from connector.process.errors import NotFound
from crypto.did import Did, DidDocument, build_document, method_id
from crypto.keys import Alg, PublicKey, SigningKey
from crypto.notes import vkey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from connector.process.ports import Entropy
    from connector.process.settings import Settings
    from connector.store.secrets import SecretStore
    from connector.store.transaction import Transaction

P256_BYTES: Final = 48  # at least 40, so that the reduction is unbiased
ED25519_BYTES: Final = 32
FORMER: Final = "key/former"
MOST_LISTED: Final = 48  # former keys in our document, the newest: it may list 64 in all
COMING: Final[dict[str, Alg]] = {"token": "ES256", "agreements": "EdDSA"}


@dataclass(slots=True, kw_only=True)
class KeyRing:
    """Our own keys, each with the absolute id under which our DID document lists it.

    Attributes:
        former: agreements keys that were ours, by their absolute ids.
        coming: keys that were drawn and are not in use yet, by use.
        changes: how often the ring has changed since it was loaded.
    """

    token: SigningKey
    token_kid: str
    agreements: SigningKey
    agreements_kid: str
    log: SigningKey
    log_kid: str
    former: dict[str, PublicKey] = field(default_factory=dict)
    coming: dict[str, SigningKey] = field(default_factory=dict)
    changes: int = 0
    _turns: int = field(default=0, repr=False)
    _taken: int = field(default=0, repr=False)
    _taking: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def take(self, fresh: KeyRing, turn: int) -> None:
        """Have the keys of another ring from now on, unless a later turn has been quicker."""
        with self._taking:
            if turn > self._taken:
                self._taken = turn
                self._take(fresh)

    def now(self) -> KeyRing:
        """Give the ring as it is: a key and its id that are read from this belong together."""
        with self._taking:
            return replace(self, _taking=threading.Lock())

    def turn(self) -> int:
        """Give the number of a change, inside its transaction: they come one after the other."""
        self._turns += 1
        return self._turns

    def _take(self, fresh: KeyRing) -> None:
        self.token, self.token_kid = fresh.token, fresh.token_kid
        self.agreements, self.agreements_kid = fresh.agreements, fresh.agreements_kid
        self.former, self.coming = fresh.former, fresh.coming
        self.changes += 1


def make_keys(tx: Transaction, secrets: SecretStore, entropy: Entropy) -> None:
    """Draw the three keys and seal them."""
    drawn = {
        "token": SigningKey.p256(entropy(P256_BYTES)),
        "agreements": SigningKey.ed25519(entropy(ED25519_BYTES)),
        "log": SigningKey.ed25519(entropy(ED25519_BYTES)),
    }
    for name, key in drawn.items():
        secrets.put(tx, f"key/{name}", key.private_bytes())


def load_keys(secrets: SecretStore, did: str, *, tx: Transaction | None = None) -> KeyRing:
    """Open the three keys, and those that come; as a transaction sees them, if it is named."""

    def load(name: str, alg: Alg) -> tuple[SigningKey, str]:
        key = SigningKey.load(alg, secrets.get(f"key/{name}", tx=tx))
        return key, method_id(Did(did), key.public)

    token, token_kid = load("token", "ES256")
    agreements, agreements_kid = load("agreements", "EdDSA")
    log, log_kid = load("log", "EdDSA")
    found = KeyRing(
        token=token,
        token_kid=token_kid,
        agreements=agreements,
        agreements_kid=agreements_kid,
        log=log,
        log_kid=log_kid,
    )
    for jwk in json.loads(_maybe(secrets, FORMER, tx) or b"[]"):
        key = PublicKey.from_jwk(jwk)
        found.former[method_id(Did(did), key)] = key
    for use, alg in COMING.items():
        if (raw := _maybe(secrets, f"key/coming/{use}", tx)) is not None:
            found.coming[use] = SigningKey.load(alg, raw)
    return found


def _maybe(secrets: SecretStore, name: str, tx: Transaction | None) -> bytes | None:
    try:
        return secrets.get(name, tx=tx)
    except NotFound:
        return None


def draw_coming(
    tx: Transaction, secrets: SecretStore, keys: KeyRing, did: str, entropy: Entropy
) -> dict[str, SigningKey]:
    """Draw the keys that come next, and seal them; our document lists them from the commit on.

    Who comes second finds those of the first: keys that the hub may have heard of are never lost.

    Returns:
        What was drawn, by use; nothing if keys are coming already.
    """
    drawn: dict[str, SigningKey] = {}
    if not load_keys(secrets, did, tx=tx).coming:
        drawn["token"] = SigningKey.p256(entropy(P256_BYTES))
        drawn["agreements"] = SigningKey.ed25519(entropy(ED25519_BYTES))
    for use, key in drawn.items():
        secrets.put(tx, f"key/coming/{use}", key.private_bytes())
    _take_after(tx, secrets, keys, did)
    return drawn


def use_coming(
    tx: Transaction, secrets: SecretStore, keys: KeyRing, did: str, wanted: AbstractSet[str]
) -> dict[str, SigningKey]:
    """Put the coming keys in the place of those in use; they are used from the commit on.

    Only if they are those of the thumbprints ``wanted``; if others are coming, nothing happens.

    Returns:
        What is in use now, by use; nothing if nothing happened.
    """
    held = load_keys(secrets, did, tx=tx)
    coming = held.coming
    if not coming or thumbprints(coming) != wanted:
        return {}
    former = held.former | {held.agreements_kid: held.agreements.public}
    secrets.put(tx, FORMER, json.dumps([dict(key.jwk()) for key in former.values()]).encode())
    for use, key in coming.items():
        secrets.put(tx, f"key/{use}", key.private_bytes())
        secrets.delete(tx, f"key/coming/{use}")
    _take_after(tx, secrets, keys, did)
    return coming


def drop_coming(
    tx: Transaction, secrets: SecretStore, keys: KeyRing, did: str, wanted: AbstractSet[str]
) -> dict[str, SigningKey]:
    """Give up coming keys, if they are those of the thumbprints ``wanted``; give what they were."""
    coming = load_keys(secrets, did, tx=tx).coming
    if thumbprints(coming) != wanted:
        return {}
    for use in coming:
        secrets.delete(tx, f"key/coming/{use}")
    _take_after(tx, secrets, keys, did)
    return coming


def _take_after(tx: Transaction, secrets: SecretStore, keys: KeyRing, did: str) -> None:
    fresh, turn = load_keys(secrets, did, tx=tx), keys.turn()
    tx.after_commit(lambda: keys.take(fresh, turn))


def thumbprints(keys: Mapping[str, SigningKey]) -> frozenset[str]:
    """Give the thumbprints of keys."""
    return frozenset(key.public.thumbprint() for key in keys.values())


def log_origin(settings: Settings) -> str:
    """Give the name of our log: its URL without the scheme."""
    return settings.public_url.split("://", 1)[1] + "/voile/v1/log"


def own_document(settings: Settings, keys: KeyRing) -> dict[str, Any]:
    """Make our DID document."""
    base = settings.public_url
    origin = log_origin(settings)
    if settings.role == "hub":
        services = [_service(settings, "hub", "VoileHub", f"{base}/voile/v1")]
    else:
        services = [
            _service(settings, "dsp", "DataService", f"{base}/.well-known/dspace-version"),
            _service(settings, "voile", "VoileConnector", f"{base}/voile/v1"),
        ]
    log = _service(settings, "log", "VoileLog", f"{base}/voile/v1/log")
    log["vkey"] = vkey(origin, keys.log.public)
    return build_document(
        did=Did(settings.did),
        token=keys.token.public,
        agreements=keys.agreements.public,
        log=keys.log.public,
        services=[*services, log],
        more_tokens=[key.public for use, key in keys.coming.items() if use == "token"],
        more_agreements=[
            *(key.public for use, key in keys.coming.items() if use == "agreements"),
            *list(keys.former.values())[-MOST_LISTED:],
        ],
    )


class OwnDocument:
    """Our DID document as it is now, read once per change of the keys."""

    def __init__(self, settings: Settings, keys: KeyRing) -> None:
        self._settings = settings
        self._keys = keys
        self._made: tuple[int, DidDocument] | None = None

    def __call__(self) -> DidDocument:
        """Give the document."""
        made = self._made
        if made is None or made[0] != self._keys.changes:
            keys = self._keys.now()
            raw = own_document(self._settings, keys)
            made = (keys.changes, DidDocument.parse(raw, expected=self._settings.did))
            self._made = made
        return made[1]


def _service(settings: Settings, name: str, kind: str, endpoint: str) -> dict[str, str]:
    return {"id": f"{settings.did}#{name}", "type": kind, "serviceEndpoint": endpoint}
