"""Before a session: agreements, providers' tables, a plan, a fresh key; committed before use."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.areas.cohort.asking import secret_name
from connector.areas.cohort.evidence import between
from connector.areas.cohort.planning import Plan, asked, literal, plan, propose
from connector.areas.cohort.readying import ready
from connector.areas.cohort.rows import CohortAskRow
from connector.areas.cohort.speaking import say
from connector.areas.cohort.tagging import keep_seed
from connector.areas.dsp import peer_dataset
from connector.areas.questions import refusal, started_endpoint
from connector.identity.fitness import check_fit_now
from connector.process.errors import Refused
from connector.process.job import at_once
from connector.process.ports import unix
from contracts.messages import to_object
from crypto.b64 import b64url
from crypto.canonical import canonical
from crypto.did import Did
from crypto.paillier.jwk import secret_to_jwk
from crypto.paillier.keys import SecretKey
from crypto.paillier.tags import KEY_BYTES
from policies.offers import granted
from policies.profile import AGGREGATOR
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.dsp import AgreementRecord
    from connector.areas.questions import Chosen
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.cohort.session import Question, Session

SESSION_BYTES = 16


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands before a total is asked.

    Attributes:
        aggregator: who adds up.
        table: which classes may be added up: digest of what all say of it.
        described: what each provider declares.
        made: the plan.
    """

    aggregator: str
    table: str
    described: list[dict[str, Any]]
    made: Plan


@dataclass(frozen=True, slots=True)
class Drawn:
    """A session that is ready to be saved, with its secrets."""

    node: Node
    chosen: Chosen
    session: Session
    question: Question
    described: list[dict[str, Any]]
    secret: SecretKey = field(repr=False)
    seed: bytes = field(repr=False)

    @property
    def attempt(self) -> str:
        """The session; another of the same question is another attempt."""
        return self.session.session

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody in it."""
        return (self.session.aggregator, *self.session.roster)

    def write(self, tx: Transaction) -> None:
        """Keep the session, its secrets, and a leaf for each provider."""
        node, session = self.node, self.session
        node.secrets.put(tx, secret_name(session.session), canonical(secret_to_jwk(self.secret)))
        keep_seed(node, tx, session, self.seed)
        signed = say(node, session, tx.now)
        tx.session.add(
            CohortAskRow(
                session=session.session,
                session_jws=signed,
                question_json=json.dumps(self.question.to_json(), ensure_ascii=False),
                described=json.dumps(self.described, ensure_ascii=False),
                deadline=session.deadline,
            )
        )
        chosen = self.chosen
        for record in chosen.agreements.values():
            tx.append(
                between(
                    node,
                    tx,
                    record,
                    kind="QUESTION",
                    message="CohortQuestion",
                    session=session.session,
                    direction="out",
                    signed=[signed],
                    query={"cells": session.cells, "providers": len(chosen.agreements)},
                    detail={
                        "sql": chosen.sql,
                        "purpose": chosen.purpose,
                        "questionId": chosen.id,
                    },
                )
            )


def standing(node: Node, chosen: Chosen, report: Callable[[str], None]) -> Standing:
    """See that a total can be asked: somebody adds up, all are certified, the tables fit.

    Raises:
        Refused: an agreement does not let us ask, somebody is not certified, or the tables differ.
    """
    providers = chosen.agreements
    aggregator = common_aggregator(providers)
    check_fit_now(node, aggregator, *providers)
    report("reading which classes may be added up")
    table = ready(node, providers)
    report("reading what each provider declares")
    described = tables_of(node, providers)
    return Standing(aggregator, table, described, plan(described, chosen.sql))


def draw(
    node: Node,
    chosen: Chosen,
    found: Standing,
    *,
    key_bits: int,
    report: Callable[[str], None],
) -> Drawn:
    """Draw a fresh key, and plan the session of a total."""
    report("drawing a fresh key")
    secret = SecretKey.generate(node.entropy, bits=key_bits)
    salt, seed = b64url(node.entropy(SESSION_BYTES)), node.entropy(KEY_BYTES)
    question = asked(
        found.made, sql=chosen.sql, purpose=chosen.purpose, question_id=chosen.id, salt=salt
    )
    session = propose(
        found.made,
        question,
        consumer=Did(node.settings.did),
        aggregator=Did(found.aggregator),
        roster=[Did(did) for did in chosen.agreements],
        key=secret.public,
        session_id=b64url(node.entropy(SESSION_BYTES)),
        seed=seed,
        table=found.table,
        now=unix(node.clock.now()),
    )
    return Drawn(node, chosen, session, question, found.described, secret, seed)


def common_aggregator(providers: Mapping[str, AgreementRecord]) -> str:
    """Give the one aggregator that every agreement names.

    Raises:
        Refused: They name different ones, or one names none.
    """
    named = [frozenset(granted(record.policy, AGGREGATOR)) for record in providers.values()]
    both = frozenset.intersection(*named)
    if len(both) != 1:
        raise refusal(
            Reason(
                code="cohort.aggregator.differs",
                rule="cohort",
                given=", ".join(sorted(frozenset.union(*named))),
                cause="unsatisfied",
                next="next.same-aggregator",
            )
        )
    return next(iter(both))


def tables_of(node: Node, providers: Mapping[str, AgreementRecord]) -> list[dict[str, Any]]:
    """Fetch what each provider declares, all at once, and see that its transfer runs.

    Raises:
        Refused, RemoteError: One of them does not say, or does not let us ask.
    """

    def one(did: str) -> dict[str, Any]:
        record = providers[did]
        try:
            started_endpoint(node, record)
        except Refused as error:
            error.params["member"] = did
            raise
        return literal(to_object(peer_dataset(node, did, record.dataset_id).dataset))

    return at_once(one, providers)
