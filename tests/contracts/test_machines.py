"""Both machines against the specification's tables: every state, message and role, and crossings."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import negotiation, transfer
from contracts.errors import IllegalMessageError, LocalProtocolError, NotYetError
from contracts.machine import (
    NONE,
    TERMINATION,
    InFlight,
    Process,
    Role,
    Table,
    Transition,
    acknowledge,
    other,
    propose,
    receive,
    reconcile,
    refused_opening,
    withdraw,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# The specification's tables, written out a second time and in another form than the module's.
NEGOTIATION = """
none      C ContractRequest REQUESTED
none      P ContractOffer OFFERED
REQUESTED P ContractOffer OFFERED
REQUESTED P ContractAgreement AGREED
ACCEPTED  P ContractAgreement AGREED
OFFERED   C ContractRequest REQUESTED
OFFERED   C Event_ACCEPTED ACCEPTED
AGREED    C AgreementVerification VERIFIED
VERIFIED  P Event_FINALIZED FINALIZED
REQUESTED C Termination TERMINATED
OFFERED   C Termination TERMINATED
ACCEPTED  C Termination TERMINATED
AGREED    C Termination TERMINATED
VERIFIED  C Termination TERMINATED
REQUESTED P Termination TERMINATED
OFFERED   P Termination TERMINATED
ACCEPTED  P Termination TERMINATED
AGREED    P Termination TERMINATED
VERIFIED  P Termination TERMINATED
"""
TRANSFER = """
none      C TransferRequest REQUESTED
REQUESTED P Start STARTED
STARTED   P Start STARTED
STARTED   C Completion COMPLETED
STARTED   P Completion COMPLETED
STARTED   C Suspension SUSPENDED
STARTED   P Suspension SUSPENDED
SUSPENDED C Start STARTED
SUSPENDED P Start STARTED
REQUESTED C Termination TERMINATED
STARTED   C Termination TERMINATED
SUSPENDED C Termination TERMINATED
REQUESTED P Termination TERMINATED
STARTED   P Termination TERMINATED
SUSPENDED P Termination TERMINATED
"""
ROLES: tuple[Role, Role] = ("consumer", "provider")


def _rows(text: str) -> dict[tuple[str, str, str], str]:
    lines = (line.split() for line in text.strip().splitlines())
    roles = {"C": "consumer", "P": "provider"}
    return {
        (state.replace("none", NONE), roles[who], event.replace("_", " ")): target
        for state, who, event, target in lines
    }


TABLES = ((negotiation.TABLE, _rows(NEGOTIATION)), (transfer.TABLE, _rows(TRANSFER)))


def _cells() -> list[tuple[Table, str, str, Role, str | None]]:
    return [
        (table, state, event, role, expected.get((state, role, event)))
        for table, expected in TABLES
        for state, role in itertools.product(table.states, ROLES)
        for event in sorted({event for _, _, event in expected})
    ]


@pytest.mark.parametrize(
    ("table", "state", "event", "role", "target"),
    _cells(),
    ids=lambda v: v.name if isinstance(v, Table) else str(v),
)
def test_every_cell(table: Table, state: str, event: str, role: Role, target: str | None):
    """For each state, message and sender, both sides agree with the specification."""
    sending = Process(role=role, state=state)
    receiving = Process(role=other(role), state=state)
    if target is None:
        with pytest.raises(LocalProtocolError):
            propose(table, sending, event)
        with pytest.raises(IllegalMessageError):
            receive(table, receiving, event)
        return
    proposed = propose(table, sending, event)
    assert proposed.process.state == state, "state changes on acknowledgement only"
    assert acknowledge(table, proposed.process).process.state == target
    assert receive(table, receiving, event).process.state == target


@pytest.mark.parametrize("table", [t for t, _ in TABLES], ids=lambda t: t.name)
def test_final_states_take_nothing(table: Table):
    """Nothing leads out of a final state."""
    assert not [row for row in table.rows if row[0] in table.final]


def test_an_error_answer_changes_nothing():
    """A refused message is out of flight and the state is what it was."""
    before = Process(role="provider", state="VERIFIED")
    flying = propose(negotiation.TABLE, before, negotiation.FINALIZED_EVENT).process
    assert withdraw(flying).process == before


def test_one_message_in_flight():
    """A second message of ours waits for the first to be acknowledged."""
    flying = propose(negotiation.TABLE, Process(role="consumer"), negotiation.REQUEST).process
    with pytest.raises(LocalProtocolError) as caught:
        propose(negotiation.TABLE, flying, TERMINATION)
    assert caught.value.code == "negotiation.in-flight"


@pytest.mark.parametrize(
    ("role", "ours", "source", "theirs", "end"),
    [
        ("consumer", "ContractRequest", NONE, "ContractAgreement", "AGREED"),
        ("consumer", "ContractRequest", NONE, "ContractOffer", "OFFERED"),
        ("consumer", "ContractRequest", NONE, TERMINATION, "TERMINATED"),
        ("provider", "ContractOffer", "REQUESTED", "Event ACCEPTED", "ACCEPTED"),
        ("consumer", "Event ACCEPTED", "OFFERED", "ContractAgreement", "AGREED"),
        ("provider", "ContractAgreement", "REQUESTED", "AgreementVerification", "VERIFIED"),
        ("consumer", "AgreementVerification", "AGREED", "Event FINALIZED", "FINALIZED"),
    ],
)
def test_a_message_that_needs_ours_proves_receipt(
    role: Role, ours: str, source: str, theirs: str, end: str
):
    """A peer message legal only where our message in flight leads applies both, in order."""
    table = negotiation.TABLE
    flying = propose(table, Process(role=role, state=source), ours).process
    crossed = receive(table, flying, theirs)
    assert crossed.process.state == end
    assert crossed.process.in_flight is None
    assert [change.event for change in crossed.evidence] == [ours, theirs]
    assert acknowledge(table, crossed.process).process == crossed.process, "late answer: nothing"


def test_termination_in_flight_refuses_another_end():
    """While our termination is in flight, FINALIZED or Completion is refused, so both end alike."""
    for table, state, event in (
        (negotiation.TABLE, "VERIFIED", negotiation.FINALIZED_EVENT),
        (transfer.TABLE, "STARTED", transfer.COMPLETION),
    ):
        flying = propose(table, Process(role="consumer", state=state), TERMINATION).process
        with pytest.raises(IllegalMessageError):
            receive(table, flying, event)
        completing = propose(table, Process(role="provider", state=state), event).process
        assert receive(table, completing, TERMINATION).process.state == "TERMINATED"


def test_consumer_cannot_lift_the_providers_suspension():
    """Only who paused, or the provider, resumes; with both having paused it is the provider."""
    table = transfer.TABLE
    started = Process(role="consumer", state="STARTED")
    by_provider = receive(table, started, transfer.SUSPENSION).process
    with pytest.raises(LocalProtocolError):
        propose(table, by_provider, transfer.START)
    assert receive(table, by_provider, transfer.START).process.paused_by == frozenset()
    own = acknowledge(table, propose(table, started, transfer.SUSPENSION).process).process
    assert propose(table, own, transfer.START).outbound == transfer.START
    provider = receive(
        table, Process(role="provider", state="STARTED"), transfer.SUSPENSION
    ).process
    assert receive(table, provider, transfer.START).process.state == "STARTED"
    both = receive(table, propose(table, started, transfer.SUSPENSION).process, transfer.SUSPENSION)
    assert acknowledge(table, both.process).process.paused_by == {"consumer", "provider"}


def test_a_suspension_waits_for_a_renewed_address():
    """While the provider's renewing Start is in flight, the consumer's Suspension must come again."""
    table = transfer.TABLE
    renewing = propose(table, Process(role="provider", state="STARTED"), transfer.START).process
    with pytest.raises(NotYetError) as caught:
        receive(table, renewing, transfer.SUSPENSION)
    assert caught.value.status == 503
    assert receive(table, renewing, transfer.COMPLETION).process.state == "COMPLETED"
    landed = acknowledge(table, renewing).process
    assert receive(table, landed, transfer.SUSPENSION).process.state == "SUSPENDED"


def test_a_start_that_says_it_renews_proves_nothing():
    """Our Suspension stays in flight beside it; a Start that says nothing was the answer to it."""
    table = transfer.TABLE
    started = Process(role="consumer", state="STARTED")
    flying = propose(table, started, transfer.SUSPENSION).process
    renewed = receive(table, flying, transfer.START, changes_nothing=True)
    assert renewed.process == flying
    assert [change.sender for change in renewed.evidence] == ["provider"]
    resumed = receive(table, flying, transfer.START)
    assert resumed.process.in_flight is None
    assert [change.event for change in resumed.evidence] == [transfer.SUSPENSION, transfer.START]
    suspended = Process(role="consumer", state="SUSPENDED")
    said = receive(table, suspended, transfer.START, changes_nothing=True)
    assert said.process.state == "STARTED", "what it says does not count where it changes something"


def test_a_refused_opening_ends_before_it_began():
    """A peer that refuses our first message has no process, so ours ends; a begun one does not."""
    flying = propose(negotiation.TABLE, Process(role="consumer"), negotiation.REQUEST).process
    ended = refused_opening(negotiation.TABLE, flying)
    assert ended.process.state == "TERMINATED"
    assert ended.evidence[0].event == "Refusal"
    with pytest.raises(LocalProtocolError):
        refused_opening(negotiation.TABLE, Process(role="consumer", state="REQUESTED"))


@pytest.mark.parametrize(
    ("peer_state", "state", "in_flight"),
    [
        ("VERIFIED", "VERIFIED", False),  # it had applied ours
        ("TERMINATED", "TERMINATED", False),  # it has ended
        ("AGREED", "AGREED", True),  # it is not there yet: send again
        ("FINALIZED", "AGREED", True),  # it is ahead: its message will come and prove ours
    ],
)
def test_reconciling_with_the_peers_state(peer_state: str, state: str, in_flight: bool):
    """Only what explains the difference is applied."""
    flying = propose(
        negotiation.TABLE, Process(role="consumer", state="AGREED"), negotiation.VERIFICATION
    ).process
    found = reconcile(negotiation.TABLE, flying, peer_state, refused=True).process
    assert (found.state, found.in_flight is not None) == (state, in_flight)


@pytest.mark.parametrize("peer_state", ["STARTED", "SUSPENDED"])
def test_a_message_that_no_state_takes_any_more_is_withdrawn(peer_state: str):
    """Both are SUSPENDED by the peer's message: our Completion is over; else it goes on."""
    flying = InFlight(transfer.COMPLETION, "STARTED", "COMPLETED")
    suspended = Process(role="provider", state="SUSPENDED", in_flight=flying)
    found = reconcile(transfer.TABLE, suspended, peer_state, refused=True)
    assert found.process.state == "SUSPENDED"
    assert (found.process.in_flight is None) == (peer_state == "SUSPENDED")
    assert found.evidence == ()


