"""Transfers of Voile's files to EDC: pushed, fetched, stopped, resumed, ended."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.interop.registry import scenario
from tests.interop.scene import TRANSFERS, digest, expect, until
from tests.interop.stage import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.interop.scene import Scene

ASKER: Final = "EDC asks Voile"
ENDED: Final = frozenset({"TERMINATED", "DEPROVISIONED"})
DONE: Final = frozenset({"COMPLETED", "DEPROVISIONED"})
PUSHED: Final = "/pushed"
NUMBER: Final = 1  # of the product
PRODUCT: Final = f"parts-{NUMBER}"


def fetch(address: Mapping[str, str]) -> tuple[int, bytes]:
    """Fetch what an address opens, as an application of EDC would; 0 if the connection broke."""
    url = urlsplit(address["endpoint"])
    connection = http.client.HTTPConnection("127.0.0.1", url.port or 80, timeout=30)
    said = f"{address['authType']} {address['authorization']}"
    try:
        connection.request("GET", url.path, headers={"Authorization": said})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (ConnectionError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def opens(address: Mapping[str, str]) -> bool:
    """Whether an address opens the file, whole; anything between is a failure."""
    status, data = fetch(address)
    if status == 200:
        expect(digest(data) == digest(parts(NUMBER)), "other bytes", len(data))
        return True
    expect(status in {0, 401, 403, 404}, status, data[:300])
    return False


@scenario(ASKER, "HttpData-PUSH: Voile sends a file to where EDC says")
def push(scene: Scene) -> str:
    """The bytes arrive once, whole; both sides say COMPLETED."""
    agreement, _ = scene.edc_agrees(PRODUCT)
    id_ = scene.api.transfer(
        scene.voile.did,
        scene.voile.dsp,
        agreement,
        "HttpData-PUSH",
        destination={"baseUrl": scene.files.url + PUSHED},
    )
    data = scene.files.wait(PUSHED)
    expect(digest(data) == digest(parts(NUMBER)), f"{len(data)} other bytes")
    scene.api.wait(TRANSFERS, id_, DONE)
    pid = scene.voile.of_peer("transfers", id_)
    scene.voile.wait("transfers", pid, {"COMPLETED"})
    expect(not [1 for path, _ in scene.files.received if path == PUSHED], "sent twice")
    return f"{len(data):,} bytes, equal digests, COMPLETED on both sides"


@scenario(ASKER, "HttpData-PULL: EDC's application fetches a file with the token of our Start")
def pull(scene: Scene) -> str:
    """The token opens the file, another does not."""
    agreement, _ = scene.edc_agrees(PRODUCT)
    id_, address = scene.edc_pull(agreement)
    expect(opens(address), "the token opens nothing", sorted(address))
    expect(not opens({**address, "authorization": "x" * 43}), "any token opens the file")
    pid = scene.voile.of_peer("transfers", id_)
    scene.voile.wait("transfers", pid, {"STARTED"})
    return f"{len(parts(NUMBER)):,} bytes, equal digests, another token refused"


@scenario(ASKER, "Voile suspends a transfer and resumes it")
def suspended_by_voile(scene: Scene) -> str:
    """Suspension stops the token at once; our Start brings EDC a new one."""
    agreement, _ = scene.edc_agrees(PRODUCT)
    id_, old = scene.edc_pull(agreement)
    pid = scene.voile.of_peer("transfers", id_)
    why = {"code": "maintenance", "reason": ["maintenance"]}
    scene.voile.call("POST", f"/v1/transfers/{pid}/suspend", why)
    expect(not opens(old), "the token opens the file after the suspension")
    scene.voile.wait("transfers", pid, {"SUSPENDED"})
    scene.api.wait(TRANSFERS, id_, {"SUSPENDED"})
    scene.voile.call("POST", f"/v1/transfers/{pid}/resume", {})
    new = scene.edc_address()
    scene.voile.wait("transfers", pid, {"STARTED"})
    scene.api.wait(TRANSFERS, id_, {"STARTED"})
    expect(opens(new), "the new token opens nothing")
    expect(not opens(old), "the old token opens the file again")
    return "SUSPENDED and STARTED on both sides; the old token stays dead, the new one opens"


@scenario(ASKER, "EDC suspends a transfer and resumes it")
def suspended_by_edc(scene: Scene) -> str:
    """EDC's Start is answered by ours, for which it waits, with a new token."""
    agreement, _ = scene.edc_agrees(PRODUCT)
    id_, old = scene.edc_pull(agreement)
    pid = scene.voile.of_peer("transfers", id_)
    scene.steer(id_, "suspend", {"SUSPENDED"}, "pause")
    scene.voile.wait("transfers", pid, {"SUSPENDED"})
    expect(not opens(old), "the token opens the file after the suspension")
    scene.steer(id_, "resume", {"STARTED"})
    new = scene.edc_address()
    scene.voile.wait("transfers", pid, {"STARTED"})
    expect(opens(new), "the new token opens nothing")
    expect(not opens(old), "the old token opens the file again")
    return "SUSPENDED and STARTED on both sides; our Start follows EDC's, with a new token"


