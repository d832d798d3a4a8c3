"""Every route that is served has its row in the script of the two worlds."""

from __future__ import annotations

import pytest

from connector.compose import hub as operator
from connector.compose import participant
from tests.connector.test_api_docs import served
from tests.worlds import story
from tests.worlds.rows import ROWS
from tests.worlds.sweep import LISTENERS

AREAS = {"Participant": participant.AREAS, "Hub": operator.AREAS}
ROLES = {"Participant": "participant", "Hub": "hub"}


@pytest.mark.parametrize("who", ["Participant", "Hub"])
@pytest.mark.parametrize("which", ["protocol", "management"])
def test_a_route_without_a_row_fails(party, who, which):
    """A new route is new for an attacker, too: say which step asks it, or why none does."""
    made = party("acme", areas=AREAS[who], role=ROLES[who])
    rows = {key[2:] for key in ROWS if key[:2] == (who, which)}
    assert rows == served(getattr(made.apps, which))


def test_each_row_names_a_step_or_says_why_there_is_none():
    assert {key[:2] for key in ROWS} == set(LISTENERS)
    for key, step in ROWS.items():
        assert step in story.STEPS or step.startswith("- "), key


def test_each_step_is_some_routes_row():
    assert set(story.STEPS) <= {*ROWS.values(), "versions"}
