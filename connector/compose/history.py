"""The questions that were asked under one contract, and how much they overlap.

What is laid side by side is what was asked, never a figure: an auditor sees near-equal questions
without seeing the data.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import agreement_at
from connector.compose.received import received
from connector.compose.received_operations import Wanted
from connector.party.operation import Call
from crypto.errors import VoileError
from policies.overlap import overlap, parts_of
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.party.node import Node
    from policies.overlap import Part

COMPARED: Final = 24  # answered questions that are laid side by side, the newest of a page


def history(node: Node, call: Call) -> dict[str, Any]:
    """Give one page of the questions under a contract, and the overlap of those answered."""
    query = call.query
    agreement, party = meant(node, call.path["agreement"], query.counterparty)
    wanted = Wanted(
        agreement=agreement,
        counterparty=party,
        before=query.before,
        limit=query.limit,
    )
    page = received(node, Call(actor=call.actor, query=wanted))
    taken = ((one, _parts(one)) for one in page["questions"])
    read = ((one, parts) for one, parts in taken if parts is not None)
    compared = list(itertools.islice(read, COMPARED))
    return {
        **page,
        "compared": [one["questionId"] for one, _ in compared],
        "overlap": shares([parts for _, parts in compared]),
    }


def meant(node: Node, name: str, party: str | None) -> tuple[str, str | None]:
    """Say which contract is meant: by its id, and with whom it is where that was said.

    Args:
        node: this node.
        name: its id, or our pid of its negotiation.
        party: the counterparty, where one was named.
    """
    with node.db.reading() as session:
        own = agreement_at(session, name)
    return (name, party) if own is None else (own.id, party or own.counterparty)


def shares(parts: Sequence[frozenset[Part]]) -> list[list[int]]:
    """Give for each two questions how much they share, in hundredths."""
    found = [[100] * len(parts) for _ in parts]
    for first, second in itertools.combinations(range(len(parts)), 2):
        share = round(100 * overlap(parts[first], parts[second]))
        found[first][second] = found[second][first] = share
    return found


def _parts(question: dict[str, Any]) -> frozenset[Part] | None:
    """Take a question apart; None unless it was answered and its text is kept and read."""
    if question.get("state") != "answered" or not question.get("sql"):
        return None
    try:
        return parts_of(parse(question["sql"]))
    except VoileError:
        return None
