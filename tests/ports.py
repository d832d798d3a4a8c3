"""Ports of this machine for processes that a test starts: given once, and to nobody else meanwhile.

That a port is free says little: another worker of the test run, or another run beside this one, may
look at the same moment, and take it before the process that it was looked up for listens. So who
gives a port out locks its number in a file that all runs of a user share, until its process ends,
and gives it out no second time itself.
"""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import IO

FIRST, LAST = 20_000, 32_000  # below the ephemeral range
_given: set[int] = set()
_draw = random.SystemRandom()  # workers that are seeded alike must not look at the same places


def free_ports(count: int = 4) -> int:
    """Find a port with ``count - 1`` free ones after it, and keep them for this process."""
    for _ in range(2000):
        base = _draw.randrange(FIRST, LAST - count)
        ports = range(base, base + count)
        if _given.isdisjoint(ports) and _lock(base, count):
            _given.update(ports)  # a busy one is not looked at again, either
            if all(_is_free(port) for port in ports):
                return base
    raise RuntimeError("no free ports")


def _lock(base: int, count: int) -> bool:
    with suppress(OSError):
        fcntl.lockf(_file(os.getpid()), fcntl.LOCK_EX | fcntl.LOCK_NB, count, base)
        return True
    return False


@cache
def _file(pid: int) -> IO[bytes]:
    """Open the file whose bytes stand for ports; closing it anywhere would give all of them up."""
    del pid  # locks do not go over to a child
    return Path(tempfile.gettempdir(), f"voile-test-ports-{os.getuid()}").open("ab")


def _is_free(port: int) -> bool:
    with ExitStack() as stack:
        probe = stack.enter_context(socket.socket())
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False
