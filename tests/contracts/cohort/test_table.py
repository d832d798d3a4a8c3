"""The cohort table as members sign, read and check it."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from contracts.cohort import signing
from contracts.cohort.errors import CohortError
from contracts.cohort.table_checks import check_classes, check_joinings
from contracts.cohort.table_statements import (
    MAX_TABLE_BYTES,
    Classes,
    Joining,
    Marked,
    cohort_of,
)
from contracts.cohort.table_texts import marks_from_json, marks_to_json
from crypto.canonical import canonical
from crypto.disclosure.cohort_table import CohortTable, make_cohort_table
from crypto.disclosure.declaration import DeclaredMeasure
from crypto.errors import MalformedError
from tests.contracts.cohort.samples import FIRMS, HUB, party
from tests.crypto.disclosure.cohorts import random_cohort

ACME, BOLT, _ = FIRMS
COST = DeclaredMeasure(name="cost", lower=0, upper=900, unit="CNY", scale=2, columns=("0",))


def joining(did, **changes):
    members = {
        "aggregator": HUB,
        "roster": FIRMS,
        "member": did,
        "dataset": "stock",
        "described": {"name": "stock", "dimensions": []},
        "measures": (replace(COST, empty="zero"),),
        "min_cohort": 3,
    }
    return Joining(**members | changes)


def cohorts(count=40):
    """Marks and classes of random cohorts of three or more."""
    for seed in range(count):
        cohort = random_cohort(Random(seed))
        marks = cohort.marks()
        yield cohort, marks, make_cohort_table(cohort.common, marks, min_cohort=3)


def test_what_is_signed_is_read_back():
    """Joinings, marks and classes of random tables: the same statement, in canonical form."""
    for _, marks, table in cohorts(10):
        said = [
            joining(ACME),
            Marked(
                cohort=cohort_of({}),
                member=ACME,
                number=2,
                version=cohort_of({}),
                marks=next(iter(marks.values())),
            ),
            Classes(cohort=cohort_of({}), aggregator=HUB, marks={ACME: cohort_of({})}, table=table),
            Classes(
                cohort=cohort_of({}),
                aggregator=HUB,
                marks={ACME: cohort_of({})},
                table=table,
                joinings={ACME: joining(ACME).digest},
            ),
        ]
        for statement in said:
            signer = party(statement.signer)
            text = signer.sign(statement)
            read = signing.read(
                type(statement), text, document=signer.document, most_bytes=MAX_TABLE_BYTES
            )
            assert read == statement


def test_classes_are_read_strictly():
    """Overlapping classes, blocked cells in one, numbers of no class, other orders: refused."""
    table = CohortTable(
        min_cohort=3, classes=(((0,), (1,)), ((3,),)), measures=((), (3,)), blocked=((4,),)
    )
    good = Classes(cohort=cohort_of({}), aggregator=HUB, marks={ACME: cohort_of({})}, table=table)
    for change in (
        {"classes": [[[0], [1]], [[1]]]},
        {"classes": [[[3]], [[0], [1]]]},
        {"classes": [[[1], [0]], [[3]]]},
        {"classes": [[], [[3]]]},
        {"classes": [[[0], [True]], [[3]]]},
        {"classes": [[[0], [-1]], [[3]]]},
        {"blocked": [[3]]},
        {"measures": [[], [[0, 2]]]},
        {"measures": [[], [[0], [0]]]},
        {"measures": [[], [[1], [0]]]},
        {"measures": [[], [[]]]},
        {"minCohort": 0},
    ):
        text = json.loads(canonical(good.to_json()))
        text["table"] |= change
        with pytest.raises(MalformedError):
            Classes.from_json(text)


def test_marks_are_read_strictly():
    """Cells twice, forms that are no bits, a sign of a form: refused."""
    _, marks, _ = next(cohorts(1))
    good = marks_to_json(next(iter(marks.values())))
    for change in (
        {"carries": [[[0], "1"], [[0], "1"]]},
        {"carries": [[[1], "1"], [[0], "1"]]},
        {"carries": [[[0], "0x1"]]},
        {"carries": [[[0]]]},
        {"reaching": [[[[0]]]]},
        {"signs": "+"},
        {"more": 1},
    ):
        with pytest.raises(MalformedError):
            marks_from_json(good | change)


def test_joinings_are_those_of_our_roster():
    """Somebody missing, under another's name, of another roster or aggregator: refused."""
    good = {did: joining(did) for did in FIRMS}
    assert check_joinings(good, ours=good[ACME]) == 3
    more = good | {BOLT: joining(BOLT, min_cohort=7)}
    assert check_joinings(more, ours=good[ACME]) == 7
    for code, wrong in (
        ("cohort.roster", {did: good[did] for did in FIRMS[:2]}),
        ("cohort.roster", good | {BOLT: good[ACME]}),
        ("cohort.roster.other", good | {BOLT: joining(BOLT, roster=(*FIRMS, HUB))}),
        ("cohort.roster.other", good | {BOLT: joining(BOLT, aggregator=ACME)}),
    ):
        with pytest.raises(CohortError) as caught:
            check_joinings(wrong, ours=good[ACME])
        assert caught.value.code == code


