"""Leaves of the evidence log."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.evidence import KINDS, MAX_BYTES, Entry, correlation, envelope, parse_leaf
from crypto.canonical import canonical
from crypto.errors import MalformedError, VoileError

FULL = Entry(
    kind="ANSWER",
    role="provider",
    counterparty="did:web:localhost%3A1:bob",
    consumer_pid="urn:uuid:c",
    provider_pid="urn:uuid:p",
    agreement="urn:uuid:a",
    process="session",
    from_state="A",
    to_state="B",
    msg={"direction": "in", "type": "Question", "id": "urn:uuid:m"},
    corr="hmac-sha-256:00",
    sig=("sha-256:00",),
    policy={"digest": "sha-256:11", "allowed": True, "rules": ["r1"]},
    query={"plan": "sha-256:22", "withheld": {"dominance": 3}},
    detail={"sql": "SELECT secret"},
    actor="u1",
)
ID = "0123456789abcdef" * 2
REST = {"entry_id": ID, "time_ms": 5, "software": "voile/0.1.0", "space": "urn:s"}


def leaf(entry: Entry = FULL, **change) -> bytes:
    return envelope(entry, **REST | {"commit": "hmac-sha-256:33", "blob": "sha-256:44"} | change)


def test_a_leaf_is_canonical_and_holds_every_public_field():
    """The names of evidence.md §3, canonical JSON."""
    data = leaf()
    assert canonical(json.loads(data)) == data
    assert set(parse_leaf(data)) == {
        "v", "id", "t", "kind", "sw", "actor", "role", "counterparty", "space", "consumerPid",
        "providerPid", "agreement", "process", "from", "to", "msg", "corr", "sig", "policy",
        "query", "commit", "blob",
    }  # fmt: skip


def test_detail_is_never_in_the_leaf():
    """What is private is committed to, not written."""
    assert b"SELECT secret" not in leaf()


def test_empty_fields_are_left_out():
    """A leaf of a plain event holds what is required and nothing else."""
    data = leaf(Entry(kind="STATUS"), commit=None, blob=None)
    assert set(parse_leaf(data)) == {"v", "id", "t", "kind", "sw", "space"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_makes_a_leaf(kind):
    """Each of the listed kinds is written and read."""
    assert parse_leaf(leaf(Entry(kind=kind)))["kind"] == kind


@pytest.mark.parametrize(
    "entry",
    [
        Entry(kind="GOSSIP"),
        Entry(kind="STATUS", counterparty="x" * MAX_BYTES),
        Entry(kind="STATUS", msg={"direction": "in", "payload": "x"}),
        Entry(kind="STATUS", query={"epsilon": 0.5}),
        Entry(kind="STATUS", query={"epsilon": None}),
        Entry(kind="STATUS", query={"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}),
        Entry(kind="STATUS", sig=(5,)),  # type: ignore[arg-type]
        Entry(kind="STATUS", role=5),  # type: ignore[arg-type]
    ],
)
def test_what_a_leaf_may_not_hold_is_refused_when_it_is_written(entry):
    """Unknown kinds, floats, nulls, payloads, depth and more than 4 KiB: nothing is appended."""
    with pytest.raises(VoileError):
        leaf(entry)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"},
        {"id": ID.upper()},
        {"t": -1},
        {"t": True},
        {"t": "5"},
        {"v": 2},
        {"v": True},
        {"kind": 5},
        {"extra": 1},
        {"msg": []},
        {"sig": "x"},
        {"commit": 5},
        {"space": None},
    ],
)
def test_a_bent_leaf_is_refused_when_it_is_read(change):
    """Every field is checked."""
    with pytest.raises(MalformedError):
        parse_leaf(canonical(json.loads(leaf()) | change))


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"1",
        leaf() + b" ",
        leaf().replace(b'"v":1', b'"v": 1'),
        leaf().replace(b'"v":1', b'"v":1.0'),
        leaf().replace(b'"v":1', b'"v":1,"v":1'),
        leaf().replace(b'"ANSWER"', b'"\\u0041NSWER"'),
        leaf().replace(b'"kind"', b'"\\u006bind"'),
        leaf()[:-1],
    ],
)
def test_a_leaf_has_one_form(data):
    """Spaces, escapes, duplicate keys and other orders are not the bytes we write."""
    with pytest.raises(MalformedError):
        parse_leaf(data)


@given(st.binary(max_size=100))
def test_any_bytes_are_refused_with_one_error(data):
    """Nothing but MalformedError leaves the reader."""
    with pytest.raises(MalformedError):
        parse_leaf(data)


parts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    st.builds(
        Entry,
        kind=st.sampled_from(sorted(KINDS)),
        role=st.text(max_size=10),
        msg=st.none() | st.dictionaries(st.sampled_from(["direction", "type", "x"]), st.text()),
        sig=st.lists(st.text(max_size=8), max_size=2),
        policy=st.none() | st.dictionaries(st.text(max_size=4), parts, max_size=3),
        query=st.none() | st.dictionaries(st.text(max_size=4), parts, max_size=3),
    )
)
def test_what_is_written_can_be_read_back(entry):
    """No entry makes a leaf that the auditor's reader refuses: it is refused when it is written."""
    try:
        data = leaf(entry)
    except VoileError:
        return
    assert parse_leaf(data)["kind"] == entry.kind


MESSAGE = {
    "consumer_pid": "c",
    "provider_pid": "p",
    "message_type": "T",
    "message_id": "i",
    "body": {"a": [1, "x"]},
}


def test_both_sides_of_a_message_compute_the_same_mark():
    """The order of keys in the body does not matter; the key and every part do."""
    key = b"k" * 32
    mark = correlation(key, **MESSAGE)
    assert mark == correlation(key, **MESSAGE | {"body": json.loads('{ "a" : [1,"x"] }')})
    others = [
        correlation(b"j" * 32, **MESSAGE),
        *(correlation(key, **MESSAGE | {name: "z"}) for name in MESSAGE),
        # lengths are part of it: nothing can move from one field to the next
        correlation(key, **MESSAGE | {"consumer_pid": "cp", "provider_pid": ""}),
        correlation(key, **MESSAGE | {"consumer_pid": "", "provider_pid": "cp"}),
    ]
    assert len({mark, *others}) == len(others) + 1
