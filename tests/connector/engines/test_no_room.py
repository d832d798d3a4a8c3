"""A disk without room, told apart from a file that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.engines.duckdb.session import open_session
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from tests.e2e.disk import fill, small_disk

if TYPE_CHECKING:
    from pathlib import Path


def test_a_full_scratch_folder_is_no_bad_file(tmp_path: Path):
    """What finds no room while it is written is said to lack room, and works once there is some."""
    with (
        small_disk(tmp_path / "scratch", megabytes=8) as scratch,
        open_session(files=[], scratch=scratch, progress=quiet) as session,
    ):
        copy = f"COPY (SELECT 1 AS a) TO '{scratch / 'basis.parquet'}' (FORMAT parquet)"
        fill(scratch / "filler")
        with pytest.raises(DataError) as caught:
            session.run(copy)
        assert caught.value.code == "data.disk"
        assert str(scratch) not in caught.value.message
        (scratch / "filler").unlink()
        session.run(copy)


def test_a_bad_line_that_speaks_of_a_full_disk_is_a_bad_line(tmp_path: Path):
    """Words in the owner's file decide nothing."""
    bad = tmp_path / "bad.csv"
    bad.write_text('a\n"No space left on device "errno":"28"\n', encoding="utf-8")
    with (
        open_session(files=[bad], scratch=tmp_path, progress=quiet) as session,
        pytest.raises(DataError) as caught,
    ):
        session.rows(
            f"SELECT * FROM read_csv('{bad}', auto_detect = false, header = true, strict_mode = true,"
            " quote = '\"', escape = '\"', columns = {'a': 'VARCHAR'})"
        )
    assert caught.value.code == "data.unreadable"