def test_a_resumption_that_the_providers_pause_forbids_is_withdrawn():
    """The provider resumed and paused again while our Start was under way: it is refused for ever."""
    flying = InFlight(transfer.START, "SUSPENDED", "STARTED")
    held = Process(
        role="consumer", state="SUSPENDED", in_flight=flying, paused_by=frozenset({"provider"})
    )
    found = reconcile(transfer.TABLE, held, "SUSPENDED", refused=True)
    assert found == withdraw(held)
    ours = replace(held, paused_by=frozenset({"consumer"}))
    assert reconcile(transfer.TABLE, ours, "SUSPENDED", refused=True).process == ours


@pytest.mark.parametrize(
    ("state", "event", "peer_state"),
    [
        ("STARTED", transfer.START, "STARTED"),  # the peer's renewing Start came before its answer
        ("STARTED", TERMINATION, "TERMINATED"),  # by ours, or by its own: the answer says it
    ],
)
def test_a_message_that_was_not_refused_waits_for_its_answer(
    state: str, event: str, peer_state: str
):
    """The peer may have taken it, so that its log says so: what its state is cannot settle it."""
    flying = InFlight(event, "SUSPENDED", peer_state)
    process = Process(role="consumer", state=state, in_flight=flying)
    found = reconcile(transfer.TABLE, process, peer_state, refused=False)
    assert found == Transition(process)


