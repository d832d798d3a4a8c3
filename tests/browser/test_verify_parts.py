"""Parts of the verifier in the browser against the connector's: keys, signatures, JSON, trees."""

from __future__ import annotations

import base64
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from crypto import merkle
from crypto.canonical import canonical
from crypto.errors import VoileError
from crypto.keys import PublicKey, SigningKey
from crypto.strict_json import loads
from tests.browser.verifying import modules
from tests.connector.audit.test_second_verifier import SPELLINGS
from tests.crypto.test_keys import LOW_ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

L = 2**252 + 27742317777372353535851937790883648493
BEGIN = """
async (from) => {
  const names = ["bytes", "json", "keys", "heads"];
  const [bytes, json, keys, heads] = await Promise.all(
    names.map((name) => import(`${from}/${name}.js`)));
  const binary = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const wrong = (error) => { if (!(error instanceof bytes.Wrong)) throw error; };
  window.holds = async ([key, signature, message]) => {
    let made;
    try { made = await keys.ed25519Key(bytes.unhex(key)); } catch (error) { wrong(error); return "no key"; }
    try { await keys.verifySignature(made, bytes.unhex(signature), bytes.unhex(message)); }
    catch (error) { wrong(error); return "no"; }
    return "yes";
  };
  window.respelled = (text) => {
    try { return json.jcs(json.readJson(binary(text))); } catch (error) { wrong(error); return null; }
  };
  window.root = (hashes) => heads.rootOf(hashes.map(bytes.unhex));
}
"""


@pytest.fixture(scope="module")
def ask(browser: Browser) -> Iterator[Callable[[str, list[Any]], list[Any]]]:
    """Call a function of the page for many values at once."""
    with modules(browser) as (page, where):
        page.evaluate(BEGIN, where)

        def all_of(name: str, values: list[Any]) -> list[Any]:
            return page.evaluate(f"(all) => Promise.all(all.map({name}))", values)

        yield all_of


def judged(raw: bytes, signature: bytes, message: bytes) -> str:
    try:
        public = PublicKey.ed25519(raw)
    except VoileError:
        return "no key"
    try:
        public.verify(signature, message)
    except VoileError:
        return "no"
    return "yes"


def hexed(*parts: bytes) -> list[str]:
    return [part.hex() for part in parts]


@pytest.mark.long
def test_the_edge_cases_of_ed25519_are_judged_as_by_the_connector(ask: Any, vectors: Path):
    """Of 914 cases under 22 keys: the same keys are refused, the same signatures hold (C2SP/CCTV)."""
    cases = json.loads((vectors / "ed25519" / "ed25519vectors.json").read_bytes())
    asked = [
        (bytes.fromhex(one["key"]), bytes.fromhex(one["sig"]), one["msg"].encode()) for one in cases
    ]
    told = ask("holds", [hexed(*one) for one in asked])
    assert told == [judged(*one) for one in asked]
    assert (len(told), told.count("yes"), told.count("no")) == (914, 2, 26)


def test_no_key_of_small_order_and_no_second_spelling_of_a_signature_passes(ask: Any):
    """Points under which one signature fits all; S + L; R and key bent in each place."""
    key = SigningKey.ed25519(b"k" * 32)
    raw, said = key.public.raw, b"said"
    signed = key.sign(said)
    high = (int.from_bytes(signed[32:], "little") + L).to_bytes(32, "little")
    bent = [signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :] for at in range(64)]
    asked = [(raw, signed, said), (raw, signed[:32] + high, said), (raw, signed, said + b"x")]
    asked += [(raw, one, said) for one in (*bent, signed[:63], signed + b"\0", b"")]
    told = ask("holds", [hexed(*one) for one in asked])
    assert told == ["yes"] + ["no"] * (len(asked) - 1)
    weak = ask("holds", [[point, "00" * 64, ""] for point in LOW_ORDER])
    assert set(weak) == {"no key"}


def test_json_is_written_and_refused_alike(ask: Any):
    """Doubles of every size, names beyond the first plane, every odd spelling."""
    draw = random.Random("json")
    doubles = [0.0, -0.0, 1.0, 0.1, 1e-6, 1e-7, 123456789.5, 2.0**53 - 1, 5e-324, 1.5e15, -1e-5]
    doubles += [
        draw.choice((1, -1)) * draw.random() * 10 ** draw.randrange(-30, 16) for _ in range(999)
    ]
    values: list[Any] = [
        doubles,
        {"\U0001f600": 1, "\ufb01": 2, "\u20ac": 3, "1": 4, "\r": 5, "\x7f": 6},
        {"a": ['\u2028\x00"\\/\b\f', None, True, -5]},
    ]
    texts = [json.dumps(one).encode() for one in values]
    texts += [spell(canonical(values[2])) for spell in SPELLINGS]
    texts += [b"", b"-0", b"01", b"1e400", b"NaN", b"-Infinity", b"9007199254740992", b"[1,]", b"{}x",
              b'"\\ud800"', b'"\\ud83d\\ude00"', b'{"a":1,"\\u0061":2}', b"\xef\xbb\xbf1", b"\xff",
              b"[" * 65 + b"]" * 65, b"[" * 64 + b"]" * 64, b'{"__proto__":{"a":1}}', b"\x0b1"]  # fmt: skip
    told = ask("respelled", [base64.b64encode(text).decode() for text in texts])
    for text, got in zip(texts, told, strict=True):
        try:
            expected = canonical(loads(text)).decode()
        except VoileError:
            expected = None
        assert got == expected, text


def test_the_tree_is_that_of_the_connector(ask: Any):
    """For every size up to 130."""
    hashes = [merkle.leaf_hash(bytes([number])) for number in range(130)]
    told = ask("root", [hexed(*hashes[:size]) for size in range(131)])
    assert told == [merkle.root_of(hashes[:size]).hex() for size in range(131)]
