"""What an owner asks as a member: read strictly here, and by those who may."""

from __future__ import annotations

import pytest

from tests.connector.space import membership

WRONG = (
    ("size=21", "/size"),
    ("page=x", "/page"),
    ("page=1&page=2", "/page"),
    ("text=" + "x" * 201, "/text"),
    ("colour=red", "/colour"),
    ("&".join(f"level={n}" for n in range(51)), "/level"),
)


@pytest.mark.parametrize(("query", "pointer"), WRONG)
def test_a_wrong_search_never_leaves_the_house(space, net, query, pointer):
    """400 with the field; the hub is not asked."""
    maple = space.firm("maple")
    sent = len(net.sent)
    status, found = maple.manage("GET", f"/v1/search?{query}")
    assert (status, found["error"]["code"]) == (400, "field-wrong")
    assert found["error"]["params"]["pointer"] == pointer
    assert len(net.sent) == sent


def test_who_only_reads_does_not_make_the_connector_ask_the_hub(space, net):
    """An auditor sees the membership as it stands; asked anew it is by others, and a leaf names them."""
    alder = space.firm("alder", certify=False)
    space.apply(alder)
    space.act("applications/reject", alder, reason="no such number")
    _, drawn = alder.manage("POST", "/v1/management-keys", {"name": "a", "roles": ["auditor"]})
    sent = len(net.sent)
    for path, expected in (("", 200), ("?refresh=0", 200), ("?refresh=1", 403)):
        status, found = alder.manage("GET", f"/v1/membership{path}", token=drawn["token"])
        assert status == expected
    assert found["error"]["code"] == "role-missing"
    assert len(net.sent) == sent
    assert membership(alder)["state"] == "pending"
    assert alder.manage("GET", "/v1/membership?refresh=2")[0] == 400
    assert membership(alder, refresh=True)["state"] == "rejected"
