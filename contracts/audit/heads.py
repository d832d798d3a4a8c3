"""Heads of a log that others were shown, laid over the log that its party shows now.

Two roots for one size are a split view, and the party's own signatures prove it. A head of more
leaves than a bundle holds proves nothing: the bundle may be older than the head. By the date that
its holder gives the head it is *unanswerable*, or a *finding*: the log was rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.audit.peers import against, renamed
from contracts.audit.report import Finding, question, verdict
from crypto import merkle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.audit.peers import Seen
    from contracts.audit.report import Basis
    from contracts.audit.sides import Side

LATE_MS: Final = 60_000  # what is this close to the making of a bundle may still be on its way
UNANSWERABLE: Final = "unanswerable"


def split_views(holder: Side, signer: Side) -> Iterator[Finding]:
    """Lay the heads that ``holder`` was shown over the log that ``signer`` shows now.

    A log is known by its name or by its key: the hub vouches for keys, not for names.
    """
    shown = holder.seen.get(signer.did, ())
    have = len(signer.log.hashes)
    roots = merkle.roots_of(signer.log.hashes, {one.checkpoint.size for one in shown})
    where = f"{signer.name}, as {holder.name} saw it"
    names: set[str] = set()
    for seen in shown:
        size, origin = seen.checkpoint.size, seen.checkpoint.origin
        if origin != signer.origin:
            if not _one_key(seen.basis, signer.own[1:]):
                text = f"{holder.name} holds the head of another log, `{origin[:200]}`"
                yield Finding(level="unchecked", code=UNANSWERABLE, where=where, text=text)
                continue
            if origin not in names:
                names.add(origin)
                yield renamed(signer.did, where, origin, signer.origin, seen.basis, signer.own)
        if size > have:
            yield _larger(holder, signer, seen)
        elif roots[size] != seen.checkpoint.root:
            text = f"`{signer.did}` showed another log before, at {size} leaves"
            yield verdict("split-view", where, text, seen.basis, signer.own)


def _one_key(one: tuple[Basis, ...], two: tuple[Basis, ...]) -> bool:
    return not {each.key for each in one}.isdisjoint(each.key for each in two)


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
        yield from against(one.seen[did], two.seen[did], did)


def same_log(one: Side, two: Side) -> Iterator[Finding]:
    """Lay two logs of one party over each other: the longer begins with the shorter."""
    if one.origin != two.origin:
        if not _one_key(one.own[1:], two.own[1:]):  # the first is that of the manifest
            return
        yield renamed(one.did, one.did, one.origin, two.origin, one.own, two.own)
    size = min(len(one.log.hashes), len(two.log.hashes))
    if merkle.root_of(one.log.hashes[:size]) != merkle.root_of(two.log.hashes[:size]):
        text = f"it signed two logs that differ within their first {size} leaves"
        yield verdict("split-view", one.did, text, one.own, two.own)
