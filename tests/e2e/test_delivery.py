"""Files between two real connectors: every byte, or a connection that visibly broke."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.processes import Running, Space, voile
from tests.e2e.sink import Sink
from tests.waiting import PATIENCE, until, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

MIB = 1 << 20
SIZE = 48 * MIB
PRODUCT = """
id = "bulk"
kind = "file"
title = "Bulk"
domain = "production"
level = 1

[[offer]]
formats = ["HttpData-PULL", "HttpData-PUSH"]
"""


@dataclass
class Trade:
    """A provider with a file on offer, a consumer with an agreement on it."""

    provider: Running
    consumer: Running
    agreement: str
    digest: str
    folder: Path

    def open(self, **more: Any) -> str:
        """Open a transfer; give the consumer's pid."""
        body = {"agreement": self.agreement, "format": "HttpData-PULL", **more}
        status, found = self.consumer.manage("POST", "/v1/transfers", body)
        assert status == 201, found
        return str(found["pid"])

    def state(self, pid: str) -> str:
        return str(self.consumer.manage("GET", f"/v1/transfers/{pid}")[1]["state"])

    def steer(self, pid: str, verb: str) -> None:
        """Steer it as the provider's owner."""
        theirs = self.consumer.manage("GET", f"/v1/transfers/{pid}")[1]["providerPid"]
        status, body = self.provider.manage("POST", f"/v1/transfers/{theirs}/{verb}", {})
        assert status == 200, body

    def push(self, url: str) -> str:
        address = {"@type": "DataAddress", "endpointType": "HttpData", "endpoint": url}
        return self.open(format="HttpData-PUSH", dataAddress=address)

    def leaves(self, party: Running) -> list[dict[str, Any]]:
        """Leaves of deliveries, oldest first, out of an export that verifies."""
        folder = self.folder / f"export-{party.name}-{time.monotonic_ns()}"
        done = party.voile("audit", "export", "--out", str(folder))
        assert done.returncode == 0, done.stdout + done.stderr
        lines = (folder / "log" / "entries.jsonl").read_bytes().splitlines()
        found = [json.loads(line).get("query", {}) for line in lines]
        return [query for query in found if "delivery" in query]


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    """The parties, for all tests of this file: each opens transfers of its own."""
    folder = tmp_path_factory.mktemp("delivery")
    with Space(folder) as space:
        provider = space.party("acme")
        consumer = space.party(
            "bolt", pin=[provider.did], env={"VOILE_TESTING_RECORD_WIRE": str(folder / "bolt/wire")}
        )
        provider.env["VOILE_PINNED"] = consumer.did
        provider.start()
        consumer.start()
        data, product = folder / "bulk.csv", folder / "bulk.toml"
        product.write_text(PRODUCT)
        hashed = hashlib.sha256()
        with data.open("wb") as file:
            for _ in range(SIZE // MIB):
                block = os.urandom(MIB // 2).hex().encode()
                hashed.update(block)
                file.write(block)
        done = provider.voile("publish", str(product), str(data), "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        digest = "sha-256:" + hashed.hexdigest()
        assert json.loads(done.stdout)["version"]["digest"] == digest
        done = consumer.voile("negotiate", provider.did, "bulk", "--wait", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        yield Trade(provider, consumer, json.loads(done.stdout)["agreement"], digest, folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return "sha-256:" + hashlib.file_digest(file, "sha256").hexdigest()


def test_the_command_fetches_every_byte(trade: Trade):
    """`voile transfer fetch` writes the published bytes, says digest and size, completes."""
    out = trade.folder / "fetched.csv"
    done = trade.consumer.voile("transfer", "fetch", trade.agreement, "--out", str(out), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["bytes"], report["digest"], report["verified"]) == (SIZE, trade.digest, True)
    assert _digest(out) == trade.digest
    assert out.stat().st_mode & 0o077 == 0
    assert not list(trade.folder.glob("fetched.csv.part*"))
    until(lambda: trade.state(report["transfer"]) == "COMPLETED")
    for party, ways in ((trade.provider, 2), (trade.consumer, 1)):
        leaves = trade.leaves(party)
        assert len(leaves) >= ways
        assert (leaves[-1]["outcome"], leaves[-1]["bytes"]) == ("complete", SIZE)
        assert leaves[-1]["version"] == trade.digest


def test_the_command_has_it_sent(trade: Trade):
    """`voile transfer send` ends when the destination has every byte."""
    with Sink() as sink:
        done = trade.consumer.voile("transfer", "send", trade.agreement, "--to", sink.url, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads(done.stdout)["state"] == "COMPLETED"
        (arrival,) = sink.arrivals
    assert (arrival.length, arrival.digest) == (SIZE, trade.digest)
    assert arrival.headers["Content-Type"] == "text/csv"


@pytest.mark.long
def test_a_suspension_cuts_a_push_at_once_and_it_comes_whole_later(trade: Trade):
    """The sink sees the connection break; after the resumption the file comes from its start."""
    with Sink(pause=0.02) as sink:
        pid = trade.push(sink.url)
        until(lambda: bool(sink.arrivals) and sink.arrivals[0].received > 2 * MIB)
        trade.steer(pid, "suspend")
        until(lambda: trade.state(pid) == "SUSPENDED")
        seen = sink.arrivals[0].received
        until(lambda: trade.leaves(trade.provider)[-1]["outcome"] == "cut")
        assert trade.leaves(trade.provider)[-1]["bytes"] < SIZE
        assert seen < SIZE
        sink.pause = 0.0
        time.sleep(0.5)
        assert sink.arrivals[0].digest == ""
        assert len(sink.arrivals) == 1, "nothing comes while it is suspended"
        trade.steer(pid, "resume")
        until(lambda: trade.state(pid) == "COMPLETED")
        assert sink.arrivals[-1].digest == trade.digest


def test_a_push_survives_kill_9(trade: Trade):
    """A provider killed in the middle sends the whole file after its restart."""
    with Sink(pause=0.02) as sink:
        pid = trade.push(sink.url)
        until(lambda: bool(sink.arrivals) and sink.arrivals[0].received > MIB)
        trade.provider.kill()
        sink.pause = 0.0
        trade.provider.start()
        until(lambda: trade.state(pid) == "COMPLETED")
        assert sink.arrivals[0].digest == ""
        assert sink.arrivals[-1].digest == trade.digest


def _address(trade: Trade, pid: str, unlike: str = "") -> tuple[str, str]:
    """URL and token of the newest Start of a transfer, as its receiver got them."""

    def look() -> tuple[str, str] | None:
        for path in sorted((trade.consumer.home / "wire").iterdir(), reverse=True):
            data = path.read_bytes()
            if b"TransferStartMessage" not in data or not data.rstrip().endswith(b"}"):
                continue
            body = json.loads(data)
            if body["consumerPid"] != pid:
                continue
            entries = body["dataAddress"]["endpointProperties"]
            named = {entry["name"]: entry["value"] for entry in entries}
            if named["authorization"] == unlike:
                return None
            return body["dataAddress"]["endpoint"], named["authorization"]
        return None

    address = wait_for(look, lambda one: one)  # a message is recorded once it was answered
    assert address is not None
    return address


@contextmanager
def _reading(address: tuple[str, str], start: int = 0) -> Iterator[http.client.HTTPResponse]:
    """Begin to read a file as a plain application does."""
    parts = urlsplit(address[0])
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    headers = {"Authorization": address[1]} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        connection.request("GET", parts.path, headers=headers)
        with connection.getresponse() as answer:
            yield answer
    finally:
        connection.close()


def _status(address: tuple[str, str]) -> int:
    with _reading(address) as answer:
        return answer.status


def _rest(answer: http.client.HTTPResponse) -> bytes:
    """What still comes, until the end or until the connection breaks."""
    found = b""
    try:
        while piece := answer.read(MIB):
            found += piece
            time.sleep(0.01)
    except (http.client.IncompleteRead, ConnectionError):
        pass
    return found


def _started(trade: Trade) -> tuple[str, tuple[str, str]]:
    pid = trade.open()
    until(lambda: trade.state(pid) == "STARTED")
    return pid, _address(trade, pid)


def test_a_suspension_cuts_a_pull_at_once(trade: Trade):
    """The reader sees a broken connection, never a short file that looks whole; the rest comes by
    `Range` with the token of the next Start, and only with that.
    """
    pid, address = _started(trade)
    with _reading(address) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(SIZE))
        got = answer.read(4 * MIB)
        trade.steer(pid, "suspend")
        got += _rest(answer)
    assert len(got) < SIZE
    until(lambda: trade.state(pid) == "SUSPENDED")
    assert _status(address) == 401
    trade.steer(pid, "resume")
    until(lambda: trade.state(pid) == "STARTED")
    fresh = _address(trade, pid, unlike=address[1])
    assert fresh[0] == address[0]
    assert fresh[1] != address[1]
    assert _status(address) == 401
    with _reading(fresh, start=len(got)) as answer:
        assert answer.status == 206
        got += answer.read()
    assert "sha-256:" + hashlib.sha256(got).hexdigest() == trade.digest
    trade.steer(pid, "complete")
    until(lambda: trade.state(pid) == "COMPLETED")
    assert _status(fresh) == 401


def test_a_fetch_waits_out_a_suspension(trade: Trade):
    """One that finds the transfer suspended goes on by itself when the provider resumes it."""
    pid, _ = _started(trade)
    trade.steer(pid, "suspend")
    until(lambda: trade.state(pid) == "SUSPENDED")
    out = trade.folder / "waited.csv"
    status, job = trade.consumer.manage(
        "POST", "/v1/deliveries", {"agreement": trade.agreement, "out": str(out)}
    )
    assert status == 202

    def shown() -> dict[str, Any]:
        found: dict[str, Any] = trade.consumer.manage("GET", f"/v1/deliveries/{job['job']}")[1]
        return found

    until(lambda: shown()["transfer"] == pid)
    assert (shown()["state"], shown()["bytes"]) == ("running", 0)
    trade.steer(pid, "resume")
    until(lambda: shown()["state"] in {"done", "failed"})
    assert shown()["state"] == "done", shown()
    assert _digest(out) == trade.digest


def test_a_slow_reader_costs_no_thread_and_no_memory(trade: Trade):
    """Thirty readers that stand still leave the provider answering, no larger than before."""
    pid, address = _started(trade)
    before = _rss(trade.provider)
    with ExitStack() as stack:
        for _ in range(30):
            assert stack.enter_context(_reading(address)).read(1024)
        provider = {"provider": trade.provider.did}
        assert trade.consumer.manage("POST", "/v1/catalog", provider)[0] == 200
        assert _rss(trade.provider) - before < 24 * MIB
    trade.steer(pid, "complete")
    until(lambda: trade.state(pid) == "COMPLETED")


def _rss(party: Running) -> int:
    assert party.process is not None
    with open(f"/proc/{party.process.pid}/statm") as file:  # noqa: PTH123 -- not a file to walk to
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_an_ended_agreement_stops_what_runs(trade: Trade):
    """Terminating the transfer ends the agreement: the reader is cut, nothing opens any more.

    The last test of the file: the agreement is gone after it.
    """
    pid, address = _started(trade)
    with _reading(address) as answer:
        got = len(answer.read(MIB))
        trade.steer(pid, "terminate")
        assert got + len(_rest(answer)) < SIZE
    assert _status(address) == 401
    status, body = trade.consumer.manage(
        "POST", "/v1/transfers", {"agreement": trade.agreement, "format": "HttpData-PULL"}
    )
    assert status == 201
    until(lambda: trade.state(body["pid"]) == "TERMINATED")
    both = [str(trade.folder / f"last-{party.name}") for party in (trade.provider, trade.consumer)]
    for party, bundle in zip((trade.provider, trade.consumer), both, strict=True):
        assert party.voile("audit", "export", "--out", bundle).returncode == 0
    trust = str(trade.folder / "trust.json")
    assert trade.consumer.voile("audit", "trust", "--out", trust).returncode == 0
    for arguments in (["verify", both[0]], ["verify", both[1]], ["diff", *both]):
        done = voile("audit", *arguments, "--trust", trust, "--json")
        assert (done.returncode, json.loads(done.stdout)["findings"]) == (0, [])
