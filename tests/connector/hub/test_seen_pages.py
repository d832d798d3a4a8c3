"""What an operator has not seen is not decided by a page that is drawn again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from connector.areas.hub.rows import ParticipantRow
from tests.connector.hub.test_certifying import rows
from tests.connector.hub.test_operator_pages import operator  # noqa: F401

if TYPE_CHECKING:
    from tests.connector.console.conftest import Browser


def fields(browser: Browser, path: str, form: str) -> dict[str, str]:
    return inside(browser.get(path).get_data(as_text=True), form)


def inside(html: str, form: str) -> dict[str, str]:
    """The hidden fields of a form of a page."""
    of = html[html.index(f'data-form="{form}"') :].split("</form>", maxsplit=1)[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', of))


def test_a_changed_entry_is_not_revoked_after_a_slip(operator):  # noqa: F811
    """And the tick is given anew once the entry was another."""
    space, browser = operator
    browser.enter("certifier")
    firm = space.firm("alder")
    path = f"/participants/{quote(firm.did, safe='')}"
    typed = fields(browser, path, "revoke") | {"reason": "left", "understood": "yes"}
    space.apply(firm, nameEn="Another name")
    space.approve(firm)
    again = browser.post(path, typed | {"reason": ""})
    assert again.status_code == 400
    answer = browser.post(path, typed | inside(again.get_data(as_text=True), "revoke"))
    assert answer.status_code == 409
    assert rows(space.hub, ParticipantRow)[0].status == "certified"
    assert not re.search(r'name="understood"[^>]* checked', answer.get_data(as_text=True))
