"""Compact JWS with a strict header: attached, or detached over bytes that both sides rebuild.

The header holds ``alg``, ``kid``, ``typ``, perhaps ``iat``, and for a detached signature
``b64: false`` and ``crit: ["b64"]``; any other member is refused. The key is found by ``kid`` and
fixes the algorithm.
Spec: RFC 7515, RFC 7797; voile design evidence.md §2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crypto import problems_signatures as problems
from crypto import strict_json
from crypto.b64 import unb64url
from crypto.errors import MalformedError, VerificationError
from crypto.jose import sign_compact, verify_compact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.keys import PublicKey, SigningKey
    from crypto.words import Words

MAX_HEADER_BYTES: Final = 2048
_ALLOWED: Final = frozenset({"alg", "kid", "typ", "iat"})
_DETACHED: Final = frozenset({"b64", "crit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedJws:
    """A signature that holds.

    Attributes:
        header: the protected header, as parsed.
        payload: the bytes that were signed.
        kid: the signer's key id.
        iat: seconds since 1970 when it was signed, if the header says so.
        key: the key that verified it.
    """

    header: Mapping[str, Any]
    payload: bytes
    kid: str
    iat: int | None
    key: PublicKey


def sign(
    payload: bytes,
    key: SigningKey,
    *,
    typ: str,
    kid: str,
    iat: int | None = None,
    detached: bool = False,
) -> str:
    """Sign bytes.

    Args:
        payload: what is signed.
        key: the signing key; its kind fixes ``alg``.
        typ: the kind of thing signed; a verifier expects exactly it.
        kid: DID URL of the key.
        iat: seconds since 1970.
        detached: leave the payload out: the verifier brings its own copy (RFC 7797).
    """
    header: dict[str, Any] = {"kid": kid, "typ": typ}
    if iat is not None:
        header["iat"] = iat
    return sign_compact(payload, key, header, detached=detached)


def verify(
    jws: str,
    *,
    expected_typ: str,
    find_key: Callable[[str], PublicKey],
    payload: bytes | None = None,
    max_bytes: int = 65536,
) -> VerifiedJws:
    """Verify a signature.

    Args:
        jws: the compact form.
        expected_typ: the ``typ`` it must bear.
        find_key: gives the key of a ``kid``; raises if the signer may not use it for this.
        payload: the bytes, if and only if the signature is detached.
        max_bytes: cap on the compact form.

    Raises:
        MalformedError: not the form above.
        VerificationError: another type, an algorithm that is not the key's, or it does not hold.
    """
    # (1) three parts under a cap
    if len(jws) > max_bytes:
        raise _malformed(problems.SO_LONG, most=max_bytes, got=len(jws))
    parts = jws.split(".")
    if len(parts) != 3:
        raise _malformed(problems.THREE_PARTS, got=len(parts))
    protected, middle, tail = parts
    # (2) the header, with nothing in it that we do not understand
    header = read_header(protected)
    _check_members(header, detached=payload is not None)
    # (3) the type, so that a signature for one thing is not taken for another
    if header["typ"] != expected_typ:
        raise VerificationError(problems.JWS_TYPE, expected=expected_typ, got=header["typ"][:64])
    # (4) the payload: the caller's copy, or the one inside; every part in its one spelling
    if payload is not None and middle:
        raise _malformed(problems.NO_PAYLOAD)
    unb64url(middle)
    unb64url(tail)
    # (5) the key of this signer, with its one algorithm
    key = find_key(header["kid"])
    if key.alg != header["alg"]:
        raise VerificationError(problems.JWS_ALG, expected=key.alg, got=header["alg"][:16])
    # (6) the signature
    body = verify_compact(jws, key, payload=payload)
    return VerifiedJws(
        header=header, payload=body, kid=header["kid"], iat=header.get("iat"), key=key
    )


def read_header(protected: str) -> dict[str, Any]:
    """Read the first part of a compact JWS; nothing in it is verified yet.

    Raises:
        MalformedError: not base64url of a JSON object.
    """
    if len(protected) > MAX_HEADER_BYTES:
        raise _malformed(problems.HEADER_LONG)
    header = strict_json.loads(unb64url(protected), max_bytes=MAX_HEADER_BYTES, max_depth=4)
    if not isinstance(header, dict):
        raise _malformed(problems.HEADER_NO_OBJECT)
    return header


def _check_members(header: Mapping[str, Any], *, detached: bool) -> None:
    allowed = _ALLOWED | _DETACHED if detached else _ALLOWED
    unknown = sorted(set(header) - allowed)
    if unknown:
        raise _malformed(problems.HEADER_UNKNOWN, name=unknown[0][:32])
    for name in ("alg", "kid", "typ"):
        if not isinstance(header.get(name), str):
            raise _malformed(problems.HEADER_LACKS, name=name)
    iat = header.get("iat", 0)
    if isinstance(iat, bool) or not isinstance(iat, int) or iat < 0:
        raise _malformed(problems.NO_SECONDS, name="iat")
    if detached and (header.get("b64") is not False or header.get("crit") != ["b64"]):
        raise _malformed(problems.DETACHED)


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.JWS_MALFORMED, why=why.of(**facts))
