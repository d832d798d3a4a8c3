"""Two bundles side by side: what one party's log has and the other's has not, or has otherwise.

Leaves of one message find each other by ``corr`` (`contracts.audit.pairing`), and a table says what
of them must agree (`contracts.audit.agreeing`). Heads that a party has shown to anybody are laid
over the log it shows now (`contracts.audit.heads`). What happened after a bundle was made cannot be
in it: that is *unanswerable*, not missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.audit.agreed import agreements, between
from contracts.audit.before import told_of
from contracts.audit.contradictions import contradicting, contradiction
from contracts.audit.heads import same_log, split_views, third_parties
from contracts.audit.memo import Memo
from contracts.audit.pairing import BOTH, marks, messages
from contracts.audit.promised import kept
from contracts.audit.report import Finding, Report
from contracts.audit.sides import Side, side
from contracts.audit.verify import beside_each_other

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.audit.verify import Bundle

NOTHING: Final = "nothing-compared"


def diff(a: Bundle, b: Bundle, memo: Memo | None = None) -> Report:
    """Lay two verified bundles side by side.

    Raises:
        MalformedError: one of them has no readable manifest.
    """
    memo = memo or Memo()
    a, b = beside_each_other((a, b))
    one, two = side("A", a, memo), side("B", b, memo)
    mine, theirs = marks(one, two.did), marks(two, one.did)
    pairs = ((one, two), (two, one))
    dealt = two.did in one.told.others or one.did in two.told.others
    if one.did == two.did:
        findings = [*same_log(one, two), _wrong(f"both bundles are of `{one.did}`")]
    else:
        findings = [
            *split_views(one, two),
            *split_views(two, one),
            *third_parties(one, two),
            *_contradictions(one, two),
            *messages(one, two, mine, theirs),
            *kept(one, two),
            *kept(two, one),
            *agreements(one, two),
        ]
        if not (findings or mine or theirs or _beside(one, two)):
            text = "no message, agreement or head of the other's log is in either"
            findings.append(_wrong(text if dealt else f"the two never dealt by their logs: {text}"))
    matched = len(mine.keys() & theirs.keys())
    classes: dict[str, int] = {}
    for finding in findings:
        classes[finding.code] = classes.get(finding.code, 0) + 1
    return Report(
        findings=tuple(findings),
        counts={
            "matched": matched,
            "leavesOfA": len(one.log.leaves),
            "leavesOfB": len(two.log.leaves),
            "acks": sum(held.by == there.did for here, there in pairs for held in here.promises),
        }
        | classes,
        facts={"a": one.did, "b": two.did, "dealt": dealt},
    )


def _beside(one: Side, two: Side) -> bool:
    """Say whether there is anything but messages to lay beside each other."""
    heads = one.seen.get(two.did) or two.seen.get(one.did)
    pairs = ((one, two), (two, one))
    acks = any(held.by == there.did for here, there in pairs for held in here.promises)
    return bool(heads or acks or between(one, two) or between(two, one))


def _wrong(why: str) -> Finding:
    text = f"{why}; nothing was compared: are these the bundles you mean?"
    return Finding(level="unchecked", code=NOTHING, where=BOTH, text=text)


def _contradictions(one: Side, two: Side) -> Iterator[Finding]:
    """Find what anybody told A otherwise than B."""
    mine = {said.digest for said in one.said}
    theirs = {said.digest for said in two.said}
    every = [told_of(said, (one, two)) for said in (*one.said, *two.said)]
    for said, other in contradicting(every):
        both = {said.digest, other.digest}
        if not (both <= mine or both <= theirs):  # else it is a finding of its own bundle
            yield contradiction(said, other)
