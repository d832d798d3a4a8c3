"""Strict JSON and canonical JSON."""

import json
import math
import time
from collections import OrderedDict
from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from crypto.b64 import b64, b64url, unb64, unb64url
from crypto.canonical import MAX_INTEGER, canonical, digest, digest_bytes
from crypto.errors import MalformedError
from crypto.strict_json import loads

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(-MAX_INTEGER, MAX_INTEGER)
    | text
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(text, inner, max_size=5)
)


@given(values)
def test_canonical_json_is_rfc_8785_whatever_the_shortcut(value):
    """The fast encoder and the reference implementation write the same bytes for every value."""
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_canonical_json_is_read_back_by_the_strict_parser(value):
    """What we canonicalise is JSON, and reading it gives the same canonical bytes again."""
    data = canonical(value)
    assert canonical(loads(data, max_bytes=1 << 24)) == data


def test_keys_are_sorted_by_utf_16_units():
    """A key above the BMP sorts by its surrogates: before U+FB33, as RFC 8785 §3.2.3 shows."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "\r": 3}) == (
        '{"\\r":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )


def test_frozen_values_canonicalise_like_plain_ones():
    """Tuples and read-only mappings write the bytes of lists and dicts."""
    frozen = MappingProxyType({"b": (1, MappingProxyType({})), "a": OrderedDict(x=True)})
    assert canonical(frozen) == b'{"a":{"x":true},"b":[1,{}]}'


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        1e16,
        2**53,
        -(2**53),
        "\ud800",
        {1: 2},
        {"a": b"x"},
        {"\udfff": 1},
        {1.5},
    ],
)
def test_what_json_cannot_say_is_refused(value):
    """No canonical form for NaN, infinity, big integers, surrogates, bytes and foreign keys."""
    with pytest.raises(MalformedError):
        canonical(value)


def test_a_value_that_contains_itself_is_refused():
    """Depth is capped, so that a loop ends in an error."""
    loop: list = []
    loop.append(loop)
    with pytest.raises(MalformedError):
        canonical(loop)


def test_digests_name_their_algorithm():
    """A digest is `sha-256:` and 64 hexadecimal digits of the canonical bytes."""
    assert digest({}) == digest_bytes(b"{}")
    assert digest_bytes(b"") == (
        "sha-256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":2}', "json-duplicate"),
        (b'{"a":{"b":1,"\\u0062":2}}', "json-duplicate"),
        (b"NaN", "json-constant"),
        (b"[-Infinity]", "json-constant"),
        (b"1e400", "json-number"),
        (b"9007199254740992.0", "json-number"),
        (b"-1e300", "json-number"),
        (b"9007199254740992", "json-integer"),
        (b"-9007199254740992", "json-integer"),
        (b"1" * 5000, "json-integer"),
        (b'"\\ud800"', "json-surrogate"),
        (b'{"\\uDfff":1}', "json-surrogate"),
        (b'"\xff"', "json-not-utf-8"),
        (b'"\xed\xa0\x80"', "json-not-utf-8"),
        (b"\xef\xbb\xbf{}", "json-syntax"),
        (b"{} {}", "json-syntax"),
        (b"", "json-syntax"),
        (b"[1,]", "json-syntax"),
        (b"01", "json-syntax"),
        (b"+1", "json-syntax"),
        (b"{'a':1}", "json-syntax"),
        (b'"\n"', "json-syntax"),
        (b"[" * 65 + b"]" * 65, "json-too-deep"),
        (b"[" * 100_000, "json-too-deep"),
        (b'{"a":' * 100_000, "json-too-deep"),
        (b" " * ((1 << 20) + 1), "json-too-large"),
    ],
)
def test_json_with_two_meanings_or_none_is_refused(data, code):
    """Every trap of evidence.md §7.7 is one error with its own code."""
    with pytest.raises(MalformedError) as caught:
        loads(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        b"9007199254740991",
        b'"\\ud83d\\ude00"',
        b'"[[[[[["',
        b"[" * 64 + b"]" * 64,
        b"\t[1.5e3]\r\n",
    ],
)
def test_what_is_within_the_limits_is_taken(data):
    """The limits refuse nothing that is inside them; brackets in strings are no depth."""
    assert loads(data) == json.loads(data)


def test_brackets_in_strings_do_not_count_as_depth():
    """Only structure counts, also after escaped quotes and with many siblings."""
    data = json.dumps({"a": '"[[[\\' * 100, "b": [[]] * 100}).encode()
    assert loads(data) == json.loads(data)


@pytest.mark.parametrize(
    "data", [b'"\\"' * 300_000, b'["' + b"\\\\" * 500_000, b"[{" * 40 + b'"' * 1_000_001]
)
def test_hostile_texts_are_refused_in_linear_time(data):
    """A megabyte of quotes and backslashes is refused in a moment; squared, it would take hours."""
    start = time.process_time()
    with pytest.raises(MalformedError):
        loads(b"[" * 65 + data, max_bytes=1 << 21)
    assert time.process_time() - start < 20


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_one_error(data):
    """A byte string is refused as malformed, or read as the standard parser reads it."""
    try:
        value = loads(data)
    except MalformedError:
        return
    assert value == json.loads(data)


@given(st.binary())
def test_base64_round_trips(data):
    """Both alphabets give the bytes back."""
    assert unb64url(b64url(data)) == data
    assert unb64(b64(data)) == data


@pytest.mark.parametrize(
    "bad", ["a", "ab=", "ab==", "a+b/", "YR", "YQ\n", " YQ", "YQ YQ", "YQ€", "A\u0660"]
)
def test_base64url_has_one_form(bad):
    """Padding, foreign characters and trailing bits are refused: `YR` is not `YQ`."""
    with pytest.raises(MalformedError):
        unb64url(bad)


@pytest.mark.parametrize("bad", ["YQ", "YR==", "YQ==\n", "YQ= =", "-_8=", "YQ==YQ=="])
def test_padded_base64_has_one_form(bad):
    """The same in notes, where padding is demanded."""
    with pytest.raises(MalformedError):
        unb64(bad)


@given(st.text(max_size=12))
def test_any_text_is_base64_of_something_or_one_error(value):
    """What decodes is exactly what encoding gives."""
    try:
        data = unb64url(value)
    except MalformedError:
        return
    assert b64url(data) == value
