"""Who is invited by `voile demo --keep`: to pages that there are, for those who may read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector.compose import hub, participant
from connector.demo import consoles, told
from connector.demo.processes import Processes
from connector.demo.stage import Stage
from tests.connector.demo.samples import findings

if TYPE_CHECKING:
    from connector.demo.consoles import Desk


def test_every_role_has_a_link():
    """Those of a firm, of the operator, and the auditor."""
    roles = {role for desk in consoles.DESKS for role in desk.roles}
    assert roles == {"steward", "cdo", "security", "certifier", "auditor"}


@pytest.mark.parametrize("desk", consoles.DESKS, ids=lambda desk: desk.name.en)
def test_the_page_to_look_at_first_is_one_that_the_role_may_read(desk: Desk):
    areas = participant.AREAS if desk.party.is_firm else hub.AREAS
    (page,) = [page for area in areas for page in area.pages if page.path == desk.first]
    assert page.may & set(desk.roles)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_told_as_json_has_links_only_where_processes_go_on(language: Any):
    """One value; without `keep` nobody was invited and nothing is to be tried."""
    desk = consoles.DESKS[-1]
    link = "http://localhost:19103/invitation/abc"
    one = consoles.Invited(
        desk=desk, name="x", address="http://localhost:19103", link=link, expires=1
    )
    stage = Stage(
        out=Path("out"), processes=Processes(Path("parties")), held=(), findings=findings()
    )
    ended = told.as_json(stage, Path("out"), 1.0, keep=False, language=language)
    assert "/invitation/" not in json.dumps(ended)
    assert {"pids", "consoles", "try"}.isdisjoint(ended)
    assert (ended["steps"], ended["ok"]) == (len(stage.findings.steps), stage.findings.ok)
    stage.invited.append(one)
    assert link not in repr(stage)
    found = one.as_json(language)
    assert found["link"] == link
    assert found["look"] == desk.look.said(language)
    assert found["first"] == "http://localhost:19103/dossiers"
