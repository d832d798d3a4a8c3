"""A provider of a total plans outside its transactions, and within the consumer's budget."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.cohort import figures as own
from connector.areas.cohort import frozen, part, tabling
from connector.areas.cohort.speaking import say
from connector.areas.cohort.table_rows import CohortMembershipRow
from connector.areas.questions import reading
from connector.identity.work import PER_CELL, PER_KEY, STEPS_SAVED, Work
from contracts.cohort.table_statements import Classes
from crypto.canonical import digest
from tests.connector.cohort.alliance import BRANDS, PURPOSE, SQL
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_tables import membership
from tests.long import first_of

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance

SLOW = (
    (reading, "parse"),
    (reading, "bind"),
    (part, "figures"),
    (own, "groups_cleared"),
    (frozen, "common_of"),
    (tabling, "joining_of"),
    (tabling, "common_of"),
    (tabling, "make_marks"),
    (tabling, "check_classes"),
    (tabling, "take_snapshot"),
)


@pytest.fixture
def inside(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[bool]]:
    """Per slow function that a session comes through: did a provider hold its database?"""
    seen: dict[str, list[bool]] = {}
    frozen._read.cache_clear()  # of an alliance before this one, that says the same
    dbs = [party.node.db for party in alliance.suppliers.values()]

    def watch(module: Any, name: str) -> None:
        real = getattr(module, name)

        def watched(*args: Any, **more: Any) -> Any:
            found = seen.setdefault(f"{module.__name__}.{name}", [])
            found.append(any(db.held_here() for db in dbs))
            return real(*args, **more)

        monkeypatch.setattr(module, name, watched)

    for module, name in SLOW:
        watch(module, name)
    return seen


@pytest.mark.long
def test_nothing_slow_happens_inside_a_providers_transaction(
    alliance: Alliance, inside: dict[str, list[bool]]
) -> None:
    """Marked, opened, told, contributed, explained, refused: all that takes long is done before."""
    agreements = alliance.agreements()
    alliance.answer(agreements)
    body = {"agreements": agreements, "sql": SQL, "purpose": PURPOSE, "explain": True}
    alliance.buyer.manage("POST", "/v1/questions", body)
    assert alliance.reasons(agreements, purpose="credit")
    assert set(inside) == {f"{module.__name__}.{name}" for module, name in SLOW}
    assert not any(held for found in inside.values() for held in found)


@pytest.mark.long
def test_a_session_counts_its_steps_and_its_key(alliance: Alliance) -> None:
    """Each provider counts the key, the text, the walk and the later steps as the consumer's."""
    took: dict[str, list[tuple[float, float]]] = {}
    for name, supplier in alliance.suppliers.items():
        budget = supplier.node.work

        def end(
            source: str, most: float, steps: float, _name: str = name, _real: Any = budget.end
        ) -> None:
            assert source == alliance.buyer.did
            took.setdefault(_name, []).append((most, steps))
            _real(source, most, steps)

        budget.end = end  # type: ignore[method-assign]
    alliance.answer(alliance.agreements())
    assert set(took) == set(alliance.suppliers)
    for *tables, (most, opened), indicated, contributed, told in took.values():
        later = indicated, contributed, told
        assert {aside for aside, _ in tables} == {tabling.MOST}
        assert most > opened > PER_KEY  # set aside before it began
        assert [aside for aside, _ in later] == [
            0,
            0,
            0,
        ]  # let in with the session, owed afterwards
        assert min(indicated[1], told[1]) > 0
        assert -opened < contributed[1] < 0  # it was charged: most is given back, never all


@pytest.mark.long
def test_a_used_up_budget_makes_no_table(alliance: Alliance) -> None:
    """429 before anything is joined; with the budget back the same total is answered."""
    agreements, node = alliance.agreements(), alliance.suppliers["bolt"].node
    node.work.end(alliance.buyer.did, 0, 10**7)
    status, told = alliance.ask(agreements)
    assert status != 200
    assert "used up the work" in str(told)
    assert membership(alliance, "bolt") is None
    node.work.end(alliance.buyer.did, 0, -(10**8))
    assert alliance.answer(agreements)["answer"]["cells"]


