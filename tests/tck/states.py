"""The kit's own two state machines: where a message may lead from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LEADS: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "negotiation": {
        "": frozenset({"REQUESTED"}),
        "REQUESTED": frozenset({"OFFERED", "AGREED", "TERMINATED"}),
        "OFFERED": frozenset({"REQUESTED", "ACCEPTED", "TERMINATED"}),
        "ACCEPTED": frozenset({"AGREED", "TERMINATED"}),
        "AGREED": frozenset({"VERIFIED", "TERMINATED"}),
        "VERIFIED": frozenset({"FINALIZED", "TERMINATED"}),
        "FINALIZED": frozenset(),
        "TERMINATED": frozenset(),
    },
    "transfer": {
        "": frozenset({"REQUESTED"}),
        "REQUESTED": frozenset({"STARTED", "TERMINATED"}),
        "STARTED": frozenset({"SUSPENDED", "COMPLETED", "TERMINATED"}),
        "SUSPENDED": frozenset({"STARTED", "TERMINATED"}),
        "COMPLETED": frozenset(),
        "TERMINATED": frozenset(),
    },
}

# what the kit hears or sends -> the state it leads to
TO: Final[Mapping[str, str]] = {
    "request": "REQUESTED",
    "counter": "REQUESTED",
    "offer": "OFFERED",
    "accept": "ACCEPTED",
    "accepted": "ACCEPTED",
    "agreement": "AGREED",
    "verify": "VERIFIED",
    "verification": "VERIFIED",
    "finalize": "FINALIZED",
    "finalized": "FINALIZED",
    "start": "STARTED",
    "suspend": "SUSPENDED",
    "suspension": "SUSPENDED",
    "complete": "COMPLETED",
    "completion": "COMPLETED",
    "terminate": "TERMINATED",
    "termination": "TERMINATED",
}
