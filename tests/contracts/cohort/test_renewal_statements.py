"""What is signed when a cohort table is renewed: read strictly, checked by each member."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from contracts.cohort import signing
from contracts.cohort.errors import CohortError
from contracts.cohort.renewal_checks import (
    check_asked,
    check_changed,
    check_proposed,
    check_renewed,
)
from contracts.cohort.renewal_statements import Asked, Changed, Proposed, Renewed
from contracts.cohort.table_statements import MAX_TABLE_BYTES
from crypto.canonical import digest
from crypto.disclosure.cohort_changes import Changes
from crypto.disclosure.cohort_probes import probes
from crypto.errors import MalformedError
from tests.contracts.cohort.samples import FIRMS, HUB, party
from tests.crypto.disclosure.renewals import changing_cohort

ACME, BOLT, _ = FIRMS
COHORT, TABLE, NAMES = digest("cohort"), digest("table"), {did: digest(did) for did in FIRMS}
# three classes at least, two of which hang together, and a cell in none
MADE = next(
    made
    for made in map(changing_cohort, map(Random, range(400)))
    if any(cell.bit_count() == 2 for cell in made.table.measures[-1])
    and len(made.table.classes) > 2
    and len(made.common.dimensions) == 1
)
LOOKED = probes(MADE.common, MADE.table)
SIZES = [len(codes) + 1 for _, codes in MADE.common.dimensions]  # the last one is nobody's
SEVERAL = next(c for c in LOOKED.components if c.bit_count() > 1)
OTHER = next(c for c in LOOKED.components if c != SEVERAL)
FREE = (SIZES[0] - 1,)
ASKED = Asked(cohort=COHORT, aggregator=HUB, member=ACME, renewal=1, previous=TABLE)
FIRST = Proposed(
    cohort=COHORT,
    aggregator=HUB,
    renewal=1,
    previous=TABLE,
    judged=LOOKED.digest,
    asked=NAMES,
    turn=0,
    marks={},
    held=0,
)
MARKED = Changed(
    cohort=COHORT,
    member=ACME,
    proposal=digest("first"),
    number=2,
    version=digest("version"),
    changes=Changes(blocked=SEVERAL & -SEVERAL, appeared=(), bits=5),
)
SECOND = replace(FIRST, turn=1, marks=NAMES, held=SEVERAL)
SAID = Renewed(
    cohort=COHORT,
    aggregator=HUB,
    renewal=1,
    previous=TABLE,
    proposal=digest("second"),
    marks=NAMES,
    held=SEVERAL,
    appeared=(),
)


@pytest.mark.parametrize("statement", [ASKED, FIRST, SECOND, MARKED, SAID])
def test_what_is_signed_is_read_back(statement):
    signer = party(statement.signer)
    text = signer.sign(statement)
    kind, document = type(statement), signer.document
    read = signing.read(kind, text, document=document, most_bytes=MAX_TABLE_BYTES)
    assert read == statement


WRONG = [
    (ASKED, {"renewal": 4}),
    (ASKED, {"renewal": 0}),
    (ASKED, {"more": 1}),
    (FIRST, {"turn": 16}),
    (FIRST, {"held": [1, 0]}),
    (FIRST, {"held": [-1]}),
    (FIRST, {"held": [True]}),
    (FIRST, {"asked": {}}),
    (MARKED, {"changes": {}}),
    *(
        (MARKED, {"changes": MARKED.to_json()["changes"] | change})
        for change in (
            {"bits": "05"},
            {"bits": "0x5"},
            {"bits": "A"},
            {"bits": ""},
            {"bits": 5},
            {"bits": "f" * ((2 << 20) + 1)},
            {"blocked": [1 << 20]},
            {"appeared": [[1], [0]]},
            {"more": 1},
        )
    ),
    (SAID, {"marks": {}}),
    (SAID, {"appeared": [["0"]]}),
    (SAID, {"v": 2}),
]


@pytest.mark.parametrize(("statement", "change"), WRONG)
def test_statements_are_read_strictly(statement, change):
    with pytest.raises(MalformedError):
        type(statement).from_json(statement.to_json() | change)


@pytest.mark.parametrize(
    "change", [{"cohort": TABLE}, {"aggregator": ACME}, {"renewal": 2}, {"previous": COHORT}]
)
def test_only_what_is_due_is_asked_for(change):
    due = {"cohort": COHORT, "aggregator": HUB, "renewal": 1, "previous": TABLE}
    check_asked(ASKED, **due)
    with pytest.raises(CohortError):
        check_asked(replace(ASKED, **change), **due)


def proposed(proposal, *, before=FIRST, changed=MARKED):
    check_proposed(
        proposal,
        ours=ASKED,
        asked=NAMES[ACME],
        roster=FIRMS,
        looked=LOOKED,
        judged=LOOKED.digest,
        before=before,
        changed=changed,
        marks=NAMES[ACME],
    )


OTHERS = NAMES | {ACME: digest("other")}
FEWER = {did: name for did, name in NAMES.items() if did != BOLT}
ALL = SEVERAL | OTHER


def test_proposals_that_hold():
    proposed(FIRST, before=None, changed=None)
    proposed(SECOND)
    proposed(replace(SECOND, held=ALL))


@pytest.mark.parametrize(
    "change",
    [
        {"held": SEVERAL},
        {"turn": 1},
        {"marks": NAMES},
        {"asked": OTHERS},
        {"asked": FEWER},
        {"previous": COHORT},
        {"renewal": 2},
        {"judged": digest("other")},
    ],
)
def test_the_first_proposal_holds_nothing_and_is_what_all_asked(change):
    with pytest.raises(CohortError):
        proposed(replace(FIRST, **change), before=None, changed=None)


@pytest.mark.parametrize(
    "change",
    [
        {"held": 0},  # what we block is not held
        {"held": OTHER},
        {"held": SEVERAL & -SEVERAL},  # it cuts what hangs together
        {"held": SEVERAL | 1 << 60},
        {"turn": 2},
        {"turn": 0},
        {"marks": OTHERS},
        {"marks": FEWER},
        {"asked": OTHERS},
        {"aggregator": BOLT},
        {"judged": digest("other")},
    ],
)
def test_a_further_proposal_holds_more_and_is_made_of_our_changes(change):
    with pytest.raises(CohortError):
        proposed(replace(SECOND, **change))


def test_what_was_held_stays_held():
    """Else an aggregator could have any set of classes marked, one after the other."""
    open_minded = replace(MARKED, changes=replace(MARKED.changes, blocked=0))
    before = replace(SECOND, held=OTHER)
    proposed(replace(SECOND, turn=2, held=ALL), before=before, changed=open_minded)
    for held in (SEVERAL, OTHER):
        with pytest.raises(CohortError):
            proposed(replace(SECOND, turn=2, held=held), before=before, changed=open_minded)


def renewed(said, *, ours=MARKED):
    check_renewed(
        said,
        proposed=SECOND,
        proposal=digest("second"),
        ours=ours,
        marks=NAMES[ACME],
        roster=FIRMS,
        table=MADE.table,
        sizes=SIZES,
        looked=LOOKED,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"held": 0},
        {"held": ALL},
        {"proposal": digest("first")},
        {"marks": OTHERS},
        {"marks": FEWER},
        {"renewal": 2},
        {"previous": COHORT},
        {"cohort": TABLE},
        {"appeared": (MADE.table.classes[0][0],)},
        {"appeared": ((99,),)},  # a code that there is not
        {"appeared": ((-1,),)},
        {"appeared": ((),)},
        {"appeared": ((0, 0),)},
    ],
)
def test_what_is_renewed_is_what_was_proposed(change):
    renewed(SAID)
    with pytest.raises(CohortError):
        renewed(replace(SAID, **change))


def test_cells_that_appeared_with_us_are_withheld():
    here = replace(MARKED, changes=replace(MARKED.changes, appeared=(FREE,)))
    with pytest.raises(CohortError):
        renewed(SAID, ours=here)
    renewed(replace(SAID, appeared=(FREE,)), ours=here)


def changed(marked, before=None):
    check_changed(
        marked,
        cohort=COHORT,
        proposal=digest("first"),
        before=before,
        table=MADE.table,
        sizes=SIZES,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"cohort": TABLE},
        {"proposal": digest("second")},
        {"changes": Changes(blocked=1 << len(MADE.table.classes), appeared=(), bits=0)},
        {"changes": Changes(blocked=0, appeared=(MADE.table.classes[0][0],), bits=0)},
        {"changes": Changes(blocked=0, appeared=((0, 0),), bits=0)},
        {"changes": Changes(blocked=0, appeared=((99,),), bits=0)},
    ],
)
def test_changes_are_of_the_proposal_and_on_the_table(change):
    changed(MARKED)
    with pytest.raises(CohortError):
        changed(replace(MARKED, **change))


@pytest.mark.parametrize("change", [{"number": 3}, {"version": TABLE}])
def test_all_rounds_are_of_the_same_data(change):
    changed(MARKED, before=replace(MARKED, proposal=digest("earlier")))
    with pytest.raises(CohortError):
        changed(MARKED, before=replace(MARKED, **change))
