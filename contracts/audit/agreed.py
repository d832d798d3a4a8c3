"""Agreements of two sides laid beside each other: who has which, with whose signatures.

A party whose own signature stands under a stage has a leaf for it, written with the signature. Its
log without that leaf, signed and of later, is a broken promise, which its two signatures prove.
What was signed before a log begins it need not hold: a home was lost, the new one has a new log.
Nor need it what was signed before it says that an older copy went on: that is a finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.audit.agreeing import CONTENT
from contracts.audit.alone import FINAL, TERMINATED, reached_of
from contracts.audit.before import shown
from contracts.audit.heads import LATE_MS, UNANSWERABLE
from contracts.audit.pairing import BOTH
from contracts.audit.promised import accepted
from contracts.audit.report import Finding, question, verdict
from contracts.signatures import SIGNERS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.agreements import Checked
    from contracts.audit.report import Basis
    from contracts.audit.sides import Side
    from contracts.signatures import Stage

OMITTED = "broken-promise"


def agreements(one: Side, two: Side) -> Iterator[Finding]:
    """Compare the agreements between the two, and the stages that either holds."""
    mine, theirs = between(one, two), between(two, one)
    since = {side.name: _accepted_ms(side) for side in (one, two)}
    for name in sorted(set(mine) | set(theirs)):
        yield from _omitted(mine.get(name), since[two.name], here=one, there=two)
        yield from _omitted(theirs.get(name), since[one.name], here=two, there=one)
        if name in mine and name in theirs:
            yield from _same(one, two, mine[name], theirs[name])
            continue
        here, there, checked = (one, two, mine[name]) if name in mine else (two, one, theirs[name])
        at = _reached(here, checked).get(FINAL)
        if at is None and FINAL not in checked.stages:
            continue  # under way, or come to nothing
        text = f"agreement `{_id(checked)}`: {here.name} has it, {there.name} has not"
        yield _lacking(text, at, there)


def between(side: Side, other: Side) -> dict[str, Checked]:
    """Give a side's agreements with another, by name."""
    both = ((side.did, other.did), (other.did, side.did))
    return {
        name: checked
        for name, checked in side.agreements.items()
        if (_body(checked).get("assigner"), _body(checked).get("assignee")) in both
    }


def _accepted_ms(side: Side) -> int:
    """Give when a party last said that it went on from an older copy of its log; 0: never."""
    return max((side.leaf(index)["t"] for index in accepted(side.log)), default=0)


def _omitted(
    checked: Checked | None, accepted_ms: int, *, here: Side, there: Side
) -> Iterator[Finding]:
    """Hold the signatures of a party that the other side has against that party's own log.

    ``accepted_ms``: when that log last went on from an older copy, which may lack what was signed.
    """
    if checked is None:
        return
    for stage in STAGES:
        signed = checked.stages.get(stage)
        if signed is None or signed.signer != there.did or signed.digest in there.log.named:
            continue
        if signed.iat * 1000 > there.log.newest_ms - LATE_MS:
            continue
        if signed.iat * 1000 < there.log.oldest_ms:
            text = (
                f"{there.name} signed {stage} of agreement `{_id(checked)}` before its log begins"
            )
            words = f"{text}: it may have lost an older one"
            yield Finding(level="unchecked", code=UNANSWERABLE, where=there.name, text=words)
            continue
        text = f"it signed {stage} of agreement `{_id(checked)}`, and its log has no leaf of it"
        grounds = _grounds(checked, stage, here, there)
        if accepted_ms and accepted_ms >= signed.iat * 1000 - LATE_MS:
            words = f"{text}; an older copy was taken for the newest since"
            yield question("rolled-back", there.did, words, grounds, there.own)
        else:
            yield verdict(OMITTED, there.did, text, grounds, there.own)


def _same(one: Side, two: Side, mine: Checked, theirs: Checked) -> Iterator[Finding]:
    words = f"agreement `{_id(mine)}`: "
    if mine.agreement != theirs.agreement:
        yield Finding(code=CONTENT, where=BOTH, text=f"{words}A and B have two texts of it")
    for stage in STAGES:
        a, b = mine.stages.get(stage), theirs.stages.get(stage)
        if a is not None and b is not None:
            if a.digest != b.digest:
                yield _two_ways(stage, mine, theirs, one, two)
            continue
        for held, lacking, here, there in ((a, b, one, two), (b, a, two, one)):
            if held is None or lacking is not None or stage in there.files_of(mine.name):
                continue  # a signature that is there and does not hold is a finding of its bundle
            if here.did == held.signer and _broken_off(one, mine) and _broken_off(two, mine):
                continue  # signed, and not taken any more: both say that it came to nothing
            at = _reached(here, mine).get(stage)
            yield _lacking(f"{words}{stage}.jws is missing", at, there)


def _two_ways(stage: Stage, mine: Checked, theirs: Checked, one: Side, two: Side) -> Finding:
    """Judge two signatures of one stage: proof only if one party made both of one negotiation.

    Whoever forges an agreement under an honest party's ids may name itself as the signer in it, or
    have the same id signed in a second negotiation. A negotiation is its signer's own by the id
    that the signer gave it.
    """
    a, b = mine.stages[stage], theirs.stages[stage]
    words = f"agreement `{_id(mine)}`: "
    if a.signer != b.signer:
        text = f"{words}{stage} is signed by `{a.signer}` in A, by `{b.signer}` in B"
        return Finding(code=CONTENT, where=BOTH, text=text)
    if SIGNERS[stage] == "assignee" and mine.consumer_pid != theirs.consumer_pid:
        text = f"{words}`{a.signer}` signed {stage} of two negotiations with the other"
        return Finding(code=CONTENT, where=BOTH, text=text)
    text = f"{words}`{a.signer}` signed {stage} in two ways"
    accused = one if one.did == a.signer else two
    held = (_grounds(of, stage, by, accused) for of, by in ((mine, one), (theirs, two)))
    return verdict("contradiction", BOTH, text, *held)


def _grounds(checked: Checked, stage: Stage, holder: Side, accused: Side) -> tuple[Basis, ...]:
    """Give the key of a stage, judged by what the accused's own log shows of when it was made."""
    digest = checked.stages[stage].digest
    return tuple(
        shown(digest, one, accused=accused, holder=holder) for one in checked.grounds(stage)
    )


def _lacking(text: str, at: int | None, there: Side) -> Finding:
    if at is not None and at > there.as_of_ms - LATE_MS:
        words = f"{text}; the bundle was made before it could be there"
        return Finding(level="unchecked", code=UNANSWERABLE, where=there.name, text=words)
    return Finding(code=f"missing-on-{there.name.lower()}", where=there.name, text=text)


def _broken_off(side: Side, checked: Checked) -> bool:
    """Whether a party says that the negotiation of an agreement was terminated."""
    return TERMINATED in _reached(side, checked)


def _reached(side: Side, checked: Checked) -> Mapping[str, int]:
    return reached_of(side.told, _body(checked), side.did) or {}


def _body(checked: Checked) -> Any:
    return checked.agreement or {}


def _id(checked: Checked) -> str:
    return str(_body(checked).get("@id"))
