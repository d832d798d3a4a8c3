"""What two firms of a zh space do with each other: offer, agree, ask, fetch, end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.catalog.test_odcs import CONTRACT
from tests.e2e.firm import publish
from tests.e2e.zh_lines import as_json
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running
    from tests.e2e.zh_lines import Reader

FILE_PRODUCT = """
id = "bulk"
kind = "file"
title = "Bulk"
domain = "production"
level = 1

[[offer]]
formats = ["HttpData-PULL"]
"""
TOTAL = "SELECT mode, SUM(quantity) AS total FROM deliveries GROUP BY mode"
ASK = ("--purpose", "capacityPlanning", "--agreement")


def published(reader: Reader, acme: Running, bolt: Running, folder: Path) -> None:
    publish(acme, folder)
    again = (str(folder / "deliveries.toml"), str(folder / "deliveries.csv"))
    reader.at(acme, "publish", *again)
    reader.at(acme, "publish", "--check", *again)
    twice = folder / "twice.toml"
    text = (folder / "deliveries.toml").read_text(encoding="utf-8")
    twice.write_text(text.replace('id = "deliveries"', 'id = "twice"', 1), encoding="utf-8")
    reader.at(acme, "publish", "--check", str(twice), again[1], code=1)
    (folder / "bulk.toml").write_text(FILE_PRODUCT, encoding="utf-8")
    (folder / "bulk.csv").write_text("a,b\n" * 1000, encoding="utf-8")
    reader.at(acme, "publish", str(folder / "bulk.toml"), str(folder / "bulk.csv"))
    drafted(reader, folder)
    reader.at(acme, "products")
    reader.at(acme, "products", "deliveries")
    reader.at(acme, "products", "bulk")
    for words in (
        ("publish", str(folder / "none.toml")),
        ("publish", again[0], str(folder / "none.csv")),
        ("products", "none"),
        ("withdraw", "none"),
        ("renew", "none"),
        ("renew", "deliveries"),
    ):
        assert reader.run(*words, "--home", str(acme.home)).code != 0
    wait_for(lambda: reader.at(bolt, "search"), lambda text: "deliveries" in text)
    reader.at(bolt, "search", "nothing-of-the-kind")
    reader.at(bolt, "catalog", acme.did)


def drafted(reader: Reader, folder: Path) -> None:
    """Files of one's own become first product files, without any home."""
    zh = {"VOILE_LANG": "zh"}
    (folder / "contract.json").write_text(json.dumps(CONTRACT), encoding="utf-8")
    for words in (
        ("product", "draft", str(folder / "deliveries.csv"), "--out", str(folder / "1.toml")),
        ("product", "draft", str(folder / "bulk.csv"), "--out", str(folder / "2.toml")),
        (
            *("product", "import", str(folder / "contract.json"), "--object", "deliveries"),
            *("--out", str(folder / "3.toml")),
        ),
    ):
        assert reader.run(*words, env=zh).code == 0, words
        assert reader.run(*words, env=zh).code == 2, words  # it is there already
    for words in (
        ("product", "draft", str(folder / "bulk.toml.none")),
        ("product", "import", str(folder / "bulk.csv")),
        ("product", "import", str(folder / "contract.json")),
    ):
        assert reader.run(*words, env=zh).code != 0, words


