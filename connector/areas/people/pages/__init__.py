"""Pages about people: who may use the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.people.pages.one import PERSON
from connector.areas.people.pages.people import PEOPLE, PEOPLE_FILE

if TYPE_CHECKING:
    from connector.console.page import Page

PAGES: Final[tuple[Page, ...]] = (PEOPLE, PEOPLE_FILE, PERSON)
