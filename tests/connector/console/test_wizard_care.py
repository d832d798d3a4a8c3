"""What the wizard does not do at one click, and what it keeps of what was typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products.drafts import Drafts
from tests.connector.console import test_wizard as wizard
from tests.connector.console.test_wizard import draft_of, fields, page, upload
from tests.connector.products import test_drafts as drafts
from tests.connector.products.test_drafts import orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.connector.console.conftest import Browser
    from tests.simulators import Party

LANGUAGES = ("zh", "en")


@pytest.fixture
def browser(party: Callable[..., Party]) -> Iterator[Browser]:
    """A firm's whole connector and a steward's browser."""
    for one in wizard.made(party, "acme"):
        one.enter("steward")
        yield one


def begun(browser: Browser, name: str = "orders.csv") -> str:
    at = draft_of(upload(browser, orders().encode(), name))
    page(browser, f"{at}/columns")
    return at


def ticked(form: dict[str, Any]) -> dict[str, Any]:
    """The form of the columns with every box ticked."""
    return form | {n.replace("_was", "_confirmed"): "yes" for n in form if n.endswith("_was")}


def checked(text: str) -> set[str]:
    """The names of the boxes that are ticked on a page."""
    boxes = re.findall(r'<input[^>]*name="([^"]+)" type="checkbox"[^>]* checked', text)
    return set(boxes)


def test_a_draft_is_not_dropped_at_one_click(browser: Browser) -> None:
    """On each step it asks for a tick first; of a draft that was published nothing is left."""
    at = begun(browser)
    kept = browser.party.node.services[Drafts]
    for step in ("columns", "preview", "offer", "seen", "publish"):
        form = fields(page(browser, f"{at}/{step}"), "drop")
        assert "drop_understood" not in form
        refused = browser.post(f"{at}/{step}", form)
        assert refused.status_code == 400
        assert "console-not-confirmed" in refused.get_data(as_text=True)
        assert len(kept.listed()) == 1
    sure = form | {"drop_understood": "yes"}
    assert browser.post(f"{at}/publish", sure).status_code == 303
    assert kept.listed() == []


def test_what_was_published_has_no_file_to_drop(browser: Browser) -> None:
    told = drafts.begun(browser.party, orders().encode())
    told = drafts.previewed(browser.party, drafts.confirm(browser.party, told))
    told = drafts.previewed(browser.party, drafts.offered(browser.party, told, level=1))
    assert drafts.published(browser.party, told)["state"] == "done"
    for step in ("columns", "publish"):
        text = page(browser, f"/drafts/{told['draft']['id']}/{step}")
        assert 'data-form="drop"' not in text
        assert "leaves the list by itself" in text


def test_another_form_of_the_page_takes_no_tick_away(browser: Browser) -> None:
    """Whoever is refused to drop the draft finds the columns as they stand, with their ticks."""
    at = begun(browser)
    form = ticked(fields(page(browser, f"{at}/columns"), "columns"))
    assert browser.post(f"{at}/columns", form).status_code == 303
    stands = checked(page(browser, f"{at}/columns"))
    assert stands
    text = page(browser, f"{at}/columns")
    drop = fields(text, "drop") | {"c3_unit": "of another form"}
    answer = browser.post(f"{at}/columns", drop).get_data(as_text=True)
    assert checked(answer) == stands
    assert "of another form" not in answer
