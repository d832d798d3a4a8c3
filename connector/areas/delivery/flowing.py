"""A file on its way out of the server: read by its one loop, without a thread per delivery."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from connector.areas.delivery import problems
from connector.process.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

    from connector.areas.delivery.live import Deliveries, Live

PIECE: Final = 1 << 17  # bytes read at a time: what a socket does not take is read again


class Flow:
    """A part of a file as the server reads it; it counts, stops when cut, and tells of its end.

    The server reads from its one loop, without a thread per delivery: nothing here waits.
    """

    def __init__(self, live: Live, deliveries: Deliveries, path: Path) -> None:
        self._live = live
        self._deliveries = deliveries
        self._file = path.open("rb")
        self._end = live.start + live.length
        self._file.seek(live.start)

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; a broken connection is all that the reader sees of a cut."""
        if self._live.cut:
            raise ConnectionAbortedError("the delivery was stopped")
        left = self._end - self._file.tell()
        found = self._file.read(min(left if size < 0 else size, left, PIECE))
        if not found and left and size:
            raise ConnectionAbortedError("the file is shorter than it was")
        return found

    def seekable(self) -> bool:
        """Say yes: the server measures and rewinds."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move in the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Say where it stands."""
        return self._file.tell()

    def close(self) -> None:
        """Say how far it came. Called once or more, when all was sent or the connection broke."""
        if self._file.closed:
            return
        self._live.sent = self._file.tell() - self._live.start
        self._file.close()
        self._deliveries.end(self._live)


def open_flow(deliveries: Deliveries, live: Live, path: Path) -> Flow:
    """Begin a delivery; nothing of it stays open if it cannot begin."""
    try:
        flow = Flow(live, deliveries, path)
    except OSError as error:
        raise NotFound(problems.FILE_RENEWED) from error
    try:
        deliveries.begin(live)
    except BaseException:
        flow.close()
        raise
    return flow
