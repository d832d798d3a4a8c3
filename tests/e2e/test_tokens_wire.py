"""Attacks on the token check, over real HTTP against a real process (identity.md §8)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from crypto.b64 import b64url
from crypto.canonical import canonical
from crypto.keys import SigningKey
from tests.e2e.processes import request
from tests.e2e.stranger import binding

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.processes import Running, Space
    from tests.e2e.stranger import Stranger

STANDING = "/voile/v1/standing"
CHECKPOINTS = "/voile/v1/log/checkpoints"
ROOT = hashlib.sha256(b"").digest()


@pytest.fixture
def pair(space: Space, stranger: Callable[..., Stranger]) -> tuple[Running, Stranger]:
    """A running connector, and a party that it trusts."""
    peer = stranger("bolt")
    node = space.party("acme", pin=[peer.did]).start()
    return node, peer


def call(
    node: Running, token: str, method: str = "GET", path: str = STANDING, body: bytes = b""
) -> tuple[int, bytes]:
    status, _, data = request(
        node.port, method, f"/{node.name}{path}", body or None, {"Authorization": f"Bearer {token}"}
    )
    return status, data


def raw(peer: Stranger, node: Running, header: dict[str, Any], **changes: Any) -> str:
    """Write a token by hand; claims set to None are left out."""
    now = int(time.time())
    bound = binding("GET", node.url + STANDING)
    claims = {
        "iss": peer.did, "sub": peer.did, "aud": node.did, "iat": now, "exp": now + 300,
        "jti": f"raw-{time.monotonic_ns()}",
        "htm": bound.method, "htp": bound.path, "bod": bound.body_digest,
    } | changes  # fmt: skip
    claims = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "ES256", "typ": "JWT", "kid": peer.kid} | header
    signed = f"{b64url(canonical(head))}.{b64url(canonical(claims))}"
    return f"{signed}.{b64url(peer.key.sign(signed.encode()))}"


def test_a_good_token_is_taken_and_every_forgery_looks_the_same(
    pair: tuple[Running, Stranger], stranger: Callable[..., Stranger]
):
    """One true token passes; each forged one gets the same 401 with the same body, never a 500."""
    node, peer = pair
    other = stranger("other")
    url = node.url + STANDING
    assert call(node, raw(peer, node, {}))[0] == 200
    assert call(node, peer.token(node.did, "GET", url))[0] == 200
    now = int(time.time())
    header, claims, _ = raw(peer, node, {}).split(".")
    secret = json.dumps(peer.key.public.jwk()).encode()
    mac = hmac.new(secret, f"{header}.{claims}".encode(), hashlib.sha256).digest()
    rogue = SigningKey.p256(hashlib.shake_256(b"rogue").digest(48))
    good = peer.token(node.did, "GET", url)
    zoo = {
        "none": raw(peer, node, {"alg": "none"}).rsplit(".", 1)[0] + ".",
        "alg none with signature": raw(peer, node, {"alg": "none"}),
        "HS256 with the public key": f"{header}.{claims}.{b64url(mac)}",
        "EdDSA said, ES256 signed": raw(peer, node, {"alg": "EdDSA"}),
        "crit": raw(peer, node, {"crit": ["exp"]}),
        "jku": raw(peer, node, {"jku": "https://evil.example/keys"}),
        "x5u": raw(peer, node, {"x5u": "https://evil.example/x"}),
        "jwk in the header": raw(peer, node, {"jwk": rogue.public.jwk()}),
        "no exp": raw(peer, node, {}, exp=None),
        "no iat": raw(peer, node, {}, iat=None),
        "no jti": raw(peer, node, {}, jti=None),
        "exp past": raw(peer, node, {}, iat=now - 400, exp=now - 100),
        "exp in a hundred years": raw(peer, node, {}, exp=now + 3_155_760_000),
        "iat ahead": raw(peer, node, {}, iat=now + 120, exp=now + 400),
        "nbf ahead": raw(peer, node, {}, nbf=now + 120),
        "exp as text": raw(peer, node, {}, exp=str(now + 300)),
        "aud another": raw(peer, node, {}, aud=other.did),
        "aud with a suffix": raw(peer, node, {}, aud=node.did + ":x"),
        "aud list of two": raw(peer, node, {}, aud=[node.did, other.did]),
        "iss is not sub": raw(peer, node, {}, sub=other.did),
        "iss longer by a suffix": raw(peer, node, {}, iss=peer.did + "x", sub=peer.did + "x"),
        "unknown iss": other.token(node.did, "GET", url),
        "kid of another": raw(peer, node, {"kid": other.kid}),
        "kid with two marks": raw(peer, node, {"kid": peer.kid + "#x"}),
        "no such kid": raw(peer, node, {"kid": peer.did + "#none"}),
        "agreements key": peer.token(
            node.did, "GET", url, key=peer.agreements, kid=f"{peer.did}#{peer.agreements.public.thumbprint()}"
        ),
        "signed by another": peer.token(node.did, "GET", url, key=rogue),
        "another method": peer.token(node.did, "POST", url),
        "another path": peer.token(node.did, "GET", node.url + CHECKPOINTS),
        "another body": peer.token(node.did, "GET", url, b"{}"),
        "no binding": peer.token(node.did, "GET", url, binding=None),
        "two parts": good.rsplit(".", 1)[0],
        "four parts": good + ".x",
        "padded": good + "=",
        "signature flipped": good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        "non-canonical base64": _noncanonical(good),
        "nested payload": raw(peer, node, {"cty": "JWT"}, iss={"a": {"b": {"c": 1}}}),
        "too long": raw(peer, node, {}, pad="x" * 9000),
        "empty": "",
        "not base64": "ü.ü.ü".encode().decode("latin-1"),
    }  # fmt: skip
    answers = {name: call(node, token) for name, token in zoo.items()}
    assert {name: a for name, a in answers.items() if a[0] != 401} == {}
    assert len({body for _, body in answers.values()}) == 1
    assert call(node, good)[0] == 200, "the zoo must fail for its own reasons"
    one_in_a_list = raw(peer, node, {}, aud=[node.did], iat=now - 0.5, exp=now + 299.5)
    assert call(node, one_in_a_list)[0] == 200, "RFC 7519 allows both"
    log = node.log
    parts = {part for token in (*zoo.values(), good) for part in token.split(".")}
    assert not [part for part in parts if len(part) > 20 and part in log], "no token is logged"


def _noncanonical(token: str) -> str:
    """Change the unused low bits of the signature's last character."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(token[-1])
    changed = token[:-1] + alphabet[last ^ 1]
    part = token.rsplit(".", 1)[1]
    assert len(part) % 4 == 2, "a 64-byte signature has four unused bits"
    pad = "=" * (-len(part) % 4)
    assert base64.urlsafe_b64decode(part + pad) == base64.urlsafe_b64decode(
        changed.rsplit(".", 1)[1] + pad
    )
    return changed


