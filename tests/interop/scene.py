"""Where the scenarios play: a Voile and an EDC that meet on the wire, and what both work with.

There are two such pairs. The *calm* one has an EDC as it comes (state machines look for work every
second) and a proxy on the wire in each direction, which keeps every message and can change one. The
*rapid* one has an EDC at its fastest (every millisecond) and nothing in between.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.interop.management import ManagementError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from tests.e2e.processes import Running
    from tests.interop.edc import Edc
    from tests.interop.management import Management
    from tests.interop.servers import Files, Proxy, Tape

NEGOTIATIONS: Final = "contractnegotiations"
TRANSFERS: Final = "transferprocesses"
SECONDS: Final = 40.0
COMMANDS: Final = 4  # times that EDC's owner says the same


class NotHeldError(AssertionError):
    """A scenario does not hold; the text says what was seen."""


def expect(what: bool, *seen: object) -> None:
    """Check a fact of a scenario.

    Raises:
        NotHeldError: it does not hold.
    """
    if not what:
        raise NotHeldError("; ".join(str(item)[:1500] for item in seen))


def digest(data: bytes) -> str:
    """Give the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def until(what: Callable[[], Any], *, limit: float = SECONDS, every: float = 0.01) -> Any:
    """Wait until something is true; give it.

    Raises:
        NotHeldError: it is not after `limit` seconds.
    """
    deadline = time.monotonic() + limit
    while not (found := what()):
        if time.monotonic() > deadline:
            raise NotHeldError(f"waited {limit} s in vain for {what.__name__}")
        time.sleep(every)
    return found


@dataclass
class Voile:
    """A Voile, steered by its management API."""

    running: Running

    @property
    def did(self) -> str:
        return self.running.did

    @property
    def dsp(self) -> str:
        return f"{self.running.url}/dsp/2025-1"

    def call(
        self, method: str, path: str, value: object | None = None, *, expected: int = 0
    ) -> Any:
        """Call it; fail on another status than the expected one (any 2xx if 0)."""
        status, body = self.running.manage(method, path, value)
        fine = status == expected if expected else 200 <= status < 300
        expect(fine, f"{method} {path} answered {status}", body)
        return body

    def negotiate(self, provider: str, dataset: str, offer: str = "") -> str:
        """Ask for an offer; give our pid."""
        asked = {"provider": provider, "dataset": dataset} | ({"offer": offer} if offer else {})
        return str(self.call("POST", "/v1/negotiations", asked)["pid"])

    def state(self, kind: str, pid: str) -> Mapping[str, Any]:
        """Read a negotiation or transfer."""
        found: Mapping[str, Any] = self.call("GET", f"/v1/{kind}/{pid}")
        return found

    def wait(
        self, kind: str, pid: str, states: Collection[str], *, limit: float = SECONDS
    ) -> Mapping[str, Any]:
        """Wait until one of ours is in one of some states."""
        deadline = time.monotonic() + limit
        while (found := self.state(kind, pid))["state"] not in states:
            expect(
                time.monotonic() < deadline and found["state"] not in {"TERMINATED", "FINALIZED"},
                f"{kind}/{pid} is {found['state']}, expected {' or '.join(states)}",
                found,
            )
            time.sleep(0.01)
        return found

    def of_peer(self, kind: str, pid: str) -> str:
        """Wait for the process that a peer opened with its pid; give ours."""

        def known() -> str:
            listed = self.call("GET", f"/v1/{kind}")[kind]
            return next(
                (p["pid"] for p in listed if pid in (p["consumerPid"], p["providerPid"])), ""
            )

        return str(until(known))

    def fetch(self, agreement: str, out: Path) -> bytes:
        """Fetch what an agreement lets through, as `voile fetch` does; give the bytes."""
        asked = {"agreement": agreement, "out": str(out)}
        job = self.call("POST", "/v1/deliveries", asked)
        deadline = time.monotonic() + SECONDS
        while not out.exists():
            job = self.call("GET", f"/v1/deliveries/{job['job']}")
            expect("error" not in job, job)
            expect(time.monotonic() < deadline, job)
            time.sleep(0.02)
        return out.read_bytes()

    def explain(self, pid: str) -> Any:
        """Ask why a process stands where it does."""
        return self.call("GET", f"/v1/explain/{pid}")


