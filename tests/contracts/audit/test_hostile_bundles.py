"""Bundles are hostile input: what they say steers no terminal, and much of it costs its share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from connector.faces.cli import build
from connector.faces.cli.client import escaped
from contracts.audit import layout
from contracts.audit.keyring import keyring
from contracts.audit.trust import MAX_LOGS, Party, Trust, read_trust, write_trust
from contracts.evidence import parse_leaf
from crypto.canonical import canonical
from crypto.errors import MalformedError
from crypto.notes import vkey
from tests.contracts.audit.witnessed import BUYER, SELLER, Firm, deal, stranger

if TYPE_CHECKING:
    from pathlib import Path

    from contracts.audit.verify import Bundle

EVIL = "\x1b[2J\x1b]0;x\x07\u202e\u2066\x9b1m\u200b\r\x00"


def written(bundle: Bundle, folder: Path) -> str:
    for path, data in bundle.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return str(folder)


def calm(text: str) -> bool:
    return all(c.isprintable() or c == "\n" for c in text)


@pytest.mark.parametrize("way", ["verify", "diff"])
def test_text_of_a_bundle_reaches_no_terminal_raw(tmp_path: Path, way: str):
    """Escapes, bidi controls, C1, zero width: in a DID, a kind of message, an agreement's id."""
    made = deal()
    made.seller.write(made.now, kind="ANSWER", counterparty=BUYER, agreement=EVIL,
                      msg={"direction": "out", "type": EVIL, "id": EVIL}, corr=EVIL,
                      sig=(EVIL,), query={EVIL: EVIL})  # fmt: skip
    made.now += 600_000
    other = Firm(f"did:web:{EVIL}")
    made.seller.see(made.now, other, made.buyer.firm.head([], origin="evil\x9b/log"))
    folders = [written(made.bundle(book), tmp_path / book.firm.origin[:5])
               for book in (made.seller, made.buyer)]  # fmt: skip
    trust = tmp_path / "trust"
    trust.write_bytes(write_trust(made.bundle(made.buyer).trust))
    arguments = ["audit", way, *folders[: 1 + (way == "diff")], "--trust", str(trust)]
    for more in ([], ["--json"]):
        done = CliRunner().invoke(build(), [*arguments, *more])
        assert done.exit_code in {1, 3}
        assert calm(done.stdout), ascii(done.stdout)
    value = json.loads(done.stdout)
    if way == "diff":
        assert any(EVIL[:3] in finding["text"] for finding in value["findings"])


def test_escaped_json_says_the_same():
    """Chinese stays readable, what steers is escaped, and the value is the same."""
    value = {"名": f"x{EVIL}\U000e0041", "n": ["\ud800"]}
    text = escaped(json.dumps(value, ensure_ascii=False, indent=2))
    assert (calm(text), "名" in text) == (True, True)
    assert json.loads(text) == value


def test_keys_are_found_without_looking_through_all(monkeypatch: pytest.MonkeyPatch):
    """Each of very many keys is digested once, however many statements name them."""
    calls = []
    key = stranger().public
    digest = type(key).thumbprint
    monkeypatch.setattr(type(key), "thumbprint", lambda self: calls.append(1) or digest(self))
    many = Party(SELLER, tuple((f"{SELLER}#{n}", key) for n in range(2000)))
    keys = keyring(Trust((many,)), write_trust(Trust((many,))), None)
    made = len(calls)
    assert made <= 2 * 2000
    for number in range(2000):
        assert keys.find(SELLER, f"{SELLER}#{number}").vouched
    assert len(calls) == made


def test_a_party_with_very_many_logs_is_refused():
    """Every head would be tried with each of them."""
    firm = Firm(SELLER)
    logs = tuple(vkey(f"{n}.example", firm.log.public) for n in range(MAX_LOGS + 1))
    assert read_trust(write_trust(Trust((Party(SELLER, (), logs[:-1]),))))
    with pytest.raises(MalformedError):
        read_trust(write_trust(Trust((Party(SELLER, (), logs),))))


def test_a_leaf_whose_message_is_no_text_is_malformed():
    """What is compared and shown as text is text."""
    leaf = json.loads(deal(0).buyer.lines[0])
    assert parse_leaf(canonical(leaf)) == leaf
    for odd in (5, ["x"], {"a": "b"}, True):
        bad = leaf | {"msg": leaf["msg"] | {"id": odd}}
        with pytest.raises(MalformedError):
            parse_leaf(canonical(bad))
    assert layout.ENTRIES in deal(0).bundle(deal(0).buyer).files
