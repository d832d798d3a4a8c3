"""The inbox in a browser: what waits, what it would do, agreeing, declining, fetching."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from connector.areas.people import approval_shown
from connector.process.actor import roles_at
from connector.process.errors import Forbidden
from tests.areas import APPROVALS, OWN
from tests.connector.console.conftest import PORT, Browser
from tests.connector.console.door import Door, area, opened
from tests.connector.people.four_eyes import keys, person, row_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party


class Two:
    """Two persons with a browser each, and what the small door calls them."""

    def __init__(self, party: Callable[..., Party]) -> None:
        door = Door()
        env = {"VOILE_CONSOLE_PORT": str(PORT)}
        self.at = party("acme", areas=(OWN, APPROVALS, area(door)), env=env)
        app = opened(self.at)
        self.security, self.cdo = (Browser(app, door, self.at) for _ in range(2))
        self.asks = person(self.at, "security", "security", known_as="p-security")
        self.decides = person(self.at, "cdo", "cdo", known_as="p-cdo")
        self.security.enter("security")
        self.cdo.enter("cdo")

    def asked(self, name: str = "archive", roles: str = "security") -> str:
        made = self.asks.does("key.add", name=name, roles=[roles])
        found: str = made.id
        return found


@pytest.fixture
def two(party: Callable[..., Party]) -> Two:
    return Two(party)


def sent(browser: Browser, path: str, form: str, **fields: str) -> tuple[int, str]:
    body = {"_csrf": browser.token(path), "_form": form, **fields}
    answer = browser.post(path, body)
    return answer.status_code, answer.get_data(as_text=True)


def test_it_waits_for_another_and_not_for_who_asked(two: Two):
    """The top bar counts it; the list leads to it; each in the language of the person."""
    request = two.asked()
    page = two.cdo.get("/inbox").get_data(as_text=True)
    assert f'href="/inbox/{request}"' in page
    assert re.search(r'href="/inbox">Inbox <span class="count">1</span>', page)
    assert "security" in page
    assert "just two persons may agree" in page
    assert "Invite a third" in page
    mine = two.security.get("/inbox").get_data(as_text=True)
    assert request not in mine
    assert "Nothing waits for your decision" in mine
    assert request in two.security.get("/inbox?box=by-me").get_data(as_text=True)
    two.cdo.enter("cdo", "zh")
    assert "只有两位" in two.cdo.get("/inbox").get_data(as_text=True)
    page = two.cdo.get(f"/inbox/{request}").get_data(as_text=True)
    assert "生成一个具有指定角色的管理密钥" in page
    assert ">同意</button>" in page  # the answer holds a secret: who asked has it done
    assert "key.add" not in page


def test_agreeing_and_fetching_shows_the_secret_to_who_asked_once(two: Two):
    """It never stands in a page of who agreed."""
    request = two.asked()
    path = f"/inbox/{request}"
    assert sent(two.cdo, path, "agree")[0] == 303
    seen = two.cdo.get(path).get_data(as_text=True)
    assert "Your agreement is on record" in seen
    assert 'data-form="fetch"' not in seen
    assert sent(two.security, path, "fetch")[0] == 303
    shown = two.security.get(path).get_data(as_text=True)
    token = re.search(r'<code data-copy="([\w-]{40,})"', shown)
    assert token
    assert two.at.manage("GET", "/v1/management-keys", token=token[1])[0] == 200
    assert token[1] not in two.security.get(path).get_data(as_text=True)
    assert token[1] not in two.cdo.get(path).get_data(as_text=True)


def test_words_follow_what_happens(two: Two):
    """One agreement does it at once, or lets who asked have it done: page and button say which."""
    secret = f"/inbox/{two.asked()}"
    two.asks.key("spare", "security")
    plain = f"/inbox/{two.asks.does('key.revoke', {'name': 'spare'}).id}"
    page = two.cdo.get(secret).get_data(as_text=True)
    assert ">Agree</button>" in page
    assert "who asked has it done" in page
    page = two.cdo.get(plain).get_data(as_text=True)
    assert ">Agree and have it done</button>" in page
    for path, state in ((secret, "agreed, not done yet"), (plain, ">done<")):
        assert sent(two.cdo, path, "agree")[0] == 303
        page = two.security.get(path).get_data(as_text=True)
        assert state in page
        assert "another must decide" not in page
        assert ('data-form="fetch"' in page) is (path == secret)
        assert 'data-form="fetch"' not in two.cdo.get(path).get_data(as_text=True)


def test_what_rests_on_nothing_any_more_cannot_be_had_done(two: Two, monkeypatch):
    """It would fail: nobody is shown a way to it."""
    path = f"/inbox/{two.asked()}"
    assert sent(two.cdo, path, "agree")[0] == 303
    assert 'data-form="fetch"' in two.security.get(path).get_data(as_text=True)
    monkeypatch.setattr(approval_shown, "_changes", lambda *_: ((), True))
    assert 'data-form="fetch"' not in two.security.get(path).get_data(as_text=True)


def test_who_asked_is_shown_no_way_to_agree_and_has_none(two: Two):
    request = two.asked()
    path = f"/inbox/{request}"
    page = two.security.get(path).get_data(as_text=True)
    assert 'data-form="agree"' not in page
    assert 'data-form="withdraw"' in page
    status, page = sent(two.security, path, "agree")
    assert (status, "is your own" in page) == (403, True)
    assert row_of(two.at, request).state == "pending"
    assert sent(two.security, path, "withdraw")[0] == 303
    assert row_of(two.at, request).state == "withdrawn"


def test_declining_without_a_reason_keeps_the_page(two: Two):
    request = two.asked()
    path = f"/inbox/{request}"
    assert sent(two.cdo, path, "decline", reason="  ")[0] == 400
    assert row_of(two.at, request).state == "pending"
    assert sent(two.cdo, path, "decline", reason="<b>no</b>\u202e")[0] == 303
    page = two.security.get(path).get_data(as_text=True)
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "<b>no</b>" not in page
    assert "\u202e" not in page
    assert keys(two.at) == ["owner"]


def test_there_is_nothing_for_others(two: Two):
    """A steward is told that there is no such request, as of one that never was."""
    request = two.asked()
    two.security.enter("steward")
    for path in (f"/inbox/{request}", "/inbox/ffff"):
        assert two.security.get(path).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_sent_is_said_in_words(two: Two, language: str):
    """Roles as people call them, no list of codes; and nobody is named whom a firm has not."""
    request = two.asked()
    two.cdo.enter("cdo", language)
    page = two.cdo.get(f"/inbox/{request}").get_data(as_text=True)
    assert "[&#34;" not in page
    assert "key.add" not in page
    assert "ertifier" not in page
    assert "认证员" not in page


def test_a_refusal_names_only_roles_that_can_exist_here(two: Two):
    """A firm has no certifier, a hub no steward."""
    steward = person(two.at, "ning", "steward")
    with pytest.raises(Forbidden) as caught:
        steward.does("approval.agree", {"approval_id": two.asked()})
    assert "certifier" not in caught.value.message
    assert "cdo" in caught.value.message
    assert set(roles_at("hub")) == {"certifier", "security", "auditor"}
