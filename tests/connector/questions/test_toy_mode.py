"""What the next mode costs: one folder, one line in one list; its questions live as all others do."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from connector.areas.products.publish import publish
from connector.process.errors import BadRequest
from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf
from tests.areas import QUESTIONS
from tests.connector.questions import rounded
from tests.connector.questions.market import AREAS, PRODUCT, Market, publish_deliveries, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party, StandingClock

ROOT = Path(__file__).resolve().parents[3]
BY_YEAR = "SELECT year, COUNT(*), SUM(qty) FROM deliveries GROUP BY year"
OFFER = f"""
[[offer]]
name = "rounded"
purposes = ["capacityPlanning"]
modes = ["{rounded.NAME}"]
"""
WITH_IT = replace(QUESTIONS, modes=(*QUESTIONS.modes, rounded.MODE))  # the one list
WITH_ROUNDED = tuple(WITH_IT if area is QUESTIONS else area for area in AREAS)


@pytest.fixture
def market(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    """A provider that offers rounded answers, too, and a consumer that knows them."""
    provider = party("acme", areas=WITH_ROUNDED, pin=["bolt"])
    consumer = party("bolt", areas=WITH_ROUNDED, pin=["acme"])
    publish_deliveries(provider, tmp_path)
    publish(provider.node, PRODUCT + OFFER, None)
    return Market(provider, consumer, net, clock)


def modes_of_leaves(party: Party) -> set[tuple[str, str]]:
    """Give kind and mode of each leaf of a question."""
    with party.node.db.reading() as session:
        leaves = [parse_leaf(row.entry) for row in session.exec(select(LogEntryRow)).all()]
    asked = (leaf for leaf in leaves if leaf["kind"] in {"QUESTION", "ANSWER", "REFUSAL"})
    return {(leaf["kind"], leaf["query"]["mode"]) for leaf in asked}


def test_it_is_one_small_folder_and_one_line_in_one_list():
    """Under 150 lines; nothing of the house names it; of the node one list is longer by one."""
    assert rounded.__file__ is not None
    folder = Path(rounded.__file__).parent
    files = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    assert 0 < sum(len(text.splitlines()) for text in files) < 150
    for room in ("crypto", "policies", "contracts", "catalog", "connector"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert rounded.NAME not in text
            assert rounded.__name__ not in text
    ((old, new),) = [
        pair for pair in zip(AREAS, WITH_ROUNDED, strict=True) if pair[0] is not pair[1]
    ]
    changed = {f.name for f in fields(old) if getattr(old, f.name) is not getattr(new, f.name)}
    assert changed == {"modes"}
    assert new.modes == (*old.modes, rounded.MODE)


def test_a_contract_that_grants_it_is_answered_in_it(market: Market):
    """Chosen by name, charged, listed and told as any other; each figure is a full hundred."""
    agreement = market.agreement("rounded")
    outcome = market.answer(agreement, BY_YEAR)
    assert (outcome["mode"], outcome["why"]["code"]) == (rounded.NAME, "plan.only-granted")
    assert outcome["answer"]["mode"] == rounded.NAME
    for cell in outcome["answer"]["cells"]:
        told = [row.qty for row in rows() if str(row.year) == cell["key"]["year"]]
        exact = {"*:count": len(told), "qty:sum": sum(told)}
        assert set(cell["values"]) == set(exact)
        assert all(abs(int(cell["values"][name]) - exact[name]) <= 50 for name in exact)
        assert all(int(text) % rounded.STEP == 0 for text in cell["values"].values())
    assert len(outcome["answer"]["cells"]) == 4
    assert outcome["usage"]["used"] == 1
    again = market.answer(agreement, BY_YEAR, questionId=outcome["questionId"])
    assert again["repeated"] is True
    assert (again["answer"], again["signature"]) == (outcome["answer"], outcome["signature"])
    (listed,) = market.consumer.manage("GET", "/v1/questions")[1]["questions"]
    assert (listed["mode"], listed["state"]) == (rounded.NAME, "answered")
    for one in (market.consumer, market.provider):
        assert modes_of_leaves(one) == {("QUESTION", rounded.NAME), ("ANSWER", rounded.NAME)}


def test_the_provider_gives_an_answer_once(market: Market):
    """Asked under another id it is the same answer, uncharged, also after both were started anew."""
    agreement = market.agreement("rounded")
    first = market.answer(agreement, BY_YEAR)
    market.provider = market.provider.restart(WITH_ROUNDED)
    market.consumer = market.consumer.restart(WITH_ROUNDED)
    second = market.answer(agreement, BY_YEAR)
    assert second["repeated"] is True
    assert second["questionId"] != first["questionId"]
    assert (second["signature"], second["usage"]["used"]) == (first["signature"], 1)


def test_it_is_explained_before_it_is_asked(market: Market):
    """By the provider, in its name; nothing is charged."""
    agreement = market.agreement("rounded")
    _, told = market.ask(agreement, BY_YEAR, explain=True)
    assert (told["explain"]["allowed"], told["explain"]["mode"]) == (True, rounded.NAME)
    assert market.answer(agreement, BY_YEAR)["usage"]["used"] == 1


@pytest.mark.parametrize(
    ("offer", "mode"), [("standard", rounded.NAME), ("rounded", "masked"), ("rounded", None)]
)
def test_it_is_asked_where_it_is_granted_and_nothing_else_there(
    market: Market, offer: str, mode: str | None
):
    """Insisted on under a contract of masked answers, and the other way round; else it is chosen."""
    agreement = market.agreement(offer)
    more = {"mode": mode} if mode else {}
    status, body = market.ask(agreement, BY_YEAR, **more)
    if mode is None:
        assert (status, body["mode"]) == (200, rounded.NAME)
    else:
        assert [r["code"] for r in body["error"]["reasons"]] == ["policy.query-mode"]
        assert body["error"]["reasons"][0]["given"] == mode


def test_a_figure_that_is_finer_is_not_believed(market: Market):
    """Signed as it is by the provider: the mode's own check refuses it, and nothing is kept."""
    agreement = market.agreement("rounded")

    def finer(payload: dict[str, Any]) -> None:
        payload["cells"][0]["values"]["*:count"] = "101"

    with market.altering(finer, resign=True):
        status, body = market.ask(agreement, BY_YEAR, questionId="urn:uuid:finer-1")
    assert (status, body["error"]["code"]) == (403, "answer-unverified")
    assert market.answer(agreement, BY_YEAR, questionId="urn:uuid:finer-1")["usage"]["used"] == 1


