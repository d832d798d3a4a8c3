"""The gate of tests and demonstrations: it holds a session only while its file lies there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from connector.areas.cohort.test_pause import LONGEST_SECONDS, wait_at
from connector.process.settings import load
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_without_the_setting_or_the_file_nothing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """No setting, or no file: a session goes on at once and leaves nothing behind."""
    monkeypatch.setattr(
        "connector.areas.cohort.test_pause.time", None
    )  # nobody waits without a clock
    wait_at(None)
    wait_at(tmp_path / "gate")
    assert list(tmp_path.iterdir()) == []


def test_a_session_waits_until_the_file_is_removed(tmp_path: Path):
    """With the file a session says that it has come there, and goes on when the file goes."""
    gate = tmp_path / "gate"
    gate.touch()
    session = threading.Thread(target=wait_at, args=(gate,))
    session.start()
    until((tmp_path / "gate.reached").exists)
    session.join(0.2)
    assert session.is_alive()
    gate.unlink()
    session.join(PATIENCE)
    assert not session.is_alive()
    assert LONGEST_SECONDS <= 60


def test_the_gate_is_shut_off_unless_set(tmp_path: Path):
    """The setting is off by default, and names a place in the home when it is on."""
    (tmp_path / "voile.toml").write_text(
        'did = "did:web:a.example"\npublic_url = "https://a.example"\n', encoding="utf-8"
    )
    assert load(tmp_path, {}).testing.cohort_gate is None
    found = load(tmp_path, {"VOILE_TESTING_COHORT_GATE": "gate"}).testing.cohort_gate
    assert found == tmp_path.resolve() / "gate"
