"""The replay against our connector: it passes, also again, after a restart, and when hasty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tck.cases import CASES, REFUSALS
from tests.tck.connector import Connector

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from tests.tck.run import Outcome


def test_there_are_65_cases_and_22_refusals():
    """The kit has 67 cases, two of them off."""
    assert len(CASES) == len({case.name for case in CASES}) == 65
    assert len(REFUSALS) == 22
    assert all(":03-" in name for name in REFUSALS)


@pytest.mark.long
def test_our_connector_passes_all_65_and_again_after_a_restart(
    stack: ExitStack, tmp_path: Path, play: Callable[..., list[Outcome]]
):
    """Seeds are sown once, and what an earlier run left open does not disturb a later one."""
    connector = Connector(tmp_path / "home", reaction_ms=200)
    stack.enter_context(connector)
    for _ in range(2):
        assert [o.line() for o in play(connector.url, wait=60) if o.why] == []
    connector.stop()
    connector.start()
    assert [o.line() for o in play(connector.url, wait=60) if o.why] == []


@pytest.mark.long
def test_reactions_that_come_at_once_are_repeated_until_the_kit_listens(
    stack: ExitStack, tmp_path: Path, play: Callable[..., list[Outcome]]
):
    """Handlers appear late: an early message gets 404 and comes again with the same id.

    The kit here finishes its own step before it hears: at once is sooner than the official one can
    bear, which answers 409 or nothing then and has used its handler up.
    """
    connector = stack.enter_context(Connector(tmp_path / "home", reaction_ms=0))
    outcomes = play(connector.url, wait=60, patient=True)
    assert sum(outcome.early for outcome in outcomes) > 0
    assert [o.line() for o in outcomes if o.why] == []
