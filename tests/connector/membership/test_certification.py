"""A firm's own certification: applied for, checked, kept, lost."""

import json

from sqlalchemy import select

from catalog.certification import verify_credential
from connector.process.ports import Response
from connector.store.rows import LogEntryRow
from tests.areas import MEMBERSHIP, OWN
from tests.connector.space import call, membership, watch

FORM = {
    "nameZh": "赤杨零件厂",
    "nameEn": "Alder",
    "legalId": "913300",
    "roles": ["provider"],
}


def leaves(party):
    with party.node.db.reading() as session:
        rows = session.execute(
            select(LogEntryRow).where(LogEntryRow.kind == "CERTIFICATION")
        ).scalars()
        return [json.loads(row.entry)["to"] for row in rows]


def test_the_credential_is_kept_and_holds(space):
    """What the connector keeps, any third party can check against the hub's DID document."""
    alder = space.firm("alder")
    found = membership(alder)
    document = alder.node.peers.document(space.hub.did)
    verified = verify_credential(
        found["credential"],
        expected_issuer=space.hub.did,
        expected_holder=alder.did,
        expected_space=found["space"],
        find_key=lambda kid: document.key(kid, relationship="assertionMethod"),
        now=int(alder.node.clock.now().timestamp()),
    )
    assert verified.expires == found["expires"]
    assert leaves(alder) == ["pending", "certified"]


WRONG = (
    ({"nameZh": ""}, "/nameZh"),
    ({"roles": ["king"]}, "/roles/0"),
    ({"roles": []}, "/roles"),
    ({"roles": ["provider", "provider"]}, "/roles"),
    ({"legalId": None}, "/legalId"),
    ({"legalGroup": 5}, "/legalGroup"),
    ({"colour": "red"}, "/colour"),
)


def test_a_wrong_form_never_leaves_the_house(space, net):
    """The field is named, nothing is sent, nothing is kept."""
    alder = space.firm("alder", certify=False)
    sent = len(net.sent)
    for change, field in WRONG:
        status, body = alder.manage("POST", "/v1/membership/apply", FORM | change)
        assert (status, body["error"]["params"]["pointer"]) == (400, field)
    assert len(net.sent) == sent
    assert membership(alder)["state"] == "none"


def test_without_a_hub_there_is_nothing_to_apply_to(party):
    """Point to point, the command says what is missing."""
    alder = party("alder", areas=(OWN, MEMBERSHIP))
    status, body = alder.manage("POST", "/v1/membership/apply", FORM)
    assert (status, body["error"]["code"]) == (400, "hub-missing")
    assert "voile.toml" in body["error"]["next"]


def test_a_hub_that_is_away_is_said_and_nothing_is_kept(space, net):
    """The firm learns that its application did not arrive."""
    alder = space.firm("alder", certify=False)
    gone = net.apps.pop(space.hub.url)
    status, body = alder.manage("POST", "/v1/membership/apply", FORM)
    assert status == 502
    assert body["error"]["message"]
    assert membership(alder)["state"] == "none"
    net.apps[space.hub.url] = gone
    assert alder.manage("POST", "/v1/membership/apply", FORM)[0] == 201


def test_the_hubs_refusal_reaches_the_owner_in_its_own_words(space, net, clock):
    """A refused application says why, and is not kept as pending."""
    alder = space.firm("alder", certify=False)

    def refuse(method, url, body):
        if not url.endswith("/applications"):
            return None
        error = {"code": "application-stale", "message": "made long ago", "next": "set the clock"}
        return Response(status=403, headers={}, body=json.dumps({"error": error}).encode())

    net.fault = refuse
    status, body = alder.manage("POST", "/v1/membership/apply", FORM)
    assert status == 502
    assert body["error"]["code"] == "application-stale"
    assert "made long ago" in body["error"]["message"]
    assert body["error"]["next"] == "set the clock"
    assert membership(alder)["state"] == "none"


def test_a_credential_for_another_is_not_kept(space, net):
    """A hub, or who stands between, that hands Alder's credential to Birch is not believed."""
    alder, birch = space.firm("alder"), space.firm("birch", certify=False)
    space.apply(birch)
    answer = call(alder, space.hub, "GET", "applications/mine").body
    space.act("applications/approve", birch)

    def swap(method, url, body):
        found = Response(status=200, headers={}, body=answer)
        return found if url.endswith("/mine") else None

    net.fault = swap
    status, body = birch.manage("GET", "/v1/membership?refresh=1")
    assert (status, body["error"]["code"]) == (403, "credential-holder")
    net.fault = None
    assert membership(birch)["standing"] == ""
    assert membership(birch, refresh=True)["standing"] == "certified"


def test_suspension_and_revocation_are_learnt_by_the_firm_itself(space):
    """It sees its standing and the operator's reason, each with its evidence."""
    alder = space.firm("alder")
    space.act("participants/suspend", alder, reason="audit under way")
    space.settle(alder)
    found = membership(alder)
    assert (found["standing"], found["reason"]) == ("suspended", "audit under way")
    space.act("participants/reinstate", alder, reason="audit passed")
    space.settle(alder)
    space.act("participants/revoke", alder, reason="left the space")
    space.settle(alder)
    assert membership(alder)["reason"] == "left the space"
    assert leaves(alder) == ["pending", "certified", "suspended", "certified", "revoked"]


def test_a_missed_push_of_ones_own_revocation_is_learnt_by_polling(space, net):
    """A connector that was away while it was revoked hears of it when it asks."""
    alder = space.firm("alder")
    gone = net.apps.pop(alder.url)
    space.act("participants/revoke", alder)
    space.hub.deliver()
    net.apps[alder.url] = gone
    watch(alder)
    assert membership(alder)["standing"] == "revoked"