def test_a_node_without_it_neither_asks_nor_answers_nor_offers_it(market: Market):
    """It is refused by name: to its owner, to who asks in it, and where it would be published."""
    agreement = market.agreement("rounded")
    market.provider = market.provider.restart(AREAS)
    status, body = market.ask(agreement, BY_YEAR)
    assert (status, body["error"]["code"]) == (502, "question-not-taken")
    with pytest.raises(BadRequest, match=rounded.NAME):
        publish(market.provider.node, PRODUCT + OFFER, None)
    market.consumer = market.consumer.restart(AREAS)
    for more in ({}, {"mode": rounded.NAME}):
        (code,) = market.reasons(agreement, BY_YEAR, **more)
        assert code == ("question.mode-unfit" if more else "policy.query-mode")


def test_what_was_asked_in_it_stays_in_the_list_of_a_node_without_it(market: Market):
    """By the mode's name, with what is stored; also if what is stored cannot be read."""
    agreement = market.agreement("rounded")
    asked = market.answer(agreement, BY_YEAR)["questionId"]
    (before,) = market.consumer.manage("GET", "/v1/questions")[1]["questions"]
    market.consumer = market.consumer.restart(AREAS)
    status, listed = market.consumer.manage("GET", "/v1/questions")
    assert (status, listed["questions"], listed["totals"]) == (200, [before], [])
    assert (before["mode"], before["sql"], before["state"]) == (rounded.NAME, BY_YEAR, "answered")

    several = '{"did:web:a": "urn:x:1", "did:web:b": "urn:x:2"}'
    for stored, of in ((several, "totals"), ("{", "questions"), ("7", "questions")):
        with market.consumer.node.db.transaction() as tx:
            tx.session.execute(text("update question_asked set agreements = :of"), {"of": stored})
        status, listed = market.consumer.manage("GET", "/v1/questions")
        assert status == 200
        (row,) = listed[of]
        assert (row["questionId"], row["state"]) == (asked, "answered")
        if of == "totals":
            assert (row["mode"], len(row["agreements"])) == (rounded.NAME, 2)
