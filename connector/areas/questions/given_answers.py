"""What became of a question that was asked of us: which answer it got, how much came, the charge.

Read for the owner's list, from the rows that answering writes; nothing is kept for the list alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, literal
from sqlmodel import col, select

from connector.areas.questions.deciding import charge_key
from connector.areas.questions.rows import ChargeRow, GivenAnswerRow, ReceivedQuestionRow
from connector.areas.questions.store import answer_of
from connector.client.answer_counts import Counts, counts_of, outputs_shown
from connector.process.lists import batches
from crypto.b64 import unb64url

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlmodel import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTo:
    """The answer that a question got, counted.

    Attributes:
        released: Cells with at least one figure.
        withheld: Cells without.
        left_out: Released cells that HAVING or LIMIT left out.
        counts: Rows and figures of what was given.
    """

    released: int
    withheld: int
    left_out: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class AnsweredAs:
    """Whose answer a question got, and whether it was charged for it.

    Attributes:
        answer: The question whose answer it is: itself, or an earlier one.
        charged: Whether this question was; one that an earlier answer fits is not.
    """

    answer: str
    charged: bool


def given_to(
    session: Session, counterparty: str, known: AnsweredAs, *, sql: str = ""
) -> GivenTo | None:
    """Return what the answer to a question holds; None where it is no longer kept.

    Args:
        session: The database.
        counterparty: Who asked.
        known: Whose answer it got, as `answers_to` gives it.
        sql: Its text, which says which figures were shown; without it, all that were made.
    """
    given = answer_of(session, counterparty, known.answer)
    if given is None:
        return None
    payload = json.loads(unb64url(given.jws.split(".")[1]))
    return GivenTo(
        released=len(payload["cells"]),
        withheld=len(payload["withheld"]),
        left_out=payload["leftOut"],
        counts=counts_of(payload, outputs_shown(sql, payload)),
    )


def answers_to(
    session: Session, counterparty: str, agreement: str, questions: Collection[str]
) -> dict[str, AnsweredAs]:
    """Give what questions of one provider got, by their ids; those only refused are left out.

    For many at once, and without reading the answers.

    Args:
        session: The database.
        counterparty: Who asked.
        agreement: Under which agreement.
        questions: Their ids.
    """
    asked, given, charge = ReceivedQuestionRow, GivenAnswerRow, ChargeRow
    query = (
        select(asked.question, asked.answer, charge.committed)
        .join(
            given,
            and_(
                col(given.counterparty) == asked.counterparty,
                col(given.question) == asked.answer,
            ),
        )
        .outerjoin(
            charge,
            and_(
                col(charge.counterparty) == asked.counterparty,
                col(charge.agreement) == agreement,
                col(charge.key) == literal(charge_key("")) + col(asked.question),
            ),
        )
        .where(asked.counterparty == counterparty)
    )
    found: dict[str, AnsweredAs] = {}
    for part in batches(sorted({*questions})):
        rows = session.execute(query.where(col(asked.question).in_(part)))
        for question, answer, committed in rows:
            found[question] = AnsweredAs(answer, answer == question and bool(committed))
    return found


def is_committed(session: Session, counterparty: str, agreement: str, key: str) -> bool:
    """Say whether something is charged for good."""
    row = session.get(ChargeRow, (counterparty, agreement, key))
    return row is not None and row.committed
