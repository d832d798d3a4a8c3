"""Threads of a hub and of a participant, held by tokens that name hosts which never answer.

Who: anybody with 32 connections, without a key that anybody knows.
Knows: the DIDs of certified parties, one of whose hosts hangs; that a token's issuer is looked up.
Source: identity.md 2, checks 3 and 6; security.md 1: one noisy peer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.forged_tokens import hanging
from tests.attack.scene import certify, start_all
from tests.e2e.processes import Space, environment

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told
    from tests.e2e.processes import Running

ROOT = Path(__file__).resolve().parents[3]
SECONDS = float(os.environ.get("VOILE_ATTACK_SECONDS", "8"))
CALLS = 40


def attack(scene: Scene, told: Told) -> None:
    """In a space of its own, with the limits that a node has if nothing is set."""
    with Space(scene.folder / "door", quiet=True) as space:
        hub = space.party("hub", role="hub")
        acme, caller, mire = (space.party(n, hub=hub.did) for n in ("acme", "bolt", "mire"))
        start_all([hub, acme, caller, mire])
        certify(hub, {party.name: party for party in (acme, caller, mire)})
        mire.stop()
        acme.stop()
        start_all([acme])  # which knows nobody's document any more
        with closing(hanging(mire.port)) as held, closing(hanging()) as trap:
            port = trap.getsockname()[1]
            strangers = [f"did:web:localhost%3A{port}:s{n}" for n in range(64)]
            cases: tuple[tuple[str, Running, str, str, list[str], Any], ...] = (
                ("strangers at the hub", hub, "POST", "applications", strangers, trap),
                ("a member whose host hangs", acme, "GET", "standing", [mire.did], held),
            )
            for what, party, method, path, issuers, host in cases:
                before = len(host.kept)
                _case(told, what, caller, party, [method, path, *issuers])
                asked = len(host.kept) - before
                told.check(
                    f"{what}: their host was asked a few times only",
                    holds=0 < asked <= 2 + SECONDS,
                    came=asked,
                )


def _case(told: Told, what: str, caller: Running, party: Running, attack: list[str]) -> None:
    method, path, *issuers = attack
    command = [sys.executable, "-m", "benchmarks.forged_tokens", str(party.port), method]
    command += [f"/{party.name}/voile/v1/{path}", party.did, *issuers]
    told.tried.append(f"{what}: 32 connections for {SECONDS:g} s")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as attacker:
        assert attacker.stdin is not None
        assert attacker.stdout is not None
        attacker.stdout.readline()
        _answered(caller, party)  # so that its document is at hand
        attacker.stdin.write("go\n")
        attacker.stdin.flush()
        end, answered, tried = time.monotonic() + SECONDS, 0, 0
        while True:
            tried += 1
            answered += _answered(caller, party)
            if tried >= CALLS and time.monotonic() >= end:
                break
            time.sleep(0.05)
        attacker.stdin.write("rest\n")
        attacker.stdin.flush()
        told.came.append(f"{what}: they were told {attacker.stdout.readline().strip()}")
        attacker.stdin.close()
        told.check(
            f"{what}: a certified caller was answered every time",
            holds=answered == tried,
            came=f"{answered} of {tried}",
        )


def _answered(caller: Running, party: Running) -> bool:
    """Have a certified caller search at the hub, or ask for a participant's catalogue."""
    if party.name == "hub":
        return bool(caller.manage("GET", "/v1/search")[0] == 200)
    return bool(caller.manage("POST", "/v1/catalog", {"provider": party.did})[0] == 200)
