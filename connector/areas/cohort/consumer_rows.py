"""What the consumer keeps of a session, each with its leaf in the same transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort import problems
from connector.areas.cohort.evidence import alone, between
from connector.areas.cohort.rows import CohortAskRow
from connector.areas.cohort.speaking import reason_of
from connector.areas.cohort.tagging import keep_secrets
from connector.areas.dsp import find_agreement
from connector.areas.questions import ASKED, ENDED, Asked, keep_answered, keep_refused, of_attempt
from connector.evidence import replies
from contracts.cohort import states
from contracts.cohort.errors import CohortError, broken
from contracts.cohort.session import Question, Session
from crypto.b64 import unb64url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.cohort.falsehood import FalseTotalError
    from connector.areas.cohort.wire import Progress
    from connector.party.node import Node
    from connector.process.errors import Refused, VoileError
    from connector.store.transaction import Transaction
    from contracts.cohort.statements import Cleared

NAMED: Final = 16  # ciphertexts in a leaf, which has 4 KiB


def row_of(node: Node, session_id: str) -> CohortAskRow:
    """Find a session of ours."""
    with node.db.reading() as db:
        row = db.get(CohortAskRow, session_id)
    assert row is not None, "sessions of ours are driven from their rows"
    return row


def asked_of(node: Node, session_id: str) -> Asked:
    """Find the attempt that a session of ours is."""
    with node.db.reading() as db:
        found = of_attempt(db, session_id)
    assert found is not None, "sessions of ours are driven from their rows"
    return found


def is_over(node: Node, session_id: str) -> bool:
    """Say whether a session of ours has its answer or its end."""
    return asked_of(node, session_id).state != ASKED


def session_of(row: CohortAskRow) -> Session:
    """Read the session of a row; we signed it ourselves."""
    return Session.from_json(json.loads(unb64url(row.session_jws.split(".")[1])))


def question_of(row: CohortAskRow) -> Question:
    """Read the question of a row."""
    return Question.from_json(json.loads(row.question_json))


def keep_acceptances(node: Node, session_id: str, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep who accepted; also when another refused, so that both logs tell the same."""
    with node.db.transaction() as tx:
        row = _row(tx, session_id)
        known = json.loads(row.acceptances)
        new = {did: answer for did, answer in told.items() if did not in known}
        row.acceptances = json.dumps(known | new)
        tx.session.add(row)
        for did, answer in new.items():
            _leaf(node, tx, row, did, "COHORT", "CohortAcceptance", [answer["acceptance"]])


@dataclass(frozen=True, slots=True)
class Contributed:
    """What a provider answered when it contributed, verified.

    Attributes:
        signed: its contribution, as signed.
        secret: of its tags; nothing if it told another than it signed.
        wrong: that error.
    """

    signed: str
    secret: bytes = field(default=b"", repr=False)
    wrong: CohortError | None = None


def keep_contributions(
    node: Node, session: Session, cleared: str, told: Mapping[str, Contributed]
) -> None:
    """Keep who contributed, and to which cells."""
    with node.db.transaction() as tx:
        row = _row(tx, session.session)
        known = json.loads(row.contributions)
        new = {did: answer.signed for did, answer in told.items() if did not in known}
        keep_secrets(
            node, tx, session, {did: one.secret for did, one in told.items() if one.secret}
        )
        row.cleared_jws, row.contributions = cleared, json.dumps(known | new)
        tx.session.add(row)
        for did, text in new.items():
            _leaf(node, tx, row, did, "ANSWER", "CohortContribution", [text])


def keep_refusals(node: Node, session_id: str, refused: Mapping[str, Refused]) -> None:
    """Keep who refused, and why."""
    with node.db.transaction() as tx:
        row = _row(tx, session_id)
        for did, error in refused.items():
            told = [reason.to_json() for reason in error.reasons]
            _leaf(
                node,
                tx,
                row,
                did,
                "REFUSAL",
                "CohortRefusal",
                [row.session_jws],
                policy={"decision": "deny", "reasons": [r["code"][:80] for r in told][:16]},
                detail={"reasons": told},
            )


