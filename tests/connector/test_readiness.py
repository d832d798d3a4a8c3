"""What makes a node unready: only what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from connector.party.metrics import metrics_app
from connector.party.readiness import PROOF_SECONDS, readiness
from connector.process.errors import StoreError
from connector.store.facts import fact
from connector.store.outbox_rows import Outgoing
from tests.connector.space import HUB_AREAS, Space

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party


def read(party: Party, path: str) -> tuple[int, str]:
    """Read the metrics listener."""
    seen: list[str] = []
    body = metrics_app(party.node)({"PATH_INFO": path}, lambda status, _: seen.append(status))
    return int(seen[0].split()[0]), b"".join(body).decode()


def test_a_peer_that_is_away_is_a_note_and_a_figure_and_no_more(party: Callable[..., Party]):
    """A message that waits for an hour leaves the node ready; readiness names the peer in a note."""
    acme = party("acme")
    with acme.node.db.transaction() as tx:
        for peer in ("bolt", "carl"):
            url = f"https://{peer}.example/x"
            tx.send(Outgoing(peer=f"did:web:{peer}.example", url=url, body=b"", kind="k"))
    assert readiness(acme.node)["notes"] == {}
    acme.node.clock.advance(3600)
    found = readiness(acme.node)
    assert found["ready"] is True
    assert found["notes"] == {
        "outbox": "the oldest message, to `did:web:bolt.example`, waits for 3600 s"
    }
    status, figures = read(acme, "/metrics")
    assert status == 200
    assert "\nvoile_outbox_oldest_seconds 3600.0\n" in figures
    assert "voile_disk_free_bytes{" in figures


def test_a_hub_that_is_away_is_a_note_too(party: Callable[..., Party]):
    """A status document that has run out certifies nobody, and leaves the node ready."""
    space = Space(party("hub", areas=HUB_AREAS, role="hub"), party)
    space.renew()
    firm = space.firm("acme")
    firm.node.checkpoints.sign()
    assert "voile_status_left_seconds 9" in read(firm, "/metrics")[1]
    firm.node.clock.advance(10_000)
    assert read(firm, "/readyz")[0] == 200
    notes = readiness(firm.node)["notes"]
    assert notes["status"].startswith("the hub's status document ran out ")
    assert "voile_status_left_seconds -9" in read(firm, "/metrics")[1]


def test_a_lost_or_changed_key_file_makes_a_node_unready(party: Callable[..., Party]):
    """The next start would fail: it is said while a copy can still be put back."""
    acme = party("acme")
    path = acme.node.settings.kek_file
    kept = path.read_bytes()
    path.unlink()
    status, said = read(acme, "/readyz")
    assert status == 503
    assert f"the key file `{path}` cannot be read" in said
    path.touch(0o600)
    path.write_text("A" * 43)
    assert "is not the one that opened this node" in read(acme, "/readyz")[1]
    path.write_bytes(kept)
    assert read(acme, "/readyz")[0] == 200


def test_being_asked_often_writes_once_until_a_change_fails(party: Callable[..., Party]):
    """A thousand probes make one durable write; after a change that failed the next one writes."""
    db = party("acme").node.db

    def written() -> str | None:
        with db.reading() as session:
            return fact(session, "written-ms")

    assert written() is None
    db.prove(PROOF_SECONDS)
    first = written()
    assert first is not None
    with db.engine.begin() as connection:
        connection.execute(text("update fact set value = '0' where name = 'written-ms'"))
    for _ in range(1000):
        db.prove(PROOF_SECONDS)
    assert written() == "0"
    with pytest.raises(StoreError), db.transaction():
        raise StoreError("broken", code="broken")
    db.prove(PROOF_SECONDS)
    assert written() == first


def test_an_anchor_that_is_lost_while_we_run_is_written_again(party: Callable[..., Party]):
    """The running process knows the newest head: deleting the file costs no restart in doubt."""
    checkpoints = party("acme").node.checkpoints
    note = checkpoints.sign()
    checkpoints.anchor.unlink()
    assert checkpoints.sign() == note
    assert checkpoints.anchor.read_bytes() == note
