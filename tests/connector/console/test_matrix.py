"""docs/console-pages.md says what the pages say; routes answer as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.compose import describing, describing_pages, participant
from connector.compose import hub as operator
from connector.process.actor import ROLES
from tests.connector.console.door import Door, area

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party

AREAS = {"participant": participant.AREAS, "hub": operator.AREAS}


def test_the_matrix_is_up_to_date():
    """Written anew by `python -m connector.compose.describing`."""
    assert describing.PAGES.read_text(encoding="utf-8") == describing_pages.written(
        describing.AREAS
    )


def test_the_matrix_says_who_may_what():
    text = describing_pages.written({"participant": [area(Door())], "hub": []})
    assert "| Notes 笔记 | `/notes` | read, `notes.add` |  |  | read |" in text


@pytest.mark.parametrize("who", ["participant", "hub"])
def test_each_page_refuses_each_role_that_it_is_not_for(party: Callable[..., Party], who: str):
    """Of all pages that there are, by their routes: refused to the wrong role, never to the right."""
    from werkzeug.test import Client

    door = Door()
    areas = [a for a in AREAS[who] if a.door is None]
    people = [a for a in AREAS[who] if a.door is not None]
    made = (
        party("acme", role=who, areas=(*areas, *people), env={"VOILE_CONSOLE_PORT": "23456"})
        if people
        else None
    )
    if made is None:
        pytest.skip("no area brings people yet")
    from connector.console.app import console_app

    pages = [page for one in AREAS[who] for page in one.pages]
    app = console_app(made.node, pages, door)
    for role in ROLES:
        client = Client(app)
        client.set_cookie("voile-23456", door.begin(role), domain="localhost")
        for page in pages:
            path = page.path.replace("{", "").replace("}", "")
            status = client.get(path, base_url="http://localhost:23456").status_code
            refused = 303 if path == "/" else 403  # who has no first page is led to another
            assert (status == refused) == (role not in page.may), (page.name, role, status)