@dataclass
class Scene:
    """One pair.

    Attributes:
        edc: the EDC.
        voile: the Voile.
        files: gives EDC's bytes; takes what is pushed, and EDC's events.
        folder: for files.
        tape: what passed; empty without proxies.
        to_voile, to_edc: the proxies, by whom they lead to; None without.
        edc_dsp: EDC's address for Voile.
    """

    edc: Edc
    voile: Voile
    files: Files
    folder: Path
    edc_dsp: str
    tape: Tape
    to_voile: Proxy | None = None
    to_edc: Proxy | None = None

    @property
    def api(self) -> Management:
        """EDC's management API."""
        return self.edc.management

    # both sides of one negotiation

    def edc_asks(self, dataset: str, **change: Any) -> str:
        """EDC asks Voile for the offer of a dataset; give EDC's id.

        Args:
            dataset: the dataset.
            change: keys of the offer that EDC shall send instead of what stands in the catalogue.
        """
        found = self.api.dataset(self.voile.did, self.voile.dsp, dataset)
        offer = found["hasPolicy"][0]
        return self.api.negotiate(self.voile.did, self.voile.dsp, {**offer, **change}, dataset)

    def edc_agrees(self, dataset: str) -> tuple[str, str]:
        """EDC concludes a contract with Voile; give EDC's id of the agreement and Voile's."""
        id_ = self.edc_asks(dataset)
        self.api.wait(NEGOTIATIONS, id_, {"FINALIZED"})
        ours = self.voile.wait(
            "negotiations", self.voile.of_peer("negotiations", id_), {"FINALIZED"}
        )
        return self.api.negotiation(id_)["contractAgreementId"], ours["agreement"]

    def voile_agrees(self, asset: str) -> tuple[str, str]:
        """Voile concludes a contract with EDC; give Voile's id of the agreement and EDC's."""
        pid = self.voile.negotiate(self.edc.name, asset)
        found = self.voile.wait("negotiations", pid, {"FINALIZED"})
        self.api.wait(NEGOTIATIONS, found["providerPid"], {"FINALIZED"})
        theirs = self.api.negotiation(found["providerPid"])["contractAgreementId"]
        return found["agreement"], theirs

    # what EDC's owner tells it

    def steer(self, id_: str, verb: str, states: Collection[str], reason: str = "interop") -> None:
        """Let EDC's owner suspend, resume or terminate a transfer; wait until it has come to that.

        EDC may save an older step of its own over the command, which is then lost: said again.
        """
        self._told(TRANSFERS, id_, states, lambda: self.api.steer(id_, verb, reason))

    def end_negotiation(self, id_: str, reason: str) -> None:
        """Let EDC's owner end a negotiation; wait until it has."""

        def say() -> None:
            self.api.terminate_negotiation(id_, reason)

        self._told(NEGOTIATIONS, id_, {"TERMINATED"}, say)

    def _told(self, what: str, id_: str, states: Collection[str], say: Callable[[], None]) -> None:
        for _ in range(COMMANDS):
            try:
                say()
            except ManagementError as error:  # it is on its way, or not where it may be told so
                expect(error.status in {409, 500}, error)
            deadline = time.monotonic() + SECONDS / COMMANDS
            while self.api.state(what, id_) not in states:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.01)
            else:
                return
        raise NotHeldError(f"EDC's {what}/{id_} is {self.api.state(what, id_)}, told otherwise")

    # data addresses as EDC hands them to its applications

    def edc_pull(self, agreement: str) -> tuple[str, dict[str, str]]:
        """EDC opens a pull; give its id and the address that Voile's Start brought.

        The Start waits until EDC has saved its request: it may save that over STARTED, and is told
        again only seconds later.
        """
        assert self.to_edc is not None
        hook = f"{self.files.url}/edr"
        with self.to_edc.holding("TransferStartMessage"):
            id_ = self.api.transfer(
                self.voile.did, self.voile.dsp, agreement, "HttpData-PULL", hook=hook
            )
            self.api.wait(TRANSFERS, id_, {"REQUESTED"})
        self.api.wait(TRANSFERS, id_, {"STARTED"})
        return id_, self.edc_address()

    def edc_address(self) -> dict[str, str]:
        """Wait for the next address that EDC hands to its application."""
        event = json.loads(self.files.wait("/edr"))
        properties = event["payload"]["dataAddress"]["properties"]
        return {key.rsplit("/", 1)[-1]: value for key, value in properties.items()}
