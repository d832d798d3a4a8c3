"""A hub, three suppliers with stock on hand, one buyer, all certified: over the real applications."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlmodel import select

from connector.areas.cohort.rows import AggregationRow, CohortAskRow, ProviderSessionRow
from connector.areas.products.publish import publish
from connector.areas.questions.rows import AskedQuestionRow
from connector.areas.questions.usage import used
from connector.party.web import error_json
from connector.process.errors import VoileError, http_status
from connector.store.rows import LogEntryRow
from tests.areas import AGGREGATION, ASKING, COHORT, DSP, MEMBERSHIP, OWN, PRODUCTS, QUESTIONS
from tests.asking import ask_briefly
from tests.connector.space import HUB_AREAS, Space
from tests.simulators import Party

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from connector.party.area import Area
    from tests.simulators import Net, StandingClock

FIRM_AREAS = (
    OWN,
    MEMBERSHIP,
    PRODUCTS,
    DSP,
    QUESTIONS,
    ASKING,
    COHORT,
)
AGGREGATOR_AREAS = (*HUB_AREAS, AGGREGATION)
BRANDS = ("A1", "B2", "C3", "D4", "E5")
SUPPLIERS = ("acme", "bolt", "cogs")
COUNT = 10
SQL = "SELECT brand, SUM(available), AVG(cost), COUNT(*) FROM stock GROUP BY brand"
PURPOSE = "stockPlanning"


def did_of(name: str) -> str:
    """Give the DID that a party of this name has."""
    return f"did:web:{name}.example"


def product_text(
    hub: str,
    *,
    count: int = COUNT,
    min_cohort: int = 3,
    unit: str = "pcs",
    brands: Sequence[str] = BRANDS,
    dearest: int = 1000,
    cohort: Sequence[str] = SUPPLIERS,
) -> str:
    """Return the product file of stock on hand; without a cohort nobody is named in it."""
    named = ", ".join(f'"{did_of(name)}"' for name in cohort)
    roster = f"cohort = [{named}]" if named else ""
    return f"""
id = "stock"
title = {{ zh = "库存", en = "Stock on hand" }}
domain = "production"
level = 1
table = "stock"
contributor = "plant"

[[column]]
name = "plant"
type = "integer"
disclosure = "never"
[[column]]
name = "brand"
type = "text"
disclosure = "group_key"
[[column]]
name = "available"
type = "integer"
disclosure = "aggregate"
[[column]]
name = "cost"
type = "decimal(12, 2)"
disclosure = "aggregate"

[[dimension]]
name = "brand"
codes = [{", ".join(f'"{brand}"' for brand in brands)}]

[[measure]]
name = "available"
unit = "{unit}"
bounds = [-100, 10000]
[[measure]]
name = "cost"
scale = 2
unit = "CNY"
bounds = [0, {dearest}]

[[offer]]
name = "total"
purposes = ["{PURPOSE}"]
modes = ["homomorphic"]
aggregator = "{hub}"
{roster}
min_cohort = {min_cohort}
valid_until = "2027-12-31Z"
count = {count}
"""


Stock = tuple[int, str, int, str]  # plant, brand, available, cost


def stock(name: str, brands: Sequence[str] = BRANDS[:4]) -> list[Stock]:
    """Make one supplier's rows: thirty plants; brand D4 lies in one plant of `cogs` only."""
    drawn = random.Random(name)
    rows = [
        (plant, brand, drawn.randrange(-20, 9000), f"{drawn.randrange(100, 99_000) / 100:.2f}")
        for plant in range(30)
        for brand in brands
        if (name, brand) != ("cogs", "D4")
    ]
    return rows + ([(7, "D4", 4242, "1.00")] if name == "cogs" else [])


