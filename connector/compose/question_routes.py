"""Questions that our owner asks of other parties, of one or of several, as an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.cohort import asked_totals
from connector.compose.asking import ask_any, explain_any, listed
from connector.compose.asking_operations import ASK, LIST
from connector.party.area import Area

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.party.operation import Call


def _ask(node: Node, call: Call) -> dict[str, Any]:
    return explain_any(node, call.body) if call.body.explain else ask_any(node, call.body)


def _list(node: Node, _call: Call) -> dict[str, Any]:
    return {"questions": listed(node), "totals": asked_totals(node)}


AREA = Area(name="asking", operations={ASK: _ask, LIST: _list})
