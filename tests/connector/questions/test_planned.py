"""Planning stands outside the write transaction, and holds only while what it was made on does."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas import products
from connector.areas.dsp import agreements
from connector.areas.questions import answers, enforcement, reading
from connector.areas.questions.reading import make_plan
from connector.identity.work import Work
from policies import plan as planning
from policies.codesets import Diagrams
from tests.connector.questions.market import Row, publish_deliveries

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.questions.market import Market

TOTAL = "SELECT SUM(qty) FROM deliveries"
SLOW = ("parse", "bind", "meaning")


@pytest.fixture
def inside(market: Market, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[bool]]:
    """Per slow function that a question comes through: was the provider's database held?"""
    seen: dict[str, list[bool]] = {}
    db = market.provider.node.db

    def watch(module: Any, name: str) -> None:
        real = getattr(module, name)

        def watched(*args: Any, **more: Any) -> Any:
            seen.setdefault(name, []).append(db.held_here())
            return real(*args, **more)

        monkeypatch.setattr(module, name, watched)

    for name in SLOW:
        watch(reading, name)
    watch(answers, "answer_groups")
    return seen


def test_nothing_slow_happens_inside_a_transaction(
    market: Market, inside: dict[str, list[bool]]
) -> None:
    """Answered, refused by the contract, not in the language, too large, explained, repeated."""
    agreement = market.agreement()
    done = market.answer(agreement, TOTAL)
    market.answer(agreement, f"{TOTAL} WHERE year >= 1992")  # means the same
    market.answer(agreement, TOTAL, questionId=done["questionId"])
    market.reasons(agreement, f"{TOTAL} WHERE year = 2050")
    market.reasons(agreement, "SELECT nothing FROM deliveries WHERE")
    assert market.ask(agreement, f"{TOTAL} WHERE year = 1993", explain=True)[1]["explain"][
        "allowed"
    ]
    assert set(inside) == {*SLOW, "answer_groups"}
    assert not any(held for found in inside.values() for held in found)


def test_planning_inside_a_transaction_is_a_bug_that_shows(market: Market) -> None:
    """No route can come to parse while it has the database to itself, however it is written."""
    node = market.provider.node
    with node.db.reading() as session:
        product = products.declared(session, "deliveries")
    assert product is not None
    with node.db.transaction() as tx, pytest.raises(RuntimeError, match="before"):
        make_plan(node, tx.session, product, TOTAL, Work())


def test_a_new_data_version_in_between_is_answered_from(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planned on version 1, published anew before the transaction: version 2 answers, one charge."""
    agreement = market.agreement()
    real, published = answers.answer_groups, []

    def slowly(table: Any, **more: Any) -> Any:
        found = real(table, **more)
        if not published:
            published.append(table.number)
            rows = [Row(c, 1992, "SHIP", "EAST", 1, "1.00") for c in range(1, 60)]
            publish_deliveries(market.provider, tmp_path, more=rows)
        return found

    monkeypatch.setattr(answers, "answer_groups", slowly)
    done = market.answer(agreement, TOTAL)
    assert published == [1]
    assert done["answer"]["dataVersion"]["number"] == 2
    assert done["usage"]["used"] == 1


def test_an_agreement_that_ends_in_between_grants_nothing(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction looks at the agreement itself, whatever was planned under it."""
    agreement = market.agreement()
    real = enforcement.find_agreement
    ended: list[bool] = []
    found_by = market.provider.node.db

    def ending(session: Any, *args: Any, **more: Any) -> Any:
        found = real(session, *args, **more)
        if found is not None and found.role == "provider" and found_by.held_here():
            ended.append(True)
            return replace(found, ended_at=found.finalized_at)
        return found

    monkeypatch.setattr(enforcement, "find_agreement", ending)
    assert market.reasons(agreement, TOTAL) == ["agreement.ended"]
    assert ended


def test_terms_are_parsed_once_per_content(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten questions under an agreement parse its terms at most once, on both sides together."""
    agreement = market.agreement()
    real, parsed = agreements.parse_policy, []

    def counted(*args: Any, **more: Any) -> Any:
        parsed.append(args)
        return real(*args, **more)

    monkeypatch.setattr(agreements, "parse_policy", counted)
    for year in (1992, 1993, 1994):
        market.answer(agreement, f"{TOTAL} WHERE year = {year}")
        market.reasons(agreement, f"{TOTAL} WHERE year = 20{year}")
    assert len(parsed) <= 1


def test_filters_are_given_back_with_their_question(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answered or refused, a filter is freed at once, not when the collector comes round."""
    made: list[weakref.ref[Diagrams]] = []

    def remembered(*args: Any, **more: Any) -> Diagrams:
        found = Diagrams(*args, **more)
        made.append(weakref.ref(found))
        return found

    agreement = market.agreement()
    monkeypatch.setattr(planning, "Diagrams", remembered)
    gc.collect()
    gc.disable()
    try:
        market.answer(agreement, f"{TOTAL} WHERE year = 1993 OR region = 'EAST'")
        market.reasons(agreement, f"{TOTAL} WHERE year = 1993 AND year = 1994")
        market.reasons(agreement, f"{TOTAL} WHERE year = 1993 AND year = 2050")
        assert len(made) >= 3  # and those of the questions that the product's page suggests
        assert not [ref for ref in made if ref() is not None]
    finally:
        gc.enable()
