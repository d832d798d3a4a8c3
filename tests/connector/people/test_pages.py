"""The pages about people, through the real console and the real service."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlmodel import select
from werkzeug.test import Client

from connector.areas.people.managing import invite_first
from connector.areas.people.passwords import KINDS, LEAST
from connector.areas.people.rows import PersonRow
from connector.console.words import PASSWORD_HINT
from crypto.instants import read_interval
from tests.connector.people.firm import OTHER, PASSWORD, Firm

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.simulators import Party, StandingClock


class Browser:
    """Opens pages at the node's own address and sends their forms."""

    def __init__(self, firm: Firm) -> None:
        assert firm.party.apps.console is not None
        self.client = Client(firm.party.apps.console())
        self.base = firm.node.settings.console_address

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.base)

    def text(self, path: str) -> str:
        return self.get(path).get_data(as_text=True)

    def post(self, path: str, page: str | None = None, **form: object) -> TestResponse:
        token = re.search(r'name="_csrf" value="(\w+)"', self.text(page or path))
        assert token
        given = {name.replace("form_", "_"): value for name, value in form.items()}
        headers = {"Origin": self.base, "Sec-Fetch-Site": "same-origin"}
        return self.client.post(
            path, data={"_csrf": token[1], **given}, base_url=self.base, headers=headers
        )


@pytest.fixture
def firm(party: Callable[..., Party], clock: StandingClock) -> Firm:
    return Firm.make(party, clock)


def enrolled(firm: Firm, link: str, password: str = PASSWORD) -> tuple[Browser, pyotp.TOTP]:
    """Use a link as its page says: password twice, and the code of the key that is shown."""
    browser = Browser(firm)
    path = link.removeprefix(browser.base)
    secret = re.search(r'class="secret" data-copy="(\w+)"', browser.text(path))
    assert secret
    phone = pyotp.TOTP(secret[1])
    code = phone.at(firm.clock.now())
    done = browser.post(path, password=password, again=password, code=code)
    assert (done.status_code, done.headers["Location"]) == (303, "/"), done.get_data(as_text=True)
    return browser, phone


def secret_at(browser: Browser, path: str) -> str:
    found = re.search(r'class="secret" data-copy="(\w+)"', browser.text(path))
    assert found
    return found[1]


def test_who_saw_a_link_before_its_person_knows_nothing_of_its_second_factor(firm: Firm):
    """Whoever made or carried it, or a program that looks into messages: looking uses nothing up."""
    path = invite_first(firm.node).link.removeprefix(firm.node.settings.console_address)
    carrier, owner = Browser(firm), Browser(firm)
    seen = secret_at(carrier, path)
    mine = secret_at(owner, path)
    assert mine != seen
    assert secret_at(owner, path) == mine, "what was scanned stays good"

    def enrol(secret: str) -> int:
        code = pyotp.TOTP(secret).at(firm.clock.now())
        return owner.post(path, password=PASSWORD, again=PASSWORD, code=code).status_code

    assert enrol(seen) == 400
    assert enrol(mine) == 303
    firm.clock.advance(60)
    for secret, lets_in in ((seen, False), (mine, True)):
        browser, code = Browser(firm), pyotp.TOTP(secret).at(firm.clock.now())
        done = browser.post("/sign-in", name="owner", password=PASSWORD, code=code)
        assert (done.status_code == 303) is lets_in


def test_a_browser_that_was_signed_in_is_not_kept_out_by_others(firm: Firm):
    """Its cookie lasts beyond the session, and opens nothing by itself."""
    path = firm.invite("Ada", "steward")["link"]
    ada, other = Browser(firm), Browser(firm)
    assert ada.post(path, password=PASSWORD, again=PASSWORD, code="").status_code == 303
    ada.post("/sign-out", "/account")
    assert ada.get("/account").status_code == 303
    for _ in range(5):
        assert other.post("/sign-in", name="Ada", password="wrong", code="").status_code == 403
    for browser, status in ((other, 403), (ada, 303)):
        done = browser.post("/sign-in", name="Ada", password=PASSWORD, code="")
        assert done.status_code == status


def test_another_session_in_a_browser_ends_the_one_before(firm: Firm):
    """Nobody holds its cookie any more, and nobody could sign it out."""
    path = firm.invite("Ada", "steward")["link"]
    ada = Browser(firm)
    ada.post(path, password=PASSWORD, again=PASSWORD, code="")
    cookie = ada.client.get_cookie(f"voile-{firm.node.settings.console.port}")  # type: ignore[union-attr]
    assert cookie
    assert firm.people.visitor(cookie.value)
    assert ada.post("/sign-in", "/account", name="Ada", password=PASSWORD).status_code == 303
    assert firm.people.visitor(cookie.value) is None
    assert ada.get("/account").status_code == 200


