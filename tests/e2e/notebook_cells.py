"""Cells of a notebook, run by IPython itself; prints as JSON what they gave, and what was called.

A process of its own: started by test_python_notebook.py, with jupysql on its path. Python tells of
every connection before it is made, whatever library makes it: one that leads off this machine is
noted and refused.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import sys
from contextlib import suppress
from typing import Any

FOUND = "found "  # before what was found, in a line of its own
CALLED: list[str] = []
_WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


def stay_here(event: str, given: tuple[Any, ...]) -> None:
    """Refuses what leads off this machine, a name that is looked up among it."""
    if event not in _WATCHED:
        return
    address = given[1] if event in ("socket.connect", "socket.sendto") else given[0]
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(address, str) and event == "socket.connect":  # a socket of this machine
        return
    host = host.decode() if isinstance(host, bytes) else host
    try:
        here = host is None or host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        CALLED.append(f"{event} {host}")
        raise PermissionError(f"this notebook calls {host}")


def run(agreement: str) -> dict[str, Any]:
    """Runs the cells, one after the other, in one shell."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    question = "SELECT mode, COUNT(*) AS n, AVG(days_late) AS late FROM deliveries GROUP BY mode"
    cells = [
        "%load_ext sql",
        "%config SqlMagic.feedback = 0",
        f"%sql voile://buyer/{agreement}?purpose=deliveryReliability",
        f"late = %sql {question}",
        "frame = late.DataFrame()",
        'known = frame.dropna(subset=["late"]).astype({"late": float})',  # pandas plots no decimals
        'axes = known.plot.bar(x="mode", y="late")',
        "%%sql pieces <<\nSELECT year, SUM(quantity) AS pieces\nFROM deliveries\nGROUP BY year",
        'drawn = pieces.DataFrame().plot.bar(x="year", y="pieces")',
    ]
    for cell in cells:
        shell.run_cell(cell).raise_error()
    names = shell.user_ns
    return {
        "rows": [[None if one is None else str(one) for one in row] for row in names["late"]],
        "columns": [*names["frame"].columns],
        "bars": [round(float(bar.get_height()), 6) for bar in names["axes"].patches],
        "pieces": [[int(year), int(count)] for year, count, *_ in names["pieces"]],
        "drawn": sorted(float(bar.get_height()) for bar in names["drawn"].patches),
    }


if __name__ == "__main__":
    sys.addaudithook(stay_here)
    found = run(sys.argv[1])
    import posthog
    from ploomber_core.telemetry.telemetry import check_telemetry_enabled

    posthog.shutdown()  # what it was given is sent now, if anything was
    found |= {"reports": check_telemetry_enabled(), "called": [*CALLED]}
    for call in (
        lambda: socket.socket().connect(("192.0.2.1", 80)),
        lambda: socket.getaddrinfo("voile.example", 443),
    ):
        with suppress(PermissionError):
            call()
    print(f"\n{FOUND}{json.dumps(found | {'noted': CALLED})}")
