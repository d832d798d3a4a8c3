"""Certification at the hub: who may apply, what the operator decides, and where it bites."""

import json

import pytest
from sqlalchemy import select

from connector.areas.hub.applications import MOST_A_DAY
from connector.areas.hub.rows import ApplicationRow, ParticipantRow, PushRow
from connector.store.rows import LogEntryRow
from tests.connector.space import call, membership, watch

DAY = 86_400


def leaves(party, kind):
    with party.node.db.reading() as session:
        rows = session.execute(select(LogEntryRow).where(LogEntryRow.kind == kind)).scalars()
        return [json.loads(row.entry) for row in rows]


def rows(party, table):
    with party.node.db.reading() as session:
        return session.execute(select(table)).scalars().all()


def standing(at, of):
    with at.node.db.reading() as session:
        return at.node.status.standing(session, of.did).status


def last(net, path):
    return next(sent for sent in reversed(net.sent) if sent.url.endswith(path))


def test_a_firm_applies_and_the_operator_sees_who_it_says_it_is(space):
    """The application carries the firm's description and the three keys it proved to hold."""
    alder = space.firm("alder", certify=False)
    assert space.apply(alder)["state"] == "pending"
    _, body = space.hub.manage("GET", "/v1/hub/applications?state=pending")
    (found,) = body["applications"]
    assert found["participant"]["did"] == alder.did
    assert found["participant"]["nameZh"] == "alder公司"
    assert found["keys"]["agreements"] == alder.node.keys.agreements.public.thumbprint()
    assert membership(alder)["standing"] == ""
    (leaf,) = leaves(space.hub, "CERTIFICATION")
    assert (leaf["counterparty"], leaf["to"]) == (alder.did, "pending")
    assert "alder公司" not in json.dumps(leaf)


def test_the_same_application_again_changes_nothing(space, net):
    """A lost answer is repeated safely: one application, one leaf, the same id."""
    alder = space.firm("alder", certify=False)
    space.apply(alder)
    body = last(net, "/applications").body
    again = call(alder, space.hub, "POST", "applications", body)
    assert again.status == 200
    assert len(rows(space.hub, ApplicationRow)) == 1
    assert json.loads(again.body)["id"] == rows(space.hub, ApplicationRow)[0].id
    assert len(leaves(space.hub, "CERTIFICATION")) == 1


def test_a_newer_application_replaces_the_pending_one(space):
    """The operator sees what the firm said last, and only that."""
    alder = space.firm("alder", certify=False)
    space.apply(alder)
    space.apply(alder, nameEn="Alder Parts")
    _, body = space.hub.manage("GET", "/v1/hub/applications?state=pending")
    assert [a["participant"]["nameEn"] for a in body["applications"]] == ["Alder Parts"]


def test_an_application_copied_by_another_firm_is_refused(space, net):
    """Birch sends Alder's application under its own token: refused, nothing kept."""
    alder, birch = space.firm("alder", certify=False), space.firm("birch", certify=False)
    space.apply(alder)
    answer = call(birch, space.hub, "POST", "applications", last(net, "/applications").body)
    assert answer.status == 403
    assert json.loads(answer.body)["error"]["code"] == "application-swapped"
    assert [row.did for row in rows(space.hub, ApplicationRow)] == [alder.did]


def test_nobody_floods_the_operator(space, clock):
    """A firm that nobody knows yet may apply twenty times a day; tomorrow again."""
    alder = space.firm("alder", certify=False)
    for number in range(MOST_A_DAY):
        space.apply(alder, nameEn=f"Alder {number}")
    form = {"nameZh": "一", "nameEn": "One more", "legalId": "1", "roles": ["provider"]}
    status, body = alder.manage("POST", "/v1/membership/apply", form)
    assert (status, body["error"]["code"]) == (502, "applications-firm")
    assert len(rows(space.hub, ApplicationRow)) == MOST_A_DAY
    clock.advance(DAY + 1)
    assert alder.manage("POST", "/v1/membership/apply", form)[0] == 201


MALFORMED = (
    (b"", 400),
    (b"[]", 400),
    (b"{", 400),
    (b'{"transcript":{},"transcript":{},"proofs":{}}', 400),
    (b'{"transcript":{},"proofs":{},"more":1}', 400),
    (b'{"transcript":' + b"[" * 100 + b"]" * 100 + b',"proofs":{}}', 400),
    (b"x" * (1 << 20) + b"x", 413),
)


