"""People: who they are, how they sign in, who agreed to what."""

from __future__ import annotations

from connector.areas.people.approval_area import APPROVALS
from connector.areas.people.approval_force import come_into_force
from connector.areas.people.approval_persons import enrolled
from connector.areas.people.approval_shown import waiting_for

__all__ = ["APPROVALS", "come_into_force", "enrolled", "waiting_for"]
