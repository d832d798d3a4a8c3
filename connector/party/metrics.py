"""Metrics and health, on a listener of their own; readiness is `connector.party.readiness`."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from connector.evidence.log import head
from connector.party.readiness import oldest_waiting, readiness, status_left
from connector.process.errors import StoreError
from connector.process.ports import unix_ms
from connector.process.room import disks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prometheus_client.metrics_core import Metric

    from connector.party.node import Node


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
        room = GaugeMetricFamily("voile_disk_free_bytes", "Room left, by disk", labels=["folder"])
        for folder, free in disks(node.settings).items():
            room.add_metric([str(folder)], free)
        yield room
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
        node = self._node
        with node.db.reading() as session:
            size = head(session).size
            waits, _ = oldest_waiting(session, unix_ms(node.clock.now()))
            left = status_left(node, session)
        found: list[Metric] = [
            outbox,
            GaugeMetricFamily("voile_outbox_oldest_seconds", "Wait of the oldest message", waits),
            GaugeMetricFamily("voile_log_size", "Leaves of the log", size),
        ]
        if left is not None:
            words = "Until the hub's status document runs out; negative since it has"
            found.append(GaugeMetricFamily("voile_status_left_seconds", words, left))
        return found


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
                asked = parse_qs(environ.get("QUERY_STRING", "")).get("language")
                found = readiness(node, "zh" if asked == ["zh"] else "en")
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
