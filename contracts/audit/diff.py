"""Two bundles side by side: what one party's log has and the other's has not, or has otherwise.

Leaves of one message find each other by ``corr`` (`contracts.audit.pairing`), and a table says what
of them must agree (`contracts.audit.agreeing`). Heads that a party has shown to anybody are laid
over the log it shows now (`contracts.audit.heads`). What happened after a bundle was made cannot be
in it: that is *unanswerable*, not missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.audit.agreements import read_agreement
from contracts.audit.contradictions import contradicting, contradiction
from contracts.audit.heads import split_views, third_parties
from contracts.audit.memo import Memo
from contracts.audit.pairing import marks, messages
from contracts.audit.report import Finding, Report
from contracts.audit.sides import Side, side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.verify import Bundle


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
        *messages(one, two),
        *_agreements(one, two),
    ]
    matched = len(set(marks(one, two.did)) & set(marks(two, one.did)))
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
    return "TERMINATED" in side.told.reached.get(agreement, {})


def _between(side: Side, other: Side) -> dict[str, Mapping[str, bytes]]:
    found = {}
    for name, data in side.agreements.items():
        body, _, _ = read_agreement(data["agreement.json"])
        if {body.get("assigner"), body.get("assignee")} == {side.did, other.did}:
            found[name] = data
    return found
