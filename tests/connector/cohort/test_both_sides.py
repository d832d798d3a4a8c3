"""A total and the standing of everybody in it, up to the moment in which the buyer takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.connector.cohort.alliance import SUPPLIERS

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance

CODE = "participant.not-certified"


def named(body: Any) -> set[tuple[str, str]]:
    return {(reason["code"], reason["given"]) for reason in body["error"]["reasons"]}


@pytest.mark.long
def test_a_total_with_a_suspended_supplier_or_by_a_suspended_buyer_is_not_begun(
    alliance: Alliance,
) -> None:
    """It is refused before anything leaves, naming who it is; no session is made."""
    agreements = alliance.agreements()
    everybody = (alliance.buyer, *alliance.suppliers.values())
    for party in (alliance.suppliers["bolt"], alliance.buyer):
        alliance.space.act("participants/suspend", party)
        alliance.space.hub.deliver()
        sent = len(alliance.buyer.net.sent)
        status, body = alliance.ask(agreements)
        assert (status, named(body)) == (403, {(CODE, party.did)})
        assert len(alliance.buyer.net.sent) == sent
        alliance.space.act("participants/reinstate", party)
        alliance.space.settle(*everybody)
    assert alliance.sessions() == []
    assert alliance.ask(agreements)[0] == 200


def test_a_supplier_suspended_in_its_own_document_accepts_no_session(alliance: Alliance) -> None:
    """Neither buyer nor the others have to know: the supplier itself refuses, and names itself."""
    agreements = alliance.agreements()
    bolt = alliance.suppliers["bolt"]
    status, _ = alliance.ask(agreements, purpose="credit")  # every transfer runs
    assert status == 403
    before = alliance.buyer.net.fault
    only = f"{bolt.url}/voile/v1/status"
    alliance.buyer.net.fault = lambda _m, url, _b: (
        _lost() if url.endswith("/voile/v1/status") and url != only else None
    )
    alliance.space.act("participants/suspend", bolt)
    alliance.space.hub.deliver()
    alliance.buyer.net.fault = before
    status, body = alliance.ask(agreements)
    assert (status, named(body)) == (403, {(CODE, bolt.did)})
    refusals = alliance.leaves(bolt, "REFUSAL")
    assert refusals[-1]["policy"]["standing"]["serial"] > 0


def _lost() -> Any:
    from connector.process.errors import Unreachable

    raise Unreachable("lost", code="peer-unreachable")


@pytest.mark.long
def test_a_total_is_not_taken_from_a_supplier_that_lost_its_standing_meanwhile(
    alliance: Alliance,
) -> None:
    """Suspended between release and reading: the session ends, and the same question asked again after
    the reinstatement is answered without a second charge.
    """
    agreements = alliance.agreements()
    net, hub, cogs = alliance.buyer.net, alliance.hub, alliance.suppliers["cogs"]
    whole = net.apps[hub.url]

    def released_then_suspended(environ: Any, start_response: Any) -> Any:
        answer = whole(environ, start_response)
        if environ["PATH_INFO"].endswith("/product"):
            net.apps[hub.url] = whole
            alliance.space.act("participants/suspend", cogs)
            hub.deliver()
        return answer

    net.apps[hub.url] = released_then_suspended
    status, body = alliance.ask(agreements, question_id="urn:uuid:total-1")
    assert (status, named(body)) == (403, {(CODE, cogs.did)})
    assert alliance.states()["buyer"] == ["ENDED"]
    alliance.space.act("participants/reinstate", cogs)
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    assert alliance.answer(agreements, question_id="urn:uuid:total-1")["answer"]["cells"]
    assert [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)] == [1, 1, 1]
