"""Sending a file: to where the request says, completed in the same transaction as its evidence."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from connector.areas.delivery.live import Deliveries
from connector.areas.delivery.push import Pusher
from connector.areas.delivery.rows import PushRow
from tests.connector.delivery.shop import CONTENT, DIGEST, SINK

if TYPE_CHECKING:
    from tests.connector.delivery.shop import Shop


def _push_row(shop: Shop, pid: str) -> PushRow:
    with shop.provider.node.db.reading() as session:
        found = session.get(PushRow, shop.theirs(pid))
    assert found is not None
    return found


def test_the_file_arrives_and_the_transfer_completes(shop: Shop):
    """One POST of the published bytes, then both sides are COMPLETED."""
    pid = shop.push()
    assert shop.state(pid) == "STARTED"
    assert shop.sink.got == []
    shop.send_due()
    assert shop.sink.got == [(f"POST {SINK}/in", CONTENT)]
    assert shop.state(pid) == "COMPLETED"
    begun, ended = (leaf["query"] for leaf in shop.leaves(shop.provider))
    assert (begun["outcome"], ended["outcome"]) == ("begun", "complete")
    assert (ended["bytes"], ended["version"]) == (len(CONTENT), DIGEST)


def test_the_consumers_authorization_is_sent_and_nowhere_kept_in_clear(shop: Shop):
    """It goes to the destination, and stands in no database, leaf, answer or log."""
    secret = "canary-7f3a"
    pid = shop.push(authorization=f"Key {secret}")
    shop.send_due()
    (sent,) = [one for one in shop.net.sent if one.url == f"{SINK}/in"]
    assert sent.headers["Authorization"] == f"Key {secret}"
    for party in (shop.provider, shop.consumer):
        raw = b"".join(
            path.read_bytes() for path in sorted((party.home / "data").glob("voile.db*"))
        )
        assert secret.encode() not in raw
        assert secret not in str(shop.leaves(party))
    assert secret not in json.dumps(shop.shown(pid))


def test_a_destination_that_refuses_is_tried_again_then_given_up(shop: Shop):
    """Each attempt leaves a leaf; the last one ends the transfer with a code."""
    pid = shop.push()
    shop.sink.statuses = [500] * 99
    for _ in range(8):
        shop.send_due()
        shop.clock.advance(120)
    assert shop.state(pid) == "TERMINATED"
    assert shop.shown(pid)["ended"]["code"] == "delivery.failed"
    assert len(shop.sink.got) == 8
    outcomes = [leaf["query"]["outcome"] for leaf in shop.leaves(shop.provider)]
    assert outcomes.count("failed") == 8
    assert shop.leaves(shop.provider)[-1]["query"]["why"] == "http.500"


def test_a_destination_that_comes_back_gets_the_file(shop: Shop):
    """A passing failure costs a pause, no more."""
    pid = shop.push()
    shop.sink.statuses = [503, 503]
    for _ in range(3):
        shop.send_due()
        shop.clock.advance(120)
    assert shop.state(pid) == "COMPLETED"
    assert [body for _, body in shop.sink.got] == [CONTENT] * 3


@pytest.mark.sweep
@pytest.mark.parametrize(
    "url",
    [
        "http://sink.example/in",
        "https://10.0.0.1/in",
        "https://127.0.0.1/in",
        "https://localhost/in",
        "https://[::1]/in",
        "https://0x7f.1/in",
        "https://user:secret@sink.example/in",
        "https://sink/in",
        "https://[::1/in",
        "https://sink.example:99999/in",
        "https://sink.example:abc/in",
        "https://sink.example\\in",
        "https://sinḱ.example/in",
        "file:///etc/passwd",
    ],
)
def test_a_destination_in_a_private_range_is_refused_when_asked_for(shop: Shop, url: str):
    """The request itself is refused; nothing is sent and no transfer stands at the provider."""
    pid = shop.push(url)
    ended = shop.shown(pid)
    assert ended["state"] == "TERMINATED"
    assert ended["ended"]["code"] == "transfer.destination-refused"
    assert shop.provider.manage("GET", "/v1/transfers")[1]["transfers"] == []
    shop.send_due()
    assert shop.sink.got == []


@pytest.mark.parametrize("name", ["oauth2:tokenUrl", "clientSecretKey", "authKeyName"])
def test_an_address_cannot_name_our_secrets(shop: Shop, name: str):
    """What is not on the allow-list of an address is refused, before anything is read."""
    address = {
        "@type": "DataAddress",
        "endpointType": "HttpData",
        "endpoint": SINK + "/in",
        "endpointProperties": [{"@type": "EndpointProperty", "name": name, "value": "key/data"}],
    }
    status, body = shop.ask(shop.agreement(), "HttpData-PUSH", dataAddress=address)
    assert (status, body["error"]["code"]) == (400, "transfer.address-refused")


def test_edcs_form_of_a_destination_is_read(shop: Shop):
    """EDC names it `baseUrl`, in its own namespace."""
    address = {
        "@type": "DataAddress",
        "endpointType": "HttpData",
        "endpointProperties": [
            {
                "@type": "EndpointProperty",
                "name": "https://w3id.org/edc/v0.0.1/ns/baseUrl",
                "value": SINK + "/edc",
            }
        ],
    }
    status, body = shop.ask(shop.agreement(), "HttpData-PUSH", dataAddress=address)
    assert status == 201
    shop.send_due()
    assert shop.sink.got == [(f"POST {SINK}/edc", CONTENT)]
    assert shop.state(body["pid"]) == "COMPLETED"


def test_a_push_needs_a_destination_and_a_pull_takes_none(shop: Shop):
    """Both are refused where the owner asks."""
    agreement = shop.agreement()
    status, body = shop.ask(agreement, "HttpData-PUSH")
    assert (status, body["error"]["code"]) == (400, "transfer.destination-missing")
    address = {"@type": "DataAddress", "endpointType": "HttpData", "endpoint": SINK}
    status, body = shop.ask(agreement, "HttpData-PULL", dataAddress=address)
    assert (status, body["error"]["code"]) == (400, "transfer.address-unexpected")


def test_a_suspended_push_waits_and_goes_out_again_from_the_start(shop: Shop):
    """Nothing is sent while it is suspended; after the resumption the whole file is."""
    pid = shop.push()
    shop.steer(pid, "suspend")
    shop.send_due()
    assert shop.sink.got == []
    shop.steer(pid, "resume")
    shop.settle()
    shop.send_due()
    assert shop.sink.got == [(f"POST {SINK}/in", CONTENT)]
    assert shop.state(pid) == "COMPLETED"


def test_a_push_cut_in_the_middle_leaves_how_far_it_came(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    """The suspension raises out of the body; the leaf names bytes and reason; it goes out again."""
    from connector.areas.delivery import push

    monkeypatch.setattr(push, "PIECE", 1000)
    pid = shop.push()
    node = shop.provider.node
    real = shop.net.stream

    def cutting(method, url, *, body, **more):  # type: ignore[no-untyped-def]
        pieces = iter(body)

        def three():  # type: ignore[no-untyped-def]
            for _ in range(3):
                yield next(pieces)
            node.services[Deliveries].cut(shop.theirs(pid), "transfer.suspended")
            yield from pieces

        return real(method, url, body=three(), **more)

    monkeypatch.setattr(shop.net, "stream", cutting)
    shop.send_due()
    assert shop.sink.got == []
    ended = shop.leaves(shop.provider)[-1]["query"]
    assert (ended["outcome"], ended["bytes"], ended["why"]) == ("cut", 3000, "transfer.suspended")
    monkeypatch.setattr(shop.net, "stream", real)
    shop.send_due()
    assert [body for _, body in shop.sink.got] == [CONTENT]


def test_a_push_that_arrives_while_its_suspension_is_under_way_goes_out_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    """The consumer has not heard of the suspension yet: the transfer is STARTED, and must not get
    stuck in it after the resumption, neither sent again nor completed.
    """
    pid = shop.push()
    real = shop.net.stream

    @contextmanager
    def late(*given, **more):  # type: ignore[no-untyped-def]
        with real(*given, **more) as answer:
            shop.steer(pid, "suspend")
            yield answer

    monkeypatch.setattr(shop.net, "stream", late)
    shop.send_due()
    assert shop.state(pid) == "SUSPENDED"
    assert _push_row(shop, pid).state == "waiting"
    monkeypatch.setattr(shop.net, "stream", real)
    shop.steer(pid, "resume")
    shop.settle()
    shop.send_due()
    assert shop.state(pid) == "COMPLETED"
    assert [body for _, body in shop.sink.got] == [CONTENT, CONTENT]


def test_a_push_survives_the_death_of_its_process(shop: Shop):
    """A provider that dies between the destination's answer and its own commit sends again."""
    from tests.connector.delivery.shop import AREAS

    pid = shop.push()
    pusher = Pusher(shop.provider.node)
    pusher._conclude = lambda _live: (_ for _ in ()).throw(RuntimeError("killed"))  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        pusher.push_due()
    assert len(shop.sink.got) == 1
    assert _push_row(shop, pid).state == "waiting"
    shop.provider = shop.provider.restart(AREAS)
    shop.send_due()
    assert [body for _, body in shop.sink.got] == [CONTENT, CONTENT]
    assert shop.state(pid) == "COMPLETED"


def test_a_push_that_has_arrived_stops_no_other(shop: Shop):
    """Our completion of one is in flight while the next one of the agreement begins and goes out."""
    agreement = shop.agreement()
    address = {"@type": "DataAddress", "endpointType": "HttpData", "endpoint": SINK + "/in"}
    pids = []
    for _ in range(2):
        status, body = shop.ask(agreement, "HttpData-PUSH", dataAddress=address)
        assert status == 201
        pids.append(body["pid"])
    pusher = Pusher(shop.provider.node)
    assert pusher.push_due() == 2, "the completion of the first has not landed yet"
    assert [body for _, body in shop.sink.got] == [CONTENT, CONTENT]
    status, body = shop.ask(agreement, "HttpData-PUSH", dataAddress=address)
    assert shop.state(body["pid"]) == "STARTED"
    assert [shop.state(pid) for pid in pids] == ["COMPLETED", "COMPLETED"]
