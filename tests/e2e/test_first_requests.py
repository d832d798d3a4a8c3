"""The first requests of a process: nothing is imported for them, however many come at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.firm import publish
from tests.e2e.test_delivery import PRODUCT as FILE
from tests.e2e.test_membership import certify
from tests.e2e.test_totals import SUPPLIERS
from tests.e2e.test_totals import publish as publish_stock
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running, Space

AT_ONCE = 6
STARTS = 3


def pair(space: Space, folder: Path) -> tuple[Running, Running, str]:
    """A provider, a consumer, and their agreement; both run."""
    provider, consumer = space.party("acme"), space.party("bolt")
    for party in (provider, consumer):
        party.env["VOILE_PINNED"] = f"{provider.did},{consumer.did}"
        party.watch_imports()
        party.start()
    publish(provider, folder, counted=False)
    return provider, consumer, negotiate(consumer, provider, "deliveries")


def negotiate(consumer: Running, provider: Running, dataset: str) -> str:
    done = consumer.voile("negotiate", provider.did, dataset, "--wait", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    agreement: str = json.loads(done.stdout)["agreement"]
    return agreement


def ask(consumer: Running, agreements: list[str], sql: str, purpose: str) -> tuple[int, Any]:
    body = {"agreements": agreements, "sql": sql, "purpose": purpose}
    return consumer.manage("POST", "/v1/questions", body)


@pytest.mark.long
def test_nothing_is_imported_after_a_process_is_ready(space: Space, tmp_path: Path) -> None:
    """Publishing, contracts, masked questions, explanations, files, audits: the interpreter's own record
    of imports has none after the line that says ready, on either side.
    """
    provider, consumer, agreement = pair(space, tmp_path)
    product, data = tmp_path / "bulk.toml", tmp_path / "bulk.csv"
    product.write_text(FILE)
    data.write_text("part,qty\n" + "1,2\n" * 500)
    assert provider.voile("publish", str(product), str(data)).returncode == 0
    files = negotiate(consumer, provider, "bulk")
    sql = (
        "SELECT mode, AVG(quantity) AS a FROM deliveries GROUP BY mode HAVING a > 1 ORDER BY a DESC"
    )
    assert ask(consumer, [agreement], sql, "capacityPlanning")[0] == 200
    assert ask(consumer, [agreement], "SELECT nothing", "capacityPlanning")[0] == 403
    terms = ("-a", agreement, "-p", "credit", "--explain")
    assert consumer.voile("ask", "SELECT COUNT(*) FROM deliveries", *terms).returncode == 1
    out = tmp_path / "fetched.csv"
    done = consumer.voile("transfer", "fetch", files, "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    for party in (provider, consumer):
        exported = party.voile("audit", "export", "--out", str(tmp_path / f"bundle-{party.name}"))
        assert exported.returncode == 0, exported.stdout + exported.stderr
        assert party.metrics("/metrics")[0] == 200
        assert party.stop() == 0
        assert "import time:" in party.log
        assert party.late == []


@pytest.mark.long
def test_nothing_is_imported_for_a_first_total(space: Space, tmp_path: Path) -> None:
    """Certification, search, and a total over three: neither suppliers, nor buyer, nor hub import."""
    hub = space.party("hub", role="hub")
    parties = [hub, *(space.party(name, hub=hub.did) for name in (*SUPPLIERS, "buyer"))]
    for party in parties:
        party.watch_imports()
        party.start()
    certify(hub, *parties[1:])
    buyer, agreements = parties[-1], []
    for supplier in parties[1:-1]:
        publish_stock(supplier, hub, parties[1:-1], tmp_path)
        agreements.append(negotiate(buyer, supplier, "stock"))
    until(lambda: buyer.manage("GET", "/v1/search?text=stock")[1]["total"] == len(SUPPLIERS))
    sql = "SELECT brand, AVG(available) FROM stock GROUP BY brand"
    status, found = ask(buyer, agreements, sql, "stockPlanning")
    assert status == 200, found
    assert {party.name: party.late for party in parties} == {party.name: [] for party in parties}


@pytest.mark.long
def test_first_questions_at_once_after_a_start_are_all_answered(
    space: Space, tmp_path: Path
) -> None:
    """Start after start both processes get several questions as their very first requests; each is
    answered, and so is the next one.
    """
    provider, consumer, agreement = pair(space, tmp_path)
    opened = "SELECT COUNT(*) FROM deliveries"
    assert ask(consumer, [agreement], opened, "capacityPlanning")[0] == 200
    for start in range(STARTS):
        for party in (provider, consumer):
            party.stop()
            party.start()
        asked = [
            f"SELECT SUM(quantity) FROM deliveries WHERE mode = 'RAIL' LIMIT {1 + start * AT_ONCE + n}"
            for n in range(AT_ONCE)
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(
                pool.map(lambda sql: ask(consumer, [agreement], sql, "capacityPlanning"), asked)
            )
        assert [status for status, _ in found] == [200] * AT_ONCE, found
        assert ask(consumer, [agreement], opened, "capacityPlanning")[0] == 200