@dataclass
class Alliance:
    """The parties, and what each supplier holds."""

    space: Space
    hub: Party
    buyer: Party
    suppliers: dict[str, Party]
    folder: Path
    stocks: dict[str, list[Stock]] = field(default_factory=dict)
    agreed: dict[str, str] = field(default_factory=dict)  # the buyer's agreements, by supplier

    def supplier(self, name: str, *, rows: list[Stock] | None = None, **terms: Any) -> Party:
        """Certify one more supplier and publish its stock."""
        group = terms.pop("group", None)
        party = certified(self.space, name, **({"legalGroup": group} if group else {}))
        self.suppliers[name] = party
        self.publish(name, rows if rows is not None else stock(name), **terms)
        return party

    def publish(self, name: str, rows: list[Stock], **terms: Any) -> None:
        """Publish a data version."""
        data = self.folder / f"{name}.csv"
        with data.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["plant", "brand", "available", "cost"])
            writer.writerows(rows)
        self.stocks[name] = rows
        publish(self.suppliers[name].node, product_text(self.hub.did, **terms), data)

    def regroup(self, names: Sequence[str], **terms: Any) -> list[str]:
        """Have suppliers offer totals in another cohort; give new agreements with each."""
        for name in names:
            self.publish(name, self.stocks[name], cohort=names, **terms)
            self.agreed.pop(name, None)
        return self.agreements(names)

    def settle(self, *others: Party) -> None:
        """Deliver everywhere until nothing is due."""
        for _ in range(30):
            everybody = (self.buyer, *others, *self.suppliers.values())
            if not sum(party.deliver() for party in everybody):
                return

    def agreement(self, name: str, buyer: Party | None = None) -> str:
        """Negotiate with a supplier to FINALIZED and start the transfer."""
        supplier, buyer = self.suppliers[name], buyer or self.buyer
        status, found = supplier.manage("GET", "/v1/products/stock")
        assert status == 200, found
        body = {"provider": supplier.did, "dataset": "stock", "offer": found["offers"][0]["@id"]}
        status, opened = buyer.manage("POST", "/v1/negotiations", body)
        assert status == 201, opened
        self.settle(buyer)
        state = buyer.manage("GET", f"/v1/negotiations/{opened['pid']}")[1]
        assert state["state"] == "FINALIZED", state
        status, body = buyer.manage("POST", "/v1/transfers", {"agreement": state["agreement"]})
        assert status == 201, body
        self.settle(buyer)
        agreement: str = state["agreement"]
        return agreement

    def another(self, name: str) -> str:
        """Agree once more with a supplier, on an offer of another count: one is agreed only once."""
        self.publish(name, self.stocks[name], count=COUNT + 1)
        return self.agreement(name)

    def agreements(self, names: Sequence[str] = SUPPLIERS) -> list[str]:
        """Give the buyer's agreements with some suppliers; negotiate those that there are not."""
        for name in names:
            if name not in self.agreed:
                self.agreed[name] = self.agreement(name)
        return [self.agreed[name] for name in names]

    def ask(self, agreements: Sequence[str], sql: str = SQL, **more: Any) -> tuple[int, Any]:
        """Ask under a short key, which is quicker; give status and body as the API would."""
        wanted = {"sql": sql, "purpose": PURPOSE}
        try:
            return 200, ask_briefly(self.buyer.node, agreements, **wanted | more)
        except VoileError as error:
            return http_status(error), error_json(error)

    def answer(self, agreements: Sequence[str], sql: str = SQL, **more: Any) -> Any:
        """Ask what is granted; give the outcome."""
        status, body = self.ask(agreements, sql, **more)
        assert status == 200, body
        return body

    def reasons(self, agreements: Sequence[str], sql: str = SQL, **more: Any) -> list[str]:
        """Ask what is refused; give the codes."""
        status, body = self.ask(agreements, sql, **more)
        assert status == 403, body
        return [reason["code"] for reason in body["error"]["reasons"]]

    def used(self, name: str, agreement: str) -> int:
        """Count what is charged or held of an agreement at its provider."""
        node = self.suppliers[name].node
        with node.db.reading() as db:
            return used(db, counterparty=self.buyer.did, agreement=agreement, now=node.clock.now())

    def sessions(self) -> list[str]:
        """Give the ids of the buyer's sessions."""
        with self.buyer.node.db.reading() as db:
            return list(db.exec(select(CohortAskRow.session)))

    def states(self) -> dict[str, list[str]]:
        """Give the states of all sessions, by party."""
        found = {}
        for party, row in [
            (self.hub, AggregationRow),
            *((party, ProviderSessionRow) for party in self.suppliers.values()),
        ]:
            with party.node.db.reading() as db:
                found[party.did.split(":")[2].split(".")[0]] = list(db.exec(select(row.state)))
        with self.buyer.node.db.reading() as db:
            asked = db.exec(select(AskedQuestionRow.state)).all()
        return found | {"buyer": [state.upper() for state in asked]}

    def leaves(self, party: Party, *kinds: str) -> list[dict[str, Any]]:
        """Give the leaves of some kinds in a party's log."""
        with party.node.db.reading() as db:
            rows = db.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()
        return [json.loads(row.entry) for row in rows if row.kind in kinds]

    def revoke(self, name: str) -> None:
        """Have the operator revoke a supplier, and everybody acknowledge it."""
        self.space.act("participants/revoke", self.suppliers[name])
        others = [party for key, party in self.suppliers.items() if key != name]
        self.space.settle(self.buyer, *others)

    def plain(self, names: Sequence[str] = SUPPLIERS) -> Mapping[str, list[Stock]]:
        """Return all suppliers' rows by brand."""
        found = defaultdict(list)
        for name in names:
            for row in self.stocks[name]:
                found[row[1]].append(row)
        return found


def certified(space: Space, name: str, **described: Any) -> Party:
    """Bring a firm with all areas into the space."""
    firm = space.make(name, areas=FIRM_AREAS, hub=space.hub.did)
    space.apply(firm, **described)
    space.approve(firm)
    return firm


def make(make_party: Callable[..., Party], folder: Path) -> Alliance:
    """Make the whole alliance."""
    hub = make_party("hub", areas=AGGREGATOR_AREAS, role="hub")
    space = Space(hub, make_party)
    space.renew()
    buyer = certified(space, "buyer")
    found = Alliance(space, hub, buyer, {}, folder)
    for name in SUPPLIERS:
        found.supplier(name)
    space.settle(buyer, *found.suppliers.values())
    return found


def reopen(first: Alliance, folder: Path, net: Net, clock: StandingClock) -> Alliance:
    """Copy the homes of an alliance whose nodes are closed, and open the copies."""
    for name in ("hub", "buyer", *SUPPLIERS):
        shutil.copytree(first.folder / name, folder / name)

    def opened(name: str, areas: Sequence[Area]) -> Party:
        return Party.reopen(folder / name, net, clock, areas=areas)

    def make_party(name: str, **options: Any) -> Party:
        return Party.make(folder, name, net, clock, **options)

    hub = opened("hub", AGGREGATOR_AREAS)
    suppliers = {name: opened(name, FIRM_AREAS) for name in SUPPLIERS}
    buyer = opened("buyer", FIRM_AREAS)
    return replace(
        first,
        space=Space(hub, make_party),
        hub=hub,
        buyer=buyer,
        suppliers=suppliers,
        folder=folder,
        stocks=dict(first.stocks),
        agreed=dict(first.agreed),
    )
