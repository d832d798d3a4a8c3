"""Modes in which a question is one request to one provider, and its signed answer the end of it.

They share the request, the decision, the charge, the form of the answer and its evidence. What is
of a mode are the cells that the provider makes, and what its asker looks at besides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from connector.areas.questions.evidence import question_leaf
from connector.areas.questions.exchange import (
    object_of,
    older_peer,
    peer_refused,
    send,
    stored,
    take,
)
from connector.areas.questions.messages import READ_VERSIONS, Question
from connector.areas.questions.mode import Told, modes_of
from connector.areas.questions.opening import started_endpoint
from connector.identity.fitness import check_fit_now
from crypto.words import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.dsp import AgreementRecord
    from connector.areas.questions.answers import Cells
    from connector.areas.questions.asked import Asked
    from connector.areas.questions.granted import Granted
    from connector.areas.questions.mode import Chosen
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from policies.modes import QueryMode


def nothing_more(_payload: Mapping[str, Any]) -> None:
    """The checks of every answer are all that there is to look at."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A question to one provider, ready to leave."""

    node: Node
    agreement: AgreementRecord
    endpoint: str
    question: Question

    @property
    def attempt(self) -> str:
        """Asked again under its id it is the same question."""
        return self.question.id

    @property
    def parties(self) -> tuple[str, ...]:
        """Its provider."""
        return (self.agreement.counterparty,)

    def write(self, tx: Transaction) -> None:
        """Write the leaf of the question."""
        tx.append(question_leaf(self.node, tx, self.agreement, self.question, direction="out"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneProvider:
    """Such a mode.

    Attributes:
        terms: Its name and words.
        cells: At the provider: answers a granted question, as JSON.
        check: At the asker: raises VerificationError where a verified payload is not of this mode.
    """

    resumes: ClassVar[bool] = False
    terms: QueryMode
    cells: Callable[[Granted], Cells]
    check: Callable[[Mapping[str, Any]], None] = nothing_more

    def plan(self, node: Node, chosen: Chosen) -> str:
        """Give where the question goes; both sides are certified, and a transfer is STARTED."""
        (agreement,) = chosen.agreements.values()
        check_fit_now(node, agreement.counterparty)
        return started_endpoint(node, agreement)

    def open(self, node: Node, chosen: Chosen, plan: str) -> Sending:
        """Write the question down as it is sent."""
        (agreement,) = chosen.agreements.values()
        question = Question(
            id=chosen.id,
            agreement=agreement.id,
            sql=chosen.sql,
            purpose=chosen.purpose,
            mode=chosen.mode,
            answers=READ_VERSIONS,
        )
        return Sending(node, agreement, plan, question)

    def answer(self, node: Node, attempt: str, opened: Sending) -> Told:  # noqa: ARG002 -- its id
        """Send the question, verify the answer, and store it; or the refusal."""
        response = send(node, opened.agreement, opened.endpoint, opened.question)
        return take(node, opened.agreement, opened.question, response, self.check)

    def explain(self, node: Node, chosen: Chosen, plan: str) -> dict[str, Any]:
        """Let the provider decide it as it would decide the question."""
        opened = self.open(node, chosen, plan)
        question = replace(opened.question, explain=True)
        response = send(node, opened.agreement, opened.endpoint, question)
        if (older := older_peer(opened.agreement, response)) is not None:
            raise older
        found = object_of(response).get("explain")
        if response.status != 200 or not isinstance(found, dict):
            raise peer_refused(response)
        return found

    def told(self, node: Node, asked: Asked) -> Told:  # noqa: ARG002 -- all is in its row
        """Give a stored answer."""
        usage = json.loads(asked.usage)
        return Told(answer=stored(asked.jws), signature=asked.jws, usage=usage, repeated=True)

    def named(self, asked: Asked) -> dict[str, Any]:
        """Name the question, its provider and the agreement."""
        return named_of_one(asked)

    def shown(self, asked: Asked) -> dict[str, Any]:
        """Give what was asked, and for which purpose."""
        return {"sql": asked.sql, "purpose": asked.purpose}


def named_of_one(asked: Asked) -> dict[str, Any]:
    """Name a question to one provider, the provider and the agreement."""
    try:
        ((provider, agreement),) = asked.by_provider.items()
    except (ValueError, AttributeError):  # damaged: its id and state still say something
        provider = agreement = MISSING
    return {
        "questionId": asked.question,
        "provider": provider,
        "agreement": agreement,
        "state": asked.state,
    }


def one_provider_modes(node: Node) -> dict[str, OneProvider]:
    """Give those of a node's modes in which one request is the question, by name."""
    return {mode.terms.name: mode for mode in modes_of(node) if isinstance(mode, OneProvider)}
