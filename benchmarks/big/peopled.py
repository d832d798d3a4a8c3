"""People of the firm and of the hub, requests that wait for a second person, a draft."""

import io
from typing import Final

from benchmarks.big.world import Sizes, World, say
from connector.areas.people.rows import PersonRow
from connector.areas.people.sessions import begin
from connector.areas.products import draft_api
from connector.areas.products.jobs import Publisher
from connector.party.operation import Call
from connector.process.actor import Actor, Role, acting
from tests.connector.people.four_eyes import does, person
from tests.simulators import Party
from tests.waiting import wait_for

NAMES: Final = 60
REQUESTS: Final = 45  # of each who may ask for one; no one may have more than 50
FIRM: Final[tuple[Role, ...]] = ("steward", "cdo", "security", "auditor")
HUB: Final[tuple[Role, ...]] = ("security", "certifier", "auditor")


def people(world: World, sizes: Sizes) -> None:  # noqa: ARG001 -- as the other steps
    """Have one person of each role, many more names, and requests that wait."""
    for party, roles in ((world.firm, FIRM), (world.hub, HUB)):
        for role in roles:
            person(party, f"one {role}", role, known_as=f"p-{role}")
        for number in range(NAMES):
            person(party, f"person {number}", "steward" if "steward" in roles else "security")
        for role in set(roles) & {"cdo", "security", "certifier"}:
            asking = Actor("person", f"p-{role}", frozenset({role}))  # type: ignore[arg-type]
            for number in range(REQUESTS):
                name = f"Newcomer {role} {number}"
                does(party, asking, "person.invite", name=name, roles=[role])
    _draft(world.firm)
    say("people")


def roles_of(party: Party) -> tuple[Role, ...]:
    """Give the roles that people of a node have."""
    return HUB if party.node.settings.role == "hub" else FIRM


def session_of(party: Party, role: str) -> str:
    """Begin a session of the person of a role; give its token."""
    with party.node.db.transaction() as tx:
        row = tx.session.get_one(PersonRow, f"p-{role}")
        row.factor_ms = row.factor_ms or row.created_ms
        row.grant_ends_ms = 0
        return begin(tx, row, party.node.entropy, factor=True)


def _draft(party: Party) -> None:
    lines = [f"{n % 40},202{4 + n % 2},{('air', 'rail')[n % 2]},{n % 90}.50" for n in range(900)]
    data = "\n".join(["customer,year,way,amount", *lines]) + "\n"
    publisher, steward = (
        party.node.services[Publisher],
        Actor("person", "p-steward", frozenset({"steward"})),
    )
    publisher.start()
    try:
        with acting(steward):
            body = draft_api.Upload(name="orders.csv", stream=io.BytesIO(data.encode()))
            made = draft_api.begin(party.node, Call(actor=steward, body=body))
        wait_for(
            lambda: party.manage("GET", f"/v1/product-drafts/{made.id}"),
            lambda told: told[1]["draft"].get("working") is None,
            every=0.05,
        )
    finally:
        publisher.stop()
