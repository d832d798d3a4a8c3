"""Questions that our owner asks of others, and what it does with products across areas: an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions import Wanted, ask, explain, listed
from connector.compose.asking_operations import ASK, LIST
from connector.compose.history import history
from connector.compose.history_operations import HISTORY
from connector.compose.page_operations import PAGE
from connector.compose.pages import PAGES, jobs, services
from connector.compose.pages.finding import finds
from connector.compose.product_page import product_page
from connector.compose.received import received
from connector.compose.received_operations import RECEIVED
from connector.compose.taking_back import unpublish
from connector.compose.taking_back_operations import UNPUBLISH
from connector.party.area import Area
from connector.party.web import language

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return {"explain": explain(node, wanted)} if body.explain else ask(node, wanted)


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
