"""Other parties: how long a DID document is kept, and where a call may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.process.errors import EgressRefused, MalformedError, Unreachable, VerificationError
from connector.process.ports import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party, StandingClock


@pytest.fixture
def pair(party: Callable[..., Party]) -> tuple[Party, Party]:
    return party("acme", pin=["bolt"]), party("bolt", pin=["acme"])


def fetches(net: Net) -> int:
    return sum(sent.url.endswith("did.json") for sent in net.sent)


def test_a_document_is_kept_ten_minutes(pair: tuple[Party, Party], net: Net, clock: StandingClock):
    """One fetch serves ten minutes; then it is asked for again, never used stale."""
    acme, bolt = pair
    for seconds, expected in ((0, 1), (599, 1), (2, 2)):
        clock.advance(seconds)
        acme.node.peers.document(bolt.did)
        assert fetches(net) == expected
    clock.advance(601)
    net.apps.clear()
    with pytest.raises(Unreachable):
        acme.node.peers.document(bolt.did)


def test_a_refetch_is_heeded_once_a_minute(
    pair: tuple[Party, Party], net: Net, clock: StandingClock
):
    """Unknown keys cannot make us fetch at will."""
    acme, bolt = pair
    for seconds, expected in ((0, 1), (0, 1), (59, 1), (1, 2), (1, 2)):
        clock.advance(seconds)
        acme.node.peers.document(bolt.did, refetch=True)
        assert fetches(net) == expected


def test_a_base_is_known_as_long_as_the_document(pair: tuple[Party, Party], clock: StandingClock):
    """What the version document said holds while the DID document does, not with the next one."""
    acme, bolt = pair
    peers = acme.node.peers
    peers.keep_base(bolt.did, "https://bolt.example/dsp")
    assert peers.known_base(bolt.did) is None
    peers.document(bolt.did)
    peers.keep_base(bolt.did, "https://bolt.example/dsp")
    assert peers.known_base(bolt.did) == "https://bolt.example/dsp"
    clock.advance(61)
    peers.document(bolt.did, refetch=True)
    assert peers.known_base(bolt.did) is None


def test_our_own_document_needs_no_network(pair: tuple[Party, Party], net: Net):
    """It is at hand also inside transactions."""
    acme, bolt = pair
    assert acme.node.peers.at_hand(acme.did).did == acme.did
    with pytest.raises(Unreachable):
        acme.node.peers.at_hand(bolt.did)
    assert net.sent == []


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"{}", Unreachable),
        (200, b"[]", MalformedError),
        (200, b"{", MalformedError),
        (200, b'{"id":"did:web:evil.example"}', VerificationError),
    ],
)
def test_a_document_that_is_none_is_refused(
    pair: tuple[Party, Party], net: Net, status: int, body: bytes, error: type[Exception]
):
    """Missing, malformed, somebody else's: an error each, and nothing is kept."""
    acme, bolt = pair
    net.fault = lambda *_: Response(status=status, headers={}, body=body)
    with pytest.raises(error):
        acme.node.peers.document(bolt.did)
    net.fault = None
    assert acme.node.peers.document(bolt.did).did == bolt.did


def test_calls_go_only_to_origins_that_the_document_names(
    pair: tuple[Party, Party], party: Callable[..., Party], net: Net
):
    """A callback address elsewhere is not called: no request leaves."""
    acme, bolt = pair
    party("evil")
    acme.node.peers.document(bolt.did)
    before = len(net.sent)
    for url in (
        "https://evil.example/x",
        "https://bolt.example:444/x",
        "http://bolt.example/x",
        "https://bolt.example.evil.example/x",
        "https://bolt.example@evil.example/x",
    ):
        with pytest.raises(EgressRefused):
            acme.node.peers.call(bolt.did, "POST", url, body=b"{}")
    assert len(net.sent) == before


def test_a_service_is_found_by_its_type(pair: tuple[Party, Party]):
    """The endpoint is the document's; a service that is not there is said so."""
    acme, bolt = pair
    assert acme.node.peers.endpoint(bolt.did) == f"{bolt.url}/voile/v1"
    with pytest.raises(VerificationError, match="VoileHub"):
        acme.node.peers.endpoint(bolt.did, "VoileHub")


def test_no_call_leaves_from_inside_a_transaction(pair: tuple[Party, Party], net: Net):
    """It would hold up every other writer for as long as the peer likes: it is a bug that shows."""
    acme, bolt = pair
    with acme.node.db.transaction():
        with pytest.raises(RuntimeError, match="inside a transaction"):
            acme.node.peers.document(bolt.did)
        with pytest.raises(RuntimeError, match="inside a transaction"):
            acme.node.peers.call(bolt.did, "GET", f"{bolt.url}/voile/v1/standing")
    assert net.sent == []
    assert acme.node.peers.call(bolt.did, "GET", f"{bolt.url}/voile/v1/standing").status == 200


def test_an_idle_connection_that_the_peer_closed_costs_no_call(pair: tuple[Party, Party], net: Net):
    """The call goes out once more, by another connection and with another token."""
    acme, bolt = pair
    url = f"{bolt.url}/voile/v1/standing"
    acme.node.peers.document(bolt.did)
    failures = ["peer-closed-idle"]

    def closed(_method: str, _url: str, _body: bytes) -> None:
        if failures:
            raise Unreachable("closed", code=failures.pop())

    net.fault = closed
    assert acme.node.peers.call(bolt.did, "GET", url).status == 200
    failures.append("peer-unreachable")
    with pytest.raises(Unreachable):
        acme.node.peers.call(bolt.did, "GET", url)
