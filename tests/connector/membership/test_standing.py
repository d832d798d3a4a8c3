"""At the connector: whose word counts, for how long, and what it does to the calls of others."""

import json

import pytest
from sqlalchemy import select

from catalog.status import sign_status
from connector.areas.membership.standing import changes
from connector.process.errors import Unreachable
from connector.process.ports import Response
from connector.store.rows import LogEntryRow
from crypto.canonical import canonical
from crypto.strict_json import loads
from tests.connector.space import FIRM_AREAS, call, membership, watch

MINUTE = 60


def serial(party):
    with party.node.db.reading() as session:
        held = party.node.status.newest(session)
    return held.serial if held else 0


def status_of(at, of):
    with at.node.db.reading() as session:
        return at.node.status.standing(session, of.did).status


def leaves(party, kind):
    with party.node.db.reading() as session:
        rows = session.execute(select(LogEntryRow).where(LogEntryRow.kind == kind)).scalars()
        return [json.loads(row.entry) for row in rows]


def document(net):
    """The status document that was pushed last."""
    pushed = [sent for sent in net.sent if sent.method == "POST" and sent.url.endswith("/status")]
    return loads(pushed[-1].body)["status"]


def push(sender, receiver, jws):
    body = json.dumps({"status": jws}).encode()
    return call(sender, receiver, "POST", "status", body)


@pytest.fixture
def pair(space):
    """Two certified firms."""
    alder, birch = space.firm("alder"), space.firm("birch")
    watch(alder)
    return space, alder, birch


def test_only_the_hub_pushes(pair, net):
    """A certified firm that sends the hub's own document is refused; the hub is heard."""
    space, alder, birch = pair
    space.renew()
    space.act("participants/suspend", space.firm("cedar"))
    space.settle()
    jws = document(net)
    assert push(alder, birch, jws).status == 401
    again = push(space.hub, birch, jws)
    assert (again.status, loads(again.body)["serial"]) == (200, serial(birch))


def test_an_older_document_is_refused_with_the_serial_in_force(pair, net):
    """Replaying the word of before the suspension does not bring a firm back."""
    space, alder, birch = pair
    before = document(net)
    space.act("participants/suspend", alder)
    space.settle()
    refused = push(space.hub, birch, before)
    assert refused.status == 409
    assert loads(refused.body)["error"]["params"]["serial"] == serial(birch)
    assert status_of(birch, alder) == "suspended"


def test_after_a_restart_the_older_document_is_still_refused(pair, net):
    """The serial is remembered on disk, not in memory."""
    space, alder, birch = pair
    before = document(net)
    space.act("participants/revoke", alder)
    space.settle()
    again = birch.restart(FIRM_AREAS)
    try:
        assert push(space.hub, again, before).status == 409
        assert status_of(again, alder) == "revoked"
    finally:
        again.close()


@pytest.mark.parametrize("forger", ["alder", "hub-other-space"])
def test_a_forged_document_is_refused(pair, forger):
    """Signed by another key, or for another space, nothing changes."""
    space, alder, birch = pair
    signer = alder.node if forger == "alder" else space.hub.node
    jws = sign_status(
        [],
        issuer=space.hub.did,
        space=birch.node.settings.space + ("" if forger == "alder" else "/2"),
        serial=serial(birch) + 1,
        now=int(birch.node.clock.now().timestamp()),
        lifetime_seconds=900,
        key=signer.keys.agreements,
        kid=signer.keys.agreements_kid,
    )
    held = serial(birch)
    assert push(space.hub, birch, jws).status == 403
    assert serial(birch) == held
    assert status_of(birch, alder) == "certified"


def test_two_documents_under_one_serial_are_noticed(pair):
    """A hub that says two things under one serial is refused; the first word stays."""
    space, alder, birch = pair
    hub = space.hub.node
    jws = sign_status(
        [],
        issuer=space.hub.did,
        space=hub.settings.space,
        serial=serial(birch),
        now=int(hub.clock.now().timestamp()),
        lifetime_seconds=900,
        key=hub.keys.agreements,
        kid=hub.keys.agreements_kid,
    )
    answer = push(space.hub, birch, jws)
    assert answer.status == 409
    assert loads(answer.body)["error"]["code"] == "status-equivocation"
    assert status_of(birch, alder) == "certified"


