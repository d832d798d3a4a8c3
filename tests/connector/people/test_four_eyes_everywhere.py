"""No operation that asks for a second person is done by one, whichever it is: all are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.compose.describing import AREAS, operations
from connector.party.area import Areas
from connector.party.gate import MEDIA
from connector.party.operation import Call
from connector.party.performing import perform
from connector.process.actor import acting
from crypto.record_kinds import fields_of
from crypto.records import read
from tests.connector.people.four_eyes import leaves, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.operation import Operation
    from tests.simulators import Party

WHO = ["participant", "hub"]
SEEN = "sha-256:" + "0" * 64
DID = "did:web:alder.example"
# what is sent to those that need something; one that is not here fails
BODIES: dict[str, dict[str, Any]] = {
    "key.add": {"name": "x", "roles": ["security"]},
    "person.invite": {"name": "Wu", "roles": ["security"]},
    "person.roles": {"roles": ["security"]},
    "application.approve": {"did": DID, "seen": SEEN},
    "participant.suspend": {"did": DID, "seen": SEEN, "reason": "because"},
    "participant.revoke": {"did": DID, "seen": SEEN, "reason": "because"},
}
# they must ask for a second person: issue 13, part 1
MUST = {
    "participant": {
        "key.add",
        "key.revoke",
        "token.renew",
        "keys.rotate",
        "product.publish",
        "product.unpublish",
        "person.invite",
        "person.roles",
        "person.renew",
        "person.end",
        "approval.off",
    },
    "hub": {
        "key.add",
        "key.revoke",
        "token.renew",
        "application.approve",
        "participant.suspend",
        "participant.revoke",
        "person.invite",
        "person.roles",
        "person.renew",
        "person.end",
        "approval.off",
    },
}
GATED = [
    (who, one.name)
    for who in WHO
    for one in operations(who)
    if one.approval is not None and one.approval_when is None
]


def declared(who: str, name: str) -> Operation:
    return next(one for one in operations(who) if one.name == name)


def staffed(party: Callable[..., Party], who: str) -> Party:
    """A node on which two persons of each role could agree."""
    made = party("acme", role=who, areas=AREAS[who], hub="did:web:hub.example")
    for role in ("cdo", "security", "certifier"):
        person(made, f"{role}-a", role)
        person(made, f"{role}-b", role)
    return made


@pytest.mark.parametrize("who", WHO)
def test_what_must_have_a_second_person_has_one(who: str):
    assert {one.name for one in operations(who) if one.approval is not None} >= MUST[who]


@pytest.mark.parametrize(("who", "name"), GATED)
def test_none_is_done_by_one(party: Callable[..., Party], who: str, name: str):
    """By the API with the first token, which has every role; nothing runs, one request is kept."""
    node = staffed(party, who)
    operation = declared(who, name)
    path = operation.path.replace("{name}", "owner").replace("{person}", "security-a")
    path = path.replace("{product_id}", "deliveries")
    assert "{" not in path, "name what stands in it"
    needs = any(one.required for one in fields_of(operation.body))
    before = len(leaves(node))
    status, found = node.manage(operation.method, path, BODIES[name] if needs else None)
    assert (status, found["approval"]["operation"]) == (202, name)
    assert found["approval"]["needs"] == 2
    told = [one.get("to") for one in leaves(node)[before:]]
    assert told == ["FOUR_EYES_IN_FORCE", "APPROVAL_REQUESTED"]


@pytest.mark.parametrize(("who", "name"), GATED)
def test_none_reaches_what_does_it(party: Callable[..., Party], who: str, name: str):
    """As a person in the console, by the one place that does anything."""
    node = staffed(party, who)
    operation = declared(who, name)
    needs = any(one.required for one in fields_of(operation.body))
    roles = sorted(operation.may)
    asks = person(node, "asks", *roles)
    call = Call(
        actor=asks.actor,
        path={part: "security-a" if part == "person" else "owner" for part in operation.parts},
        body=read(operation.body, BODIES[name] if needs else {}),
        query=read(operation.query, {}),
    )
    ran: list[Call] = []

    def run(_node: object, done: Call) -> None:
        ran.append(done)

    with acting(asks.actor):
        perform(node.node, operation, run, call)
    assert ran == []


@pytest.mark.parametrize("who", WHO)
def test_a_body_that_waits_holds_no_secret(who: str):
    """It is kept as it was sent."""
    for one in operations(who):
        if one.approval is None:
            continue
        names = {each.name for each in (*fields_of(one.body), *fields_of(one.query))}
        assert not {
            name
            for name in names
            if any(word in name for word in ("password", "token", "secret", "code", "link"))
        }, one.name


@pytest.mark.parametrize("who", WHO)
def test_an_answer_with_a_secret_is_declared_as_such(who: str):
    """What has a token or a link in its answer goes to who asked alone."""
    for one in operations(who):
        if one.approval is None or one.reply is None:
            continue
        names = {each.name for each in fields_of(one.reply)}
        assert bool(names & {"token", "link", "url"}) == one.hands_over, (one.name, names)


@pytest.mark.parametrize("who", WHO)
def test_the_document_says_that_it_may_wait(who: str, party: Callable[..., Party]):
    """A 202 of its own media type, beside what the operation answers else."""
    node = party("acme", role=who, areas=AREAS[who])
    assert len(node.node.services[Areas].gates) == 1
    paths = node.manage("GET", "/v1/openapi.json")[1]["paths"]
    for one in operations(who):
        answers = paths[one.path][one.method.lower()]["responses"]
        waits = MEDIA in answers.get("202", {}).get("content", {})
        assert waits is (one.approval is not None), one.name
