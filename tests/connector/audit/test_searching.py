"""Searching the log: what is found is what a look at every leaf finds, in pages, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from connector.areas.audit import counting, walking
from connector.areas.audit.searching import Filter, matches, read_leaf, search
from connector.process.errors import NotFound
from connector.store.rows import LogEntryRow, LogTermRow
from contracts.evidence import Entry, parse_leaf
from contracts.leaf_terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlmodel import Session

    from connector.areas.audit.searching import Read
    from tests.simulators import Party, StandingClock

PARTIES = ("did:web:a.example", "did:web:b.example", "")
AGREEMENTS = ("urn:agreement:1", "urn:agreement:2", "")
PROCESSES = ("p-1", "p-2", "7", "")
KINDS = ("QUESTION", "ANSWER", "REFUSAL", "ACCESS")
IDS = ("sha-256:" + "0a" * 32, "m-1", "m-2", "parts", "7", "urn:agreement:1", "did:web:a.example")

entries = st.builds(
    lambda kind, party, agreement, process, message, signed, product, decision: Entry(
        kind=kind,
        counterparty=party,
        agreement=agreement,
        process=process,
        msg={"direction": "in", "type": "Question", "id": message} if message else None,
        sig=(signed,) if signed else (),
        query={"product": product, "mode": "masked"} if product else None,
        policy={"decision": decision} if decision else None,
    ),
    st.sampled_from(KINDS),
    st.sampled_from(PARTIES),
    st.sampled_from(AGREEMENTS),
    st.sampled_from(PROCESSES),
    st.sampled_from(("m-1", "m-2", "7", "")),
    st.sampled_from((IDS[0], "")),
    st.sampled_from(("parts", "stock", "")),
    st.sampled_from(("allow", "deny", "")),
)
filters = st.builds(
    Filter,
    party=st.none() | st.sampled_from(PARTIES[:2]),
    agreement=st.none() | st.sampled_from(AGREEMENTS[:2]),
    process=st.none() | st.sampled_from(PROCESSES[:3]),
    kind=st.none() | st.sampled_from(KINDS),
    decision=st.none() | st.sampled_from(("allow", "deny")),
    id=st.none() | st.sampled_from((*IDS, "0a" * 32, "masked", "3", "nothing")),
)


def every(session: Session) -> list[Read]:
    """Each leaf, the newest first: by time, then by place."""
    places = session.exec(select(LogEntryRow.index)).all()
    found = [leaf for place in places if (leaf := read_leaf(session, place)) is not None]
    return sorted(found, key=lambda leaf: (leaf.time_ms, leaf.index), reverse=True)


def pages(session: Session, wanted: Filter, limit: int) -> Iterator[int]:
    """Go back page by page, and forward again: the same leaves both ways."""
    before, there = None, []
    for _ in range(400):
        page = search(session, wanted, before=before, limit=limit)
        assert len(page.leaves) <= limit
        yield from (leaf.index for leaf in page.leaves)
        there += [leaf.index for leaf in page.leaves]
        if page.older is None:
            break
        before = page.older
    else:
        raise AssertionError("the pages have no end")
    back: list[int] = []
    after = before
    while after is not None:
        page = search(session, wanted, after=after, limit=limit, facets=False)
        back = [leaf.index for leaf in page.leaves] + back
        after = page.newer
    shown_last = there[len(back) :]
    assert there[: len(back)] == back
    assert len(shown_last) <= limit + 1, "but for the page from which it went forward"


@pytest.mark.parametrize("window", [3, 5_000])
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    written=st.lists(st.tuples(entries, st.integers(-2, 3)), min_size=1, max_size=9),
    wanted=st.lists(filters, min_size=1, max_size=3),
    limit=st.integers(1, 6),
    ends=st.tuples(st.none() | st.integers(-5, 30), st.none() | st.integers(-5, 30)),
)
def test_a_search_finds_what_a_look_at_every_leaf_finds(
    party: Callable[..., Party],
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    window: int,
    written: list[tuple[Entry, int]],
    wanted: list[Filter],
    limit: int,
    ends: tuple[int | None, int | None],
):
    """Whatever is asked for, with clocks that are set back, and windows of a few leaves."""
    monkeypatch.setattr(walking, "WINDOW", window)
    node = _node(party)
    begun = int(clock.now().timestamp() * 1000)
    for entry, seconds in written:
        clock.advance(seconds)
        with node.db.transaction() as tx:
            tx.append(entry)
    since, until = (None if end is None else begun + end * 1000 for end in ends)
    with node.db.reading() as session:
        leaves = every(session)
        for one in wanted:
            bounded = Filter(
                **{name: getattr(one, name) for name in ("party", "agreement", "process", "kind")},
                decision=one.decision,
                id=one.id,
                since=since,
                until=until,
            )
            expected = [leaf.index for leaf in leaves if matches(leaf, bounded)]
            assert list(pages(session, bounded, limit)) == expected


_NODES: dict[int, Party] = {}


def _node(party: Callable[..., Party]):  # type: ignore[no-untyped-def]
    """One node for all examples of a test: its log grows on."""
    made = _NODES.get(id(party))
    if made is None:
        _NODES.clear()
        made = _NODES[id(party)] = party("acme")
    return made.node


def test_what_is_appended_has_the_terms_that_its_bytes_have(party: Callable[..., Party]):
    """The index is made of the entry; a home that is migrated has it made of the leaf."""
    node = party("acme").node
    with node.db.transaction() as tx:
        tx.append(
            Entry(
                kind="REFUSAL",
                consumer_pid="c",
                provider_pid="p",
                process="p",
                msg={"direction": "in", "type": "Question", "id": "q"},
                sig=["sha-256:" + "1b" * 32],
                policy={"decision": "deny", "reasons": ["policy.date_time"], "digest": "d"},
                query={"product": "parts", "mode": "masked", "sessions": ["s1", "s2"]},
                detail={"sql": "select 1"},
            )
        )
    with node.db.reading() as session:
        stored = {(row.term, row.time_ms, row.index) for row in session.exec(select(LogTermRow))}
        made = {
            (term, row.time_ms, row.index)
            for row in session.exec(select(LogEntryRow))
            for term in terms_of(parse_leaf(row.entry), row.leaf_hash)
        }
        assert stored == made
        for name in ("c", "q", "1b" * 32, "d", "parts", "s2", "p"):
            assert len(search(session, Filter(id=name)).leaves) == 1, name
        for name in ("masked", "policy.date_time", "deny"):
            assert search(session, Filter(id=name)).leaves == (), name


def test_kinds_are_counted_whatever_kind_is_asked_for(party: Callable[..., Party]):
    """A reader sees what else there is under the same filter."""
    node = party("acme").node
    with node.db.transaction() as tx:
        for kind, party_ in (("ANSWER", PARTIES[0]), ("ANSWER", PARTIES[0]), ("ACCESS", "")):
            tx.append(Entry(kind=kind, counterparty=party_))
    with node.db.reading() as session:
        assert search(session, Filter()).kinds == {"CONFIGURATION": 1, "ANSWER": 2, "ACCESS": 1}
        assert search(session, Filter(kind="ACCESS", party=PARTIES[0])).kinds == {"ANSWER": 2}


@pytest.mark.parametrize("by_id", [False, True])
def test_parties_and_decisions_are_counted_where_none_is_asked_for(
    party: Callable[..., Party], by_id: bool, monkeypatch: pytest.MonkeyPatch
):
    """Those with most first, within the filter, and no more than a few; each leads to its leaves."""
    monkeypatch.setattr(counting, "PARTIES", 2)
    node = party("acme").node
    told = [(PARTIES[0], "allow"), (PARTIES[1], "deny"), (PARTIES[1], "allow"), ("did:web:c", "")]
    with node.db.transaction() as tx:
        for did, decision in told:
            policy = {"decision": decision} if decision else None
            tx.append(Entry(kind="ANSWER", counterparty=did, process="7", policy=policy))
        tx.append(Entry(kind="ACCESS"))
    of = {"id": "7"} if by_id else {"process": "7"}
    with node.db.reading() as session:
        found = search(session, Filter(**of))
        assert list(found.parties.items()) == [(PARTIES[1], 2), (PARTIES[0], 1)]
        assert found.decisions == {"allow": 2, "deny": 1}
        for did, count in found.parties.items():
            one = search(session, Filter(**of, party=did))
            assert (len(one.leaves), one.parties) == (count, {})
        for decision, count in found.decisions.items():
            one = search(session, Filter(**of, decision=decision))
            assert (len(one.leaves), one.decisions) == (count, {})
        assert search(session, Filter(kind="ACCESS")).parties == {}


def test_a_page_that_begins_nowhere_is_refused(party: Callable[..., Party]):
    """A leaf that is not there is no place to go on from."""
    with party("acme").node.db.reading() as session, pytest.raises(NotFound, match="leaf 99"):
        search(session, Filter(), before=99)
