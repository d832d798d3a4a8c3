"""A pair of Eclipse EDC connectors: in memory, mock identity, by the recipe of `tests/interop`."""

import http.client
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.interop.edc import Edc, Runtime, connectors, loops
from tests.interop.management import offers

# every state machine looks each millisecond, and takes more at a time
FASTEST: Final[Mapping[str, str]] = loops(1) | {
    name.replace("iteration-wait-millis", "batch-size"): "100" for name in loops(1)
}
DSP: Final = [
    "https://w3id.org/dspace/2025/1/context.jsonld",
    "https://w3id.org/edc/dspace/v0.0.1",
]
URL: Final = "http://localhost:9/nothing"  # no measurement fetches the bytes themselves


class EdcPair:
    """Implements `benchmarks.edc.pair.Pair`."""

    def __init__(self, name: str, provider: Edc, consumer: Edc, seconds: float) -> None:
        self.name = name
        self.start_seconds = seconds
        self._provider, self._consumer = provider, consumer
        assert provider.process is not None
        assert consumer.process is not None
        self.pids = provider.process.pid, consumer.process.pid
        self._count = 0

    def offer(self) -> Any:
        """Offer a fresh asset; read it in the catalogue."""
        self._count += 1
        name, api = f"one-{self._count}", self._provider.management
        api.asset(name, URL, group=name)
        api.policy(name)
        api.definition(name, name, group=name)
        found = self._consumer.management.catalog("provider", self._provider.dsp, limit=1000)
        return name, offers(found)[name]

    def negotiate(self, offer: Any) -> str:
        """Start a negotiation."""
        asset, policy = offer
        return self._consumer.management.negotiate("provider", self._provider.dsp, policy, asset)

    def negotiation(self, id_: str) -> str:
        """Read its state."""
        return self._consumer.management.state("contractnegotiations", id_)

    def agreement(self, id_: str) -> str:
        """Read the id of the agreement."""
        return str(self._consumer.management.negotiation(id_)["contractAgreementId"])

    def pull(self, agreement: str) -> str:
        """Start a transfer."""
        return self._consumer.management.transfer(
            "provider", self._provider.dsp, agreement, "HttpData-PULL"
        )

    def transfer(self, id_: str) -> str:
        """Read its state."""
        return self._consumer.management.state("transferprocesses", id_)

    def end(self, id_: str) -> None:
        """Leave it: every request makes another one."""

    def fill(self, count: int) -> None:
        """Offer many assets."""
        api = self._provider.management
        api.policy("all")
        api.definition("all", "all")
        for number in range(count):
            api.asset(f"asset-{number:06d}", URL, title=f"Stock levels {number:06d}")

    def catalogue(self, limit: int | None) -> bytes:
        """Ask for a page in the consumer's name."""
        body: dict[str, Any] = {"@context": DSP, "@type": "CatalogRequestMessage"}
        if limit is not None:
            body["filter"] = [{"@type": "QuerySpec", "offset": 0, "limit": limit}]
        said = {"region": "eu", "audience": self._provider.dsp, "clientId": "consumer"}
        headers = {"Authorization": json.dumps(said), "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self._provider.port + 3, timeout=120)
        try:
            path = "/protocol/2025-1/catalog/request"
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"EDC answered {answer.status}: {data[:300]!r}")
        return data


@contextmanager
def edc_pair(
    runtime: Runtime,
    folder: Path,
    name: str,
    options: Mapping[str, str],
    *,
    jvm: tuple[str, ...] = (),
    datasets: int = 0,
) -> Iterator[EdcPair]:
    """Run a pair; both ends start at once."""
    begun = time.perf_counter()
    both = {"provider": options, "consumer": options}
    with connectors(runtime, folder / "edc", both, jvm=jvm) as found:
        seconds = time.perf_counter() - begun
        pair = EdcPair(name, found["provider"], found["consumer"], seconds)
        if datasets:
            pair.fill(datasets)
        yield pair
