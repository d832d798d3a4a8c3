"""What renewals take at the aggregator is work of the member that asks, and of each that marks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.cohort import renewal_deciding, renewal_table, renewing
from connector.areas.cohort.renewing import Renewing
from connector.areas.cohort.speaking import say
from connector.areas.cohort.table_rows import GatheringPartRow, GatheringRow
from connector.identity import work
from connector.identity.work import PER_JUDGED, PER_QUESTION, WORK_SAVED
from contracts.cohort.renewal_statements import Asked, Changed
from contracts.cohort.signing import digest_of
from crypto.disclosure.cohort_changes import differences
from crypto.disclosure.cohort_probes import probes
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_renewal import grown, renew
from tests.connector.cohort.test_renewal_hardened import (
    counted,
    last_ask,
    last_mark,
    row_of,
    settled,
)
from tests.connector.cohort.test_tables import payload
from tests.connector.cohort.test_tables_opened import made

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


@pytest.mark.long
def test_each_pays_for_what_it_marks_and_once(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what is judged of the table, which follows from the classes; never by what others mark."""
    budget, cogs = alliance.hub.node.work, alliance.suppliers["cogs"]
    monkeypatch.setattr(budget, "_clock", lambda: 0.0)

    def left() -> float:
        return budget._sources.get(cogs.did, (WORK_SAVED, 0.0))[0]

    def sent(step: str, field: str, text: str) -> float:
        before = left()
        path = f"aggregations/tables/{step}"
        assert post(alliance, cogs, alliance.hub, path, {field: text}).status == 200
        return before - left()

    monkeypatch.setattr(work, "PER_DECISION", 1000)  # the table is small: all else takes more
    budget._sources.clear()
    of, _ = last_mark(alliance, monkeypatch)
    marks = 1000 * of.looked.bits(len(differences(1)))
    assert WORK_SAVED - left() >= marks
    row = row_of(alliance, "cogs")
    least, most = of.looked.bits(1) + PER_QUESTION, of.looked.bits(1) + PER_QUESTION + marks
    assert least <= sent("renew", "asked", row.asked_jws) < most
    assert least <= sent("changes", "changes", row.marks_jws) < most
    settled(alliance)
    assert least <= sent("changes", "changes", row.marks_jws) < most  # what is said is not undone
    assert {row_of(alliance, name).renewed_jws != "" for name in SUPPLIERS} == {True}


def test_what_was_forgotten_is_work_of_who_has_it_made_again(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By having more tables renewed than are remembered: as often as it is made, not once."""
    budget, cogs = alliance.hub.node.work, alliance.suppliers["cogs"]
    monkeypatch.setattr(budget, "_clock", lambda: 0.0)
    of, _ = last_mark(alliance, monkeypatch)
    row = row_of(alliance, "cogs")

    def took(step: str, field: str, text: str) -> float:
        budget._sources.clear()
        path = f"aggregations/tables/{step}"
        assert post(alliance, cogs, alliance.hub, path, {field: text}).status == 200
        return WORK_SAVED - budget._sources[cogs.did][0]

    forms: list[int] = []
    probes(of.common.table, of.table, forms.append)
    assert sum(forms) > of.looked.asked[0]  # what is looked through to find them is counted, too
    looked, marking = PER_JUDGED * sum(forms), ("changes", "changes", row.marks_jws)
    with alliance.hub.node.db.reading() as db:
        gathered = db.exec(select(GatheringRow)).one()
        parts = db.exec(select(GatheringPartRow)).all()
    joinings = json.dumps({part.member: part.joining_jws for part in parts})
    read = PER_JUDGED * ((len(joinings) + len(gathered.classes_jws)) // renewal_table.PER_FORM)
    assert min(looked, read) > 1000
    with monkeypatch.context() as patch:
        patch.setattr(renewal_deciding.Rounds, "work_out", lambda *_: None)
        remembered = took(*marking)
        for _ in range(2):
            renewal_table.TABLES.clear()
            assert took(*marking) == remembered + looked + read
        renewal_table.LOOKED.clear()
        assert took(*marking) == remembered  # what is sent is taken without all that is judged
    decides = took(*marking) - remembered  # to decide takes all of it; the answer is longer
    assert looked <= decides < looked + 5


@pytest.mark.long
def test_who_asks_how_far_it_is_has_nothing_made(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor who asks too soon, or marks what is renewed: others may have had it forgotten."""
    last = last_ask(alliance, monkeypatch)
    made_again = counted(monkeypatch, renewal_table, "probes")

    def answer(name: str, step: str, **body: str) -> Any:
        renewal_table.TABLES.clear()
        renewal_table.LOOKED.clear()
        path, caller = f"aggregations/tables/{step}", alliance.suppliers[name]
        return json.loads(post(alliance, caller, alliance.hub, path, body).body)

    cogs, acme = alliance.suppliers["cogs"], row_of(alliance, "acme").asked_jws
    waiting = {"missing": [cogs.did], "proposal": "", "renewed": ""}
    assert [answer("acme", "renew", asked=acme) for _ in range(3)] == [waiting] * 3
    assert not made_again
    begun = answer("cogs", "renew", **last)
    assert begun["proposal"]
    assert not begun["missing"]
    assert len(made_again) == 1  # the last one has it made
    assert answer("acme", "renew", asked=acme) == answer("cogs", "renew", **last) == begun
    assert len(made_again) == 1

    settled(alliance)
    made_again.clear()
    row = row_of(alliance, "acme")
    over = {"missing": [], "proposal": row.proposal_jws, "renewed": row.renewed_jws}
    assert answer("acme", "changes", changes=row.marks_jws) == over
    assert answer("acme", "renew", asked=acme) == over
    node = alliance.suppliers["acme"].node
    of = {"renewal": 2, "previous": digest_of(row.renewed_jws)}
    again = say(node, replace(Asked.from_json(payload(acme)), **of), node.clock.now())
    assert answer("acme", "renew", asked=again)["error"]["code"] == "cohort.renewal.soon"
    other = replace(Changed.from_json(payload(row.marks_jws)), number=9)
    unknown = answer("acme", "changes", changes=say(node, other, node.clock.now()))
    assert unknown["error"]["code"] == "cohort.renewal.unknown"
    assert not made_again


def test_who_waits_for_another_owner_looks_at_nothing(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member asks how far it is every half minute, of each product: that is never work."""
    made(alliance)
    grown(alliance)
    renew(alliance, "acme")
    monkeypatch.setattr(renewing, "renewable", lambda *_: pytest.fail("it was looked at"))
    asked = counted(monkeypatch, renewing.Gatherer, "renew")
    assert Renewing(alliance.suppliers["acme"].node).sweep() == 1
    assert len(asked) == 1


def test_only_the_newest_few_are_remembered() -> None:
    """What is looked at again stays longer; nothing grows with who asks."""
    kept: renewal_table.Kept[int] = renewal_table.Kept(2)
    calls: list[str] = []

    def ask(key: str) -> int:
        return kept(key, lambda: calls.append(key) or len(calls))

    assert [ask(key) for key in "abacab"] == [1, 2, 1, 3, 1, 4]
    assert calls == ["a", "b", "c", "b"]
    assert (renewal_table.TABLES.most, renewal_table.LOOKED.most) == (16, 2)
