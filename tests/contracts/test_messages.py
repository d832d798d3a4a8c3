"""The strict parser: what it refuses, and that it refuses in one way only."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import MalformedMessageError, RemoteProtocolError, UnsupportedFilterError
from contracts.messages import (
    CONTEXT,
    CatalogRequestMessage,
    ContractNegotiation,
    ContractNegotiationError,
    ContractRequestMessage,
    Message,
    TransferStartMessage,
    encode,
    parse,
    parse_any,
    requested_page,
    to_object,
)
from tests.contracts.samples import ADDRESS, OFFER, SAMPLES

REQUEST = to_object(SAMPLES[5])


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("message", SAMPLES, ids=lambda m: type(m).__name__)
def test_round_trip(message: Message):
    """What is written is read back as the same value."""
    assert parse(encode(message), type(message)) == message


def test_unknown_keys_are_kept_and_written_again():
    """A key that we do not know is stored beside the message and not interpreted."""
    message = parse(_bytes({**REQUEST, "colour": ["red"]}), ContractRequestMessage)
    assert message.extra == {"colour": ["red"]}
    assert to_object(message)["colour"] == ["red"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"@context": CONTEXT}, "/@context"),
        ({"@context": ["urn:other"]}, "/@context"),
        ({"@context": [CONTEXT, {"a": "urn:b"}]}, "/@context"),
        ({"@context": {"@vocab": "urn:x"}}, "/@context"),
        ({"@type": "dspace:ContractRequestMessage"}, "/@type"),
        ({"@type": ["ContractRequestMessage"]}, "/@type"),
        ({"@type": "ContractOfferMessage"}, "/@type"),
        ({"consumerPid": 7}, "/consumerPid"),
        ({"consumerPid": ""}, "/consumerPid"),
        ({"consumerPid": "a\nb"}, "/consumerPid"),
        ({"consumerPid": "a" * 513}, "/consumerPid"),
        ({"providerPid": "urn:p"}, "/"),
        ({"dspace:consumerPid": "urn:x"}, "/dspace:consumerPid"),
        (
            {"https://w3id.org/dspace/2025/1/offer": {}},
            "/https:~1~1w3id.org~1dspace~12025~11~1offer",
        ),
        ({"offer": "urn:o"}, "/offer"),
        ({"offer": {k: v for k, v in OFFER.items() if k != "target"}}, "/offer/target"),
        ({"offer": {k: v for k, v in OFFER.items() if k != "@type"}}, "/offer/@type"),
        ({"offer": {"@id": "urn:o", "@type": "Offer", "target": "urn:d"}}, "/offer"),
        ({"offer": {**OFFER, "permission": []}}, "/offer/permission"),
        ({"offer": {**OFFER, "permission": [{}]}}, "/offer/permission/0/action"),
        (
            {"offer": {**OFFER, "permission": [{"action": "use", "target": "urn:d"}]}},
            "/offer/permission/0/target",
        ),
        (
            {"offer": {**OFFER, "permission": [{"action": ["use"]}]}},
            "/offer/permission/0/action",
        ),
    ],
)
def test_malformed_request_names_the_place(change: dict[str, Any], pointer: str):
    """Each departure from the shape is refused with the JSON pointer of what is wrong."""
    with pytest.raises(MalformedMessageError) as caught:
        parse(_bytes({**REQUEST, **change}), ContractRequestMessage)
    assert caught.value.params["pointer"] == pointer
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("constraint", "pointer"),
    [
        ({}, ""),
        ({"leftOperand": "count", "operator": "eq"}, "/rightOperand"),
        ({"leftOperand": "count", "operator": "eq", "rightOperand": 5}, "/rightOperand"),
        ({"leftOperand": "count", "operator": "eq", "rightOperand": True}, "/rightOperand"),
        ({"leftOperand": "count", "operator": "odrl:eq", "rightOperand": "5"}, "/operator"),
        ({"and": [], "or": []}, ""),
        ({"and": [], "operator": "eq"}, ""),
        ({"and": {"leftOperand": "count"}}, "/and"),
        ({"or": [{"xone": [{"leftOperand": "a"}]}]}, "/or/0/xone/0/operator"),
    ],
)
def test_malformed_constraint_names_the_place(constraint: dict[str, Any], pointer: str):
    """A constraint is one comparison or one logical list, with operands of the right kind."""
    offer = {**OFFER, "permission": [{"action": "use", "constraint": [constraint]}]}
    with pytest.raises(MalformedMessageError) as caught:
        parse(_bytes({**REQUEST, "offer": offer}), ContractRequestMessage)
    assert caught.value.params["pointer"] == f"/offer/permission/0/constraint/0{pointer}"


@pytest.mark.parametrize(
    "properties",
    [[], [{"@type": "EndpointProperty", "name": "a"}], [{"name": "a", "value": "b"}], "x"],
)
def test_malformed_data_address(properties: Any):
    """Endpoint properties are at least one triple of @type, name and string value."""
    start = SAMPLES[14]
    assert isinstance(start, TransferStartMessage)
    body = to_object(start) | {"dataAddress": {**ADDRESS, "endpointProperties": properties}}
    with pytest.raises(MalformedMessageError):
        parse(_bytes(body), TransferStartMessage)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b'{"a":9007199254740993}',
        b"[" * 10_000,
        b'"' + b"x" * (1 << 20) + b'"',
    ],
    ids=repr,
)
def test_bytes_that_are_no_message(data: bytes):
    """Bytes that are not strict JSON, or no object, are one malformed message, never a crash."""
    with pytest.raises(MalformedMessageError):
        parse(data, ContractRequestMessage)
    with pytest.raises(MalformedMessageError):
        parse_any(data)


def test_answers_may_carry_a_bare_context():
    """A bare context string is taken in an answer and refused in a request."""
    answer = to_object(SAMPLES[11]) | {"@context": CONTEXT}
    assert parse(_bytes(answer), ContractNegotiation, answer=True).state == "AGREED"
    with pytest.raises(MalformedMessageError):
        parse(_bytes(answer), ContractNegotiation)


@pytest.mark.parametrize("value", [".", ".."])
@pytest.mark.parametrize("key", ["providerPid", "consumerPid"])
def test_a_pid_that_is_a_way_up_is_refused(key: str, value: str):
    """Pids stand in addresses, where dots alone mean the folder or the one above."""
    message = to_object(SAMPLES[11]) | {key: value}
    with pytest.raises(MalformedMessageError) as caught:
        parse(_bytes(message), ContractNegotiation, answer=True)
    assert caught.value.params["pointer"] == f"/{key}"
    assert parse(_bytes(message | {key: "..."}), ContractNegotiation, answer=True)


def test_error_without_pids_is_read():
    """EDC's errors have no pids; they are read all the same."""
    error = {"@context": [CONTEXT], "@type": "ContractNegotiationError", "code": "409"}
    assert parse(_bytes(error), ContractNegotiationError, answer=True).consumer_pid is None


