"""Frames and layouts as they travel: exact, or refused with one error."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.paillier import frame
from crypto.paillier.decrypt import decrypt
from crypto.paillier.errors import PaillierError
from crypto.paillier.layout import Layout

LAYOUTS = (
    Layout.plan("a:sum", modulus_bits=2048, count=40, lower=-9, upper=9, rows=9, addends=3),
    Layout.plan("b:count", modulus_bits=2048, count=40, lower=0, upper=1, rows=99, addends=3),
)
VALUES = (tuple(range(-20, 20)), tuple(range(40)))


@pytest.fixture(scope="module")
def batch(encryptor):
    return encryptor.encrypt(zip(LAYOUTS, VALUES, strict=True))


def test_binary_and_json_carry_the_same_batch(secret, batch):
    """Both forms round-trip to what was encrypted."""
    data = frame.to_bytes(batch)
    assert len(data) == frame.frame_bytes(batch.key, LAYOUTS)
    assert decrypt(secret, frame.from_bytes(data, key=batch.key, layouts=LAYOUTS)) == VALUES
    text = json.loads(json.dumps(frame.to_json(batch)))
    assert decrypt(secret, frame.from_json(text, key=batch.key, layouts=LAYOUTS)) == VALUES


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_fuzzed_frames_give_a_batch_or_one_error(batch, data):
    """Cut, longer or changed in the header: refused; changed in a ciphertext: at most another."""
    good = frame.to_bytes(batch)
    kind = data.draw(st.sampled_from(["cut", "longer", "flip"]))
    at = data.draw(st.integers(0, len(good) - 1))
    if kind == "cut":
        bad = good[:at]
    elif kind == "longer":
        bad = good + b"\0" * (at + 1)
    else:
        bad = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    header_end = good.index(b"]}") + 2
    try:
        frame.from_bytes(bad, key=batch.key, layouts=LAYOUTS)
    except PaillierError:
        return
    assert kind == "flip"
    assert at >= header_end


def test_a_layout_that_lies_is_refused(batch):
    """Another count, width, scale, bound, order or number of columns than agreed is refused."""
    data = frame.to_bytes(batch)
    first, second = LAYOUTS
    for layouts in (
        LAYOUTS[::-1],
        LAYOUTS[:1],
        (*LAYOUTS, first),
        (Layout(**{**fields(first), "count": 41}), second),
        (Layout(**{**fields(first), "scale": 2}), second),
        (Layout(**{**fields(first), "upper": first.upper + 1}), second),
        (Layout(**{**fields(first), "addends": 4}), second),
    ):
        with pytest.raises(PaillierError):
            frame.from_bytes(data, key=batch.key, layouts=layouts)
        with pytest.raises(PaillierError):
            frame.from_json(frame.to_json(batch), key=batch.key, layouts=layouts)


def fields(layout: Layout) -> dict:
    """Return the fields that define a layout."""
    names = ("column", "modulus_bits", "count", "lower", "upper", "addends", "scale")
    return {name: getattr(layout, name) for name in names}


@pytest.mark.parametrize(
    "change",
    [
        {"slotBits": 8},
        {"slots": 999},
        {"count": 0},
        {"count": True},
        {"count": 40.0},
        {"count": 1 << 30},
        {"lower": "9", "upper": "1"},
        {"lower": "1"},
        {"upper": "0x9"},
        {"upper": "٩"},
        {"upper": "+9"},
        {"upper": "09"},
        {"upper": 81},
        {"upper": "9" * 61},
        {"addends": 0},
        {"scale": -1},
        {"scale": 19},
        {"column": ""},
        {"column": 1},
        {"extra": 1},
    ],
)
def test_an_announced_layout_must_follow_from_itself(change):
    """Widths are derived again; numbers are integers, bounds canonical decimal strings."""
    good = LAYOUTS[0].to_json()
    assert Layout.from_json(good) == LAYOUTS[0]
    with pytest.raises(PaillierError):
        Layout.from_json(good | change)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"key": "x"},
        {"columns": []},
        {"columns": {}},
        {"columns": [1, 2]},
        {"more": 1},
    ],
)
def test_json_of_another_form_is_refused(batch, change):
    """The JSON form is as strict as the frame."""
    with pytest.raises(PaillierError):
        frame.from_json(frame.to_json(batch) | change, key=batch.key, layouts=LAYOUTS)


def test_json_ciphertexts_have_one_encoding(batch):
    """Shorter, padded or foreign text in place of a ciphertext is refused."""
    for bad in ("", "AQ", "A" * 683, "=" * 683, None, 7):
        value = frame.to_json(batch)
        value["columns"][0]["c"][0] = bad
        with pytest.raises(PaillierError):
            frame.from_json(value, key=batch.key, layouts=LAYOUTS)


@given(
    count=st.integers(1, 10_000),
    lower=st.integers(-(10**12), 0),
    upper=st.integers(1, 10**12),
    rows=st.integers(1, 1 << 40),
    addends=st.integers(1, 200),
    bits=st.sampled_from([2048, 3072, 4096]),
)
@settings(max_examples=100, deadline=None)
def test_a_planned_layout_cannot_wrap(count, lower, upper, rows, addends, bits):
    """The largest sum leaves every guard bit zero and the plaintext below 2^(|n|-1)."""
    layout = Layout.plan(
        "x",
        modulus_bits=bits,
        count=count,
        lower=lower,
        upper=upper,
        rows=rows,
        addends=addends,
    )
    most = addends * (layout.upper - layout.lower)
    assert most < 1 << (layout.slot_bits - 1)
    assert addends < 1 << (layout.count_bits - 1)
    assert layout.slots * layout.slot_bits + layout.count_bits <= bits - 1
    assert Layout.from_json(json.loads(json.dumps(layout.to_json()))) == layout


def test_at_3072_bits_47_slots_of_64_bits():
    """The figure of the design: nothing is wasted on the count."""
    layout = Layout.plan(
        "x", modulus_bits=3072, count=1, lower=0, upper=(1 << 61) - 1, rows=1, addends=4
    )
    assert (layout.slot_bits, layout.slots) == (64, 47)
