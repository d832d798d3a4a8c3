"""Who may call: standings, replay rows in the request's transaction, what a 5xx leaves behind."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from flask import Blueprint

from catalog.status import StatusEntry, sign_status
from connector.identity.auth import ANYBODY, authenticate
from connector.identity.rows import ReplayRow
from connector.identity.status import StatusRegistry
from connector.party.area import Area
from connector.party.web import body_cap, json_object, reply
from connector.process.errors import Conflict, Unreachable
from connector.process.ports import unix
from connector.store.facts import fact, set_fact
from contracts.evidence import Entry
from crypto.did import DidDocument
from crypto.errors import VerificationError
from tests.areas import OWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.node import Node
    from tests.simulators import Net, Party, StandingClock

# an area for these tests, assembled as any other


def protocol_routes(node: Node) -> Blueprint:
    routes = Blueprint("trial", __name__)

    @routes.get("/read")
    def read() -> Any:
        return reply({"did": authenticate(node).did})

    @routes.get("/open")
    def open_to_all() -> Any:
        return reply({"status": authenticate(node, admits=ANYBODY).standing.status})

    @routes.post("/write")
    @body_cap(2000)
    def write() -> Any:
        caller = authenticate(node)
        value = json_object()
        with node.db.transaction() as tx:
            caller.consume(tx)
            set_fact(tx.session, "written", value["text"])
            tx.append(Entry(kind="CONFIGURATION", counterparty=caller.did, to_state="WRITTEN"))
            if value["text"] == "refuse":
                raise Conflict("no", code="no")
            if value["text"] == "crash":
                raise ZeroDivisionError
        return reply({}, 201)

    return routes


AREAS = (OWN, Area(name="trial", protocol=protocol_routes))


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme", areas=AREAS, pin=["bolt"])


@pytest.fixture
def bolt(party: Callable[..., Party]) -> Party:
    return party("bolt", pin=["acme"])


def write(bolt: Party, acme: Party, text: str) -> int:
    body = json.dumps({"text": text}).encode()
    return bolt.node.peers.call(acme.did, "POST", f"{acme.url}/write", body=body).status


def test_a_certified_party_reads_and_writes(acme: Party, bolt: Party):
    """The happy path: the token names the caller, the state changes once."""
    assert bolt.node.peers.call(acme.did, "GET", f"{acme.url}/read").status == 200
    assert write(bolt, acme, "hello") == 201
    with acme.node.db.reading() as session:
        assert fact(session, "written") == "hello"


@pytest.mark.parametrize(
    ("text", "status", "plain", "spent"),
    [
        ("refuse", 409, False, True),
        ("refuse", 409, True, True),
        ("crash", 500, False, True),
        ("crash", 500, True, False),
    ],
)
def test_a_token_is_spent_by_any_answer_but_that_of_a_plain_peer_is_kept_by_a_5xx(
    acme: Party,
    bolt: Party,
    net: Net,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    status: int,
    plain: bool,
    spent: bool,
):
    """Nothing changed either way. Some plain peers come again with the same token after a 5xx; a
    Voile does not, so whatever of its attempt comes later is the network's.
    """
    if plain:
        monkeypatch.setattr(DidDocument, "is_voile", False)
    assert write(bolt, acme, text) == status
    sent = net.sent[-1]
    with acme.node.db.reading() as session:
        assert fact(session, "written") is None
        assert (session.exec(_replays()).first() is not None) is spent
    again = net.request(sent.method, sent.url, body=sent.body, headers=sent.headers)
    assert again.status == (401 if spent else 500)


def _replays() -> Any:
    from sqlmodel import select

    return select(ReplayRow).where(ReplayRow.issuer == "did:web:bolt.example")


def test_a_replayed_write_changes_nothing(acme: Party, bolt: Party, net: Net):
    """The same bytes again: 401, no second leaf."""
    assert write(bolt, acme, "once") == 201
    sent = net.sent[-1]
    before = acme.manage("GET", "/v1/node")[1]["log"]["size"]
    for _ in range(3):
        again = net.request(sent.method, sent.url, body=sent.body, headers=sent.headers)
        assert again.status == 401
    assert acme.manage("GET", "/v1/node")[1]["log"]["size"] == before


def test_replay_rows_are_dropped_only_after_expiry(
    acme: Party, bolt: Party, net: Net, clock: StandingClock
):
    """Housekeeping keeps a token's row until the token itself is refused for its age."""
    from connector.compose.housekeeping import Housekeeping

    assert write(bolt, acme, "once") == 201
    sent = net.sent[-1]
    for seconds, left in ((310, True), (40, False)):
        clock.advance(seconds)
        Housekeeping(acme.node).tidy()
        with acme.node.db.reading() as session:
            assert (session.exec(_replays()).first() is not None) is left
        again = net.request(sent.method, sent.url, body=sent.body, headers=sent.headers)
        assert again.status == 401


