"""What the owner's API of the protocol takes: bodies, reasons, ids with slashes; what auditors see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts import messages as m
from contracts.messages import Pid
from tests.connector.dsp.area import OPEN
from tests.connector.dsp.playing import P, agree, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet
    from tests.simulators import Party

ADDRESS: dict[str, Any] = {"@type": "DataAddress", "endpointType": "HttpData"}
WISH = {"provider": "did:web:acme.example", "dataset": OPEN}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("catalog", {"provider": ""}, "/provider"),
    ("catalog", {"provider": "did:web:acme.example", "page": 2}, "/page"),
    ("negotiations", {"provider": "did:web:acme.example"}, "/dataset"),
    ("negotiations", {**WISH, "offer": None}, "/offer"),
    ("negotiations", {**WISH, "policy": []}, "/policy"),
    ("negotiations", {**WISH, "policy": {"permission": []}}, "/policy/@id"),
    ("negotiations", {**WISH, "policy": {"@id": 7}}, "/policy/@id"),
    ("transfers", {"format": "Voile-Question"}, "/agreement"),
    ("transfers", {"agreement": "a", "dataAddress": "x"}, "/dataAddress"),
    ("transfers", {"agreement": "a", "dataAddress": {}}, "/dataAddress/@type"),
    (
        "transfers",
        {"agreement": "a", "dataAddress": {**ADDRESS, "endpointProperties": [{}]}},
        "/dataAddress/endpointProperties/0/@type",
    ),
    ("agreements/recover", {}, "/provider"),
]
STOPS = ["negotiations/{}/terminate", "agreements/{}/end"] + [
    f"transfers/{{}}/{verb}" for verb in ("suspend", "resume", "complete", "terminate")
]
CAUSES: list[tuple[dict[str, Any], str]] = [
    ({"code": "x" * 201}, "/code"),
    ({"code": "two\nlines"}, "/code"),
    ({"code": "a\u2028b"}, "/code"),
    ({"code": None}, "/code"),
    ({"reason": ["no"] * 101}, "/reason"),
    ({"reason": "x" * 40_000}, "/reason"),
    ({"reason": ["x" * 40_000]}, "/reason"),
    ({"reason": {}}, "/reason"),
    ({"reason": None}, "/reason"),
    ({"why": "enough"}, "/why"),
]


@pytest.mark.parametrize(("path", "body", "pointer"), WRONG)
def test_a_wrong_field_is_named_and_nothing_is_done(
    pair: Pair, path: str, body: dict[str, Any], pointer: str
):
    """By its JSON pointer, before anybody is asked anything."""
    status, found = pair.consumer.manage("POST", f"/v1/{path}", body)
    error = found["error"]
    assert (status, error["code"], error["params"]["pointer"]) == (400, "field-wrong", pointer)
    assert pair.net.sent == []


@pytest.mark.sweep
@pytest.mark.parametrize("path", STOPS)
@pytest.mark.parametrize(("cause", "pointer"), CAUSES)
def test_a_cause_that_no_message_carries_stops_nothing(
    pair: Pair, path: str, cause: dict[str, Any], pointer: str
):
    """Wherever something stops, whether or not it is there."""
    status, found = pair.consumer.manage("POST", f"/v1/{path.format('urn:x')}", cause)
    error = found["error"]
    assert (status, error["code"], error["params"]["pointer"]) == (400, "field-wrong", pointer)


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (None, ("", [])),
        ({}, ("", [])),
        ({"reason": ""}, ("", [])),
        ({"code": "enough", "reason": "two\nlines"}, ("enough", ["two\nlines"])),
        ({"reason": ["a", {"code": "x"}]}, ("", ["a", {"code": "x"}])),
    ],
)
def test_a_cause_is_a_text_or_a_list_or_left_out(
    pair: Pair, cause: dict[str, Any] | None, said: tuple[str, list[Any]]
):
    """And so may be the whole body."""
    pid = pair.started()
    status, found = pair.consumer.manage("POST", f"/v1/transfers/{pid}/terminate", cause)
    assert (status, found["ended"]["code"], found["ended"]["reason"]) == (200, *said)


def test_there_are_four_verbs(pair: Pair):
    """Another is no route."""
    pid = pair.started()
    assert pair.consumer.manage("POST", f"/v1/transfers/{pid}/explode", {})[0] == 404
    assert pair.consumer.manage("GET", f"/v1/transfers/{pid}")[1]["state"] == "STARTED"


@pytest.mark.parametrize("name", ["https://crow.example/agreements/1", "urn:a/end", "a/../b"])
def test_an_agreement_is_found_whatever_its_provider_called_it(
    pair: Pair, puppet: Puppet, name: str
):
    """An id with slashes, as it is and with its slashes encoded."""
    serve(pair, puppet)
    pid = negotiate(pair, puppet)
    assert agree(pair, puppet, pid, **{"@id": name})[0] == 200
    for part in (name.replace("/", "%2F"), name):
        if "//" in part or ".." in part:
            continue  # a client may shorten it on the way
        status, found = pair.consumer.manage("GET", f"/v1/agreements/{part}")
        assert (status, found["id"]) == (200, name)
    encoded = name.replace("/", "%2F")
    _, found = pair.consumer.manage("POST", f"/v1/agreements/{encoded}/end", {})
    assert found["error"]["code"] == "agreement-not-final"


def test_where_data_is_an_auditor_is_not_told(pair: Pair, puppet: Puppet):
    """It may open something; all else of a transfer is the auditor's to read."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    agree(pair, puppet, pid)
    pair.consumer.deliver()
    event = m.ContractNegotiationEventMessage(
        id="urn:f", consumer_pid=Pid(pid), provider_pid=P, event_type="FINALIZED"
    )
    puppet.send(pair.consumer, f"/negotiations/{pid}/events", event)
    _, body = pair.consumer.manage("POST", "/v1/transfers", {"agreement": "urn:agreement:crow"})
    pair.consumer.deliver()
    entry = {"@type": "EndpointProperty", "name": "authorization", "value": "secret-of-crow"}
    start = m.TransferStartMessage(
        id="urn:s",
        consumer_pid=Pid(body["pid"]),
        provider_pid=P,
        data_address={**ADDRESS, "endpointProperties": [entry]},
    )
    assert puppet.send(pair.consumer, f"/transfers/{body['pid']}/start", start)[0] == 200
    paths = [
        "/v1/transfers",
        f"/v1/transfers/{body['pid']}",
        "/v1/agreements/urn:agreement:crow",
        f"/v1/explain/{body['pid']}",
        "/v1/negotiations",
        f"/v1/negotiations/{pid}",
        "/v1/agreements",
    ]
    assert _telling(pair.consumer, "auditor", paths) == []
    assert _telling(pair.consumer, "steward", paths) == paths[:3]


def _telling(party: Party, role: str, paths: list[str]) -> list[str]:
    """Give the paths whose answer tells a key of this role what opens the data."""
    made = party.manage("POST", "/v1/management-keys", {"name": role, "roles": [role]})[1]
    found = [party.manage("GET", path, token=made["token"]) for path in paths]
    assert {status for status, _ in found} == {200}
    return [path for path, one in zip(paths, found, strict=True) if "secret-of-crow" in str(one)]