def test_a_time_that_no_calendar_has_takes_no_page_away(firm: Firm):
    """Rows of before, or what others say: it shows as the number that it is."""
    first, _ = enrolled(firm, invite_first(firm.node).link)
    firm.invite("Zhao", "auditor")
    body = {"name": "Sun", "roles": ["auditor"], "until": 2**53 - 1}
    status, found = firm.party.manage("POST", "/v1/people", body)
    assert (status, found["error"]["code"]) == (400, "field-wrong")
    with firm.node.db.transaction() as tx:
        row = tx.session.exec(select(PersonRow).where(PersonRow.name == "Zhao")).one()
        row.grant_ends_ms = 2**53 - 1
        tx.session.add(row)
    assert str(2**53 - 1) in first.text("/people")


def test_two_persons_change_roles_at_once(firm: Firm):
    """Who has not seen the roles that somebody has now does not write them over."""
    first, _ = enrolled(firm, invite_first(firm.node).link)
    firm.join("Li Lei", "steward")
    (at,) = re.findall(r'href="(/people/[^"]+)"><bdi>Li Lei', first.text("/people"))
    assert "Invite a third" not in first.text("/people")
    assert 'name="before" value="steward"' in first.text(at)
    done = first.post(at, form_form="roles", before="steward", roles=["security"])
    assert done.status_code == 303
    assert "Invite a third while both are there" in first.text("/people"), "both may agree now"
    late = {"form_form": "roles", "before": "steward"}
    refused = first.post(at, roles=[], **late)
    assert refused.status_code == 400
    assert 'name="before" value="steward"' in refused.get_data(as_text=True), "seen is seen"
    switched = first.post(at, roles=["steward"], form_language="zh", **late)
    assert switched.status_code == 200
    assert 'name="before" value="steward"' in switched.get_data(as_text=True)
    first.post("/preferences", "/account", language="en", next="/")
    refused = first.post(at, roles=["steward", "security"], **late)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "person.changed" in page) == (409, True)
    assert len(firm.leaves("PERSON_ROLES")) == 1
    assert 'name="before" value="security"' in page
    done = first.post(at, form_form="roles", before="security", roles=["steward", "security"])
    assert done.status_code == 303


def test_from_the_first_link_to_a_colleague_who_ends(firm: Firm):
    """Enrol, invite, see the link once, let the colleague in, change its roles, end it."""
    first, _ = enrolled(firm, invite_first(firm.node).link)
    done = first.post("/people", form_form="invite", name="Li Lei", roles="steward",
                      language="zh", days="7", until="")  # fmt: skip
    assert done.status_code == 303, done.get_data(as_text=True)
    page = first.text("/people")
    link = re.search(r'data-copy="(http[^"]+/invitation/[^"]+)"', page)
    assert link
    assert link[1] not in first.text("/people"), "shown once"
    colleague, _ = enrolled(firm, link[1], OTHER)
    assert "我的账户" in colleague.text("/account")
    assert colleague.get("/people").status_code == 403
    person = re.search(r'href="(/people/[^"]+)"><bdi>Li Lei', page)
    assert person
    answer = first.post(person[1], form_form="roles", before="steward",
                        roles=["steward", "security"])  # fmt: skip
    assert answer.headers["Location"] == person[1]
    assert colleague.get("/account").headers["Location"].startswith("/sign-in"), "signs in again"
    assert first.post(person[1], form_form="end").status_code == 400, "it must be ticked"
    sure = {"form_form": "end", "end_understood": "yes"}
    assert first.post(person[1], **sure).headers["Location"] == "/people"
    assert colleague.get("/account").headers["Location"].startswith("/sign-in")
    assert "Ended" in first.text("/people") or "已停用" in first.text("/people")
    assert first.get("/people/none").status_code == 404


def test_the_page_says_what_a_password_must_be_before_one_is_tried(firm: Firm):
    browser = Browser(firm)
    page = browser.text(invite_first(firm.node).link.removeprefix(browser.base))
    assert PASSWORD_HINT.said("en") in page
    assert KINDS == 3  # what the hint says in words
    assert f"at least {LEAST} characters, of three of these kinds" in PASSWORD_HINT.said("en")
    assert f"至少 {LEAST} 个字符，含以下五类中的三类" in PASSWORD_HINT.said("zh")


