"""Messages: each leaf of one side with the other side's leaf of the same message, by its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.audit.agreeing import CONTENT, DECISION, differences
from contracts.audit.alone import of_no_weight, only_counted
from contracts.audit.heads import LATE_MS, UNANSWERABLE
from contracts.audit.report import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.sides import Side

SKEW_MS: Final = 300_000
BOTH: Final = "A and B"
SENT: Final = 3  # times at most that one question leaves until its reply is heard


def marks(side: Side, other: str) -> dict[str, list[int]]:
    """Index the leaves of messages with ``other`` by their mark."""
    found: dict[str, list[int]] = {}
    for index, leaf in enumerate(side.log.leaves):
        if leaf is not None and leaf.get("counterparty") == other and leaf.get("corr"):
            found.setdefault(leaf["corr"], []).append(index)
    return found


def messages(
    one: Side, two: Side, mine: Mapping[str, list[int]], theirs: Mapping[str, list[int]]
) -> Iterator[Finding]:
    """Yield what differs between the leaves of two sides about their messages.

    Args:
        one: A.
        two: B.
        mine: `marks` of A's messages with B.
        theirs: those of B's with A.
    """
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
        text = (
            f"{one.words(index)}: leaf {index} of A and leaf {other} of B are of one message with "
            "two contents"
        )
        yield Finding(code=CONTENT, where=BOTH, text=text, leaf=index)
    for index in only_two:
        if index not in differing:
            yield _missing(index, here=two, there=one)
    for mark in mine:
        if mark in theirs:
            yield from _pair(one, two, mine[mark], theirs[mark])


def _pair(one: Side, two: Side, mine: list[int], theirs: list[int]) -> Iterator[Finding]:
    """Compare the leaves of one message; where it was repeated, in their order."""
    words = f"{one.words(mine[0])}: "
    if one.leaf(mine[0])["kind"] == two.leaf(theirs[0])["kind"] == "REFUSAL":
        yield from _refusals(one, two, mine, theirs)
    elif _repeats(one, mine) != _repeats(two, theirs):
        text = f"{words}{len(mine)} leaves of A, {len(theirs)} of B"
        yield Finding(code="doubled", where=BOTH, text=text, leaf=mine[0])
    for place in range(max(len(mine), len(theirs))):
        i, j = mine[min(place, len(mine) - 1)], theirs[min(place, len(theirs) - 1)]
        for code, text in differences(one.leaf(i), two.leaf(j)):
            if code == DECISION and len(mine) != len(theirs):
                continue  # of refusals that were repeated: compared above
            where = f"leaf {i} of A and leaf {j} of B"
            yield Finding(code=code, where=BOTH, text=f"{words}{text} ({where})", leaf=i)
    apart = abs(one.leaf(mine[0])["t"] - two.leaf(theirs[0])["t"])
    if apart > SKEW_MS:
        text = f"{words}{apart // 1000} s apart: a clock, or a delivery that waited"
        yield Finding(code="clock-skew", where=BOTH, text=text, leaf=mine[0])


def _refusals(one: Side, two: Side, mine: list[int], theirs: list[int]) -> Iterator[Finding]:
    """Compare repeated refusals of one question: who gives one may not be heard, or only count it.

    A reason that one side was told and the other never gave is a difference all the same. More
    refusals given than one question can have got before its reply was heard are left open: who
    asked may have been stopped each time, and its log does not say how often.
    """
    taken, given, names = mine, theirs, ("A", "B")
    takes, gives = one, two
    if one.leaf(mine[0]).get("msg", {}).get("direction") == "out":
        taken, given, names, takes, gives = theirs, mine, ("B", "A"), two, one
    if len(taken) == len(given):
        return
    reasons = {str(gives.leaf(index).get("policy", {}).get("reasons")) for index in given}
    for index in taken:
        if str(takes.leaf(index).get("policy", {}).get("reasons")) not in reasons:
            text = f"{takes.words(index)}: {names[0]} was told what {names[1]} never gave"
            yield Finding(code=DECISION, where=BOTH, text=text, leaf=index)
    if len(given) > SENT * len(taken):
        text = f"{takes.words(taken[0])}: {len(given)} of {names[1]}, {len(taken)} of {names[0]}: "
        yield Finding(
            level="unchecked",
            code="doubled",
            where=BOTH,
            text=f"{text}more than repeats of what was not heard explain",
            leaf=taken[0],
        )
    if len(taken) > len(given):
        text = f"{takes.words(taken[0])}: {len(taken)} of {names[0]}, {len(given)} of {names[1]}: "
        yield Finding(
            level="unchecked",
            code=UNANSWERABLE,
            where=gives.name,
            text=f"{text}beyond a rate refusals are only counted there",
            leaf=taken[0],
        )


def _repeats(side: Side, indexes: list[int]) -> int:
    """Count leaves beyond one per process: one stored answer may serve several questions."""
    return len(indexes) - len({side.leaf(index).get("process", "") for index in indexes})


def _missing(index: int, *, here: Side, there: Side) -> Finding:
    leaf = here.leaf(index)
    words = f"{here.words(index)}: leaf {index} of {here.name} has none beside it in {there.name}"
    if leaf["t"] > there.as_of_ms - LATE_MS:
        why = ", whose bundle was made before it could be there"
    elif only_counted(here, index):
        why = ": beyond a rate refusals are only counted there"
    else:
        code = f"missing-on-{there.name.lower()}"
        return Finding(code=code, where=there.name, text=words, leaf=index)
    return Finding(
        level="unchecked", code=UNANSWERABLE, where=there.name, text=words + why, leaf=index
    )
