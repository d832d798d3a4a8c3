"""Exchanges that are too long to hold: bodies up and down, piece by piece, under the same guards.

What differs from a plain request is the deadline: there is none for the whole, but every piece must
move within the idle time. The address is checked and pinned as always, no redirect is followed.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import requests
from urllib3.exceptions import HTTPError

from connector.http import problems
from connector.http.pinned import under_way
from connector.http.troubles import trouble
from connector.process.errors import EgressRefused, Unreachable
from connector.process.ports import Streamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from connector.http.addresses import Target
    from connector.http.egress import Egress
    from connector.http.pinned import Exchange

USER_AGENT: Final = "voile"
FRAMING: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}
)
PIECE: Final = 1 << 18  # bytes read at a time


def prepare(
    method: str,
    target: Target,
    body: bytes | None = None,
    extra: Mapping[str, str] | None = None,
) -> requests.PreparedRequest:
    """Write the request.

    Raises:
        EgressRefused: a header that frames the message, which is the client's own.
    """
    for name in extra or {}:
        if name.lower() in FRAMING:
            raise EgressRefused(problems.HEADER, name=name)
    headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    if body is not None:
        headers["Content-Type"] = "application/json"
    prepared = requests.PreparedRequest()
    prepared.prepare_method(method)
    prepared.url = f"{target.scheme}://{target.authority}{target.path}"  # as it was checked
    prepared.headers = requests.structures.CaseInsensitiveDict({**headers})
    prepared.headers.update(extra or {})
    prepared.headers["Host"] = target.authority
    prepared.prepare_cookies({})  # as `prepare` does, which would also rewrite the URL
    prepared.prepare_body(body, files=None)
    return prepared


def plain_headers(answer: requests.Response) -> dict[str, str]:
    """Give the headers of an answer, lower case; refuse what two readers could read differently.

    Raises:
        HTTPError: it has two lengths, or is encoded.
    """
    # a repeated header (`Link`) counts as one with commas: RFC 9110 section 5.3
    headers = {name.lower(): value for name, value in answer.raw.headers.itermerged()}
    lengths = answer.raw.headers.getlist("content-length")
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
        pieces: Any = _moving(body, exchange, idle)  # requests takes them, its types do not say so
        prepared.body = pieces
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
                    status=answer.status_code,
                    headers=found,
                    pieces=_pieces(answer, exchange, idle, target),
                )
            finally:
                answer.raw.close()  # what is left of it must not meet the next request
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
    answer: requests.Response, exchange: Exchange, idle: float, target: Target
) -> Iterator[bytes]:
    while True:
        try:
            piece = answer.raw.read1(PIECE, decode_content=False)
        except (OSError, HTTPError) as error:
            raise _broken(target, error) from error
        if not piece:
            return
        exchange.go_on(idle)
        yield piece


def _broken(target: Target, error: Exception) -> Unreachable:
    return Unreachable(problems.BROKE, peer=target.authority, why=trouble(error))
