"""A forked process of `voile` does what a new interpreter does: the other tests rely on it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.e2e.processes import voile
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from tests.e2e.processes import Space


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("ask", "--help"),
        ("serve", "--home", "nowhere"),
        pytest.param(("doctor", "--home", "nowhere", "--json"), marks=pytest.mark.long),
        pytest.param(("products", "--no-such-option"), marks=pytest.mark.long),
        ("nothing",),
    ],
)
def test_a_command_prints_and_ends_alike(arguments: tuple[str, ...]) -> None:
    """Output, errors and exit code, to the letter."""
    forked, fresh = voile(*arguments, fresh=False), voile(*arguments, fresh=True)
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        fresh.returncode,
        fresh.stdout,
        fresh.stderr,
    )


def test_a_fork_has_an_environment_of_its_own() -> None:
    """What one is told, the next does not know."""
    told = voile("ask", "--help", env={"VOILE_LANG": "zh"}, fresh=False)
    untold = voile("ask", "--help", fresh=False)
    assert told.stdout == voile("ask", "--help", env={"VOILE_LANG": "zh"}, fresh=True).stdout
    assert told.stdout != untold.stdout


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "code", "fresh"),
    [
        (signal.SIGTERM, 0, False),
        (signal.SIGKILL, -9, False),
        (signal.SIGTERM, 0, True),
        (signal.SIGKILL, -9, True),  # `test_process.py` kills
    ],
)
def test_signals_end_it_alike(space: Space, number: int, code: int, *, fresh: bool) -> None:
    """A request to stop is an orderly end; a kill is none, and says so; each has a pid of its own."""
    one, other = space.party("one", fresh=fresh).start(), space.party("other").start()
    assert one.process is not None
    assert other.process is not None
    assert one.process.pid != other.process.pid
    one.process.send_signal(number)
    assert one.process.wait(PATIENCE) == code
    assert one.process.poll() == code
    assert other.process.poll() is None
    assert other.metrics("/healthz")[0] == 200
