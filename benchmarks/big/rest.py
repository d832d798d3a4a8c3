"""Leaves of what else happens: negotiations, transfers, heads of other logs, refused messages."""

import random
from datetime import timedelta
from typing import Final

from benchmarks.big.world import World, say
from contracts.evidence import Entry

BATCH: Final = 5_000
PARTIES: Final = 200
KINDS: Final = ("TRANSFER", "NEGOTIATION", "PEER_CHECKPOINT", "TRANSFER", "REFUSAL")
STEP: Final = timedelta(seconds=10)


def more_leaves(world: World, count: int) -> None:
    """Append them, in transactions of many."""
    drawn = random.Random(13)
    node = world.firm.node
    for first in range(0, count, BATCH):
        with node.db.transaction() as tx:
            for number in range(first, min(first + BATCH, count)):
                tx.append(_entry(drawn, number))
                tx.now += STEP
            world.clock.advance((tx.now - world.clock.now()).total_seconds())
        if not (first + BATCH) % 50_000:
            say(f"{first + BATCH:,} of {count:,} other leaves")


def _entry(drawn: random.Random, number: int) -> Entry:
    of, kind = drawn.randrange(2_000), drawn.choice(KINDS)
    did = f"did:web:firm-{of % PARTIES}.example"
    if kind == "PEER_CHECKPOINT":
        signed = f"sha-256:{drawn.randbytes(32).hex()}"
        return Entry(kind=kind, counterparty=did, to_state="SEEN", sig=[signed])
    refused = {"decision": "deny", "reasons": ["policy.date-time"]}
    return Entry(
        kind=kind,
        role="provider",
        counterparty=did,
        consumer_pid=f"urn:uuid:peer-provider-{of:06}",
        provider_pid=f"urn:uuid:provider-{of:06}",
        process=f"urn:uuid:provider-{of:06}",
        from_state="REQUESTED",
        to_state="STARTED",
        msg={"direction": "in", "type": kind.title(), "id": f"urn:uuid:message-{number}"},
        policy=refused if kind == "REFUSAL" else None,
    )
