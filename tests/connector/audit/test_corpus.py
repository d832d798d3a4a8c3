"""Both verifiers judge every forged bundle alike, and as its kind must be judged."""

from __future__ import annotations

import pytest

from contracts.audit.diff import diff
from contracts.audit.memo import Memo
from contracts.audit.verify import verify
from crypto.errors import MalformedError
from tests.connector.audit.corpus import KINDS, Forged, corpus, story
from tests.connector.audit.second import NOT_CHECKABLE, judged, outcome

CORPUS = 2000


def told(forged: Forged, memo: Memo) -> list[str]:
    """Compare the two with each other and with what the kind says; give what differs."""
    first, other = verify(forged.bundle, memo), judged(forged.bundle)
    mine = {(one.level, one.code) for one in first.findings}
    theirs = {(one.level, one.code) for one in other.found}
    wrong = []
    if first.outcome not in forged.outcomes:
        wrong.append(f"{first.outcome} instead of {set(forged.outcomes)}: {mine}")
    if forged.code and forged.code not in {code for _, code in mine}:
        wrong.append(f"no {forged.code} among {mine}")
    if forged.beyond:
        wrong += [] if outcome(other) == "UNCHECKED" else ["it cannot know that"]
        theirs = {(level, code) for level, code in theirs if code != NOT_CHECKABLE}
    elif outcome(other) != first.outcome:
        wrong.append(f"{first.outcome} by the one, {outcome(other)} by the other")
    if mine != theirs:
        wrong.append(f"only the one says {mine - theirs}, only the other {theirs - mine}")
    return wrong


@pytest.mark.sweep
@pytest.mark.parametrize("name", sorted(KINDS))
def test_both_verifiers_judge_alike_and_rightly(name: str):
    """Outcome, level and code of every finding are the same; the outcome is that of the kind."""
    memo = Memo()
    every = corpus(name)
    wrong = {number: found for number, one in enumerate(every) if (found := told(one, memo))}
    assert not wrong, f"{len(wrong)} of {len(every)}: {dict(list(wrong.items())[:12])}"


def test_no_forged_bundle_breaks_the_comparison():
    """Whatever stands in its files, it is laid beside an honest one, or refused as no bundle."""
    made, memo, compared = story(1), Memo(), 0
    honest = made.bundle(made.seller)
    for forged in corpus("every_sort_in_files"):
        try:
            diff(forged.bundle, honest, memo)
        except MalformedError:
            continue
        compared += 1
    assert compared > 100


@pytest.mark.long
def test_there_are_enough_of_them_and_always_the_same():
    """The corpus is of thousands, and a seed gives the same bytes."""
    sizes = {name: len(corpus(name)) for name in KINDS}
    assert sum(sizes.values()) >= CORPUS, sizes
    for name in ("junk_in_leaves", "flipped_bits", "statements"):
        one, two = ([each.bundle.files for each in corpus(name)] for _ in range(2))
        assert one == two
