"""What does the operations on requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.people.approval_deciding import agree, decline, withdraw
from connector.areas.people.approval_doing import fetch
from connector.areas.people.approval_force import switch_off, switch_on
from connector.areas.people.approval_operations import (
    AGREE,
    DECLINE,
    FETCH,
    FOUR_EYES,
    LIST,
    OFF,
    ON,
    SHOW,
    WITHDRAW,
)
from connector.areas.people.approval_records import Fetched
from connector.areas.people.approval_shown import four_eyes, listed, shown
from connector.areas.people.approvals import Approvals, found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.people.approval_records import FourEyes, Shown
    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run


def _agree(node: Node, call: Call) -> Shown:
    agree(node, call.path["approval_id"], call.actor)
    return _shown(node, call)


def _decline(node: Node, call: Call) -> Shown:
    decline(node, call.path["approval_id"], call.actor, call.body.reason)
    return _shown(node, call)


def _withdraw(node: Node, call: Call) -> Shown:
    withdraw(node, call.path["approval_id"], call.actor)
    return _shown(node, call)


def _fetch(node: Node, call: Call) -> Fetched:
    made = fetch(node, call.path["approval_id"], call.actor)
    with node.db.reading() as session:
        row = found(session, call.path["approval_id"])
    return Fetched(id=row.id, operation=row.operation, result=made)


def _shown(node: Node, call: Call) -> Shown:
    return shown(node, call.path["approval_id"], call.actor)


def _off(node: Node, _call: Call) -> FourEyes:
    with node.db.transaction() as tx:
        switch_off(tx, node)
    return four_eyes(node)


def _on(node: Node, _call: Call) -> FourEyes:
    with node.db.transaction() as tx:
        switch_on(tx, node, node.services[Approvals].enrolled)
    return four_eyes(node)


OPERATIONS: Final[Mapping[Operation, Run]] = {
    LIST: lambda node, call: listed(node, call.actor, call.query),
    SHOW: _shown,
    AGREE: _agree,
    DECLINE: _decline,
    WITHDRAW: _withdraw,
    FETCH: _fetch,
    FOUR_EYES: lambda node, _call: four_eyes(node),
    ON: _on,
    OFF: _off,
}
