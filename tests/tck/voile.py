"""`python -m tests.tck.voile --home HOME`: a connector of the present tree under the kit's profile.

It is `voile serve` with other parts: the wheel does not carry them.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from connector.compose.profiles.base import permit
from connector.compose.server import serve
from connector.faces.cli import report
from connector.process.errors import VoileError
from connector.process.settings import load
from tests.tck.profile import profile


def main() -> int:
    """Serve until SIGTERM or SIGINT.

    Returns:
        The exit code: 0, or that of the command line for an error.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.tck.voile", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder of `voile init`")
    parser.add_argument("--json", action="store_true", help="the ready line as JSON")
    told = parser.parse_args()
    try:
        settings = load(told.home, os.environ)
        permit("tck", settings)
        serve(settings, as_json=told.json, profile=profile(settings))
    except VoileError as error:
        return report(error, as_json=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
