"""Tests write into memory where there is some, and onto the disk where somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import memory

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_somebody_chose_is_kept():
    """By TMPDIR, or by pytest's own name."""
    for name in ("TMPDIR", memory.ROOT):
        env = {name: "elsewhere"}
        assert not memory.use(env)
        assert env == {name: "elsewhere"}


def test_memory_is_used_only_where_there_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Neither a folder that is not there nor one that is nearly full is taken."""
    env: dict[str, str] = {}
    assert not memory.use(env, tmp_path / "absent")
    monkeypatch.setattr(memory, "LEAST", 1 << 60)
    assert not memory.use(env, tmp_path)
    assert env == {}
    monkeypatch.setattr(memory, "LEAST", 1)
    assert memory.use(env, tmp_path)
    assert env == {memory.ROOT: str(tmp_path)}
