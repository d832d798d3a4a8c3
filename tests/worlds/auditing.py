"""What auditors get: bundles with nothing opened, and trust files."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

from tests.e2e.processes import request

if TYPE_CHECKING:
    from tests.e2e.processes import Running
    from tests.worlds.space import World

BY_THE_CLOCK = (
    "ACCESS",
    "REFUSAL",
    "STATUS",
    "PEER_CHECKPOINT",
)  # refusals are counted, heads cross
KEPT = ("kind", "role", "direction", "msg", "states", "policy", "query", "counterparty")


def auditing(world: World) -> None:
    """Bundles of a supplier and of the operator with nothing opened, and the consumer's trust file."""
    normal = world.book.normal
    for party in (world.acme, world.hub):
        told = {json.dumps(normal.body(leaf.encode())) for leaf in _leaves(_bundle(party))}
        for leaf in sorted(
            told
        ):  # in which order they were written, and how often again, is chance
            world.book.note(f"leaf of {party.name}", 200, [], leaf.encode(), length=False)
    status, found = world.mallory.manage("GET", f"/v1/audit/trust?party={world.acme.did}")
    world.book.note("trust", status, [], json.dumps(found, sort_keys=True).encode(), length=False)


def _bundle(party: Running) -> bytes:
    token = (party.home / "data" / "management.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    status, _, data = request(party.port + 1, "POST", "/v1/audit/bundle?opened=none", b"", headers)
    assert status == 200, data
    return data


def _leaves(bundle: bytes) -> list[str]:
    """Give what each leaf says in clear; leaves of heads that crossed come when they come."""
    found: list[str] = []
    with tarfile.open(fileobj=io.BytesIO(bundle)) as tar:
        for member in tar:
            file = tar.extractfile(member)
            data = file.read() if file is not None else b""
            for line in data.decode("utf-8", "replace").splitlines():
                entry = _parsed(line)
                if isinstance(entry, dict) and not _by_the_clock(entry):
                    found.append(json.dumps({name: entry.get(name) for name in KEPT}))
    assert found, "no leaf in the bundle"
    return found


def _by_the_clock(entry: dict[str, Any]) -> bool:
    """Whether a leaf is written or not by how fast requests came.

    A question that is refused, of one provider or of a total, has its leaf with the refusal's: it
    names the mode and no plan. Of a peer that is refused oftener than once a second both are
    counted instead.
    """
    query = entry.get("query") or {}
    refused = entry.get("kind") == "QUESTION" and set(query) == {"mode"}
    return refused or entry.get("kind", "ACCESS") in BY_THE_CLOCK


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
