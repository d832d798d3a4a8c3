"""A hundred negotiations each way with EDC at its fastest: none may be lost."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.interop.registry import scenario
from tests.interop.scene import NEGOTIATIONS, expect
from tests.interop.stage import ASSET

if TYPE_CHECKING:
    from tests.interop.scene import Scene

COUNT: Final = 100


@scenario("Voile asks EDC", f"{COUNT} negotiations with the fastest EDC", rapid=True)
def voile_asks(scene: Scene) -> str:
    """All FINALIZED on both sides, one after the other."""
    ends, seconds = Counter[tuple[str, str]](), []
    for _ in range(COUNT):
        begun = time.perf_counter()
        pid = scene.voile.negotiate(scene.edc.name, ASSET)
        found = scene.voile.wait("negotiations", pid, {"FINALIZED", "TERMINATED"})
        seconds.append(time.perf_counter() - begun)
        theirs = scene.api.wait(NEGOTIATIONS, found["providerPid"], {"FINALIZED", "TERMINATED"})
        ends[found["state"], theirs] += 1
    expect(ends == {("FINALIZED", "FINALIZED"): COUNT}, dict(ends))
    return f"all FINALIZED on both sides, median {statistics.median(seconds) * 1000:.0f} ms"


@scenario("EDC asks Voile", f"{COUNT} negotiations with the fastest EDC", rapid=True)
def edc_asks(scene: Scene) -> str:
    """All FINALIZED on both sides, one after the other; one agreement each."""
    dataset = scene.api.dataset(scene.voile.did, scene.voile.dsp, "parts-0")
    offer = dataset["hasPolicy"][0]
    ends, seconds, ids = Counter[tuple[str, str]](), [], set()
    for _ in range(COUNT):
        begun = time.perf_counter()
        id_ = scene.api.negotiate(scene.voile.did, scene.voile.dsp, offer, "parts-0")
        theirs = scene.api.wait(NEGOTIATIONS, id_, {"FINALIZED", "TERMINATED"})
        seconds.append(time.perf_counter() - begun)
        ids.add(id_)
        pid = scene.voile.of_peer("negotiations", id_)
        found = scene.voile.wait("negotiations", pid, {"FINALIZED", "TERMINATED"})
        ends[found["state"], theirs] += 1
    expect(ends == {("FINALIZED", "FINALIZED"): COUNT}, dict(ends))
    return f"all FINALIZED on both sides, median {statistics.median(seconds) * 1000:.0f} ms"