def test_a_change_is_evidence_and_a_renewal_is_not(pair):
    """Each change of anybody's standing is a leaf with the document's digest; renewals are not."""
    space, alder, birch = pair
    logged = len(leaves(birch, "STATUS"))
    space.renew()
    watch(birch)
    assert len(leaves(birch, "STATUS")) == logged
    space.act("participants/suspend", alder)
    space.settle()
    (leaf,) = leaves(birch, "STATUS")[logged:]
    assert leaf["process"] == str(serial(birch))
    assert leaf["counterparty"] == space.hub.did
    assert leaf["sig"][0].startswith("sha-256:")
    assert leaf["query"] == {
        "changed": [{"did": alder.did, "was": "certified", "now": "suspended"}]
    }


def test_a_document_that_changes_many_is_told_in_several_leaves_within_their_cap():
    """Whoever is new has changed nothing; whoever is left out is unknown; long names have room."""
    names = [f"did:web:{'a' * 380}{number:03}" for number in range(9)]
    before = dict.fromkeys(names, "certified") | {"did:web:same": "certified"}
    after = dict.fromkeys(names[1:], "revoked") | {"did:web:same": "certified", "did:web:new": "x"}
    parts = changes(before, after)
    listed = [one for part in parts for one in part]
    assert {one["did"]: one["now"] for one in listed} == (
        dict.fromkeys(names[1:], "revoked") | {names[0]: "unknown"}
    )
    assert max(len(canonical(part)) for part in parts) < 2048
    assert changes({}, after) == [[]]


def test_a_hub_that_is_away_stops_nobody_until_the_document_expires(pair, net, clock):
    """For fifteen minutes calls go on; then every call is refused, until the hub is back."""
    space, alder, birch = pair
    gone = net.apps.pop(space.hub.url)
    clock.advance(14 * MINUTE)
    watch(birch)
    assert status_of(birch, alder) == "certified"
    clock.advance(2 * MINUTE)
    watch(birch)
    assert status_of(birch, alder) == "unknown"
    assert call(alder, birch, "POST", "status", b"{}").status == 401
    assert not membership(birch)["statusDocument"]["current"]
    net.apps[space.hub.url] = gone
    space.renew()
    watch(birch)
    assert status_of(birch, alder) == "certified"
    assert membership(birch)["statusDocument"]["current"]


def test_a_certification_that_ran_out_is_refused_without_the_hub(space, clock):
    """The expiry stands in the document: no word of the hub is needed on the day."""
    alder, birch = space.firm("alder", certify=False), space.firm("birch")
    space.apply(alder)
    space.approve(alder, days=1)
    assert status_of(birch, alder) == "certified"
    clock.advance(24 * 3600)
    space.renew()
    watch(birch)
    assert status_of(birch, alder) == "suspended"


def test_half_an_answer_changes_nothing(pair, net):
    """A hub that breaks off, answers nonsense or 500, leaves the word in force as it was."""
    space, alder, birch = pair
    space.renew()
    held = serial(birch)

    for answer in (
        None,
        Response(status=500, headers={}, body=b"oops"),
        Response(status=200, headers={}, body=b'{"serial":9,"sta'),
        Response(status=200, headers={}, body=b'{"status":"a.b.c"}'),
        Response(status=302, headers={"location": "x"}, body=b""),
    ):

        def fault(method, url, body, answer=answer):
            if "/status" in url and answer is None:
                raise Unreachable("half a body", code="half")
            return answer if "/status" in url else None

        net.fault = fault
        watch(birch)
        assert serial(birch) == held
    net.fault = None
    watch(birch)
    assert serial(birch) == held + 1
    assert status_of(birch, alder) == "certified"
