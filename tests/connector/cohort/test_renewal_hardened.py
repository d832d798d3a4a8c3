"""Renewals: what takes long is done once; a step that came too late changes nothing."""

from __future__ import annotations

from dataclasses import replace
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import col, select

from connector.areas.audit import cohort_renewals
from connector.areas.audit.cohort_renewals import renewals
from connector.areas.cohort import renewal_deciding, renewal_table
from connector.areas.cohort.renewal_deciding import made_with
from connector.areas.cohort.renewal_rows import RenewalGatheringRow, RenewalRow
from connector.areas.cohort.renewing import Renewing
from connector.areas.cohort.speaking import say
from connector.areas.cohort.table_rows import CohortMembershipRow
from connector.identity.work import ours
from connector.process.errors import Conflict
from contracts.cohort.errors import CohortError
from contracts.cohort.renewal_statements import Proposed
from crypto.disclosure.declaration import Refused
from crypto.words import verbatim
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_renewal import at, grown, renew, renewed, settled
from tests.connector.cohort.test_tables import payload
from tests.connector.cohort.test_tables_opened import made, opened

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


def row_of(alliance: Alliance, name: str) -> RenewalRow:
    with alliance.suppliers[name].node.db.reading() as db:
        return db.exec(select(RenewalRow).order_by(col(RenewalRow.renewal).desc())).first()


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[int]:
    """Count the calls of something that takes long."""
    calls: list[int] = []
    honest = getattr(module, name)

    def counting(*arguments: Any, **more: Any) -> Any:
        calls.append(1)
        return honest(*arguments, **more)

    monkeypatch.setattr(module, name, counting)
    return calls


