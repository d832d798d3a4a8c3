"""What renewals take at the aggregator is work of the member that asks, and of each that marks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from connector.cohort import renewal_table, renewing
from connector.cohort.renewing import Renewing
from connector.cohort.table_rows import GatheringPartRow, GatheringRow
from connector.questions import work
from connector.questions.work import PER_JUDGED, PER_QUESTION, WORK_SAVED
from crypto.disclosure.cohort_changes import differences
from crypto.disclosure.cohort_probes import probes
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_renewal import grown, renew
from tests.connector.cohort.test_renewal_hardened import counted, last_mark, row_of, settled
from tests.connector.cohort.test_tables_opened import made

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


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
    looked, asking = PER_JUDGED * sum(forms), ("renew", "asked", row.asked_jws)
    with alliance.hub.node.db.reading() as db:
        gathered = db.exec(select(GatheringRow)).one()
        parts = db.exec(select(GatheringPartRow)).all()
    joinings = json.dumps({part.member: part.joining_jws for part in parts})
    read = PER_JUDGED * ((len(joinings) + len(gathered.classes_jws)) // renewal_table.PER_FORM)
    assert min(looked, read) > 1000
    remembered = took(*asking)
    for _ in range(2):
        renewal_table.TABLES.clear()
        assert took(*asking) == remembered + looked + read
    renewal_table.LOOKED.clear()
    assert took(*asking) == remembered  # what is sent is taken without all that is judged
    decides = took("changes", "changes", row.marks_jws)
    assert decides - took("changes", "changes", row.marks_jws) == looked


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
