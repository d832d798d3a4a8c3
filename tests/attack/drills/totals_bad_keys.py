"""Every supplier's figure in clear, by a key that hides nothing.

Who: a consumer who makes its key as it likes.
Knows: how Paillier's encryption fails: a prime modulus, an even one, a square, one with small
factors, a short one announced as long; and that a proof can be for something else.
Source: privacy.md 3.2, 4; issue 9, 5.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import gmpy2

from crypto.b64 import b64url, unb64url
from crypto.errors import MalformedError
from crypto.paillier.jwk import public_from_jwk
from tests.attack import sessions
from tests.attack.stocks import stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = stocks(scene, "keys")
    honest = held.drawn(scene.mallory)["acme"]
    n = int.from_bytes(unb64url(honest.session["key"]["n"]), "big")
    other = held.drawn(scene.mallory)["acme"]
    half = gmpy2.next_prime(gmpy2.isqrt(n))
    moduli = {
        "a prime": int(gmpy2.next_prime(n)),
        "an even one": n + 1,
        "a square": int(half * half),
        "a cube": int(gmpy2.next_prime(gmpy2.iroot(gmpy2.mpz(n), 3)[0]) ** 3),
        "one with a small factor": 3 * (n // 3) + 3 * (1 - (n // 3) % 2),
        "one of 65537 and another": 65537 * ((n // 65537) | 1),
        "one of 2048 bits written as 3072": n,
        "a short one of 1024 bits": n >> 1024 | 1,
        "one of 8192 bits": n**4 | 1,
        "one": 1,
        "nought": 0,
    }
    said = {}
    for what, modulus in moduli.items():
        told.tried.append(f"a modulus that is {what}")
        long = 384 if "written as 3072" in what else max(1, (modulus.bit_length() + 7) // 8)
        said[what] = _open(scene, honest, modulus.to_bytes(long, "big"), honest.proof)
    told.tried.append("the proof of another key, of another session, half a proof, no proof")
    raw = unb64url(honest.session["key"]["n"])
    said["another key's proof"] = _open(scene, honest, raw, other.proof)
    said["the proof turned round"] = _open(scene, honest, raw, honest.proof[::-1])
    said["half a proof"] = _open(scene, honest, raw, honest.proof[:5])
    said["no proof"] = _open(scene, honest, raw, [])
    for what, (status, text) in said.items():
        told.check(f"{what} is refused", holds=status in {400, 403}, came=text)
    same = {text for status, text in said.values() if status == 403}
    told.came.append(
        f"{len(same)} kinds of refusal among keys that are numbers of the right length"
    )
    told.check(
        "what is refused by arithmetic is refused in the same words",
        holds=len(same) == 1,
        came=same,
    )
    told.check("nothing was charged", holds=held.used(scene.mallory) == [0, 0, 0])


def _open(
    scene: Scene, honest: sessions.Opening, modulus: bytes, proof: list[str]
) -> tuple[int, str]:
    key = {"kty": "DAJ", "alg": "PAI-GN1", "key_ops": ["encrypt"], "n": b64url(modulus)}
    try:
        key["kid"] = public_from_jwk(key).thumbprint()
    except MalformedError:
        key["kid"] = honest.session["key"]["kid"]
    opening = honest.changed(key=key)
    opening.body["proof"] = proof
    status, body = sessions.open_at(scene.mallory, scene.acme, opening)
    return status, json.dumps(body.get("error", body))
