"""A process of the demonstration ends with who started it, unless it is left running."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from connector.demo.bound import GO_ON
from tests.waiting import PATIENCE

PROGRAM = """
import time
from connector.demo.bound import bind
bind()
print("up", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("word", [b"", GO_ON])
def test_it_ends_when_the_other_end_is_gone(word: bytes):
    """By SIGTERM, as if it were told; with the word to go on it does, until it is told."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == b"up\n"
            assert process.poll() is None
            process.stdin.write(word)
            process.stdin.close()
            if word:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(1)
            else:
                assert process.wait(PATIENCE) == -signal.SIGTERM
        finally:
            process.kill()
