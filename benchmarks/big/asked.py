"""Questions, received and asked, and the leaves of all else: by the functions that write them.

Each has its leaves with sealed detail and their terms, its rows, its charge and an answer under our
own signature; the cells are those of a question that was really answered. A seventh was refused.
One contract in either role has a tenth of all questions.
"""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from sqlmodel import func, select

from benchmarks.big.rest import more_leaves
from benchmarks.big.world import Sizes, World, say
from connector.areas.dsp import AgreementRecord
from connector.areas.dsp.agreements import page
from connector.areas.questions import AskedQuestionRow, ReceivedQuestionRow, asked, usage
from connector.areas.questions.deciding import charge_key
from connector.areas.questions.evidence import answer_leaf, plan_of, question_leaf, refusal_leaf
from connector.areas.questions.messages import ANSWER_TYP, Question, sql_digest
from connector.areas.questions.store import give, remember
from connector.evidence.log import head
from connector.process.ports import unix
from connector.store.rows import LogEntryRow
from connector.store.transaction import Transaction
from contracts.signatures import jws_digest
from crypto import jws
from crypto.b64 import unb64url
from crypto.canonical import canonical
from policies.reasons import Reason
from tests.connector.questions.market import Market
from tests.simulators import Party

BATCH: Final = 1_000
STEP: Final = timedelta(seconds=14)
TEMPLATES: Final = (
    "SELECT SUM(qty) FROM deliveries WHERE year = 1993 AND ship_mode = 'RAIL'",
    "SELECT year, COUNT(*) FROM deliveries GROUP BY year",
    "SELECT year, ship_mode, SUM(qty) FROM deliveries GROUP BY year, ship_mode",
)
WHY: Final = Reason(
    code="policy.operator",
    clause="/permission/0/constraint/0",
    expected="capacityPlanning",
    given="marketing",
)


def ask(world: World, sizes: Sizes) -> None:
    """Ask and be asked; then write what else fills a log of that size."""
    firm, seller = world.firm, world.sellers[0]
    with firm.node.db.reading() as session:  # where a step was broken off, time has gone on
        newest = session.exec(select(func.max(LogEntryRow.time_ms))).one()
    world.clock.advance(max(0.0, newest / 1000 - world.clock.now().timestamp()))
    world.renew()
    given = _first(world, firm, seller, "provider")
    came = _first(world, seller, firm, "consumer")
    keys = firm.node.keys.now()
    own = (keys.agreements, keys.agreements_kid)
    theirs = seller.node.keys.now()
    _many(world, sizes.questions, "provider", given, own, _received)
    _many(
        world, sizes.questions, "consumer", came, (theirs.agreements, theirs.agreements_kid), _sent
    )
    with firm.node.db.reading() as session:
        lacking = sizes.leaves - head(session).size
    more_leaves(world, lacking)


def _first(
    world: World, provider: Party, consumer: Party, role: str
) -> list[tuple[str, dict[str, Any]]]:
    """Ask in earnest; give the questions with the payloads of their answers."""
    market = Market(provider, consumer, world.net, world.clock)
    with world.firm.node.db.reading() as session:
        records = [one for _, one in page(session, role=role, limit=10_000)]
    peer = consumer.did if role == "provider" else provider.did
    agreement = next(one.id for one in records if one.counterparty == peer)
    found = []
    for number, sql in enumerate(TEMPLATES):
        body = market.answer(agreement, sql, questionId=f"urn:first:{role}:{number}")
        found.append((sql, json.loads(unb64url(body["signature"].split(".")[1]))))
    return found


Write = Callable[..., None]


def _many(
    world: World,
    count: int,
    role: str,
    like: list[tuple[str, dict[str, Any]]],
    key: tuple[Any, str],
    write: Write,
) -> None:
    node = world.firm.node
    table = ReceivedQuestionRow if role == "provider" else AskedQuestionRow
    with node.db.reading() as session:
        there = session.exec(select(func.count()).select_from(table)).one() // BATCH * BATCH
        found = [one for _, one in page(session, role=role, limit=10_000)]
    records = [one for one in found if one.ended_at is None]
    heavy = records[-1]  # negotiated by message
    for first in range(there, count, BATCH):  # a step that was broken off goes on
        drawn = random.Random(f"questions {role} {first}")
        with node.db.transaction() as tx:
            for number in range(first, min(first + BATCH, count)):
                record = heavy if number % 10 == 0 else drawn.choice(records)
                sql, payload = drawn.choice(like)
                question = Question(
                    id=f"urn:uuid:{drawn.randbytes(16).hex()}",
                    agreement=record.id,
                    sql=f"{sql} -- {number}",
                    purpose="capacityPlanning",
                    answers=(2,),
                )
                made = payload | {
                    "questionId": question.id,
                    "agreementId": record.id,
                    "provider": node.settings.did if role == "provider" else record.counterparty,
                    "consumer": record.counterparty if role == "provider" else node.settings.did,
                    "sqlDigest": sql_digest(question.sql),
                    "meaning": f"sha-256:{drawn.randbytes(32).hex()}",
                    "answeredAt": tx.now.isoformat(timespec="milliseconds"),
                }
                signed = ""
                if number % 7:
                    signed = jws.sign(
                        canonical(made), key[0], typ=ANSWER_TYP, kid=key[1], iat=unix(tx.now)
                    )
                write(world, tx, record, question, made, signed)
                tx.now += STEP
            world.clock.advance((tx.now - world.clock.now()).total_seconds())
        if not (first + BATCH) % 20_000:
            say(f"{first + BATCH:,} of {count:,} questions as {role}")


def _received(
    world: World,
    tx: Transaction,
    record: AgreementRecord,
    question: Question,
    payload: dict[str, Any],
    signed: str,
) -> None:
    node, peer = world.firm.node, record.counterparty
    query = {"plan": plan_of(node, tx, record, payload["meaning"])} if signed else None
    tx.append(question_leaf(node, tx, record, question, direction="in", query=query))
    remember(tx, peer, question, answer=question.id if signed else "", known=False)
    if not signed:
        tx.append(refusal_leaf(node, tx, record, question, [WHY], direction="out"))
        return
    give(tx, peer, question, meaning=payload["meaning"], jws=signed)
    usage.commit(tx, counterparty=peer, agreement=record.id, key=charge_key(question.id))
    policy = {"digest": jws_digest(signed), "decision": "allow", "rules": []}
    tx.append(answer_leaf(node, tx, record, payload, signed, direction="out", policy=policy))


def _sent(
    world: World,
    tx: Transaction,
    record: AgreementRecord,
    question: Question,
    payload: dict[str, Any],
    signed: str,
) -> None:
    node = world.firm.node
    asked.add(
        tx,
        asked.Asked(
            attempt=question.id,
            question=question.id,
            mode=question.mode,
            agreements=json.dumps({record.counterparty: record.id}),
            sql=question.sql,
            purpose=question.purpose,
            why="only-mode",
        ),
    )
    tx.append(question_leaf(node, tx, record, question, direction="out"))
    if not signed:
        asked.closed(tx, question.id, asked.REFUSED, [WHY])
        tx.append(refusal_leaf(node, tx, record, question, [WHY], direction="in"))
        return
    told = {"used": 5, "limit": 900_000, "left": 899_995}
    asked.answered(tx, question.id, told, jws=signed)
    tx.append(answer_leaf(node, tx, record, payload, signed, direction="in"))
