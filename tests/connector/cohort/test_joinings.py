"""What an aggregator takes of a member: one joining, however it is signed, and marks once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import select

from connector.areas.cohort import gathering
from connector.areas.cohort.speaking import say
from connector.areas.cohort.table_rows import GatheringPartRow
from connector.identity.work import PER_MERGE
from contracts.cohort.table_statements import Joining, Marked
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_tables import membership, payload, ready

if TYPE_CHECKING:
    import pytest

    from tests.connector.cohort.alliance import Alliance


def test_a_joining_that_is_signed_again_is_the_same_joining(alliance: Alliance) -> None:
    """At another second: nobody joins anew, no marks go, and who is older is told so by name."""
    pairs = list(zip(SUPPLIERS, alliance.agreements(), strict=True))
    for pair in [*pairs, pairs[0]]:  # the first has marked
        assert ready(alliance, *pair)[0] == 200
    acme, bolt = alliance.suppliers["acme"], alliance.suppliers["bolt"]
    row = membership(alliance, "bolt")
    assert row is not None
    said = Joining.from_json(payload(row.joining_jws))
    again = say(bolt.node, said, bolt.node.clock.now() + timedelta(seconds=5))
    assert again != row.joining_jws

    def parts() -> dict[str, GatheringPartRow]:
        with alliance.hub.node.db.reading() as db:
            return {part.member: part for part in db.exec(select(GatheringPartRow))}

    before = parts()
    path, body = "aggregations/tables/join", {"joining": again, "v": 2}
    told = post(alliance, bolt, alliance.hub, path, body)
    assert told.status == 200
    assert json.loads(told.body)["joinings"][bolt.did] == again
    after = parts()
    assert after[bolt.did].joining_jws == again
    assert after[acme.did].marks_jws == before[acme.did].marks_jws != ""
    for pair in pairs[1:]:
        assert ready(alliance, *pair)[0] == 200
    assert ready(alliance, *pairs[0])[1]["table"]
    # the classes are made: still no other joining
    assert post(alliance, bolt, alliance.hub, path, body).status == 200
    older = post(alliance, bolt, alliance.hub, path, {"joining": again})
    assert older.status == 400
    assert json.loads(older.body)["error"]["code"] == "cohort.peer.old"
    assert bolt.did in json.loads(older.body)["error"]["message"]


def test_marks_are_sent_once_for_a_cohort(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other ones, and ones of other forms, are refused and make nothing; each pays for its own."""
    pairs = list(zip(SUPPLIERS, alliance.agreements(), strict=True))
    for pair in [*pairs, pairs[0]]:
        assert ready(alliance, *pair)[0] == 200
    acme, bolt, hub = alliance.suppliers["acme"], alliance.suppliers["bolt"], alliance.hub
    row = membership(alliance, "acme")
    assert row is not None
    made, honest = [], gathering.make_cohort_table

    def counted(*arguments: Any, **more: Any) -> Any:
        made.append(arguments)
        return honest(*arguments, **more)

    monkeypatch.setattr(gathering, "make_cohort_table", counted)
    monkeypatch.setattr(hub.node.work, "_clock", lambda: 0.0)
    path, kept = "aggregations/tables/marks", payload(row.marks_jws)

    def sent(party: Any, said: dict[str, Any]) -> tuple[int, str, float]:
        before, _ = hub.node.work._now(party.did)
        text = say(party.node, Marked.from_json(said), party.node.clock.now())
        answer = post(alliance, party, hub, path, {"marks": text})
        after, _ = hub.node.work._now(party.did)
        code = json.loads(answer.body).get("error", {}).get("code", "")
        return answer.status, code, before - after

    hub.node.work._sources.clear()
    others = kept | {"number": 2}
    assert sent(acme, others)[:2] == (409, "cohort.said-before")
    lie = kept | {"member": bolt.did}
    wrong = lie | {"marks": lie["marks"] | {"carries": [[[0], "f" * 100]]}}
    assert sent(bolt, wrong)[:2] == (403, "cohort.table.wrong")
    assert made == []
    status, _, steps = sent(bolt, lie)
    assert status == 200
    size = Marked.from_json(lie).marks.size
    assert steps >= PER_MERGE * size  # of its own marks, whatever the others marked
    assert sent(bolt, lie)[0] == 200  # said again: the classes, which are made once
    assert len(made) == 1
