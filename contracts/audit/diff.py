"""Two bundles side by side: what one party's log has and the other's has not, or has otherwise.

Leaves of one message find each other by ``corr``. Checkpoints that a party has shown to anybody
are laid over the log it shows now: another root, or fewer leaves, is a split view, and its own
signature proves it. What happened after a bundle was made cannot be in it: that is *unanswerable*,
not missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts.audit import layout
from contracts.audit.agreements import agreement_name, read_agreement
from contracts.audit.log import Log, read_log
from contracts.audit.memo import Memo
from contracts.audit.report import Finding, Report
from contracts.audit.statements import check_peer, folders, read_peer
from contracts.audit.trust import Keyring, keyring
from crypto import merkle
from crypto.errors import MalformedError, VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.verify import Bundle
    from crypto.notes import Checkpoint

SKEW_MS: Final = 300_000
LATE_MS: Final = 60_000  # a message this close to the making of the other bundle may still fly


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    name: str
    did: str
    created_ms: int
    log: Log
    seen: Mapping[str, tuple[tuple[Checkpoint, ...], bool]]  # peer -> checkpoints, key trusted
    agreements: Mapping[str, Mapping[str, bytes]]  # name -> files


def diff(a: Bundle, b: Bundle) -> Report:
    """Lay two verified bundles side by side.

    Raises:
        MalformedError: one of them has no readable manifest or keys.
    """
    memo = Memo()
    one, two = _side("A", a, memo), _side("B", b, memo)
    findings = [
        *_split_views(one, two),
        *_split_views(two, one),
        *_third_parties(one, two),
        *_messages(one, two),
        *_agreements(one, two),
    ]
    matched = len(set(_marks(one, two.did)) & set(_marks(two, one.did)))
    classes: dict[str, int] = {}
    for finding in findings:
        classes[finding.code] = classes.get(finding.code, 0) + 1
    return Report(
        findings=tuple(findings),
        counts={
            "matched": matched,
            "leavesOfA": len(one.log.leaves),
            "leavesOfB": len(two.log.leaves),
        }
        | classes,
        facts={"a": one.did, "b": two.did},
    )


def _side(name: str, bundle: Bundle, memo: Memo) -> _Side:
    files = bundle.files
    manifest = layout.read_manifest(files.get(layout.MANIFEST, b""))
    register = files.get(layout.REGISTER)
    keys = keyring(
        bundle.trust,
        files.get(layout.PARTIES),
        register.decode("latin-1") if register is not None else None,
    )
    log, _ = read_log(files.get(layout.ENTRIES, b""), memo)
    seen: dict[str, tuple[tuple[Checkpoint, ...], bool]] = {}
    for folder, items in folders(files, "peers").items():
        _, held = check_peer(folder, items, keys)
        did = _peer(dict(items))
        if did is not None:
            seen[did] = held, _trusted(keys, did)
    agreements: dict[str, Mapping[str, bytes]] = {}
    for items in folders(files, "agreements").values():
        data = dict(items)
        try:
            body, _, provider_pid = read_agreement(data.get("agreement.json", b""))
        except MalformedError:
            continue
        if {body.get("assigner"), body.get("assignee")} >= {manifest.did}:
            agreements[agreement_name(body, provider_pid)] = data
    return _Side(
        name=name,
        did=manifest.did,
        created_ms=manifest.created * 1000,
        log=log,
        seen=seen,
        agreements=agreements,
    )


def _peer(data: Mapping[str, bytes]) -> str | None:
    try:
        return read_peer(data.get("peer.json", b""))
    except MalformedError:
        return None


def _trusted(keys: Keyring, did: str) -> bool:
    try:
        return keys.logs(did)[1]
    except VoileError:
        return False


def _split_views(holder: _Side, signer: _Side) -> Iterator[Finding]:
    """Lay the heads that ``holder`` was shown over the log that ``signer`` shows now."""
    held, trusted = holder.seen.get(signer.did, ((), False))
    for checkpoint in held:
        hashes = signer.log.hashes
        if checkpoint.size > len(hashes):
            text = f"`{signer.did}` showed {checkpoint.size} leaves before, now {len(hashes)}"
        elif merkle.root_of(hashes[: checkpoint.size]) != checkpoint.root:
            text = f"`{signer.did}` showed another log before, at {checkpoint.size} leaves"
        else:
            continue
        yield Finding(
            level="proof" if trusted else "finding",
            code="split-view",
            where=f"{signer.name}, as {holder.name} saw it",
            text=text,
        )


def _third_parties(one: _Side, two: _Side) -> Iterator[Finding]:
    """Compare the heads that a third party showed to either."""
    for did in sorted(set(one.seen) & set(two.seen) - {one.did, two.did}):
        roots = {checkpoint.size: checkpoint.root for checkpoint in one.seen[did][0]}
        for checkpoint in two.seen[did][0]:
            if roots.get(checkpoint.size, checkpoint.root) != checkpoint.root:
                trusted = one.seen[did][1] and two.seen[did][1]
                yield Finding(
                    level="proof" if trusted else "finding",
                    code="split-view",
                    where=did,
                    text=f"it showed A and B two roots for {checkpoint.size} leaves",
                )


def _marks(side: _Side, other: str) -> dict[str, list[int]]:
    """Index the leaves of messages with ``other`` by their mark."""
    marks: dict[str, list[int]] = {}
    for index, leaf in enumerate(side.log.leaves):
        if leaf is not None and leaf.get("counterparty") == other and leaf.get("corr"):
            marks.setdefault(leaf["corr"], []).append(index)
    return marks


def _messages(one: _Side, two: _Side) -> Iterator[Finding]:
    mine, theirs = _marks(one, two.did), _marks(two, one.did)
    only_one = [index for mark in mine if mark not in theirs for index in mine[mark]]
    only_two = [index for mark in theirs if mark not in mine for index in theirs[mark]]
    by_message = {_message(two, index): index for index in only_two}
    differing: set[int] = set()
    only_one = [index for index in only_one if not _unacknowledged(one, index)]
    only_two = [index for index in only_two if not _unacknowledged(two, index)]
    for index in only_one:
        other = by_message.get(_message(one, index))
        if other is None:
            yield _missing(index, here=one, there=two)
            continue
        differing.add(other)
        yield Finding(
            code="different-content",
            where="A and B",
            text=f"{_words(one, index)}: leaf {index} of A and leaf {other} of B are of one "
            "message with two contents",
            leaf=index,
        )
    for index in only_two:
        if index not in differing:
            yield _missing(index, here=two, there=one)
    for mark in mine:
        if mark in theirs:
            yield from _pair(one, two, mine[mark], theirs[mark])


def _pair(one: _Side, two: _Side, mine: list[int], theirs: list[int]) -> Iterator[Finding]:
    if len(mine) != len(theirs):
        yield Finding(
            code="doubled",
            where="A and B",
            text=f"{_words(one, mine[0])}: {len(mine)} leaves of A, {len(theirs)} of B",
            leaf=mine[0],
        )
    a, b = _leaf(one, mine[0]), _leaf(two, theirs[0])
    if (
        a.get("agreement", "") != b.get("agreement", "")
        and a.get("agreement")
        and b.get("agreement")
    ):
        text = f"{_words(one, mine[0])}: A and B name two agreements"
        yield Finding(code="different-content", where="A and B", text=text, leaf=mine[0])
    if abs(a["t"] - b["t"]) > SKEW_MS:
        yield Finding(
            code="clock-skew",
            where="A and B",
            text=f"{_words(one, mine[0])}: {abs(a['t'] - b['t']) // 1000} s apart: a clock, or a "
            "delivery that waited",
            leaf=mine[0],
        )


def _unacknowledged(side: _Side, index: int) -> bool:
    """Say whether a leaf is of a question that left, and that nobody ever said to have had."""
    leaf = _leaf(side, index)
    if leaf["kind"] != "QUESTION" or leaf.get("msg", {}).get("direction") != "out":
        return False
    return not any(
        other is not None
        and other["kind"] in {"ANSWER", "REFUSAL"}
        and other.get("process") == leaf.get("process")
        and other.get("counterparty") == leaf.get("counterparty")
        for other in side.log.leaves[index:]
    )


def _missing(index: int, *, here: _Side, there: _Side) -> Finding:
    leaf = _leaf(here, index)
    words = f"{_words(here, index)}: leaf {index} of {here.name} has none beside it in {there.name}"
    if leaf["t"] > there.created_ms - LATE_MS:
        return Finding(
            level="unchecked",
            code="unanswerable",
            where=there.name,
            text=f"{words}, whose bundle was made before it could be there",
            leaf=index,
        )
    code = f"missing-on-{there.name.lower()}"
    return Finding(code=code, where=there.name, text=words, leaf=index)


def _agreements(one: _Side, two: _Side) -> Iterator[Finding]:
    """Compare the agreements between the two, and the stages that either holds."""
    mine, theirs = _between(one, two), _between(two, one)
    for name in sorted(set(mine) | set(theirs)):
        for here, there, data, other in (
            (one, two, mine.get(name), theirs.get(name)),
            (two, one, theirs.get(name), mine.get(name)),
        ):
            if data is not None and other is None and "FINALIZED.jws" in data:
                text = f"agreement `{name.split(' ')[0]}`: {here.name} has it, {there.name} has not"
                yield Finding(code=f"missing-on-{there.name.lower()}", where=there.name, text=text)
        if name in mine and name in theirs:
            yield from _same_agreement(name.split(" ")[0], mine[name], theirs[name])


def _same_agreement(
    name: str, mine: Mapping[str, bytes], theirs: Mapping[str, bytes]
) -> Iterator[Finding]:
    for file in sorted(set(mine) | set(theirs)):
        if file not in mine or file not in theirs:
            side = "a" if file not in mine else "b"
            text = f"agreement `{name}`: {file} is missing"
            yield Finding(code=f"missing-on-{side}", where=side.upper(), text=text)
        elif mine[file] != theirs[file]:
            text = f"agreement `{name}`: {file} differs"
            yield Finding(code="different-content", where="A and B", text=text)


def _between(side: _Side, other: _Side) -> dict[str, Mapping[str, bytes]]:
    found = {}
    for name, data in side.agreements.items():
        body, _, _ = read_agreement(data["agreement.json"])
        if {body.get("assigner"), body.get("assignee")} == {side.did, other.did}:
            found[name] = data
    return found


def _message(side: _Side, index: int) -> tuple[str, str]:
    msg = _leaf(side, index).get("msg", {})
    return msg.get("type", ""), msg.get("id", "")


def _leaf(side: _Side, index: int) -> Mapping[str, Any]:
    leaf = side.log.leaves[index]
    assert leaf is not None
    return leaf


def _words(side: _Side, index: int) -> str:
    leaf = _leaf(side, index)
    return f"{leaf['kind']} `{_message(side, index)[0]}`"
