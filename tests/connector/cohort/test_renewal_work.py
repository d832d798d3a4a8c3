"""What renewals take at the aggregator is work of the member that asks, and of each that marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.questions import work
from connector.questions.work import PER_QUESTION, WORK_SAVED
from crypto.disclosure.cohort_changes import differences
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_renewal_hardened import last_mark, row_of, settled

if TYPE_CHECKING:
    import pytest

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
