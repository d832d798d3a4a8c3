"""What became of a question that was asked of us: which answer it got, how much came, the charge.

Read for the owner's list, from the rows that answering writes; nothing is kept for the list alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select
from sqlmodel import col

from connector.areas.questions.deciding import charge_key
from connector.areas.questions.rows import ChargeRow, GivenAnswerRow, ReceivedQuestionRow
from connector.areas.questions.store import answer_of, received
from crypto.b64 import unb64url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

_AT_ONCE: Final = 500  # questions in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTo:
    """The answer that a question got.

    Attributes:
        question: Whose answer it is: the question's own id, or that of an earlier one.
        released: Cells with at least one figure.
        withheld: Cells without.
        left_out: Released cells that HAVING or LIMIT left out.
        charged: Whether this question was charged; one that an earlier answer fits is not.
    """

    question: str
    released: int
    withheld: int
    left_out: int
    charged: bool


def given_to(session: Session, counterparty: str, agreement: str, question: str) -> GivenTo | None:
    """Return what a question of one provider got, None while it was only refused."""
    known = received(session, counterparty, question)
    if known is None or not known.answer:
        return None
    given = answer_of(session, counterparty, known.answer)
    if given is None:
        return None
    payload = json.loads(unb64url(given.jws.split(".")[1]))
    return GivenTo(
        question=known.answer,
        released=len(payload["cells"]),
        withheld=len(payload["withheld"]),
        left_out=payload["leftOut"],
        charged=known.answer == question
        and is_committed(session, counterparty, agreement, charge_key(question)),
    )


def uncharged(
    session: Session, counterparty: str, agreement: str, questions: Sequence[str]
) -> frozenset[str]:
    """Return those of many questions of one party that got no answer of theirs that was charged.

    One that got the answer of an earlier question was not to be charged; one without any was.
    """
    found = set(questions)
    for start in range(0, len(questions), _AT_ONCE):
        some = questions[start : start + _AT_ONCE]
        query = (
            select(col(ReceivedQuestionRow.question))
            .join(
                GivenAnswerRow,
                (col(GivenAnswerRow.counterparty) == col(ReceivedQuestionRow.counterparty))
                & (col(GivenAnswerRow.question) == col(ReceivedQuestionRow.answer)),
            )
            .outerjoin(
                ChargeRow,
                (col(ChargeRow.counterparty) == counterparty)
                & (col(ChargeRow.agreement) == agreement)
                & (col(ChargeRow.key) == charge_key("") + col(ReceivedQuestionRow.question)),
            )
            .where(
                col(ReceivedQuestionRow.counterparty) == counterparty,
                col(ReceivedQuestionRow.question).in_(some),
                or_(
                    col(ReceivedQuestionRow.answer) != col(ReceivedQuestionRow.question),
                    col(ChargeRow.committed).is_(True),
                ),
            )
        )
        found.difference_update(session.execute(query).scalars())
    return frozenset(found)


def is_committed(session: Session, counterparty: str, agreement: str, key: str) -> bool:
    """Say whether something is charged for good."""
    row = session.get(ChargeRow, (counterparty, agreement, key))
    return row is not None and row.committed
