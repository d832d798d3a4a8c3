"""Two bundles side by side: what one party's log has and the other's has not, or has otherwise.

Leaves of one message find each other by ``corr``. Heads that a party has shown to anybody are laid
over the log it shows now (`contracts.audit.heads`). What happened after a bundle was made cannot be
in it: that is *unanswerable*, not missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.audit.agreements import read_agreement
from contracts.audit.alone import of_no_weight, only_counted
from contracts.audit.contradictions import contradicting, contradiction
from contracts.audit.heads import LATE_MS, UNANSWERABLE, split_views, third_parties
from contracts.audit.memo import Memo
from contracts.audit.report import Finding, Report
from contracts.audit.sides import Side, side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.verify import Bundle

SKEW_MS: Final = 300_000


def diff(a: Bundle, b: Bundle) -> Report:
    """Lay two verified bundles side by side.

    Raises:
        MalformedError: one of them has no readable manifest or keys.
    """
    memo = Memo()
    one, two = side("A", a, memo), side("B", b, memo)
    findings = [
        *split_views(one, two),
        *split_views(two, one),
        *third_parties(one, two),
        *_contradictions(one, two),
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


def _contradictions(one: Side, two: Side) -> Iterator[Finding]:
    """Find what anybody told A otherwise than B."""
    mine = {said.digest for said in one.said}
    theirs = {said.digest for said in two.said}
    for said, other in contradicting((*one.said, *two.said)):
        both = {said.digest, other.digest}
        if not (both <= mine or both <= theirs):  # else it is a finding of its own bundle
            yield contradiction(said, other)


def _marks(side: Side, other: str) -> dict[str, list[int]]:
    """Index the leaves of messages with ``other`` by their mark."""
    marks: dict[str, list[int]] = {}
    for index, leaf in enumerate(side.log.leaves):
        if leaf is not None and leaf.get("counterparty") == other and leaf.get("corr"):
            marks.setdefault(leaf["corr"], []).append(index)
    return marks


def _messages(one: Side, two: Side) -> Iterator[Finding]:
    mine, theirs = _marks(one, two.did), _marks(two, one.did)
    only_one = [index for mark in mine if mark not in theirs for index in mine[mark]]
    only_two = [index for mark in theirs if mark not in mine for index in theirs[mark]]
    by_message = {two.message(index): index for index in only_two}
    differing: set[int] = set()
    only_one = [index for index in only_one if not of_no_weight(one, two, index)]
    only_two = [index for index in only_two if not of_no_weight(two, one, index)]
    for index in only_one:
        other = by_message.get(one.message(index))
        if other is None:
            yield _missing(index, here=one, there=two)
            continue
        differing.add(other)
        yield Finding(
            code="different-content",
            where="A and B",
            text=f"{one.words(index)}: leaf {index} of A and leaf {other} of B are of one "
            "message with two contents",
            leaf=index,
        )
    for index in only_two:
        if index not in differing:
            yield _missing(index, here=two, there=one)
    for mark in mine:
        if mark in theirs:
            yield from _pair(one, two, mine[mark], theirs[mark])


def _pair(one: Side, two: Side, mine: list[int], theirs: list[int]) -> Iterator[Finding]:
    if _repeats(one, mine) != _repeats(two, theirs):
        yield Finding(
            code="doubled",
            where="A and B",
            text=f"{one.words(mine[0])}: {len(mine)} leaves of A, {len(theirs)} of B",
            leaf=mine[0],
        )
    a, b = one.leaf(mine[0]), two.leaf(theirs[0])
    named = {a.get("agreement", ""), b.get("agreement", "")} - {""}
    if len(named) > 1:
        text = f"{one.words(mine[0])}: A and B name two agreements"
        yield Finding(code="different-content", where="A and B", text=text, leaf=mine[0])
    if abs(a["t"] - b["t"]) > SKEW_MS:
        yield Finding(
            code="clock-skew",
            where="A and B",
            text=f"{one.words(mine[0])}: {abs(a['t'] - b['t']) // 1000} s apart: a clock, or a "
            "delivery that waited",
            leaf=mine[0],
        )


def _repeats(side: Side, indexes: list[int]) -> int:
    """Count leaves beyond one per process: one stored answer may serve several questions."""
    return len(indexes) - len({side.leaf(index).get("process", "") for index in indexes})


def _missing(index: int, *, here: Side, there: Side) -> Finding:
    leaf = here.leaf(index)
    words = f"{here.words(index)}: leaf {index} of {here.name} has none beside it in {there.name}"
    if leaf["t"] > there.as_of_ms - LATE_MS:
        return Finding(
            level="unchecked",
            code=UNANSWERABLE,
            where=there.name,
            text=f"{words}, whose bundle was made before it could be there",
            leaf=index,
        )
    if only_counted(here, index):
        return Finding(
            level="unchecked",
            code=UNANSWERABLE,
            where=there.name,
            text=f"{words}: beyond a rate refusals are only counted there",
            leaf=index,
        )
    code = f"missing-on-{there.name.lower()}"
    return Finding(code=code, where=there.name, text=words, leaf=index)


def _agreements(one: Side, two: Side) -> Iterator[Finding]:
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
            yield from _same_agreement(one, two, name)


def _same_agreement(one: Side, two: Side, name_and_peer: str) -> Iterator[Finding]:
    mine, theirs = one.agreements[name_and_peer], two.agreements[name_and_peer]
    name = name_and_peer.partition(" ")[0]
    for file in sorted(set(mine) | set(theirs)):
        if file not in mine or file not in theirs:
            side, holder = ("a", two) if file not in mine else ("b", one)
            body, _, _ = read_agreement(mine["agreement.json"])
            signer = body.get("assignee" if file == "VERIFIED.jws" else "assigner")
            if holder.did == signer and _broken_off(one, name) and _broken_off(two, name):
                continue  # signed, and not taken any more: both say that it came to nothing
            text = f"agreement `{name}`: {file} is missing"
            yield Finding(code=f"missing-on-{side}", where=side.upper(), text=text)
        elif mine[file] != theirs[file]:
            text = f"agreement `{name}`: {file} differs"
            yield Finding(code="different-content", where="A and B", text=text)


def _broken_off(side: Side, agreement: str) -> bool:
    """Whether a party says that the negotiation of an agreement was terminated."""
    return any(
        leaf is not None
        and (leaf["kind"], leaf.get("to")) == ("NEGOTIATION", "TERMINATED")
        and leaf.get("agreement") == agreement
        for leaf in side.log.leaves
    )


def _between(side: Side, other: Side) -> dict[str, Mapping[str, bytes]]:
    found = {}
    for name, data in side.agreements.items():
        body, _, _ = read_agreement(data["agreement.json"])
        if {body.get("assigner"), body.get("assignee")} == {side.did, other.did}:
            found[name] = data
    return found
