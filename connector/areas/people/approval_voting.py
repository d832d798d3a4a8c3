"""Whose word counts: of those who agreed, the ones who could agree now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from connector.areas.people.approval_rows import ApprovalVoteRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.areas.people.approval_rows import ApprovalRow
    from connector.party.operation import Operation
    from connector.process.actor import Role


def votes(
    session: Session,
    row: ApprovalRow,
    operation: Operation,
    persons: Mapping[str, frozenset[Role]],
) -> int:
    """Count who agreed and may still: neither has ended nor lost the role since.

    Args:
        session: to read in.
        row: the request.
        operation: what is asked for.
        persons: who is enrolled now, with its roles.
    """
    query = select(ApprovalVoteRow.person).where(
        ApprovalVoteRow.request == row.id, col(ApprovalVoteRow.agreed)
    )
    approving = operation.approval or frozenset()
    return sum(bool(persons.get(one, frozenset()) & approving) for one in session.exec(query))
