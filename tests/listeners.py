"""Listeners in a test's own process: ended with every connection that they still have."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import threading


def end(server: Any, thread: threading.Thread | None = None) -> None:
    """End a waitress server.

    It closes where it listens, and leaves connections to the process's end: in a test their
    sockets would be found unclosed at some later time, in the middle of another test.

    Args:
        server: as `waitress.server.create_server` makes it.
        thread: that serves.
    """
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
    with suppress(OSError):
        server.close()
    if thread is not None:
        thread.join(5)
    for channel in list(server.active_channels.values()):
        with suppress(OSError, KeyError):
            channel.handle_close()
