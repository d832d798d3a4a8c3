"""The profile at work: what the connector sends by itself, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from connector.store.outbox_rows import PARKED, WAITING, OutboxRow
from tests.connector.profiles.kit import CALLBACK, HUNG_UP, Judged, Kit, judged, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulators import StandingClock


def paths(node: Judged) -> list[str]:
    """Last words of the paths that the connector has called."""
    return [path.rsplit("/", 1)[-1] for path, _ in node.kit.sent]


def waiting(node: Judged) -> list[OutboxRow]:
    with node.node.db.reading() as session:
        return list(session.exec(select(OutboxRow).where(OutboxRow.state == WAITING)))


def test_it_offers_agrees_and_finalizes_as_the_table_says(node: Judged):
    """Offer on request, agreement on acceptance, finalisation on verification."""
    consumer, pid = node.ask("ACN0103")
    both = {"consumerPid": consumer, "providerPid": pid}
    assert paths(node) == []
    node.settle()
    assert paths(node) == ["offers"]
    assert node.state(pid) == "OFFERED"
    event = "ContractNegotiationEventMessage"
    assert node.post(f"/negotiations/{pid}/events", event, **both, eventType="ACCEPTED")[0] == 200
    node.settle()
    agreement = node.kit.sent[-1][1]["agreement"]
    assert (agreement["assigner"], agreement["assignee"]) == (
        "did:web:localhost%3A18080",
        "TCK_PARTICIPANT",
    )
    verification = "ContractAgreementVerificationMessage"
    assert node.post(f"/negotiations/{pid}/agreement/verification", verification, **both)[0] == 200
    node.settle()
    assert paths(node) == ["offers", "agreement", "events"]
    assert node.state(pid) == "FINALIZED"


def test_it_stands_still_the_second_time_where_the_table_says_so(node: Judged):
    """CN:03-04: the second request finds it in REQUESTED and is refused; nothing has changed."""
    consumer, pid = node.ask("ACN0304")
    node.settle()
    offer = {"@type": "Offer", "@id": "CD123:ACN0304:456", "target": "ACN0304"}
    again = {
        "consumerPid": consumer,
        "providerPid": pid,
        "offer": offer | {"permission": [{"action": "use"}], "assignee": "TCK_PARTICIPANT"},
    }
    message = "ContractRequestMessage"
    assert node.post(f"/negotiations/{pid}/request", message, **again)[0] == 200
    node.settle()
    status, error = node.post(f"/negotiations/{pid}/request", message, **again)
    assert (status, error["@type"]) == (400, "ContractNegotiationError")
    node.settle()
    assert paths(node) == ["offers"]
    assert node.state(pid) == "REQUESTED"


def test_a_transfer_is_started_suspended_started_and_completed(node: Judged):
    """TP:01-04, with an address in each Start, behind which there is nothing."""
    status, answer = node.post(
        "/transfers/request",
        "TransferRequestMessage",
        consumerPid="urn:uuid:kit",
        agreementId="ATP0104",
        format="HttpData-PULL",
        callbackAddress=CALLBACK,
    )
    assert status == 201, answer
    node.settle()
    assert paths(node) == ["start", "suspension", "start", "completion"]
    assert node.kit.sent[0][1]["dataAddress"]["endpoint"] == "http://localhost:18080/nothing"
    assert node.state(answer["providerPid"], "transfers") == "COMPLETED"


def test_a_reaction_is_dropped_where_the_process_has_moved_on(node: Judged):
    """The kit terminates before the connector gets round to its offer."""
    consumer, pid = node.ask("ACN0101")
    both = {"consumerPid": consumer, "providerPid": pid, "code": "1"}
    termination = "ContractNegotiationTerminationMessage"
    assert node.post(f"/negotiations/{pid}/termination", termination, **both)[0] == 200
    node.settle()
    assert paths(node) == []
    assert node.state(pid) == "TERMINATED"


def test_an_early_message_comes_again_with_the_same_id(node: Judged, clock: StandingClock):
    """404 means not yet, while a case lasts; our state has not changed."""
    node.kit.statuses = [404, 404]
    _, pid = node.ask("ACN0101")
    node.settle()
    assert node.state(pid) == "REQUESTED"
    for _ in range(2):
        clock.advance(2)
        node.settle()
    assert node.state(pid) == "OFFERED"
    assert len({body["@id"] for _, body in node.kit.sent}) == 1
    assert len(node.kit.sent) == 3


@pytest.mark.parametrize("trouble", [HUNG_UP, 500, 404])
def test_one_case_that_goes_wrong_does_not_hold_up_the_next(trouble: int, node: Judged):
    """The kit hangs up on a message: those of other cases go out at once all the same."""
    node.kit.statuses = [trouble] * 2
    node.ask("ACN0101")
    node.settle()
    node.kit.statuses = []
    _, pid = node.ask("ACN0204")
    node.settle()
    assert node.state(pid) == "OFFERED"


def test_a_message_is_given_up_once_its_case_is_over(node: Judged, clock: StandingClock):
    """After 20 seconds nobody will listen to it any more: it is parked."""
    node.kit.statuses = [404] * 9
    node.ask("ACN0101")
    node.settle()
    clock.advance(21)
    node.settle()
    assert waiting(node) == []
    assert len(node.kit.sent) == 2


def test_what_an_earlier_run_left_unsent_stays_unsent(tmp_path: Path, clock: StandingClock):
    """After a restart the kit would take it for a message of another case."""
    settings = settings_of(tmp_path, clock)
    node = judged(settings, clock, Kit(statuses=[404] * 9))
    node.ask("ACN0101")
    node.settle()
    assert len(waiting(node)) == 1
    node.node.close()
    node = judged(settings, clock, Kit(), again="2")
    with node.node.db.reading() as session:
        (left,) = session.exec(select(OutboxRow).where(OutboxRow.peer == "TCK_PARTICIPANT"))
    assert (left.state, left.reason) == (PARKED, "its case is over")
    node.node.close()
