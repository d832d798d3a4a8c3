"""A file of 1 GiB from one connector to another: how fast, and how much memory either needs for it.

Two real connectors, each a process of its own. Pulled: from the owner's command to the file on the
consumer's disk, hashed, compared with the promised digest, flushed, with evidence on both sides.
Pushed: from the command to the completed transfer; the receiver is a small server that hashes.
Memory is each process' own high-water mark over the delivery, less what it held before.

Reference of the pull: `python -m http.server` in a process of its own, read by `requests` into a
file that is hashed and flushed as well, in the same run. Reference of the push: `requests` posting
the same file to the same receiver.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from tests.e2e.processes import Running, Space, free_ports
from tests.e2e.sink import Sink

MIB = 1 << 20
SIZE = 1 << 30
REPEATS = 2
CPU_GOAL = 1.5  # times the reference
MEMORY_GOAL = 32  # MiB above what the process held before
PRODUCT = """
id = "bulk"
kind = "file"
title = "Bulk"
domain = "production"
level = 1

[[offer]]
formats = ["HttpData-PULL", "HttpData-PUSH"]
"""


def run() -> dict[str, Any]:
    """Measure, compare digests, and return the rows."""
    with tempfile.TemporaryDirectory() as name, Space(Path(name), quiet=True) as space:
        folder = Path(name)
        data = folder / "bulk.csv"
        digest = _write(data)
        provider, consumer, agreement = _trade(space, folder, data)
        pulls, plain_pulls, pushes, plain_pushes = [], [], [], []
        work = {"pull": 0.0, "plain": 0.0}  # CPU seconds of both sides
        memory = {"provider, pull": 0, "consumer, pull": 0, "provider, push": 0}
        for number in range(REPEATS):
            out = folder / f"out-{number}.csv"
            before = _start(provider, consumer)
            used = _cpu(provider) + _cpu(consumer)
            pulls.append(_timed(lambda out=out: _pull(consumer, agreement, out, digest)))
            work["pull"] += _cpu(provider) + _cpu(consumer) - used
            after = (_high(provider), _high(consumer))
            _most(memory, "provider, pull", after[0] - before[0])
            _most(memory, "consumer, pull", after[1] - before[1])
            out.unlink()
            used = _own_cpu()
            plain_pulls.append(_timed_download(data, folder / f"plain-{number}", digest))
            work["plain"] += _own_cpu() - used
            with Sink() as sink:
                before = _start(provider, consumer)
                pushes.append(_timed(lambda to=sink.url: _push(consumer, agreement, to)))
                _most(memory, "provider, push", _high(provider) - before[0])
                plain_pushes.append(_timed(lambda to=sink.url: _post(data, to)))
                if {arrival.digest for arrival in sink.arrivals} != {digest}:
                    raise RuntimeError("what arrived is not what was published")
    return {
        "rows": [
            _speed("pull of 1 GiB", pulls, plain_pulls, "http.server and requests"),
            _speed("push of 1 GiB", pushes, plain_pushes, "requests to the same receiver"),
            {
                "name": "CPU of both sides for a pull of 1 GiB",
                "value": work["pull"] / REPEATS,
                "unit": "s",
                "reference": f"http.server and requests: {work['plain'] / REPEATS:.2f} s",
                "ratio": work["pull"] / work["plain"],
                "goal": f"<= {CPU_GOAL:g}x",
                "met": work["pull"] <= CPU_GOAL * work["plain"],
            },
            *(_memory(what, high) for what, high in memory.items()),
        ]
    }


def _write(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(SIZE // MIB):
            block = base64.b64encode(os.urandom(MIB // 4 * 3))
            hashed.update(block)
            file.write(block)
    return "sha-256:" + hashed.hexdigest()


def _trade(space: Space, folder: Path, data: Path) -> tuple[Running, Running, str]:
    provider, consumer = space.party("acme"), space.party("bolt")
    provider.env["VOILE_PINNED"] = consumer.did
    consumer.env["VOILE_PINNED"] = provider.did
    provider.start()
    consumer.start()
    product = folder / "bulk.toml"
    product.write_text(PRODUCT, encoding="utf-8")
    made = provider.voile("publish", str(product), str(data), "--json", timeout=300)
    if made.returncode:
        raise RuntimeError(made.stdout + made.stderr)
    made = consumer.voile("negotiate", provider.did, "bulk", "--wait", "--json")
    if made.returncode:
        raise RuntimeError(made.stdout + made.stderr)
    return provider, consumer, json.loads(made.stdout)["agreement"]


def _pull(consumer: Running, agreement: str, out: Path, digest: str) -> None:
    _, job = consumer.manage("POST", "/v1/deliveries", {"agreement": agreement, "out": str(out)})
    while job["state"] in {"waiting", "running"}:
        time.sleep(0.02)
        job = consumer.manage("GET", f"/v1/deliveries/{job['job']}")[1]
    if job["state"] != "done" or job["report"]["digest"] != digest:
        raise RuntimeError(f"the pull failed: {job}")


def _push(consumer: Running, agreement: str, to: str) -> None:
    address = {"@type": "DataAddress", "endpointType": "HttpData", "endpoint": to}
    body = {"agreement": agreement, "format": "HttpData-PUSH", "dataAddress": address}
    _, found = consumer.manage("POST", "/v1/transfers", body)
    while found["state"] not in {"COMPLETED", "TERMINATED"}:
        time.sleep(0.02)
        found = consumer.manage("GET", f"/v1/transfers/{found['pid']}")[1]
    if found["state"] != "COMPLETED":
        raise RuntimeError(f"the push failed: {found}")


def _timed_download(data: Path, out: Path, digest: str) -> float:
    port = free_ports(1)
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=data.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        url = f"http://127.0.0.1:{port}/{data.name}"
        deadline = time.monotonic() + 20
        while True:
            try:
                requests.head(url, timeout=5)
                break
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        taken = _timed(lambda: _download(url, out, digest))
        server.terminate()
    out.unlink()
    return taken


def _download(url: str, out: Path, digest: str) -> None:
    hashed = hashlib.sha256()
    with requests.get(url, stream=True, timeout=60) as answer, out.open("wb") as file:
        for piece in answer.iter_content(1 << 18):
            hashed.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if "sha-256:" + hashed.hexdigest() != digest:
        raise RuntimeError("the reference download is not what was published")


def _post(data: Path, to: str) -> None:
    with data.open("rb") as file:
        requests.post(to, data=file, timeout=120).raise_for_status()


def _cpu(party: Running) -> float:
    """Give the CPU seconds that a process has used."""
    assert party.process is not None
    fields = Path(f"/proc/{party.process.pid}/stat").read_text(encoding="ascii").split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def _own_cpu() -> float:
    """Give the CPU seconds of this process and of those that it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _start(*parties: Running) -> list[int]:
    """Set the high-water marks back; give what the processes hold now."""
    for party in parties:
        assert party.process is not None
        Path(f"/proc/{party.process.pid}/clear_refs").write_text("5", encoding="ascii")
    return [_high(party) for party in parties]


def _high(party: Running) -> int:
    """Read a process' high-water mark of resident memory, in bytes."""
    assert party.process is not None
    status = Path(f"/proc/{party.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _most(memory: dict[str, int], what: str, grown: int) -> None:
    memory[what] = max(memory[what], grown)


def _speed(what: str, ours: list[float], plain: list[float], beside: str) -> dict[str, Any]:
    value, reference = min(ours), min(plain)
    return {
        "name": what,
        "value": SIZE / MIB / value,
        "unit": "MiB/s",
        "reference": f"{beside}: {SIZE / MIB / reference:.0f} MiB/s",
        "ratio": value / reference,
        "goal": "",
        "met": None,
    }


def _memory(what: str, grown: int) -> dict[str, Any]:
    return {
        "name": f"memory that a delivery of 1 GiB needs: {what}",
        "value": grown / MIB,
        "unit": "MiB",
        "reference": "what the process held before",
        "ratio": None,
        "goal": f"<= {MEMORY_GOAL} MiB",
        "met": grown <= MEMORY_GOAL * MIB,
    }
