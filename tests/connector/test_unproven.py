"""Fetches for requests that have proved nothing: few places, one per host, failures remembered."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from connector.identity.refusals import HELD_SECONDS, PROMPT_BURST, Refusals
from connector.identity.unproven import CEILING, FLOOR, JOIN_SECONDS, TIMES, Unproven
from connector.process.errors import (
    EgressRefused,
    MalformedError,
    TooMany,
    Unreachable,
    VerificationError,
    VoileError,
)
from connector.process.logs import silent
from crypto.did import DidDocument
from crypto.tokens import Binding, mint
from tests.connector.space import HUB_AREAS, Space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulators import Net, Party

DOCUMENT = DidDocument.parse({"id": "did:web:a.example"}, expected="did:web:a.example")
WAIT = 20.0  # seconds of patience with a busy machine


class Bench:
    """An `Unproven` with a clock of ours, and fetches that hang until they are let go."""

    def __init__(self, threads: int) -> None:
        self.now = 0.0
        self.unproven = Unproven(threads, clock=lambda: self.now)
        self.go = threading.Event()
        self.fetched: list[str] = []
        self.said: list[str] = []
        self.threads: list[threading.Thread] = []

    def ask(self, did: str, host: str, *, member: bool, **more: Any) -> DidDocument:
        def fetch() -> DidDocument:
            self.fetched.append(did)
            assert self.go.wait(WAIT)
            return DOCUMENT

        known = {"held": lambda: None, "fetch": fetch} | more
        return self.unproven(did, host, member=member, **known)

    def hang(self, did: str, host: str, *, member: bool) -> None:
        """Ask in a thread, and wait until it fetches."""
        before = len(self.fetched)
        self.threads.append(
            threading.Thread(target=self.ask, args=(did, host), kwargs={"member": member})
        )
        self.threads[-1].start()
        for _ in range(2000):
            if len(self.fetched) > before:
                return
            threading.Event().wait(0.01)
        raise AssertionError("it does not fetch")

    def close(self) -> None:
        self.go.set()
        for thread in self.threads:
            thread.join(WAIT)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench(8)
    yield made
    made.close()


def test_strangers_have_few_places_and_members_their_own(bench: Bench) -> None:
    """However many hosts hang, half of the threads are free of them, and members are not behind."""
    for number in range(2):
        bench.hang(f"s{number}", f"host{number}", member=False)
    for number in range(2, 40):
        with pytest.raises(TooMany) as caught:
            bench.ask(f"s{number}", f"host{number}", member=False)
        assert caught.value.code == "door-busy"
    for number in range(4):
        bench.hang(f"m{number}", f"other{number}", member=True)
    with pytest.raises(TooMany):
        bench.ask("m5", "other5", member=True)
    assert len(bench.fetched) == 6
    bench.close()
    assert bench.ask("m5", "other5", member=True) is DOCUMENT
    assert bench.ask("s5", "host5", member=False) is DOCUMENT


def test_one_fetch_per_host_and_nobody_waits_long_for_it(bench: Bench) -> None:
    """A second DID there waits for the first second of a fetch, then it is told to come again."""
    bench.hang("a", "host", member=True)
    bench.now = JOIN_SECONDS
    for _ in range(20):
        with pytest.raises(TooMany):
            bench.ask("b", "host", member=True)
    assert bench.fetched == ["a"]
    bench.now = 0.0
    found: list[DidDocument] = []
    joined = threading.Thread(
        target=lambda: found.append(bench.ask("a", "host", member=True, held=lambda: DOCUMENT))
    )
    joined.start()
    bench.go.set()
    joined.join(WAIT)
    assert found == [DOCUMENT]
    assert bench.fetched == ["a"], "who waited shares what came"


@pytest.mark.parametrize("took", [0.0, 0.5, 5.0, 60.0])
@pytest.mark.parametrize("member", [True, False])
def test_a_failure_is_remembered_longer_the_longer_it_took(took: float, member: bool) -> None:
    """For the DID; a stranger's also for its host, on which a member may well be."""
    bench = Bench(8)
    asked = []

    def fetch() -> DidDocument:
        asked.append(bench.now)
        bench.now += took
        raise Unreachable("no answer", code="peer-unreachable")

    def ask(did: str, host: str, *, member: bool) -> bool:
        """Ask; say whether anything was fetched."""
        before = len(asked)
        with pytest.raises(Unreachable):
            bench.ask(did, host, member=member, fetch=fetch)
        return len(asked) > before

    assert ask("a", "host", member=member)
    failed = bench.now
    lasts = min(CEILING, max(FLOOR[member], TIMES * took))
    bench.now = failed + 0.99 * lasts
    for _ in range(3):
        assert not ask("a", "host", member=member)
    if member:
        assert ask("b", "host", member=True)
    else:
        assert not ask("b", "host", member=False)
        assert ask("c", "host", member=True), "a member is not held to what a stranger's did"
    bench.now = failed + lasts
    assert ask("a", "host", member=member) or not member  # another's failure may have come later


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("it answered 404", code="did-unresolved"),
        EgressRefused("too long", code="answer-too-long"),
        MalformedError("no document", code="did-document"),
        VerificationError("another's", code="did-mismatch"),
    ],
)
def test_what_a_host_answers_of_one_stranger_is_held_against_no_other(error: VoileError) -> None:
    """A token that names a path which is not there must not keep the host's firms from applying."""
    bench = Bench(8)
    bench.go.set()

    def fails() -> DidDocument:
        raise error

    for _ in range(2):
        with pytest.raises(type(error)):
            bench.ask("host:x", "host", member=False, fetch=fails)
    assert bench.ask("host:firm", "host", member=False) is DOCUMENT
    with pytest.raises(type(error)):
        bench.ask("host:x", "host", member=False)
    assert bench.fetched == ["host:firm"]