def test_other_authorization_headers_are_refused(pair: tuple[Running, Stranger]):
    """No header, another scheme, and a repeated header are all refused."""
    node, peer = pair
    path = f"/{node.name}{STANDING}"
    token = peer.token(node.did, "GET", node.url + STANDING)
    assert request(node.port, "GET", path)[0] == 401
    assert request(node.port, "GET", path, None, {"Authorization": token})[0] == 401
    assert request(node.port, "GET", path, None, {"Authorization": f"bearer  {token}"})[0] == 401
    double = f"Bearer {token}, Bearer {token}"
    assert request(node.port, "GET", path, None, {"Authorization": double})[0] == 401


def test_a_token_works_once_also_after_restart(pair: tuple[Running, Stranger]):
    """The second use is refused: at once, after SIGKILL and restart, for reads and for writes."""
    node, peer = pair
    read = peer.token(node.did, "GET", node.url + STANDING)
    note = peer.checkpoint(0, ROOT)
    write = peer.token(node.did, "POST", node.url + CHECKPOINTS, note)
    assert call(node, read)[0] == 200
    assert call(node, write, "POST", CHECKPOINTS, note)[0] == 201
    for _ in range(2):
        assert call(node, read)[0] == 401
        assert call(node, write, "POST", CHECKPOINTS, note)[0] == 401
        node.kill()
        node.start()


def test_a_token_is_used_up_by_a_refusal_too(pair: tuple[Running, Stranger]):
    """After a 4xx the token is spent: a body that was refused cannot be tried again with it."""
    node, peer = pair
    token = peer.token(node.did, "POST", node.url + CHECKPOINTS, b"no note")
    assert call(node, token, "POST", CHECKPOINTS, b"no note")[0] == 400
    assert call(node, token, "POST", CHECKPOINTS, b"no note")[0] == 401


@pytest.mark.parametrize("write", [False, True], ids=["read", "write"])
def test_of_eight_at_once_one_wins(pair: tuple[Running, Stranger], *, write: bool):
    """The same request eight times at the same moment: exactly one is answered, and one leaf made."""
    node, peer = pair
    note = peer.checkpoint(0, ROOT) if write else b""
    method, path = ("POST", CHECKPOINTS) if write else ("GET", STANDING)
    token = peer.token(node.did, method, node.url + path, note)
    # half of the threads wait for documents: this one is at hand
    assert call(node, peer.token(node.did, "GET", node.url + STANDING))[0] == 200
    before = node.manage("GET", "/v1/node")[1]["log"]["size"]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: call(node, token, method, path, note)[0], range(8)))
    assert sorted(found) == [201 if write else 200] + [401] * 7
    after = node.manage("GET", "/v1/node")[1]["log"]["size"]
    assert after - before == (1 if write else 0)


def test_a_rotated_key_is_fetched_and_the_old_one_refused(pair: tuple[Running, Stranger]):
    """A new key in the DID document is found by its id; while the old document is kept, at most a
    minute passes before it is asked for again.
    """
    node, peer = pair
    url = node.url + STANDING
    fresh = SigningKey.p256(hashlib.shake_256(b"fresh").digest(48))
    kid = f"{peer.did}#{fresh.public.thumbprint()}"
    method = peer.document["verificationMethod"][0]
    peer.document["verificationMethod"][0] = method | {
        "id": kid,
        "publicKeyJwk": fresh.public.jwk(),
    }
    for name in ("authentication", "capabilityInvocation"):
        peer.document[name] = [kid]
    assert call(node, peer.token(node.did, "GET", url, key=fresh, kid=kid))[0] == 200
    assert call(node, peer.token(node.did, "GET", url))[0] == 401


def test_failed_logins_become_evidence_and_stay_cheap(pair: tuple[Running, Stranger]):
    """Fifty failed logins are counted in the log by one leaf, not by fifty."""
    node, _ = pair
    before = node.manage("GET", "/v1/node")[1]["log"]["size"]
    for _ in range(50):
        assert call(node, "x.y.z")[0] == 401
    assert node.stop() == 0
    node.start()
    after = node.manage("GET", "/v1/node")[1]["log"]["size"]
    assert 1 <= after - before <= 2
    status, text = node.metrics("/metrics")
    assert status == 200
    assert "voile_refused_logins_total" in text
