"""Metrics, health and readiness, on a listener of their own."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import desc, func, select
from sqlmodel import col

from connector.errors import StoreError, VoileError
from connector.outbox.rows import WAITING, OutboxRow
from connector.ports import unix, unix_ms
from connector.store.log import head
from connector.store.rows import CheckpointRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prometheus_client.metrics_core import Metric

    from connector.node import Node

LAG_SECONDS: Final = 300  # an outbox older than this is not ready
UNSIGNED_SECONDS: Final = 10


class Metrics:
    """Counters that views feed; the rest is read from the database when it is asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "voile_http_requests", "Answers given", ["listener", "endpoint", "status"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "voile_http_seconds", "Seconds to answer", ["listener"], registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )  # fmt: skip

    def answered(self, listener: str, endpoint: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(listener, endpoint, str(status)).inc()
        self._seconds.labels(listener).observe(seconds)


class _FromNode(Collector):
    def __init__(self, node: Node) -> None:
        self._node = node

    def collect(self) -> Iterator[Metric]:
        node = self._node
        yield CounterMetricFamily("voile_commits", "Committed changes", node.db.commits)
        yield CounterMetricFamily("voile_flushes", "Durable commits", node.db.flushes)
        yield CounterMetricFamily("voile_refused_logins", "Failed logins", node.refusals.total)
        with suppress(StoreError):  # the other figures are worth having without these
            yield from self._stored()
        traffic = CounterMetricFamily(
            "voile_traffic_bytes", "Bytes by peer", labels=["peer", "direction"]
        )
        totals: dict[tuple[str, str], int] = {}
        for line in node.traffic.lines():
            key = str(line["peer"]), str(line["direction"])
            totals[key] = totals.get(key, 0) + int(line["bytes"])
        for (peer, direction), size in totals.items():
            traffic.add_metric([peer, direction], size)
        yield traffic

    def _stored(self) -> list[Metric]:
        outbox = GaugeMetricFamily("voile_outbox", "Messages by state", labels=["state"])
        for state, number in self._node.outbox.counts().items():
            outbox.add_metric([state], number)
        with self._node.db.reading() as session:
            size = head(session).size
        return [outbox, GaugeMetricFamily("voile_log_size", "Leaves of the log", size)]


def readiness(node: Node) -> dict[str, Any]:
    """Check what must hold to serve: each entry says `ok`, and `why` if it is not."""
    checks: dict[str, dict[str, Any]] = {}

    def check(name: str, why: str) -> None:
        checks[name] = {"ok": not why, **({"why": why} if why else {})}

    check("database", _database(node))
    try:
        _kept(node, check)
    except StoreError as error:
        check("database", error.message)
    warning = node.presence.warning  # a proxy may come later: it is told, and is no failure
    return {
        "ready": all(item["ok"] for item in checks.values()),
        "checks": checks,
        **({"warnings": {"identity": warning}} if warning else {}),
    }


def _kept(node: Node, check: Callable[[str, str], None]) -> None:
    """Check what the database tells; without it there is nothing to add to its own check."""
    now_ms = unix_ms(node.clock.now())
    with node.db.reading() as session:
        size = head(session).size
        signed = session.execute(
            select(col(CheckpointRow.size), col(CheckpointRow.time_ms))
            .order_by(desc(col(CheckpointRow.size)))
            .limit(1)
        ).first()
        oldest = session.execute(
            select(func.min(col(OutboxRow.created_ms))).where(col(OutboxRow.state) == WAITING)
        ).scalar()
        hub_document = node.status.newest(session)
    behind = size - (signed[0] if signed else 0)
    late = signed is not None and now_ms - signed[1] > UNSIGNED_SECONDS * 1000
    check("log", f"{behind} leaves are not signed yet" if behind and late else "")
    lag = (now_ms - oldest) // 1000 if oldest else 0
    check("outbox", f"the oldest message waits for {lag} s" if lag > LAG_SECONDS else "")
    if node.settings.hub_did and node.settings.role == "participant":
        current = hub_document is not None and hub_document.expires > unix(node.clock.now())
        # a connector that has not applied yet is ready all the same: it can apply
        check(
            "status", "" if current or hub_document is None else "the status document has expired"
        )


def _database(node: Node) -> str:
    try:
        with node.db.transaction():
            return ""
    except VoileError as error:
        return error.message


def metrics_app(node: Node) -> Callable[..., Iterable[bytes]]:
    """Make the WSGI application of the metrics listener."""
    node.metrics.registry.register(_FromNode(node))
    started = time.monotonic()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, kind = "200 OK", "application/json"
        match environ.get("PATH_INFO", ""):
            case "/healthz":
                seconds = int(time.monotonic() - started)
                body = json.dumps(
                    {"ok": True, "software": node.software, "seconds": seconds}
                ).encode()
            case "/readyz":
                found = readiness(node)
                status = "200 OK" if found["ready"] else "503 Service Unavailable"
                body = json.dumps(found, ensure_ascii=False).encode()
            case "/metrics":
                kind = "text/plain; version=0.0.4; charset=utf-8"
                body = generate_latest(node.metrics.registry)
            case _:
                status, body = "404 Not Found", b'{"error":{"code":"not-found"}}'
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return app