def agreed_and_asked(reader: Reader, acme: Running, bolt: Running, folder: Path) -> None:
    reader.at(bolt, "negotiate", acme.did, "deliveries", "--wait")
    reader.at(bolt, "negotiate", acme.did, "bulk", "--wait")
    held = as_json(reader, bolt, "agreements")["agreements"]
    ids = {item["dataset"]: item["id"] for item in held}
    pids = [item["pid"] for item in as_json(reader, bolt, "negotiations")["negotiations"]]
    for words in (
        ("negotiations",),
        ("agreements",),
        *(("agreement", one) for one in ids.values()),
    ):
        reader.at(bolt, *words)
    reader.at(acme, "negotiations")
    for words in (("negotiation", pids[0]), ("explain", pids[0])):
        reader.at(bolt, *words)
    for words in (
        ("negotiation", "none"),
        ("accept", pids[0]),
        ("terminate", pids[0]),
        ("explain", "none"),
        ("agreement", "none"),
        ("agreements", "end", "none"),
        ("transfer", "start", "none"),
        ("transfer", "resume", "none"),
        ("catalog", "did:web:localhost%3A1:nobody"),
        ("negotiate", acme.did, "none", "--wait"),
    ):
        assert reader.run(*words, "--home", str(bolt.home)).code != 0, words
    deal = ids["deliveries"]
    reader.at(bolt, "transfer", "start", deal, "--wait")
    reader.at(bolt, "ask", TOTAL, *ASK, deal, "--explain")
    reader.at(bolt, "ask", TOTAL, *ASK, deal)
    reader.at(bolt, "ask", TOTAL, *ASK, deal, "--question-id", "asked-again")
    reader.at(bolt, "ask", TOTAL, *ASK, deal, "--question-id", "asked-again")
    refused = ("ask", TOTAL, "--purpose", "credit", "--agreement", deal)
    reader.at(bolt, *refused, code=1)
    reader.at(bolt, *refused, "--explain", code=1)
    reader.at(bolt, "ask", "SELECT MAX(quantity) FROM deliveries", *ASK, deal, code=1)
    reader.at(bolt, "ask", "SELECT nonsense", *ASK, deal, code=1)
    reader.at(bolt, "questions")
    reader.at(acme, "questions", "--received")
    reader.at(acme, "questions", "--received", "--limit", "1", "--state", "answered")
    reader.at(acme, "questions", "--received", "--agreement", "none")
    for party in (acme, bolt):
        for words in (
            ("audit", "dossier", deal),
            ("audit", "history", deal),
            ("evidence", "search"),
            ("evidence", "search", "--agreement", deal),
            ("evidence", "search", "--id", "none"),
            ("evidence", "show", "1"),
        ):
            reader.at(party, *words)
    reader.at(acme, "questions", "--state", "answered", code=2)
    reader.at(acme, "questions", "--received", "--since", "soon", code=2)
    reader.at(acme, "questions", "--received", "--bom", code=2)
    reader.at(bolt, "product", "show", "deliveries", "--provider", acme.did)
    reader.at(bolt, "product", "show", "bulk", "--provider", acme.did)
    reader.at(acme, "product", "show", "deliveries")
    reader.at(acme, "product", "show", "none", code=1)
    out = folder / "fetched.csv"
    reader.at(bolt, "transfer", "fetch", ids["bulk"], "--out", str(out))
    reader.at(bolt, "transfer", "fetch", ids["bulk"], "--out", str(out), code=1)
    _steered(reader, acme, bolt, deal)
    reader.at(acme, "unpublish", "bulk", code=2)  # not confirmed
    reader.at(acme, "unpublish", "bulk", "--yes", code=1)
    reader.at(acme, "unpublish", "none", "--yes", code=1)
    (folder / "bulk.toml").write_text(
        FILE_PRODUCT.replace('"bulk"', '"spare"', 1), encoding="utf-8"
    )
    (folder / "spare.csv").write_text("c,d\n" * 1000, encoding="utf-8")
    reader.at(acme, "publish", str(folder / "bulk.toml"), str(folder / "spare.csv"))
    reader.at(acme, "unpublish", "spare", "--yes")


def _steered(reader: Reader, acme: Running, bolt: Running, deal: str) -> None:
    running = as_json(reader, bolt, "transfer", "list")["transfers"]
    pid = next(one["pid"] for one in running if one["state"] == "STARTED")
    reader.at(bolt, "transfer", "list")
    reader.at(bolt, "transfer", "suspend", pid, "--reason", "一会儿")
    reader.at(bolt, "explain", pid)
    _until(reader, bolt, pid, "SUSPENDED")
    reader.at(bolt, "transfer", "resume", pid)
    _until(reader, bolt, pid, "STARTED")
    reader.at(bolt, "transfer", "complete", pid)
    _until(reader, bolt, pid, "COMPLETED")
    assert reader.run("transfer", "complete", pid, "--home", str(bolt.home)).code != 0
    assert reader.run("transfer", "suspend", pid, "--home", str(bolt.home)).code != 0
    found = as_json(reader, bolt, "transfer", "start", deal, "--wait")
    reader.at(bolt, "transfer", "terminate", found["pid"], "--code", "done")
    reader.at(bolt, "explain", found["pid"])
    reader.at(acme, "transfer", "list")
    acme.stop()
    assert reader.run("negotiate", acme.did, "deliveries", "--home", str(bolt.home)).code != 0
    assert reader.run("transfer", "start", deal, "--home", str(bolt.home)).code in {0, 1}
    reader.at(bolt, "outbox", "list")
    acme.start()
    reader.at(bolt, "agreements", "recover", "--from", acme.did)
    reader.at(bolt, "agreements", "end", deal, "--reason", "到此为止")
    reader.at(bolt, "agreement", deal)
    reader.at(acme, "withdraw", "bulk")


def _until(reader: Reader, party: Running, pid: str, state: str) -> None:
    """Wait until both sides know of a state: nothing of it is on its way any more."""
    wait_for(
        lambda: as_json(reader, party, "transfer", "list")["transfers"],
        lambda found: any(
            one["pid"] == pid and one["state"] == state and not one["inFlight"] for one in found
        ),
    )