def test_a_malformed_application_changes_nothing(space):
    """One error that says what is wrong; no application, no leaf."""
    alder = space.firm("alder", certify=False)
    for body, status in MALFORMED:
        answer = call(alder, space.hub, "POST", "applications", body)
        assert answer.status == status, body[:60]
        assert json.loads(answer.body)["error"]["message"]
    assert rows(space.hub, ApplicationRow) == []
    assert leaves(space.hub, "CERTIFICATION") == []


def test_approval_certifies_and_the_connector_learns_it_at_once(space, clock):
    """One delivery of the push later the firm holds its credential, and others know it."""
    alder, birch = space.firm("alder"), space.firm("birch", certify=False)
    space.apply(birch)
    assert standing(alder, birch) == "unknown"
    approved = space.act("applications/approve", birch, days=30)
    space.settle(birch)
    assert standing(alder, birch) == "certified"
    found = membership(birch)
    assert found["standing"] == "certified"
    assert found["expires"] == approved["expires"] == int(clock.now().timestamp()) + 30 * DAY
    _, pushed = space.hub.manage("GET", f"/v1/hub/pushes/{approved['serial']}")
    assert pushed["complete"]
    assert {line["did"] for line in pushed["connectors"]} == {alder.did, birch.did}


def test_the_operator_sees_firms_that_are_alike(space):
    """A second firm with a known number is shown beside the first."""
    space.firm("alder", legalId="91330000X")
    birch = space.firm("birch", certify=False)
    space.apply(birch, legalId="91330000X")
    _, body = space.hub.manage("GET", "/v1/hub/applications?state=pending")
    assert [other["did"] for other in body["applications"][0]["alike"]] == ["did:web:alder.example"]


def test_the_operators_word_on_the_hand_prevails(space):
    """Two firms under common control bear one legal group everywhere, whatever they applied with."""
    alder, birch = space.firm("alder"), space.firm("birch", certify=False)
    space.apply(birch, legalGroup="ID-birch")
    space.approve(birch, legalGroup="ID-alder")
    with alder.node.db.reading() as session:
        assert alder.node.status.standing(session, birch.did).legal_group == "ID-alder"


def test_validity_is_bounded(space):
    """No certification outlives the rules."""
    alder = space.firm("alder", certify=False)
    space.apply(alder)
    for days in (0, 91, -1, "90", True):
        seen = space.seen("applications", alder)
        body = {"did": alder.did, "seen": seen, "days": days}
        assert space.hub.manage("POST", "/v1/hub/applications/approve", body)[0] == 400
    assert rows(space.hub, ParticipantRow) == []


@pytest.mark.parametrize("what", ["approve", "reject"])
def test_a_decision_is_about_the_application_that_was_seen(space, what):
    """What replaced it meanwhile is not approved or rejected with it: nothing changes."""
    alder = space.firm("alder", certify=False)
    space.apply(alder)
    terms = {"did": alder.did, "seen": space.seen("applications", alder)}
    terms |= {"reason": "r"} if what == "reject" else {}
    for lacking in terms:
        some = {name: value for name, value in terms.items() if name != lacking}
        assert space.hub.manage("POST", f"/v1/hub/applications/{what}", some)[0] == 400
    space.apply(alder, legalId="another", roles=["provider", "consumer", "service"])
    logged = len(leaves(space.hub, "CERTIFICATION"))
    status, body = space.hub.manage("POST", f"/v1/hub/applications/{what}", terms)
    assert (status, body["error"]["code"]) == (409, "decision-outdated")
    assert rows(space.hub, ParticipantRow) == []
    assert [row.state for row in rows(space.hub, ApplicationRow)] == ["replaced", "pending"]
    assert len(leaves(space.hub, "CERTIFICATION")) == logged
    terms["seen"] = space.seen("applications", alder)
    assert body["error"]["params"]["digest"] == terms["seen"]
    assert space.hub.manage("POST", f"/v1/hub/applications/{what}", terms)[0] == 200