def test_a_route_may_take_more_than_the_usual_cap_but_no_more_than_its_own(
    acme: Party, bolt: Party
):
    """`body_cap` is the route's own; the refusal names both numbers."""
    found = bolt.node.peers.call(acme.did, "POST", f"{acme.url}/write", body=b"x" * 2001)
    assert found.status == 413
    assert "2000" in json.loads(found.body)["error"]["message"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"text":1,"text":2}', b'{"text":NaN}', b"[" * 900, b'{"a":"\\ud800"}',
             b'{"n":' + b"9" * 900 + b"}", b"\xff\xfe"],
)  # fmt: skip
def test_bodies_that_are_no_strict_object_are_400(acme: Party, bolt: Party, body: bytes):
    """One clear error for each, never a 500."""
    found = bolt.node.peers.call(acme.did, "POST", f"{acme.url}/write", body=body)
    assert found.status == 400
    assert json.loads(found.body)["error"]["code"]


# standings


class Space:
    """A hub, a member, and a caller whose standing the hub says."""

    def __init__(self, party: Callable[..., Party], clock: StandingClock) -> None:
        self.clock = clock
        self.hub = party("hub", role="hub")
        self.acme = party("acme", areas=AREAS, hub=self.hub.did)
        self.bolt = party("bolt", hub=self.hub.did)
        self.serial = 0

    def document(self, status: str, *, serial: int, **changes: Any) -> str:
        now = unix(self.clock.now())
        until = changes.pop("certified_until", now + 86_400)
        entries = [
            StatusEntry(
                did=party.did,  # type: ignore[arg-type]
                status=status if party is self.bolt else "certified",  # type: ignore[arg-type]
                expires=until,
                legal_group="G",
                name_zh="甲",
                name_en="A",
            )
            for party in (self.acme, self.bolt)
        ]
        keys = self.hub.node.keys
        arguments: dict[str, Any] = {
            "issuer": self.hub.did,
            "space": self.hub.node.settings.space,
            "serial": serial,
            "now": now,
            "lifetime_seconds": 900,
            "key": keys.agreements,
            "kid": keys.agreements_kid,
        }
        return sign_status(entries, **(arguments | changes))

    def say(self, status: str, **changes: Any) -> str:
        self.serial += 1
        document = self.document(status, serial=self.serial, **changes)
        self.accept(document)
        return document

    def accept(self, document: str) -> int:
        node = self.acme.node
        node.peers.document(self.hub.did)
        with node.db.transaction() as tx:
            return node.status.accept(tx, document)

    def read(self, path: str = "read") -> int:
        return self.bolt.node.peers.call(self.acme.did, "GET", f"{self.acme.url}/{path}").status


@pytest.fixture
def space(party: Callable[..., Party], clock: StandingClock) -> Space:
    return Space(party, clock)


@pytest.mark.parametrize(
    ("status", "expected"), [("certified", 200), ("suspended", 401), ("revoked", 401), (None, 401)]
)
def test_the_standing_decides_on_each_route(space: Space, status: str | None, expected: int):
    """Only a certified party passes; routes for applicants are open to all."""
    if status is not None:
        space.say(status)
    assert space.read() == expected
    assert write(space.bolt, space.acme, "x") == (201 if expected == 200 else 401)
    assert space.read("open") == 200


def test_revocation_bites_with_the_next_call(space: Space):
    """Certified, revoked, certified again: each document is in force at once."""
    for status, expected in (("certified", 200), ("revoked", 401), ("certified", 200)):
        space.say(status)
        assert space.read() == expected


def test_a_revocation_between_check_and_commit_bites(space: Space, net: Net):
    """The standing is read again in the transaction: a revocation that came meanwhile wins."""
    space.say("certified")
    space.acme.node.peers._kept.clear()  # so that the check must fetch the caller's document
    fired = []

    def meanwhile(_method: str, url: str, _body: bytes) -> None:
        if url.endswith("bolt.example/.well-known/did.json") and not fired:
            fired.append(url)
            space.say("revoked")

    net.fault = meanwhile
    assert write(space.bolt, space.acme, "x") == 401
    assert fired
    with space.acme.node.db.reading() as session:
        assert fact(session, "written") is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [("certified", True), ("suspended", False), ("revoked", False)],
)
def test_what_the_hub_says_goes_before_a_pin(
    space: Space, clock: StandingClock, status: str, expected: bool
):
    """A pinned DID that the newest document names is what the document says, and what it says
    against it outlives the document; a pin counts only for one that it does not name, before the
    first document, and for one that it calls certified once it has expired.
    """
    node = space.acme.node
    settings = replace(node.settings, pinned=frozenset({space.bolt.did, "did:web:crow.example"}))
    registry = StatusRegistry(settings, clock, node.peers.at_hand)

    def certified(did: str) -> bool:
        with node.db.reading() as session:
            return registry.standing(session, did).certified

    assert certified(space.bolt.did)  # no document yet
    space.say(status)
    assert certified(space.bolt.did) is expected
    assert certified("did:web:crow.example")
    assert not certified("did:web:dora.example")
    for seconds in (901, 400 * 86_400):
        clock.advance(seconds)
        ended = seconds > 86_400  # its certification, which the document says, too
        assert certified(space.bolt.did) is (expected and not ended)
        assert certified("did:web:crow.example")
        assert not certified("did:web:dora.example")
    node.peers._kept.clear()
    space.say("certified")
    assert certified(space.bolt.did)


