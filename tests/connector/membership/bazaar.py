"""A hub and two certified firms that ask, negotiate, fetch and push: both sides can lose standing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import select

from connector.areas.products.publish import publish
from connector.store.rows import LogEntryRow
from tests.areas import ASKING, COHORT, DELIVERY, DSP, MEMBERSHIP, OWN, PRODUCTS, QUESTIONS
from tests.connector.delivery.shop import CONTENT, OFFER
from tests.connector.delivery.shop import PRODUCT as FILE
from tests.connector.questions.market import publish_deliveries

if TYPE_CHECKING:
    from pathlib import Path

    from connector.process.ports import Response
    from tests.connector.space import Space
    from tests.simulators import Net, Party

AREAS = (
    OWN,
    MEMBERSHIP,
    PRODUCTS,
    DSP,
    DELIVERY,
    QUESTIONS,
    ASKING,
    COHORT,
)
TOTAL = "SELECT SUM(qty) FROM deliveries"


@dataclass
class Bazaar:
    """A supplier with a table and a file, a buyer, and their operator."""

    space: Space
    supplier: Party
    buyer: Party
    net: Net

    @classmethod
    def make(cls, space: Space, net: Net, folder: Path) -> Bazaar:
        """Certify both, and publish."""
        made = cls(space, cls._firm(space, "supplier"), cls._firm(space, "buyer"), net)
        space.settle(made.supplier, made.buyer)
        publish_deliveries(made.supplier, folder)
        (folder / "parts.csv").write_bytes(CONTENT)
        publish(made.supplier.node, FILE + OFFER, folder / "parts.csv")
        return made

    @staticmethod
    def _firm(space: Space, name: str) -> Party:
        firm = space.make(name, areas=AREAS, hub=space.hub.did)
        space.apply(firm)
        space.approve(firm)
        return firm

    def party(self, which: str) -> Party:
        return self.supplier if which == "supplier" else self.buyer

    def settle(self) -> None:
        for _ in range(20):
            if not self.buyer.deliver() + self.supplier.deliver():
                return

    def negotiate(self, dataset: str) -> tuple[int, Any]:
        """Ask for the first offer of a dataset."""
        status, found = self.supplier.manage("GET", f"/v1/products/{dataset}")
        assert status == 200, found
        offer = next(o["@id"] for o in found["offers"])
        wanted = {"provider": self.supplier.did, "dataset": dataset, "offer": offer}
        return self.buyer.manage("POST", "/v1/negotiations", wanted)

    def agreement(self, dataset: str) -> str:
        status, opened = self.negotiate(dataset)
        assert status == 201, opened
        self.settle()
        found = self.buyer.manage("GET", f"/v1/negotiations/{opened['pid']}")[1]
        assert found["state"] == "FINALIZED", found
        return str(found["agreement"])

    def transfer(self, agreement: str, **more: Any) -> tuple[int, Any]:
        wanted = {"agreement": agreement, **more}
        status, body = self.buyer.manage("POST", "/v1/transfers", wanted)
        self.settle()
        return status, body

    def ask(self, agreement: str, sql: str = TOTAL, **more: Any) -> tuple[int, Any]:
        body = {"agreements": [agreement], "sql": sql, "purpose": "capacityPlanning", **more}
        return self.buyer.manage("POST", "/v1/questions", body)

    def act(self, what: str, which: str, *, unheard_by: str = "") -> None:
        """Have the operator act, and everybody hear of it but one."""
        self.space.act(f"participants/{what}", self.party(which))
        before = self.net.fault
        if unheard_by:
            url = f"{self.party(unheard_by).url}/voile/v1/status"
            self.net.fault = lambda _method, to, _body: lost(to == url)
        self.space.hub.deliver()
        self.net.fault = before

    def calls(self, to: Party) -> int:
        """How many requests have gone to a party."""
        return sum(sent.url.startswith(to.url + "/") for sent in self.net.sent)

    def leaves(self, which: str, kind: str) -> list[dict[str, Any]]:
        with self.party(which).node.db.reading() as session:
            rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()
        return [json.loads(row.entry) for row in rows if row.kind == kind]

    def serial(self, which: str) -> int:
        with self.party(which).node.db.reading() as session:
            held = self.party(which).node.status.newest(session)
        return held.serial if held else 0


def lost(is_lost: bool) -> Response | None:
    """Lose a request, or let it through."""
    from connector.process.errors import Unreachable

    if is_lost:
        raise Unreachable("lost", code="peer-unreachable")
    return None


def named(body: Any) -> list[tuple[str, str]]:
    """Give code and party of each reason of a refusal."""
    return [(reason["code"], reason.get("given", "")) for reason in body["error"]["reasons"]]
