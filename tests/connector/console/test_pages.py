"""Pages and their forms: who may, what is done, what is said, and what is kept when it fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from connector.console.text import harmless, shortened

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.connector.console.conftest import Browser

CRASH = "secret of ours"


def send(browser: Browser, text: str, **form: Any) -> TestResponse:
    given = {"_csrf": browser.token("/notes"), "_form": "add", "text": text} | form
    return browser.post("/notes", given)


def test_what_a_form_does_is_done_by_the_person_and_said_once(browser: Browser):
    """The operation sees who acts; the notice stands on the next page and on no other."""
    browser.enter("steward")
    answer = send(browser, "first")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/notes")
    assert browser.notes == [("person:p-steward", "first")]
    assert "written: first" not in browser.get("/notes", method="HEAD").get_data(as_text=True)
    html = browser.get("/notes").get_data(as_text=True)
    assert "written: first" in html
    assert 'data-copy="first"' in html
    assert "written: first" not in browser.get("/notes").get_data(as_text=True)


def test_a_notice_is_for_its_session_alone(browser: Browser):
    browser.enter("steward")
    send(browser, "mine")
    browser.enter("auditor")
    assert "written" not in browser.get("/notes").get_data(as_text=True)


@pytest.mark.parametrize("role", ["cdo", "security", "certifier"])
def test_a_page_of_other_roles_says_so_and_is_not_in_the_rail(browser: Browser, role: str):
    browser.enter(role)
    html = browser.get("/account").get_data(as_text=True)
    assert 'href="/notes"' not in html
    for answer in (browser.get("/notes"), send_from_account(browser)):
        assert answer.status_code == 403
        said = answer.get_data(as_text=True)
        assert "console-page-not-yours" in said
        assert "Data steward" in said
    assert browser.notes == []


def send_from_account(browser: Browser) -> TestResponse:
    form = {"_csrf": browser.token("/account"), "_form": "add", "text": "x"}
    return browser.post("/notes", form)


def test_who_may_see_a_page_may_not_thereby_use_its_form(browser: Browser):
    """An auditor sees the page without the form, and the operation refuses what is sent anyhow."""
    browser.enter("auditor")
    html = browser.get("/notes").get_data(as_text=True)
    assert "data-form" not in html
    answer = send(browser, "x")
    assert answer.status_code == 403
    assert "role-missing" in answer.get_data(as_text=True)
    assert browser.notes == []


@pytest.mark.parametrize(
    ("text", "status", "code"), [("full", 409, "notes-full"), ("", 400, "notes-empty")]
)
def test_what_cannot_be_done_is_told_on_the_same_page(browser: Browser, text, status, code):
    """The status is that of the API, the fields keep what was typed, nothing changed."""
    browser.enter("steward")
    answer = send(browser, text)
    html = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert code in html
    assert f'name="text" type="text" value="{text}"' in html
    assert browser.notes == []


def test_an_unknown_form_is_refused(browser: Browser):
    browser.enter("steward")
    for name in ("", "remove", "<b>"):
        answer = send(browser, "x", _form=name)
        assert answer.status_code == 400
        assert "console-form-unknown" in answer.get_data(as_text=True)
        assert "<b>" not in answer.get_data(as_text=True)
    assert browser.notes == []


def test_a_failure_of_ours_has_a_reference_and_tells_nothing(browser: Browser):
    browser.enter("steward")
    for answer in (browser.get("/notes?crash=1"), send(browser, "crash")):
        html = answer.get_data(as_text=True)
        assert answer.status_code == 500
        assert CRASH not in html
        assert re.search(r"<code>[0-9a-f]{8}</code>", html)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '" onmouseover="x', "'><img src=x>", "{{ 7*7 }}", "</p><p>",
     "a\u202egnp.exe", "a\u2066b", "a\x00b", "a\x1bb", "a\u200bb"],
)  # fmt: skip
def test_what_others_wrote_is_text(browser: Browser, text: str):
    """In text and in attributes: no tag of it stands, no control steers what is around."""
    browser.enter("steward")
    send(browser, text)
    browser.get("/notes")
    html = browser.get("/notes").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert '" onmouseover=' not in html
    assert "49" not in re.findall(r'<p class="note"[^>]*>(.*?)</p>', html, re.DOTALL)
    assert not set(html) & set("\u202e\u2066\x00\x1b\u200b")


def test_a_page_speaks_the_persons_language(browser: Browser):
    browser.enter("steward", "zh")
    answer = browser.get("/notes")
    html = answer.get_data(as_text=True)
    assert answer.headers["Content-Language"] == "zh-CN"
    assert '<html lang="zh-CN"' in html
    assert "0 条" in html
    chosen = {"_csrf": browser.token("/notes"), "language": "en", "next": "/notes?a=1"}
    assert browser.post("/preferences", chosen).headers["Location"] == "/notes?a=1"
    assert "0 notes" in browser.get("/notes").get_data(as_text=True)


def test_the_theme_is_remembered_by_the_browser(browser: Browser):
    browser.enter("steward")
    assert 'data-theme="system"' in browser.get("/notes").get_data(as_text=True)
    for theme, shown in (("dark", "dark"), ("pink", "dark"), ("light", "light")):
        form = {"_csrf": browser.token("/notes"), "theme": theme, "next": "/notes"}
        browser.post("/preferences", form)
        assert f'data-theme="{shown}"' in browser.get("/notes").get_data(as_text=True)


def test_a_link_of_invitation_is_good_once(browser: Browser):
    page = browser.get("/invitation/good").get_data(as_text=True)
    assert "JBSWY3DPEHPK3PXP" in page
    assert 'src="data:image/svg+xml' in page
    token = browser.token("/invitation/good")
    form = {"_csrf": token, "password": "one two three", "again": "one two four", "code": "1"}
    answer = browser.post("/invitation/good", form)
    assert answer.status_code == 400
    assert "console-passwords-differ" in answer.get_data(as_text=True)
    assert "one two" not in answer.get_data(as_text=True)
    done = browser.post("/invitation/good", form | {"again": form["password"]})
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert browser.get("/").headers["Location"] == "/notes"
    assert browser.get("/invitation/good").status_code == 404
    assert "console-link-dead" in browser.get("/invitation/other").get_data(as_text=True)


def test_a_changed_password_goes_on_in_a_new_session(browser: Browser):
    first = browser.enter("steward")
    form = {"_csrf": browser.token("/account"), "old": "wrong", "password": "n", "again": "n"}
    assert browser.post("/account/password", form).status_code == 403
    answer = browser.post("/account/password", form | {"old": "correct horse"})
    assert answer.status_code == 303
    assert first not in answer.headers["Set-Cookie"]
    assert "The password was changed" in browser.get("/account").get_data(as_text=True)


def test_ids_are_shortened_in_the_middle():
    assert shortened("did:web:acme.example") == "did:web:acme.example"
    assert shortened("urn:uuid:00000000-0000-4000-8000-0000000000ff") == "urn:uuid:00000…000000ff"


def test_what_steers_a_screen_shows_as_a_mark():
    assert harmless("a\u202eb\u2069c\x07d\ud800e\u2028f") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf"
    assert harmless("中文 café\tx\ny 👩\u200d🔬") == "中文 café\tx\ny 👩\u200d🔬"


def test_the_top_bar_says_who_is_here_and_as_what(browser: Browser):
    """A firm without a certified name goes by its DID; beside the person stands its role."""
    did = browser.party.node.settings.did
    for language, role in (("zh", "数据管理员"), ("en", "Data steward")):
        browser.enter("steward", language)
        top = browser.get("/notes").get_data(as_text=True).split("<main")[0]
        assert f'<bdi class="firm" title="{did}">{shortened(did)}</bdi>' in top
        summary = top.split("<summary")[-1].split("</summary>")[0]
        assert "Ms steward" in summary
        assert role in summary
