"""The work: each function drives a pair through one piece of it and gives plain numbers."""

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from benchmarks.edc.pair import MIB, Pair, cpu_seconds, memory, peak

REACHED: Final = frozenset({"REQUESTED", "AGREED", "VERIFIED", "FINALIZED", "TERMINATED"})
ENDED: Final = frozenset({"FINALIZED", "TERMINATED"})
GIVE_UP_SECONDS: Final = 60.0
POSTING: Final = 8  # threads of the client that post negotiations
SETTLE_SECONDS: Final = 10.0


def sequential(pair: Pair, *, count: int, warm: int) -> dict[str, Any]:
    """One negotiation after the other: from REQUESTED to FINALIZED as its consumer shows it."""
    offer = pair.offer()
    for _ in range(warm):
        _one(pair, offer)
    cpu = cpu_seconds(pair.pids)
    runs = [_one(pair, offer) for _ in range(count)]
    cpu = cpu_seconds(pair.pids) - cpu
    done = sorted(run[1] for run in runs if run[2])
    return {
        "count": count,
        "lost": count - len(done),
        "median_ms": 1000 * statistics.median(done),
        "p95_ms": 1000 * done[int(len(done) * 0.95)],
        "posted_to_finalized_ms": 1000 * statistics.median(run[0] for run in runs if run[2]),
        "cpu_ms_per_contract": 1000 * cpu / count,
    }


def _one(pair: Pair, offer: Any) -> tuple[float, float, bool]:
    begun = time.perf_counter()
    id_ = pair.negotiate(offer)
    state, requested = "", 0.0
    while state not in ENDED and time.perf_counter() - begun < GIVE_UP_SECONDS:
        state = pair.negotiation(id_)
        if not requested and state in REACHED:
            requested = time.perf_counter()
        if state not in ENDED:
            time.sleep(0.005)
    ended = time.perf_counter()
    return ended - begun, ended - (requested or begun), state == "FINALIZED"


def at_once(pair: Pair, *, count: int, warm: int, repeat: int) -> dict[str, Any]:
    """Post many negotiations as fast as they are taken, then wait for the last."""
    offer = pair.offer()
    rates, cpus, lost, posting = [], [], [], []
    with ThreadPoolExecutor(POSTING) as pool:
        for number in [warm, *[count] * repeat]:
            cpu, begun = cpu_seconds(pair.pids), time.perf_counter()
            ids = list(pool.map(lambda _: pair.negotiate(offer), range(number)))
            posting.append(time.perf_counter() - begun)
            states = [_ended(pair, id_, begun) for id_ in ids]
            took = time.perf_counter() - begun
            won = states.count("FINALIZED")
            rates.append(won / took)
            cpus.append(1000 * (cpu_seconds(pair.pids) - cpu) / max(1, won))
            lost.append(number - won)
    return {
        "count": count,
        "repeat": repeat,
        "lost": sum(lost[1:]),
        "per_second": statistics.median(rates[1:]),
        "cpu_ms_per_contract": statistics.median(cpus[1:]),
        "posting_seconds": statistics.median(posting[1:]),
    }


def _ended(pair: Pair, id_: str, begun: float) -> str:
    while (state := pair.negotiation(id_)) not in ENDED:
        if time.perf_counter() - begun > GIVE_UP_SECONDS:
            return state
        time.sleep(0.02)
    return state


def pulls(pair: Pair, *, count: int, warm: int) -> dict[str, Any]:
    """Ask for a transfer by pull, until it is STARTED as its consumer shows it."""
    offer = pair.offer()
    agreement = ""
    for _ in range(20):  # some connectors lose some
        id_ = pair.negotiate(offer)
        if _ended(pair, id_, time.perf_counter()) == "FINALIZED":
            agreement = pair.agreement(id_)
            break
    took, lost = [], 0
    for number in range(warm + count):
        begun = time.perf_counter()
        id_ = pair.pull(agreement)
        while (state := pair.transfer(id_)) not in {"STARTED", "TERMINATED"}:
            if time.perf_counter() - begun > GIVE_UP_SECONDS / 3:
                break
            time.sleep(0.003)
        seconds = time.perf_counter() - begun
        if state == "STARTED":
            pair.end(id_)
        if number >= warm:
            lost += state != "STARTED"
            took += [seconds] if state == "STARTED" else []
    return {"count": count, "lost": lost, "median_ms": 1000 * statistics.median(took)}


def catalogue(pair: Pair, *, datasets: int, repeat: int) -> dict[str, Any]:
    """Read the first page as it comes, then everything on one page."""
    found: dict[str, Any] = {"datasets": datasets}
    provider = pair.pids[0]
    for name, limit in (("first_page", None), ("one_page", datasets)):
        for _ in range(2):
            pair.catalogue(limit)
        took = []
        for _ in range(repeat):
            begun = time.perf_counter()
            data = pair.catalogue(limit)
            took.append(time.perf_counter() - begun)
        found[name] = {
            "ms": 1000 * statistics.median(took),
            "bytes": len(data),
            "datasets": len(json.loads(data)["dataset"]),
            "provider_rss_mib": memory(provider).rss / MIB,
            "provider_peak_mib": peak(provider) / MIB,
        }
    return found


def idle(pair: Pair, *, seconds: float) -> dict[str, Any]:
    """Leave a fresh pair alone: memory of each, and the share of one core that both take."""
    time.sleep(SETTLE_SECONDS)
    cpu, begun = cpu_seconds(pair.pids), time.perf_counter()
    time.sleep(seconds)
    share = (cpu_seconds(pair.pids) - cpu) / (time.perf_counter() - begun)
    each = [memory(pid) for pid in pair.pids]
    return {
        "start_seconds": pair.start_seconds,
        "rss_mib": max(found.rss for found in each) / MIB,
        "pss_mib": max(found.pss for found in each) / MIB,
        "cpu_percent": 100 * share,
    }
