"""The tamper drill on a real bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.audit.drill import drill, positions
from tests.connector.audit.conftest import changed

if TYPE_CHECKING:
    from tests.connector.audit.conftest import Case


def test_the_drill_finds_every_change(case: Case):
    """Thousands of flips, flips below a fresh manifest, and moves of whole files: all found."""
    tallies = drill(case.consumer)
    assert [tally for tally in tallies if tally.found != tally.made] == []
    assert [tally for tally in tallies if tally.located != tally.made] == []
    made = {
        sort: sum(t.made for t in tallies if t.sort == sort) for sort in ("flip", "deep", "move")
    }
    assert made["flip"] > 2500
    assert made["deep"] > 500
    assert made["move"] > 50


def test_the_drill_can_fail(case: Case):
    """A file that no check covers is reported as missed, byte by byte."""
    unlisted = changed(case.consumer, agreements__x__y=b"abc")
    tallies = {tally.where: tally for tally in drill(unlisted) if tally.sort == "flip"}
    assert (tallies["agreements/x/y"].made, tallies["agreements/x/y"].found) == (3, 0)


def test_positions_cover_small_files_and_the_ends_of_large_ones():
    """All of a small file; first, last and between of a large one."""
    assert positions(3, 64) == [0, 1, 2]
    large = positions(1_000_000, 64)
    assert (large[0], large[-1], len(large)) == (0, 999_999, 64)
