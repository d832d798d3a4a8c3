"""Doing one operation for whoever acts now: the same gates, whatever face it was asked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.party import problems
from connector.party.area import Areas
from connector.party.witnessing import witness
from connector.process.actor import actor, roles_at
from connector.process.errors import Forbidden
from crypto.records import write
from crypto.words import verbatim

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run
    from connector.process.actor import Role


def perform(node: Node, operation: Operation, run: Run, call: Call) -> object:
    """Do an operation: rights first, then the work. Routes and pages have no other way to it.

    Args:
        node: this node.
        operation: what is to be done.
        run: what does it.
        call: by whom, with what.

    Returns:
        What `run` gave; `Held` where a gate keeps it for later instead.

    Raises:
        Forbidden: whoever acts may not do it.
        TooMany: an auditor who does it reads more than may be put on record.
    """
    check_may(operation.name, operation.may, at=node.settings.role)
    for gate in node.services[Areas].gates:
        if (held := gate(node, operation, call)) is not None:
            return held
    made = run(node, call)
    asked = dict(call.path) | ({} if call.query is None else write(call.query))
    witness(node, operation, call.actor, asked)
    return made


def check_may(what: str, may: frozenset[Role], *, at: str) -> None:
    """Check that whoever acts has one of the roles.

    Args:
        what: is to be done.
        may: the roles that may.
        at: the kind of node: of the roles those are named that can exist there.

    Raises:
        Forbidden: it has none of them.
    """
    who = actor()
    if may & who.roles:
        return
    lacking = sorted(may & frozenset(roles_at(at))) or sorted(may)
    raise Forbidden(
        problems.ROLE_MISSING,
        operation=what,
        who=who,
        either=verbatim("、".join(lacking), " or ".join(lacking)),
        roles=", ".join(lacking),
    )