def test_what_all_declare_is_declared_alike():
    """Other bounds, unit, scale or empty values of a common measure: refused, both are named."""
    good = {did: joining(did) for did in FIRMS}
    for change in (
        {"upper": 901},
        {"lower": -1},
        {"unit": "EUR"},
        {"scale": 3},
        {"empty": "skip"},
    ):
        other = joining(BOLT, measures=(replace(COST, **{"empty": "zero"} | change),))
        with pytest.raises(CohortError) as caught:
            check_joinings(good | {BOLT: other}, ours=good[ACME])
        assert caught.value.code == "cohort.table.differs.measures"
        assert caught.value.params == {"member": BOLT, "measure": "cost"}
    own = replace(COST, name="mine", upper=3)
    others = {did: joining(did, measures=(own,)) for did in FIRMS[1:2]}
    left = joining(FIRMS[2], measures=())
    assert check_joinings(good | others | {FIRMS[2]: left}, ours=good[ACME]) == 3


def checked(of, all_marks, made, did, **changes):
    """Check classes as one member does."""
    names = sorted(all_marks)
    joinings = {name: cohort_of({name: "joins"}) for name in names}
    said = Classes(
        cohort=cohort_of(joinings),
        joinings=joinings,
        aggregator=HUB,
        marks={name: cohort_of({name: ""}) for name in names},
        table=made,
    )
    check_classes(
        replace(said, **changes),
        cohort=cohort_of(joinings),
        ours=joining(did, roster=tuple(names)),
        marks=all_marks[did],
        digest=cohort_of({did: ""}),
        figures=len(of.common.figures),
        min_cohort=3,
    )


@pytest.mark.long
def test_every_member_takes_classes_that_are_made_as_they_should():
    """What the aggregator computes passes at each of them."""
    for cohort, marks, table in cohorts():
        for did in marks:
            checked(cohort, marks, table, did)


@pytest.mark.long
def test_a_member_notices_classes_that_hurt_it():
    """Cells of it cut or left out, what it blocks told, other marks, too few: refused."""
    cut = told = left_out = 0
    for cohort, marks, table in cohorts():
        did = min(marks)
        ours, place = marks[did], {k: i for i, c in enumerate(table.classes) for k in c}
        for changes in (
            {"cohort": cohort_of({"x": ""})},
            {"joinings": {}},
            {"joinings": dict.fromkeys(marks, cohort_of({"y": ""}))},
            {"aggregator": ACME},
            {"marks": {did: cohort_of({did: ""})}},
            {"marks": dict.fromkeys(marks, cohort_of({"y": ""}))},
            {"table": replace(table, min_cohort=2)},
            {"table": replace(table, measures=())},
        ):
            with pytest.raises(CohortError):
                checked(cohort, marks, table, did, **changes)
        for cells in ours.reaching[0]:
            if cells[0] in place:  # cut it in two
                whole = table.classes[place[cells[0]]]
                parts = {cells[0]: (cells[0],), "rest": tuple(k for k in whole if k != cells[0])}
                others = [c for c in table.classes if c != whole]
                split = sorted([*others, *parts.values()])
                wrong = replace(
                    table, classes=tuple(split), measures=tuple(() for _ in table.measures)
                )
                with pytest.raises(CohortError):
                    checked(cohort, marks, wrong, did)
                cut += 1
        for m in range(1, len(table.measures)):
            hidden = [place[key] for key in ours.blocked[m] if key in place]
            if hidden:
                measures = list(table.measures)
                measures[m] = tuple(1 << i for i in sorted(set(hidden)))
                with pytest.raises(CohortError):
                    checked(cohort, marks, replace(table, measures=tuple(measures)), did)
                told += 1
        if ours.carries:
            missing = next(iter(ours.carries))
            classes = tuple(c for c in table.classes if missing not in c)
            wrong = replace(
                table,
                classes=classes,
                measures=tuple(() for _ in table.measures),
                blocked=tuple(k for k in table.blocked if k != missing),
            )
            with pytest.raises(CohortError):
                checked(cohort, marks, wrong, did)
            left_out += 1
    assert min(cut, told, left_out) > 3
