"""Acknowledgements in a bundle: each checked by itself, and laid over the log of who gave it.

A party that has promised a leaf, and shows a log of that key with another leaf in its place, has
broken its word: its two signatures are the proof. Not so where its log has fewer leaves, for the
bundle may be of an older copy; nor where it says in a leaf at or before that place, of which the
promise does not know, that its operator took an older copy for the newest (``HEAD_ACCEPTED``). No
clock decides: the promise names the newest such leaf that there was when it was given.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from contracts.audit.before import shown
from contracts.audit.heads import LATE_MS, UNANSWERABLE
from contracts.audit.keyring import KEY_UNKNOWN
from contracts.audit.layout import short_name
from contracts.audit.report import Finding, question, replaced, untrusted, verdict
from contracts.promises import read_line, statement_mark, verify_ack
from crypto.canonical import digest_bytes
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.audit.keyring import Keyring, Known
    from contracts.audit.log import Log
    from contracts.audit.report import Basis
    from contracts.audit.sides import Side
    from contracts.promises import Promised
    from crypto.keys import PublicKey

BROKEN: Final = "broken-promise"
ACCEPTED: Final = ("CONFIGURATION", "HEAD_ACCEPTED")  # kind and state of such a leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A promise whose signature holds.

    Attributes:
        by: DID of who promised.
        promised: what.
        made: unix second of which it says so.
        digest: of its line.
        basis: the key under which it holds.
    """

    by: str
    promised: Promised
    made: int
    digest: str
    basis: Basis


def path_of(did: str) -> str:
    """Give where a party's promises lie."""
    return f"acks/{short_name(did)}.jsonl"


def is_acks(path: str) -> bool:
    """Say whether a path of a bundle is of promises."""
    return path.startswith("acks/")


def check_acks(
    path: str, data: bytes, keys: Keyring
) -> tuple[tuple[Finding, ...], tuple[Held, ...]]:
    """Check the promises of one party, one a line: their form, their place, their signatures."""
    found: list[Finding] = []
    held: list[Held] = []
    lines = data.split(b"\n")
    if lines.pop():
        found.append(Finding(code="ack-form", where=path, text="the last line is not ended"))
    known: list[Known] = []
    seen: set[str] = set()
    parties: set[str] = set()
    missing: set[str] = set()
    for number, line in enumerate(lines):
        try:
            by, ack = read_line(line)

            def find(kid: str, by: str = by) -> PublicKey:
                known.append(keys.find(by, kid))
                return known[-1].key

            made = verify_ack(ack, by, find)
        except VoileError as error:
            if error.code == KEY_UNKNOWN:
                missing.add(error.message)
                continue
            text = f"line {number}: {error.message}"
            found.append(Finding(code="ack-signature", where=path, text=text))
            continue
        if path != path_of(by) or ack.promised.corr in seen:
            text = f"line {number}: it is another party's, or stands there twice"
            found.append(Finding(code="ack-form", where=path, text=text))
        seen.add(ack.promised.corr)
        if not known[-1].vouched:
            parties.add(by)
        held.append(
            Held(
                by=by,
                promised=ack.promised,
                made=made,
                digest=digest_bytes(line),
                basis=known[-1].basis,
            )
        )
    found += [untrusted(did, path) for did in sorted(parties)]
    found += [
        Finding(level="unchecked", code="key-missing", where=path, text=text)
        for text in sorted(missing)
    ]
    return tuple(found), tuple(held)


def first_marked(log: Log) -> dict[tuple[str, str], int]:
    """Give when a log first tells of each message, by counterparty and mark.

    Of a signed statement it is told by whoever names it: its mark stands beside no counterparty.
    """
    found: dict[tuple[str, str], int] = {}
    named: dict[str, int] = {}
    for leaf in log.leaves:
        if leaf is None:
            continue
        if leaf.get("corr") and leaf.get("counterparty"):
            found.setdefault((leaf["counterparty"], leaf["corr"]), leaf["t"])
        for digest in leaf.get("sig", ()):
            named[digest] = min(leaf["t"], named.get(digest, leaf["t"]))
    return found | {("", statement_mark(digest)): at for digest, at in named.items()}