def keep_answer(
    node: Node,
    session: Session,
    cleared: Cleared,
    progress: Progress,
    product: bytes | None,
    answer: Mapping[str, Any],
) -> None:
    """Keep the answer with all that stands behind it.

    Raises:
        Refused: we, the aggregator or a provider are not certified any more.
    """
    accepted = json.loads(row_of(node, session.session).acceptances)

    def write(tx: Transaction) -> None:
        _keep_outcome(tx, session, progress.outcome, progress.cleared, product)
        tx.append(
            alone(
                node,
                tx,
                kind="ANSWER",
                **_of(session, "answer"),
                signed=[progress.cleared, progress.outcome],
                query={
                    "providers": len(session.roster),
                    "released": len(cleared.indexes),
                    "withheld": {"cohort": session.cells - len(cleared.indexes)},
                },
                detail={"answer": dict(answer)},
            )
        )

    keep_answered(
        node,
        session.session,
        parties=(session.aggregator, *session.roster),
        usage={did: told["usage"] for did, told in accepted.items()},
        write=write,
        answer=json.dumps(answer, ensure_ascii=False),
    )


def keep_end(node: Node, session: Session, error: VoileError, outcome: str) -> None:
    """Keep that a session ended without an answer."""

    def write(tx: Transaction) -> None:
        _keep_outcome(tx, session, outcome)
        tx.append(
            alone(
                node,
                tx,
                **_of(session, "end"),
                signed=[outcome] if outcome else [],
                query={"reason": error.code[:100]},
            )
        )

    keep_refused(node, session.session, ENDED, getattr(error, "reasons", ()), write)


def keep_false(
    node: Node, session: Session, progress: Progress, product: bytes, error: FalseTotalError
) -> None:
    """Keep a released product that is not the sum of the contributions, and which part is wrong.

    Its bytes stay, too: with the aggregator's signature over them they are what an auditor opens.
    """

    def write(tx: Transaction) -> None:
        _keep_outcome(tx, session, progress.outcome, progress.cleared, product)
        tx.append(
            alone(
                node,
                tx,
                **_of(session, "end"),
                signed=[progress.cleared, progress.outcome],
                query={"reason": error.code, "wrong": list(error.named[:NAMED]), **error.counted},
            )
        )

    keep_refused(node, session.session, ENDED, [reason_of(error)], write)


def _keep_outcome(
    tx: Transaction,
    session: Session,
    outcome: str,
    cleared: str | None = None,
    product: bytes | None = None,
) -> None:
    row = _row(tx, session.session)
    row.outcome_jws = outcome
    if cleared is not None:
        row.cleared_jws, row.product = cleared, product
    tx.session.add(row)


def _of(session: Session, event: str) -> dict[str, Any]:
    """Say whose leaf it is, and from which state to which a session of ours came."""
    return {
        "role": "consumer",
        "counterparty": session.aggregator,
        "session": session.session,
        "states": (states.ASKED, states.step(states.CONSUMER, states.ASKED, event)),
    }


def _row(tx: Transaction, session_id: str) -> CohortAskRow:
    row = tx.session.get(CohortAskRow, session_id)
    assert row is not None, "sessions of ours are driven from their rows"
    return row


def _leaf(
    node: Node,
    tx: Transaction,
    row: CohortAskRow,
    did: str,
    kind: str,
    message: str,
    signed: list[str],
    **more: Any,
) -> None:
    found = of_attempt(tx.session, row.session)
    assert found is not None, "it was saved with the session"
    wanted = found.by_provider[did]
    agreement = find_agreement(tx.session, wanted, counterparty=did)
    if agreement is None:
        raise broken("agreement.unknown", problems.AGREEMENT_GONE)
    entry = between(
        node,
        tx,
        agreement,
        kind=kind,
        message=message,
        session=row.session,
        direction="in",
        signed=signed,
        **more,
    )
    if kind == "REFUSAL":
        tx.append(entry)
    else:
        replies.append(node, tx, entry)
