"""Tests of the replay run real processes: sockets are allowed here, on loopback only."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.processes import Space, free_ports
from tests.tck.cases import CASES
from tests.tck.connector import Connector
from tests.tck.ears import Ears
from tests.tck.front import Exchange, Front
from tests.tck.run import run, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.tck.run import Outcome

PAUSE = 0.4  # the kit's 0.1 is for a machine that does nothing else; `make tck` keeps to it

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Space]:
    """An empty space: parties in it end with the test."""
    with Space(tmp_path) as found:
        yield found


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as found:
        yield found


@pytest.fixture
def play(stack: ExitStack) -> Callable[..., list[Outcome]]:
    """Play cases against a URL; who lets a control wait for what never comes gives a short wait."""

    def play(
        url: str,
        *,
        callback: str = "",
        jobs: int = 16,
        wait: float = 15.0,
        patient: bool = False,
    ) -> list[Outcome]:
        ears = Ears()
        stack.callback(ears.close)
        callback = callback or f"http://localhost:{ears.port}"
        stage = stage_of(url, callback=callback, wait=wait, pause=PAUSE, patient=patient)
        return run(CASES, stage, ears, jobs=jobs, tell=lambda outcome: print(outcome.line()))

    return play


@pytest.fixture
def fronted(stack: ExitStack, tmp_path: Path) -> Callable[..., Front]:
    """Our connector behind a front that changes answers."""

    def make(answers: Callable[[Exchange], tuple[int, Any]]) -> Front:
        port = free_ports()
        front = stack.enter_context(Front(port, answers=answers))
        home = tmp_path / "home"
        stack.enter_context(Connector(home, port=port, public_port=front.port, reaction_ms=200))
        return front

    return make