def test_past_its_expiry_a_document_certifies_nobody(space: Space, clock: StandingClock):
    """After 15 minutes without news every call is refused; a new document mends it."""
    space.say("certified")
    clock.advance(899)
    assert space.read() == 200
    clock.advance(2)
    assert space.read() == 401
    space.say("certified")
    assert space.read() == 200


def test_an_expired_certificate_is_a_suspension(space: Space, clock: StandingClock):
    """The end of one party's certification counts, whatever its status says."""
    space.say("certified", certified_until=unix(clock.now()) + 100)
    assert space.read() == 200
    clock.advance(101)
    assert space.read() == 401


def test_documents_that_are_not_put_in_force(space: Space):
    """Older, of another space, signed by another, two of one serial, expired: all refused."""
    first = space.say("certified")
    space.say("revoked")
    assert space.read() == 401
    member = space.acme.node.keys
    bad = {
        "older": first,
        "another space": space.document("certified", serial=9, space="https://other.example/"),
        "signed by a member": space.document(
            "certified", serial=9, key=member.agreements, kid=member.agreements_kid
        ),
        "issued by a member": space.document("certified", serial=9, issuer=space.acme.did),
        "token key": space.document(
            "certified", serial=9, key=space.hub.node.keys.token, kid=space.hub.node.keys.token_kid
        ),
        "expired": space.document("certified", serial=9, now=unix(space.clock.now()) - 1000),
        "ahead": space.document("certified", serial=9, now=unix(space.clock.now()) + 1000),
    }
    for name, document in bad.items():
        with pytest.raises(VerificationError):
            space.accept(document)
        assert space.read() == 401, name
    twice = space.document("certified", serial=space.serial)
    with pytest.raises(Conflict):
        space.accept(twice)
    assert space.read() == 401


def test_the_same_document_again_changes_nothing(space: Space):
    """A push and a poll may bring the same one: it is acknowledged with its serial."""
    document = space.say("certified")
    assert space.accept(document) == space.serial


def test_a_transaction_that_takes_a_document_reads_that_one(space: Space):
    """What it had read of the one before does not outlive the taking."""
    space.say("certified")
    node, document = space.acme.node, space.document("suspended", serial=space.serial + 1)
    with node.db.transaction() as tx:
        before = node.status.newest(tx.session)
        assert before is not None
        assert node.status.newest(tx.session) is before, "read once"
        node.status.accept(tx, document)
        now = node.status.newest(tx.session)
        assert now is not None
        assert now.serial == before.serial + 1
        assert node.status.standing(tx.session, space.bolt.did).status == "suspended"


def test_the_hubs_document_must_be_at_hand(space: Space):
    """Inside a transaction nothing is fetched."""
    document = space.document("certified", serial=1)
    node = space.acme.node
    with pytest.raises(Unreachable), node.db.transaction() as tx:
        node.status.accept(tx, document)


def test_what_a_participant_may_change_is_bounded_for_good(party: Callable[..., Party]):
    """Whatever may become a leaf counts, on whichever route; reading goes on, and so do others."""
    limits = {"VOILE_LIMITS_CHANGES_PER_SECOND": "1", "VOILE_LIMITS_CHANGE_BURST": "60"}
    acme = party("acme", areas=AREAS, pin=["bolt", "carl"], env=limits)
    bolt, carl = party("bolt"), party("carl")
    while acme.node.changes.take(bolt.did):
        pass
    before = acme.manage("GET", "/v1/node")[1]["log"]["size"]
    assert write(bolt, acme, "x") == 429
    assert acme.manage("GET", "/v1/node")[1]["log"]["size"] == before
    assert bolt.node.peers.call(acme.did, "GET", f"{acme.url}/read").status == 200
    assert write(carl, acme, "x") == 201


def test_one_participant_does_not_use_up_anothers_rate(
    party: Callable[..., Party], clock: StandingClock
):
    """Over its rate on one route a participant gets 429 there; other routes and others go on."""
    limits = {"VOILE_LIMITS_CALLS_PER_SECOND": "1", "VOILE_LIMITS_CALL_BURST": "60"}
    acme = party("acme", areas=AREAS, pin=["bolt", "carl"], env=limits)
    bolt, carl = party("bolt"), party("carl")
    while acme.node.calls.take(f"{bolt.did} trial.read"):
        pass
    assert bolt.node.peers.call(acme.did, "GET", f"{acme.url}/read").status == 429
    assert bolt.node.peers.call(acme.did, "GET", f"{acme.url}/open").status == 200
    assert carl.node.peers.call(acme.did, "GET", f"{acme.url}/read").status == 200
