"""Records: what is read strictly is written back as it was, and the schema says the same."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 -- read by its annotations
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from crypto import record_errors
from crypto.errors import MalformedError
from crypto.record_schema import schema
from crypto.records import As, More, Name, Range, Size, Text, read, value_of, write
from crypto.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    did: Annotated[str, Text(20)]
    share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    order_id: Annotated[str, Text(8)]
    count: Annotated[int, Range(1, 9)]
    urgent: bool
    mode: Literal["masked", "total"]
    parts: Annotated[tuple[str, ...], Size(1, 3, distinct=True)]
    inner: Inner
    named: Mapping[str, int]
    note: Annotated[str, Text(50, empty=True, lines=True)] | None = None
    at: Annotated[str, Name("@id")] = "x"
    rest: Any = None
    why: tuple[str, ...] | Annotated[str, Text(9, empty=True)] = ()


GOOD: dict[str, Any] = {
    "orderId": "a1",
    "count": 3,
    "urgent": False,
    "mode": "masked",
    "parts": ["p", "q"],
    "inner": {"did": "did:web:a", "share": 1},
    "named": {"x": 1},
    "note": "two\nlines",
    "@id": "y",
    "rest": [None, {}],
    "why": ["late"],
}


def test_what_is_read_is_written_back():
    """Names in camelCase or as a field says; a field left out has its default."""
    assert write(read(Order, GOOD)) == GOOD
    less = {key: value for key, value in GOOD.items() if key not in {"note", "@id", "rest", "why"}}
    found = read(Order, less)
    assert (found.note, found.at, found.rest) == (None, "x", None)
    assert write(found) == {**less, "@id": "x", "why": []}
    assert read(Order, {**GOOD, "why": "late"}).why == "late"


# what JSON Schema has no word for: control characters; 3.0 is an integer to it
BEYOND: list[dict[str, Any]] = [{"orderId": "a\x07"}, {"count": 3.0}]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"orderId": ""}, "/orderId"),
        ({"orderId": "123456789"}, "/orderId"),
        ({"orderId": "a\x07"}, "/orderId"),
        ({"orderId": 1}, "/orderId"),
        ({"count": 0}, "/count"),
        ({"count": 10}, "/count"),
        ({"count": True}, "/count"),
        ({"count": "3"}, "/count"),
        ({"count": 3.0}, "/count"),
        ({"urgent": 0}, "/urgent"),
        ({"urgent": None}, "/urgent"),
        ({"mode": "other"}, "/mode"),
        ({"parts": []}, "/parts"),
        ({"parts": ["a", "b", "c", "d"]}, "/parts"),
        ({"parts": ["a", "a"]}, "/parts"),
        ({"parts": "ab"}, "/parts"),
        ({"parts": ["a", 2]}, "/parts/1"),
        ({"inner": []}, "/inner"),
        ({"inner": {}}, "/inner/did"),
        ({"inner": {"did": "x", "did2": "y"}}, "/inner/did2"),
        ({"inner": {"did": "x", "share": "1"}}, "/inner/share"),
        ({"named": {"x": "1"}}, "/named/x"),
        ({"named": None}, "/named"),
        ({"note": 3}, "/note"),
        ({"why": 3}, "/why"),
        ({"why": None}, "/why"),
        ({"why": "a long one"}, "/why"),
        ({"why": ["a", 2]}, "/why/1"),
        ({"order_id": "a"}, "/order_id"),
        ({"unknown": 1}, "/unknown"),
    ],
)
def test_each_wrong_field_is_named(change: dict[str, Any], pointer: str):
    """By its JSON pointer; the schema refuses it, too, but for what it has no word for."""
    value = {**GOOD, **change}
    with pytest.raises(MalformedError) as caught:
        read(Order, value)
    assert caught.value.params["pointer"] == pointer
    assert caught.value.code == "field-wrong"
    if change not in BEYOND:
        assert list(Draft202012Validator(schema(Order)).iter_errors(value))


@pytest.mark.parametrize(
    "missing", ["orderId", "count", "urgent", "mode", "parts", "inner", "named"]
)
def test_what_is_needed_and_missing_is_named(missing: str):
    """Every field without a default."""
    value = {key: one for key, one in GOOD.items() if key != missing}
    with pytest.raises(MalformedError, match=f"field `/{missing}`: .*got nothing"):
        read(Order, value)


@pytest.mark.parametrize("value", [None, [], "x", 3])
def test_what_is_no_object_is_refused(value: Any):
    with pytest.raises(MalformedError, match="expected an object"):
        read(Order, value)


def test_the_schema_is_one_and_takes_what_is_read():
    """JSON Schema 2020-12."""
    made = schema(Order)
    Draft202012Validator.check_schema(made)
    assert not list(Draft202012Validator(made).iter_errors(GOOD))
    assert made["required"] == ["orderId", "count", "urgent", "mode", "parts", "inner", "named"]
    assert made["additionalProperties"] is False


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-20, 20) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.sampled_from(sorted(GOOD)), VALUES)
def test_reader_and_schema_agree(key: str, value: Any):
    """What the reader takes the schema takes; what it refuses has no other excuse than those above."""
    changed = {**GOOD, key: value}
    fits = not list(Draft202012Validator(schema(Order)).iter_errors(changed))
    try:
        read(Order, changed)
    except MalformedError:
        strict = {
            "orderId",
            "note",
            "parts",
            "inner",
            "@id",
            "why",
        }  # blank texts, controls, repetitions
        assert not fits or key in strict
    else:
        assert fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    name: str
    more: Annotated[Mapping[str, int], More()]


def test_names_of_others_stand_beside_those_of_the_record():
    """One field takes them, of one type; they are written where they stood."""
    value = {"name": "a", "x": 1, "more": 2}
    found = read(Open, value)
    assert (found.more, write(found)) == ({"x": 1, "more": 2}, value)
    assert write(read(Open, {"name": "a"})) == {"name": "a"}
    made = schema(Open)
    Draft202012Validator.check_schema(made)
    assert made["required"] == ["name"]
    for wrong in ({"name": "a", "x": "1"}, {"name": 1}, {"x": 1}):
        assert list(Draft202012Validator(made).iter_errors(wrong))
        with pytest.raises(MalformedError):
            read(Open, wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    things: Annotated[tuple[Mapping[str, int], ...], Size(0, 9, distinct=True)] = ()
    share: float = 0.0


def test_distinct_is_asked_of_anything_and_numbers_are_numbers():
    """Of objects, too, in whatever order their keys stand; what is no number is none."""
    assert read(Many, {"things": [{"a": 1}, {"a": 2}]}).things == ({"a": 1}, {"a": 2})
    for wrong in (
        {"things": [{"a": 1, "b": 2}, {"b": 2, "a": 1}]},
        {"share": float("nan")},
        {"share": float("inf")},
    ):
        with pytest.raises(MalformedError):
            read(Many, wrong)


def twice(value: Any, at: str) -> int:
    """Read half of a number."""
    if not isinstance(value, int) or value % 2:
        raise record_errors.wrong(at, value, EVEN)
    return value // 2


EVEN = Words("偶数", "an even number")
Half = Annotated[int, As(twice, lambda value: value * 2, EVEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    half: Half
    halves: tuple[Half, ...] = ()
    maybe: Half | None = None
    said: Annotated[str, Text(5, raw=True)] = "x"
    none: Annotated[str, Text(5, raw=True, empty=True)] = "x"


def test_a_value_of_our_own_is_read_and_written_by_its_kind():
    """Alone and in a list; the schema says nothing of it."""
    value = {"half": 8, "halves": [2, 4], "said": " \x00", "none": ""}
    found = read(Own, value)
    assert (found.half, found.halves, found.said, found.none) == (4, (1, 2), " \x00", "")
    assert write(found) == value
    maybe = read(Own, {"half": 8, "maybe": 6})
    assert maybe.maybe == 3
    assert write(maybe)["maybe"] == 6
    assert read(Own, {"half": 8, "maybe": None}).maybe is None
    assert schema(Own)["properties"]["half"] == {}


@pytest.mark.parametrize(
    ("change", "pointer", "expected"),
    [
        ({"half": 7}, "/half", "an even number"),
        ({"halves": [2, 3]}, "/halves/1", "an even number"),
        ({"halves": 2}, "/halves", "a list"),
        ({"maybe": 3}, "/maybe", "an even number"),
        ({"said": ""}, "/said", "text of 1 to 5"),
        ({"said": "123456"}, "/said", "text of 1 to 5"),
        ({"none": 3}, "/none", "text of 0 to 5"),
    ],
)
def test_what_is_wrong_with_it_is_said_as_of_any_other(
    change: dict[str, Any], pointer: str, expected: str
):
    """By its pointer and what it should be; a missing one too."""
    with pytest.raises(MalformedError) as caught:
        read(Own, {"half": 8, **change})
    assert caught.value.params["pointer"] == pointer
    assert f"expected {expected}" in caught.value.message
    with pytest.raises(MalformedError, match="expected an even number, got nothing"):
        read(Own, {})


def test_one_value_is_read_alone():
    """As a field of its kind, under the pointer that is given."""
    assert value_of(tuple[Half, ...], [4], "/x") == (2,)
    with pytest.raises(MalformedError) as caught:
        value_of(tuple[Half, ...], [4, 5], "/x")
    assert caught.value.params["pointer"] == "/x/1"