@pytest.mark.parametrize(
    "value",
    [
        [{"@type": "QuerySpec", "limit": 0}],
        [{"@type": "QuerySpec", "limit": "5"}],
        [{"@type": "QuerySpec", "offset": -1}],
        [{"@type": "QuerySpec", "offset": True}],
        [{"@type": "QuerySpec", "sortField": "x"}],
        [{"@type": "QuerySpec", "sortOrder": "DESC"}],
        [{"@type": "QuerySpec"}, {"@type": "QuerySpec"}],
        [{"@type": "Other"}],
        ["term"],
    ],
)
def test_other_filters_are_refused(value: Any):
    """A filter that would have to be evaluated is refused, never ignored."""
    body = {"@context": [CONTEXT], "@type": "CatalogRequestMessage", "filter": value}
    with pytest.raises(UnsupportedFilterError):
        requested_page(parse(_bytes(body), CatalogRequestMessage))


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.binary(max_size=64))
def test_fuzzed_bytes_give_a_value_or_one_error(data: bytes):
    """Any bytes are a message or a remote protocol error, nothing else."""
    with contextlib.suppress(RemoteProtocolError):
        assert isinstance(parse_any(data), Message)


@given(st.sampled_from(SAMPLES), st.data())
def test_mutated_messages_give_a_value_or_one_error(message: Message, data: st.DataObject):
    """A message with any one key replaced, dropped or added parses to what it says or is refused."""
    body = to_object(message)
    key = data.draw(st.sampled_from([*body, "new", "dspace:offer"]))
    if data.draw(st.booleans()):
        body[key] = data.draw(_json)
    else:
        body.pop(key, None)
    try:
        read = parse(_bytes(body), type(message))
    except RemoteProtocolError:
        return
    assert parse(encode(read), type(message)) == read