def last_ask(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Have all owners asked, and the aggregator not know of that of cogs: what is missing."""
    made(alliance)
    grown(alliance)
    for name in SUPPLIERS:
        with monkeypatch.context() as patch:
            if name == "cogs":
                patch.setattr(Renewing, "_bring", lambda *_: ())
            renew(alliance, name)
    return {"asked": row_of(alliance, "cogs").asked_jws}


@pytest.mark.long
def test_a_table_that_is_too_large_is_looked_at_once(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal took as long as what is found: it is kept, too, and costs a token each time."""
    signed = last_ask(alliance, monkeypatch)

    def too_large(*_: Any) -> Any:
        raise Refused(verbatim("too large"))

    monkeypatch.setattr(renewal_table, "probes", too_large)
    calls = counted(monkeypatch, renewal_table, "probes")
    renewal_table.TABLES.clear()
    cogs = alliance.suppliers["cogs"]
    for _ in range(3):
        found = post(alliance, cogs, alliance.hub, "aggregations/tables/renew", signed)
        assert b"cohort.renewal.large" in found.body
    assert len(calls) == 1
    renewal_table.TABLES.clear()


def test_a_table_is_looked_at_once_whoever_asks_meanwhile(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests at the same time do not each take as long."""
    made(alliance)
    with alliance.suppliers["acme"].node.db.reading() as db:
        membership = db.get(CohortMembershipRow, "stock")
    honest, begun, go_on = renewal_table.probes, Event(), Event()

    def waiting(*of: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return honest(*of)

    monkeypatch.setattr(renewal_table, "probes", waiting)
    calls = counted(monkeypatch, renewal_table, "probes")
    renewal_table.TABLES.clear()
    found: list[Any] = []
    arguments = (membership.joinings, membership.classes_jws)
    threads = [
        Thread(target=lambda: found.append(renewal_table.renewable(*arguments))) for _ in range(3)
    ]
    for one in threads:
        one.start()
        assert begun.wait(60)
    go_on.set()
    for one in threads:
        one.join()
    assert len(calls) == 1
    assert len({id(one) for one in found}) == 1


@pytest.mark.long
def test_a_token_is_used_up_before_what_takes_long(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again with the same token, while the first request looks: nothing is looked at."""
    signed = last_ask(alliance, monkeypatch)
    net, looked, sent, answers = alliance.buyer.net, renewal_deciding.made_with, [], []
    request = net.request

    def sending(*arguments: Any, **more: Any) -> Any:
        sent.append((arguments, more))
        return request(*arguments, **more)

    def looking(*arguments: Any) -> Any:
        if not answers:
            answers.append(0)
            ((again, more),) = [one for one in sent if one[0][1].endswith(path)]
            answers.append(request(*again, **more).status)
        else:
            pytest.fail("it was looked at twice")
        return looked(*arguments)

    path = "aggregations/tables/renew"
    monkeypatch.setattr(net, "request", sending)
    monkeypatch.setattr(renewal_deciding, "made_with", looking)
    assert post(alliance, alliance.suppliers["cogs"], alliance.hub, path, signed).status == 200
    assert answers == [0, 401]


def last_mark(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have all marked for the first proposal, and nothing decided: what cogs would send again."""
    made(alliance)
    grown(alliance)
    with monkeypatch.context() as patch:
        patch.setattr(renewal_deciding.Rounds, "work_out", lambda *_: None)
        for name in (*SUPPLIERS, *SUPPLIERS):
            renew(alliance, name)
    with alliance.hub.node.db.reading() as db:
        found = db.exec(select(RenewalGatheringRow)).one()
        assert not found.renewed_jws
        _, of = made_with(db, found.cohort, alliance.suppliers["cogs"].did, ours())
    return of, found.cohort


@pytest.mark.long
def test_the_cohort_is_looked_at_before_a_round_is_decided(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it does not hold, a member that sends its changes again costs nothing."""
    of, cohort = last_mark(alliance, monkeypatch)

    def left(*_: Any, **more: Any) -> None:
        raise CohortError("one left", code="cohort.member.standing")

    monkeypatch.setattr(renewal_deciding, "check_members", left)
    calls = counted(monkeypatch, renewal_deciding, "decide")
    with pytest.raises(CohortError):
        renewal_deciding.Rounds(alliance.hub.node).work_out(of, cohort, 1, ours())
    assert not calls


@pytest.mark.long
def test_a_round_is_decided_once(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one request decides, others go on; where it could not be kept, it is known."""
    of, cohort = last_mark(alliance, monkeypatch)
    calls = counted(monkeypatch, renewal_deciding, "decide")
    slow, begun, go_on = renewal_deciding.decide, Event(), Event()

    def waiting(*arguments: Any, **more: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return slow(*arguments, **more)

    def fails(*_: Any) -> None:
        raise CohortError("it could not be kept", code="cohort.member.standing")

    rounds = renewal_deciding.Rounds(alliance.hub.node)
    monkeypatch.setattr(renewal_deciding, "decide", waiting)
    with monkeypatch.context() as patch:
        patch.setattr(renewal_deciding, "_follow", fails)
        errors: list[CohortError] = []

        def first() -> None:
            try:
                rounds.work_out(of, cohort, 1, ours())
            except CohortError as error:
                errors.append(error)

        one = Thread(target=first)
        one.start()
        assert begun.wait(60)
        rounds.work_out(of, cohort, 1, ours())  # it does not wait
        assert not calls
        go_on.set()
        one.join()
        assert len(errors) == 1
    rounds.work_out(of, cohort, 1, ours())
    assert len(calls) == 1
    settled(alliance)
    assert [renew(alliance, name)["state"] for name in SUPPLIERS] == ["renewed"] * 3


@pytest.mark.long
def test_nothing_is_marked_once_it_is_renewed(alliance: Alliance) -> None:
    """A further proposal, heard before and checked after: figures that are shown stay."""
    made(alliance)
    grown(alliance)
    renewed(alliance)
    taken = row_of(alliance, "acme")
    before = RenewalRow(**taken.model_dump() | {"renewed_jws": "", "ages": "[]"})
    acme, hub = alliance.suppliers["acme"].node, alliance.hub.node
    with acme.db.reading() as db:
        membership = db.get(CohortMembershipRow, "stock")
    of = renewal_table.renewable(membership.joinings, membership.classes_jws)
    marks = payload(taken.renewed_jws)["marks"]
    further = replace(
        Proposed.from_json(payload(taken.proposal_jws)),
        turn=1,
        marks=marks,
        held=of.looked.components[0],
    )
    with pytest.raises(Conflict, match="another step was quicker"):
        Renewing(acme)._marked(before, membership, of, say(hub, further, hub.clock.now()))
    assert row_of(alliance, "acme") == taken


@pytest.mark.long
def test_other_releases_do_not_read_each_others_marks(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member that judges more refuses the proposal; an auditor that does names nobody."""
    made(alliance)
    grown(alliance)
    renewed(alliance)
    bundles = opened(alliance, ("hub", *SUPPLIERS))
    assert renewals(bundles).counts == {"renewalsWorkedOut": 1}
    honest = cohort_renewals.probes
    less = lambda *of: replace(honest(*of), changes=honest(*of).changes[:1])  # noqa: E731
    monkeypatch.setattr(cohort_renewals, "probes", less)
    found = {(one.level, one.code) for one in renewals(bundles).findings}
    assert found == {("unchecked", "other-release")}


@pytest.mark.long
def test_a_renewal_under_way_does_not_go_on_with_another_release(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a member marks for it, nor does the aggregator read marks of before as its own."""
    last_mark(alliance, monkeypatch)
    before = row_of(alliance, "cogs")
    honest = renewal_table.probes
    less = lambda *of: replace(honest(*of), changes=honest(*of).changes[:1])  # noqa: E731
    monkeypatch.setattr(renewal_table, "probes", less)
    renewal_table.TABLES.clear()
    cogs, path = alliance.suppliers["cogs"], "aggregations/tables/changes"
    signed = {"changes": before.marks_jws}
    found = post(alliance, cogs, alliance.hub, path, signed)
    assert b"cohort.renewal.edition" in found.body
    settled(alliance)
    assert row_of(alliance, "cogs") == before
    assert {at(alliance, name).ages for name in SUPPLIERS} == {()}
    renewal_table.TABLES.clear()
    monkeypatch.setattr(renewal_table, "probes", honest)
    settled(alliance)
    assert [renew(alliance, name)["state"] for name in SUPPLIERS] == ["renewed"] * 3