@pytest.mark.long
def test_who_owes_work_takes_each_step_of_a_session_a_few_times(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let in, so that the others need not wait; then 429, at a supplier and at the aggregator."""
    agreements, bolt, hub = alliance.agreements(), alliance.suppliers["bolt"], alliance.hub
    for node in (bolt.node, hub.node):
        monkeypatch.setattr(node.steps, "_clock", lambda: 0.0)
    alliance.answer(agreements)
    (session,) = alliance.sessions()
    wish = {"reason": "", "about": ""}
    for party, path, sent, taken in (
        (bolt, f"cohorts/{session}/roster", {"acceptances": {}}, 1),
        (hub, f"aggregations/{session}/end", wish, 0),
    ):
        party.node.work.owe(alliance.buyer.did, 10**9)
        found = [post(alliance, alliance.buyer, party, path, sent) for _ in range(14)]
        statuses = [answer.status for answer in found]
        assert statuses[-1] == 429, statuses
        assert statuses.index(429) == STEPS_SAVED - taken
        assert int(found[-1].headers["retry-after"]) > 100
        other = path.replace(session, "A" * 22)  # no session of its: never let in
        assert post(alliance, alliance.buyer, party, other, sent).status == 429


@pytest.mark.long
def test_a_walk_is_counted_by_what_the_common_dimensions_may_hold(alliance: Alliance) -> None:
    """Not by our own cells: the marks of others may name all of it, and nobody may see how many."""
    alliance.answer(alliance.agreements())
    node = alliance.suppliers["bolt"].node
    with node.db.reading() as db:
        found = frozen.frozen(db, "stock")
    assert found is not None
    assert found.common.table.finest == len(BRANDS)
    work = Work(0)
    cells = 7
    assert work.part(finest=found.common.table.finest, columns=4, cells=cells) == work.steps
    assert work.steps == PER_CELL * (len(BRANDS) + cells) * 4


@pytest.mark.long
def test_a_used_up_budget_opens_and_explains_nothing(alliance: Alliance) -> None:
    """429 with the seconds, before the key is looked at; nothing is held of the count."""
    agreements, bolt = alliance.agreements(), alliance.suppliers["bolt"]
    alliance.answer(agreements)
    body = {"agreements": agreements, "sql": SQL, "purpose": PURPOSE, "explain": True}
    alliance.buyer.manage("POST", "/v1/questions", body)
    sent = [s for s in alliance.buyer.net.sent if s.url.startswith(f"{bolt.url}/voile/v1/cohorts/")]
    steps = {s.url.removeprefix(f"{bolt.url}/voile/v1/cohorts/"): json.loads(s.body) for s in sent}
    (session,) = alliance.sessions()
    used = alliance.used("bolt", agreements[1])
    bolt.node.work.end(alliance.buyer.did, 0, 10**7)
    for step in (session, "explain", "tables/ready"):
        answer = post(alliance, alliance.buyer, bolt, f"cohorts/{step}", steps[step])
        assert answer.status == 429
        assert json.loads(answer.body)["error"]["code"] == "question-budget"
        assert int(answer.headers["retry-after"]) > 1
    assert alliance.used("bolt", agreements[1]) == used
    bolt.node.work.end(alliance.buyer.did, 0, -(10**8))
    for step in (session, "explain", "tables/ready"):
        assert post(alliance, alliance.buyer, bolt, f"cohorts/{step}", steps[step]).status == 200


@pytest.mark.long
def test_data_published_in_between_disturb_no_total(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures are frozen: a newer version between planning and deciding changes nothing."""
    agreements = alliance.agreements()
    before = alliance.answer(agreements)["answer"]
    real, published = part.figures, []

    def slowly(granted: Any, *args: Any, **more: Any) -> Any:
        found = real(granted, *args, **more)
        if granted.agreement.id == agreements[0]:
            published.append(found)
            count = len(published)
            rows = [(plant, "C3", 5, "1.00") for plant in range(30 + count)]
            alliance.publish("acme", [*alliance.stocks["acme"], *rows])
        return found

    monkeypatch.setattr(part, "figures", slowly)
    sql = f"{SQL} LIMIT 3"
    after = alliance.answer(agreements, sql)["answer"]
    assert len(published) == 3
    assert after["cells"] == before["cells"]
    assert after["dataVersions"] == before["dataVersions"]


@pytest.mark.long
@pytest.mark.parametrize("step", first_of([1, 2, 3]))
def test_another_cohort_table_in_between_ends_the_session(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Opened, told, contributed: what was made of a table that no longer stands is not used."""
    agreements = alliance.agreements()
    alliance.answer(agreements)
    real, seen = part.figures, []
    bolt = alliance.suppliers["bolt"]

    def slowly(granted: Any, *args: Any, **more: Any) -> Any:
        found = real(granted, *args, **more)
        if granted.agreement.id == agreements[1]:
            seen.append(found)
            if len(seen) == step:
                with bolt.node.db.transaction() as tx:
                    row = tx.session.get(CohortMembershipRow, "stock")
                    assert row is not None
                    again = Classes.from_json(frozen.payload(row.classes_jws))
                    other = replace(again, marks={**again.marks, bolt.did: digest("other")})
                    row.classes_jws = say(alliance.hub.node, other, tx.now)
                    tx.session.add(row)
        return found

    monkeypatch.setattr(part, "figures", slowly)
    codes = alliance.reasons(agreements, f"{SQL} LIMIT 3")
    assert codes == ["cohort.table.other" if step == 1 else "cohort.version.changed"]
    assert alliance.used("bolt", agreements[1]) == 1  # the first total's
