"""Before a session: agreements, providers' tables, a plan, a fresh key; committed before use."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from connector.areas.cohort import problems
from connector.areas.cohort.asking import secret_name
from connector.areas.cohort.evidence import between
from connector.areas.cohort.planning import Plan, asked, literal, plan, propose
from connector.areas.cohort.readying import ready
from connector.areas.cohort.rows import CohortAskRow
from connector.areas.cohort.speaking import say
from connector.areas.cohort.tagging import keep_seed
from connector.areas.dsp import peer_dataset
from connector.areas.questions import agreement_of, refusal, started_endpoint
from connector.identity.fitness import check_fit, check_fit_now
from connector.process.actor import act_as, actor
from connector.process.errors import BadRequest, Refused
from connector.process.ports import unix, unix_ms
from contracts.cohort import states
from contracts.cohort.members import OWNER_FLOOR
from contracts.messages import to_object
from crypto.b64 import b64url
from crypto.canonical import canonical
from crypto.did import Did
from crypto.paillier.jwk import secret_to_jwk
from crypto.paillier.keys import SecretKey
from crypto.paillier.tags import KEY_BYTES
from policies.offers import granted
from policies.planner import choose_mode
from policies.profile import AGGREGATOR
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector.areas.dsp import AgreementRecord
    from connector.party.node import Node

SESSION_BYTES = 16


def open_session(
    node: Node,
    *,
    agreement_ids: Sequence[str],
    sql: str,
    purpose: str,
    mode: str | None,
    question_id: str,
    key_bits: int,
    report: Callable[[str], None],
) -> str:
    """Plan a total and commit its session, before anything about it leaves.

    Returns:
        The session's id.

    Raises:
        Refused: An agreement does not let us ask, somebody is not certified, or the tables differ.
        NotFound: We have no such agreement.
    """
    providers = providers_of(node, agreement_ids, mode)
    aggregator = common_aggregator(providers)
    check_fit_now(node, aggregator, *providers)
    report("reading which classes may be added up")
    table = ready(node, providers)
    report("reading what each provider declares")
    described = tables_of(node, providers)
    made: Plan = plan(described, sql)
    report("drawing a fresh key")
    secret = SecretKey.generate(node.entropy, bits=key_bits)
    salt, seed = b64url(node.entropy(SESSION_BYTES)), node.entropy(KEY_BYTES)
    question = asked(made, sql=sql, purpose=purpose, question_id=question_id, salt=salt)
    session = propose(
        made,
        question,
        consumer=Did(node.settings.did),
        aggregator=Did(aggregator),
        roster=[Did(did) for did in providers],
        key=secret.public,
        session_id=b64url(node.entropy(SESSION_BYTES)),
        seed=seed,
        table=table,
        now=unix(node.clock.now()),
    )
    with node.db.transaction() as tx:
        check_fit(node, tx.session, aggregator, *providers)
        node.secrets.put(tx, secret_name(session.session), canonical(secret_to_jwk(secret)))
        keep_seed(node, tx, session, seed)
        signed = say(node, session, tx.now)
        ours = {did: record.id for did, record in providers.items()}
        tx.session.add(
            CohortAskRow(
                session=session.session,
                question=question_id,
                state=states.step(states.CONSUMER, states.NONE, "ask"),
                agreements=json.dumps(ours),
                asked=asked_of(ours.values(), sql, purpose),
                session_jws=signed,
                question_json=json.dumps(question.to_json(), ensure_ascii=False),
                described=json.dumps(described, ensure_ascii=False),
                deadline=session.deadline,
                asked_ms=unix_ms(tx.now),
            )
        )
        for record in providers.values():
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
                    query={"cells": session.cells, "providers": len(providers)},
                    detail={"sql": sql, "purpose": purpose, "questionId": question_id},
                )
            )
    return session.session


def asked_of(agreement_ids: Any, sql: str, purpose: str) -> str:
    """Name what was asked: the same question id stands for it only."""
    return canonical([sorted(agreement_ids), sql, purpose]).decode()


def providers_of(
    node: Node, agreement_ids: Sequence[str], mode: str | None = None
) -> dict[str, AgreementRecord]:
    """Find the agreements, each with another provider, that may be asked together.

    Raises:
        NotFound, Refused: One of them does not let us ask.
        BadRequest: Two of them are with one provider.
    """
    records = [agreement_of(node, agreement_id) for agreement_id in agreement_ids]
    by_did = sorted(records, key=lambda record: record.counterparty)
    found = {record.counterparty: record for record in by_did}
    if len(found) != len(records):
        raise BadRequest(problems.SAME_PROVIDER)
    choice = choose_mode([record.policy for record in records], mode)
    if isinstance(choice, Reason):
        raise refusal(choice)
    return found


def common_aggregator(providers: dict[str, AgreementRecord]) -> str:
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
                next="next.same_aggregator",
            )
        )
    return next(iter(both))


def tables_of(node: Node, providers: dict[str, AgreementRecord]) -> list[dict[str, Any]]:
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

    with ThreadPoolExecutor(
        max(OWNER_FLOOR, len(providers)), initializer=act_as, initargs=(actor(),)
    ) as pool:
        return list(pool.map(one, providers))