def test_a_suspension_that_the_peers_own_made_needless_is_no_evidence():
    """Both SUSPENDED, by the provider: that the consumer's, too, was taken cannot be said."""
    flying = InFlight(transfer.SUSPENSION, "STARTED", "SUSPENDED")
    both = Process(
        role="consumer", state="SUSPENDED", in_flight=flying, paused_by=frozenset({"provider"})
    )
    found = reconcile(transfer.TABLE, both, "SUSPENDED", refused=True)
    assert found.process == withdraw(both).process
    assert found.evidence == ()


# --- two sides and a network that delays, duplicates nothing and loses answers ----------------


@dataclass
class _Side:
    table: Table
    process: Process
    sent: str | None = None
    history: list[str] = field(default_factory=list)


def _deliver(sender: _Side, receiver: _Side, *, answer_lost: bool) -> None:
    """Hand the message in flight to the peer; its answer may get lost (then it is sent again)."""
    event = sender.sent
    if event is None:
        return
    if event in receiver.history:  # a repeat of the same message gets the stored answer
        if not answer_lost:
            sender.process = acknowledge(sender.table, sender.process).process
            sender.sent = None
            receiver.history.remove(event)
        return
    try:
        receiver.process = receive(receiver.table, receiver.process, event).process
        receiver.history.append(event)
    except NotYetError:
        return  # stays in flight and is sent again
    except IllegalMessageError:
        sender.process = withdraw(sender.process).process
        sender.sent = None
        return
    if not answer_lost:
        receiver.history.remove(event)
        sender.process = acknowledge(sender.table, sender.process).process
        sender.sent = None


