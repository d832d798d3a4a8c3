"""What went wrong on the way to another party, in words: a person reads it, not a programmer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# by the names of the errors that requests, urllib3, ssl and the system raise, the surest first
_WORDS: Final = (
    (("CertificateError", "SSLError", "SSLCertVerificationError"), "its TLS does not hold"),
    (("ConnectionRefusedError",), "nobody listens there"),
    (("TimeoutError", "ReadTimeoutError", "ConnectTimeoutError", "Timeout"), "it was too slow"),
    (
        ("ProtocolError", "IncompleteRead", "RemoteDisconnected", "ChunkedEncodingError",
         "ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"),
        "it broke off",
    ),
    (("DecodeError", "ContentDecodingError"), "what it sent cannot be decoded"),
)  # fmt: skip


def trouble(error: BaseException) -> str:
    """Say what went wrong.

    Args:
        error: what the HTTP client raised; what it wraps is looked at, too.
    """
    names = {kind.__name__ for each in _chain(error) for kind in type(each).__mro__}
    names |= {word for each in _chain(error) for word in str(each).replace("'", " ").split()}
    for known, words in _WORDS:
        if names & set(known):
            return words
    return "the connection failed"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and all that it was made from, each once."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        each = todo.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        within = (*each.args, each.__cause__, each.__context__, getattr(each, "reason", None))
        todo += [one for one in within if isinstance(one, BaseException)]
