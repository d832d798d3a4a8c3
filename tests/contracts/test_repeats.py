"""Which events a peer may say again: while ours is in flight, and after both have gone on."""

from __future__ import annotations

import pytest

from contracts import negotiation, transfer
from contracts.machine import InFlight, Process, Role, Table, other
from contracts.repeats import is_lapse, is_repeat

TABLES = (negotiation.TABLE, transfer.TABLE)


def _repeats(table: Table) -> set[tuple[str, str, str, str]]:
    """All (role, state, event in flight, event) that count as repeats."""
    events = {event for _, _, event in table.rows}
    return {
        (role, state, flying, event)
        for role in ("consumer", "provider")
        for state in table.states
        for flying in table.legal(state, role)
        for event in events
        if is_repeat(
            table,
            Process(
                role=role,
                state=state,
                in_flight=InFlight(flying, state, table.rows[state, role, flying]),
            ),
            event,
        )
    }


def test_the_negotiation_events_that_may_be_repeated():
    """Agreement, acceptance and verification, while what follows them is not acknowledged."""
    assert _repeats(negotiation.TABLE) == {
        ("consumer", "AGREED", "AgreementVerification", "ContractAgreement"),
        ("consumer", "AGREED", "Termination", "ContractAgreement"),
        ("provider", "ACCEPTED", "ContractAgreement", "Event ACCEPTED"),
        ("provider", "ACCEPTED", "Termination", "Event ACCEPTED"),
        ("provider", "VERIFIED", "Event FINALIZED", "AgreementVerification"),
        ("provider", "VERIFIED", "Termination", "AgreementVerification"),
    }


def test_the_transfer_events_that_may_be_repeated():
    """A consumer's resumption, while the Start that renews the address for it is in flight."""
    assert _repeats(transfer.TABLE) == {("provider", "STARTED", "Start", "Start")}


@pytest.mark.parametrize("role", ["consumer", "provider"])
def test_a_suspension_is_a_repeat_only_of_the_peers_own(role: Role):
    """Where we have suspended ourselves the peer's has crossed ours: it was not taken before."""
    ending = InFlight("Termination", "SUSPENDED", "TERMINATED")
    for paused_by in (role, other(role)):
        process = Process(
            role=role, state="SUSPENDED", in_flight=ending, paused_by=frozenset({paused_by})
        )
        assert is_repeat(transfer.TABLE, process, "Suspension") == (paused_by != role)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_without_a_message_of_ours_in_flight_nothing_is_a_repeat(table: Table):
    """Once nothing is in flight, the machine alone decides."""
    for state, _, event in table.rows:
        for role in ("consumer", "provider"):
            assert not is_repeat(table, Process(role=role, state=state), event)


def _lapses(table: Table) -> set[tuple[str, str, str]]:
    """All (role, state, event) that count as lapses."""
    events = {event for _, _, event in table.rows}
    return {
        (role, state, event)
        for role in ("consumer", "provider")
        for state in table.states
        for event in events
        if is_lapse(table, Process(role=role, state=state), event)
    }


def test_the_negotiation_events_that_may_be_said_again_long_after():
    """Those without which nothing comes to the present state."""
    assert _lapses(negotiation.TABLE) == {
        *(("consumer", at, "ContractAgreement") for at in ("AGREED", "VERIFIED", "FINALIZED")),
        ("consumer", "FINALIZED", "Event FINALIZED"),
        ("provider", "ACCEPTED", "Event ACCEPTED"),
        *(("provider", at, "AgreementVerification") for at in ("VERIFIED", "FINALIZED")),
    }


def test_no_transfer_event_may_be_said_again_long_after():
    """Starts and suspensions go in circles, and a completion may be ours that crossed the peer's."""
    assert _lapses(transfer.TABLE) == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_with_a_message_of_ours_in_flight_nothing_is_a_lapse(table: Table):
    """Then `is_repeat` decides, and the machine."""
    for (state, sender, flying), target in table.rows.items():
        process = Process(role=sender, state=state, in_flight=InFlight(flying, state, target))
        for _, _, event in table.rows:
            assert not is_lapse(table, process, event)
