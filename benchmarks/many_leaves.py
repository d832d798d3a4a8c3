"""A log of a million leaves in minutes: bytes, hashes and tree are real, rows go in bulk.

What an area would say of each is drawn from a few kinds; nothing of it is signed or was sent.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from contracts.evidence import Entry, envelope
from contracts.leaf_terms import terms_of
from crypto import merkle

PARTIES = 40
AGREEMENTS = 400
BATCH = 50_000
STEP_MS = 1_000
KINDS = ("QUESTION", "ANSWER", "QUESTION", "REFUSAL", "TRANSFER", "NEGOTIATION", "PEER_CHECKPOINT")
INDEXES = {
    "ix_log_entry_time": '"time_ms", "index"',
    **{
        f"ix_log_entry_{name}": f'"{name}", "time_ms", "index"'
        for name in ("kind", "counterparty", "agreement", "process")
    },
}
ENTRY = (
    'INSERT INTO log_entry ("index", entry_id, time_ms, kind, role, counterparty, agreement,'
    " process, entry, leaf_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def entry(drawn: random.Random, number: int) -> Entry:
    """Draw what happened."""
    of = drawn.randrange(AGREEMENTS)
    kind = KINDS[drawn.randrange(len(KINDS))]
    did = f"did:web:firm-{of % PARTIES}.example"
    if kind == "PEER_CHECKPOINT":
        signed = f"sha-256:{drawn.randbytes(32).hex()}"
        return Entry(kind=kind, counterparty=did, to_state="SEEN", sig=[signed])
    decision = {"ANSWER": "allow", "REFUSAL": "deny"}.get(kind)
    return Entry(
        kind=kind,
        role="provider",
        counterparty=did,
        consumer_pid=f"urn:uuid:consumer-{of}",
        provider_pid=f"urn:uuid:provider-{of}",
        agreement=f"urn:uuid:agreement-{of}",
        process=f"question-{number // 3}",
        msg={"direction": "in", "type": kind.title(), "id": f"question-{number // 3}"},
        sig=[f"sha-256:{drawn.randbytes(32).hex()}"] if kind == "ANSWER" else [],
        policy={"decision": decision, "reasons": ["policy.date-time"]} if decision else None,
        query={"mode": "masked", "product": f"product-{of % 25}", "cells": 4},
        actor="peer",
    )


def fill(path: Path, start: int, count: int, time_ms: int, space: str) -> None:
    """Append leaves to the database of a node that appends none meanwhile.

    Args:
        path: of the database.
        start: leaves that it has.
        count: leaves to append.
        time_ms: of the first.
        space: IRI of the data space.
    """
    drawn = random.Random(13)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        for name in INDEXES:
            db.execute(f"DROP INDEX {name}")
        level = [
            bytes(row[0]) for row in db.execute('SELECT leaf_hash FROM log_entry ORDER BY "index"')
        ]
        for first in range(start, start + count, BATCH):
            many = min(BATCH, start + count - first)
            rows, terms = _leaves(drawn, first, many, time_ms + (first - start) * STEP_MS, space)
            level += [row[-1] for row in rows]
            db.executemany(ENTRY, rows)
            db.executemany("INSERT INTO log_term VALUES (?, ?, ?)", sorted(terms))
        for name, columns in INDEXES.items():
            db.execute(f"CREATE INDEX {name} ON log_entry ({columns})")
        db.execute("DELETE FROM log_node")
        db.executemany("INSERT INTO log_node VALUES (?, ?, ?)", _nodes(level))
        stored = dict(_nodes_by_place(level))
        root = merkle.root(len(level), lambda at, index: stored[at, index])
        db.execute("UPDATE log_head SET size = ?, root = ?", (len(level), root))
        db.commit()
        db.execute("ANALYZE")
        db.commit()


def _leaves(
    drawn: random.Random, first: int, many: int, time_ms: int, space: str
) -> tuple[list[tuple[Any, ...]], list[tuple[int, int, int]]]:
    rows, terms = [], []
    for number in range(first, first + many):
        said, at = entry(drawn, number), time_ms + (number - first) * STEP_MS
        name = drawn.randbytes(16).hex()
        data = envelope(
            said, entry_id=name, time_ms=at, software="bench/1", space=space, commit=None, blob=None
        )
        leaf = merkle.leaf_hash(data)
        rows.append((number, name, at, said.kind, said.role, said.counterparty, said.agreement,
                     said.process, data, leaf))  # fmt: skip
        parts = {
            "kind": said.kind, "consumerPid": said.consumer_pid, "providerPid": said.provider_pid,
            "process": said.process, "agreement": said.agreement, "msg": said.msg or {},
            "sig": said.sig, "policy": said.policy or {}, "query": said.query or {},
        }  # fmt: skip
        terms += [(term, at, number) for term in terms_of(parts, leaf)]
    return rows, terms


def _nodes(level: list[bytes]) -> Iterator[tuple[int, int, bytes]]:
    height = 0
    while level:
        yield from ((height, index, value) for index, value in enumerate(level))
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [merkle.node_hash(left, right) for left, right in pairs]
        height += 1


def _nodes_by_place(level: list[bytes]) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Give the right edge alone, from which the root follows: the last node of each height."""
    size = len(level)
    for height, index, value in _nodes(level):
        if index >= (size >> height) - 1:
            yield (height, index), value
