"""What an auditor reads of a question in a default bundle is the same whatever the figures are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.questions.evidence import answer_leaf
from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf
from crypto.canonical import digest

if TYPE_CHECKING:
    from tests.connector.questions.market import Market
    from tests.simulators import Party

FROM = "SELECT ship_mode, SUM(qty) FROM deliveries GROUP BY ship_mode"


def answers(party: Party) -> list[dict[str, Any]]:
    """The open part of each ANSWER leaf."""
    with party.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()  # type: ignore[arg-type]
    return [parse_leaf(row.entry)["query"] for row in rows if row.kind == "ANSWER"]


def test_having_and_limit_leave_no_trace(market: Market) -> None:
    """All cells meet it, none does, one is listed: the same leaf but for the mark."""
    agreement = market.agreement()
    ends = ("HAVING SUM(qty) > 0", "HAVING SUM(qty) > 900000000", "LIMIT 1", "")
    released = [len(market.answer(agreement, f"{FROM} {end}")["answer"]["cells"]) for end in ends]
    assert released == [3, 0, 1, 3], "what came differs"
    for party in (market.consumer, market.provider):
        told = answers(party)
        assert len(told) == len(ends)
        assert len({one.pop("plan") for one in told}) == len(ends)
        assert all(one == told[0] for one in told)
        assert told[0]["cells"] == 3


def test_a_likely_question_cannot_be_tried_against_the_mark(market: Market) -> None:
    """It is equal on both sides and for equal questions, and no digest of what both know."""
    one, other = market.agreement(), market.agreement("narrow")
    found = [market.answer(agreement, FROM)["answer"] for agreement in (one, other)]
    plans = [leaf["plan"] for leaf in answers(market.provider)]
    assert plans == [leaf["plan"] for leaf in answers(market.consumer)]
    assert len(set(plans)) == 2, "each process has a key of its own"
    for answer in found:
        meaning = answer["meaning"]
        assert not {meaning, digest(meaning), digest([meaning])} & set(plans)


def cell(reason: str, **statuses: str) -> dict[str, Any]:
    """A withheld cell."""
    return {"key": {}, "reason": reason} | ({"statuses": statuses} if statuses else {})


@pytest.mark.sweep
@pytest.mark.parametrize(
    "figures",
    [
        [cell("empty")],
        [cell("minGroupSize")],
        [cell("having", a="withheld")],
        [cell("withheld", a="withheld", b="empty")],
        [cell("withheld", a="withheld", b="minGroupSize")],
        [cell("empty", a="empty", b="withheld")],
    ],
)
def test_reasons_that_depend_on_figures_stay_sealed(
    market: Market, figures: list[dict[str, Any]]
) -> None:
    """A cell with such a reason counts as one that is released would."""
    agreement = market.agreement()
    payload = market.answer(agreement, FROM)["answer"]
    fixed = [cell("merged"), cell("blocked", a="blocked", b="withheld")]
    one, other = (
        payload | {"withheld": [*fixed, *figures]},
        payload | {"withheld": fixed, "leftOut": payload["leftOut"] + len(figures)},
    )
    node = market.provider.node
    with node.db.reading() as session:
        record = _agreement(market, session, agreement)
    with node.db.transaction() as tx:
        leaves = [
            answer_leaf(node, tx, record, told, "a.b.c", direction="out") for told in (one, other)
        ]
    assert leaves[0].query == leaves[1].query
    assert leaves[0].query is not None
    assert leaves[0].query["withheld"] == {"blocked": 1, "merged": 1}


def _agreement(market: Market, session: Any, agreement: str) -> Any:
    from connector.areas.dsp import agreements

    return agreements.find(session, agreement, counterparty=market.consumer.did)
