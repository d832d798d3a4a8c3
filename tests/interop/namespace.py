"""A network of its own for connectors that listen on all interfaces.

Python is started again inside a fresh network namespace whose loopback we bring up, so that nothing
in it can be reached from outside, nor reach anything. Where the machine allows no namespace the run
goes on in the open, and says so.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

INSIDE: Final = "VOILE_INTEROP_NAMESPACE"
_SIOCGIFFLAGS: Final = 0x8913
_SIOCSIFFLAGS: Final = 0x8914
_IFF_UP: Final = 0x1


def enter(module: str, arguments: Sequence[str]) -> str:
    """Go on inside a namespace: replaces this process by ``python -m module`` in there, if it can.

    Args:
        module: what to run.
        arguments: its arguments.

    Returns:
        Where we are (`"inside"`, after the second start, with loopback up) or why we are not.
    """
    if os.environ.get(INSIDE) == "1":
        raise_loopback()
        return "inside"
    tool = shutil.which("unshare")
    if tool is None:
        return "the command `unshare` is not there"
    for flags in (["--net"], ["--user", "--map-root-user", "--net"]):
        probe = [tool, *flags, "--", sys.executable, "-m", "tests.interop.namespace"]
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            os.environ[INSIDE] = "1"
            command = [tool, *flags, "--", sys.executable, "-m", module, *arguments]
            os.execv(tool, command)
    return "this machine lets us make no network namespace"


def raise_loopback() -> None:
    """Bring the loopback interface of this namespace up, as `ip link set lo up` would."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        asked = struct.pack("16sH14x", b"lo", 0)
        name, flags = struct.unpack("16sH14x", fcntl.ioctl(control, _SIOCGIFFLAGS, asked))
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", name, flags | _IFF_UP))


if __name__ == "__main__":
    raise_loopback()
