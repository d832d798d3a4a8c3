"""A process of the demonstration ends with the demonstration, however that ends.

The demonstration holds the other end of our standard input. When it is gone, by SIGKILL too, we
end as by SIGTERM; unless it has left word that we go on without it.
"""

import os
import signal
import sys
import threading
from typing import Final

# `voile` as it is, bound
PROGRAM: Final = (
    sys.executable,
    "-c",
    "from connector.demo.bound import bind; bind(); from connector.__main__ import main; main()",
)
GO_ON: Final = b"\n"  # what it writes before it leaves us running


def bind() -> None:
    """End this process when who started it is gone."""
    threading.Thread(target=_watch, name="bound", daemon=True).start()


def _watch() -> None:
    if not os.read(0, len(GO_ON)):
        os.kill(os.getpid(), signal.SIGTERM)
