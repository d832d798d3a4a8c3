"""The running process: lock, listeners, clean stop, memory, start, doctor, faults of the machine."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import re
import socket
import sqlite3
import stat
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.processes import Running, free_ports, request, voile
from tests.postgres import databases
from tests.waiting import PATIENCE, until, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.processes import Space
    from tests.e2e.stranger import Stranger


def test_a_node_stays_small_and_serves_three_listeners(space: Space):
    """Below 150 MB when it is ready, each listener answers its own routes and no other's."""
    node = space.party("acme", fresh=True).start()
    assert node.process is not None
    text = Path(f"/proc/{node.process.pid}/status").read_text(encoding="ascii")
    rss = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS"))
    assert rss < 150 * 1024, f"{rss} kB"
    status, _, body = request(node.port, "GET", "/acme/did.json")
    assert (status, json.loads(body)["id"]) == (200, node.did)
    assert request(node.port, "GET", "/did.json")[0] == 404
    assert request(node.port, "GET", "/acme/v1/node")[0] == 404
    assert request(node.port, "GET", "/metrics")[0] == 404
    assert request(node.port + 1, "GET", "/did.json")[0] == 401
    assert node.manage("GET", "/v1/node")[1]["ready"] is True
    assert node.metrics("/healthz")[0] == 200
    assert node.metrics("/readyz")[0] == 200
    assert node.metrics("/v1/node")[0] == 404
    assert node.stop() == 0


@pytest.mark.long
def test_a_second_process_refuses_and_says_who_holds_the_folder(space: Space):
    """The lock names process, pid and since when; after SIGKILL the folder is free again."""
    node = space.party("acme", fresh=True).start()
    assert node.process is not None
    node.fresh = False  # it is what the first one left that counts
    second = node.voile("serve")
    assert second.returncode == 2
    assert f"pid {node.process.pid}" in second.stderr
    assert "since 20" in second.stderr
    assert "next:" in second.stderr
    node.kill()
    node.start()
    assert node.metrics("/healthz")[0] == 200


def test_secrets_lie_outside_or_sealed(space: Space):
    """Token file and key file are 0600; the data folder holds neither key nor token in the clear."""
    node = space.party("acme").start()
    token = (node.home / "data" / "management.token").read_text().strip()
    kek = (node.home / "kek.key").read_text().strip()
    for path in (node.home / "data" / "management.token", node.home / "kek.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((node.home / "data").stat().st_mode) == 0o700
    node.manage("GET", "/v1/node")
    node.stop()
    for path in (node.home / "data").iterdir():
        data = path.read_bytes()
        assert kek.encode() not in data
        if path.name != "management.token":
            assert token.encode() not in data
    assert token not in node.log
    assert kek not in node.log


def test_the_management_token_is_asked_for(space: Space):
    """Without the exact token nothing is answered, and the answer says where it lies."""
    node = space.party("acme").start()
    token = (node.home / "data" / "management.token").read_text().strip()
    for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {token}"},
                   {"Authorization": f"Bearer {token}x"}, {"Authorization": f"Bearer {token[:-1]}"}):  # fmt: skip
        status, _, body = request(node.port + 1, "GET", "/v1/node", None, header)
        assert status == 401
        assert "management.token" in json.loads(body)["error"]["next"]


