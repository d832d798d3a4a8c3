"""The growing file of a fetch: what a disk or somebody else does to it is said, and loses nothing."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

import pytest

from connector.areas.delivery.part import Part
from connector.process.errors import Conflict

if TYPE_CHECKING:
    from pathlib import Path


def test_a_disk_that_takes_no_more_is_said_and_what_came_is_kept(tmp_path: Path):
    """One clear error, and the next fetch goes on with what the disk took."""
    out = tmp_path / "out.csv"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Part(out) as part:
        part.begin('"tag"')
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
        try:
            part.write(b"x" * 9000)
            with pytest.raises(Conflict) as caught:
                part.write(b"x" * 9000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code == "delivery-disk"
    with Part(out) as part:
        assert (part.tag, part.size) == ('"tag"', (tmp_path / "out.csv.part").stat().st_size)
        assert part.size >= 9000


def test_a_name_that_was_taken_meanwhile_is_not_overwritten(tmp_path: Path):
    """Somebody wrote a file of that name during the fetch: it stays, and ours is kept beside it."""
    out = tmp_path / "out.csv"
    with Part(out) as part:
        part.begin('"tag"')
        part.write(b"ours")
        out.write_bytes(b"theirs")
        with pytest.raises(Conflict):
            part.finish()
    assert out.read_bytes() == b"theirs"
    assert (tmp_path / "out.csv.part").read_bytes() == b"ours"
