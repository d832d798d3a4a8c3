"""The table of reactions, as it was read out of its lines."""

from __future__ import annotations

from contracts import negotiation, transfer
from tests.tck.cases import CASES
from tests.tck.profile.reactions import ACTIONS
from tests.tck.profile.table import LISTED, SCRIPTS, STATES, seeds


def test_a_state_named_twice_is_reached_twice():
    """Start, suspend, start again, complete."""
    assert SCRIPTS["ATP0104"] == {
        ("REQUESTED", 1): "start",
        ("STARTED", 1): "suspend",
        ("SUSPENDED", 1): "start",
        ("STARTED", 2): "complete",
    }
    assert SCRIPTS["ACN0304"] == {("REQUESTED", 1): "offer", ("REQUESTED", 2): "-"}
    assert SCRIPTS["ATPC0101"] == {}


def test_every_case_of_the_kit_has_its_seed_and_every_seed_its_case():
    """61 processes, two datasets of the catalogue; one dataset stays unknown."""
    wanted = {case.seed for case in CASES if case.kind}
    assert set(SCRIPTS) == wanted
    assert [len(seeds(prefix)) for prefix in ("ACN", "ACNC", "ATP", "ATPC")] == [15, 16, 15, 15]
    assert {case.seed for case in CASES if case.name.startswith("CAT")} - set(LISTED) == {"CAT0103"}


def test_every_action_is_known_and_every_state_is_one_of_the_machines():
    """A slip of the pen in the table would otherwise show as a case that waits."""
    actions = {action for script in SCRIPTS.values() for action in script.values()}
    assert actions == {*ACTIONS, "-"}
    assert set(STATES["negotiation"].values()) <= set(negotiation.TABLE.states)
    assert set(STATES["transfer"].values()) <= set(transfer.TABLE.states)
