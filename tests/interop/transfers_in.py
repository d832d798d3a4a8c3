"""Transfers of EDC's bytes to Voile: pushed, fetched, stopped, resumed, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.interop.management import NAMESPACE
from tests.interop.registry import scenario
from tests.interop.scene import TRANSFERS, digest, expect, until
from tests.interop.stage import ASSET

if TYPE_CHECKING:
    from tests.interop.scene import Scene

ASKER: Final = "Voile asks EDC"
ENDED: Final = frozenset({"TERMINATED", "DEPROVISIONED"})
STORED: Final = "/stored"


def _open(scene: Scene, kind: str, address: dict[str, Any] | None = None) -> tuple[str, str, str]:
    """Conclude a contract, open a transfer; give agreement, our pid, EDC's, once both are STARTED.

    EDC saves that only after its Start, and over whatever it is told before.
    """
    agreement, _ = scene.voile_agrees(ASSET)
    asked: dict[str, Any] = {"agreement": agreement, "format": kind}
    if address is not None:
        asked["dataAddress"] = address
    pid = scene.voile.call("POST", "/v1/transfers", asked)["pid"]
    states = {"STARTED", "COMPLETED"} if address else {"STARTED"}
    found = scene.voile.wait("transfers", pid, states)
    scene.api.wait(TRANSFERS, found["providerPid"], states | {"DEPROVISIONED"})
    return agreement, pid, found["providerPid"]


def _fetched(scene: Scene, agreement: str) -> int:
    """Fetch the bytes with the command of our owner; give their number if they are EDC's."""
    data = scene.voile.fetch(agreement, scene.folder / f"fetched-{len(scene.tape.exchanges)}.bin")
    expect(digest(data) == digest(scene.files.payload), f"{len(data)} other bytes")
    return len(data)


@scenario(ASKER, "HttpData-PUSH: EDC sends its bytes to where Voile says")
def push(scene: Scene) -> str:
    """The bytes arrive whole; EDC says that it has completed."""
    destination = {
        "@type": "DataAddress",
        "endpointType": "HttpData",
        "endpointProperties": [
            {
                "@type": "EndpointProperty",
                "name": f"{NAMESPACE}baseUrl",
                "value": scene.files.url + STORED,
            }
        ],
    }
    _, pid, theirs = _open(scene, "HttpData-PUSH", destination)
    data = scene.files.wait(STORED)
    expect(digest(data) == digest(scene.files.payload), f"{len(data)} other bytes")
    scene.voile.wait("transfers", pid, {"COMPLETED"})
    scene.api.wait(TRANSFERS, theirs, {"COMPLETED", "DEPROVISIONED"})
    return f"{len(data):,} bytes, equal digests, COMPLETED on both sides"


@scenario(ASKER, "HttpData-PULL: Voile fetches EDC's bytes with the token of its Start")
def pull(scene: Scene) -> str:
    """The command of our owner saves the bytes; what opened them is shown nowhere."""
    agreement, pid, theirs = _open(scene, "HttpData-PULL")
    size = _fetched(scene, agreement)
    scene.voile.wait("transfers", pid, {"COMPLETED"})
    scene.api.wait(TRANSFERS, theirs, {"COMPLETED", "DEPROVISIONED"})
    shown = str(scene.voile.state("transfers", pid))
    expect("eyJ" not in shown, "a token is shown", shown)
    return f"{size:,} bytes, equal digests, COMPLETED on both sides"


@scenario(ASKER, "EDC suspends a transfer and resumes it")
def suspended_by_edc(scene: Scene) -> str:
    """Its second Start brings a new token, which opens the bytes."""
    agreement, pid, theirs = _open(scene, "HttpData-PULL")
    scene.steer(theirs, "suspend", {"SUSPENDED"}, "maintenance")
    scene.voile.wait("transfers", pid, {"SUSPENDED"})
    status, body = scene.voile.running.manage("POST", f"/v1/transfers/{pid}/resume", {})
    expect(status == 409, "we may lift EDC's suspension", status, body)
    scene.steer(theirs, "resume", {"STARTED"})
    scene.voile.wait("transfers", pid, {"STARTED"})
    _fetched(scene, agreement)
    return "SUSPENDED and STARTED on both sides; we do not lift it ourselves; bytes after it"


@scenario(ASKER, "Voile suspends a transfer and resumes it")
def suspended_by_voile(scene: Scene) -> str:
    """EDC answers our Start with its own, whose address replaces the one before."""
    before = len(scene.tape.exchanges)
    agreement, pid, theirs = _open(scene, "HttpData-PULL")
    scene.voile.call("POST", f"/v1/transfers/{pid}/suspend", {"code": "pause", "reason": ["pause"]})
    scene.voile.wait("transfers", pid, {"SUSPENDED"})
    scene.api.wait(TRANSFERS, theirs, {"SUSPENDED"})
    scene.voile.call("POST", f"/v1/transfers/{pid}/resume", {})
    scene.voile.wait("transfers", pid, {"STARTED"})
    scene.api.wait(TRANSFERS, theirs, {"STARTED"})
    until(lambda: len(scene.tape.of("edc", "TransferStartMessage", before)) == 2)
    starts = scene.tape.of("edc", "TransferStartMessage", before)
    expect(all(start.status == 200 for start in starts), [start.answer for start in starts])
    _fetched(scene, agreement)
    return "SUSPENDED and STARTED on both sides; EDC's own Start came after ours, and was taken"


@scenario(ASKER, "EDC ends a transfer")
def ended_by_edc(scene: Scene) -> str:
    """Its termination ends ours, with its reason."""
    _, pid, theirs = _open(scene, "HttpData-PULL")
    scene.steer(theirs, "terminate", ENDED, "enough")
    found = scene.voile.wait("transfers", pid, {"TERMINATED"})
    expect(found["ended"]["by"] == scene.edc.name, found)
    until(lambda: "enough" in str(scene.voile.state("transfers", pid)["ended"]["reason"]))
    return "TERMINATED on both sides, with the reason"


@scenario(ASKER, "Voile ends a transfer")
def ended_by_voile(scene: Scene) -> str:
    """Our termination ends EDC's."""
    _, pid, theirs = _open(scene, "HttpData-PULL")
    why = {"code": "enough", "reason": ["enough"]}
    scene.voile.call("POST", f"/v1/transfers/{pid}/terminate", why)
    scene.voile.wait("transfers", pid, {"TERMINATED"})
    until(lambda: scene.api.state(TRANSFERS, theirs) in ENDED)
    return "TERMINATED on both sides"
