"""Totals over several providers as a mode of questions: a session each, driven from its rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from connector.areas.cohort import consumer_rows as keeping
from connector.areas.cohort.asking import Driving
from connector.areas.cohort.draft import DECIDES, body_of
from connector.areas.cohort.live import LiveSessions
from connector.areas.cohort.opening import SESSION_BYTES, draw, standing
from connector.areas.cohort.planning import asked, widths
from connector.areas.cohort.wire import post
from connector.areas.questions import ANSWERED, Told, refusal, unfinished
from connector.process.errors import VoileError
from connector.process.job import at_once
from crypto.b64 import b64url
from crypto.paillier.keys import DEFAULT_BITS
from policies.modes import HOMOMORPHIC_MODE
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.areas.cohort.opening import Drawn, Standing
    from connector.areas.questions import Asked, Chosen
    from connector.party.node import Node
    from policies.modes import QueryMode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Total:
    """The mode.

    Attributes:
        key_bits: length of the fresh key of each session.
        report: told what is going on.
    """

    terms: ClassVar[QueryMode] = HOMOMORPHIC_MODE
    resumes: ClassVar[bool] = True
    key_bits: int = DEFAULT_BITS
    report: Callable[[str], None] = lambda _step: None

    def plan(self, node: Node, chosen: Chosen) -> Standing:
        """See that a total can be asked of these providers, and plan it."""
        return standing(node, chosen, self.report)

    def open(self, node: Node, chosen: Chosen, plan: Standing) -> Drawn:
        """Draw the session with its secrets."""
        return draw(node, chosen, plan, key_bits=self.key_bits, report=self.report)

    def answer(self, node: Node, attempt: str, opened: Drawn | None) -> Told:  # noqa: ARG002 -- saved
        """Drive the session to its end.

        Raises:
            Refused: by a contract or the rules of the cohort, with all reasons; nothing is charged.
            RemoteError: somebody cannot be reached; asking again with the same id is safe.
            VerificationError: somebody's word does not hold.
        """
        Driving(node, attempt, self.report).drive()
        found = keeping.asked_of(node, attempt)
        if found.state != ANSWERED:  # ended by the sweep, a moment ago
            reasons = [Reason.from_json(told) for told in found.told]
            raise refusal(*(reasons or [Reason(code="cohort.deadline", rule="cohort")]))
        return self.told(node, found)

    def explain(self, node: Node, chosen: Chosen, plan: Standing) -> dict[str, Any]:
        """Let each provider decide it as it would decide the session.

        Which cells are released they decide together, when it is asked.
        """
        made, providers = plan.made, chosen.agreements
        salt = b64url(node.entropy(SESSION_BYTES))
        question = asked(
            made, sql=chosen.sql, purpose=chosen.purpose, question_id=chosen.id, salt=salt
        )

        def one(did: str) -> dict[str, Any]:
            body = body_of(
                providers[did].id,
                question,
                widths(made),
                roster=list(providers),
                aggregator=plan.aggregator,
            )
            url = f"{node.peers.endpoint(did)}/cohorts/explain"
            return post(node, did, url, body, kind="cohort-explain")

        words = dict(zip(providers, at_once(one, providers), strict=True))
        reasons = [reason for answer in words.values() for reason in answer.get("reasons", [])]
        allowed = all(answer.get("allowed") is True for answer in words.values())
        return {
            "allowed": allowed,
            **({"decides": DECIDES} if allowed else {}),
            "reasons": reasons,
            "outputs": [output.name for output in made.bound.outputs],
            "dimensions": list(made.bound.mentioned),
            "cells": len(made.cells),
            "aggregator": plan.aggregator,
            "providers": words,
            "usage": {did: answer.get("usage") for did, answer in words.items()},
        }

    def told(self, node: Node, asked: Asked) -> Told:
        """Give a stored answer, with the signed statements behind it."""
        row = keeping.row_of(node, asked.attempt)
        accepted = json.loads(row.acceptances)
        return Told(
            answer=json.loads(asked.answer),
            signature={
                "session": row.session_jws,
                "acceptances": {did: told["acceptance"] for did, told in accepted.items()},
                "cleared": row.cleared_jws,
                "contributions": json.loads(row.contributions),
                "outcome": row.outcome_jws,
            },
            usage=json.loads(asked.usage),
        )

    def named(self, asked: Asked) -> dict[str, Any]:
        """Name the question and its session."""
        return {"questionId": asked.question, "session": asked.attempt, "state": asked.state}

    def shown(self, asked: Asked) -> dict[str, Any]:
        """Give the agreement with each provider."""
        return {"agreements": asked.by_provider}


def resume(node: Node) -> int:
    """Bring sessions that a stop or a crash left behind to their end; say how many."""
    with node.db.reading() as db:
        found = unfinished(db, HOMOMORPHIC_MODE.name)
    live = node.services[LiveSessions]
    left = [session_id for session_id in found if session_id not in live]
    for session_id in left:
        try:
            Driving(node, session_id).drive()
        except VoileError as error:
            node.log.info("cohort-ended", session=session_id, code=error.code)
    return len(left)
