"""Questions that our owner asks of others, and what it does with products across areas: an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import named_agreement
from connector.areas.questions import Wanted, ask, explain, listed
from connector.client.answer_counts import counts_of
from connector.compose.asking_operations import ASK, LIST
from connector.compose.history import history
from connector.compose.history_operations import HISTORY
from connector.compose.page_operations import PAGE
from connector.compose.pages import PAGES, jobs, services
from connector.compose.pages.finding import finds
from connector.compose.product_page import product_page
from connector.compose.published import published_margins
from connector.compose.received import received
from connector.compose.received_operations import RECEIVED
from connector.compose.taking_back import unpublish
from connector.compose.taking_back_operations import UNPUBLISH
from connector.party.area import Area
from connector.party.web import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run


def _ask(node: Node, call: Call) -> dict[str, Any]:
    body = call.body
    wanted = Wanted(
        agreements=body.agreements,
        sql=body.sql,
        purpose=body.purpose,
        mode=body.mode,
        id=body.question_id,
    )
    if body.explain:
        told = {"explain": explain(node, wanted)}
        new = told["explain"]["allowed"] and not told["explain"].get("repeated")
        return told | (_margins(node, body.agreements) if new else {})
    found = ask(node, wanted)
    # an answer that is ours already asks nobody for anything
    lacks = not found.get("repeated") and counts_of(found["answer"]).missing > 0
    return found | (_margins(node, body.agreements) if lacks else {})


def _margins(node: Node, agreements: Sequence[str]) -> dict[str, Any]:
    """Tell what is published of groupings, where something is."""
    if len(agreements) != 1:
        return {}
    with node.db.reading() as session:
        record = named_agreement(session, agreements[0], role="consumer")
    found = published_margins(node, record)
    return {"margins": found} if found else {}


def _list(node: Node, _call: Call) -> dict[str, Any]:
    return listed(node, language=language())


OPERATIONS: Final[Mapping[Operation, Run]] = {
    ASK: _ask,
    LIST: _list,
    RECEIVED: received,
    HISTORY: history,
    PAGE: product_page,
    UNPUBLISH: unpublish,
}
AREA = Area(
    name="asking", services=services, operations=OPERATIONS, pages=PAGES, finds=finds, jobs=jobs
)
