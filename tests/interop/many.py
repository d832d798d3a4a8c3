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
    from collections.abc import Sequence

    from tests.interop.scene import Scene

COUNT: Final = 100


@scenario("Voile asks EDC", f"{COUNT} negotiations with the fastest EDC", rapid=True)
def voile_asks(scene: Scene) -> str:
    """All FINALIZED on both sides, one after the other."""
    before = len(scene.voile.running.log)
    ends, seconds = Counter[tuple[str, str]](), []
    for _ in range(COUNT):
        begun = time.perf_counter()
        pid = scene.voile.negotiate(scene.edc.name, ASSET)
        found = scene.voile.wait("negotiations", pid, {"FINALIZED", "TERMINATED"})
        seconds.append(time.perf_counter() - begun)
        theirs = scene.api.wait(NEGOTIATIONS, found["providerPid"], {"FINALIZED", "TERMINATED"})
        ends[found["state"], theirs] += 1
    expect(ends == {("FINALIZED", "FINALIZED"): COUNT}, dict(ends))
    return _told(scene, before, seconds)


@scenario("EDC asks Voile", f"{COUNT} negotiations with the fastest EDC", rapid=True)
def edc_asks(scene: Scene) -> str:
    """All FINALIZED on both sides, one after the other."""
    dataset = scene.api.dataset(scene.voile.did, scene.voile.dsp, "parts-0")
    offer = dataset["hasPolicy"][0]
    before = len(scene.voile.running.log)
    ends, seconds = Counter[tuple[str, str]](), []
    for _ in range(COUNT):
        begun = time.perf_counter()
        id_ = scene.api.negotiate(scene.voile.did, scene.voile.dsp, offer, "parts-0")
        theirs = scene.api.wait(NEGOTIATIONS, id_, {"FINALIZED", "TERMINATED"})
        seconds.append(time.perf_counter() - begun)
        pid = scene.voile.of_peer("negotiations", id_)
        found = scene.voile.wait("negotiations", pid, {"FINALIZED", "TERMINATED"})
        ends[found["state"], theirs] += 1
    expect(ends == {("FINALIZED", "FINALIZED"): COUNT}, dict(ends))
    return _told(scene, before, seconds)


def _told(scene: Scene, before: int, seconds: Sequence[float]) -> str:
    """Say how long they took and how often EDC was not ready, or forgot."""
    log = scene.voile.running.log[before:]
    median = statistics.median(seconds) * 1000
    return (
        f"all FINALIZED on both sides, median {median:.0f} ms; EDC was not ready"
        f" {log.count('answered 409')} times, forgot {log.count('peer-forgot')} times"
    )
