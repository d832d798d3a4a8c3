"""Language and theme without scripts: the page stays, what was typed stays, nothing is done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.connector.console.conftest import Browser

FORM = re.compile(r'<form method="post"[^>]*data-form="add".*?</form>', re.DOTALL)


def form_of(html: str) -> str:
    found = FORM.search(html)
    assert found
    return found[0]


def test_the_switch_in_a_form_sends_it_to_its_own_page_at_its_place(browser: Browser):
    """Query string and position stay; a browser sends it whatever is still missing in the form."""
    browser.enter("steward")
    form = form_of(browser.get("/notes?a=1&b=%26").get_data(as_text=True))
    assert form.index('type="submit"') < form.index('name="_language"')  # Enter does what it did
    place = re.search(r'<noscript><p class="keep" id="([^"]+)"', form)
    assert place
    for button in re.findall(r"<button name=\"_[^>]*>", form):
        assert f'formaction="/notes?a=1&amp;b=%26#{place[1]}"' in button
        assert "formnovalidate" in button


@pytest.mark.parametrize("text", ["half a thought", "full", "", "crash"])
def test_what_was_typed_stays_and_nothing_is_done(browser: Browser, text: str):
    browser.enter("steward")
    form = {"_csrf": browser.token("/notes"), "_form": "add", "text": text}
    answer = browser.post("/notes?a=1", form | {"_language": "zh"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert '<html lang="zh-CN"' in html
    assert f'name="text" type="text" value="{text}"' in html
    assert "refusal" not in html
    assert browser.notes == []
    assert "0 条" in browser.get("/notes").get_data(as_text=True)  # and it stays chosen
    answer = browser.post("/notes?a=1", form | {"_theme": "dark"})
    assert 'data-theme="dark"' in answer.get_data(as_text=True)
    assert f'value="{text}"' in answer.get_data(as_text=True)
    assert 'data-theme="dark"' in browser.get("/notes").get_data(as_text=True)
    assert browser.notes == []


def test_a_switch_is_a_form_like_others_for_the_guard(browser: Browser):
    """Without the token, from elsewhere, by whoever may not open the page: nothing changes."""
    browser.enter("steward")
    token = browser.token("/notes")
    form = {"_csrf": token, "_form": "add", "text": "x", "_language": "zh"}
    assert browser.post("/notes", form | {"_csrf": "0" * 64}).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/notes", form, headers=foreign).status_code == 403
    assert '<html lang="en"' in browser.get("/notes").get_data(as_text=True)
    browser.enter("security")
    form["_csrf"] = browser.token("/account")
    assert browser.post("/notes", form).status_code == 403
    assert '<html lang="en"' in browser.get("/account").get_data(as_text=True)


def test_what_is_no_language_or_theme_changes_nothing(browser: Browser):
    browser.enter("steward")
    form = {"_csrf": browser.token("/notes"), "_form": "add", "text": "x", "_language": "fr"}
    answer = browser.post("/notes", form | {"_theme": "pink"})
    assert answer.status_code == 200
    assert 'data-theme="system"' in answer.get_data(as_text=True)
    assert not [one for one in answer.headers.getlist("Set-Cookie") if "theme" in one]
    assert browser.notes == []


def test_before_signing_in_the_name_stays_and_the_password_goes(browser: Browser):
    form = {"_csrf": browser.token("/sign-in?next=%2Fnotes"), "name": "Li", "password": "secret",
            "next": "/notes", "_language": "zh"}  # fmt: skip
    answer = browser.post("/sign-in", form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert '<html lang="zh-CN"' in html
    assert 'value="Li"' in html
    assert "secret" not in html
    assert 'name="next" value="/notes"' in html
