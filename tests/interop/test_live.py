"""All scenarios against a live EDC, as `make interop` runs them."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest


@pytest.mark.interop
def test_every_scenario_holds():
    """The run ends with 0, and its last line counts no failure."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.interop"],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    last = done.stdout.strip().splitlines()[-1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"interop: \d+ scenarios held, 0 failed", last)
