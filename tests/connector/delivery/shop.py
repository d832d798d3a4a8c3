"""A small shop of files on a network in memory: a provider, a consumer, a file product."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlmodel import select

from connector.areas.delivery.live import Deliveries
from connector.areas.delivery.push import Pusher
from connector.areas.dsp.rows import ProcessRow
from connector.areas.products.publish import publish
from connector.process.ports import Response
from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf
from tests.areas import DELIVERY, DSP, OWN, PRODUCTS, QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from connector.areas.delivery.flowing import Flow
    from tests.simulators import Net, Party, StandingClock

AREAS = (
    OWN,
    PRODUCTS,
    DSP,
    DELIVERY,
    QUESTIONS,
)
CONTENT = b"part,qty\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(4000))
DIGEST = "sha-256:" + hashlib.sha256(CONTENT).hexdigest()
SINK = "https://sink.example"
OFFER = """
[[offer]]
formats = ["HttpData-PULL", "HttpData-PUSH"]
"""
PRODUCT = """
id = "parts"
kind = "file"
title = { zh = "零件", en = "Parts" }
domain = "production"
level = 1
"""


@dataclass
class Sink:
    """A place that files are sent to; it keeps what came."""

    got: list[tuple[str, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)  # of the next answers; then 200

    def hear(self, method: str, url: str, body: bytes) -> Response | None:
        if not url.startswith(SINK):
            return None
        self.got.append((f"{method} {url}", body))
        status = self.statuses.pop(0) if self.statuses else 200
        return Response(status=status, headers={}, body=b"")


@dataclass
class Shop:
    """Provider and consumer."""

    provider: Party
    consumer: Party
    net: Net
    clock: StandingClock
    folder: Path
    sink: Sink = field(default_factory=Sink)
    flows: list[Flow] = field(default_factory=list)  # closed with the test

    def publish(self, content: bytes = CONTENT, offer: str = OFFER, text: str = PRODUCT) -> Any:
        data = self.folder / "parts.csv"
        data.write_bytes(content)
        return publish(self.provider.node, text + offer, data)

    def settle(self, rounds: int = 12) -> None:
        for _ in range(rounds):
            if not self.consumer.deliver() + self.provider.deliver():
                return

    def agreement(self, dataset: str = "parts") -> str:
        _, body = self.consumer.manage(
            "POST", "/v1/negotiations", {"provider": self.provider.did, "dataset": dataset}
        )
        self.settle()
        found = self.consumer.manage("GET", f"/v1/negotiations/{body['pid']}")[1]
        assert found["state"] == "FINALIZED", found
        return str(found["agreement"])

    def ask(self, agreement: str, kind: str = "HttpData-PULL", **more: Any) -> tuple[int, Any]:
        body = {"agreement": agreement, "format": kind, **more}
        status, found = self.consumer.manage("POST", "/v1/transfers", body)
        self.settle()
        return status, found

    def pull(self, agreement: str | None = None) -> str:
        """Open a transfer; give the consumer's pid."""
        status, body = self.ask(agreement or self.agreement())
        assert status == 201, body
        assert self.state(body["pid"]) == "STARTED", self.shown(body["pid"])
        return str(body["pid"])

    def push(self, url: str = SINK + "/in", authorization: str = "") -> str:
        address: dict[str, Any] = {
            "@type": "DataAddress",
            "endpointType": "HttpData",
            "endpoint": url,
        }
        if authorization:
            entry = {
                "@type": "EndpointProperty",
                "name": "authorization",
                "value": authorization,
            }
            address["endpointProperties"] = [entry]
        status, body = self.ask(self.agreement(), "HttpData-PUSH", dataAddress=address)
        assert status == 201, body
        return str(body["pid"])

    def send_due(self) -> None:
        Pusher(self.provider.node).push_due()
        self.settle()

    def shown(self, pid: str) -> Any:
        return self.consumer.manage("GET", f"/v1/transfers/{pid}")[1]

    def state(self, pid: str) -> str:
        return str(self.shown(pid)["state"])

    def theirs(self, pid: str) -> str:
        return str(self.shown(pid)["providerPid"])

    def steer(self, pid: str, verb: str, *, by: str = "provider") -> None:
        party = self.provider if by == "provider" else self.consumer
        own = self.theirs(pid) if by == "provider" else pid
        status, body = party.manage("POST", f"/v1/transfers/{own}/{verb}", {"code": "x"})
        assert status == 200, body

    def starts(self) -> list[dict[str, Any]]:
        """The data addresses that Start messages carried on the wire, oldest first."""
        import json

        found = [json.loads(one.body) for one in self.net.sent if one.url.endswith("/start")]
        return [body["dataAddress"] for body in found if body.get("dataAddress")]

    def token(self) -> tuple[str, str]:
        """URL and token of the newest Start, as its receiver reads them."""
        address = self.starts()[-1]
        named = {entry["name"]: entry["value"] for entry in address["endpointProperties"]}
        return address["endpoint"], named["authorization"]

    def get(self, url: str, token: str, method: str = "GET", **headers: str) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        found = self.net.request(method, url, headers={"Authorization": token, **given})
        self.provider.node.services[Deliveries].settle()
        return found

    def leaves(self, party: Party) -> list[Any]:
        """The leaves of deliveries in a party's log, oldest first."""
        with party.node.db.reading() as session:
            rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()  # type: ignore[arg-type]
        found = [parse_leaf(row.entry) for row in rows]
        return [leaf for leaf in found if leaf.get("query", {}).get("delivery")]

    def row(self, party: Party, pid: str) -> ProcessRow:
        with party.node.db.reading() as session:
            found = session.get(ProcessRow, pid)
        assert found is not None
        return found
