"""An innocent firm convicted, or a lie passed off as clean, by files that an auditor is handed.

Who: a firm that hands over bundles made with its own keys, whatever it likes in them.
Knows: the form of a bundle, the other's bundles, heads and messages; none of the other's keys.
Source: evidence.md 1 and 5: proof only under the accused's own key; what agrees, and what must.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tarfile
import tempfile
import time
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from connector.areas.audit.export import export
from connector.areas.audit.folder import read_folder
from connector.areas.audit.trusting import known_parties, trust_of
from contracts.audit.diff import diff
from contracts.audit.promised import path_of
from contracts.audit.verify import Bundle, verify
from crypto.canonical import canonical
from tests.attack.insider import wait
from tests.attack.tables import Measure, Row, Table
from tests.connector.audit.conftest import Case
from tests.connector.audit.corpus import KINDS, Forged
from tests.connector.audit.forging import lines_of, rewrite
from tests.connector.audit.second import judged, outcome
from tests.contracts.audit.test_seeded import SORTS, misjudged
from tests.e2e.processes import request

if TYPE_CHECKING:
    from contracts.audit.trust import Trust
    from tests.attack.scene import Scene
    from tests.attack.told import Told
    from tests.e2e.processes import Running

EACH = 4  # bundles of a kind, and pairs of a sort; the tests have thousands and hundreds


def attack(scene: Scene, told: Told) -> None:
    """Forge by kind and by sort; then flip bytes of what a running connector hands out."""
    _bundles(told)
    _pairs(told)
    _handed_out(scene, told)
    _denied(scene, told)


def _bundles(told: Told) -> None:
    for name, (make, beyond) in sorted(KINDS.items()):
        told.tried.append(f"bundles of the kind {name.replace('_', ' ')}")
        wrong = []
        for bundle, outcomes, code in islice(make(random.Random(name)), EACH):
            forged = Forged(name, bundle, frozenset(outcomes), code, beyond)
            first, second = verify(forged.bundle).outcome, outcome(judged(forged.bundle))
            expected = {"UNCHECKED"} if beyond else {first}
            wrong += [] if first in outcomes and second in expected else [(first, second)]
        told.check(
            f"{name.replace('_', ' ')}: both verifiers say what is true",
            holds=not wrong,
            came=wrong,
        )


def _pairs(told: Told) -> None:
    for number, sort in enumerate(SORTS):
        told.tried.append(f"two bundles side by side: {(sort.__doc__ or '').split('.')[0]}")
        seeds = (10_000 * len(SORTS) + number + len(SORTS) * again for again in range(EACH))
        wrong = [said for seed in seeds if (said := misjudged(seed))]
        told.check(
            f"{sort.__name__.replace('_', ' ')}: it is found, nothing beside it, nobody innocent named",
            holds=not wrong,
            came=wrong,
        )


def _handed_out(scene: Scene, told: Told) -> None:
    """Take a bundle from a running supplier; the verifier in it runs alone, with a trust file."""
    token = (scene.acme.home / "data" / "management.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    status, _, data = request(scene.acme.port + 1, "POST", "/v1/audit/bundle", b"", headers)
    assert status == 200, data
    with tempfile.TemporaryDirectory(prefix="voile-forged-") as folder:
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(folder, filter="data")
        manifest = next(Path(folder).rglob("manifest.json"))
        told.came.append(f"a bundle of {scene.acme.name}: {len(data)} bytes")
        told.check(
            "as it was handed out nothing is found in it", holds=_said(manifest) != "FINDINGS"
        )
        entries = manifest.parent / "log" / "entries.jsonl"
        honest = entries.read_bytes()
        for place in (0, len(honest) // 2, len(honest) - 2):
            bent = bytearray(honest)
            bent[place] ^= 1
            entries.write_bytes(bent)
            told.check(f"a flipped byte at {place} is found", holds=_said(manifest) == "FINDINGS")


def _denied(scene: Scene, told: Told) -> None:
    """A consumer that got an answer leaves it out of its log, or rewrites it, with its true keys."""
    mallory, acme = scene.mallory, scene.acme
    rows: list[Row] = [(f"c{i}", (str(i % 10),), (300 + 7 * i,)) for i in range(120)]
    table = Table({"size": "bins = [0, 5, 10]\nwhole = true"}, [Measure("amount", 0, 9000)], rows)
    assert table.publish(scene, "denied"), table.told
    table.number(mallory, "SELECT SUM(amount) FROM held WHERE size > 4")
    told.tried.append("an answer that was got, and promised, is left out or rewritten")
    with tempfile.TemporaryDirectory(prefix="voile-denied-") as name:
        folder = Path(name)
        export(mallory.node, folder / "mallory")
        trust, _ = trust_of(mallory.node, known_parties(mallory.node))
        mine = _opened(folder / "mallory", trust)
        lines = lines_of(mine)
        at = max(n for n, line in enumerate(lines) if b'"kind":"ANSWER"' in line)
        hers = wait(
            lambda: _bundle_of(acme, folder, trust),
            lambda found: any(f'"index":{at}'.encode() in data for path, data in found.files.items()
                              if path == path_of(mallory.did)),
        )  # fmt: skip
        pair: Any = SimpleNamespace(consumer=mallory)
        case = Case(pair, trust, mine, hers, folder)
        leaf = json.loads(lines[at])
        extra = canonical(json.loads(lines[-1]) | {"id": "0" * 32})
        bent = canonical(leaf | {"query": leaf["query"] | {"cells": 7}})
        shown = {
            "left out": [*lines[:at], *lines[at + 1 :], extra],
            "rewritten": [*lines[:at], bent, *lines[at + 1 :]],
        }
        for what, forged in shown.items():
            found = diff(rewrite(case, forged), hers).findings
            proofs = [one for one in found if one.level == "proof"]
            named = {one.code for one in proofs if one.where == mallory.did}
            told.check(
                f"{what}: her own promise convicts her, and nobody else",
                holds="broken-promise" in named and acme.did not in str(proofs),
                came=proofs,
            )
        honest = [one for one in diff(mine, hers).findings if one.level == "proof"]
        told.check("as it is it convicts nobody", holds=not honest, came=honest)


def _bundle_of(party: Running, folder: Path, trust: Trust) -> Bundle:
    """Take a bundle from a running supplier."""
    token = (party.home / "data" / "management.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    _, _, data = request(party.port + 1, "POST", "/v1/audit/bundle", b"", headers)
    place = folder / f"hers-{time.monotonic_ns()}"
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        tar.extractall(place, filter="data")
    return _opened(next(place.rglob("manifest.json")).parent, trust)


def _opened(folder: Path, trust: Trust) -> Bundle:
    files, odd = read_folder(folder)
    return Bundle(files=files, trust=trust, now=int(time.time()), oddities=odd)


def _said(manifest: Path) -> str:
    """Run the second verifier of a bundle on it, as an auditor without Voile does."""
    command = [sys.executable, "-I", manifest.parent / "verify.py", manifest.parent, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    said: str = json.loads(done.stdout)["outcome"]
    return said
