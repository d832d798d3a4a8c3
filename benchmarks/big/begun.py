"""The hub, the firm and its sellers, certified as they would be; then many more names."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select
from sqlmodel import col

from benchmarks.big.world import ENV, World
from connector.areas.hub.rows import ApplicationRow, ParticipantRow
from connector.compose import hub as operators
from connector.compose import participant
from tests.connector.space import Space
from tests.simulators import Net, Party, StandingClock

PENDING: Final = 300  # applications that wait


def begin(folder: Path, clock: StandingClock, sellers: int) -> World:
    """Make the nodes."""
    net = Net()

    def make(name: str, **more: Any) -> Party:
        more = {"areas": participant.AREAS, "env": ENV} | more
        return Party.make(folder, name, net, clock, **more)

    hub = make("hub", areas=operators.AREAS, role="hub")
    space = Space(hub, make)
    space.renew()
    made = World(net, clock, hub, make("acme", hub=hub.did))
    made.sellers += [make(f"seller-{number}", hub=hub.did) for number in range(sellers)]
    for party in (made.firm, *made.sellers):
        space.apply(party)
        space.approve(party)
    made.deliver()
    return made


def crowd(world: World, firms: int) -> list[str]:
    """Certify many firms that are names alone, and let others wait; give the DIDs of the former."""
    dids = [f"did:web:firm-{number}.example" for number in range(firms)]
    with world.hub.node.db.transaction() as tx:
        like = tx.session.execute(select(ParticipantRow).limit(1)).scalars().one().model_dump()
        applied = tx.session.execute(select(ApplicationRow).limit(1)).scalars().one().model_dump()
        tx.session.execute(
            insert(ParticipantRow),
            [
                like
                | {
                    "did": did,
                    "name_zh": f"第{number}工业公司",
                    "name_en": f"Industrial Firm {number} Ltd",
                    "legal_id": f"ID-{number}",
                    "legal_group": f"ID-{number}",
                }
                for number, did in enumerate(dids)
            ],
        )
        waits = (applied["participant"], applied["did"])
        rows = []
        for number in range(firms + PENDING):
            did = dids[number] if number < firms else f"did:web:newcomer-{number}.example"
            rows.append(
                {name: value for name, value in applied.items() if name != "number"}
                | {
                    "id": f"{number:032x}",
                    "did": did,
                    "digest": f"sha-256:{number:064x}",
                    "participant": waits[0].replace(waits[1], did),
                    "state": "approved" if number < firms else "pending",
                    "decided_ms": applied["decided_ms"] if number < firms else None,
                }
            )
        tx.session.execute(insert(ApplicationRow), rows)
        count = tx.session.execute(select(col(ParticipantRow.did))).scalars().all()
    assert len(count) > firms
    world.renew()
    return dids
