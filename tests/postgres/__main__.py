"""Run the tests of both stores, or any command, beside a private server.

``python -m tests.postgres [pytest's arguments]`` or ``python -m tests.postgres -- COMMAND …``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.postgres.cluster import Cluster, Missing
from tests.postgres.databases import VARIABLE

# the store, the machines and books of the protocol, what searches, delivers or keeps answers, a
# contract with kill -9, the demonstration; `make test-postgres ARGS=tests/connector` runs more
SELECTION = (
    "tests/postgres",
    "tests/connector/test_store.py",
    "tests/connector/test_prepared.py",
    "tests/connector/test_group_commit.py",
    "tests/connector/test_outbox.py",
    "tests/connector/test_checkpoints.py",
    "tests/connector/test_promises.py",
    "tests/connector/test_auth.py",
    "tests/connector/dsp/test_both_logs.py",
    "tests/connector/dsp/test_crossings.py",
    "tests/connector/dsp/test_ended.py",
    "tests/connector/dsp/test_inbound.py",
    "tests/connector/dsp/test_listing.py",
    "tests/connector/dsp/test_older_rows.py",
    "tests/connector/dsp/test_processes.py",
    "tests/connector/dsp/test_repeated.py",
    "tests/connector/dsp/test_two_parties.py",
    "tests/connector/hub/test_catalogue.py",
    "tests/connector/products/test_publish.py",
    "tests/connector/products/test_migration.py",
    "tests/connector/delivery/test_pull.py",
    "tests/connector/delivery/test_push.py",
    "tests/connector/questions/test_migrated.py",
    "tests/connector/questions/test_once.py",
    "tests/connector/questions/test_replies.py",
    "tests/connector/questions/test_stopped.py",
    "tests/e2e/test_contracts.py::test_killed_in_the_middle_it_goes_on",
)
PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile")


def main(arguments: list[str]) -> int:
    """Start, run, stop; give the command's exit code."""
    if arguments[:1] == ["--"]:
        command = arguments[1:]
    else:
        chosen = [word for word in arguments if word.split("::")[0].startswith("tests/")]
        command = [*PYTEST, *([] if chosen else SELECTION), *arguments]
    if not command:
        sys.stderr.write("usage: python -m tests.postgres [ARGUMENTS OF PYTEST | -- COMMAND …]\n")
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
