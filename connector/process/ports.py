"""What the shell takes from outside: time, randomness and the network, as arguments."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""
        ...


class Entropy(Protocol):
    """Draws random bytes."""

    def __call__(self, n: int, /) -> bytes:
        """Draw ``n`` bytes."""
        ...


class Resolver(Protocol):
    """Turns a host name into addresses."""

    def __call__(self, host: str, port: int, /) -> Sequence[str]:
        """Give the textual IP addresses of ``host``, in the order to try them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer from another party, read whole under a cap. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Streamed:
    """An answer whose body is still to be read, once. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]


class Transport(Protocol):
    """Sends one request to another party; `connector.http.egress.Egress` is the real one."""

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        max_bytes: int = 1 << 20,
    ) -> Response:
        """Send and read the whole answer.

        Args:
            method: the HTTP method.
            url: an absolute URL; addresses that we never call are refused.
            body: the bytes to send.
            headers: more headers.
            timeout: seconds for the whole exchange.
            max_bytes: cap on the answer's body.

        Raises:
            EgressRefused: the address is one that we never call.
            Unreachable: no answer, or half of one.
        """
        ...

    def stream(
        self,
        method: str,
        url: str,
        *,
        body: Iterable[bytes] | None = None,
        length: int = 0,
        headers: Mapping[str, str] | None = None,
        idle: float = 60.0,
    ) -> AbstractContextManager[Streamed]:
        """Send or fetch what is too long to hold.

        Args:
            method: the HTTP method.
            url: an absolute URL; addresses that we never call are refused.
            body: the pieces to send; what they raise comes through, and cuts the connection.
            length: how many bytes they are together.
            headers: more headers.
            idle: seconds within which something must move.

        Raises:
            EgressRefused: the address is one that we never call.
            Unreachable: no answer, or half of one.
        """
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the present moment in UTC."""
        return datetime.now(UTC)


def system_entropy(n: int, /) -> bytes:
    """Draw ``n`` bytes from the operating system."""
    return os.urandom(n)


def unix(moment: datetime) -> int:
    """Give whole seconds since 1970."""
    return int(moment.timestamp())


def unix_ms(moment: datetime) -> int:
    """Give whole milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
