"""What must stand of the agreements of a question, and the mode that they grant: chosen by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.questions import problems
from connector.areas.questions.mode import Chosen
from connector.areas.questions.opening import agreement_of
from connector.process.errors import BadRequest
from connector.process.refusing import refusal
from policies.planner import choose_mode
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.areas.questions.mode import Mode, Wanted
    from connector.party.node import Node


def choose(node: Node, wanted: Wanted, question: str, modes: Sequence[Mode]) -> Chosen:
    """Find the agreements, each with another provider, and choose the mode.

    Args:
        node: This node, the consumer.
        wanted: What is asked.
        question: Its id.
        modes: Those that there are, cheapest first.

    Raises:
        NotFound: We have no such agreement.
        Refused: One does not let us ask, or there is no mode that all grant and that takes them.
        BadRequest: Two of them are with one provider.
    """
    records = [agreement_of(node, agreement) for agreement in wanted.agreements]
    by_did = sorted(records, key=lambda record: record.counterparty)
    found = {record.counterparty: record for record in by_did}
    if len(found) != len(records):
        raise BadRequest(problems.SAME_PROVIDER)
    policies = [record.policy for record in records]
    choice = choose_mode(policies, wanted.mode, [mode.terms for mode in modes])
    if isinstance(choice, Reason):
        raise refusal(choice)
    return Chosen(
        id=question,
        sql=wanted.sql,
        purpose=wanted.purpose,
        mode=choice.mode,
        why=choice.why,
        agreements=found,
    )
