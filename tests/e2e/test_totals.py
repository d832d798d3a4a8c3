"""A total between real processes: each kind of party dies by SIGKILL between the two phases."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.processes import voile
from tests.e2e.test_membership import certify, run
from tests.waiting import PATIENCE, until, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running, Space

SUPPLIERS = ("acme", "bolt", "cogs")
PURPOSE = ("--purpose", "stockPlanning")
QUESTIONS = {
    "acme": "SELECT brand, SUM(available) FROM stock GROUP BY brand",
    "hub": "SELECT brand, COUNT(*) FROM stock GROUP BY brand",
    "buyer": "SELECT brand, COUNT(*), SUM(available) FROM stock GROUP BY brand",
}
PRODUCT = """
id = "stock"
title = "Stock on hand"
domain = "production"
level = 1
table = "stock"
contributor = "plant"

[[column]]
name = "plant"
type = "integer"
disclosure = "never"
[[column]]
name = "brand"
type = "text"
disclosure = "group_key"
[[column]]
name = "available"
type = "integer"
disclosure = "aggregate"

[[dimension]]
name = "brand"
codes = ["A1", "B2"]
[[measure]]
name = "available"
unit = "pcs"
bounds = [0, 10000]

[[offer]]
name = "total"
purposes = ["stockPlanning"]
modes = ["homomorphic"]
aggregator = "HUB"
cohort = [MEMBERS]
count = 5
"""


def stock(name: str) -> list[tuple[int, str, int]]:
    """Make one supplier's rows."""
    seed = SUPPLIERS.index(name) + 3
    return [(p, b, (p * seed * 37) % 9000) for p in range(20) for b in ("A1", "B2")]


def publish(party: Running, hub: Running, members: list[Running], folder: Path) -> None:
    product, data = folder / f"{party.name}.toml", folder / f"{party.name}.csv"
    named = ", ".join(f'"{member.did}"' for member in members)
    product.write_text(PRODUCT.replace("HUB", hub.did).replace("MEMBERS", named))
    lines = [f"{plant},{brand},{available}" for plant, brand, available in stock(party.name)]
    data.write_text("\n".join(["plant,brand,available", *lines]) + "\n")
    run(party, "publish", str(product), str(data))


@pytest.fixture
def alliance(space: Space, tmp_path: Path) -> tuple[dict[str, Running], list[str]]:
    """A hub, three suppliers and a buyer with agreements; the buyer has a gate between the phases."""
    hub = space.party("hub", role="hub")
    parties = {"hub": hub}
    for name in (*SUPPLIERS, "buyer"):
        parties[name] = space.party(name, hub=hub.did)
    parties["buyer"].env["VOILE_TESTING_COHORT_GATE"] = str(tmp_path / "gate")
    for party in parties.values():
        party.start()
    certify(hub, *(parties[name] for name in (*SUPPLIERS, "buyer")))
    agreements = []
    for name in SUPPLIERS:
        publish(parties[name], hub, [parties[n] for n in SUPPLIERS], tmp_path)
        done = run(parties["buyer"], "negotiate", parties[name].did, "stock", "--wait")
        agreements.append(done["agreement"])
    return parties, agreements


def ask(buyer: Running, agreements: list[str], sql: str, question: str) -> Any:
    """Ask until it is answered; what a crash in the middle leaves may refuse the first time."""
    body = {"agreements": agreements, "sql": sql, "purpose": "stockPlanning"}
    _, answer = wait_for(
        lambda: buyer.manage("POST", "/v1/questions", body | {"questionId": question}),
        lambda told: told[0] == 200,
        every=0.5,
    )
    return answer


@pytest.mark.long
def test_kill_nine_between_the_phases_of_a_total(
    alliance: tuple[dict[str, Running], list[str]], tmp_path: Path
) -> None:
    """A supplier, the hub, the buyer die in turn: each total is exact and charged once, and the
    bundles of both sides verify and agree.
    """
    parties, agreements = alliance
    buyer, gate = parties["buyer"], tmp_path / "gate"
    reached = tmp_path / "gate.reached"
    for victim, sql in QUESTIONS.items():
        reached.unlink(missing_ok=True)
        gate.touch()
        asking = threading.Thread(target=_try, args=(buyer, agreements, sql, f"kill-{victim}"))
        asking.start()
        until(reached.exists)
        parties[victim].kill()
        gate.unlink()
        time.sleep(0.2)
        parties[victim].start()
        asking.join(PATIENCE)
        assert not asking.is_alive()
        found = ask(buyer, agreements, sql, f"kill-{victim}")
        for cell in found["answer"]["cells"]:
            assert cell["values"] == plaintext(cell), victim
        assert found["answer"]["withheld"] == []

    explained = run(buyer, "ask", QUESTIONS["hub"], *_agreements(agreements), *PURPOSE, "--explain")
    used = {usage["used"] for usage in explained["explain"]["usage"].values()}
    assert used == {3}

    bundles = {}
    for name in ("buyer", "acme", "hub"):
        bundles[name] = tmp_path / "bundles" / name
        exported = parties[name].voile("audit", "export", "--out", str(bundles[name]))
        assert exported.returncode == 0, exported.stdout + exported.stderr
    trust = tmp_path / "trust.json"
    kept = buyer.voile("audit", "trust", "--out", str(trust))
    assert kept.returncode == 0, kept.stdout + kept.stderr
    for name, bundle in bundles.items():
        done = voile("audit", "verify", str(bundle), "--trust", str(trust))
        assert done.returncode == 0, name + done.stdout + done.stderr
    pair = (str(bundles["buyer"]), str(bundles["acme"]))
    done = voile("audit", "diff", *pair, "--trust", str(trust))
    assert done.returncode == 0, done.stdout + done.stderr

    # everybody opens the last total, which went through a crash: it is added up again
    session, opened = found["answer"]["session"], []
    for name, party in parties.items():
        opened.append(str(tmp_path / "opened" / name))
        run(party, "audit", "export", "--open", session, "--out", opened[-1])
    done = voile("audit", "diff", *opened, "--trust", str(trust), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["findings"]) == (0, []), done.stdout + done.stderr
    assert report["counts"] == {"contributionsOpened": 3, "totalsAddedUp": 1}
    assert [pair["findings"] for pair in report["pairs"]] == [[]] * 10
    refused = parties["acme"].voile(
        "audit", "export", "--open", "A" * 22, "--out", str(tmp_path / "none")
    )
    assert refused.returncode == 1
    assert "no session" in refused.stderr
    assert not (tmp_path / "none").exists()


def plaintext(cell: dict[str, Any]) -> dict[str, str]:
    """Compute a cell from all suppliers' rows."""
    wanted = cell["key"].get("brand")
    rows = [r for name in SUPPLIERS for r in stock(name) if wanted in (None, r[1])]
    full = {"*:count": str(len(rows)), "available:sum": str(sum(row[2] for row in rows))}
    return {name: full[name] for name in cell["values"]}


def _agreements(agreements: list[str]) -> list[str]:
    return [word for agreement in agreements for word in ("--agreement", agreement)]


def _try(buyer: Running, agreements: list[str], sql: str, question: str) -> None:
    """Ask; whether an answer comes does not matter here."""
    body = {"agreements": agreements, "sql": sql, "purpose": "stockPlanning"}
    try:
        buyer.manage("POST", "/v1/questions", body | {"questionId": question})
    except (OSError, json.JSONDecodeError):
        return