@pytest.mark.parametrize(("own", "other"), [("zh", "en"), ("en", "zh")])
def test_an_invitation_speaks_as_its_person_reads(firm: Firm, own: str, other: str):
    """Whatever language browser and node have; who chose another on the page gets that."""
    link = firm.link("Ada", "steward", language=own)
    path = "/invitation/" + link
    browser = Browser(firm)
    headers = {"Accept-Language": other}
    answer = browser.client.get(path, base_url=browser.base, headers=headers)
    assert answer.headers["Content-Language"] == {"zh": "zh-CN", "en": "en"}[own]
    browser.post("/preferences", path, language=other, next=path)
    answer = browser.client.get(path, base_url=browser.base)
    assert answer.headers["Content-Language"] == {"zh": "zh-CN", "en": "en"}[other]


def test_the_last_day_of_a_grant_is_shown_as_a_day(firm: Firm):
    """As it was given, on the list and the person's page, not as the moment after it."""
    _, over = read_interval("2026-12-31Z")
    body = {"name": "Eve", "roles": ["auditor"], "until": round(over.timestamp() * 1000)}
    made = firm.party.manage("POST", "/v1/people", body)[1]
    browser, _ = enrolled(firm, invite_first(firm.node).link)
    for path in ("/people", f"/people/{made['person']['id']}"):
        html = browser.text(path)
        assert ">2026-12-31<" in html
        assert "2027-01-01" not in html


def test_what_was_typed_stays_where_it_is_refused(firm: Firm):
    first, _ = enrolled(firm, invite_first(firm.node).link)
    given = {"name": "Li", "language": "zh", "days": "99", "until": "", "form_form": "invite"}
    answer = first.post("/people", **given, roles=["steward", "cdo"])
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'value="99"' in html
    assert html.count(" checked") == 2


def test_signing_in_needs_both_and_leads_back(firm: Firm):
    _, phone = enrolled(firm, invite_first(firm.node).link)
    browser = Browser(firm)
    where = "/sign-in?next=/people"
    firm.clock.advance(60)
    wrong = browser.post("/sign-in", where, name="owner", password=PASSWORD, code="")
    assert wrong.status_code == 403
    name = firm.party.manage("GET", "/v1/people")[1]["people"][0]["name"]
    code = phone.at(firm.clock.now())
    done = browser.post("/sign-in", where, name=name, password=PASSWORD, code=code, next="/people")
    assert (done.status_code, done.headers["Location"]) == (303, "/people")
    assert browser.get("/people").status_code == 200


def test_one_ends_one_of_its_sessions(firm: Firm):
    """The list names one's own alone, without what opens them; another's is not found."""
    path = firm.invite("Ada", "steward")["link"].removeprefix(firm.node.settings.console_address)
    here, there = Browser(firm), Browser(firm)
    assert here.post(path, password=PASSWORD, again=PASSWORD, code="").status_code == 303
    firm.clock.advance(60)
    assert there.post("/sign-in", name="Ada", password=PASSWORD, code="").status_code == 303
    strangers = firm.visitor(firm.join("Bo", "steward")).session
    assert there.get("/account").status_code == 200
    page = here.text("/account")
    shown = re.findall(r'name="session" value="([^"]+)"', page)
    assert len(shown) == 2
    assert strangers not in page
    assert here.post("/account/sessions", page="/account", session=strangers).status_code == 404
    assert here.post("/account/sessions", page="/account", session="x").status_code == 404
    own = re.search(r"<code>([^<]+)</code> <span class=\"badge info\"", page)
    assert own
    (other,) = [one for one in shown if not one.startswith(own[1])]
    ended = here.post("/account/sessions", page="/account", session=other)
    assert (ended.status_code, ended.location) == (303, "/account")
    assert "That session has ended" in here.text("/account")
    assert there.get("/account").status_code == 303  # to sign in
    (leaf,) = firm.leaves("SESSION_ENDED")
    assert leaf["query"]["session"] == other
    (left,) = [one for one in shown if one.startswith(own[1])]
    out = here.post("/account/sessions", page="/account", session=left)
    assert (out.status_code, out.location) == (303, "/sign-in")
    assert here.get("/account").status_code == 303


def test_the_list_of_people_is_a_file_for_security(firm: Firm):
    """Names, roles and states as the page has them; nothing that opens anything."""
    ada, _ = enrolled(firm, firm.invite("Ada", "security", "cdo")["link"])
    found = ada.get("/people.csv")
    lines = list(csv.reader(io.StringIO(found.get_data(as_text=True))))
    assert lines[0][:3] == ["Name", "Roles", "State"]
    assert lines[1][0] == "Ada"
    assert lines[1][2:4] == ["Active", "yes"]
    assert 'href="/people.csv"' in ada.text("/people")
