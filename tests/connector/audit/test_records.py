"""Searches and records over the management API; what an auditor reads is a leaf, once a minute."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.audit.record import path_of
from connector.areas.audit.searching import read_leaf
from connector.compose import hub, participant
from connector.evidence.log import head
from connector.process.errors import StoreError
from connector.store.database import Database
from connector.store.rows import LogDetailRow, LogEntryRow
from contracts.evidence import Entry
from crypto import merkle, notes
from crypto.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.store.transaction import Transaction
    from tests.simulators import Party, StandingClock


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme", areas=participant.AREAS)


def key(node: Party, *roles: str, name: str = "") -> str:
    """The token of a new key."""
    body = {"name": name or "-".join(roles), "roles": list(roles)}
    status, found = node.manage("POST", "/v1/management-keys", body)
    assert status == 201, found
    return str(found["token"])


def read_leaves(node: Party) -> list[dict[str, Any]]:
    """Leaves that say what an auditor read."""
    with node.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.kind == "ACCESS")).all()
    return [json.loads(row.entry) for row in rows]


def append(node: Party, *entries: Entry) -> list[int]:
    with node.node.db.transaction() as tx:
        return [tx.append(entry).index for entry in entries]


def test_a_search_by_an_auditor_is_a_leaf_once_a_minute(acme: Party, clock: StandingClock):
    """Another filter, another person and another minute are others; the firm's own reads none."""
    auditor, security = key(acme, "auditor"), key(acme, "security")
    second = key(acme, "auditor", name="second")
    for token, path, count in (
        (security, "/v1/evidence", 0),
        ("", "/v1/evidence", 0),
        (auditor, "/v1/evidence?kind=PRODUCT", 1),
        (auditor, "/v1/evidence?kind=PRODUCT&limit=3", 1),
        (auditor, "/v1/evidence?kind=PRODUCT&id=parts", 2),
        (second, "/v1/evidence?kind=PRODUCT", 3),
        (auditor, "/v1/evidence/0", 4),
        (auditor, "/v1/evidence/0", 4),
        (security, "/v1/evidence/0", 4),
        (auditor, "/v1/evidence/999", 4),
    ):
        assert acme.manage("GET", path, token=token)[0] in (200, 404)
        assert len(read_leaves(acme)) == count, path
    clock.advance(61)
    acme.manage("GET", "/v1/evidence?kind=PRODUCT", token=auditor)
    leaves = read_leaves(acme)
    assert [leaf["to"] for leaf in leaves] == ["SEARCHED"] * 3 + ["OPENED", "SEARCHED"]
    assert leaves[0]["query"]["asked"] == {"kind": "PRODUCT"}
    assert leaves[0]["actor"].startswith("key:")
    assert leaves[0]["actor"] != leaves[2]["actor"]
    assert leaves[0]["query"]["filter"] == leaves[-1]["query"]["filter"]


def test_of_two_reads_at_once_none_is_shown_without_a_leaf(
    acme: Party, monkeypatch: pytest.MonkeyPatch
):
    """Nor where that of the first cannot be written in the end."""
    auditor, real = key(acme, "auditor"), Database.transaction
    writing, fail = threading.Event(), threading.Event()

    @contextmanager
    def slowly(db: Database) -> Iterator[Transaction]:
        if not writing.is_set():
            writing.set()
            assert fail.wait(10)
            raise StoreError("the disk is full", code="disk-full")
        with real(db) as tx:
            yield tx

    monkeypatch.setattr(Database, "transaction", slowly)
    came: list[int] = []

    def read() -> None:
        came.append(acme.manage("GET", "/v1/evidence?kind=PRODUCT", token=auditor)[0])

    first = threading.Thread(target=read)
    first.start()
    assert writing.wait(10)
    read()
    assert (came, len(read_leaves(acme))) == ([200], 1)
    fail.set()
    first.join()
    assert came[1] >= 500


def test_a_long_filter_is_cut_in_its_leaf_and_told_apart_by_its_digest(acme: Party):
    """However long, in whatever script: the leaf has room, and the search goes on."""
    auditor = key(acme, "auditor")
    for end in ("1", "2"):
        text = "%E7%89%87" * 500 + end
        fields = "&".join(f"{name}={text}" for name in ("party", "agreement", "process", "id"))
        assert acme.manage("GET", f"/v1/evidence?{fields}", token=auditor)[0] == 200
    first, second = read_leaves(acme)
    assert first["query"]["asked"] == second["query"]["asked"]
    assert len(first["query"]["asked"]["id"]) == 100
    assert first["query"]["filter"] != second["query"]["filter"]


