"""Whether something that a replaced key signed is shown to be from before its end.

Whoever took a former key can sign what it likes with it, and date that as it likes. Two things tell
that it was there before: the *accused's own log* names it in a leaf from before; or the accused's
own log names, in such a leaf, a head of the holder's log that already covers the holder's leaf of
it. Only these convict. For whether a bundle holds by itself its own leaf from before is enough:
an honest firm has no more than that of an old contract.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from contracts.audit.report import replaced, trusted
from crypto import merkle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contracts.audit.contradictions import Said
    from contracts.audit.log import Log
    from contracts.audit.peers import Seen
    from contracts.audit.report import Basis, Finding
    from contracts.audit.sides import Side


def dated(log: Log, digest: str, until: int) -> bool:
    """Say whether a leaf that is not of after ``until`` (unix seconds) names a digest."""
    leaves = (log.leaves[index] for index in log.named.get(digest, ()))
    return any(leaf is not None and leaf["t"] <= until * 1000 for leaf in leaves)


def admitted(log: Log, own: Iterable[Basis], digest: str, basis: Basis) -> Basis:
    """Judge the key of what a party signed by that party's own log.

    Args:
        log: its log.
        own: the keys under which that is its own.
        digest: of what was signed.
        basis: the key that verified it.
    """
    if basis.until and trusted(own) and dated(log, digest, basis.until):
        return basis.shown()
    return basis


def of_log(said: Said, did: str, log: Log, own: Iterable[Basis]) -> Said:
    """Judge a statement in a party's bundle by that party's log."""
    if said.basis is None or not said.basis.until:
        return said
    digest = f"sha-256:{said.digest}"
    basis = admitted(log, own, digest, said.basis) if said.signer == did else said.basis
    until = said.basis.replaced
    return replace(said, basis=basis, dated=not until or dated(log, digest, until))


def undated(said: Said) -> Iterator[Finding]:
    """Say of a statement, judged by `of_log`, that its bundle does not date it before either."""
    if not said.dated and said.basis is not None:
        yield replaced(said.path, said.basis.replaced, "it is signed")


def undated_heads(heads: Iterable[Seen], log: Log) -> Iterator[Finding]:
    """Say it of heads of others' logs that a bundle holds."""
    for one in heads:
        until = max((basis.replaced for basis in one.basis), default=0)
        if until and not dated(log, one.digest, until):
            yield replaced(one.path, until, "the head is signed")


def shown(digest: str, basis: Basis, *, accused: Side, holder: Side) -> Basis:
    """Judge the key of what a party signed by its own log and by what that saw of the holder's."""
    basis = admitted(accused.log, accused.own, digest, basis)
    if not basis.until or not trusted(accused.own):
        return basis
    named = holder.log.named.get(digest)
    if named and _seen(accused, holder, named[0], basis.until):
        return basis.shown()
    return basis


def told_of(said: Said, sides: Iterable[Side]) -> Said:
    """Judge the key of a statement by its signer's bundle, if it is one of these."""
    if said.basis is None or not said.basis.until:
        return said
    basis, digest = said.basis, f"sha-256:{said.digest}"
    for accused in sides:
        for holder in sides:
            if accused.did == said.signer:
                basis = shown(digest, basis, accused=accused, holder=holder)
    return replace(said, basis=basis)


def _seen(accused: Side, holder: Side, index: int, until: int) -> bool:
    """Say whether the accused saw, before, a head of the holder's log that covers a leaf."""
    key = (holder.did, holder.log)
    if key not in accused.covers:
        accused.covers[key] = _covers(accused, holder)
    times, sizes = accused.covers[key]
    before = bisect_right(times, until * 1000)
    return before > 0 and index < sizes[before - 1]


def _covers(accused: Side, holder: Side) -> tuple[Sequence[int], Sequence[int]]:
    """Give when the accused saw heads of the holder's log, in order, and how much that covers then.

    Times are milliseconds. Each root is computed once, whatever is asked of it then.
    """
    heads = accused.seen.get(holder.did, ())
    roots = merkle.roots_of(holder.log.hashes, {head.checkpoint.size for head in heads})
    found = sorted(
        (at, head.checkpoint.size)
        for head in heads
        if (at := accused.seen_at(head)) is not None
        and roots.get(head.checkpoint.size) == head.checkpoint.root
    )
    return [at for at, _ in found], list(accumulate((size for _, size in found), max))
