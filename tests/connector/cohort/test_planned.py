"""A provider of a total plans outside its transactions, and within the consumer's budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.cohort import figures as own
from connector.cohort import part
from connector.questions import reading
from connector.questions.work import PER_KEY
from tests.connector.cohort.alliance import PURPOSE, SQL

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance

SLOW = ((reading, "parse"), (reading, "bind"), (part, "figures"), (own, "shapes"))


@pytest.fixture
def inside(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[bool]]:
    """Per slow function that a session comes through: did a provider hold its database?"""
    seen: dict[str, list[bool]] = {}
    dbs = [party.node.db for party in alliance.suppliers.values()]

    def watch(module: Any, name: str) -> None:
        real = getattr(module, name)

        def watched(*args: Any, **more: Any) -> Any:
            seen.setdefault(name, []).append(any(db.held_here() for db in dbs))
            return real(*args, **more)

        monkeypatch.setattr(module, name, watched)

    for module, name in SLOW:
        watch(module, name)
    return seen


def test_nothing_slow_happens_inside_a_providers_transaction(
    alliance: Alliance, inside: dict[str, list[bool]]
) -> None:
    """Opened, told, contributed, explained, refused: figures and shapes are made beforehand."""
    agreements = alliance.agreements()
    alliance.answer(agreements)
    body = {"agreements": agreements, "sql": SQL, "purpose": PURPOSE, "explain": True}
    alliance.buyer.manage("POST", "/v1/questions", body)
    alliance.reasons(agreements, "SELECT SUM(available) FROM stock")  # overlaps each brand
    assert set(inside) == {name for _, name in SLOW}
    assert not any(held for found in inside.values() for held in found)


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
    for (most, opened), *later in took.values():
        assert most > opened > PER_KEY  # set aside before it began
        assert [aside for aside, _ in later] == [0, 0]  # let in with the session, owed afterwards
        indicated, contributed = (steps for _, steps in later)
        assert indicated > 0
        assert -opened < contributed < 0  # it was charged: most is given back, never all


def test_a_used_up_budget_opens_no_session(alliance: Alliance) -> None:
    """429 before the key is looked at; with the budget back the same total is answered."""
    agreements, node = alliance.agreements(), alliance.suppliers["bolt"].node
    node.work.end(alliance.buyer.did, 0, 10**7)
    status, told = alliance.ask(agreements)
    assert status != 200
    assert "used up the work" in str(told)
    assert alliance.used("bolt", agreements[1]) == 0
    node.work.end(alliance.buyer.did, 0, -(10**8))
    assert alliance.answer(agreements)["answer"]["cells"]