@pytest.mark.parametrize("name", ["suspend", "reinstate", "revoke"])
def test_an_act_is_upon_the_entry_that_was_seen(space, clock, name):
    """Suspended and reinstated meanwhile, or certified anew: it is another entry."""
    alder = space.firm("alder")
    if name == "reinstate":
        space.act("participants/suspend", alder)
    terms = {"did": alder.did, "seen": space.seen("participants", alder), "reason": "r"}
    clock.advance(1)
    if name == "reinstate":
        space.act("participants/reinstate", alder)
        space.act("participants/suspend", alder)
    else:
        space.apply(alder, legalGroup="another")
        space.approve(alder)
    stands = rows(space.hub, ParticipantRow)[0].model_dump()
    for seen in (terms["seen"], "sha-256:0"):
        status, body = space.hub.manage(
            "POST", f"/v1/hub/participants/{name}", terms | {"seen": seen}
        )
        assert (status, body["error"]["code"]) == (409, "decision-outdated")
    assert rows(space.hub, ParticipantRow)[0].model_dump() == stands
    assert space.act(f"participants/{name}", alder)["did"] == alder.did


def test_a_rejected_firm_learns_why_and_may_apply_again(space):
    """The reason reaches the firm; its next application is a new one."""
    alder = space.firm("alder", certify=False)
    space.apply(alder)
    space.act("applications/reject", alder, reason="no such number")
    found = membership(alder, refresh=True)
    assert (found["state"], found["reason"]) == ("rejected", "no such number")
    assert space.apply(alder)["state"] == "pending"
    space.approve(alder)
    assert membership(alder)["standing"] == "certified"


PATHS = {
    ("certified", "suspend"): "suspended",
    ("certified", "revoke"): "revoked",
    ("suspended", "reinstate"): "certified",
    ("suspended", "revoke"): "revoked",
}
LEADING = {"certified": [], "suspended": ["suspend"], "revoked": ["revoke"]}


@pytest.mark.sweep
@pytest.mark.parametrize("start", ["certified", "suspended", "revoked"])
@pytest.mark.parametrize("name", ["suspend", "reinstate", "revoke"])
def test_every_act_in_every_standing(space, start, name):
    """What is possible happens with its evidence; what is not is refused and changes nothing."""
    alder = space.firm("alder")
    for step in LEADING[start]:
        space.act(f"participants/{step}", alder)
    logged = len(leaves(space.hub, "CERTIFICATION"))
    serial = space.hub.manage("GET", "/v1/hub/status")[1]["serial"]
    terms = {"did": alder.did, "seen": space.seen("participants", alder), "reason": "because"}
    status, body = space.hub.manage("POST", f"/v1/hub/participants/{name}", terms)
    after = rows(space.hub, ParticipantRow)[0].status
    if (start, name) in PATHS:
        assert (status, after) == (200, PATHS[start, name])
        assert body["serial"] == serial + 1
        assert leaves(space.hub, "CERTIFICATION")[-1]["to"] == after
        assert leaves(space.hub, "STATUS")[-1]["process"] == str(serial + 1)
    else:
        assert (status, after) == (409, start)
        assert len(leaves(space.hub, "CERTIFICATION")) == logged
        assert space.hub.manage("GET", "/v1/hub/status")[1]["serial"] == serial


def test_an_act_upon_a_stranger_is_refused(space):
    """Nobody is suspended who was never certified; a reason is asked for."""
    terms = {"did": "did:web:x.example", "seen": "sha-256:0", "reason": "r"}
    status, body = space.hub.manage("POST", "/v1/hub/participants/revoke", terms)
    assert (status, body["error"]["code"]) == (404, "participant-missing")
    alder = space.firm("alder")
    terms = {"did": alder.did, "seen": space.seen("participants", alder), "reason": "  "}
    status, _ = space.hub.manage("POST", "/v1/hub/participants/revoke", terms)
    assert status == 400
    assert standing(space.hub, alder) == "certified"


def test_a_revoked_firm_may_be_certified_anew_from_a_new_day(space, clock):
    """Revocation is final for what was; a new certification begins anew."""
    alder = space.firm("alder")
    first = membership(alder)["since"]
    space.act("participants/revoke", alder)
    space.settle(alder)
    assert membership(alder)["standing"] == "revoked"
    assert "credential" not in membership(alder)
    clock.advance(100)
    space.apply(alder)
    space.approve(alder)
    assert membership(alder)["standing"] == "certified"
    assert membership(alder)["since"] == first + 100


