"""A connection of our listeners: how it reads a request, sends its answers, and makes room.

An answer may be held back for some seconds. No thread waits for that: the connection keeps it, and
closes after it, so that whoever is refused very often cannot come again at once.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, Final

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TURN_BYTES: Final = 1 << 21
ROOM: Final = 300  # open connections from which on the longest idle ones are closed


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses what two servers in a row could read differently: a body with two lengths.

    Attributes:
        most: of a path and a header `Cookie` the most bytes that a body may have, where that is
            less than the listener takes; None for a listener that asks nobody.
    """

    adj: Any
    most: Callable[[str, str], int] | None = None

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header block; waitress alone lets a chunked body win over a Content-Length."""
        super().parse_header(header_plus)
        if ("CONTENT_LENGTH" in self.headers and self.chunked) or (
            "TRANSFER_ENCODING" in self.headers
        ):
            raise ParsingError("the body has two lengths")
        if self.most is not None and (self.chunked or self.content_length):
            try:
                most = self.most(self.path, self.headers.get("COOKIE", ""))
            except Exception:  # noqa: BLE001 -- who cannot be asked allows nothing; the loop goes on
                most = 0
            own: Any = copy(self.adj)  # of this request alone
            own.max_request_body_size = min(most + 1, own.max_request_body_size)
            self.adj = own


class Task(WSGITask):  # type: ignore[misc]
    """Answers a request; the head goes out with the first piece of the body."""

    def get_environment(self) -> dict[str, Any]:
        """Give the WSGI environment, with a way to hold the answer back."""
        environ: dict[str, Any] = super().get_environment()
        environ["voile.hold_back"] = self.channel.hold_back
        return environ

    def write(self, data: bytes) -> None:
        """Write a piece of the body, and the head before the first."""
        if self.wrote_header:
            super().write(data)
        else:
            if self.channel.held_back:  # the next request on this connection would not be read
                self.response_headers.append(("Connection", "close"))
                self.close_on_finish = True
            with self.channel.in_one_piece():
                super().write(data)


def asking(most: Callable[[str, str], int]) -> type[Channel]:
    """Make connections of a listener that asks how much a request may bring before it takes it."""
    parser = type("AskingParser", (Parser,), {"most": staticmethod(most)})
    return type("AskingChannel", (Channel,), {"parser_class": parser})


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection: it takes turns with the others, and says when it is idle."""

    parser_class = Parser
    task_class = Task
    _held: list[bytes] | None = None  # what waits to go out in one piece
    _until = 0.0  # of time.monotonic: nothing goes out before

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """Send at the end, together, what is written meanwhile."""
        held: list[bytes] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
        super().write_soon(b"".join(held))

    def write_soon(self, data: Any) -> int:
        """Send bytes, or a file, as soon as the socket takes them."""
        if self._held is None:
            sent: int = super().write_soon(data)
            return sent
        self._held.append(data)
        return len(data)

    def __init__(self, server: Any, *rest: Any, **more: Any) -> None:
        super().__init__(server, *rest, **more)
        self._turn = TURN_BYTES
        make_room(server)

    def hold_back(self, seconds: float) -> None:
        """Send nothing for some seconds; the loop keeps what is to go out."""
        self._until = time.monotonic() + seconds

    @property
    def held_back(self) -> bool:
        """Whether an answer waits for its time."""
        return time.monotonic() < self._until

    def writable(self) -> bool:
        """Say whether the loop has something to do for this connection."""
        return bool(self.will_close if self.held_back else super().writable())

    def _flush_some(self, do_close: bool = True) -> bool:
        """Send what the socket takes, but no more than a turn: the loop is everybody's.

        A reader as quick as we are would otherwise hold it until a long file has gone out.
        """
        if self.held_back:
            return False
        self._turn = TURN_BYTES
        flushed: bool = super()._flush_some(do_close=do_close)
        return flushed

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send a piece; zero, as if the socket were full, when the turn is over."""
        if self._turn <= 0:
            return 0
        sent: int = super().send(data, do_close=do_close)
        self._turn -= sent
        return sent

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Let a thread wait until the reader has taken enough, but never for a file.

        waitress waits so before it serves the next request of a connection: a client that asks for
        a file twice in one breath and reads nothing would keep a thread for ever. What it has asked
        for besides is dropped, and the connection ends with the file.
        """
        if self.total_outbufs_len <= self.adj.outbuf_high_watermark:
            return
        if not any(isinstance(one, ReadOnlyFileBasedBuffer) for one in self.outbufs):
            super()._flush_outbufs_below_high_watermark()
            return
        with self.requests_lock:
            self.close_when_flushed = True
            for request in self.requests[1:]:
                request.close()
            del self.requests[1:]

    @property
    def busy(self) -> bool:
        """Whether a request is being read, served or answered; one that is held back may go."""
        if self.held_back:
            return False
        return bool(self.requests or self.total_outbufs_len or self.request is not None)


def make_room(server: Any) -> None:
    """Close the longest idle connections when there are many, in the listener's own thread.

    Some clients open one for every request and keep it. At its limit waitress accepts no more
    until one has been idle for the keep-alive time: a silent stop for everybody else.
    """
    everyone = list(server.active_channels.values())
    surplus = len(everyone) - ROOM
    if surplus > 0:
        idle = [one for one in everyone if not one.busy]
        for one in sorted(idle, key=lambda one: (not one.held_back, one.last_activity))[:surplus]:
            one.will_close = True


def let_go(server: Any, now: float) -> None:
    """Close the connections whose reader takes nothing any more, in the listener's own thread.

    waitress only marks them, and waits until their sockets take bytes again, which may be never.

    Args:
        server: the listener.
        now: the time, in the seconds of `time.time`.
    """
    cutoff = now - server.adj.channel_timeout
    for one in list(server.active_channels.values()):
        if one.will_close and one.last_activity < cutoff:
            one.handle_close()
