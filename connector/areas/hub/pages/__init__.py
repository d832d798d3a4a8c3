"""The operator's pages: what waits, applications, participants, the shared catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.hub.pages.application import APPLICATION
from connector.areas.hub.pages.applications import APPLICATIONS, APPLICATIONS_FILE
from connector.areas.hub.pages.catalogue import CATALOGUE
from connector.areas.hub.pages.home import HOME
from connector.areas.hub.pages.participant import PARTICIPANT
from connector.areas.hub.pages.participants import PARTICIPANTS, PARTICIPANTS_FILE

if TYPE_CHECKING:
    from connector.console.page import Page

PAGES: Final[tuple[Page, ...]] = (
    HOME, APPLICATIONS, APPLICATIONS_FILE, APPLICATION, PARTICIPANTS, PARTICIPANTS_FILE,
    PARTICIPANT, CATALOGUE,
)  # fmt: skip
