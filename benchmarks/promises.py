"""Acknowledgements: what a promise costs who gives it and who keeps it, beside a leaf's commit.

A promise is one signature in the transaction of the leaf; whoever sent the message verifies it in
the transaction in which it writes its own leaf, and keeps a row. Beside both stands what they are
added to: one leaf appended and committed durably, alone. A bundle's promises are checked by the
auditor: the last row is that of 10,000 of them, beside the log that they lie in.
"""

import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from connector.evidence.log import Log
from connector.process.ports import SystemClock, system_entropy
from connector.store.database import Database
from connector.store.migrate import migrate
from contracts.audit.keyring import keyring
from contracts.audit.promised import check_acks, path_of
from contracts.audit.trust import Party, Trust
from contracts.evidence import Entry
from contracts.promises import Ack, Promised, make_ack, verify_ack, write_line
from crypto.keys import SigningKey

TIMES = 300
MANY = 10_000
DID = "did:web:provider.example"
NOW = 1_795_000_000
GOAL = 0.5  # of the time of a durable leaf


def run() -> dict[str, Any]:
    """Measure and return the rows."""
    key = SigningKey.ed25519(hashlib.sha256(b"a").digest())
    log = SigningKey.ed25519(hashlib.sha256(b"l").digest()).public.thumbprint()
    kid = f"{DID}#{key.public.thumbprint()}"

    def made(number: int) -> Ack:
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        promised = Promised(log, f"hmac-sha-256:{digest}", number, digest)
        return make_ack(promised, key=key, kid=kid, now=NOW)

    acks = [made(number) for number in range(TIMES)]
    leaf = _leaf()
    give = _median(made)
    take = _median(lambda number: verify_ack(acks[number], DID, lambda _: key.public))
    lines = b"".join(write_line(DID, made(number)) + b"\n" for number in range(MANY))
    keys = keyring(Trust((Party(DID, ((kid, key.public),)),)), None, None)
    begun = time.process_time()
    found, held = check_acks(path_of(DID), lines, keys)
    audited = time.process_time() - begun
    if found or len(held) != MANY:
        raise RuntimeError(f"promises that hold were found wanting: {found[:1]}")
    beside = f"one leaf, durably: {leaf:.2f} ms"
    return {
        "rows": [
            _row("a promise signed with the leaf of a message", give, beside, leaf),
            _row("the same verified by who sent the message", take, beside, leaf),
            {
                "name": f"{MANY:,} promises of a bundle checked by an auditor",
                "value": audited,
                "unit": "s CPU",
                "reference": f"{len(lines):,} bytes",
                "ratio": None,
                "goal": "",
                "met": None,
            },
        ]
    }


def _row(name: str, value: float, beside: str, leaf: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": "ms",
        "reference": beside,
        "ratio": value / leaf,
        "goal": f"< {GOAL:g}",
        "met": value / leaf < GOAL,
    }


def _median(work: Callable[[int], object]) -> float:
    """Give the median of one call, in milliseconds."""
    found = []
    for number in range(TIMES):
        begun = time.perf_counter()
        work(number)
        found.append(time.perf_counter() - begun)
    return 1000 * statistics.median(found)


def _leaf() -> float:
    """Give the median of a leaf appended alone, until it is durable, in milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        db = Database(f"sqlite:///{Path(name) / 'voile.db'}", SystemClock())
        migrate(db)
        db.log = Log(data_key=b"k" * 32, entropy=system_entropy, software="bench", space="urn:s")

        def append(number: int) -> None:
            with db.transaction() as tx:
                tx.append(Entry(kind="CONFIGURATION", to_state=str(number)))

        try:
            return _median(append)
        finally:
            db.close()
