"""The audit from the command line, on real processes: running, stopped, tampered with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.firm import publish
from tests.e2e.processes import voile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running, Space


def _said(party: Running, *arguments: str) -> Any:
    done = party.voile(*arguments, "--json")
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}{party.log[-3000:]}"
    return json.loads(done.stdout)


def _check(*arguments: str) -> tuple[int, Any]:
    done = voile("audit", *arguments, "--json")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.long
def test_export_verify_diff_and_drill(space: Space, tmp_path: Path):
    """What a person types, from an agreement to a drill, with every exit code."""
    provider, consumer = space.party("acme"), space.party("bolt")
    for party in (provider, consumer):
        party.env["VOILE_PINNED"] = f"{provider.did},{consumer.did}"
        party.start()
    dataset = publish(provider, tmp_path)
    contract = _said(consumer, "negotiate", provider.did, dataset, "--wait")
    _said(consumer, "transfer", "start", contract["agreement"], "--wait")
    trust = tmp_path / "trust.json"
    found = _said(consumer, "audit", "trust", "--out", str(trust))
    assert {party["did"] for party in found["parties"]} == {provider.did, consumer.did}
    assert found["failed"] == {}

    # from running processes
    bundles = {}
    for party in (provider, consumer):
        bundles[party.name] = tmp_path / f"{party.name}.bundle"
        made = _said(party, "audit", "export", "--out", str(bundles[party.name]), "--open")
        assert made["party"] == party.did
        code, report = _check("verify", str(bundles[party.name]), "--trust", str(trust))
        assert (code, report["findings"]) == (0, [])
        assert report["counts"]["stages"] == 3
    code, report = _check("diff", str(bundles["acme"]), str(bundles["bolt"]), "--trust", str(trust))
    assert (code, report["findings"]) == (0, [])
    assert report["counts"]["matched"] >= 6
    code, report = _check("drill", str(bundles["bolt"]), "--trust", str(trust))
    assert (code, report["outcome"], report["missed"]) == (0, "OK", [])
    assert report["changes"] == report["found"] > 2500

    # a folder that is there is not written over
    again = consumer.voile("audit", "export", "--out", str(bundles["bolt"]), "--json")
    assert again.returncode == 2

    # nobody vouches for it: 3; a flipped byte: 1; nothing to read: 2
    assert _check("verify", str(bundles["bolt"]))[0] == 3
    entries = bundles["bolt"] / "log" / "entries.jsonl"
    data = bytearray(entries.read_bytes())
    data[len(data) // 2] ^= 1
    entries.write_bytes(data)
    code, report = _check("verify", str(bundles["bolt"]), "--trust", str(trust))
    assert code == 1
    assert any("leaf" in finding for finding in report["findings"])
    assert _check("drill", str(bundles["bolt"]), "--trust", str(trust))[0] == 1
    assert _check("verify", str(tmp_path / "none"))[0] == 2
    assert _check("verify", str(bundles["acme"]), "--trust", str(entries))[0] == 2

    # from a process that does not run
    assert consumer.stop() == 0
    stopped = tmp_path / "stopped.bundle"
    _said(consumer, "audit", "export", "--out", str(stopped))
    assert _check("verify", str(stopped), "--trust", str(trust))[0] == 0
    own = tmp_path / "own.json"
    _said(consumer, "audit", "trust", "--out", str(own), "--party", consumer.did)
    assert _check("verify", str(stopped), "--trust", str(own))[0] == 3  # the peer's keys are not


@pytest.mark.long
def test_evidence_survives_a_kill(space: Space, tmp_path: Path):
    """SIGKILL in the middle of negotiations: the log goes on, and verifies."""
    provider, consumer = space.party("acme"), space.party("bolt")
    for party in (provider, consumer):
        party.env["VOILE_PINNED"] = f"{provider.did},{consumer.did}"
        party.start()
    dataset = publish(provider, tmp_path, counted=False)
    for _ in range(3):
        _said(consumer, "negotiate", provider.did, dataset)
    provider.kill()
    consumer.kill()
    provider.start()
    consumer.start()
    contract = _said(consumer, "negotiate", provider.did, dataset, "--wait")
    assert contract["state"] == "FINALIZED"
    trust = tmp_path / "trust.json"
    _said(consumer, "audit", "trust", "--out", str(trust))
    for party in (provider, consumer):
        bundle = tmp_path / f"{party.name}.bundle"
        _said(party, "audit", "export", "--out", str(bundle), "--open")
        code, report = _check("verify", str(bundle), "--trust", str(trust))
        assert (code, report["findings"]) == (0, [])


@pytest.mark.long
def test_the_commands_print_for_people(space: Space, tmp_path: Path):
    """Without --json each says what it did and what to type next."""
    party = space.party("acme").start()
    trust, bundle = tmp_path / "trust.json", tmp_path / "bundle"
    done = party.voile("audit", "trust", "--out", str(trust))
    assert "compare these thumbprints" in done.stdout, done.stderr
    done = party.voile("audit", "export", "--out", str(bundle))
    assert f"voile audit verify {bundle}" in done.stdout, done.stderr
    done = voile("audit", "verify", str(bundle), "--trust", str(trust))
    assert done.stdout.startswith("OK\n"), done.stderr
    done = voile("audit", "verify", str(bundle))
    assert done.stdout.startswith("UNCHECKED\n")
    assert "unchecked" in done.stdout
    done = voile("audit", "verify", str(tmp_path))
    assert done.returncode in {1, 2}
    done = voile("audit", "drill", str(bundle), "--trust", str(trust))
    assert "located" in done.stdout
    done = voile("audit", "diff", str(bundle), str(bundle), "--trust", str(trust))
    assert done.returncode == 3, done.stdout
    assert "nothing was compared" in done.stdout
    done = party.voile("audit", "trust", "--out", str(trust), "--hub-only")
    assert (done.returncode, "no hub" in done.stderr) == (2, True)
