"""What went wrong on the way to another party, in words: a person reads it, not a programmer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.http import problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crypto.words import Words

# by the names of the errors that requests, urllib3, ssl and the system raise, the surest first
_WORDS: Final = (
    (("CertificateError", "SSLError", "SSLCertVerificationError"), problems.TLS),
    (("ConnectionRefusedError",), problems.NOBODY),
    (("TimeoutError", "ReadTimeoutError", "ConnectTimeoutError", "Timeout"), problems.SLOW),
    (
        ("ProtocolError", "IncompleteRead", "RemoteDisconnected", "ChunkedEncodingError",
         "ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"),
        problems.CUT,
    ),
    (("DecodeError", "ContentDecodingError"), problems.UNDECODED),
)  # fmt: skip


def trouble(error: BaseException) -> Words:
    """Say what went wrong.

    Args:
        error: what the HTTP client raised; what it wraps is looked at, too.
    """
    names = {kind.__name__ for each in _chain(error) for kind in type(each).__mro__}
    names |= {word for each in _chain(error) for word in str(each).replace("'", " ").split()}
    for known, words in _WORDS:
        if names & set(known):
            return words
    return problems.FAILED


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