@pytest.mark.long
def test_what_is_under_way_is_finished_on_sigterm(space: Space, stranger: Callable[..., Stranger]):
    """A request that is being worked on when SIGTERM comes gets its answer; the exit is 0."""
    peer = stranger("bolt")
    peer.document_seconds = 1.5  # the node works on the request for as long
    node = space.party("acme", pin=[peer.did]).start()
    assert node.process is not None
    token = peer.token(node.did, "GET", node.url + "/voile/v1/standing")
    with socket.create_connection(("127.0.0.1", node.port), timeout=PATIENCE) as wire:
        wire.sendall(
            f"GET /acme/voile/v1/standing HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        until(lambda: peer.documents)  # it is being worked on
        node.process.terminate()
        answer = wire.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200"), answer[:100]
    assert node.process.wait(PATIENCE) == 0
    node.process = None


def test_caps_and_encodings_are_checked_before_anything_else(space: Space):
    """Too long, encoded, or ill-framed requests are refused without a look at the token."""
    node = space.party("acme", env={"VOILE_LIMITS_BODY_BYTES": "4096"}).start()
    path = "/acme/voile/v1/log/checkpoints"
    assert request(node.port, "POST", path, b"x" * 5000)[0] == 413
    assert request(node.port, "POST", path, b"x", {"Content-Encoding": "gzip"})[0] == 415
    for head in (
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: -1",
        "Transfer-Encoding: gzip",
    ):
        with socket.create_connection(("127.0.0.1", node.port), timeout=PATIENCE) as wire:
            wire.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\nabc".encode())
            assert wire.recv(64).split()[1] in {b"400", b"501"}, head
    assert node.metrics("/healthz")[0] == 200


@pytest.mark.long
def test_one_noisy_source_is_slowed_before_any_signature_is_checked(space: Space):
    """Over its rate a source gets 429 with Retry-After; the management listener is not touched."""
    limits = {"VOILE_LIMITS_REQUESTS_PER_SECOND": "1", "VOILE_LIMITS_REQUEST_BURST": "8"}
    node = space.party("acme", env=limits).start()
    until(lambda: "own-document" in node.log)  # it has asked itself, from the same source
    time.sleep(2)  # and may ask as often as before

    def ask() -> tuple[int, dict[str, str], bytes]:
        return request(node.port, "GET", "/acme/voile/v1/standing")

    assert [ask()[0] for _ in range(5)] == [401] * 5
    _, late, _ = wait_for(ask, lambda answer: answer[0] == 429, every=0)
    assert late["retry-after"] == "1"
    assert node.manage("GET", "/v1/node")[0] == 200


@pytest.mark.long
def test_doctor_says_what_is_wrong(space: Space):
    """Healthy: exit 0. An open token file, a taken port, an unreachable hub: exit 1, named."""
    node = space.party("acme")
    good = node.voile("doctor", "--json")
    assert good.returncode == 0, good.stdout
    checks = {check["name"]: check for check in json.loads(good.stdout)["checks"]}
    assert {"sqlite", "schema", "keys", "log", "key file", "token", "protocol"} <= set(checks)
    kek = (node.home / "kek.key").read_text().strip()
    assert kek not in good.stdout
    (node.home / "data" / "management.token").chmod(0o644)
    nobody = free_ports(1)
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", node.port))
        squatter.listen()
        node.env["VOILE_HUB"] = f"did:web:localhost%3A{nobody}:hub"
        node.env["VOILE_PINNED"] = "did:web:bolt.example"
        bad = node.voile("doctor", "--json")
    assert bad.returncode == 1
    wrong = {c["name"] for c in json.loads(bad.stdout)["checks"] if c["state"] == "wrong"}
    assert wrong == {"token", "protocol", "hub"}
    notes = {c["name"] for c in json.loads(bad.stdout)["checks"] if c["state"] == "note"}
    assert "pinned" in notes  # beside a hub: certified by us alone


def test_wrong_settings_are_one_clear_line(space: Space, tmp_path: Path):
    """Unknown keys, unknown variables, an exposed listener, a key inside the data: exit 2, named."""
    node = space.party("acme")
    cases = {
        "VOILE_PROTOCOL_PROT": ("1", "VOILE_PROTOCOL_PROT"),
        "VOILE_PROTOCOL_HOST": ("0.0.0.0", "protocol.host"),
        "VOILE_PROTOCOL_PORT": ("eighty", "protocol.port"),
        "VOILE_KEK_FILE": (str(node.home / "data" / "kek"), "inside the data folder"),
    }
    for name, (value, expected) in cases.items():
        found = voile("serve", "--home", str(node.home), env={name: value})
        assert found.returncode == 2
        assert expected in found.stderr, found.stderr
        assert found.stderr.count("\n") == 2, "one line and its next step"
    assert "no settings" in voile("serve", "--home", str(tmp_path / "none")).stderr
    again = voile("init", str(node.home), "--did", node.did, "--public-url", node.url)
    assert again.returncode == 2
    assert "already" in again.stderr


@pytest.mark.parametrize("listener", ["protocol", "management", "metrics"])
def test_a_taken_port_is_one_clear_line(space: Space, listener: str):
    """The process ends at once with the address, the reason and the setting; nothing else is said."""
    node = space.party("acme")
    port = node.port + ("protocol", "management", "metrics").index(listener)
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        found = node.voile("serve")
    assert found.returncode == 2
    assert found.stdout == ""
    assert found.stderr == (
        f"voile: the {listener} listener cannot use 127.0.0.1:{port}: Address already in use\n"
        f"  next: free the port, or set `{listener}.port`\n"
    )


@pytest.mark.long
def test_a_node_says_whether_others_find_it(space: Space):
    """Found: no word. Another node under its DID: readiness, log and doctor say so; both run."""
    node = space.party("acme").start()
    until(lambda: "own-document" in node.log)
    status, body = node.metrics("/readyz")
    assert (status, "identity" in json.loads(body)["notes"]) == (200, False)
    checks = {c["name"]: c for c in json.loads(node.voile("doctor", "--json").stdout)["checks"]}
    assert checks["identity"]["state"] == "ok"
    assert "with our keys" in checks["identity"]["text"]
    other = Running("acme", space.folder / "again", node.port, databases.settings())
    made = voile("init", str(other.home), "--did", node.did, "--public-url", node.url,
                 "--port", str(free_ports()), "--loopback-http", "--language", "en", env=other.env)  # fmt: skip
    assert made.returncode == 0, made.stderr
    space.parties.append(other)
    ports = re.findall(r"port = (\d+)", (other.home / "voile.toml").read_text())
    other.start()
    until(lambda: "own-document" in other.log)
    warned = json.loads(request(int(ports[2]), "GET", "/readyz")[2])
    assert "with other keys" in warned["notes"]["identity"]
    assert warned["ready"]
    assert "another node answers there" in other.log
    said = other.voile("doctor", "--json")
    checks = {c["name"]: c for c in json.loads(said.stdout)["checks"]}
    assert (said.returncode, checks["identity"]["state"]) == (1, "wrong")
    assert "with other keys" in checks["identity"]["text"]


def test_another_key_file_opens_nothing(space: Space, tmp_path: Path):
    """With a wrong, open or missing key file the process does not start, and says so."""
    node, other = space.party("acme"), space.party("other")
    wrong = {"VOILE_KEK_FILE": str(other.home / "kek.key")}
    found = voile("serve", "--home", str(node.home), env=wrong)
    assert found.returncode == 2
    assert "does not open" in found.stderr
    (other.home / "kek.key").chmod(0o640)
    assert "read by others" in voile("serve", "--home", str(node.home), env=wrong).stderr
    wrong = {"VOILE_KEK_FILE": str(tmp_path / "none")}
    assert "cannot be read" in voile("serve", "--home", str(node.home), env=wrong).stderr


@pytest.mark.long
def test_an_old_copy_of_the_database_signs_nothing(space: Space):
    """Restoring an old backup makes the node read-only with an explanation; the newest one heals it."""
    node = space.party("acme").start()
    node.stop()
    database = node.home / "data" / "voile.db"
    old = database.read_bytes()
    node.start()
    request(node.port, "GET", "/acme/voile/v1/standing")
    node.stop()  # the refused login is a leaf now, signed and anchored
    new = database.read_bytes()
    database.write_bytes(old)
    node.start()
    status, body = node.metrics("/readyz")
    assert status == 503
    assert "were signed" in body
    assert request(node.port, "GET", "/acme/voile/v1/log/checkpoint")[0] in {200, 503}
    assert node.manage("POST", "/v1/outbox/1/retry", {})[0] == 503
    found = node.voile("doctor", "--json")
    node.stop()
    assert node.voile("doctor").returncode == 1, found.stdout
    database.write_bytes(new)
    node.start()
    assert node.metrics("/readyz")[0] == 200


def test_a_lost_anchor_is_accepted_only_when_told_so(space: Space):
    """Without its anchor file a node is read-only until the operator vouches for the database."""
    node = space.party("acme").start()
    node.stop()
    (node.home / "log.anchor").unlink()
    node.start()
    assert node.metrics("/readyz")[0] == 503
    node.stop()
    node.start("--accept-head")
    assert node.metrics("/readyz")[0] == 200
    node.stop()
    assert (node.home / "log.anchor").exists()
    node.start()
    assert node.metrics("/readyz")[0] == 200


def test_received_bodies_are_kept_only_under_the_test_setting(
    space: Space, stranger: Callable[..., Stranger]
):
    """With testing.record_wire every received body is a file; traffic is counted per peer."""
    peer = stranger("bolt")
    node = space.party("acme", pin=[peer.did])
    node.env["VOILE_TESTING_RECORD_WIRE"] = str(node.home / "wire")
    node.start()
    note = peer.checkpoint(
        0, bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )
    token = peer.token(node.did, "POST", node.url + "/voile/v1/log/checkpoints", note)
    path = "/acme/voile/v1/log/checkpoints"
    assert request(node.port, "POST", path, note, {"Authorization": f"Bearer {token}"})[0] == 201
    kept = [path.read_bytes() for path in sorted((node.home / "wire").iterdir())]
    assert note in kept
    lines = node.manage("GET", "/v1/traffic")[1]["lines"]
    received = [line for line in lines if line["peer"] == peer.did and line["direction"] == "in"]
    assert sum(line["bytes"] for line in received) >= len(note)


def test_every_acknowledged_leaf_survives_sigkill(space: Space, stranger: Callable[..., Stranger]):
    """SIGKILL at random moments under load: what was acknowledged is there, the log is sound."""
    peer = stranger("bolt", names=500)  # one head a day of each is a leaf
    node = space.party("acme", pin=peer.dids)
    path = "/voile/v1/log/checkpoints"
    acknowledged: set[int] = set()
    tried = 0

    def post(size: int) -> None:
        note = peer.checkpoint(size, hashlib.sha256(str(size).encode()).digest())
        who = peer.as_party(size % 500)
        token = peer.token(node.did, "POST", node.url + path, note, **who)
        headers = {"Authorization": f"Bearer {token}"}
        try:
            status, _, _ = request(node.port, "POST", f"/acme{path}", note, headers)
        except (OSError, http.client.HTTPException):
            return
        if status == 201:
            acknowledged.add(size)

    for seconds in (0.15, 0.3, 0.5):
        node.start()
        killer = threading.Timer(seconds, lambda process=node.process: process.kill())
        before = len(acknowledged)
        while len(acknowledged) == before or killer.is_alive():
            assert killer.ident or node.process.poll() is None, node.log[-2000:]
            tried += 1
            post(tried)
            if len(acknowledged) > before and not killer.ident:
                killer.start()  # the first answer may take longer than that
        killer.join()
        node.kill()
    node.start()
    assert node.metrics("/readyz")[0] == 200
    node.stop()
    with contextlib.closing(sqlite3.connect(node.home / "data" / "voile.db")) as database:
        kept = {row[0] for row in database.execute("select size from peer_checkpoint")}
        leaves = database.execute("select count(*) from log_entry").fetchone()[0]
        size = database.execute("select size from log_head").fetchone()[0]
    assert acknowledged
    assert acknowledged <= kept
    assert leaves == size >= len(kept) + 1
    assert node.voile("doctor").returncode == 0