def _settle(one: _Side, two: _Side) -> None:
    for _ in range(6):
        _deliver(one, two, answer_lost=False)
        _deliver(two, one, answer_lost=False)


@pytest.mark.long
@settings(max_examples=400)
@given(st.sampled_from([t for t, _ in TABLES]), st.data())
def test_two_sides_end_equal_whatever_crosses(table: Table, data: st.DataObject):
    """Whatever is sent when, and whichever answers get lost, the two states agree once all arrives.

    (Between two Voiles nobody renews an address, see rule 3 of the machine.)
    """
    sides = (_Side(table, Process(role="consumer")), _Side(table, Process(role="provider")))
    for _ in range(data.draw(st.integers(1, 12))):
        side = data.draw(st.sampled_from(sides))
        peer = sides[1] if side is sides[0] else sides[0]
        moves: list[str] = ["deliver", "lose"] if side.sent else []
        if side.sent is None:
            moves += [
                event
                for event in table.legal(side.process.state, side.process.role)
                if not (side.process.state == NONE and side.process.role == "provider")
                and not (side.process.state == "STARTED" and event == transfer.START)
            ]
        if not moves:
            continue
        move = data.draw(st.sampled_from(moves))
        if move in ("deliver", "lose"):
            _deliver(side, peer, answer_lost=move == "lose")
            continue
        try:
            side.process = propose(table, side.process, move).process
            side.sent = move
        except LocalProtocolError:
            continue
    _settle(*sides)
    assert sides[0].process.state == sides[1].process.state
    assert sides[0].process.in_flight is None
    assert sides[1].process.in_flight is None


@pytest.mark.parametrize(
    ("source", "event", "target"),
    [("STARTED", transfer.SUSPENSION, "SUSPENDED"), ("SUSPENDED", transfer.START, "STARTED")],
)
def test_a_state_on_a_circle_proves_nothing(source: str, event: str, target: str):
    """The peer may be where our message leads by its own: it is sent again, not taken for landed."""
    flying = Process(role="consumer", state=source, in_flight=InFlight(event, source, target))
    assert reconcile(transfer.TABLE, flying, target, refused=True).process == flying


@given(st.sampled_from([t for t, _ in TABLES]), st.sampled_from(ROLES), st.data())
def test_illegal_events_change_nothing(table: Table, role: Role, data: st.DataObject):
    """From any process, any event either moves along a row of the table or raises."""
    state = data.draw(st.sampled_from(table.states))
    events = sorted({event for _, _, event in table.rows})
    flying = data.draw(
        st.none()
        | st.sampled_from(sorted(table.rows)).map(
            lambda row: InFlight(row[2], row[0], table.rows[row])
        )
    )
    process = Process(role=role, state=state, in_flight=flying)
    steps: list[Callable[[], object]] = [
        lambda event=event, step=step: step(table, process, event)  # type: ignore[misc]
        for event in events
        for step in (propose, receive)
    ]
    snapshot = (process.state, process.in_flight, process.paused_by)
    for step in steps:
        with contextlib.suppress(IllegalMessageError, LocalProtocolError, NotYetError):
            step()
        assert (process.state, process.in_flight, process.paused_by) == snapshot


def test_message_names_map_to_events():
    """Every message of a protocol is an event of its table."""
    from tests.contracts.samples import SAMPLES

    names = {type(m).__name__: m for m in SAMPLES}
    assert negotiation.event_of(names["ContractNegotiationEventMessage"]) == "Event FINALIZED"
    covered = {
        negotiation.event_of(m)
        for n, m in names.items()
        if n.startswith("Contract") and n not in ("ContractNegotiation", "ContractNegotiationError")
    }
    assert covered | {"Event ACCEPTED"} == {event for _, _, event in negotiation.TABLE.rows}
    moved = {
        transfer.event_of(m)
        for n, m in names.items()
        if n.startswith("Transfer") and n not in ("TransferProcess", "TransferError")
    }
    assert moved == {event for _, _, event in transfer.TABLE.rows}
