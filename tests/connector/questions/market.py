"""A small market for questions: a product of deliveries, its plaintext, and two parties on a net."""

from __future__ import annotations

import base64
import csv
import json
import random
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.areas.products.publish import publish
from connector.process.ports import Response
from crypto import jws
from crypto.canonical import canonical
from tests.areas import ASKING, DSP, OWN, PRODUCTS, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock

AREAS = (
    OWN,
    PRODUCTS,
    DSP,
    QUESTIONS,
    ASKING,
)
COUNT = 12
READS_2 = {"purpose": "capacityPlanning", "answers": [2]}  # beside what is asked, in a body
PRODUCT = f"""
id = "deliveries"
title = {{ zh = "交付记录", en = "Delivery records" }}
domain = "production"
level = 1
table = "deliveries"
contributor = "customer"

[[column]]
name = "customer"
type = "integer"
disclosure = "never"
[[column]]
name = "year"
type = "integer"
disclosure = "group_key"
[[column]]
name = "ship_mode"
type = "text"
disclosure = "group_key"
[[column]]
name = "region"
type = "text"
disclosure = "filter"
[[column]]
name = "qty"
type = "integer"
disclosure = "aggregate"
[[column]]
name = "price"
type = "decimal(12, 2)"
disclosure = "aggregate"
[[column]]
name = "comment"
type = "text"
disclosure = "never"

[[dimension]]
name = "year"
range = [1992, 1995]
[[dimension]]
name = "ship_mode"
codes = ["AIR", "RAIL", "SHIP"]
[[dimension]]
name = "region"
codes = ["EAST", "WEST"]

[[measure]]
name = "qty"
unit = "pcs"
bounds = [0, 50]
[[measure]]
name = "price"
scale = 2
unit = "CNY"
bounds = [0, 10000]

[[offer]]
name = "standard"
purposes = ["capacityPlanning", "deliveryReliability"]
modes = ["masked"]
valid_until = "2027-12-31Z"
count = {COUNT}

[[offer]]
name = "strict"
purposes = ["capacityPlanning"]
modes = ["masked"]
min_group_size = 40
measures = ["qty:sum", "*:count"]
dimensions = ["year"]

[[offer]]
name = "narrow"
purposes = ["capacityPlanning"]
modes = ["masked"]
dimensions = ["year", "ship_mode"]
"""


@dataclass(frozen=True)
class Row:
    """One delivery."""

    customer: int
    year: int
    ship_mode: str
    region: str
    qty: int
    price: str  # two decimal places


def questions(count: int) -> list[str]:
    """Write questions of which no two mean the same; there are twelve."""
    of_year = "SELECT SUM(qty) FROM deliveries WHERE year = {} AND ship_mode = '{}'"
    found = [of_year.format(y, m) for y in range(1992, 1996) for m in ("AIR", "RAIL", "SHIP")]
    assert count <= len(found)
    return found[:count]


def rows() -> list[Row]:
    """Make deliveries; in 1995 one customer alone uses RAIL in the WEST."""
    drawn = random.Random(7)
    made = [
        Row(
            drawn.randrange(1, 80),
            drawn.choice([1992, 1993, 1994, 1995]),
            drawn.choice(["AIR", "RAIL", "SHIP"]),
            drawn.choice(["EAST", "WEST"]),
            drawn.randrange(1, 51),
            f"{drawn.randrange(0, 1_000_000) / 100:.2f}",
        )
        for _ in range(3000)
    ]
    lonely = (1995, "RAIL", "WEST")
    made = [row for row in made if (row.year, row.ship_mode, row.region) != lonely]
    return [*made, *(Row(7, *lonely, 17, "123.45") for _ in range(3))]


