"""What becomes of a question of ours, each change in one transaction with all that it means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.areas.dsp import agreement_at
from connector.areas.questions import asked
from connector.areas.questions.asked import ANSWERED, ASKED, ENDED, Asked
from connector.identity.fitness import check_fit
from connector.process.errors import Conflict
from contracts import problems_questions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.questions.mode import Chosen, Opened, Wanted
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from policies.reasons import Reason


def known(node: Node, wanted: Wanted) -> Asked | None:
    """Find the attempt that answers, or may yet answer, a question; one that ended does not.

    Raises:
        Conflict: The id was used for another question.
    """
    if wanted.id is None:
        return None
    with node.db.reading() as session:
        found = asked.attempts(session, wanted.id)
        same = [row for row in found if _is_meant(session, row, wanted)]
    if found and not same:  # homes of earlier versions may have a question and a total of one id
        raise reused(wanted.id)
    return next((row for row in same if row.state != ENDED), None)


def _is_meant(session: Session, row: Asked, wanted: Wanted) -> bool:
    """Say whether a question is the one that was asked, its agreements named in either way."""
    theirs, given = row.by_provider, []
    for name in wanted.agreements:
        one = agreement_at(session, name)
        if one is not None and theirs.get(one.counterparty) != one.id:
            return False
        given.append(one.id if one is not None else name)
    said = (sorted(given), wanted.sql, wanted.purpose)
    return (sorted(theirs.values()), row.sql, row.purpose) == said


def save(node: Node, chosen: Chosen, opened: Opened) -> None:
    """Commit a question and its leaves before it leaves; the same attempt is saved once.

    Raises:
        Refused: One of the parties is not certified.
        Conflict: The id was used for another question.
    """
    ours = {did: record.id for did, record in chosen.agreements.items()}
    made = Asked(
        attempt=opened.attempt,
        question=chosen.id,
        mode=chosen.mode,
        agreements=json.dumps(ours),
        sql=chosen.sql,
        purpose=chosen.purpose,
        why=chosen.why,
    )
    with node.db.transaction() as tx:
        check_fit(node, tx.session, *opened.parties)
        row = asked.attempt(tx.session, opened.attempt)
        if row is None:
            asked.add(tx, made)
            opened.write(tx)
        elif _content(row) != _content(made):
            raise reused(chosen.id)


def answered(
    node: Node,
    attempt: str,
    *,
    parties: Sequence[str],
    usage: Mapping[str, Any],
    write: Callable[[Transaction], object],
    jws: str = "",
    answer: str = "",
) -> None:
    """Store a verified answer, once.

    Args:
        node: This node, the consumer.
        attempt: Whose answer it is.
        parties: Who must be certified, besides us.
        usage: What is used of the agreements' counts.
        write: Writes its leaf, and rows of the mode's own.
        jws: The answer as it came, if one party signed it.
        answer: JSON, if it is made of what several signed.

    Raises:
        Refused: One of the parties is not certified any more.
    """
    with node.db.transaction() as tx:
        if _state(tx, attempt) in (ANSWERED, ENDED):
            return
        check_fit(node, tx.session, *parties)
        asked.answered(tx, attempt, usage, jws=jws, answer=answer)
        write(tx)


def refused(
    node: Node,
    attempt: str,
    state: str,
    reasons: Sequence[Reason],
    write: Callable[[Transaction], object],
) -> None:
    """Store that an attempt was refused, each time that it is, or that it ended, once.

    What is answered stays so, whatever another request of the same attempt came to.
    """
    with node.db.transaction() as tx:
        now = _state(tx, attempt)
        if state == ENDED and now != ASKED:
            return
        if now != ANSWERED:
            asked.closed(tx, attempt, state, reasons)
        write(tx)


def reused(question: str) -> Conflict:
    """Make the error of an id that stands for another question already."""
    return Conflict(problems_questions.ID_REUSED, question=question[:200])


def _state(tx: Transaction, attempt: str) -> str:
    row = asked.attempt(tx.session, attempt)
    assert row is not None, "it was saved before it left"
    return row.state


def _content(row: Asked) -> tuple[Any, ...]:
    return row.question, row.by_provider, row.sql, row.purpose, row.mode