@scenario(ASKER, "EDC cannot lift Voile's suspension: its own transfer ends by trying")
def lifted(scene: Scene) -> str:
    """Its Start gets 400, which is final to EDC: it ends the transfer, on both sides."""
    agreement, _ = scene.edc_agrees(PRODUCT)
    id_, old = scene.edc_pull(agreement)
    pid = scene.voile.of_peer("transfers", id_)
    scene.voile.call("POST", f"/v1/transfers/{pid}/suspend", {"code": "maintenance"})
    scene.api.wait(TRANSFERS, id_, {"SUSPENDED"})
    scene.steer(id_, "resume", ENDED)
    scene.voile.wait("transfers", pid, {"TERMINATED"})
    expect(not opens(old), "the token opens the file")
    return "TERMINATED on both sides, nothing opened"


@scenario(ASKER, "EDC ends a transfer")
def ended_by_edc(scene: Scene) -> str:
    """Its termination ends ours; the token is dead, the agreement lives."""
    agreement, _ = scene.edc_agrees(PRODUCT)
    id_, address = scene.edc_pull(agreement)
    pid = scene.voile.of_peer("transfers", id_)
    scene.steer(id_, "terminate", ENDED, "enough")
    found = scene.voile.wait("transfers", pid, {"TERMINATED"})
    expect(found["ended"]["by"] == scene.edc.name, found)
    until(lambda: "enough" in str(scene.voile.state("transfers", pid)["ended"]["reason"]))
    expect(not opens(address), "the token opens the file")
    _, again = scene.edc_pull(agreement)
    expect(opens(again), "the agreement lets nothing through any more")
    return "TERMINATED on both sides; another transfer of the agreement opens"


@scenario(ASKER, "Voile ends a transfer, and with it the use of the agreement")
def ended_by_voile(scene: Scene) -> str:
    """EDC learns it; a further transfer of that agreement is refused."""
    agreement, _ = scene.edc_agrees(PRODUCT)
    id_, address = scene.edc_pull(agreement)
    pid = scene.voile.of_peer("transfers", id_)
    why = {"code": "enough", "reason": ["enough"]}
    scene.voile.call("POST", f"/v1/transfers/{pid}/terminate", why)
    expect(not opens(address), "the token opens the file after the end")
    scene.voile.wait("transfers", pid, {"TERMINATED"})
    until(lambda: scene.api.state(TRANSFERS, id_) in ENDED)
    further = scene.api.transfer(scene.voile.did, scene.voile.dsp, agreement, "HttpData-PULL")
    until(lambda: scene.api.state(TRANSFERS, further) in ENDED)
    return "TERMINATED on both sides; a further transfer is refused"
