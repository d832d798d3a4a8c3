"""A disk that is really full: what is said, what is kept, and that nobody has to restart anything."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.disk import fill, small_disk
from tests.e2e.processes import Space, request, voile
from tests.waiting import equals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.processes import Running
    from tests.e2e.stranger import Stranger

CHECKPOINTS = "/voile/v1/log/checkpoints"


def show(node: Running, peer: Stranger, size: int) -> int:
    """Let one of the parties there show a head of its log: a durable change. Give the status."""
    note = peer.checkpoint(size, hashlib.sha256(str(size).encode()).digest())
    who = peer.as_party(size)
    token = peer.token(node.did, "POST", node.url + CHECKPOINTS, note, **who)
    headers = {"Authorization": f"Bearer {token}"}
    return request(node.port, "POST", f"/{node.name}{CHECKPOINTS}", note, headers)[0]


@pytest.mark.long
def test_a_full_disk_is_said_and_outlived(tmp_path: Path, stranger: Callable[..., Stranger]):
    """503 with a sentence while no byte fits, its own log on that disk included; then all goes on.

    Every change that was acknowledged is there afterwards, none that was refused, and what was
    committed before gets signed, in the process that met the full disk.
    """
    with small_disk(tmp_path / "acme", megabytes=48), Space(tmp_path) as space:
        peer = stranger("bolt", names=62)  # one head a day of each is a leaf
        node = space.party("acme", pin=peer.dids).start()
        acknowledged = {size for size in range(1, 11) if show(node, peer, size) == 201}
        assert len(acknowledged) == 10
        equals(lambda: node.metrics("/readyz")[0], 200)

        filler = node.home / "filler"
        fill(filler)
        status, said = node.metrics("/readyz")
        assert status == 503
        why = json.loads(said)["checks"]["disk"]
        assert f"the disk of `{node.home / 'data'}` is full" in why["why"]
        assert "free space" in why["next"]
        statuses = {size: show(node, peer, size) for size in range(11, 60)}
        assert set(statuses.values()) <= {201, 503}
        assert 503 in statuses.values(), "the write-ahead log had room for all of it"
        acknowledged |= {size for size, status in statuses.items() if status == 201}
        assert json.loads(node.metrics("/readyz")[1])["checks"]["database"]["ok"] is False
        assert node.metrics("/healthz")[0] == 200
        found = node.voile("outbox", "retry", "1", "--json")
        assert json.loads(found.stdout)["error"]["code"] in {"disk-full", "outbox-missing"}
        found = json.loads(node.voile("doctor", "--json").stdout)
        wrong = {check["name"] for check in found["checks"] if check["state"] == "wrong"}
        assert {"disk", "running: database"} <= wrong

        filler.unlink()
        equals(lambda: node.metrics("/readyz")[0], 200)
        assert show(node, peer, 61) == 201
        acknowledged.add(61)
        equals(lambda: json.loads(node.metrics("/readyz")[1])["checks"]["log"]["ok"], wanted=True)
        assert node.stop() == 0
        assert "log-lines-lost" in node.log
        with closing(sqlite3.connect(node.home / "data" / "voile.db")) as database:
            kept = {row[0] for row in database.execute("select size from peer_checkpoint")}
            signed = database.execute("select max(size) from checkpoint").fetchone()
            assert signed == database.execute("select size from log_head").fetchone()
        assert kept == acknowledged
        assert node.voile("doctor").returncode == 0


def test_a_home_that_did_not_fit_is_made_again(tmp_path: Path):
    """`voile init` on a full disk leaves nothing behind; with room the same command works."""
    with small_disk(tmp_path / "disk", megabytes=8) as disk:
        home = disk / "acme"
        made = ("init", str(home), "--did", "did:web:acme.example", "--public-url",
                "https://acme.example")  # fmt: skip
        filler = disk / "filler"
        fill(filler)
        with filler.open("r+b") as file:
            file.truncate(filler.stat().st_size - (96 << 10))  # room for settings and keys only
        done = voile(*made)
        assert done.returncode in {1, 2}
        assert done.stderr.startswith("voile: ")
        assert "full" in done.stderr or "no space" in done.stderr
        assert not (home / "voile.toml").exists()
        filler.unlink()
        done = voile(*made)
        assert done.returncode == 0, done.stderr


FILE_PRODUCT = """
id = "parts"
kind = "file"
domain = "maintenance"
level = 1
keywords = ["parts"]
title = { en = "Parts", zh = "零件" }
offer = [{ formats = ["HttpData-PULL"] }]
"""
TABLE_PRODUCT = """
id = "lines"
table = "lines"
domain = "maintenance"
level = 1
contributor = "customer"
keywords = ["lines"]
title = { en = "Lines", zh = "行" }
column = [
  { name = "customer", type = "text", disclosure = "never" },
  { name = "year", type = "integer", disclosure = "group_key" },
  { name = "quantity", type = "integer", disclosure = "aggregate" },
]
dimension = [{ name = "year", range = [2023, 2024] }]
measure = [{ name = "quantity", unit = "pieces", bounds = [0, 100] }]
offer = [{ name = "standard", purposes = ["deliveryReliability"], modes = ["masked"], count = 9 }]
"""


@pytest.mark.long
def test_publishing_on_a_full_disk_blames_the_disk(tmp_path: Path):
    """Neither the owner's file nor its quotes are at fault; with room the same command publishes."""
    files = {"parts": FILE_PRODUCT, "lines": TABLE_PRODUCT}
    data = tmp_path / "data.csv"
    with data.open("w", encoding="utf-8") as file:
        file.write("customer,year,quantity\n")
        file.writelines(f"C{n:07},{2023 + n % 2},{n * 7919 % 101}\n" for n in range(300_000))
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        # the same rows as a table and as a file are refused: each gets a file of its own
        (tmp_path / f"{name}.csv").write_bytes(data.read_bytes() + f"{name},2023,1\n".encode())
    with small_disk(tmp_path / "acme", megabytes=40), Space(tmp_path) as space:
        node = space.party("acme").start()
        filler = node.home / "filler"
        fill(filler)
        with filler.open("r+b") as file:
            file.truncate(filler.stat().st_size - (320 << 10))

        def publish(name: str) -> tuple[int, Any]:
            toml, csv = (str(tmp_path / f"{name}.{kind}") for kind in ("toml", "csv"))
            done = node.voile("publish", toml, csv, "--json")
            return done.returncode, json.loads(done.stdout)

        for name in files:
            code, said = publish(name)
            assert (code, said["error"]["code"]) == (1, "data.disk"), said
        left = [path for path in (node.home / "data" / "products").rglob("*") if path.is_file()]
        assert left == []
        filler.unlink()
        for name in files:
            assert publish(name)[0] == 0
