"""Reading that its owner wants no more ends soon, in the middle of a statement or of a file."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from connector.engines.duckdb.session import open_session
from connector.engines.duckdb.survey_file import readable

if TYPE_CHECKING:
    from pathlib import Path

    from connector.engines.progress import Stage

LONG = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b"


class Enough(Exception):  # noqa: N818 -- what an owner says
    """It is wanted no more."""


def test_a_statement_ends_with_whoever_watches_it(tmp_path: Path) -> None:
    begin = time.monotonic()

    def told(stage: Stage, done: float) -> None:
        assert stage == "group"
        assert 0 <= done <= 1
        if time.monotonic() > begin + 0.5:
            raise Enough

    with open_session(files=[], scratch=tmp_path, progress=told) as session:
        with pytest.raises(Enough), session.reporting("group"):
            session.one(LONG)
        assert session.one("SELECT 1") == (1,)  # it can go on
    assert time.monotonic() < begin + 30


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_is_left_in_the_middle(tmp_path: Path, encoding: str) -> None:
    """Texts are read several times, to guess how they are written: each time piece by piece."""
    file = tmp_path / "long.csv"
    file.write_bytes(("编号,数量\n" + "甲乙丙,1\n" * 400_000).encode(encoding))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    times = 0

    def told(_stage: Stage, _done: float) -> None:
        nonlocal times
        times += 1
        if times == 3:
            raise Enough

    with pytest.raises(Enough):
        readable((file,), scratch, told)
    assert times == 3