def check_marked(
    path: str, held: tuple[Held, ...], marked: Mapping[tuple[str, str], int]
) -> Iterator[Finding]:
    """Check that each promise is about a message of which the bundle's own log tells.

    That leaf also dates a promise under a key that was replaced since.
    """
    for one in held:
        mark = one.promised.corr
        at = marked.get((one.by, mark), marked.get(("", mark)))
        if at is None:
            text = f"no leaf tells of the message of leaf {one.promised.index} of `{one.by}`"
            yield Finding(code="ack-unlogged", where=path, text=text)
        elif (until := one.basis.replaced) and (at > until * 1000 or one.made > until):
            yield replaced(path, until, f"the promise of leaf {one.promised.index} is signed")


def kept(holder: Side, there: Side) -> Iterator[Finding]:
    """Lay what ``there`` promised to ``holder`` over the log that it shows now.

    One leaf left out moves all that follow: of several findings of one sort the first is told.
    """
    told: dict[tuple[str, str], list[Finding]] = {}
    for finding in _unkept(holder, there):
        told.setdefault((finding.level, finding.code), []).append(finding)
    for first, *more in told.values():
        text = f"{first.text}; {len(more)} more promises likewise" if more else first.text
        yield replace(first, text=text)


def _unkept(holder: Side, there: Side) -> Iterator[Finding]:
    logs = {one.key for one in there.own[1:]}  # the first is that of the manifest
    admissions = accepted(there.log)
    hashes = there.log.hashes
    for one in sorted(holder.promises, key=lambda each: each.promised.index):
        if one.by != there.did:
            continue
        what, index = one.promised, one.promised.index
        said = f"`{there.did}` acknowledged leaf {index} to {holder.name}"
        if logs and what.log not in logs:
            text = f"{said}, of a log with another key than the one that it shows"
            yield Finding(level="unchecked", code=UNANSWERABLE, where=there.name, text=text)
        elif index >= len(hashes):
            yield _fewer(one, there, said)
        elif hashes[index].hex() != what.hash:
            yield _broken(one, said, admissions, holder=holder, there=there)
        elif (leaf := there.log.leaves[index]) is None:
            text = f"{said}: it is there, and cannot be read here: of a later version?"
            yield Finding(level="unchecked", code=UNANSWERABLE, where=there.name, text=text)
        elif what.corr not in {leaf.get("corr"), *map(statement_mark, leaf.get("sig", ()))}:
            yield _broken(one, said, admissions, holder=holder, there=there)


def _fewer(one: Held, there: Side, said: str) -> Finding:
    """Judge a promise of a leaf that a bundle is too small for: never proof, it may be a copy."""
    text = f"{said}, its bundle holds {len(there.log.hashes)}"
    if one.made * 1000 > there.as_of_ms - LATE_MS:
        words = f"{text}: it was made before; ask for one of now"
        return Finding(level="unchecked", code=UNANSWERABLE, where=there.name, text=words)
    words = f"{text} and is of later: rolled back, or an older copy"
    return question("rolled-back", there.did, words, (one.basis,), there.own)


def _broken(
    one: Held, said: str, admissions: Sequence[int], *, holder: Side, there: Side
) -> Finding:
    index = one.promised.index
    basis = (shown(one.digest, one.basis, accused=there, holder=holder),)
    if _admitted(there.log, admissions, one.promised):
        text = f"{said}; its log, where an older copy was taken for the newest, has another there"
        return question("rolled-back", there.did, text, basis, there.own, leaf=index)
    text = f"{said}, and its log has another leaf there"
    return verdict(BROKEN, there.did, text, basis, there.own, leaf=index)


def accepted(log: Log) -> tuple[int, ...]:
    """Give the places of the leaves in which an operator took an older copy for the newest."""
    return tuple(
        index
        for index, leaf in enumerate(log.leaves)
        if leaf is not None and (leaf["kind"], leaf.get("to")) == ACCEPTED
    )


def _admitted(log: Log, admissions: Sequence[int], what: Promised) -> bool:
    """Say whether a promise was made before an admission that may have lost its leaf.

    It was not if it names the newest admission at or before that leaf, nor if it names a later one
    of this log: whoever had made that one had the leaf, and a log that has lost the leaf has lost
    that admission, too.
    """
    before = bisect_right(admissions, what.index)
    known = {log.hashes[at].hex() for at in admissions[before - 1 :]} if before else set()
    return before > 0 and what.accepted not in known
