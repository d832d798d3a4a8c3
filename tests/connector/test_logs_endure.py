"""A log that cannot be written ends no work."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from connector.process.logs import logger


class Filling(io.StringIO):
    """A stream whose disk is full while it is told so."""

    full = False

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_lines_that_found_no_room_are_counted_and_said_later():
    """Nothing is raised while the disk is full; then one line says how many were lost."""
    stream = Filling()
    log = logger(stream=stream)
    log.info("one")
    stream.full = True
    for _ in range(3):
        log.error("lost")
    stream.full = False
    log.info("two")
    lines = [json.loads(line) for line in stream.getvalue().splitlines() if line]
    assert [line["event"] for line in lines] == ["one", "log-lines-lost", "two"]
    assert lines[1]["count"] == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_device_that_is_full_is_outlived():
    """The system's own refusal, not ours: logging to a full device returns."""
    stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 -- closing it fails, as it must
    log = logger(stream=stream)
    for _ in range(1000):
        log.error("x" * 400)
    with pytest.raises(OSError, match="No space"):
        stream.close()
