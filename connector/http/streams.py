"""Exchanges that are too long to hold: bodies up and down, piece by piece, under the same guards.

What differs from a plain request is the deadline: there is none for the whole, but every piece must
move within the idle time. The address is checked and pinned as always, no redirect is followed.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from urllib3.exceptions import HTTPError

from connector.http import problems
from connector.http.pinned import under_way
from connector.http.troubles import trouble
from connector.process.errors import EgressRefused, Unreachable
from connector.process.ports import Streamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urllib3 import BaseHTTPResponse

    from connector.http.addresses import Target
    from connector.http.egress import Egress
    from connector.http.pinned import Exchange

USER_AGENT: Final = "voile"
FRAMING: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}
)
PIECE: Final = 1 << 18  # bytes read at a time
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD"})


@dataclass(slots=True)
class Prepared:
    """A request to a target, as it leaves."""

    method: str
    headers: dict[str, str]
    body: bytes | Iterable[bytes] | None = None


def prepare(
    method: str,
    target: Target,
    body: bytes | None = None,
    extra: Mapping[str, str] | None = None,
) -> Prepared:
    """Write the request.

    Raises:
        EgressRefused: a header that frames the message, which is the client's own.
    """
    for name in extra or {}:
        if name.lower() in FRAMING:
            raise EgressRefused(problems.HEADER, name=name)
    method = method.upper()
    headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    if body is not None:
        headers["Content-Type"] = "application/json"
    given = dict(extra or {})
    theirs = {name.lower() for name in given}
    headers = {name: text for name, text in headers.items() if name.lower() not in theirs} | given
    headers["Host"] = target.authority
    if body or method not in _WITHOUT_BODY:
        headers["Content-Length"] = str(len(body or b""))
    return Prepared(method, headers, body or None)


def plain_headers(answer: BaseHTTPResponse) -> dict[str, str]:
    """Give the headers of an answer, lower case; refuse what two readers could read differently.

    Raises:
        HTTPError: it has two lengths, or is encoded.
    """
    # a repeated header (`Link`) counts as one with commas: RFC 9110 section 5.3
    headers = {name.lower(): value for name, value in answer.headers.itermerged()}
    lengths = answer.headers.getlist("content-length")
    if len(set(lengths)) > 1 or (lengths and "transfer-encoding" in headers):
        raise HTTPError("the answer has two lengths")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPError("the answer is encoded although we asked for identity")
    return headers


@contextmanager
def streamed(
    egress: Egress,
    method: str,
    url: str,
    *,
    body: Iterable[bytes] | None,
    length: int,
    headers: Mapping[str, str] | None,
    idle: float,
) -> Iterator[Streamed]:
    """Send ``body``, then give the answer with its pieces still to come."""
    target = egress.target(url)
    prepared = prepare(method, target, extra=headers)
    exchange = egress.exchange(target, time.monotonic() + idle)
    if body is not None:
        prepared.headers["Content-Length"] = str(length)
        prepared.body = _moving(body, exchange, idle)
    previous, under_way.exchange = under_way.exchange, exchange
    try:
        with exchange.guards:
            try:
                answer = egress.head(prepared, exchange)
                found = plain_headers(answer)
            except (OSError, HTTPError) as error:
                raise _broken(target, error) from error
            try:
                yield Streamed(
                    status=answer.status,
                    headers=found,
                    pieces=_pieces(answer, exchange, idle, target),
                )
            finally:
                answer.close()  # what is left of it must not meet the next request
    except TimeoutError as error:
        raise _broken(target, error) from error
    finally:
        under_way.exchange = previous


def _moving(body: Iterable[bytes], exchange: Exchange, idle: float) -> Iterator[bytes]:
    for piece in body:
        exchange.go_on(idle)
        yield piece
    exchange.go_on(idle)


def _pieces(
    answer: BaseHTTPResponse, exchange: Exchange, idle: float, target: Target
) -> Iterator[bytes]:
    while True:
        try:
            piece = answer.read1(PIECE, decode_content=False)
        except (OSError, HTTPError) as error:
            raise _broken(target, error) from error
        if not piece:
            return
        exchange.go_on(idle)
        yield piece


def _broken(target: Target, error: Exception) -> Unreachable:
    return Unreachable(problems.BROKE, peer=target.authority, why=trouble(error))
