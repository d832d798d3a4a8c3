"""PyJWT reads and checks compact signatures, we write them; our gated keys do the mathematics.

PyJWT's own key handling is not used: it would take keys that the gate refuses, and signs ES256 with
a random nonce. Its JSON and claim checks are not relied on either: headers and claims are read
strictly before a signature is looked at (`crypto.jws`, `crypto.tokens`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from jwt.algorithms import Algorithm
from jwt.api_jws import PyJWS
from jwt.exceptions import DecodeError, InvalidKeyError, InvalidSignatureError, PyJWTError

from crypto import problems_signatures as problems
from crypto.b64 import b64url, unb64url
from crypto.errors import MalformedError, VerificationError
from crypto.keys import Alg, PublicKey, SigningKey

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHMS: Final[tuple[Alg, ...]] = ("ES256", "EdDSA")
_OURS: Final = frozenset({"alg", "b64", "crit"})
_NAMES: Final = ("kid", "typ")


class _Gated(Algorithm):
    """One algorithm, for the keys of `crypto.keys` made for it and no others."""

    def __init__(self, alg: Alg) -> None:
        self._alg = alg

    def prepare_key(self, key: Any) -> PublicKey | SigningKey:
        """Take a key of ours, of this algorithm."""
        if not isinstance(key, PublicKey | SigningKey) or key.alg != self._alg:
            raise InvalidKeyError(f"expected a key for {self._alg}")
        return key

    def sign(self, msg: bytes, key: Any) -> bytes:
        """Sign deterministically; for the library's own writing, which ours is held against."""
        return cast("SigningKey", key).sign(msg)

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Say whether the signature holds."""
        try:
            cast("PublicKey", key).verify(sig, msg)
        except VerificationError:
            return False
        return True

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:  # noqa: ARG004 -- the library's signature
        """Not offered: keys are read and written by `crypto.keys`, behind the gate."""
        raise InvalidKeyError("keys are written by crypto.keys")

    @staticmethod
    def from_jwk(jwk: Any) -> Any:  # noqa: ARG004 -- the library's signature
        """Not offered: keys are read and written by `crypto.keys`, behind the gate."""
        raise InvalidKeyError("keys are read by crypto.keys")


class _Library(PyJWS):
    """The library; base64url is read by ours, which is as strict and looks at all at once.

    Its own looks at every character of a long payload by itself, which takes as long as the
    signature's mathematics.
    """

    @staticmethod
    def _decode_base64url_segment(segment: bytes, name: str) -> bytes:
        try:
            return unb64url(segment.decode("ascii"))
        except (UnicodeDecodeError, MalformedError) as error:
            raise DecodeError(f"Invalid {name} padding") from error


def _library() -> PyJWS:
    library = _Library(algorithms=[])
    for alg in ALGORITHMS:
        library.register_algorithm(alg, _Gated(alg))
    return library


_JWS: Final = _library()


def sign_compact(
    payload: bytes, key: SigningKey, header: Mapping[str, Any], *, detached: bool = False
) -> str:
    """Make a compact JWS; detached (RFC 7797) it carries no payload.

    Args:
        payload: the bytes to sign.
        key: its kind fixes ``alg``.
        header: the protected header; ``alg``, and ``b64`` with ``crit`` if detached, are added.
        detached: leave the payload out.

    Raises:
        TypeError: the header names what is ours, or a key that is no text.
    """
    if header.keys() & _OURS or not all(isinstance(header.get(n, ""), str) for n in _NAMES):
        raise TypeError("a header names its key and kind, and leaves the rest to us")
    members: dict[str, Any] = {**header, "alg": key.alg}
    if detached:
        members |= {"b64": False, "crit": ["b64"]}
    # there is no stranger's text to be read here: the library's way to the same bytes is longer,
    # and a test holds that they are the same
    protected = b64url(json.dumps(members, separators=(",", ":"), sort_keys=True).encode())
    middle = "" if detached else b64url(payload)
    signed = f"{protected}.".encode() + (payload if detached else middle.encode())
    return f"{protected}.{middle}.{b64url(key.sign(signed))}"


def verify_compact(compact: str, key: PublicKey, *, payload: bytes | None = None) -> bytes:
    """Verify a compact JWS whose header was read and accepted before; give the payload.

    Args:
        compact: three parts.
        key: the signer's key, gated; no other algorithm than its own is accepted.
        payload: the bytes, if and only if the signature is detached.

    Raises:
        VerificationError: it does not hold.
        MalformedError: the library cannot read it.
    """
    try:
        found = _JWS.decode_complete(
            compact, cast("Any", key), algorithms=[key.alg], detached_payload=payload
        )
    except InvalidSignatureError as error:
        raise VerificationError(problems.SIGNATURE) from error
    except PyJWTError as error:
        raise MalformedError(problems.JWS_MALFORMED, why=type(error).__name__) from error
    return cast("bytes", found["payload"])
