"""Self-issued tokens: who is calling, for this one request.

The loop of a receiver: ``read`` (checks 1-5, nothing fetched) → registry status of ``issuer`` →
resolve its DID document → ``verify`` (checks 6-9 and the binding) → insert ``jti`` in the request's
transaction (check 10). All failures look alike to the caller. Spec: DCP 1.0.1 §4; voile design
identity.md §2.
"""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from crypto import problems_signatures as problems
from crypto import strict_json
from crypto.b64 import unb64url
from crypto.canonical import canonical
from crypto.did_web import Did, read_did
from crypto.errors import MalformedError, VerificationError
from crypto.jose import sign_compact, verify_compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.did import DidDocument
    from crypto.keys import Alg, SigningKey
    from crypto.words import Words

MAX_CHARACTERS: Final = 8192
LEEWAY_SECONDS: Final = 30
MAX_LIFETIME_SECONDS: Final = 900
MAX_JTI_CHARACTERS: Final = 256
ALGORITHMS: Final = frozenset({"ES256", "EdDSA"})
REFUSED_HEADERS: Final = ("crit", "jku", "x5u", "jwk", "x5c")
BEARER: Final = "Bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The request that a token is for.

    Attributes:
        method: the HTTP method.
        path: decoded path, with the prefix of the public URL.
        body_digest: base64url SHA-256 of the body; of nothing if there is none.
    """

    method: str
    path: str
    body_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedToken:
    """A well-formed token for us and for now; nobody has vouched for it yet."""

    issuer: Did
    jti: str
    issued: int  # seconds since 1970
    expires: int
    kid: str | None
    alg: Alg
    claims: Mapping[str, Any]
    compact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedToken:
    """A token whose issuer signed it for this very request.

    Attributes:
        access_token: leads to the caller's credential service, if it sent one.
    """

    issuer: Did
    jti: str
    issued: int
    expires: int
    access_token: str | None
    bound: bool


def mint(
    key: SigningKey,
    *,
    issuer: str,
    audience: str,
    kid: str,
    now: int,
    jti: str,
    ttl_seconds: int = 300,
    binding: Binding | None = None,
    access_token: str | None = None,
) -> str:
    """Make a token for one request.

    Args:
        key: our token key.
        issuer: our DID.
        audience: the peer's DID.
        kid: absolute id of the key in our document.
        now: seconds since 1970.
        jti: random, never used before.
        ttl_seconds: how long it holds.
        binding: the request, for peers that run Voile; others ignore it.
        access_token: leads to our credential service, when claims are needed.
    """
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": issuer,
        "aud": audience,
        "iat": now,
        "exp": now + ttl_seconds,
        "jti": jti,
    }
    if binding is not None:
        claims |= {"htm": binding.method, "htp": binding.path, "bod": binding.body_digest}
    if access_token is not None:
        claims["token"] = access_token
    return sign_compact(canonical(claims), key, {"kid": kid, "typ": "JWT"})


def read(authorization: Sequence[str], *, audience: str, now: int) -> UnverifiedToken:
    """Read a token: checks (1) to (5), without the registry's status.

    Args:
        authorization: the values of all Authorization headers.
        audience: our own DID.
        now: seconds since 1970.

    Raises:
        MalformedError: not one token in its form.
        VerificationError: not for us, or not for now.
    """
    # (1) one header, its size, three parts, strict JSON
    header, claims, compact = _parts(authorization)
    # (2) algorithm and header
    alg, kid = header.get("alg"), header.get("kid")
    if alg not in ALGORITHMS:
        raise _malformed(problems.ALG_NEITHER)
    for name in REFUSED_HEADERS:
        if name in header:
            raise _malformed(problems.HEADER_HAS, name=name)
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise _malformed(problems.TYP_NO_JWT)
    if kid is not None and (not isinstance(kid, str) or kid.count("#") > 1):
        raise _malformed(problems.KID_NO_ID)
    # (3) the issuer speaks for itself
    issuer = claims.get("iss")
    try:
        speaker = read_did(issuer if isinstance(issuer, str) else "").did
    except MalformedError as error:
        raise _malformed(problems.ISS_NO_DID) from error
    if claims.get("sub") != issuer:
        raise VerificationError(problems.TOKEN_SUBJECT)
    # (4) for us alone
    if claims.get("aud") not in (audience, [audience]):  # RFC 7519 §4.1.3: one may be in a list
        raise VerificationError(problems.TOKEN_AUDIENCE)
    # (5) for now
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    not_before = _seconds(claims, "nbf") if "nbf" in claims else issued
    if max(issued, not_before) > now + LEEWAY_SECONDS:
        raise VerificationError(problems.TOKEN_EARLY)
    if expires < now - LEEWAY_SECONDS:
        raise VerificationError(problems.TOKEN_EXPIRED)
    if not 0 < expires - issued <= MAX_LIFETIME_SECONDS:
        raise VerificationError(problems.TOKEN_LIFETIME, most=MAX_LIFETIME_SECONDS)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= MAX_JTI_CHARACTERS:
        raise _malformed(problems.JTI_MISSING)
    return UnverifiedToken(
        issuer=speaker,
        jti=jti,
        issued=int(issued),
        expires=math.ceil(expires),
        kid=kid,
        alg=cast("Alg", alg),
        claims=claims,
        compact=compact,
    )


def verify(token: UnverifiedToken, document: DidDocument, *, binding: Binding) -> VerifiedToken:
    """Verify a token: checks (6) to (9), then that it is for this request.

    Args:
        token: from `read`.
        document: the DID document of its issuer.
        binding: the request as it arrived.

    Raises:
        VerificationError: it does not hold.
        MalformedError: the issuer's key is in a form that is not read.
    """
    # (6) the document is the issuer's
    if document.did != token.issuer:
        raise VerificationError(problems.TOKEN_DOCUMENT)
    # (7) the key is the issuer's own, meant for calls
    if token.kid is not None and "#" in token.kid:
        owner = token.kid.split("#", 1)[0]
        if owner not in {"", token.issuer}:
            raise VerificationError(problems.TOKEN_KID)
    # (8) its type fits the algorithm; the key gate is inside
    key = document.key(token.kid, relationship="capabilityInvocation", former=True)
    document.check_time(key, token.issued)
    if key.alg != token.alg:
        raise VerificationError(problems.TOKEN_ALG)
    # (9) the signature
    verify_compact(token.compact, key)
    # and the request it was made for: peers that run Voile always say it
    bound = document.is_voile or any(name in token.claims for name in ("htm", "htp", "bod"))
    if bound:
        for name, expected in (
            ("htm", binding.method),
            ("htp", binding.path),
            ("bod", binding.body_digest),
        ):
            given = token.claims.get(name)
            if not isinstance(given, str) or not hmac.compare_digest(
                given.encode("utf-8"), expected.encode("utf-8")
            ):
                raise VerificationError(problems.TOKEN_BINDING, name=name)
    access_token = token.claims.get("token")
    return VerifiedToken(
        issuer=token.issuer,
        jti=token.jti,
        issued=token.issued,
        expires=token.expires,
        access_token=access_token if isinstance(access_token, str) else None,
        bound=bound,
    )


def _parts(
    authorization: Sequence[str],
) -> tuple[dict[str, Any], dict[str, Any], str]:
    if len(authorization) != 1:
        raise _malformed(problems.ONE_HEADER, got=len(authorization))
    value = authorization[0]
    if not value.startswith(BEARER):
        raise _malformed(problems.BEARER)
    compact = value.removeprefix(BEARER)
    if len(compact) > MAX_CHARACTERS:
        raise _malformed(problems.LONGER, most=MAX_CHARACTERS)
    parts = compact.split(".")
    if len(parts) != 3:
        raise _malformed(problems.THREE_PARTS, got=len(parts))
    header, claims = (
        strict_json.loads(unb64url(part), max_bytes=MAX_CHARACTERS, max_depth=16)
        for part in parts[:2]
    )
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _malformed(problems.BOTH_OBJECTS)
    unb64url(parts[2])  # in its one spelling
    return header, claims, compact


def _seconds(claims: Mapping[str, Any], name: str) -> int | float:
    """Read a NumericDate: seconds since 1970, maybe with a fraction (RFC 7519 §2)."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise _malformed(problems.NO_SECONDS, name=name)
    return value


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.TOKEN_MALFORMED, why=why.of(**facts))