@dataclass
class Market:
    """A provider with the product, and a consumer; both pin each other."""

    provider: Party
    consumer: Party
    net: Net
    clock: StandingClock

    def settle(self, rounds: int = 20) -> None:
        """Deliver on both sides until nothing is due."""
        for _ in range(rounds):
            if not self.consumer.deliver() + self.provider.deliver():
                return

    def agreement(self, offer: str = "standard", *, started: bool = True) -> str:
        """Negotiate to FINALIZED, start the transfer; give the agreement's id."""
        status, found = self.provider.manage("GET", "/v1/products/deliveries")
        assert status == 200, found
        (wanted,) = [o["@id"] for o in found["offers"] if f":{offer}:" in o["@id"]]
        body = {"provider": self.provider.did, "dataset": "deliveries", "offer": wanted}
        status, opened = self.consumer.manage("POST", "/v1/negotiations", body)
        assert status == 201, opened
        self.settle()
        state = self.consumer.manage("GET", f"/v1/negotiations/{opened['pid']}")[1]
        assert state["state"] == "FINALIZED", state
        agreement: str = state["agreement"]
        if started:
            self.transfer(agreement)
        return agreement

    def transfer(self, agreement: str) -> str:
        """Open a transfer; give the consumer's pid."""
        status, body = self.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
        assert status == 201, body
        self.settle()
        pid: str = body["pid"]
        return pid

    def ask(self, agreement: str, sql: str, **more: Any) -> tuple[int, Any]:
        """Ask as the owner's command does; give status and body."""
        body = {"agreements": [agreement], "sql": sql, "purpose": "capacityPlanning", **more}
        return self.consumer.manage("POST", "/v1/questions", body)

    def answer(self, agreement: str, sql: str, **more: Any) -> Any:
        """Ask what is granted; give the outcome."""
        status, body = self.ask(agreement, sql, **more)
        assert status == 200, body
        return body

    def reasons(self, agreement: str, sql: str, **more: Any) -> list[str]:
        """Ask what is refused; give the codes."""
        status, body = self.ask(agreement, sql, **more)
        assert status == 403, body
        return [reason["code"] for reason in body["error"]["reasons"]]

    @contextmanager
    def altering(self, change: Callable[[dict[str, Any]], None], *, resign: bool) -> Iterator[None]:
        """Have the next answer changed on its way: under its old signature, or a fresh one."""
        url = self.provider.url + "/voile/v1/questions"
        keys = self.provider.node.keys

        def answer(method: str, to: str, body: bytes) -> Response | None:
            if to != url:
                return None
            self.net.fault = None
            token = self.consumer.node.peers.token(self.provider.did, method, to, body)
            real = self.net.request(
                method, to, body=body, headers={"Authorization": f"Bearer {token}"}
            )
            told = json.loads(real.body)
            head, middle, tail = told["answer"].split(".")
            payload = json.loads(base64.urlsafe_b64decode(middle + "=="))
            change(payload)
            if resign:
                told["answer"] = jws.sign(
                    canonical(payload),
                    keys.agreements,
                    typ="voile-answer+jws",
                    kid=keys.agreements_kid,
                )
            else:
                changed = base64.urlsafe_b64encode(canonical(payload)).decode().rstrip("=")
                told["answer"] = f"{head}.{changed}.{tail}"
            return Response(status=200, headers={}, body=json.dumps(told).encode())

        self.net.fault = answer
        try:
            yield
        finally:
            self.net.fault = None


def publish_deliveries(
    party: Party, folder: Path, *, more: Iterable[Row] = (), mixed: bool = False
) -> None:
    """Write the rows, and further ones, as CSV and publish them.

    Args:
        party: The provider.
        folder: Where the file goes.
        more: Further rows.
        mixed: Whether totals whose parts are of different data versions are given.
    """
    data = folder / "deliveries.csv"
    with data.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer", "year", "ship_mode", "region", "qty", "price", "comment"])
        for row in (*rows(), *more):
            writer.writerow(
                [row.customer, row.year, row.ship_mode, row.region, row.qty, row.price, "x"]
            )
    rules = "\n[rules]\nmixed_versions = true\n" if mixed else ""
    publish(party.node, PRODUCT + rules, data)
