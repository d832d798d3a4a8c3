"""People: who they are, how they sign in, who agreed to what."""

from __future__ import annotations

from connector.areas.people.approval_area import APPROVALS
from connector.areas.people.approval_persons import names_of
from connector.areas.people.approval_shown import waiting_for
from connector.areas.people.area import AREA
from connector.areas.people.counted import second_factors
from connector.areas.people.managing import invite_first
from connector.areas.people.operations import LIST as LIST_PEOPLE
from connector.areas.people.people import People
from connector.areas.people.values import Factor, Invited

__all__ = [
    "APPROVALS",
    "AREA",
    "LIST_PEOPLE",
    "Factor",
    "Invited",
    "People",
    "invite_first",
    "names_of",
    "second_factors",
    "waiting_for",
]
