"""Contracts: one with each seller, in either role, negotiated by message; the others after them.

A copy is the two processes, the agreement, its signatures and the process key, under other ids,
with another firm. What the copied signatures sign is the first one's agreement.
"""

import json
import random
from typing import Any, Final

from sqlalchemy import insert, select
from sqlmodel import SQLModel, col

from benchmarks.big.world import Sizes, World, say
from connector.areas.dsp.agreements import page
from connector.areas.dsp.rows import AgreementRow, ProcessRow, SignatureRow
from connector.areas.dsp.store import PROCESS_KEY_BYTES, process_key_name
from connector.store.outbox_rows import PARKED, OutboxRow
from contracts.evidence import Entry
from tests.connector.questions.market import Market
from tests.simulators import Party

BATCH: Final = 500
DAY_MS: Final = 86_400_000
MESSAGES: Final = 2_000  # given up
STATES: Final = ("FINALIZED",) * 7 + ("TERMINATED", "REQUESTED", "OFFERED")


def agree(world: World, sizes: Sizes) -> None:
    """Make contracts: half of them as provider."""
    for seller in world.sellers:
        _negotiated(world, world.firm, seller)
        _negotiated(world, seller, world.firm)
        world.clock.advance(3600)
        world.renew()
    dids = [f"did:web:firm-{number}.example" for number in range(sizes.firms)]
    for role in ("provider", "consumer"):
        _copies(world, role, sizes.contracts // 2, dids)
    _parked(world.firm, dids)


def _negotiated(world: World, provider: Party, consumer: Party) -> None:
    with consumer.node.db.reading() as session:  # a step that was broken off begins again
        known = [one for _, one in page(session, role="consumer", limit=100)]
    if any(one.counterparty == provider.did for one in known):
        return
    made = Market(provider, consumer, world.net, world.clock).agreement("standard")
    say(f"{consumer.did} asks {provider.did}: {made}")


def _copies(world: World, role: str, count: int, dids: list[str]) -> None:
    node, drawn = world.firm.node, random.Random(role)
    with node.db.reading() as session:
        like = session.exec(
            select(AgreementRow).where(col(AgreementRow.role) == role).limit(1)
        ).scalar_one()
        talk = session.get_one(ProcessRow, like.negotiation).model_dump()
        moved = session.exec(
            select(ProcessRow).where(
                col(ProcessRow.kind) == "transfer", col(ProcessRow.agreement) == like.agreement
            )
        ).scalars().first().model_dump()  # fmt: skip
        signed = [
            one.model_dump()
            for one in session.exec(
                select(SignatureRow).where(col(SignatureRow.negotiation) == like.negotiation)
            ).scalars()
        ]
    agreement = like.model_dump()
    for first in range(0, count, BATCH):
        rows: dict[type[SQLModel], list[dict[str, Any]]] = {
            AgreementRow: [], ProcessRow: [], SignatureRow: []
        }  # fmt: skip
        with node.db.transaction() as tx:
            for number in range(first, min(first + BATCH, count)):
                at, did = agreement["agreed_ms"] + number * 1000, drawn.choice(dids)
                name = f"urn:uuid:{drawn.randbytes(16).hex()}"
                pid, peer = f"urn:uuid:{role}-{number:06}", f"urn:uuid:peer-{role}-{number:06}"
                state = drawn.choice(STATES)
                here = {"counterparty": did, "created_ms": at, "changed_ms": at, "pid": pid}
                here |= {"peer_pid": peer, "state": state}
                if state != "FINALIZED":
                    rows[ProcessRow].append(talk | here | {"agreement": ""})
                    continue
                rows[ProcessRow].append(talk | here | {"agreement": name})
                rows[ProcessRow].append(
                    moved | here | {"pid": f"{pid}-t", "peer_pid": f"{peer}-t", "agreement": name}
                    | {"state": "STARTED"}
                )  # fmt: skip
                body = json.loads(agreement["body"]) | {"@id": name}
                sides = (pid, peer) if role == "consumer" else (peer, pid)
                rows[AgreementRow].append(
                    agreement
                    | {
                        "negotiation": pid,
                        "agreement": name,
                        "counterparty": did,
                        "dataset": _dataset(agreement["dataset"], role, number),
                        "body": json.dumps(body),
                        "consumer_pid": sides[0],
                        "provider_pid": sides[1],
                        "agreed_ms": at,
                        "finalized_ms": at,
                        "ended_ms": at + DAY_MS if number % 8 == 3 else None,
                    }
                )
                rows[SignatureRow] += [one | {"negotiation": pid} for one in signed]
                node.secrets.put(tx, process_key_name(pid), node.entropy(PROCESS_KEY_BYTES))
                tx.append(
                    Entry(
                        kind="NEGOTIATION",
                        role=role,
                        counterparty=did,
                        consumer_pid=sides[0],
                        provider_pid=sides[1],
                        agreement=name,
                        from_state="VERIFIED",
                        to_state="FINALIZED",
                    )
                )
            for table, found in rows.items():
                if found:
                    tx.session.execute(insert(table), found)
        world.clock.advance(60)
    say(f"{count:,} contracts as {role}")


def _dataset(first: str, role: str, number: int) -> str:
    """Spread our own contracts over our products; those as consumer are about the first one."""
    return first if role == "consumer" or number % 3 == 0 else f"product-{number % 2000:05}"


def _parked(party: Party, dids: list[str]) -> None:
    with party.node.db.transaction() as tx:
        like = tx.session.execute(select(OutboxRow).limit(1)).scalars().first()
        assert like is not None
        values = {name: value for name, value in like.model_dump().items() if name != "id"}
        tx.session.execute(
            insert(OutboxRow),
            [
                values
                | {
                    "peer": dids[number % len(dids)],
                    "message_id": f"urn:uuid:message-{number}",
                    "state": PARKED,
                    "attempts": 12,
                    "reason": "nobody answers",
                }
                for number in range(MESSAGES)
            ],
        )
