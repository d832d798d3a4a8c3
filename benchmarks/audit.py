"""Two bundles laid side by side, as `voile audit diff` does: 100,000 leaves each.

Both logs are made of keys and bytes alone, and signed. What grows faster than the leaves shows in
the second row: the time per leaf, beside that of a small pair. The third has what a hostile bundle
can hold of small things: 10,000 keys and as many signed statements. Time is that of the processor,
so that what else the machine does weighs less.
"""

import hashlib
import time
from typing import Any

from connector.areas.audit.comparing import compare
from contracts.audit import layout
from contracts.audit.layout import Manifest
from contracts.audit.trust import Party, Trust, write_trust
from contracts.audit.verify import Bundle
from contracts.evidence import Entry, envelope
from crypto import jws, merkle, notes
from crypto.canonical import canonical, digest_bytes
from crypto.keys import SigningKey

LEAVES = 100_000
SMALL = 10_000
MANY = 10_000
GOAL_SECONDS = 10.0
GOAL_GROWTH = 1.5
T0 = 1_795_000_000_000
NAMES = ("buyer", "seller")


class _Firm:
    def __init__(self, name: str) -> None:
        self.did = f"did:web:{name}.example"
        self.origin = f"{name}.example/log"
        self.agreements = SigningKey.ed25519(hashlib.sha256(b"a" + name.encode()).digest())
        self.log = SigningKey.ed25519(hashlib.sha256(b"l" + name.encode()).digest())
        self.kid = f"{self.did}#{self.agreements.public.thumbprint()}"

    def party(self) -> Party:
        vkey = notes.vkey(self.origin, self.log.public)
        return Party(self.did, ((self.kid, self.agreements.public),), (vkey,))


FIRMS = tuple(_Firm(name) for name in NAMES)
TRUST = Trust(tuple(firm.party() for firm in FIRMS))


def run() -> dict[str, Any]:
    """Measure, check that nothing was found, and return the rows."""
    large = _seconds(*_pair(LEAVES))
    small = _seconds(*_pair(SMALL))
    hostile = _seconds(*_hostile())
    growth = (large / LEAVES) / (small / SMALL)
    return {
        "rows": [
            {
                "name": f"audit diff of two bundles, {LEAVES:,} leaves each, both verified",
                "value": large,
                "unit": "s CPU",
                "reference": f"{SMALL:,} leaves: {small:.2f} s",
                "ratio": large / small,
                "goal": f"< {GOAL_SECONDS:g} s",
                "met": large < GOAL_SECONDS,
            },
            {
                "name": "time per leaf, of the large pair to the small",
                "value": growth,
                "unit": "×",
                "reference": "linear: 1",
                "ratio": growth,
                "goal": f"< {GOAL_GROWTH:g}",
                "met": growth < GOAL_GROWTH,
            },
            {
                "name": f"the same with {MANY:,} keys and {MANY:,} signed statements",
                "value": hostile,
                "unit": "s CPU",
                "reference": "",
                "ratio": None,
                "goal": "",
                "met": None,
            },
        ]
    }


def _seconds(a: Bundle, b: Bundle) -> float:
    started = time.process_time()
    value, code = compare([a, b])
    seconds = time.process_time() - started
    assert (code, value["findings"]) == (0, []), value["findings"][:5]
    return seconds


def _pair(leaves: int) -> tuple[Bundle, Bundle]:
    return tuple(_bundle(firm, _lines(firm, leaves), {}) for firm in FIRMS)  # type: ignore[return-value]


def _hostile() -> tuple[Bundle, Bundle]:
    buyer, seller = FIRMS
    said = [
        jws.sign(canonical({"n": n}), seller.agreements, typ="voile-test+jws", kid=seller.kid)
        for n in range(MANY)
    ]
    signed = {digest_bytes(text.encode()): text.encode() for text in said}
    lines = _lines(buyer, 10)
    for number, digest in enumerate(signed):
        lines.append(_leaf(Entry(kind="COHORT", role="consumer", sig=(digest,)), MANY + number))
    keys = tuple(
        (f"{buyer.did}#{n}", SigningKey.ed25519(hashlib.sha256(b"%d" % n).digest()).public)
        for n in range(MANY)
    )
    files = {f"signed/{name.removeprefix('sha-256:')}.jws": text for name, text in signed.items()}
    files[layout.PARTIES] = write_trust(Trust((Party(buyer.did, keys),)))
    return _bundle(buyer, lines, files), _bundle(seller, _lines(seller, 10), {})


def _lines(firm: _Firm, leaves: int) -> list[bytes]:
    """Leaves of questions and answers, two to a question, as a log has them."""
    asks = firm is FIRMS[0]
    other = FIRMS[1] if asks else FIRMS[0]
    found = []
    for number in range(leaves):
        name, answers = f"question-{number // 2}", number % 2
        query = {"mode": "masked", "plan": "hmac-sha-256:" + "a" * 64, "product": "deliveries",
                 "dataVersion": "sha-256:" + "d" * 64, "cells": 5,
                 "withheld": {"blocked": 1}}  # fmt: skip
        mark = hashlib.sha256(f"{name} {answers}".encode()).hexdigest()
        entry = Entry(
            kind="ANSWER" if answers else "QUESTION",
            role="consumer" if asks else "provider",
            counterparty=other.did, consumer_pid="urn:c", provider_pid="urn:p",
            agreement="urn:agreement", process=name, corr=f"hmac-sha-256:{mark}",
            msg={"direction": "out" if asks != bool(answers) else "in",
                 "type": "Answer" if answers else "Question", "id": name},
            query=query,
        )  # fmt: skip
        found.append(_leaf(entry, number, firm.did))
    return found


def _leaf(entry: Entry, number: int, name: str = "") -> bytes:
    entry_id = hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:32]
    return envelope(entry, entry_id=entry_id, time_ms=T0 + number, software="voile/0",
                    space="urn:space", commit=None, blob=None)  # fmt: skip


def _bundle(firm: _Firm, lines: list[bytes], more: dict[str, bytes]) -> Bundle:
    hashes = [merkle.leaf_hash(line) for line in lines]
    root = merkle.root_of(hashes)
    files = {
        layout.CHECKPOINT: notes.sign_checkpoint(
            firm.origin, len(lines), root, firm.log, firm.origin
        ),
        layout.ENTRIES: b"".join(line + b"\n" for line in lines),
        layout.LEAF_HASHES: b"".join(hashes),
        **more,
    }
    created = (T0 + len(lines)) // 1000 + 60
    manifest = Manifest(
        did=firm.did, space="urn:space", software="voile/0", created=created, origin=firm.origin,
        size=len(lines), root=root.hex(), opened="none",
        files={path: layout.file_digest(data) for path, data in files.items()},
    )  # fmt: skip
    data = layout.write_manifest(manifest)
    signature = jws.sign(data, firm.agreements, typ=layout.SIGNATURE_TYPE, kid=firm.kid,
                         detached=True)  # fmt: skip
    both = {layout.MANIFEST: data, layout.SIGNATURE: signature.encode()}
    return Bundle(files=files | both, trust=TRUST, now=created + 60)
