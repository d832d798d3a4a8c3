"""Run a command beside a private server: ``python -m tests.postgres -- pytest …``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.postgres.cluster import Cluster, Missing
from tests.postgres.databases import VARIABLE


def main(arguments: list[str]) -> int:
    """Start, run, stop; give the command's exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.stderr.write("usage: python -m tests.postgres -- COMMAND …\n")
        return 2
    if os.environ.get(VARIABLE):  # a server of the developer's own
        return subprocess.run(command, check=False).returncode
    signal.signal(signal.SIGTERM, _end)
    try:
        with Cluster() as cluster:
            known = os.environ | {VARIABLE: cluster.url, "PGPASSFILE": str(cluster.passfile)}
            return subprocess.run(command, env=known, check=False).returncode
    except Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
