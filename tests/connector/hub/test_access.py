"""Status × endpoint: which standing reaches which route of the hub, built from the route table."""

import json

import pytest

from tests.connector.space import call

DAY = 86_400
STANDINGS = ("unknown", "pending", "certified", "suspended", "revoked", "expired")
ALL = frozenset(STANDINGS)
# route -> (how it is called, the standings that reach it)
TABLE = {
    "hub.apply": ("POST", "applications", b"{}", ALL),
    "hub.mine": ("GET", "applications/mine", None, ALL),
    "hub.newest": ("GET", "status", None, {"certified", "suspended", "expired"}),
    "hub.rotate": ("POST", "keys", b"{}", {"certified"}),
    "hub.publish": ("POST", "catalog", b"{}", {"certified"}),
    "hub.withdraw": ("DELETE", "catalog/urn:x", None, {"certified"}),
    "hub.search": ("GET", "catalog/search", None, {"certified"}),
}


def bring(space, standing):
    firm = space.firm("alder", certify=False)
    if standing != "unknown":
        space.apply(firm)
    if standing not in {"unknown", "pending"}:
        space.approve(firm, days=1)
    acts = {"suspended": "suspend", "revoked": "revoke"}
    if standing in acts:
        space.act(f"participants/{acts[standing]}", firm)
        space.settle()
    if standing == "expired":
        space.hub.node.clock.advance(DAY + 1)
        space.renew()
    return firm


@pytest.mark.parametrize("standing", STANDINGS)
def test_a_route_is_reached_by_exactly_these_standings(space, standing):
    """Whoever may not reach a route gets the one answer of all failed authentication."""
    firm = bring(space, standing)
    for route, (method, path, body, reached) in TABLE.items():
        answer = call(firm, space.hub, method, path, body)
        assert (answer.status != 401) is (standing in reached), route
        if standing not in reached:
            assert json.loads(answer.body)["error"]["code"] == "unauthenticated"


def test_no_route_is_missing_from_the_table(space):
    """A new route of the hub without a row here fails."""
    rules = space.hub.apps.protocol.url_map.iter_rules()
    assert {rule.endpoint for rule in rules if rule.endpoint.startswith("hub.")} == set(TABLE)


def test_without_a_token_nothing_is_reached(space, net):
    """No header, no answer but the uniform one, on every route."""
    for method, path, body, _ in TABLE.values():
        answer = net.request(method, f"{space.hub.url}/voile/v1/{path}", body=body)
        assert answer.status == 401


def test_a_token_for_one_request_does_not_serve_another(space, net):
    """A token is bound to method, path and body, and is good once."""
    alder = space.firm("alder")
    call(alder, space.hub, "GET", "catalog/search")
    token = {"Authorization": net.sent[-1].headers["Authorization"]}
    base = f"{space.hub.url}/voile/v1"
    assert net.request("GET", f"{base}/catalog/search", headers=token).status == 401
    fresh = alder.node.peers.token(space.hub.did, "GET", f"{base}/status", b"")
    moved = {"Authorization": f"Bearer {fresh}"}
    assert net.request("GET", f"{base}/catalog/search", headers=moved).status == 401


def test_the_operators_routes_are_not_on_the_protocol_listener(space, net):
    """What the operator may do cannot even be asked for by a firm, nor without the token."""
    alder = space.firm("alder")
    path = f"{space.hub.url}/v1/hub/participants"
    assert alder.node.peers.call(space.hub.did, "GET", path).status == 404
    assert alder.manage("GET", "/v1/hub/participants")[0] == 404
