"""The rules of a cohort, each with what it keeps out."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cohort import states, verify
from contracts.cohort.clearing import clear
from contracts.cohort.ending import Ended
from contracts.cohort.errors import CohortError
from contracts.cohort.members import Member, check_members
from contracts.cohort.verify import (
    check_cleared,
    check_contribution,
    check_indicators,
    check_outcome,
    check_question,
    check_released,
    check_roster,
    check_secret,
    check_seed,
    check_session,
    check_tagged,
)
from crypto.canonical import digest_bytes
from tests.contracts.cohort import samples
from tests.contracts.cohort.samples import BUYER, FIRMS, HEAD, HUB, NOW, QUESTION, SESSION

ACME, BOLT, COGS = FIRMS
OTHER = {"transcript": "sha-256:" + "1" * 64}


def members(**groups) -> dict:
    """Return certified members, each in a group of its own unless said otherwise."""
    everybody = (BUYER, HUB, *FIRMS)
    return {
        did: Member(did=did, certified=True, legal_group=groups.get(did, did)) for did in everybody
    }


def refused(code: str, check, *args, **kwargs):
    """Demand that a check refuses with this code."""
    with pytest.raises(CohortError) as caught:
        check(*args, **kwargs)
    assert caught.value.code == code


def test_an_honest_run_passes():
    """Every rule lets an honest cohort through."""
    check_session(SESSION, expected_consumer=BUYER, now=NOW)
    check_question(SESSION, QUESTION)
    check_members(SESSION, members(), min_cohort=3)
    assert check_roster(SESSION, {did: samples.acceptance(did) for did in FIRMS}) == 3
    for did in FIRMS:
        check_indicators(SESSION, samples.indicators(did))
        own = (did, samples.cleared().indicators[did], samples.MARKS[did])
        check_cleared(SESSION, samples.cleared(), min_cohort=3, own=own)
    check_released(
        SESSION,
        samples.released(),
        cleared=samples.CLEARED_DIGEST,
        product=digest_bytes(samples.PRODUCT),
        contributions={did: samples.contribution(did) for did in FIRMS},
    )


def test_a_session_of_somebody_else_is_refused():
    """A session copied from another consumer opens nothing."""
    refused("cohort.consumer", check_session, SESSION, expected_consumer=ACME, now=NOW)


def test_a_session_without_a_seed_is_refused_by_the_name_of_its_consumer():
    """A session of an older connector: its totals could not be verified."""
    old = samples.session(seed="")
    refused("cohort.session.old", check_session, old, expected_consumer=BUYER, now=NOW)
    with pytest.raises(CohortError) as caught:
        check_tagged(old)
    assert caught.value.params["member"] == BUYER
    assert BUYER in caught.value.message


def test_seed_and_secret_are_those_whose_digests_were_signed():
    """Another seed is refused; another secret too, by the name of the provider that tells it."""
    check_seed(SESSION, samples.SEED)
    for seed in (b"", b"x" * 32, samples.SEED[:-1]):
        refused("cohort.seed", check_seed, SESSION, seed)
    check_secret(samples.contribution(ACME), samples.SECRETS[ACME])
    with pytest.raises(CohortError) as caught:
        check_secret(samples.contribution(ACME), samples.SECRETS[BOLT])
    assert (caught.value.code, caught.value.params["member"]) == ("cohort.secret", ACME)


@pytest.mark.parametrize("now", [NOW - 31, NOW + 300, NOW + 10_000])
def test_a_session_has_its_time(now):
    """Neither from the future nor past its deadline."""
    refused("cohort.deadline", check_session, SESSION, expected_consumer=BUYER, now=now)


def test_a_session_is_short():
    """A session cannot lie open for hours."""
    long = samples.session(deadline=NOW + 901)
    refused("cohort.deadline", check_session, long, expected_consumer=BUYER, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"aggregator": BUYER},
        {"aggregator": ACME},
        {"roster": tuple(sorted((*FIRMS, BUYER)))},
        {"roster": tuple(sorted((*FIRMS, HUB)))},
    ],
)
def test_nobody_sits_in_two_chairs(changes):
    """The consumer is never the aggregator, and neither contributes to the total."""
    both = samples.session(**changes)
    refused("cohort.roles", check_session, both, expected_consumer=BUYER, now=NOW)


def test_a_cohort_of_two_is_refused_whatever_contracts_say():
    """The owner's floor is three: in a cohort of two each learns the other's figure."""
    two = samples.session(roster=FIRMS[:2])
    refused("cohort.too-small", check_session, two, expected_consumer=BUYER, now=NOW)
    refused("cohort.too-small", check_members, two, members(), min_cohort=1)


def test_a_stricter_contract_raises_the_floor():
    """A contract that asks for five is not served by three."""
    refused("cohort.too-small", check_members, SESSION, members(), min_cohort=5)


def test_puppets_do_not_fill_a_cohort():
    """Two providers of one group, or one of the consumer's or aggregator's, are refused."""
    for one, other in itertools.combinations((BUYER, HUB, *FIRMS), 2):
        if {one, other} == {BUYER, HUB}:
            continue
        related = members(**{one: "one hand", other: "one hand"})
        refused("cohort.member.related", check_members, SESSION, related, min_cohort=3)


def test_an_unknown_group_is_not_a_stranger():
    """What the register does not say is not assumed."""
    unknown = members() | {ACME: Member(did=ACME, certified=True, legal_group="")}
    refused("cohort.member.group", check_members, SESSION, unknown, min_cohort=3)


@pytest.mark.parametrize("did", [BUYER, HUB, *FIRMS])
def test_everybody_is_certified_now(did):
    """One party that is suspended, revoked or unknown ends it for all."""
    lost = members() | {did: Member(did=did, certified=False, legal_group=did)}
    refused("cohort.member.standing", check_members, SESSION, lost, min_cohort=3)
    unknown = members()
    del unknown[did]
    refused("cohort.member.standing", check_members, SESSION, unknown, min_cohort=3)


def test_a_question_other_than_the_signed_one_is_refused():
    """Cells, text and columns are those that the consumer signed, for all providers alike."""
    from contracts.cohort.session import Question

    for change in (
        {"sql": "SELECT SUM(available) FROM stock"},
        {"cells": [["A"], ["B"], ["C"], ["E"]]},
        {"purpose": "https://w3id.org/voile/ns/purpose/quality"},
    ):
        other = Question.from_json(QUESTION.to_json() | change)
        refused("cohort.question", check_question, SESSION, other)
    wider = samples.session(cells=5)
    refused("cohort.question", check_question, wider, QUESTION)


def test_the_roster_is_who_accepted_this_very_session():
    """A missing, foreign, replayed or renamed acceptance is refused."""
    good = {did: samples.acceptance(did) for did in FIRMS}
    refused("cohort.roster", check_roster, SESSION, {did: good[did] for did in FIRMS[:2]})
    refused("cohort.roster", check_roster, SESSION, good | {HUB: samples.acceptance(HUB)})
    refused("cohort.roster", check_roster, SESSION, good | {ACME: good[BOLT]})
    replayed = samples.acceptance(ACME, **OTHER)
    refused("cohort.transcript", check_roster, SESSION, good | {ACME: replayed})
    assert check_roster(SESSION, good | {ACME: samples.acceptance(ACME, min_cohort=3)}) == 3
    assert check_roster(SESSION, good | {ACME: samples.acceptance(ACME, min_cohort=9)}) == 9
    assert check_roster(SESSION, {did: samples.acceptance(did, min_cohort=1) for did in FIRMS}) == 3


def test_indicators_of_another_session_stranger_or_length_are_refused():
    """One mark per cell and column, from the roster, for this transcript."""
    refused("cohort.transcript", check_indicators, SESSION, samples.indicators(ACME, **OTHER))
    for columns in (("101",), ("1010", "1010")):
        short = samples.indicators(ACME, columns=columns)
        refused("cohort.indicators", check_indicators, SESSION, short)
    stranger = samples.indicators(ACME, provider=HUB)
    refused("cohort.indicators", check_indicators, SESSION, stranger)


@given(marks=st.lists(st.tuples(*[st.sampled_from("01")] * 3), min_size=4, max_size=4))
def test_a_figure_is_cleared_where_all_read_a_union_of_classes(marks):
    """The law of phase A, cell by cell: one provider alone can withhold, and none can clear."""
    columns = {did: "".join(mark[i] for mark in marks) for i, did in enumerate(FIRMS)}
    said = {did: samples.indicators(did, columns=(columns[did], "1100")) for did in FIRMS}
    found, other = clear(SESSION, said)
    assert found == "".join("1" if set(mark) == {"1"} else "0" for mark in marks)
    assert other == "1100"
    told = samples.cleared(columns=(found, other))
    assert told.indexes == tuple(i for i in range(4) if "1" in (found[i], other[i]))


def test_a_list_of_cleared_cells_that_lies_is_refused():
    """Made for a smaller cohort, from other indicators, or over a cell that we blocked."""
    own = (ACME, samples.cleared().indicators[ACME], samples.MARKS[ACME])
    for changes in (
        {"min_cohort": 2},
        {"columns": ("101",)},
        {"aggregator": BUYER},
        {"columns": ("1110",)},  # the second cell is no union of classes at the first firm
        {"indicators": {did: samples.cleared().indicators[did] for did in FIRMS[:2]}},
        {"indicators": dict.fromkeys(FIRMS, "sha-256:" + "2" * 64)},
    ):
        lying = samples.cleared(**changes)
        refused("cohort.cleared", check_cleared, SESSION, lying, min_cohort=3, own=own)
    replayed = samples.cleared(**OTHER)
    refused("cohort.transcript", check_cleared, SESSION, replayed, min_cohort=3, own=own)


def test_a_contribution_names_its_cells_and_its_bytes():
    """A batch for other cells, other bytes or from a stranger is refused."""
    good = {"cleared": samples.CLEARED_DIGEST, "batch": digest_bytes(samples.FRAMES[ACME])}
    check_contribution(SESSION, samples.contribution(ACME), **good)
    for changes in (
        {"cleared": OTHER["transcript"]},
        {"batch": OTHER["transcript"]},
        {"provider": HUB},
    ):
        wrong = samples.contribution(ACME, **changes)
        refused("cohort.contribution", check_contribution, SESSION, wrong, **good)
    replayed = samples.contribution(ACME, **OTHER)
    refused("cohort.transcript", check_contribution, SESSION, replayed, **good)


def test_a_product_that_lies_is_refused():
    """Left out, swapped or unsigned batches, other cells, other bytes: the consumer notices."""
    contributions = {did: samples.contribution(did) for did in FIRMS}
    good = {
        "cleared": samples.CLEARED_DIGEST,
        "product": digest_bytes(samples.PRODUCT),
        "contributions": contributions,
    }
    batches = dict(samples.released().batches)
    for changes in (
        {"batches": {did: batches[did] for did in FIRMS[:2]}},
        {"product": OTHER["transcript"]},
        {"cleared": OTHER["transcript"]},
        {"aggregator": BUYER},
    ):
        refused("cohort.released", check_released, SESSION, samples.released(**changes), **good)
    swapped = samples.released(batches=batches | {ACME: batches[BOLT]})
    refused("cohort.contribution", check_released, SESSION, swapped, **good)
    fewer = good | {"contributions": {did: contributions[did] for did in FIRMS[:2]}}
    refused("cohort.released", check_released, SESSION, samples.released(), **fewer)
    renamed = good | {"contributions": contributions | {ACME: contributions[BOLT]}}
    refused("cohort.contribution", check_released, SESSION, samples.released(), **renamed)


def test_an_outcome_is_the_word_of_this_sessions_aggregator():
    """An end declared by another, or for another session, ends nothing."""
    ended = {"reason": "cohort.deadline", "about": "", "by": BUYER, "cleared": ""}
    check_outcome(SESSION, Ended(**HEAD, aggregator=HUB, **ended))
    refused("cohort.outcome", check_outcome, SESSION, Ended(**HEAD, aggregator=ACME, **ended))
    other = Ended(**HEAD | OTHER, aggregator=HUB, **ended)
    refused("cohort.transcript", check_outcome, SESSION, other)


@pytest.mark.parametrize("table", [states.PROVIDER, states.AGGREGATOR, states.CONSUMER])
def test_the_machines_end_and_refuse_what_is_not_in_them(table):
    """Every state reaches an end; an event that is not in the table changes nothing."""
    final = set(table.values()) - {state for state, _ in table}
    assert final
    events = {event for _, event in table}
    for state in {state for state, _ in table} | final:
        for event in events:
            if (state, event) in table:
                assert states.step(table, state, event) == table[state, event]
            else:
                refused("cohort.state", states.step, table, state, event)


def test_a_session_never_both_releases_and_ends():
    """From RELEASED and from ENDED no row leads anywhere."""
    starts = {state for state, _ in states.AGGREGATOR}
    assert not starts & {states.RELEASED, states.ENDED}
    assert verify.OWNER_FLOOR == 3
