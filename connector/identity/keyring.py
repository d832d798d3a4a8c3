"""The three keys of a party: tokens (P-256), agreements and log (Ed25519)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crypto.did import Did, build_document, method_id
from crypto.keys import Alg, SigningKey
from crypto.notes import vkey

if TYPE_CHECKING:
    from connector.ports import Entropy
    from connector.settings import Settings
    from connector.store.database import Transaction
    from connector.store.secrets import SecretStore

P256_BYTES: Final = 48  # at least 40, so that the reduction is unbiased
ED25519_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """Our own keys, each with the absolute id under which our DID document lists it."""

    token: SigningKey
    token_kid: str
    agreements: SigningKey
    agreements_kid: str
    log: SigningKey
    log_kid: str


def make_keys(tx: Transaction, secrets: SecretStore, entropy: Entropy) -> None:
    """Draw the three keys and seal them."""
    drawn = {
        "token": SigningKey.p256(entropy(P256_BYTES)),
        "agreements": SigningKey.ed25519(entropy(ED25519_BYTES)),
        "log": SigningKey.ed25519(entropy(ED25519_BYTES)),
    }
    for name, key in drawn.items():
        secrets.put(tx, f"key/{name}", key.private_bytes())


def load_keys(secrets: SecretStore, did: str) -> KeyRing:
    """Open the three keys."""

    def load(name: str, alg: Alg) -> tuple[SigningKey, str]:
        key = SigningKey.load(alg, secrets.get(f"key/{name}"))
        return key, method_id(Did(did), key.public)

    token, token_kid = load("token", "ES256")
    agreements, agreements_kid = load("agreements", "EdDSA")
    log, log_kid = load("log", "EdDSA")
    return KeyRing(
        token=token,
        token_kid=token_kid,
        agreements=agreements,
        agreements_kid=agreements_kid,
        log=log,
        log_kid=log_kid,
    )


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
    )


def _service(settings: Settings, name: str, kind: str, endpoint: str) -> dict[str, str]:
    return {"id": f"{settings.did}#{name}", "type": kind, "serviceEndpoint": endpoint}
