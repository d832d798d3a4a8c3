"""Keys as JSON: phe's form (``kty: DAJ``, ``alg: PAI-GN1``), read strictly and written exactly.

``kid`` is free text in phe's files and carries no meaning here; we write the thumbprint into it.
"""

from collections.abc import Mapping
from typing import Any

from crypto.b64 import b64url, unb64url
from crypto.errors import MalformedError
from crypto.paillier import problems
from crypto.paillier.keys import PublicKey, SecretKey
from crypto.words import Words

KTY = "DAJ"
ALG = "PAI-GN1"
MAX_NUMBER_BYTES = 512  # 4096 bits
MAX_KID = 200


def public_to_jwk(key: PublicKey) -> dict[str, Any]:
    """Return the public key as phe's JWK."""
    return {
        "kty": KTY,
        "alg": ALG,
        "key_ops": ["encrypt"],
        "n": _number_out(key.n),
        "kid": key.thumbprint(),
    }


def secret_to_jwk(key: SecretKey) -> dict[str, Any]:
    """Return the secret key as phe's JWK; whoever holds it decrypts."""
    return {
        "kty": KTY,
        "key_ops": ["decrypt"],
        "p": _number_out(key.p),
        "q": _number_out(key.q),
        "pub": public_to_jwk(key.public),
        "kid": key.public.thumbprint(),
    }


def public_from_jwk(jwk: object) -> PublicKey:
    """Read the form of a public key; whether it is a key at all is the gate's question.

    Raises:
        MalformedError: another member, type, operation or encoding than phe's form has.
    """
    members = _members(jwk, required={"kty", "alg", "key_ops", "n"}, optional={"kid"})
    _expect(members, "alg", ALG)
    _expect(members, "key_ops", ["encrypt"])
    return PublicKey(_number_in(members["n"], "n"))


def secret_from_jwk(jwk: object) -> SecretKey:
    """Read a secret key and check that its factors make the public key it names.

    Raises:
        MalformedError: another form than phe's, or the parts do not belong together.
        PaillierError: the factors make no Paillier key.
    """
    members = _members(jwk, required={"kty", "key_ops", "p", "q", "pub"}, optional={"kid"})
    _expect(members, "key_ops", ["decrypt"])
    key = SecretKey(_number_in(members["p"], "p"), _number_in(members["q"], "q"))
    if public_from_jwk(members["pub"]) != key.public:
        raise _malformed(problems.OTHER_PUBLIC)
    return key


def _members(jwk: object, *, required: set[str], optional: set[str]) -> Mapping[str, Any]:
    if not isinstance(jwk, Mapping):
        raise _malformed(problems.AN_OBJECT)
    names = set(jwk)
    if missing := required - names:
        raise _malformed(problems.MISSING, name=min(missing))
    if unknown := names - required - optional:
        raise _malformed(problems.UNKNOWN, name=min(map(str, unknown))[:40])
    _expect(jwk, "kty", KTY)
    kid = jwk.get("kid", "")
    if not isinstance(kid, str) or len(kid) > MAX_KID:
        raise _malformed(problems.KID, most=MAX_KID)
    return jwk


def _expect(members: Mapping[str, Any], name: str, expected: object) -> None:
    if members[name] != expected:
        raise _malformed(problems.TO_BE, name=name, expected=expected)


def _number_in(value: object, name: str) -> int:
    if not isinstance(value, str):
        raise _malformed(problems.NO_STRING, name=name)
    data = unb64url(value)
    if not data or data[0] == 0 or len(data) > MAX_NUMBER_BYTES:
        raise _malformed(problems.NUMBER, name=name, most=MAX_NUMBER_BYTES)
    return int.from_bytes(data, "big")


def _number_out(value: int) -> str:
    number = int(value)
    return b64url(number.to_bytes(-(-number.bit_length() // 8), "big"))


def _malformed(what: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.JWK, why=what.of(**facts))