def test_the_history_of_no_agreement_puts_no_text_of_any_length_on_record(acme: Party):
    """What is no agreement of ours is what was looked for: cut, and under no agreement."""
    auditor = key(acme, "auditor")
    for text in ("%E7%89%87" * 2000, "x" * 5000):
        assert acme.manage("GET", f"/v1/questions/history/{text}", token=auditor)[0] == 200
    at = "/v1/questions/received?agreement="
    assert acme.manage("GET", at + "%E7%89%87" * 2000, token=auditor)[0] == 200
    assert len(read_leaves(acme)) == 3
    for leaf in read_leaves(acme):
        assert leaf.get("agreement", "") == ""
        assert len(leaf["query"]["asked"]["agreement"]) == 100


def test_a_steward_may_not_search(acme: Party):
    """Evidence is for those who answer for it, and for auditors."""
    steward = key(acme, "steward")
    for path in ("/v1/evidence", "/v1/evidence/0"):
        status, found = acme.manage("GET", path, token=steward)
        assert (status, found["error"]["code"]) == (403, "role-missing")


def test_a_record_tells_itself_and_proves_its_place(acme: Party):
    """The line in both languages, the text as it was hashed, and a path that leads to the root."""
    places = append(
        acme,
        *(
            Entry(
                kind="QUESTION",
                role="provider",
                counterparty="did:web:bolt.example",
                agreement="urn:a:1",
                process="q-1",
                msg={"direction": "in", "type": kind, "id": "q-1"},
                query={"mode": "masked"},
                detail={"sql": "select secret"},
            )
            for kind in ("Question", "<script>alert(1)</script>")
        ),
    )
    acme.node.checkpoints.sign()
    status, found = acme.manage("GET", f"/v1/evidence/{places[0]}")
    assert status == 200
    assert "did:web:bolt.example" in found["what"]["en"]
    assert found["what"]["zh"].startswith("从")
    assert (found["previous"], found["next"]) == (None, places[1])
    assert canonical(found["leaf"]).decode() == found["raw"]
    assert found["detail"] == "sealed"
    assert "secret" not in json.dumps(found)
    signed = notes.verify_checkpoint(
        found["head"]["note"].encode(),
        notes.vkey(acme.node.checkpoints.origin, acme.node.keys.log.public),
    )
    assert signed.root.hex() == found["head"]["root"] == found["head"]["path"][-1]["result"]
    assert merkle.leaf_hash(found["raw"].encode()).hex() == found["leafHash"]
    with acme.node.db.transaction() as tx:
        row = tx.session.get(LogDetailRow, found["leaf"]["id"])
        tx.session.delete(row)
    assert acme.manage("GET", f"/v1/evidence/{places[0]}")[1]["detail"] == "erased"
    assert acme.manage("GET", "/v1/evidence/0")[1]["detail"] == "sealed"


def test_a_leaf_that_no_head_covers_has_none(acme: Party):
    """It is not said to be proved before it is."""
    (place,) = append(acme, Entry(kind="ACCESS", to_state="REFUSED"))
    found = acme.manage("GET", f"/v1/evidence/{place}")[1]
    assert found["head"] is None
    assert found["detail"] == "none"


def test_every_path_leads_to_the_root(acme: Party):
    """For every leaf of every size, as the verifier goes."""
    append(acme, *(Entry(kind="ACCESS", to_state="REFUSED") for _ in range(40)))
    from connector.evidence.log import node_reader

    with acme.node.db.reading() as session:
        for size in range(1, head(session).size + 1):
            root = merkle.root(size, node_reader(session))
            for index in range(size):
                read = read_leaf(session, index)
                assert read is not None
                steps = path_of(session, read, size)
                assert (steps[-1].result if steps else read.leaf_hash) == root
                merkle.verify_inclusion(
                    read.leaf_hash,
                    index=index,
                    size=size,
                    proof=[step.sibling for step in steps],
                    expected_root=root,
                )


def test_wrong_questions_have_one_answer(acme: Party):
    """A place that is none, a kind that is none, two directions at once."""
    for path, status, code in (
        ("/v1/evidence/99", 404, "leaf-missing"),
        ("/v1/evidence/abc", 404, "leaf-missing"),
        ("/v1/evidence/-1", 404, "leaf-missing"),
        ("/v1/evidence?before=99", 404, "leaf-missing"),
        ("/v1/evidence?before=0&after=0", 400, "one-direction"),
    ):
        found = acme.manage("GET", path)
        assert (found[0], found[1]["error"]["code"]) == (status, code), path
    assert acme.manage("GET", "/v1/evidence?kind=NONE")[0] == 400


def test_a_hub_has_the_same(party: Callable[..., Party]):
    """The operator's log is searched as a firm's is."""
    operator = party("hub", role="hub", areas=hub.AREAS)
    status, found = operator.manage("GET", "/v1/evidence?kind=CONFIGURATION")
    assert status == 200
    assert [record["line"]["en"] for record in found["records"]] == [
        "the connector's job connector: this node was set up"
    ]
