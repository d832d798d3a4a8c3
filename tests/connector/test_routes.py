"""Every route of both applications, found in their route tables: a new one is covered by itself."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from connector.areas.delivery.plane import ROUTE
from connector.compose import hub as operator
from connector.compose import participant
from connector.identity.work import PER_CALL, STEPS_SAVED, WORK_PER_SECOND, WORK_SAVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.process.ports import Response
    from tests.simulators import Net, Party

# routes that anyone may read; everything else asks who calls
STATUS = "/voile/v1/status"
PUBLIC = {
    ("GET", "/did.json"),
    ("GET", "/voile/v1/log/checkpoint"),
    ("GET", "/.well-known/dspace-version"),
}
AREAS = {"participant": participant.AREAS, "hub": operator.AREAS}


def routes(party: Party, app: str, number: int = 7) -> Iterator[tuple[str, str]]:
    """Give each method and path, with ids and numbers filled in."""
    flask = party.apps.protocol if app == "protocol" else party.apps.management
    for rule in flask.url_map.iter_rules():
        path = re.sub(r"<(int[^>]*:[^>]+|row_id|serial)>", str(number), rule.rule)
        path = re.sub(r"<[^>]+>", "urn:uuid:00000000-0000-4000-8000-000000000000", path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path


@pytest.fixture(params=["participant", "hub"])
def node(request: pytest.FixtureRequest, party: Callable[..., Party]) -> Party:
    return party("acme", role=request.param, areas=AREAS[request.param], pin=["bolt"])


def test_a_number_that_no_row_can_have_is_not_found(node: Party):
    """Beyond the 64 bits of a row's number each route says 404, as of any row that is not there."""
    huge = 99_999_999_999_999_999_999_999
    asked = [each for each in routes(node, "management", huge) if str(huge) in each[1]]
    assert asked
    assert {node.manage(method, path, {})[0] for method, path in asked} == {404}


def test_no_route_answers_without_a_token(node: Party, net: Net):
    """Without a token, and with one that is none, each route but the public ones says 401 or 404."""
    seen = 0
    for method, path in routes(node, "protocol"):
        if (method, path) in PUBLIC:
            continue
        seen += 1
        body = None if method in {"GET", "DELETE"} else b"{}"
        for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}):
            found = net.request(method, node.url + path, body=body, headers=headers)
            assert found.status in {401, 404}, (method, path, found.status, found.body)
    assert seen > 5


def test_no_route_answers_a_stranger_or_breaks(node: Party, party: Callable[..., Party], net: Net):
    """A party that nobody certified gets 401 or 404 on each route, except where applicants go; and no
    route answers a certified one's nonsense by 500.
    """
    stranger, bolt = party("stranger"), party("bolt")
    applicants = set()
    for method, path in routes(node, "protocol"):
        if (method, path) in PUBLIC:
            continue
        for body in (b"{}", b"[1]", b"\xff", b'{"@type":"x"}'):
            sent = None if method in {"GET", "DELETE"} else body
            found = stranger.node.peers.call(node.did, method, node.url + path, body=sent)
            assert found.status < 500, (method, path, body, found.body)
            if found.status not in {401, 404}:
                applicants.add(path)
            found = bolt.node.peers.call(node.did, method, node.url + path, body=sent)
            assert found.status < 500, (method, path, body, found.body)
    expected = {"/voile/v1/applications"} if node.node.settings.role == "hub" else set()
    assert {path for path in applicants if not path.startswith("/voile/v1/applications")} == set()
    assert expected <= applicants


def test_every_route_is_under_its_callers_budget_of_work(
    node: Party, party: Callable[..., Party], monkeypatch: pytest.MonkeyPatch
):
    """Each counts what it refuses, too; who owes work is told for how long, and nobody else is held.

    The space's status is told a few times all the same: who does not have it stops. A delivery is asked for with the token of one transfer, by whoever holds it, and costs bytes.
    """
    bolt, budget = party("bolt"), node.node.work
    monkeypatch.setattr(budget, "_clock", lambda: 0.0)
    monkeypatch.setattr(node.node.steps, "_clock", lambda: 0.0)
    asked = [
        each for each in routes(node, "protocol") if each not in PUBLIC and ROUTE not in each[1]
    ]
    assert len(asked) > 5

    def call(method: str, path: str) -> Response:
        body = None if method in {"GET", "DELETE"} else b"{}"
        return bolt.node.peers.call(node.did, method, node.url + path, body=body)

    left = WORK_SAVED
    for method, path in asked:
        call(method, path)
        units, _ = budget._sources[bolt.did]
        assert left - units >= PER_CALL, (method, path)
        left = units
    budget.owe(bolt.did, 7 * WORK_PER_SECOND + left)
    for method, path in asked:
        if (method, path) == ("GET", STATUS):
            assert {call(method, path).status for _ in range(int(STEPS_SAVED) - 1)} == {200}
        found = call(method, path)
        assert found.status in ({503} if "/dsp/" in path else {429}), (method, path, found.body)
        assert int(found.headers["retry-after"]) >= 7, (method, path)
    assert budget.debt("did:web:crow.example") == 0


def test_every_management_route_asks_for_the_token(node: Party):
    """Without it each route says 401; with it and nonsense none breaks."""
    from werkzeug.test import Client

    client = Client(node.apps.management)
    seen = 0
    for method, path in routes(node, "management"):
        seen += 1
        answer = client.open(path, method=method, data=b"{}")
        assert answer.status_code == 401, (method, path)
        assert json.loads(answer.get_data())["error"]["next"]
        answer.close()
        for value in ({}, [1], {"nonsense": {"a": None}}):
            status, body = node.manage(method, path, None if method == "GET" else value)
            allowed = {502, 503} if status in {502, 503} else set()
            assert status < 500 or status in allowed, (method, path, value, body)
    assert seen > 3