# at the door


def knock(net: Net, party: Party, issuer: str, method: str, path: str) -> int:
    """Send a request whose token names an issuer and proves nothing."""
    node = party.node
    token = mint(
        node.keys.token,
        issuer=issuer,
        audience=party.did,
        kid=f"{issuer}#k",
        now=int(node.clock.now().timestamp()),
        jti=node.entropy(8).hex(),
        binding=Binding(method=method, path=path, body_digest=""),
    )
    url = f"{party.url}/voile/v1/{path}"
    return net.request(method, url, headers={"Authorization": f"Bearer {token}"}, body=b"{}").status


@pytest.fixture
def space(party: Callable[..., Party]) -> Space:
    made = Space(party("hub", areas=HUB_AREAS, role="hub"), party)
    made.renew()
    return made


ROUTES = [
    ("GET", "status"),
    ("GET", "standing"),
    ("GET", "catalog/search"),
    ("POST", "catalog"),
    ("POST", "log/checkpoints"),
]


def test_whoever_is_not_known_makes_nobody_fetch_but_for_an_application(
    space: Space, net: Net
) -> None:
    """Neither a stranger nor a revoked party; an application is the one thing a stranger may send."""
    gone = space.firm("gone")
    space.act("participants/revoke", gone)
    asked: list[str] = []

    def fault(_method: str, url: str, _body: bytes) -> None:
        if url.endswith("did.json"):
            asked.append(url)
            raise Unreachable("it hangs", code="peer-unreachable")

    net.fault = fault
    for issuer in ("did:web:stranger.example", gone.did):
        for method, path in ROUTES:
            assert knock(net, space.hub, issuer, method, path) == 401, path
    assert asked == []
    for number in range(5):
        for method, path in (("POST", "applications"), ("GET", "applications/mine")):
            issuer = f"did:web:stranger.example:{number}"
            assert knock(net, space.hub, issuer, method, path) == 401
    assert len(asked) == 1, "one host, one failure, however many DIDs are on it"


def test_what_failed_for_a_member_is_not_asked_at_every_request(space: Space, net: Net) -> None:
    """The same requests again: told that it cannot be fetched, without another fetch."""
    member = space.firm("member")
    for kept in (space.hub.node.peers._kept, space.hub.node.peers._strangers):
        kept.clear()
    asked: list[str] = []

    def fault(_method: str, url: str, _body: bytes) -> None:
        if url.endswith("did.json"):
            asked.append(url)
            raise Unreachable("it hangs", code="peer-unreachable")

    net.fault = fault
    for method, path in ROUTES * 3:
        assert knock(net, space.hub, member.did, method, path) == 502
    assert len(asked) == 1


def test_documents_of_strangers_push_out_none_of_a_member(space: Space, net: Net) -> None:
    """A stranger with a host of its own makes the hub fetch as many documents as it likes."""
    member = space.firm("member")
    peers = space.hub.node.peers
    held = peers.presented(member.did, member=True)  # it applied as a stranger
    net.fault = _serves
    for number in range(300):
        peers.presented(f"did:web:flood.example:{number}", member=False)
    assert peers.cached(member.did) is held
    assert sum(peers.cached(f"did:web:flood.example:{n}") is not None for n in range(300)) == 200


def _serves(_method: str, url: str, _body: bytes) -> Any:
    from connector.process.ports import Response

    if not url.startswith("https://flood.example/"):
        return None
    did = f"did:web:flood.example:{url.split('/')[-2]}"
    return Response(status=200, headers={}, body=json.dumps({"id": did}).encode())


def test_only_a_source_that_is_refused_very_often_waits() -> None:
    """The first refusals are answered at once; each source has its own count; pauses differ."""
    told = Refusals(None, silent(), lambda n: b"\x80" * n)  # type: ignore[arg-type]
    first = [told.patience("a") for _ in range(int(PROMPT_BURST))]
    assert set(first) == {0.0}
    later = [told.patience("a") for _ in range(50)]
    assert max(later) == 2 * HELD_SECONDS
    assert told.patience("b") == 0.0
