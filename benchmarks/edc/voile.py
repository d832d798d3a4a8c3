"""A pair of Voile connectors: production profile, signed and mutual, durable SQLite on disk.

The client of the raw catalogue is a third party with keys of its own, pinned by the provider: each
of its requests carries a fresh token that the provider verifies and uses up, as in production.
"""

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import local
from typing import Any, Final

from catalog.file_product import FileProduct
from catalog.product_file import read_declaration
from connector.areas.products.file_publish import publish_file
from connector.party.node import open_node
from connector.process.lock import FolderLock
from connector.process.settings import load
from tests.e2e.processes import Running, Space, environment
from tests.e2e.stranger import Stranger

CONTEXT: Final = ["https://w3id.org/dspace/2025/1/context.jsonld"]
PUBLISHERS: Final = 8
PRODUCT: Final = """
kind = "file"
id = "{id}"
title = "Stock levels {id}"
domain = "production"
level = 1

[[offer]]
name = "standard"
formats = ["HttpData-PULL"]
"""


class Management:
    """The management API of one connector; each thread keeps its connection."""

    def __init__(self, party: Running) -> None:
        token = (party.home / "data" / "management.token").read_text().strip()
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._port = party.port + 1
        self._local = local()

    def call(self, method: str, path: str, value: object | None = None) -> Any:
        """Call it; give the parsed answer."""
        kept = getattr(self._local, "connection", None)
        if kept is None:
            kept = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
            self._local.connection = kept
        body = None if value is None else json.dumps(value).encode()
        kept.request(method, path, body, self._headers)
        answer = kept.getresponse()
        found = json.loads(answer.read())
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {found}")
        return found


class VoilePair:
    """Implements `benchmarks.edc.pair.Pair`."""

    name = "Voile"

    def __init__(
        self, provider: Running, consumer: Running, client: Stranger, seconds: float
    ) -> None:
        self.start_seconds = seconds
        self._provider, self._client = provider, client
        assert provider.process is not None
        assert consumer.process is not None
        self.pids = provider.process.pid, consumer.process.pid
        self._api = Management(consumer)
        self.provider_api = Management(provider)

    def metrics(self) -> dict[str, float]:
        """Read the counters of both, added up: commits, flushes, requests, bytes."""
        found: dict[str, float] = {}
        for port in (self._provider.port + 2, self._api._port + 1):  # noqa: SLF001
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
            connection.close()
            for line in text.splitlines():
                name, _, value = line.rpartition(" ")
                if name and not line.startswith("#"):
                    found[name] = found.get(name, 0.0) + float(value)
        return found

    def offer(self) -> Any:
        """Read the first dataset's offer."""
        found = self._api.call("POST", "/v1/catalog", {"provider": self._provider.did})
        dataset = found["dataset"][0]
        return dataset["@id"], dataset["hasPolicy"][0]

    def negotiate(self, offer: Any) -> str:
        """Start a negotiation."""
        dataset, policy = offer
        asked = {"provider": self._provider.did, "dataset": dataset, "policy": policy}
        return str(self._api.call("POST", "/v1/negotiations", asked)["pid"])

    def negotiation(self, id_: str) -> str:
        """Read its state."""
        return str(self._api.call("GET", f"/v1/negotiations/{id_}")["state"])

    def agreement(self, id_: str) -> str:
        """Read the id of the agreement."""
        return str(self._api.call("GET", f"/v1/negotiations/{id_}")["agreement"])

    def pull(self, agreement: str) -> str:
        """Start a transfer."""
        asked = {"agreement": agreement, "format": "HttpData-PULL"}
        return str(self._api.call("POST", "/v1/transfers", asked)["pid"])

    def transfer(self, id_: str) -> str:
        """Read its state."""
        return str(self._api.call("GET", f"/v1/transfers/{id_}")["state"])

    def end(self, id_: str) -> None:
        """Complete it: an open transfer of an agreement would be given again."""
        self._api.call("POST", f"/v1/transfers/{id_}/complete", {})
        while self.transfer(id_) not in {"COMPLETED", "TERMINATED"}:
            time.sleep(0.01)

    def catalogue(self, limit: int | None) -> bytes:
        """Ask for a page in the name of a third party, with a fresh token."""
        body: dict[str, Any] = {"@context": CONTEXT, "@type": "CatalogRequestMessage"}
        if limit is not None:
            body["filter"] = [{"@type": "QuerySpec", "offset": 0, "limit": limit}]
        data = json.dumps(body).encode()
        path = f"/{self._provider.name}/dsp/2025-1/catalog/request"
        url = f"http://localhost:{self._provider.port}{path}"
        token = self._client.token(self._provider.did, "POST", url, data)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self._provider.port, timeout=120)
        try:
            connection.request("POST", path, data, headers)
            answer = connection.getresponse()
            found = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"Voile answered {answer.status}: {found[:300]!r}")
        return found


@contextmanager
def voile_pair(folder: Path, *, datasets: int = 1) -> Iterator[VoilePair]:
    """Run a pair; both ends start at once, with what was published before."""
    client = Stranger("client")
    with Space(folder / "voile", quiet=True) as space:
        (folder / "voile").mkdir(parents=True, exist_ok=True)
        provider, consumer = space.party("provider"), space.party("consumer")
        for party in (provider, consumer):
            party.env["VOILE_PINNED"] = f"{provider.did},{consumer.did},{client.did}"
        publish(provider, datasets)
        begun = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda party: party.start(), (provider, consumer)))
        seconds = time.perf_counter() - begun
        try:
            yield VoilePair(provider, consumer, client, seconds)
        finally:
            client.close()


def publish(party: Running, count: int) -> None:
    """Publish file products as `voile publish` does, in this process, before the node runs."""
    settings = load(party.home, environment(party.env))
    with FolderLock(settings.data, what="benchmark", now=datetime.now(UTC)):
        node = open_node(settings)

        def one(number: int) -> None:
            name = f"stock-{number:06d}"
            data = party.home / f"{name}.csv"
            data.write_text(f"part,stock\n{number},{number % 97}\n")
            text = PRODUCT.format(id=name)
            product = read_declaration(text)
            assert isinstance(product, FileProduct)
            publish_file(node, product, text, data, progress=lambda _stage, _done: None)
            data.unlink()

        try:
            with ThreadPoolExecutor(PUBLISHERS) as pool:
                list(pool.map(one, range(count)))
        finally:
            node.close()