def test_a_renewal_keeps_the_first_day(space, clock):
    """A certified firm stays certified while it applies again, and its membership's age is kept."""
    alder = space.firm("alder")
    first = membership(alder)
    clock.advance(400)
    space.renew()
    space.apply(alder)
    assert standing(space.hub, alder) == "certified"
    space.approve(alder)
    found = membership(alder)
    assert found["since"] == first["since"]
    assert found["expires"] == first["expires"] + 400


def test_suspension_is_acknowledged_and_bites_on_the_next_call(space):
    """Before the acknowledgement Birch still answers Alder; after it, never; reinstated, again."""
    alder, birch = space.firm("alder"), space.firm("birch")
    watch(alder)
    space.act("participants/suspend", alder)
    assert standing(birch, alder) == "certified"
    space.settle()
    assert standing(birch, alder) == "suspended"
    assert call(alder, birch, "POST", "status", b"{}").status == 401
    space.act("participants/reinstate", alder)
    space.settle()
    assert standing(birch, alder) == "certified"


def test_a_connector_that_is_away_is_seen_to_be_so_until_it_polls(space, net):
    """The operator sees who has not acknowledged; the connector's next poll counts as well."""
    alder, birch = space.firm("alder"), space.firm("birch")
    gone = net.apps.pop(birch.url)
    serial = space.act("participants/suspend", alder)["serial"]
    space.hub.deliver()
    _, pushed = space.hub.manage("GET", f"/v1/hub/pushes/{serial}")
    states = {line["did"]: line["state"] for line in pushed["connectors"]}
    assert states == {alder.did: "acknowledged", birch.did: "sent"}
    assert not pushed["complete"]
    net.apps[birch.url] = gone
    watch(birch)  # takes it
    assert standing(birch, alder) == "suspended"
    watch(birch)  # says that it has it
    _, pushed = space.hub.manage("GET", f"/v1/hub/pushes/{serial}")
    assert pushed["complete"]


def test_a_late_push_of_an_older_serial_is_refused_and_counts_as_superseded(space, net):
    """Two changes, the second learnt by polling first: the late first one changes nothing."""
    alder, birch = space.firm("alder"), space.firm("birch")
    gone = net.apps.pop(birch.url)
    older = space.act("participants/suspend", alder)["serial"]
    newer = space.act("participants/reinstate", alder)["serial"]
    space.hub.deliver()
    net.apps[birch.url] = gone
    watch(birch)
    assert standing(birch, alder) == "certified"
    space.hub.node.clock.advance(120)
    space.hub.deliver()
    assert standing(birch, alder) == "certified"
    for serial in (older, newer):
        assert space.hub.manage("GET", f"/v1/hub/pushes/{serial}")[1]["complete"]
    assert all(row.state == "acknowledged" for row in rows(space.hub, PushRow))


def test_renewal_gives_a_new_serial_without_pushing(space):
    """The document is renewed every minute; nobody is disturbed, nothing is logged for it."""
    alder = space.firm("alder")
    pushed, logged = len(rows(space.hub, PushRow)), len(leaves(space.hub, "STATUS"))
    serial = space.renew()
    assert len(rows(space.hub, PushRow)) == pushed
    assert len(leaves(space.hub, "STATUS")) == logged
    quiet = len(leaves(alder, "STATUS"))
    watch(alder)
    with alder.node.db.reading() as session:
        assert alder.node.status.newest(session).serial == serial
    assert len(leaves(alder, "STATUS")) == quiet


def test_a_change_that_cannot_be_recorded_does_not_happen(space):
    """If the evidence cannot be written, standing, serial and pushes stay as they were."""
    alder = space.firm("alder")
    hub = space.hub.node
    serial = space.hub.manage("GET", "/v1/hub/status")[1]["serial"]
    pushed = len(rows(space.hub, PushRow))
    terms = {"did": alder.did, "seen": space.seen("participants", alder), "reason": "r"}
    log, hub.db.log = hub.db.log, None
    try:
        status, _ = space.hub.manage("POST", "/v1/hub/participants/revoke", terms)
    finally:
        hub.db.log = log
    assert status == 503
    assert rows(space.hub, ParticipantRow)[0].status == "certified"
    assert space.hub.manage("GET", "/v1/hub/status")[1]["serial"] == serial
    assert len(rows(space.hub, PushRow)) == pushed
