"""One supplier's part of a total, from the evidence that it hands to an auditor.

Who: an auditor, or a consumer who gets hold of a supplier's and the operator's bundles.
Knows: the form of a bundle; that each supplier commits itself to its part of every total.
Source: disclosure.md 8.5.
"""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING

from tests.attack.stocks import stocks
from tests.e2e.processes import request

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = stocks(scene, "bundle")
    status, body = held.ask(scene.mallory)
    assert status == 200, body
    sums = {
        f"{name}'s sum of {brand}": sum(r[2][0] for r in rows if r[1] == (brand,))
        for name, rows in held.held.items()
        for brand in ("A1", "B2")
    }
    told.tried.append(
        "the default bundles of every supplier and of the operator, for figures of the total's parts"
    )
    for party in (*scene.suppliers.values(), scene.hub):
        numbers = _numbers(_bundle(party))
        told.came.append(f"{party.name}: {len(numbers)} numbers and texts in clear")
        for what, figure in sums.items():
            told.check(
                f"{what} is not in the bundle of {party.name}",
                holds=not {figure, str(figure)} & numbers,
            )


def _bundle(party) -> bytes:
    token = (party.home / "data" / "management.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    status, _, data = request(party.port + 1, "POST", "/v1/audit/bundle", b"", headers)
    assert status == 200, data
    return data


def _numbers(bundle: bytes) -> set[int | str]:
    """Give every number and text in what is JSON in a bundle."""
    found: set[int | str] = set()
    with tarfile.open(fileobj=io.BytesIO(bundle)) as tar:
        for member in tar:
            file = tar.extractfile(member)
            for line in (file.read() if file is not None else b"").splitlines():
                try:
                    _collect(json.loads(line), found)
                except ValueError:
                    continue
    assert found, "nothing in clear in the bundle"
    return found


def _collect(value: object, found: set[int | str]) -> None:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _collect(item, found)
    elif isinstance(value, int | str):
        found.add(value)
