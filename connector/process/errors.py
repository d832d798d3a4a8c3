# ruff: noqa: N818 -- an error is named for what happened, as its HTTP status is
"""One tree of errors, by whose fault it is; each knows the HTTP status that a caller sees.

::

    VoileError                      crypto.errors: a problem (code, words, next step), params
    ├── MalformedError              bytes that are not what their format says             400
    ├── VerificationError           a signature, proof, token or credential does not hold 403
    ├── ReasonedError               carries reasons: a policy or a question not understood 400
    ├── ProductError                a product file that cannot be taken                   400
    ├── ProtocolError               a message and its process do not fit                  409
    │   └── RemoteProtocolError     it came from the peer: `status` says which        400-503
    ├── SettingsError               the operator's settings, files or machine             500
    ├── CallerError                 what the caller sent or asked for
    │   ├── BadRequest              a field is missing or wrong                           400
    │   ├── Unauthenticated         the token does not hold; all such failures look alike 401
    │   ├── Forbidden               known, but not allowed                                403
    │   │   └── Refused             the contract does not grant it: carries reasons       403
    │   ├── NotFound                missing, or somebody else's                           404
    │   ├── Conflict                the state does not allow it                           409
    │   ├── TooLarge                body over the cap                                     413
    │   ├── UnsupportedEncoding     a Content-Encoding, or a body of the wrong type       415
    │   └── TooMany                 over the rate                                         429
    ├── RemoteError                 a peer's fault, or the way to it
    │   ├── EgressRefused           an address that we never call                         502
    │   ├── Unreachable             no answer, or half of one: worth another try          502
    │   └── PeerRefused             the peer answered 4xx: carries its status and body    502
    └── StoreError                  the database cannot take it: nothing was changed      503
        └── ReadOnly                the log's anchor knows more than the database         503

What a caller did is never a 500: that is left for settings and for bugs of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from catalog.errors import ProductError
from connector.process import problems
from contracts.errors import ProtocolError, RemoteProtocolError
from crypto.errors import MalformedError, VerificationError, VoileError
from crypto.words import spoken
from policies.errors import ReasonedError

if TYPE_CHECKING:
    from crypto.problem import Problem
    from crypto.words import Language, Words

__all__ = [
    "BadRequest",
    "CallerError",
    "Conflict",
    "EgressRefused",
    "Forbidden",
    "MalformedError",
    "NotFound",
    "PeerRefused",
    "ReadOnly",
    "Refused",
    "RemoteError",
    "SettingsError",
    "StoreError",
    "TooLarge",
    "TooMany",
    "Unauthenticated",
    "Unreachable",
    "UnsupportedEncoding",
    "VerificationError",
    "VoileError",
    "error_json",
    "http_status",
]


class SettingsError(VoileError):
    """The operator's settings, files or machine are not as they must be."""

    status: ClassVar[int] = 500


class CallerError(VoileError):
    """What a caller sent or asked for cannot be done."""

    status: ClassVar[int] = 400


class BadRequest(CallerError):
    """A field of the request is missing or wrong."""


class Unauthenticated(CallerError):
    """The caller's token does not hold. ``reason`` is for our own log, never for the answer."""

    status = 401

    def __init__(self, reason: str, *, did: str = "") -> None:
        super().__init__(problems.UNAUTHENTICATED)
        self.reason = reason
        self.did = did


class Forbidden(CallerError):
    """The caller is known but may not do this."""

    status = 403


class Refused(ReasonedError, Forbidden):
    """The contract does not grant it; the reasons say which clause and what to do."""


class NotFound(CallerError):
    """Missing, or somebody else's: the two look alike."""

    status = 404


class Conflict(CallerError):
    """The state does not allow it now."""

    status = 409


class TooLarge(CallerError):
    """The body is over the cap of its route."""

    status = 413


class UnsupportedEncoding(CallerError):
    """The body is encoded or typed in a way that this route does not read."""

    status = 415


class TooMany(CallerError):
    """Over the rate of this source."""

    status = 429


class RemoteError(VoileError):
    """A peer, or the way to it, failed."""

    status: ClassVar[int] = 502


class EgressRefused(RemoteError):
    """The address is one that this connector never calls."""


class Unreachable(RemoteError):
    """No answer, or half of one; the same message may be tried again."""


class PeerRefused(RemoteError):
    """The peer answered with a refusal."""

    def __init__(
        self,
        problem: Problem | str,
        *,
        peer_status: int,
        body: bytes = b"",
        code: str = "peer-refused",
        **params: object,
    ) -> None:
        super().__init__(problem, code=code)
        self.params = {"status": peer_status, **params}
        self.peer_status = peer_status
        self.body = body
        self.advise(_peer_step(peer_status))


def _peer_step(status: int) -> Words:
    """Say what helps when a peer answered with a status and no words that help."""
    if status == 401:
        return problems.PEER_KNOWS_US_NOT
    if status == 429 or status >= 500:
        return problems.PEER_LATER
    return problems.PEER_REASON


class StoreError(VoileError):
    """The database cannot take the change; nothing was changed."""

    status: ClassVar[int] = 503
    reason: str = ""  # what its driver said: for the operator, never for a caller


class ReadOnly(StoreError):
    """The log's anchor knows more than the database; nothing is signed until that is solved."""


def http_status(error: VoileError) -> int:
    """Give the status that a caller sees for ``error``."""
    match error:
        case SettingsError() | CallerError() | RemoteError() | StoreError():
            return error.status
        case MalformedError() | ReasonedError() | ProductError():
            return 400
        case VerificationError():
            return 403
        case ProtocolError():
            return error.status if isinstance(error, RemoteProtocolError) else 409
        case _:
            return 500


def error_json(error: VoileError, language: Language = "en") -> dict[str, Any]:
    """Give the JSON form of an error: what happened, what to do, which reasons.

    Args:
        error: what happened.
        language: of `message` and `next`; code, params and reasons are the same in any.
    """
    inner: dict[str, Any] = {
        "code": error.code,
        "message": error.said(language),
        "next": error.following(language),
    }
    if error.params:
        inner["params"] = {name: _plain(value) for name, value in error.params.items()}
    if isinstance(error, ReasonedError):
        inner["reasons"] = [reason.to_json() for reason in error.reasons]
    return {"error": inner}


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool | None) else spoken(value, "en")
