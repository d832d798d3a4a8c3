"""After the faults: both parties at rest, then everything they keep laid side by side.

Processes and agreements are read from the databases of the stopped parties, past their code.
"""

from __future__ import annotations

import json
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

from tests.e2e.processes import voile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.soak.parties import Firm
    from tests.soak.stories import Book

REST_SECONDS: Final = 240.0
SHOWN: Final = 12  # of each kind of finding


def rest(firms: tuple[Firm, Firm]) -> float:
    """Wait until nothing waits in either outbox, twice in a row; give the seconds it took."""
    began, quiet = time.monotonic(), 0
    while quiet < 2:
        waiting = sum(firm.get("/v1/outbox?limit=1")["counts"].get("waiting", 0) for firm in firms)
        quiet = 0 if waiting else quiet + 1
        if time.monotonic() - began > REST_SECONDS:
            break
        time.sleep(0.25)
    return time.monotonic() - began


def stuck(firms: tuple[Firm, Firm]) -> Iterator[str]:
    """Find messages that were not delivered, with their reasons."""
    for firm in firms:
        for state in ("waiting", "parked"):
            for row in firm.get(f"/v1/outbox?state={state}&limit=1000")["messages"][:SHOWN]:
                told = firm.get(f"/v1/explain/{row['process'].split('#')[0]}")
                yield (
                    f"{firm.name}: {row['kind']} is {state} after {row['attempts']} attempts:"
                    f" {row['reason']}; {told['state']} {told['trouble']}"
                )


def compare(firms: tuple[Firm, Firm], book: Book) -> Iterator[str]:
    """Compare the databases of the stopped parties with each other and with the book."""
    kept = {firm.name: _processes(firm) for firm in firms}
    for firm, other in (firms, firms[::-1]):
        yield from _pairs(firm, other, kept)
        yield from _begun(firm, kept[firm.name], book)
        yield from _agreements(firm, other, kept)


def _query(firm: Firm, sql: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(firm.home / "data" / "voile.db")
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(sql)]
    finally:
        connection.close()


def _processes(firm: Firm) -> dict[str, dict[str, Any]]:
    rows = _query(firm, "SELECT * FROM dsp_process")
    return {row["pid"]: row for row in rows}


def _pairs(firm: Firm, other: Firm, kept: dict[str, dict[str, dict[str, Any]]]) -> Iterator[str]:
    """Each process of ours is one of the peer's, in the same state, with nothing in flight."""
    for pid, row in kept[firm.name].items():
        name = f"{firm.name}'s {row['kind']} {pid} ({row['role']})"
        theirs = kept[other.name].get(row["peer_pid"] or "")
        if theirs is None or theirs["peer_pid"] != pid or theirs["kind"] != row["kind"]:
            yield f"{name} is {row['state'] or 'OPENING'}, {other.name} has none: {row['trouble']}"
        elif theirs["state"] != row["state"]:
            yield (
                f"{name} is {row['state']}, {other.name} says {theirs['state']};"
                f" trouble: `{row['trouble']}` and `{theirs['trouble']}`"
            )
        if row["flying_event"] or row["wanted"]:
            yield f"{name} is {row['state']} with `{row['flying_event']}` in flight, {row['wanted']}"


def _begun(firm: Firm, kept: dict[str, dict[str, Any]], book: Book) -> Iterator[str]:
    """What was begun is there, once, and has ended as it had to."""
    ours = {pid for pid, name in book.starter.items() if name == firm.name}
    mine = {pid: row for pid, row in kept.items() if row["role"] == "consumer"}
    for pid in sorted(ours - set(mine)):
        yield f"{firm.name}'s {book.kinds[pid]} {pid} was begun and is not there"
    for kind in ("negotiation", "transfer"):
        more = [pid for pid in mine if pid not in ours and mine[pid]["kind"] == kind]
        if len(more) > book.unheard[firm.name, kind]:
            yield f"{firm.name} has {len(more)} {kind}s that nobody began: {more[:SHOWN]}"
    for pid in sorted(ours & set(mine)):
        states = book.expected[pid]
        if states and mine[pid]["state"] not in states:
            yield (
                f"{firm.name}'s {book.kinds[pid]} {pid} is {mine[pid]['state']}, expected"
                f" {' or '.join(states)}: {mine[pid]['ended_code']} {mine[pid]['ended_reason']}"
            )


def _agreements(
    firm: Firm, other: Firm, kept: dict[str, dict[str, dict[str, Any]]]
) -> Iterator[str]:
    """One agreement per FINALIZED negotiation, the same on both sides, signed by both."""
    ours = {row["negotiation"]: row for row in _query(firm, "SELECT * FROM dsp_agreement")}
    theirs = {row["negotiation"]: row for row in _query(other, "SELECT * FROM dsp_agreement")}
    if len({row["agreement"] for row in ours.values()}) != len(ours):
        yield f"{firm.name} has one agreement twice"
    for pid, row in kept[firm.name].items():
        if row["kind"] != "negotiation":
            continue
        found, final = ours.get(pid), row["state"] == "FINALIZED"
        if final and found is None:
            yield f"{firm.name}'s negotiation {pid} is FINALIZED without an agreement"
        if found is None:
            continue
        if final != (found["finalized_ms"] is not None):
            yield f"{firm.name}'s negotiation {pid} is {row['state']}, its agreement says otherwise"
        if final and found["signatures"] != "mutual":
            yield f"{firm.name}'s agreement {found['agreement']} is signed `{found['signatures']}`"
        twin = theirs.get(row["peer_pid"] or "")
        if final and (twin is None or json.loads(twin["body"]) != json.loads(found["body"])):
            yield f"{firm.name}'s agreement {found['agreement']} is another at {other.name}"


def audit(firms: tuple[Firm, Firm], folder: Path) -> Iterator[str]:
    """Export both logs, verify each, lay them side by side: what the commands find."""
    trust = folder / "trust.json"
    bundles = [folder / f"{firm.name}.bundle" for firm in firms]
    steps = [
        (firms[0].voile("audit", "trust", "--out", str(trust)), "trust"),
        *(
            (firm.voile("audit", "export", "--out", str(bundle), timeout=300), f"export {bundle}")
            for firm, bundle in zip(firms, bundles, strict=True)
        ),
        *(
            (_offline("verify", str(bundle), "--trust", str(trust)), f"verify {bundle.name}")
            for bundle in bundles
        ),
        (_offline("diff", *map(str, bundles), "--trust", str(trust)), "diff"),
    ]
    for done, what in steps:
        if done.returncode != 0:
            lines = (done.stdout + done.stderr).splitlines()
            yield f"voile audit {what} ended with {done.returncode}: " + " | ".join(lines[:SHOWN])


def _offline(*arguments: str) -> Any:
    return voile("audit", *arguments, timeout=300)
