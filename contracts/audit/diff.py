"""Two bundles side by side: what one party's log has and the other's has not, or has otherwise.

Leaves of one message find each other by ``corr`` (`contracts.audit.pairing`), and a table says what
of them must agree (`contracts.audit.agreeing`). Heads that a party has shown to anybody are laid
over the log it shows now (`contracts.audit.heads`). What happened after a bundle was made cannot be
in it: that is *unanswerable*, not missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.audit.agreed import agreements
from contracts.audit.contradictions import contradicting, contradiction
from contracts.audit.heads import split_views, third_parties
from contracts.audit.memo import Memo
from contracts.audit.pairing import marks, messages
from contracts.audit.report import Finding, Report
from contracts.audit.sides import Side, side

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        *agreements(one, two),
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
