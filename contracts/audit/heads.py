"""Heads of a log that others were shown, laid over the log that its party shows now.

Two roots for one size are a split view, and the party's own signatures prove it. A head of more
leaves than a bundle holds proves nothing: the bundle may be older than the head. By the date that
its holder gives the head it is *unanswerable*, or a *finding*: the log was rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.audit.report import Finding, question, verdict
from crypto import merkle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.audit.peers import Seen
    from contracts.audit.sides import Side

LATE_MS: Final = 60_000  # what is this close to the making of a bundle may still be on its way
UNANSWERABLE: Final = "unanswerable"


def split_views(holder: Side, signer: Side) -> Iterator[Finding]:
    """Lay the heads that ``holder`` was shown over the log that ``signer`` shows now."""
    shown = holder.seen.get(signer.did, ())
    have = len(signer.log.hashes)
    roots = merkle.roots_of(signer.log.hashes, {one.checkpoint.size for one in shown})
    where = f"{signer.name}, as {holder.name} saw it"
    for seen in shown:
        size = seen.checkpoint.size
        if seen.checkpoint.origin != signer.origin:
            text = f"{holder.name} holds the head of another log, `{seen.checkpoint.origin[:200]}`"
            yield Finding(level="unchecked", code=UNANSWERABLE, where=where, text=text)
        elif size > have:
            yield _larger(holder, signer, seen)
        elif roots[size] != seen.checkpoint.root:
            text = f"`{signer.did}` showed another log before, at {size} leaves"
            yield verdict("split-view", where, text, seen.basis, signer.own)


def _larger(holder: Side, signer: Side, seen: Seen) -> Finding:
    size, have = seen.checkpoint.size, len(signer.log.hashes)
    where = f"{signer.name}, as {holder.name} saw it"
    at = holder.seen_at(seen)
    text = f"`{signer.did}` showed {size} leaves, its bundle holds {have}"
    if at is None or at > signer.as_of_ms - LATE_MS:
        words = f"{text}: it was made before; ask for one of now"
        return Finding(level="unchecked", code=UNANSWERABLE, where=where, text=words)
    late = (signer.as_of_ms - at) // 1000
    words = f"{text} and is of {late} s later: rolled back, or {holder.name} dates the head wrongly"
    return question("rolled-back", where, words, seen.basis, signer.own)


def third_parties(one: Side, two: Side) -> Iterator[Finding]:
    """Compare the heads that a third party showed to either."""
    for did in sorted(set(one.seen) & set(two.seen) - {one.did, two.did}):
        shown = {(seen.checkpoint.origin, seen.checkpoint.size): seen for seen in one.seen[did]}
        for seen in two.seen[did]:
            other = shown.get((seen.checkpoint.origin, seen.checkpoint.size), seen)
            if other.checkpoint.root != seen.checkpoint.root:
                text = f"it showed A and B two roots for {seen.checkpoint.size} leaves"
                yield verdict("split-view", did, text, seen.basis, other.basis)


def same_log(one: Side, two: Side) -> Iterator[Finding]:
    """Lay two logs of one party over each other: the longer begins with the shorter."""
    if one.origin != two.origin:
        return
    size = min(len(one.log.hashes), len(two.log.hashes))
    if merkle.root_of(one.log.hashes[:size]) != merkle.root_of(two.log.hashes[:size]):
        text = f"it signed two logs that differ within their first {size} leaves"
        yield verdict("split-view", one.did, text, one.own, two.own)
